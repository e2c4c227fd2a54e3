#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# skb.sh: the verdict depends on a frame's bytes alone, however they lie in memory, however short or padded they are.
#
#   t (this test, at the file side of a tap)   h2            h3
#   tap0 |                                  p2 |          p3 |
#   +----o-------------------------------------o-------------o---+
#   |                        network red                         |
#   +------------------------------------------------------------+
#
# With IFF_NAPI_FRAGS the writer decides which bytes are in which fragment.

. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_skb.sh
. "$(dirname "$0")/lib_skb.sh"

ALL_TESTS="
	tap_forwards
	every_split_same_way
	every_split_same_rule
	every_split_same_guard
	every_split_same_tag
	tiny_fragments
	short_frames
	cut_tags
	padding
	linear_tap
	large_frames_with_untrue_lengths
	conservation"

tap_forwards()
{
	red_network
	probe from=t,k=uni,d=h2,x=h2 from=t,k=bcast,x=h2+h3 from=h2,k=uni,d=t,x=t from=h3,k=bcast,x=t+h2 \
	      from=h2,k=udp6,d=t,size=1514,x=t from=t,k=udp4,d=h2,size=1514,x=h2
}

every_split_same_way()
{
	local kind all=()

	red_network
	for kind in uni,d=h2 udp4,d=h2 tcp6,d=h2 udp6,d=h2,ext=hop.dst; do
		all_splits k=$kind,size=200 h2
		all+=("${SPECS[@]}")
	done
	for kind in bcast mc4 mc6 arp; do
		all_splits k=$kind,size=200 h2+h3
		all+=("${SPECS[@]}")
	done
	probe "${all[@]}"
}

every_split_same_rule()
{
	local spec

	red_network
	v_batch <<-END
		rule add red r4 prio 1 egress src 10.0.0.7 dst 10.0.0.2 proto udp sport 4000 dport 5000 drop
		rule add red r6 prio 2 egress src fd00::7 dst fd00::2 proto tcp dport 5000 drop
		rule add red icmp prio 3 egress proto icmp icmp-type 8 icmp-code 0 drop
		rule add red et prio 4 egress ethertype 0x1234 drop
	END
	for spec in k=udp4 k=udp6,proto=6 k=tcp6,ext=hop.dst k=tcp6,frag=first k=icmp4 k=uni,et=1234 k=udp4,options=20; do
		all_splits $spec,d=h2,size=240 -
		expect_drop rule_egress=${#SPECS[@]} vttap0 probe "${SPECS[@]}" || info "   $spec"
	done
	for spec in k=udp4,dport=5001 k=udp4,sip=10.0.0.8 k=tcp6,ext=hop.dst,dport=5001 k=tcp6,frag=later k=icmp4,type=0 \
		    k=uni,et=1235 k=udp4,options=20,dport=5001; do
		all_splits $spec,d=h2,size=240 h2
		expect_no_drop rule_egress vttap0 probe "${SPECS[@]}" || info "   $spec"
	done
}

every_split_same_guard()
{
	local spec

	red_network
	vq member set vttap0 guard-mac $T guard-ip 10.0.0.7,fd00::7 guard-dhcp on guard-ra on
	for spec in guard_ipv4:k=udp4,sip=10.0.0.8 guard_ipv6:k=udp6,sip=fd00::8,ext=hop guard_arp:k=arp,sip=10.0.0.8 \
		    guard_arp:k=arp,sha=02:00:00:00:99:01 guard_nd:k=na,target=fd00::8 guard_nd:k=ns,lla=02:00:00:00:99:01 \
		    guard_ra:k=ra guard_ra:k=ra,ext=hop.dst guard_dhcp:k=dhcp4s guard_dhcp:k=dhcp6s,ext=dst \
		    guard_mac:k=uni,s=02:00:00:00:99:01; do
		all_splits ${spec#*:},d=h2 -
		expect_drop ${spec%%:*}=${#SPECS[@]} vttap0 probe "${SPECS[@]}" || info "   $spec"
	done
	for spec in k=udp4 k=udp6,ext=hop k=arp k=na k=ns,target=fd00::2 k=dhcp4c k=dhcp6c,ext=dst; do
		all_splits $spec,d=h2 h2
		probe "${SPECS[@]}"
	done
}

every_split_same_tag()
{
	local all=()

	red_network
	vq member add vttap0 vlan 5 network red
	vq member add vttap0 svlan 6 cvlan 7 network red
	vq member del vttap0
	vq member add p2 vlan 9 network red
	all_splits k=bcast,size=200,t=v5 t:s6.v7+h2+h2:v9+h3
	all+=("${SPECS[@]}")
	all_splits k=mc6,size=200,t=s6.v7,s=02:00:00:00:00:67 t:v5+h2+h2:v9+h3
	all+=("${SPECS[@]}")
	all_splits k=uni,d=h2,size=200,t=v5 h2
	all+=("${SPECS[@]}")
	vq fdb add red 02:00:00:00:00:99 dev p2 vlan 9
	all_splits k=udp4,d=02:00:00:00:00:99,size=200,t=s6.v7.v8,s=02:00:00:00:00:67 h2:v9.v8
	all+=("${SPECS[@]}")
	probe "${all[@]}"
	all_splits k=udp4,d=h2,size=200,t=s6.v7.v8,s=02:00:00:00:00:67 -
	expect_drop inner_tag=${#SPECS[@]} p2 probe "${SPECS[@]}"
	all_splits k=bcast,t=v6 -
	expect_drop no_member=${#SPECS[@]} vttap0 probe "${SPECS[@]}"
	all_splits k=bcast,t=s6.v8 -
	expect_drop no_member=${#SPECS[@]} vttap0 probe "${SPECS[@]}"
}

# As many fragments as a frame can have, some of one byte.
tiny_fragments()
{
	red_network
	vq rule add red r prio 1 egress proto tcp dport 5000 drop
	probe from=t,k=udp4,d=h2,split=14.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1,x=h2 \
	      from=t,k=bcast,split=14.1.1.1.1.1.1.1.1.1.1.1.1.1.1,x=h2+h3 \
	      from=t,k=udp6,d=h2,ext=hop.dst.dst,split=14.8.8.8.8.8.8.8.8.8,x=h2 \
	      from=t,k=uni,d=h2,size=9000,split=14.600.600.600.600.600.600.600.600.600.600.600.600
	expect_drop rule_egress=2 vttap0 probe from=t,k=tcp4,d=h2,split=14.10.1.1.1.1.1.1.1.1.1.1.1.1.1,x=- \
		from=t,k=tcp6,d=h2,ext=hop.dst,split=14.20.20.5.5.5.1.1.1.1.1.1,x=-
}

short_frames()
{
	local n specs=()

	red_network
	for n in 14 15 16 18 20 30 33 34 38 40 42 46 54 58; do
		specs+=("from=t,k=uni,d=h2,size=$n,x=h2" "from=h2,k=uni,d=t,size=$n,x=t")
	done
	# headers that promise more than there is
	for n in 14 15 20 33 34 37 41; do
		specs+=("from=t,k=udp4,d=h2,size=$n,x=h2" "from=t,k=udp6,d=h2,size=$n,x=h2" "from=t,k=arp,d=h2,size=$n,x=h2")
	done
	probe "${specs[@]}"
	# where addresses are guarded, what cannot be read is not let through
	vq member set vttap0 guard-ip 10.0.0.7,fd00::7
	expect_drop guard_ipv4=3 vttap0 probe from=t,k=udp4,d=h2,size=14,x=- from=t,k=udp4,d=h2,size=20,x=- \
		from=t,k=udp4,d=h2,size=33,x=-
	expect_drop guard_ipv6=2 vttap0 probe from=t,k=udp6,d=h2,size=20,x=- from=t,k=udp6,d=h2,size=53,x=-
	expect_drop guard_arp=2 vttap0 probe from=t,k=arp,d=h2,size=20,x=- from=t,k=arp,d=h2,size=41,x=-
}

# A frame that ends inside of its second tag.
cut_tags()
{
	local cut=from=h2,k=raw,d=ff:ff:ff:ff:ff:ff,et=8100,t=s6

	red_network
	vq member add p2 svlan 6 cvlan 7 network red
	# two bytes of the inner tag are no tag; a whole one with nothing behind it is no frame
	expect_drop no_member=1 p2 probe $cut,hex=0007,size=16,x=-
	expect_drop short_frame=2 p2 probe $cut,hex=00070800,size=18,x=- $cut,hex=0007080045,size=19,x=-
	# the kernel itself drops these
	probe $cut,size=14,x=- $cut,hex=00,size=15,x=-
	probe from=h2,k=bcast,t=s6.v7,x=t+h2+h3
}

padding()
{
	local n specs=()

	red_network
	vq rule add red r prio 1 egress proto udp dport 5001 drop
	for n in 1 2 3 7 18 100 1000; do
		specs+=("from=t,k=udp4,d=h2,pad=$n,x=h2" "from=h2,k=udp6,d=t,pad=$n,x=t" "from=t,k=arp,pad=$n,x=h2+h3"
			"from=t,k=tcp4,d=h2,frag=later,pad=$n,x=h2" "from=t,k=udp4,dport=5001,d=h2,pad=$n,x=-"
			"from=t,k=icmp6,d=h2,pad=$n,x=h2")
	done
	probe "${specs[@]}"
}

# The same through a tap whose frames come in one piece.
linear_tap()
{
	ENDPOINTS[t]=t=tap:vttap0%$T
	red_network
	vq rule add red r prio 1 egress proto tcp dport 5000 drop
	vq member add vttap0 vlan 5 network red
	probe from=t,k=udp4,d=h2,split=1.1.30,x=h2 from=t,k=bcast,x=t:v5+h2+h3 from=t,k=tcp6,d=h2,ext=hop,x=- \
	      from=t,k=bcast,t=v5,s=02:00:00:00:00:05,x=t+h2+h3 from=h2,k=uni,d=02:00:00:00:00:05,x=t:v5
}

# The lengths that a large frame's IP header tells are rewritten when it is cut
# into segments: the switch must look at what will go out. A fragment that is to
# be cut is nonsense.
large_frames_with_untrue_lengths()
{
	local large=from=t,d=h2,size=4014,gso=1000 n=0 told

	ENDPOINTS[t]=t=tap:vttap0:gso%$T
	red_network
	probe $large,k=tcp4,x=h2 $large,k=tcp6,x=h2 $large,k=tcp4,told=20,x=h2 $large,k=tcp6,told=1,x=h2
	vq rule add red r prio 1 egress proto tcp dport 5000 drop
	for told in 0 20 24 40 4000; do
		expect_drop rule_egress=2 vttap0 probe $large,k=tcp4,told=$told,x=- $large,k=tcp6,told=$told,x=-
		n=$((n + 2))
	done
	check_eq "hits" "$(rule_hits red r)" $n
	probe $large,k=tcp4,told=20,dport=5001,x=h2 $large,k=tcp6,told=1,dport=5001,x=h2
	expect_drop bad_headers=2 vttap0 probe $large,k=tcp4,frag=first,x=- $large,k=tcp4,frag=first,dport=5001,x=-
}

run_tests
