#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# forward.sh: which members get a frame, and with which tag: all kinds of frames between all kinds of members.
#
#      h1            h2            h3
#      |             |             |
#   p1 |          p2 |          p3 |
#  +---o-------------o-------------o---+
#  |            network red            |
#  +-----------------------------------+
#
# h1 and h2 send and receive all tags, where p1 and p2 have the members; h3 is a
# plain access port.

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	known_unicast_goes_to_one_member
	flooded_kinds_reach_all_members
	every_tag_to_every_tag_flooded
	every_tag_to_every_tag_unicast
	priority_tag_is_no_tag
	inner_tags_are_payload
	priority_bits_survive
	two_tags_of_one_port
	unknown_tags_are_dropped
	same_vid_of_the_other_kind_is_another_tag
	flood_unicast_off
	flood_multicast_off
	flood_broadcast_off
	isolated_members
	hairpin
	reserved_addresses
	bad_sources
	network_down
	target_port_down
	sizes
	counters_of_one_frame
	conservation"

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
M3=02:00:00:00:00:03
UNKNOWN=02:ff:ff:ff:ff:fe

setup()
{
	host h1 p1 $M1
	host h2 p2 $M2
	host h3 p3 $M3
	vq port add p1
	vq port add p2
	vq port add p3
}

# access_network: red with three untagged members that know each other
access_network()
{
	local p

	with_network red
	for p in p1 p2 p3; do
		vq member add $p network red
	done
	probe from=h1,k=bcast,x=h2+h3 from=h2,k=bcast,x=h1+h3 from=h3,k=bcast,x=h1+h2
}

known_unicast_goes_to_one_member()
{
	local kind specs=()

	access_network
	for kind in uni udp4 tcp4 icmp4 sctp4 udp6 tcp6 icmp6 arp na dhcp4s dhcp6s; do
		specs+=("from=h1,k=$kind,d=h2,x=h2" "from=h2,k=$kind,d=h1,x=h1"
			"from=h3,k=$kind,d=h2,x=h2")
	done
	probe "${specs[@]}"
}

flooded_kinds_reach_all_members()
{
	local kind specs=()

	access_network
	for kind in multi bcast mc4 mc6 arp garp ns rs ra dhcp4c dhcp6c \
		    uni,d=$UNKNOWN udp4,d=$UNKNOWN udp6,d=$UNKNOWN; do
		specs+=("from=h1,k=$kind,x=h2+h3" "from=h3,k=$kind,x=h1+h2")
	done
	probe "${specs[@]}"
}

# The tags that p1 and p2 get in matrix_network, as frame.py writes them.
TAGS=("" v100 s200 s300.v30)

# matrix_network: red with eight members on p1 and p2, one for each kind of tag
matrix_network()
{
	local p

	with_network red
	for p in p1 p2; do
		vq member add $p network red
		vq member add $p vlan 100 network red
		vq member add $p svlan 200 network red
		vq member add $p svlan 300 cvlan 30 network red
	done
}

# others FROM TAG: expectation of a flood from that member: all the others, in $REPLY
others()
{
	local h t x=''

	for h in h1 h2; do
		for t in "${TAGS[@]}"; do
			[ "$h $t" = "$1 $2" ] || x+=+$h:$t
		done
	done
	REPLY=${x#+}
}

every_tag_to_every_tag_flooded()
{
	local h t kind i=0 specs=()

	matrix_network
	for h in h1 h2; do
		for t in "${TAGS[@]}"; do
			i=$((i + 1))
			others $h "$t"
			for kind in uni,d=$UNKNOWN multi bcast udp4,d=$UNKNOWN mc4 \
				    udp6,d=$UNKNOWN mc6 arp ns; do
				specs+=("from=$h,k=$kind,s=02:00:00:00:01:0$i,t=$t,x=$REPLY")
			done
		done
	done
	probe "${specs[@]}"
}

every_tag_to_every_tag_unicast()
{
	local i j kind specs=() learn=() where=() tag=()

	matrix_network
	for i in 0 1 2 3 4 5 6 7; do
		where[i]=h$((i / 4 + 1)) tag[i]=${TAGS[i % 4]}
		learn+=("from=${where[i]},k=bcast,s=02:00:00:00:02:0$i,t=${tag[i]}")
	done
	probe "${learn[@]}"
	for i in 0 1 2 3 4 5 6 7; do
		for j in 0 1 2 3 4 5 6 7; do
			[ $i = $j ] && continue
			for kind in uni udp4 tcp6 arp; do
				specs+=("from=${where[i]},k=$kind,s=02:00:00:00:02:0$i,d=02:00:00:00:02:0$j,t=${tag[i]},x=${where[j]}:${tag[j]}")
			done
		done
	done
	probe "${specs[@]}"
}

priority_tag_is_no_tag()
{
	access_network
	vq member add p2 vlan 100 network red
	probe from=h1,k=bcast,t=v0p5,x=h2+h2:v100+h3 \
	      from=h1,k=uni,d=h3,t=v0,x=h3 \
	      from=h1,k=udp4,d=h3,t=v0p7,x=h3 \
	      from=h1,k=mc6,t=v0,x=h2+h2:v100+h3
	check_eq "frames without a member" "$(port_drops p1 no_member)" 0
}

# A further tag goes along behind the target's own, but not to an untagged target:
# there it would be the first one, and perhaps another network's.
inner_tags_are_payload()
{
	local before

	matrix_network
	before=$(($(drops p1 inner_tag) + $(drops p2 inner_tag)))
	probe from=h1,k=bcast,t=v100.v7,x=h1:s200.v7+h1:s300.v30.v7+h2:v100.v7+h2:s200.v7+h2:s300.v30.v7 \
	      from=h1,k=udp4,t=s200.v7,d=$UNKNOWN,x=h1:v100.v7+h1:s300.v30.v7+h2:v100.v7+h2:s200.v7+h2:s300.v30.v7 \
	      from=h1,k=mc6,t=s300.v30.v7,x=h1:v100.v7+h1:s200.v7+h2:v100.v7+h2:s200.v7+h2:s300.v30.v7
	check_eq "inner_tag drops" $(($(drops p1 inner_tag) + $(drops p2 inner_tag) - before)) 6
	# a priority tag says nothing, here neither
	probe from=h1,k=bcast,t=v100.v0,x=h1+h1:s200+h1:s300.v30+h2+h2:v100+h2:s200+h2:s300.v30
}

# A tagged frame to a member of the same or another tag keeps its priority.
priority_bits_survive()
{
	with_network red
	vq member add p1 vlan 100 network red
	vq member add p2 vlan 100 network red
	vq member add p3 vlan 7 network red
	probe from=h1,k=bcast,t=v100p5,x=h2:v100p5+h3:v7p5 \
	      from=h1,k=bcast,t=v100p3,x=h2:v100p3+h3:v7p3
}

two_tags_of_one_port()
{
	with_network red
	vq member add p1 vlan 10 network red
	vq member add p1 vlan 11 network red
	probe from=h1,k=bcast,t=v10,s=02:00:00:00:03:01,x=h1:v11 \
	      from=h1,k=bcast,t=v11,s=02:00:00:00:03:02,x=h1:v10 \
	      from=h1,k=uni,t=v10,s=02:00:00:00:03:01,d=02:00:00:00:03:02,x=h1:v11 \
	      from=h1,k=udp6,t=v11,s=02:00:00:00:03:02,d=02:00:00:00:03:01,x=h1:v10
}

unknown_tags_are_dropped()
{
	local t

	access_network
	vq member add p2 vlan 100 network red
	vq member add p2 svlan 300 cvlan 30 network red
	for t in v1 v101 v4094 s100 s200.v20; do
		expect_drop no_member=2 p1 probe "from=h1,k=bcast,t=$t,x=-" \
			"from=h1,k=uni,d=h3,t=$t,x=-"
	done
	for t in v300 v30 s300 s300.v31 s301.v30 v300.v30 s300.s30; do
		expect_drop no_member=2 p2 probe "from=h2,k=bcast,t=$t,x=-" \
			"from=h2,k=uni,d=h3,t=$t,x=-"
	done
	expect_no_drop no_member p2 probe from=h2,k=bcast,t=v100,x=h1+h2+h2:s300.v30+h3 \
		from=h2,k=bcast,t=s300.v30,x=h1+h2+h2:v100+h3
}

same_vid_of_the_other_kind_is_another_tag()
{
	with_network red
	with_network blue
	vq member add p1 vlan 50 network red
	vq member add p1 svlan 50 network blue
	vq member add p2 network red
	vq member add p3 network blue
	probe from=h1,k=bcast,t=v50,x=h2 from=h1,k=bcast,t=s50,x=h3 \
	      from=h2,k=mc6,x=h1:v50 from=h3,k=mc6,x=h1:s50
}

flood_unicast_off()
{
	access_network
	vq member set p3 flood-unicast off
	probe from=h1,k=uni,d=$UNKNOWN,x=h2 from=h1,k=udp4,d=$UNKNOWN,x=h2 \
	      from=h1,k=bcast,x=h2+h3 from=h1,k=mc4,x=h2+h3 from=h1,k=uni,d=h3,x=h3
	vq member set p2 flood-unicast off
	expect_drop no_target=2 p1 probe from=h1,k=uni,d=$UNKNOWN,x=- \
		from=h1,k=udp6,d=$UNKNOWN,x=-
	vq member set p3 flood-unicast on
	probe from=h1,k=uni,d=$UNKNOWN,x=h3
}

flood_multicast_off()
{
	access_network
	vq member set p3 flood-multicast off
	probe from=h1,k=multi,x=h2 from=h1,k=mc4,x=h2 from=h1,k=mc6,x=h2 from=h1,k=ns,x=h2 \
	      from=h1,k=bcast,x=h2+h3 from=h1,k=uni,d=$UNKNOWN,x=h2+h3
	vq member set p2 flood-multicast off
	expect_drop no_target=3 p1 probe from=h1,k=multi,x=- from=h1,k=mc4,x=- from=h1,k=mc6,x=-
}

flood_broadcast_off()
{
	access_network
	vq member set p3 flood-broadcast off
	probe from=h1,k=bcast,x=h2 from=h1,k=arp,x=h2 from=h1,k=dhcp4c,x=h2 \
	      from=h1,k=multi,x=h2+h3 from=h1,k=uni,d=$UNKNOWN,x=h2+h3
	vq member set p2 flood-broadcast off
	expect_drop no_target=2 p1 probe from=h1,k=bcast,x=- from=h1,k=arp,x=-
}

isolated_members()
{
	access_network
	vq member set p1 isolated on
	probe from=h1,k=bcast,x=h2+h3 from=h1,k=uni,d=h2,x=h2
	vq member set p2 isolated on
	expect_drop isolated=2 p1 probe from=h1,k=uni,d=h2,x=- from=h1,k=udp4,d=h2,x=-
	expect_drop isolated=1 p2 probe from=h2,k=udp6,d=h1,x=-
	probe from=h1,k=bcast,x=h3 from=h2,k=mc4,x=h3 from=h1,k=uni,d=$UNKNOWN,x=h3 \
	      from=h3,k=bcast,x=h1+h2 from=h3,k=uni,d=h1,x=h1 from=h1,k=uni,d=h3,x=h3
	vq member del p3
	expect_drop no_target=1 p1 probe from=h1,k=bcast,x=-
	vq member set p1 isolated off
	probe from=h1,k=uni,d=h2,x=h2 from=h2,k=bcast,x=h1
}

hairpin()
{
	access_network
	probe from=h1,k=bcast,s=02:00:00:00:04:01,x=h2+h3
	expect_drop hairpin=2 p1 probe from=h1,k=uni,d=02:00:00:00:04:01,x=- \
		from=h1,k=udp4,d=02:00:00:00:04:01,x=-
	vq member set p1 hairpin on
	expect_no_drop hairpin p1 probe from=h1,k=uni,d=02:00:00:00:04:01,x=h1 \
		from=h1,k=bcast,x=h1+h2+h3 from=h1,k=uni,d=h2,x=h2 from=h2,k=bcast,x=h1+h3
	vq member set p1 hairpin off
	expect_drop hairpin=1 p1 probe from=h1,k=uni,d=02:00:00:00:04:01,x=-
}

reserved_addresses()
{
	local i specs=()

	access_network
	vq member add p2 vlan 100 network red
	for i in 0 1 2 3 4 5 6 7 8 9 a b c d e f; do
		specs+=("from=h1,k=multi,d=01:80:c2:00:00:0$i,x=-")
	done
	expect_drop reserved_mac=16 p1 probe "${specs[@]}"
	expect_drop reserved_mac=2 p2 probe from=h2,k=multi,d=01:80:c2:00:00:00,t=v100,x=- \
		from=h2,k=multi,d=01:80:c2:00:00:0e,t=v0,x=-
	expect_no_drop reserved_mac p1 probe from=h1,k=multi,d=01:80:c2:00:00:10,x=h2+h2:v100+h3 \
		from=h1,k=multi,d=01:80:c2:00:00:21,x=h2+h2:v100+h3 \
		from=h1,k=multi,d=01:80:c2:00:01:00,x=h2+h2:v100+h3 \
		from=h1,k=multi,d=01:00:0c:cc:cc:cc,x=h2+h2:v100+h3
}

bad_sources()
{
	access_network
	expect_drop bad_source=4 p1 probe from=h1,k=bcast,s=00:00:00:00:00:00,x=- \
		from=h1,k=uni,d=h2,s=01:00:5e:00:00:01,x=- \
		from=h1,k=udp4,d=h2,s=ff:ff:ff:ff:ff:ff,x=- \
		from=h1,k=udp6,d=h2,s=33:33:00:00:00:01,x=-
	expect_no_drop bad_source p1 probe from=h1,k=uni,d=h2,s=00:00:00:00:00:01,x=h2
	check_eq "learned from bad sources" "$(fdb_where red 00:00:00:00:00:00)" ""
}

network_down()
{
	access_network
	vq network set red down
	expect_drop network_down=3 p1 probe from=h1,k=bcast,x=- from=h1,k=uni,d=h2,x=- from=h1,k=mc6,x=-
	vq network set red up
	expect_no_drop network_down p1 probe from=h1,k=bcast,x=h2+h3 from=h1,k=uni,d=h2,x=h2
}

target_port_down()
{
	access_network
	ip link set p3 down
	defer ip link set p3 up
	expect_drop port_down+1 p3 probe from=h1,k=uni,d=h3,x=-
	probe from=h1,k=uni,d=h2,x=h2 from=h1,k=bcast,x=h2
	ip link set p3 up
	wait_for "the carrier of p3" grep -q up /sys/class/net/p3/operstate
	probe from=h1,k=uni,d=h3,x=h3 from=h1,k=bcast,x=h2+h3
}

sizes()
{
	local n specs=()

	access_network
	vq member add p3 vlan 9 network red
	for n in 14 15 16 17 18 20 33 34 41 42 59 60 61 64 128 1000 1513 1514; do
		specs+=("from=h1,k=uni,d=h2,size=$n,x=h2" "from=h1,k=bcast,size=$n,x=h2+h3+h3:v9")
		# the kernel itself drops a tag with less than two bytes behind the type
		[ $n -ge 16 ] && specs+=("from=h3,k=uni,d=h1,t=v9,size=$n,x=h1")
		[ $n -ge 60 ] && specs+=("from=h1,k=udp4,d=h2,size=$n,x=h2" "from=h1,k=mc6,size=$n,x=h2+h3+h3:v9")
	done
	probe "${specs[@]}"
	# an inner tag with nothing behind it
	vq member add p3 svlan 9 cvlan 8 network red
	expect_drop short_frame=1 p3 probe from=h3,k=uni,d=h1,t=s9.v8,size=14,x=-
	probe from=h3,k=uni,d=h1,t=s9.v8,size=16,x=h1
}

counters_of_one_frame()
{
	local before after key

	access_network
	before=$(member_stat p1 egress_packets)
	probe from=h1,k=uni,d=h2,size=100,n=5,x=h2
	check_eq "egress packets" $(($(member_stat p1 egress_packets) - before)) 5
	vq network del red
	access_network
	# three broadcasts of 30 bytes were sent in it
	for key in egress_packets:1 egress_bytes:30 copies:1 forwarded:2 offered:2 ingress_packets:2 \
		   ingress_bytes:60 queued_packets:0; do
		check_eq "${key%:*} of p1" "$(member_stat p1 "${key%:*}")" "${key#*:}"
	done
	vq member set p2 flood-unicast off
	probe from=h1,k=uni,d=$UNKNOWN,size=200,x=h3
	for key in egress_packets:2 egress_bytes:230 copies:1 forwarded:3; do
		check_eq "${key%:*} of p1" "$(member_stat p1 "${key%:*}")" "${key#*:}"
	done
	after=$(network_get red stats.egress_packets)
	check_eq "egress packets of the network" "$after" 4
	conservation strict
}

run_tests
