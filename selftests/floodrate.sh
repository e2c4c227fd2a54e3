#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# floodrate.sh: the flood rate of a member limits what it has flooded, and nothing else.
#
#      h1            h2            h3
#   p1 |          p2 |          p3 |
#  +---o-------------o-------------o---+
#  |            network red            |
#  +-----------------------------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	off_by_default
	broadcast_is_limited
	every_flooded_kind_is_limited
	known_unicast_is_not_limited
	others_are_not_limited
	burst_then_nothing
	off_again"

TOLERANCE=15
[ "${VNET_ICOUNT:-0}" = 1 ] && TOLERANCE=5

setup()
{
	local i

	for i in 1 2 3; do
		host h$i p$i 02:00:00:00:00:0$i
		vq port add p$i
	done
}

red_network()
{
	local p

	with_network red
	for p in p1 p2 p3; do
		vq member add $p network red
	done
	probe from=h1,k=bcast,x=h2+h3 from=h2,k=bcast,x=h1+h3 from=h3,k=bcast,x=h1+h2
}

# frames_per_second SPEC TO: offered are 1000 frames/s
frames_per_second()
{
	local out

	out=$(frame blast "${ENDPOINTS[@]/#/--ep=}" --time=4 --warm=1 "from=h1,size=100,rate=800000,$1,to=$2")
	info "$1: $out"
	jq ".$2 | .frames / .seconds | floor" <<<"$out"
}

off_by_default()
{
	red_network
	check_eq "flood rate" "$(member_get p1 flood_rate)" 0
	check_near "broadcasts/s" "$(frames_per_second k=bcast h2)" 1000 $TOLERANCE
	check_eq "drops" "$(drops p1 flood_rate)" 0
}

broadcast_is_limited()
{
	red_network
	vq member set p1 flood-rate 100pps
	check_near "broadcasts/s" "$(frames_per_second k=bcast h2)" 100 $TOLERANCE
	check_num "drops" "$(drops p1 flood_rate)" -gt 1000
	check_eq "flood rate" "$(member_get p1 flood_rate)" 100
}

every_flooded_kind_is_limited()
{
	red_network
	vq member set p1 flood-rate 1pps
	# use up what may pass at once
	send_frames from=h1,k=bcast,n=200
	expect_drop flood_rate+25 p1 probe from=h1,k=multi,n=10 from=h1,k=mc6,n=10 \
		from=h1,k=uni,d=02:ff:ff:ff:ff:fe,n=10
}

known_unicast_is_not_limited()
{
	red_network
	vq member set p1 flood-rate 1pps
	send_frames from=h1,k=bcast,n=200
	expect_no_drop flood_rate p1 probe from=h1,k=uni,d=h2,n=300,x=h2 from=h1,k=udp4,d=h3,n=300,x=h3
}

others_are_not_limited()
{
	red_network
	vq member set p1 flood-rate 1pps
	send_frames from=h1,k=bcast,n=200
	probe from=h2,k=bcast,n=300,x=h1+h3 from=h3,k=mc4,n=300,x=h1+h2
	check_eq "drops of p2" "$(drops p2 flood_rate)" 0
}

burst_then_nothing()
{
	local out got

	red_network
	vq member set p1 flood-rate 1pps
	out=$(frame probe "${ENDPOINTS[@]/#/--ep=}" -v from=h1,k=bcast,n=500)
	got=$(jq '.got["h2:"] // 0' <<<"$out")
	info "$got of 500 broadcasts at once passed"
	check_num "broadcasts at once" "$got" -ge 1
	check_num "broadcasts at once" "$got" -le 50
	check_eq "drops" "$(drops p1 flood_rate)" $((500 - got))
}

off_again()
{
	red_network
	vq member set p1 flood-rate 1pps
	send_frames from=h1,k=bcast,n=200
	vq member set p1 flood-rate off
	expect_no_drop flood_rate p1 probe from=h1,k=bcast,n=300,x=h2+h3
}

run_tests
