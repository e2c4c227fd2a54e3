#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# rules.sh: the firewall: every match field, order, directions, default policies, counters, loading a whole set.
#
#      h1            h2            h3
#   p1 |          p2 |          p3 |
#  +---o-------------o-------------o---+
#  |            network red            |
#  +-----------------------------------+
#
# Egress is what h1 sends into the switch, ingress what the switch delivers to h2.

. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_rules.sh
. "$(dirname "$0")/lib_rules.sh"

ALL_TESTS="
	no_rules_allow_everything
	match_src_mac
	match_dst_mac
	match_mac_masks
	match_ethertype
	match_src_prefix
	match_dst_prefix
	match_arp_addresses
	match_proto
	match_proto_behind_extensions
	match_sport
	match_dport
	match_port_ranges
	match_ports_of_all_transports
	match_icmp
	match_icmp6
	match_fragments
	match_parts_of_fragments
	match_tcp_flags
	match_dscp
	match_priority_of_the_tag
	match_arp_sender_and_target
	match_nd_target
	nd_that_hides_its_target
	inverted_fields
	inverted_member
	match_ip_options
	match_padding_and_cut_headers
	untrue_lengths
	endless_extensions
	all_fields_must_match
	rules_of_a_member
	a_rule_does_not_find_another_member
	rules_of_a_tagged_member
	ingress_and_egress
	ingress_of_each_copy
	policy_egress
	policy_ingress
	order_of_priorities
	older_rule_decides_among_equals
	counters
	set_replaces_a_rule
	deleted_rules_do_nothing
	load_replaces_all
	load_is_all_or_nothing
	load_keeps_counters
	many_rules
	real_programs"

no_rules_allow_everything()
{
	local kind specs=()

	red_network
	for kind in uni udp4 tcp4 icmp4 sctp4 udp6 tcp6 icmp6 arp na dhcp4s dhcp6s ra; do
		specs+=("from=h1,k=$kind,d=h2,x=h2")
	done
	probe "${specs[@]}" from=h1,k=bcast,x=h2+h3 from=h1,k=mc4,x=h2+h3 from=h1,k=mc6,x=h2+h3
	check_eq "drops" "$(all_drops p1)" 0
	check_eq "policy" "$(network_get red policy_ingress) $(network_get red policy_egress)" "allow allow"
}

match_src_mac()
{
	red_network
	one_rule src-mac 02:00:00:00:77:01
	hits "k=uni,s=02:00:00:00:77:01 k=udp4,s=02:00:00:00:77:01 k=arp,s=02:00:00:00:77:01" \
	     "k=uni k=udp4 k=uni,s=02:00:00:00:77:02 k=arp,sha=02:00:00:00:77:01"
}

match_dst_mac()
{
	red_network
	one_rule dst-mac $M2
	hits "k=uni k=udp6 k=arp" ""
	expect_no_drop rule_egress p1 probe from=h1,k=bcast,x=h2+h3 from=h1,k=uni,d=h3,x=h3
	one_rule dst-mac ff:ff:ff:ff:ff:ff
	hits "k=bcast,d=ff:ff:ff:ff:ff:ff k=dhcp4c,d=ff:ff:ff:ff:ff:ff" "k=uni k=tcp4"
}

match_mac_masks()
{
	red_network
	one_rule src-mac 02:aa:00:00:00:00/ff:ff:00:00:00:00
	hits "k=uni,s=02:aa:00:00:00:00 k=uni,s=02:aa:ff:01:02:03" "k=uni k=uni,s=02:ab:00:00:00:01"
	one_rule src-mac 00:00:00:00:00:03/00:00:00:00:00:0f
	hits "k=uni,s=02:bb:00:00:00:03 k=uni,s=02:bb:00:00:00:f3" "k=uni k=uni,s=02:bb:00:00:00:30"
	one_rule dst-mac 01:00:00:00:00:00/01:00:00:00:00:00
	hits "k=mc4,d=01:00:5e:01:02:03 k=bcast,d=ff:ff:ff:ff:ff:ff k=mc6,d=33:33:00:00:77:77" "k=uni k=udp4"
}

match_ethertype()
{
	red_network
	one_rule ethertype ipv4
	hits "k=udp4 k=tcp4 k=icmp4 k=udp4,frag=later" "k=uni k=udp6 k=arp k=uni,et=88cc"
	one_rule ethertype ipv6
	hits "k=udp6 k=na k=udp6,ext=hop" "k=uni k=udp4 k=arp"
	one_rule ethertype arp
	hits "k=arp k=garp" "k=uni k=udp4 k=udp6"
	one_rule ethertype 0x88b5
	hits "k=uni k=uni,size=14" "k=udp4 k=uni,et=88b6 k=arp"
}

match_src_prefix()
{
	red_network
	one_rule src 10.0.0.1
	hits "k=udp4 k=tcp4,sip=10.0.0.1" "k=udp4,sip=10.0.0.2 k=udp6 k=uni k=udp4,sip=10.0.1.1"
	one_rule src 192.0.2.128/25
	hits "k=udp4,sip=192.0.2.128 k=tcp4,sip=192.0.2.255" "k=udp4 k=udp4,sip=192.0.2.127 k=udp4,sip=192.0.3.128"
	one_rule src 0.0.0.0/0
	hits "k=udp4,sip=0.0.0.1 k=udp4,sip=223.1.1.1" "k=udp6 k=uni"
	one_rule src 2001:db8:1::/48
	hits "k=udp6,sip=2001:db8:1::1 k=tcp6,sip=2001:db8:1:ffff::1" "k=udp6,sip=2001:db8:2::1 k=udp4 k=uni"
	one_rule src fd00::1
	hits "k=udp6 k=icmp6" "k=udp6,sip=fd00::2"
	one_rule src fd00::/127
	hits "k=udp6 k=udp6,sip=fd00::" "k=udp6,sip=fd00::2"
}

match_dst_prefix()
{
	red_network
	one_rule dst 10.0.0.2
	hits "k=udp4 k=icmp4" "k=udp4,dip=10.0.0.3 k=udp4,sip=10.0.0.2,dip=10.0.0.1 k=udp6"
	one_rule dst 10.0.0.0/30
	hits "k=udp4,dip=10.0.0.0 k=udp4,dip=10.0.0.3" "k=udp4,dip=10.0.0.4 k=udp4,dip=9.255.255.255"
	one_rule dst 239.0.0.0/8
	hits "k=mc4,d=01:00:5e:01:02:03" "k=udp4"
	one_rule dst fd00::2/128
	hits "k=udp6 k=tcp6,ext=dst" "k=udp6,dip=fd00::3"
	one_rule dst ff00::/8
	hits "k=mc6,d=33:33:00:00:77:77 k=ns,d=33:33:ff:00:00:01" "k=udp6 k=udp4"
	one_rule src 10.0.0.0/24 dst 10.0.0.2
	hits "k=udp4 k=udp4,sip=10.0.0.200" "k=udp4,sip=10.0.1.1 k=udp4,dip=10.0.0.3"
}

# IPv4 fields speak of IPv4 packets; ARP has the same addresses but is none.
match_arp_addresses()
{
	red_network
	one_rule src 10.0.0.1
	hits "k=udp4" "k=arp k=garp"
	one_rule ethertype arp src-mac $M1
	hits "k=arp" "k=udp4 k=arp,s=02:00:00:00:77:01"
}

match_proto()
{
	red_network
	one_rule proto tcp
	hits "k=tcp4 k=tcp6" "k=udp4 k=udp6 k=icmp4 k=uni k=arp"
	one_rule proto udp
	hits "k=udp4 k=udp6 k=dhcp6s" "k=tcp4 k=tcp6 k=sctp4"
	one_rule proto icmp
	hits "k=icmp4" "k=icmp6 k=udp4"
	one_rule proto icmp6
	hits "k=icmp6 k=na" "k=icmp4 k=udp6"
	one_rule proto sctp
	hits "k=sctp4" "k=udp4 k=tcp4"
	one_rule proto 200
	hits "k=udp4,proto=200 k=udp6,proto=200" "k=udp4 k=udp6"
	one_rule ethertype ipv6 proto tcp
	hits "k=tcp6" "k=tcp4 k=udp6"
	one_rule proto 0
	hits "k=udp4,proto=0" "k=udp4 k=udp6,ext=hop"
}

match_proto_behind_extensions()
{
	red_network
	one_rule proto udp dport 5000
	hits "k=udp6,ext=hop k=udp6,ext=dst.dst k=udp6,ext=hop.route.dst k=udp6,frag=only k=udp6,ext=hop.frag.dst,frag=first \
	      k=udp6,ext=ah" "k=tcp6,ext=hop k=udp6,ext=hop.dst,dport=5001 k=tcp6,ext=ah"
	# an extension is not the protocol
	one_rule proto 60
	hits "k=udp4,proto=60" "k=udp6,ext=dst k=udp6"
}

match_sport()
{
	red_network
	one_rule proto udp sport 4000
	hits "k=udp4 k=udp6" "k=udp4,sport=4001 k=udp4,sport=5000,dport=4000 k=tcp4"
	one_rule proto tcp sport 65535
	hits "k=tcp4,sport=65535" "k=tcp4,sport=65534 k=tcp4,sport=0"
	one_rule proto tcp sport 0
	hits "k=tcp4,sport=0" "k=tcp4 k=tcp6,sport=1"
}

match_dport()
{
	red_network
	one_rule proto tcp dport 443
	hits "k=tcp4,dport=443 k=tcp6,dport=443" "k=tcp4,dport=444 k=tcp4,sport=443,dport=80 k=udp4,dport=443"
	one_rule proto udp sport 1 dport 2
	hits "k=udp4,sport=1,dport=2" "k=udp4,sport=2,dport=1 k=udp4,sport=1,dport=1 k=udp4,sport=2,dport=2"
}

match_port_ranges()
{
	red_network
	one_rule proto tcp dport 1000-2000
	hits "k=tcp4,dport=1000 k=tcp4,dport=1500 k=tcp6,dport=2000" "k=tcp4,dport=999 k=tcp4,dport=2001 k=udp4,dport=1500"
	one_rule proto udp sport 0-1023 dport 1024-65535
	hits "k=udp4,sport=0,dport=1024 k=udp4,sport=1023,dport=65535" \
	     "k=udp4,sport=1024,dport=1024 k=udp4,sport=0,dport=1023"
	check_err "a range that ends before it begins" 1 . vnetctl rule add red bad prio 1 egress proto tcp dport 2000-1000 drop
}

match_ports_of_all_transports()
{
	red_network
	one_rule proto sctp dport 7
	hits "k=sctp4,dport=7" "k=sctp4,dport=8 k=udp4,dport=7"
	one_rule proto 136 dport 7
	hits "k=udp4,proto=136,dport=7" "k=udp4,dport=7 k=udp4,proto=136,dport=8"
	one_rule proto 33 sport 7
	hits "k=udp4,proto=33,sport=7" "k=udp4,proto=33,sport=8"
}

match_icmp()
{
	red_network
	one_rule proto icmp icmp-type 8
	hits "k=icmp4 k=icmp4,code=3" "k=icmp4,type=0 k=icmp6 k=icmp6,type=8 k=udp4"
	one_rule proto icmp icmp-type 3 icmp-code 4
	hits "k=icmp4,type=3,code=4" "k=icmp4,type=3,code=3 k=icmp4,type=4,code=4 k=icmp4,type=3"
	one_rule proto icmp icmp-type 0
	hits "k=icmp4,type=0" "k=icmp4"
}

match_icmp6()
{
	red_network
	one_rule proto icmp6 icmp-type 135
	hits "k=ns,d=h2 k=ns,d=h2,ext=hop" "k=na k=icmp6 k=icmp4,type=135"
	one_rule proto icmp6 icmp-type 128 icmp-code 0
	hits "k=icmp6" "k=icmp6,code=1 k=icmp6,type=129"
}

# Later fragments have no ports and no ICMP type: rules with these never match.
match_fragments()
{
	red_network
	one_rule proto udp dport 5000
	hits "k=udp4 k=udp4,frag=first k=udp6,frag=first" "k=udp4,frag=later k=udp6,frag=later"
	one_rule proto udp
	hits "k=udp4,frag=first k=udp4,frag=later k=udp6,frag=later" "k=tcp4,frag=later"
	one_rule proto icmp icmp-type 8
	hits "k=icmp4,frag=first" "k=icmp4,frag=later"
	one_rule src 10.0.0.1
	hits "k=udp4,frag=first k=udp4,frag=later" "k=udp4,frag=later,sip=10.0.0.2"
}

match_parts_of_fragments()
{
	red_network
	one_rule fragment any
	hits "k=udp4,frag=first k=udp4,frag=later k=udp6,frag=first k=tcp6,frag=later" "k=udp4 k=udp6 k=udp6,ext=hop k=arp"
	one_rule fragment first
	hits "k=udp4,frag=first k=udp6,frag=first" "k=udp4,frag=later k=udp6,frag=later k=udp4"
	one_rule fragment later proto udp
	hits "k=udp4,frag=later k=udp6,frag=later" "k=udp4,frag=first k=tcp4,frag=later k=udp4"
	one_rule fragment no
	hits "k=udp4 k=udp6 k=icmp4" "k=udp4,frag=first k=udp6,frag=later k=arp k=uni"
	one_rule not fragment any
	hits "k=udp4 k=udp6" "k=udp4,frag=first k=udp6,frag=later k=arp"
}

match_tcp_flags()
{
	red_network
	one_rule proto tcp tcp-flags 'syn,!ack'
	hits "k=tcp4 k=tcp6 k=tcp4,flags=194 k=tcp6,ext=dst" "k=tcp4,flags=18 k=tcp4,flags=16 k=tcp4,flags=0 k=udp4 k=tcp4,frag=later"
	one_rule proto tcp tcp-flags rst
	hits "k=tcp4,flags=4 k=tcp6,flags=20" "k=tcp4 k=tcp6,flags=16"
	one_rule proto tcp tcp-flags '!syn,!ack,!fin,!rst'
	hits "k=tcp4,flags=0 k=tcp4,flags=8" "k=tcp4 k=tcp4,flags=1"
	one_rule proto tcp not tcp-flags syn
	hits "k=tcp4,flags=16" "k=tcp4 k=udp4"
	# ports that are there and flags that are not
	expect_drop bad_headers=1 p1 probe "from=h1,k=tcp4,d=h2,cut=12,x=-"
}

match_dscp()
{
	red_network
	one_rule dscp ef
	hits "k=udp4,dscp=46 k=udp6,dscp=46 k=tcp6,ext=hop,dscp=46" "k=udp4 k=udp6,dscp=44 k=arp"
	one_rule not dscp 0
	hits "k=udp4,dscp=1 k=udp6,dscp=63" "k=udp4 k=udp6 k=arp k=uni"
}

match_priority_of_the_tag()
{
	red_network
	vq member del p1
	vq member add p1 vlan 5 network red
	vq rule add red r prio 10 egress pcp 6 drop
	expect_drop rule_egress=2 p1:vlan:5 probe from=h1,k=udp4,d=h2,t=v5p6,x=- from=h1,k=uni,d=h2,t=v5p6,x=-
	probe from=h1,k=udp4,d=h2,t=v5p5,x=h2 from=h1,k=udp4,d=h2,t=v5,x=h2
	vq rule set red r prio 10 egress pcp 0 drop
	expect_drop rule_egress=1 p1:vlan:5 probe from=h1,k=udp4,d=h2,t=v5,x=-
	# no tag, no priority
	probe from=h3,k=udp4,d=h2,x=h2
	expect_drop rule_egress=1 p3 probe from=h3,k=udp4,d=h2,t=v0p0,x=-
}

match_arp_sender_and_target()
{
	red_network
	one_rule arp-sender 10.0.0.1
	hits "k=arp k=garp" "k=arp,sip=10.0.0.7 k=udp4 k=udp4,sip=10.0.0.1"
	one_rule arp-target 10.0.0.128/25
	hits "k=arp,target=10.0.0.200" "k=arp,target=10.0.0.2 k=udp4,dip=10.0.0.200"
	one_rule not arp-sender 10.0.0.1
	hits "k=arp,sip=10.0.0.7" "k=arp k=udp4 k=uni"
	refused "both" rule add red both prio 1 egress arp-sender 10.0.0.1 src 10.0.0.1 drop
}

match_nd_target()
{
	red_network
	one_rule nd-target fd00::7
	hits "k=ns,d=h2,target=fd00::7 k=na,d=h2,target=fd00::7 k=redirect,d=h2,target=fd00::7 k=ns,d=h2,target=fd00::7,sip=:: \
	      k=na,d=h2,target=fd00::7,ext=hop.dst k=na,d=h2,target=fd00::7,lla=none k=na,d=h2,target=fd00::7,frag=first" \
	     "k=ns,d=h2 k=na,d=h2,target=fd00::6 k=rs,d=h2 k=ra,d=h2 k=icmp6,dip=fd00::7 k=udp6,dip=fd00::7 k=arp k=uni \
	      k=na,d=h2,sip=fd00::7,dip=fd00::7"
	one_rule nd-target 2001:db8::/33
	hits "k=na,d=h2,target=2001:db8:7fff::1" "k=na,d=h2,target=2001:db8:8000::1 k=na,d=h2"
	one_rule nd-target ::/0
	hits "k=na,d=h2 k=ns,d=h2,target=fe80::1" "k=rs,d=h2 k=icmp6 k=arp"
	# with what else the packet has, in any order
	one_rule proto icmp6 icmp-type 136 src fd00::1 not nd-target fd00::1
	hits "k=na,d=h2,target=fd00::7" "k=na,d=h2 k=ns,d=h2,target=fd00::7 k=na,d=h2,target=fd00::7,sip=fd00::9 k=udp6"
	check_eq "what is told" "$(vnetctl -j rule show red r | jq -c '.[0] | [.nd_target, .arp_target, .ethertype, .not]')" \
		'["fd00::1/128",null,null,["nd_target"]]'
	vnetctl rule show red r | awk 'NR == 2 {
		printf "%s prio %s %s", $2, $3, $4
		for (i = 6; i <= NF; i++)
			printf " %s", $i
		print " " $5
	}' >"$WORK/set"
	check_eq "as text" "$(cat "$WORK/set")" \
		"r prio 10 egress src fd00::1 proto icmp6 icmp-type neighbour-advertisement not nd-target fd00::1 drop"
	vq rule load red "$WORK/set"
	hits "k=na,d=h2,target=fd00::7" "k=na,d=h2"
	refused "protocol 58" rule add red bad prio 1 egress nd-target fd00::1 proto udp drop
	refused "have a target" rule add red bad prio 1 egress nd-target fd00::1 proto icmp6 icmp-type echo-request drop
	refused "addresses are IPv4" rule add red bad prio 1 egress nd-target fd00::1 src 10.0.0.1 drop
	refused "no connection" rule add red bad prio 1 egress nd-target fd00::1 ct new drop
	check_err "two targets" 1 "arp-target\" is not known here" vnetctl rule add red bad prio 1 egress nd-target fd00::1 arp-target 10.0.0.1 drop
	check_err "IPv4" 1 "is not IPv6" vnetctl rule add red bad prio 1 egress nd-target 10.0.0.1 drop
}

# Receivers ignore what is too short for a target; older ones put fragments together first.
nd_that_hides_its_target()
{
	red_network
	probe from=h1,k=na,d=h2,cut=23,x=h2
	one_rule nd-target fd00::1
	expect_drop bad_headers=4 p1 probe from=h1,k=na,d=h2,cut=23,x=- from=h1,k=ns,d=h2,cut=8,x=- \
		from=h1,k=na,d=h2,cut=8,frag=first,x=- from=h1,k=redirect,d=h2,short=40,cut=60,x=-
	probe from=h1,k=rs,d=h2,cut=8,x=h2 from=h1,k=icmp6,d=h2,cut=8,x=h2
	hits "k=na,d=h2,cut=24" ""
}

# What is inverted must be there, and be something else.
inverted_fields()
{
	red_network
	one_rule not src 10.0.0.0/30
	hits "k=udp4,sip=10.0.0.9 k=tcp4,sip=192.168.0.1" "k=udp4 k=udp6 k=arp,sip=10.0.0.9 k=uni"
	one_rule not dst fd00::/126
	hits "k=udp6,dip=fd00::9" "k=udp6 k=udp4,dip=10.0.0.9"
	one_rule proto udp not dport 5000-5010
	hits "k=udp4,dport=4999 k=udp6,dport=5011" "k=udp4 k=udp6,dport=5010 k=tcp4,dport=4999 k=udp4,frag=later"
	one_rule proto udp not sport 4000
	hits "k=udp4,sport=4001" "k=udp4"
	one_rule not proto tcp
	hits "k=udp4 k=icmp6 k=sctp4" "k=tcp4 k=tcp6 k=arp k=uni"
	one_rule not src-mac $M1
	hits "k=uni,s=02:00:00:00:77:01 k=udp4,s=02:00:00:00:77:01" "k=uni k=arp"
	one_rule not dst-mac 01:00:00:00:00:00/01:00:00:00:00:00
	check_eq "what is told" "$(vnetctl -j rule show red r | jq -c '.[0].not')" '["dst_mac"]'
	expect_drop rule_egress=0 p1 probe from=h1,k=bcast,x=h2+h3
	one_rule not ethertype arp
	hits "k=uni k=udp4" "k=arp"
	one_rule proto icmp not icmp-type 8
	hits "k=icmp4,type=0" "k=icmp4 k=icmp6 k=udp4"
	one_rule not src 10.0.0.9 not dst 10.0.0.9 not proto tcp
	hits "k=udp4" "k=udp4,sip=10.0.0.9 k=udp4,dip=10.0.0.9 k=tcp4"
	check_match "text" "$(vnetctl rule show red r)" 'not src 10.0.0.9 not dst 10.0.0.9 not proto tcp'
	refused "needs the one" rule add red bad prio 1 egress not proto tcp dport 80 drop
}

inverted_member()
{
	red_network
	vq rule add red r prio 10 egress not dev p1 proto udp drop
	probe from=h1,k=udp4,d=h2,x=h2
	expect_drop rule_egress=1 p3 probe from=h3,k=udp4,d=h2,x=-
	expect_drop rule_egress=1 p2 probe from=h2,k=udp4,d=h1,x=-
	# while that member is away it is about all that are there, also after a change
	vq member del p1
	expect_drop rule_egress=1 p3 probe from=h3,k=udp4,d=h2,x=-
	vq rule set red r prio 11 egress not dev p1 proto udp drop
	expect_drop rule_egress=1 p3 probe from=h3,k=udp4,d=h2,x=-
	vq member add p1 network red
	probe from=h1,k=udp4,d=h2,x=h2
	expect_drop rule_egress=1 p3 probe from=h3,k=udp4,d=h2,x=-
}

match_ip_options()
{
	red_network
	one_rule proto tcp dport 80
	hits "k=tcp4,dport=80,options=4 k=tcp4,dport=80,options=40" "k=tcp4,dport=81,options=40 k=tcp4,dport=81,options=4"
}

# What lies behind the end of a packet is padding. A packet that ends inside of its
# headers cannot be judged: it passes where there is nothing to judge it by.
match_padding_and_cut_headers()
{
	local cut=()

	red_network
	mapfile -t cut < <(complete k=udp4,cut=0 k=udp4,cut=3 k=udp6,cut=2 k=icmp4,cut=0 k=udp4,short=24 k=udp6,short=24 \
		k=udp4,short=21 k=tcp6,ext=hop.dst,short=40)
	probe "${cut[@]/%/,x=h2}"
	one_rule proto udp dport 5000
	hits "k=udp4,pad=1 k=udp4,pad=100 k=udp6,pad=13 k=udp4,size=1514 k=udp4,short=16 k=udp6,short=16" \
	     "k=tcp4,pad=18 k=udp4,dport=5001,pad=10"
	expect_drop bad_headers=${#cut[@]} p1 probe "${cut[@]/%/,x=-}"
	one_rule proto icmp icmp-type 8
	hits "k=icmp4,pad=7" "k=icmp4,type=0,pad=7"
}

# A packet with a hop-by-hop header may tell the length 0; receivers take all that is there.
untrue_lengths()
{
	red_network
	one_rule proto tcp dport 5000
	hits "k=tcp6,ext=hop,told=0 k=tcp6,ext=hop.dst,told=0" "k=tcp6,ext=hop,told=0,dport=5001 k=udp6,ext=hop,told=0"
	one_rule proto icmp6 icmp-type 136
	hits "k=na,d=h2,ext=hop,told=0" "k=ns,d=h2,ext=hop,told=0"
}

# More extension headers than the switch looks behind: no rule can judge them, none is passed by.
endless_extensions()
{
	local long=dst.dst.dst.dst.dst.dst.dst.dst.dst

	red_network
	probe from=h1,k=tcp6,d=h2,ext=$long,x=h2
	one_rule proto tcp dport 22
	expect_drop bad_headers=2 p1 probe from=h1,k=tcp6,d=h2,ext=$long,x=- from=h1,k=udp6,d=h2,ext=$long.dst,x=-
	probe from=h1,k=tcp6,d=h2,ext=dst.dst.dst.dst,x=h2
}

all_fields_must_match()
{
	red_network
	one_rule src-mac $M1 dst-mac $M2 ethertype ipv4 src 10.0.0.0/24 dst 10.0.0.2 proto tcp sport 4000 dport 80-90
	hits "k=tcp4,dport=85" "k=tcp4,dport=85,s=02:00:00:00:77:01 k=tcp4,dport=85,sip=10.1.0.1 k=tcp4,dport=85,dip=10.0.0.3 \
	      k=tcp4,dport=91 k=tcp4,sport=4001,dport=85 k=udp4,dport=85 k=tcp6,dport=85"
}

rules_of_a_member()
{
	red_network
	vq rule add red out prio 1 egress dev p1 ethertype ipv4 drop
	vq rule add red in prio 2 ingress dev p2 ethertype ipv6 drop
	expect_drop rule_egress=1 p1 probe from=h1,k=udp4,d=h2,x=-
	expect_drop rule_ingress=2 p2 probe from=h1,k=udp6,d=h2,x=- from=h3,k=tcp6,d=h2,x=-
	probe from=h3,k=udp4,d=h2,x=h2 from=h2,k=udp4,d=h1,x=h1 from=h2,k=udp6,d=h1,x=h1 from=h1,k=udp6,d=h3,x=h3
	check_eq "hits of out" "$(rule_hits red out)" 1
	check_eq "hits of in" "$(rule_hits red in)" 2
}

# Ids of members that are gone come back for others in the end; rules must not.
a_rule_does_not_find_another_member()
{
	red_network
	vq rule add red r prio 1 egress dev p1 drop
	expect_drop rule_egress=1 p1 probe from=h1,k=udp4,d=h2,x=-
	vq member del p1
	vq member del p3
	vq member add p3 network red
	probe from=h3,k=udp4,d=h2,x=h2 from=h3,k=bcast,x=h2
	check_eq "hits" "$(rule_hits red r)" 1
	vq member add p1 network red
	expect_drop rule_egress=1 p1 probe from=h1,k=udp4,d=h2,x=-
	check_eq "hits" "$(rule_hits red r)" 2
}

rules_of_a_tagged_member()
{
	with_network red
	vq member add p1 network red
	vq member add p1 vlan 5 network red
	vq member add p1 svlan 6 cvlan 7 network red
	vq member add p2 network red
	vq rule add red r5 prio 1 egress dev p1 vlan 5 drop
	vq rule add red r67 prio 2 egress dev p1 svlan 6 cvlan 7 ethertype ipv4 drop
	vq rule add red i5 prio 1 ingress dev p1 vlan 5 ethertype ipv6 drop
	expect_drop rule_egress=1 p1:vlan:5 probe from=h1,k=bcast,t=v5,x=-
	expect_drop rule_egress=1 p1:svlan:6:cvlan:7 probe from=h1,k=mc4,t=s6.v7,x=-
	expect_drop rule_ingress=1 p1:vlan:5 probe from=h2,k=mc6,x=h1+h1:s6.v7
	probe from=h1,k=mc4,x=h1:v5+h1:s6.v7+h2 from=h1,k=multi,t=s6.v7,x=h1+h1:v5+h2
	# the type is that of the payload behind the tag
	check_eq "hits of r5" "$(rule_hits red r5)" 1
	check_eq "hits of r67" "$(rule_hits red r67)" 1
}

ingress_and_egress()
{
	red_network
	vq rule add red out prio 1 egress src-mac $M1 proto tcp dport 22 drop
	vq rule add red in prio 1 ingress dst-mac $M2 proto tcp dport 23 drop
	expect_drop rule_egress=1 p1 probe from=h1,k=tcp4,dport=22,d=h2,x=-
	expect_drop rule_ingress=1 p2 probe from=h1,k=tcp4,dport=23,d=h2,x=-
	check_eq "egress drops of p2" "$(drops p2 rule_egress)" 0
	check_eq "ingress drops of p1" "$(drops p1 rule_ingress)" 0
	probe from=h2,k=tcp4,dport=22,d=h1,x=h1 from=h2,k=tcp4,dport=23,d=h1,x=h1
}

ingress_of_each_copy()
{
	red_network
	vq rule add red in prio 1 ingress dev p2 ethertype 0x88b5 drop
	expect_drop rule_ingress=2 p2 probe from=h1,k=bcast,x=h3 from=h3,k=multi,x=h1
	check_eq "hits" "$(rule_hits red in)" 2
	# an egress rule decides once for all copies
	vq rule add red out prio 1 egress ethertype arp allow
	probe from=h1,k=arp,x=h2+h3
	check_eq "hits of the egress rule" "$(rule_hits red out)" 1
}

policy_egress()
{
	local before

	red_network
	vq network set red policy-egress drop
	before=$(policy_hits red egress)
	expect_drop policy_egress=2 p1 probe from=h1,k=uni,d=h2,x=- from=h1,k=bcast,x=-
	check_eq "frames that the policy decided" $(($(policy_hits red egress) - before)) 2
	vq rule add red web prio 5 egress proto tcp dport 80 allow
	expect_no_drop policy_egress p1 probe from=h1,k=tcp4,dport=80,d=h2,x=h2 from=h1,k=tcp6,dport=80,d=h2,x=h2
	expect_drop policy_egress=1 p1 probe from=h1,k=tcp4,dport=81,d=h2,x=-
	check_eq "hits" "$(rule_hits red web)" 2
	vq network set red policy-egress allow
	probe from=h1,k=uni,d=h2,x=h2
}

policy_ingress()
{
	red_network
	vq network set red policy-ingress drop
	expect_drop policy_ingress=2 p2 probe from=h1,k=uni,d=h2,x=- from=h1,k=bcast,x=-
	expect_drop policy_ingress=1 p3 probe from=h1,k=multi,x=-
	vq rule add red p2all prio 5 ingress dev p2 allow
	expect_no_drop policy_ingress p2 probe from=h1,k=uni,d=h2,x=h2 from=h1,k=bcast,x=h2
	check_num "frames that the policy decided" "$(policy_hits red ingress)" -ge 4
	check_num "bytes" "$(policy_hits red ingress bytes)" -ge 120
	vq network set red policy-ingress allow
	probe from=h1,k=bcast,x=h2+h3
}

order_of_priorities()
{
	red_network
	vq rule add red last prio 65535 egress drop
	vq rule add red web prio 100 egress proto tcp dport 80 allow
	vq rule add red noweb prio 50 egress proto tcp dport 80 dst 10.0.0.2 drop
	vq rule add red first prio 0 egress proto tcp dport 80 sport 1 allow
	check_eq "order shown" "$(vnetctl -j rule show red | jq -r '[.[].name] | join(" ")')" "first noweb web last"
	probe from=h1,k=tcp4,dport=80,d=h2,x=- from=h1,k=tcp4,dport=80,d=h2,dip=10.0.0.9,x=h2 \
	      from=h1,k=tcp4,dport=80,sport=1,d=h2,x=h2 from=h1,k=tcp4,dport=81,d=h2,x=- from=h1,k=bcast,x=-
	check_eq "hits" "$(for r in first noweb web last; do rule_hits red $r; done | tr '\n' ' ')" "1 1 1 2 "
}

older_rule_decides_among_equals()
{
	red_network
	vq rule add red zebra prio 10 egress proto udp drop
	vq rule add red ant prio 10 egress proto udp allow
	expect_drop rule_egress=1 p1 probe from=h1,k=udp4,d=h2,x=-
	vq rule del red zebra
	probe from=h1,k=udp4,d=h2,x=h2
	vq rule add red zebra prio 10 egress proto udp drop
	probe from=h1,k=udp4,d=h2,x=h2
	check_eq "hits of ant" "$(rule_hits red ant)" 2
	check_eq "hits of zebra" "$(rule_hits red zebra)" 0
}

counters()
{
	red_network
	vq rule add red a prio 1 egress proto udp dport 1 allow
	vq rule add red d prio 2 egress proto udp dport 2 drop
	probe from=h1,k=udp4,dport=1,size=100,n=10,d=h2,x=h2 from=h1,k=udp4,dport=1,size=1000,n=3,t=v0,d=h2,x=h2 \
	      from=h1,k=udp4,dport=2,size=200,n=7,d=h2,x=-
	check_eq "packets of a" "$(rule_hits red a packets)" 13
	check_eq "bytes of a" "$(rule_hits red a bytes)" 4000
	check_eq "packets of d" "$(rule_hits red d packets)" 7
	check_eq "bytes of d" "$(rule_hits red d bytes)" 1400
}

set_replaces_a_rule()
{
	red_network
	vq rule add red r prio 10 egress proto udp dport 1 drop
	probe from=h1,k=udp4,dport=1,d=h2,x=-
	vq rule set red r prio 10 egress proto udp dport 1 drop
	check_eq "hits when nothing changes" "$(rule_hits red r)" 1
	vq rule set red r prio 10 egress proto udp dport 2 drop
	check_eq "hits of a new body" "$(rule_hits red r)" 0
	probe from=h1,k=udp4,dport=1,d=h2,x=h2 from=h1,k=udp4,dport=2,d=h2,x=-
	refused . rule set red none prio 10 egress drop
	refused . rule add red r prio 11 egress drop
	check_match "an identical rule" "$(v rule add red r prio 10 egress proto udp dport 2 drop)" unchanged
}

deleted_rules_do_nothing()
{
	red_network
	vq rule add red r prio 10 egress drop
	expect_drop rule_egress=1 p1 probe from=h1,k=uni,d=h2,x=-
	vq rule del red r
	expect_no_drop rule_egress p1 probe from=h1,k=uni,d=h2,x=h2
	refused . rule del red r
	vq rule del red r if-exists
	check_eq "rules" "$(network_get red rules)" 0
}

load_replaces_all()
{
	local gen

	red_network
	vq rule add red old prio 1 egress drop
	gen=$(network_get red rules_generation)
	vq rule load red - <<-END
		# a comment
		web prio 10 egress proto tcp dport 80 allow

		dns prio 11 egress proto udp dport 53 allow	# another one
		rest prio 12 egress drop
	END
	check_eq "rules" "$(vnetctl -j rule show red | jq -r '[.[].name] | join(" ")')" "web dns rest"
	check_num "generation" "$(network_get red rules_generation)" -gt "$gen"
	probe from=h1,k=tcp4,dport=80,d=h2,x=h2 from=h1,k=udp6,dport=53,d=h2,x=h2 from=h1,k=tcp4,dport=81,d=h2,x=- \
	      from=h1,k=uni,d=h2,x=-
	vq rule load red - </dev/null
	check_eq "rules" "$(network_get red rules)" 0
	probe from=h1,k=uni,d=h2,x=h2
}

load_is_all_or_nothing()
{
	local before line

	red_network
	vq rule add red keep prio 1 egress proto udp dport 1 drop
	probe from=h1,k=udp4,dport=1,d=h2,x=-
	before=$(vnetctl -j -s rule show red)
	for line in "bad prio 2 egress proto nonsense drop" "bad prio 2 egress dport 80 drop" \
		    "bad prio 2 egress dev nosuchdev0 drop" "good prio 2 egress drop" "bad prio 70000 egress drop" \
		    "bad prio 2 egress src 10.0.0.1 dst fd00::1 drop" "bad prio 2 egress"; do
		printf '%s\n' "good prio 1 egress drop" "$line" >"$WORK/rules"
		check_not "loading '$line'" vnetctl rule load red "$WORK/rules"
		check_eq "rules after '$line'" "$(vnetctl -j -s rule show red)" "$before"
	done
	probe from=h1,k=udp4,dport=1,d=h2,x=- from=h1,k=udp4,dport=2,d=h2,x=h2
	# one more than the limit
	vq network set red max-rules 3
	printf 'r%d prio 5 egress drop\n' 1 2 3 4 >"$WORK/rules"
	check_err "too many rules" 2 . vnetctl rule load red "$WORK/rules"
	probe from=h1,k=udp4,dport=2,d=h2,x=h2
}

load_keeps_counters()
{
	red_network
	printf '%s\n' "a prio 1 egress proto udp dport 1 drop" "b prio 2 egress proto udp dport 2 drop" \
		"c prio 3 egress proto udp dport 3 drop" >"$WORK/rules"
	vq rule load red "$WORK/rules"
	probe from=h1,k=udp4,dport=1,d=h2,n=5,x=- from=h1,k=udp4,dport=2,d=h2,n=3,x=-
	printf '%s\n' "b prio 2 egress proto udp dport 4 drop" "a prio 1 egress proto udp dport 1 drop" \
		"e prio 5 egress proto udp dport 5 drop" >"$WORK/rules"
	vq rule load red "$WORK/rules"
	check_eq "an unchanged rule" "$(rule_hits red a)" 5
	check_eq "bytes of it" "$(rule_hits red a bytes)" $((5 * 58))
	check_eq "a changed rule" "$(rule_hits red b)" 0
	check_eq "a new rule" "$(rule_hits red e)" 0
	probe from=h1,k=udp4,dport=1,d=h2,x=- from=h1,k=udp4,dport=2,d=h2,x=h2 from=h1,k=udp4,dport=3,d=h2,x=h2 \
	      from=h1,k=udp4,dport=4,d=h2,x=-
	check_eq "the unchanged rule goes on" "$(rule_hits red a)" 6
}

many_rules()
{
	local i

	red_network max-rules 2000
	for i in $(seq 1 1000); do
		echo "r$i prio $i egress proto udp dport $i drop"
	done >"$WORK/rules"
	vq rule load red "$WORK/rules"
	check_eq "rules" "$(network_get red rules)" 1000
	probe from=h1,k=udp4,dport=1,d=h2,x=- from=h1,k=udp4,dport=500,d=h2,x=- from=h1,k=udp4,dport=1000,d=h2,x=- \
	      from=h1,k=udp4,dport=1001,d=h2,x=h2 from=h1,k=tcp4,dport=500,d=h2,x=h2
	check_eq "hits of r500" "$(rule_hits red r500)" 1
	check_eq "hits of r1000" "$(rule_hits red r1000)" 1
}

real_programs()
{
	need socat
	with_network red policy-ingress drop
	host ra pra 02:00:00:00:00:0a 10.0.0.10/24 fd00::10/64
	host rb prb 02:00:00:00:00:0b 10.0.0.11/24 fd00::11/64
	vq port add pra network red
	vq port add prb network red
	background on rb socat TCP-LISTEN:80,reuseaddr,fork SYSTEM:'echo hello'
	wait_for "the server" on rb sh -c 'ss -Hltn "sport = :80" | grep -q .'
	expect_drop policy_ingress prb no_reach ra 10.0.0.11
	vq rule load red - <<-END
		arp prio 1 ingress ethertype arp allow
		ping prio 2 ingress proto icmp allow
		web prio 3 ingress dev prb proto tcp dport 80 allow
		webback prio 4 ingress dev pra proto tcp sport 80 allow
	END
	check "ping" reach ra 10.0.0.11
	expect_drop policy_ingress+1 prb no_reach ra fd00::11
	check_eq "web" "$(on ra socat -T $((5 * SLOWNESS)) - TCP:10.0.0.11:80,connect-timeout=$((5 * SLOWNESS)) </dev/null)" hello
	vq rule del red web
	# shellcheck disable=SC2154
	expect_drop policy_ingress prb sh -c "! nsenter --net=/run/netns/$ra socat - TCP:10.0.0.11:80,connect-timeout=1 </dev/null"
}

run_tests
