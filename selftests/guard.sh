#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# guard.sh: what a member may not claim to be: MACs, IPv4 and IPv6 sources, ARP, ND, DHCP server, router.
#
#      h1 (guarded)     h2 (free)        h3 (free)
#   p1 |             p2 |             p3 |
#  +---o----------------o----------------o---+
#  |               network red               |
#  +-----------------------------------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	no_guard_by_default
	guard_mac
	guard_mac_list_is_replaced
	guard_ipv4
	guard_ipv4_prefix
	guard_ipv4_unspecified_source
	guard_ipv4_fragments
	guard_ipv6
	guard_ipv6_behind_extensions
	guard_arp
	guard_arp_probe
	guard_nd
	guard_nd_duplicate_address_detection
	guard_families_are_separate
	guard_dhcp
	guard_dhcp6
	guard_ra
	guard_ra_hidden
	guard_is_of_the_member
	guard_of_a_tagged_member"

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
M3=02:00:00:00:00:03
X=02:00:00:00:99:01

setup()
{
	local p

	host h1 p1 $M1
	host h2 p2 $M2
	host h3 p3 $M3
	for p in p1 p2 p3; do
		vq port add $p
	done
}

red_network()
{
	local p

	with_network red
	for p in p1 p2 p3; do
		vq member add $p network red
	done
	probe from=h2,k=bcast,x=h1+h3
}

# dropped REASON SPEC...: each frame from h1 is dropped for that reason
dropped()
{
	local reason=$1 specs; shift

	specs=("${@/#/from=h1,}")
	expect_drop $reason=$# p1 probe "${specs[@]/%/,x=-}" || info "   ($*)"
}

# passes SPEC...: each unicast frame from h1 to h2, or flooded one, is delivered
passes()
{
	local s specs=() before

	before=$(all_drops p1)
	for s; do
		case $s in
		*d=h2*)	specs+=("from=h1,$s,x=h2");;
		*)	specs+=("from=h1,$s,x=h2+h3");;
		esac
	done
	probe "${specs[@]}"
	check_eq "drops on p1" "$(all_drops p1)" "$before"
}

no_guard_by_default()
{
	red_network
	passes k=uni,s=$X,d=h2 k=udp4,d=h2,sip=192.0.2.1 k=udp6,d=h2,sip=2001:db8::1 k=arp,sip=192.0.2.1,sha=$X \
	       k=na,d=h2,target=2001:db8::1 k=dhcp4s k=dhcp6s,d=h2 k=ra k=redirect k=garp,sip=192.0.2.1
}

guard_mac()
{
	red_network
	vq member set p1 guard-mac $M1,02:00:00:00:00:11
	check_eq "the list" "$(member_get p1 'guard_mac|length')" 2
	dropped guard_mac k=uni,s=$X,d=h2 k=bcast,s=$X k=udp4,s=$X,d=h2 k=mc6,s=$X k=arp,s=$X,sha=$M1 k=uni,s=$M2,d=h2
	passes k=uni,d=h2 k=bcast k=udp6,d=h2 k=uni,s=02:00:00:00:00:11,d=h2 k=arp
	check_eq "where h2 is" "$(fdb_where red $M2)" p2
	vq member set p1 guard-mac off
	passes k=uni,s=$X,d=h2
}

guard_mac_list_is_replaced()
{
	red_network
	vq member set p1 guard-mac $M1
	dropped guard_mac k=uni,s=$X,d=h2
	vq member set p1 guard-mac $X
	dropped guard_mac k=uni,d=h2
	passes k=uni,s=$X,d=h2
	# other settings leave it alone
	vq member set p1 isolated on
	dropped guard_mac k=uni,d=h2
	passes k=uni,s=$X,d=h2
}

guard_ipv4()
{
	red_network
	vq member set p1 guard-ip 10.0.0.1,10.0.0.77
	dropped guard_ipv4 k=udp4,d=h2,sip=10.0.0.2 k=tcp4,d=h2,sip=192.0.2.1 k=icmp4,d=h2,sip=10.0.1.1 \
		k=mc4,sip=10.0.0.3 k=udp4,d=h2,sip=10.0.0.2,options=4 k=sctp4,d=h2,sip=9.9.9.9 \
		k=udp4,d=h2,proto=200,sip=9.9.9.9
	passes k=udp4,d=h2,sip=10.0.0.1 k=udp4,d=h2,sip=10.0.0.77 k=mc4,sip=10.0.0.1 k=icmp4,d=h2 k=uni,d=h2 k=bcast \
	       k=udp4,d=h2,sip=10.0.0.1,options=40
	vq member set p1 guard-ip off
	passes k=udp4,d=h2,sip=10.0.0.2
}

guard_ipv4_prefix()
{
	red_network
	vq member set p1 guard-ip 10.1.0.0/16,192.0.2.4/31
	dropped guard_ipv4 k=udp4,d=h2,sip=10.2.0.1 k=udp4,d=h2,sip=10.0.255.255 k=udp4,d=h2,sip=192.0.2.3 \
		k=udp4,d=h2,sip=192.0.2.6
	passes k=udp4,d=h2,sip=10.1.0.0 k=udp4,d=h2,sip=10.1.255.255 k=udp4,d=h2,sip=192.0.2.4 \
	       k=udp4,d=h2,sip=192.0.2.5
	vq member set p1 guard-ip 0.0.0.0/0
	passes k=udp4,d=h2,sip=203.0.113.1
}

guard_ipv4_unspecified_source()
{
	red_network
	vq member set p1 guard-ip 10.0.0.1
	passes k=dhcp4c
	dropped guard_ipv4 k=udp4,d=h2,sip=0.0.0.0 k=icmp4,d=h2,sip=0.0.0.0 k=tcp4,d=h2,sip=0.0.0.0
}

guard_ipv4_fragments()
{
	red_network
	vq member set p1 guard-ip 10.0.0.1
	dropped guard_ipv4 k=udp4,d=h2,sip=10.0.0.9,frag=first k=udp4,d=h2,sip=10.0.0.9,frag=later
	passes k=udp4,d=h2,frag=first k=udp4,d=h2,frag=later
}

guard_ipv6()
{
	red_network
	vq member set p1 guard-ip fd00::1,2001:db8:1::/48
	dropped guard_ipv6 k=udp6,d=h2,sip=fd00::2 k=tcp6,d=h2,sip=2001:db8:2::1 k=icmp6,d=h2,sip=::1 \
		k=mc6,sip=fd00::3 k=udp6,d=h2,sip=fe80::1 k=udp6,d=h2,sip=fe80::ff:fe00:2
	passes k=udp6,d=h2,sip=fd00::1 k=udp6,d=h2,sip=2001:db8:1::1 k=mc6,sip=2001:db8:1:ffff::ffff k=uni,d=h2 \
	       k=udp6,d=h2,sip=fe80::ff:fe00:1
	vq member set p1 guard-ip off
	passes k=udp6,d=h2,sip=fd00::2
}

guard_ipv6_behind_extensions()
{
	red_network
	vq member set p1 guard-ip fd00::1
	dropped guard_ipv6 k=udp6,d=h2,sip=fd00::2,ext=hop.dst k=udp6,d=h2,sip=fd00::2,frag=first \
		k=udp6,d=h2,sip=fd00::2,frag=later k=udp6,d=h2,sip=fd00::2,ext=hop.route.frag.dst
	passes k=udp6,d=h2,ext=hop.dst k=udp6,d=h2,frag=first k=udp6,d=h2,frag=later k=udp6,d=h2,ext=ah
}

guard_arp()
{
	red_network
	vq member set p1 guard-ip 10.0.0.1
	dropped guard_arp k=arp,sip=10.0.0.2 k=garp,sip=10.0.0.2 k=arp,op=2,d=h2,sip=10.0.0.2,tha=$M2,target=10.0.0.2 \
		k=arp,d=h2,sip=192.0.2.1
	passes k=arp,target=10.0.0.2 k=garp,sip=10.0.0.1 k=arp,op=2,d=h2,tha=$M2,target=10.0.0.2
	# the sender's MAC inside of the message is only bound by guard-mac
	passes k=arp,sha=$X,target=10.0.0.2
	vq member set p1 guard-mac $M1
	dropped guard_arp k=arp,sha=$X,target=10.0.0.2 k=arp,op=2,d=h2,sha=$X,target=10.0.0.2 k=garp,sip=10.0.0.1,sha=$M2
	passes k=arp,target=10.0.0.2 k=arp,op=2,d=h2,tha=$M2,target=10.0.0.2
	vq member set p1 guard-mac $M1,02:00:00:00:00:11
	passes k=arp,sha=02:00:00:00:00:11,target=10.0.0.2
	vq member set p1 guard-ip off
	dropped guard_arp k=arp,sha=$X,target=10.0.0.2
	passes k=arp,sip=10.0.0.9,target=10.0.0.2
}

guard_arp_probe()
{
	red_network
	vq member set p1 guard-ip 10.0.0.1 guard-mac $M1
	passes k=arp,sip=0.0.0.0,target=10.0.0.1 k=arp,sip=0.0.0.0,target=10.0.0.2
	dropped guard_arp k=arp,sip=0.0.0.0,sha=$X,target=10.0.0.1
}

guard_nd()
{
	red_network
	vq member set p1 guard-ip fd00::1 guard-mac $M1
	dropped guard_nd k=na,d=h2,target=fd00::2 k=na,target=2001:db8::1 k=na,d=h2,lla=$X k=ns,lla=$X,target=fd00::2 \
		k=na,d=h2,target=fd00::2,ext=dst
	dropped guard_ipv6 k=na,d=h2,sip=fd00::2 k=ns,sip=fd00::2
	passes k=na,d=h2 k=na k=ns,target=fd00::2 k=rs k=na,d=h2,lla=none k=ns,target=fd00::2,lla=none \
	       k=na,d=h2,sip=fe80::ff:fe00:1,target=fe80::ff:fe00:1 k=ns,sip=fe80::ff:fe00:1,target=fd00::2
	dropped guard_nd k=na,d=h2,target=fe80::1
	dropped guard_nd k=rs,lla=$X
	dropped bad_headers k=na,d=h2,cut=23 k=ns,cut=8 k=na,d=h2,frag=first,cut=8
}

guard_nd_duplicate_address_detection()
{
	red_network
	vq member set p1 guard-ip fd00::1 guard-mac $M1
	passes k=ns,sip=::,target=fd00::1,lla=none k=ns,sip=::,target=fe80::ff:fe00:1,lla=none k=rs,sip=::,lla=none
	dropped guard_ipv6 k=udp6,d=h2,sip=::
}

guard_families_are_separate()
{
	red_network
	vq member set p1 guard-ip 10.0.0.1
	passes k=udp6,d=h2,sip=2001:db8::1 k=na,d=h2,target=2001:db8::1 k=udp4,d=h2
	vq member set p1 guard-ip fd00::1
	passes k=udp4,d=h2,sip=192.0.2.1 k=arp,sip=192.0.2.1 k=udp6,d=h2
	vq member set p1 guard-ip fd00::1,10.0.0.1
	dropped guard_ipv4 k=udp4,d=h2,sip=192.0.2.1
	dropped guard_ipv6 k=udp6,d=h2,sip=2001:db8::1
	passes k=udp4,d=h2 k=udp6,d=h2
}

guard_dhcp()
{
	red_network
	vq member set p1 guard-dhcp on
	dropped guard_dhcp k=dhcp4s k=dhcp4s,d=h2,dip=10.0.0.2 k=dhcp4s,options=8 k=dhcp4s,frag=first
	# clients take an answer from any port
	dropped guard_dhcp k=udp4,d=h2,sport=6767,dport=68 k=udp6,d=h2,sport=6767,dport=546
	passes k=dhcp4c k=udp4,d=h2 k=udp4,d=h2,sport=68,dport=67 k=udp4,d=h2,sport=53,dport=53 k=tcp4,d=h2,sport=67,dport=68 \
	       k=arp k=ra
	vq member set p1 guard-dhcp off
	passes k=dhcp4s k=dhcp6s,d=h2
}

guard_dhcp6()
{
	red_network
	vq member set p1 guard-dhcp on
	dropped guard_dhcp k=dhcp6s,d=h2 k=dhcp6s,d=h2,ext=hop k=dhcp6s,d=h2,ext=dst.dst k=dhcp6s,d=h2,frag=first \
		k=dhcp6s,d=h2,frag=only
	passes k=dhcp6c k=udp6,d=h2 k=udp6,d=h2,sport=546,dport=547
}

guard_ra()
{
	red_network
	vq member set p1 guard-ra on
	dropped guard_ra k=ra k=ra,d=h2 k=redirect k=redirect,d=h2 k=ra,sip=fe80::1
	passes k=rs k=ns k=na,d=h2 k=icmp6,d=h2 k=icmp6,d=h2,type=1 k=udp6,d=h2 k=dhcp4s k=icmp4,d=h2
	vq member set p1 guard-ra off
	passes k=ra k=redirect
}

# RFC 7113: the guard looks behind all extension headers, and a first fragment
# that does not show what it carries is dropped.
guard_ra_hidden()
{
	red_network
	vq member set p1 guard-ra on
	dropped guard_ra k=ra,ext=hop k=ra,ext=dst k=ra,ext=hop.dst.dst.dst k=ra,ext=route k=ra,ext=dst.route.dst k=ra,ext=ah
	dropped guard_ra k=ra,frag=only k=ra,frag=first k=ra,ext=dst,frag=first k=ra,ext=frag.dst,frag=first \
		k=redirect,frag=first
	dropped guard_ra k=ra,frag=first,cut=0 k=ra,ext=dst.dst.dst,frag=first,cut=0
	# what lies behind the end of the packet is padding, not the rest of a header
	dropped guard_ra k=ra,ext=frag.dst,frag=first,short=52 k=ra,ext=dst,frag=first,short=48
	passes k=udp6,d=h2,frag=first k=udp6,d=h2,frag=later k=ns,ext=hop k=icmp6,d=h2,frag=first k=rs,ext=dst
}

guard_is_of_the_member()
{
	red_network
	vq member set p1 guard-mac $M1 guard-ip 10.0.0.1,fd00::1 guard-dhcp on guard-ra on
	# what others send to it is not its business
	probe from=h2,k=udp4,sip=192.0.2.1,s=$X,d=h1 from=h2,k=ra,x=h1+h3 from=h2,k=dhcp4s,x=h1+h3 \
	      from=h2,k=arp,sip=192.0.2.1,x=h1+h3 from=h3,k=na,target=fd00::77,x=h1+h2
	check_eq "drops on p2" "$(all_drops p2)" 0
	dropped guard_ra k=ra
}

guard_of_a_tagged_member()
{
	with_network red
	vq member add p1 vlan 5 network red guard-mac $M1 guard-ip 10.0.0.1 guard-ra on
	vq member add p1 svlan 6 cvlan 7 network red guard-ip 10.0.0.1
	vq member add p2 network red
	expect_drop guard_mac=1 p1:vlan:5 probe from=h1,k=bcast,t=v5,s=$X,x=-
	expect_drop guard_ipv4=1 p1:vlan:5 probe from=h1,k=mc4,t=v5,sip=10.0.0.2,x=-
	expect_drop guard_ra=1 p1:vlan:5 probe from=h1,k=ra,t=v5,x=-
	expect_drop guard_arp=1 p1:svlan:6:cvlan:7 probe from=h1,k=arp,t=s6.v7,sip=10.0.0.2,x=-
	# what a further tag hides cannot be checked
	expect_drop bad_headers=1 p1:vlan:5 probe from=h1,k=mc4,t=v5.v9,x=-
	expect_drop guard_ipv4=1 p1:vlan:5 probe from=h1,k=mc4,t=v5.v0,sip=10.0.0.2,x=-
	probe from=h1,k=mc4,t=v5,x=h1:s6.v7+h2 from=h1,k=ra,t=s6.v7,x=h1:v5+h2 from=h1,k=bcast,s=$X,t=s6.v7,x=h1:v5+h2
}

run_tests
