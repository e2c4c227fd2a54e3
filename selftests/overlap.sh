#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# overlap.sh: two tenants with the same MAC and IP addresses on two switches that share one tagged uplink.
#
#    red1       blue1                          red2       blue2
#  10.0.0.1    10.0.0.1                      10.0.0.2    10.0.0.2
#     | r1        | b1                          | r2        | b2
#  +--o-----------o-----+                  +----o-----------o---+
#  | red         blue   |                  |   red         blue |
#  |    \ 100   / 200   |      uplink      |      \ 100   / 200 |
#  |     +-- o +        |------------------|       + o --+      |
#  +---------u1---------+                  +--------u2----------+
#     this namespace                          namespace $sw2

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	ping_in_both_networks
	everyone_talks_to_its_own_peer
	bulk_transfers_at_once
	one_down_the_other_goes_on
	one_deleted_the_other_goes_on
	nothing_crosses_on_the_uplink
	laws_of_both_switches"

MAC1=02:00:00:00:00:01
MAC2=02:00:00:00:00:02

# networks [-n NETNS] UPLINK RED BLUE
networks()
{
	local opt=() uplink red blue

	[ "$1" = -n ] && opt=(-n "$2") && shift 2
	uplink=$1 red=$2 blue=$3
	vq "${opt[@]}" network add red up vni 100 tenant red
	vq "${opt[@]}" network add blue up vni 200 tenant blue
	vq "${opt[@]}" port add $uplink uplink
	vq "${opt[@]}" member add $uplink vlan 100 network red
	vq "${opt[@]}" member add $uplink vlan 200 network blue
	vq "${opt[@]}" port add $red network red
	vq "${opt[@]}" port add $blue network blue
}

setup()
{
	need socat sha256sum
	setup_ns sw2
	wire u1 u2 sw2
	host red1 r1 $MAC1 10.0.0.1/24 fd00::1/64
	host blue1 b1 $MAC1 10.0.0.1/24 fd00::1/64
	# shellcheck disable=SC2154
	SWITCH_NS=$sw2
	host red2 r2 $MAC2 10.0.0.2/24 fd00::2/64
	host blue2 b2 $MAC2 10.0.0.2/24 fd00::2/64
	SWITCH_NS=
	defer vnetctl -n "$sw2" flush
	networks u1 r1 b1
	networks -n "$sw2" u2 r2 b2
}

ping_in_both_networks()
{
	local h

	for h in red1 blue1; do
		check "ping from $h" reach $h 10.0.0.2
		check "ping from $h over IPv6" reach $h fd00::2
	done
	check_eq "red knows h2 behind the uplink" "$(fdb_where red $MAC2)" u1:vlan:100
	check_eq "blue knows h2 behind the uplink" "$(fdb_where blue $MAC2)" u1:vlan:200
}

# serve HOST PORT ADDRESS COMMAND: a TCP server until the end of the case
serve()
{
	background on $1 socat TCP-LISTEN:$2,bind=$3,reuseaddr,fork SYSTEM:"$4"
	wait_for "the server on $1" listening $1 $2
}

listening()
{
	on $1 ss -Hltn "sport = :$2" | grep -q .
}

# says HOST ADDRESS PORT
says()
{
	on $1 socat -t $((10 * SLOWNESS)) -T $((10 * SLOWNESS)) - TCP:$2:$3,connect-timeout=$((5 * SLOWNESS)) </dev/null
}

everyone_talks_to_its_own_peer()
{
	local h i

	for h in red1 blue1 red2 blue2; do
		serve $h 80 "$([[ $h = *1 ]] && echo 10.0.0.1 || echo 10.0.0.2)" "echo I am $h"
	done
	for i in 1 2 3; do
		check_eq "red1 hears ($i)" "$(says red1 10.0.0.2 80)" "I am red2"
		check_eq "blue1 hears ($i)" "$(says blue1 10.0.0.2 80)" "I am blue2"
		check_eq "red2 hears ($i)" "$(says red2 10.0.0.1 80)" "I am red1"
		check_eq "blue2 hears ($i)" "$(says blue2 10.0.0.1 80)" "I am blue1"
	done
}

bulk_transfers_at_once()
{
	local size=30 c h pids=()

	[ "$VNET_SLOW" = 1 ] && size=4
	for c in red blue; do
		head -c ${size}M /dev/urandom >"$WORK/$c.sent"
		serve ${c}2 81 10.0.0.2 "cat '$WORK/$c.sent'"
	done
	for c in red blue; do
		on ${c}1 socat -u -T $((60 * SLOWNESS)) TCP:10.0.0.2:81 CREATE:"$WORK/$c.got" &
		pids+=($!)
	done
	wait "${pids[@]}"
	for c in red blue; do
		h=$(sha256sum <"$WORK/$c.sent")
		check_eq "what $c got" "$(sha256sum <"$WORK/$c.got")" "$h"
	done
	rm -f "$WORK"/*.got "$WORK"/*.sent
}

one_down_the_other_goes_on()
{
	vq network set red down
	expect_drop network_down r1 no_reach red1 10.0.0.2
	check "blue goes on" reach blue1 10.0.0.2
	vq network set red up
	check "red is back" reach red1 10.0.0.2
	vq -n "$sw2" network set blue down
	expect_drop network_down "@$sw2:u2:vlan:200" no_reach blue1 10.0.0.2
	check "red goes on" reach red1 10.0.0.2
	vq -n "$sw2" network set blue up
	check "blue is back" reach blue1 10.0.0.2
}

one_deleted_the_other_goes_on()
{
	vq network del red
	expect_drop no_member u1 no_reach red2 10.0.0.1
	check "blue goes on" reach blue2 10.0.0.1
	vq network add red up vni 100 tenant red
	vq member add u1 vlan 100 network red
	vq member add r1 network red
	check "red is back" reach red1 10.0.0.2
	check "blue goes on" reach blue1 10.0.0.2
}

nothing_crosses_on_the_uplink()
{
	local kind specs=()

	for kind in multi bcast mc4 mc6 uni,d=02:ff:ff:ff:ff:fe udp4,d=02:ff:ff:ff:ff:fe \
		    udp6,d=02:ff:ff:ff:ff:fe; do
		specs+=("from=red1,k=$kind,x=red2" "from=blue1,k=$kind,x=blue2"
			"from=red2,k=$kind,x=red1" "from=blue2,k=$kind,x=blue1")
	done
	specs+=("from=red1,k=uni,d=red2,x=red2" "from=blue1,k=uni,d=blue2,x=blue2"
		"from=red2,k=uni,d=red1,x=red1" "from=blue2,k=uni,d=blue1,x=blue1")
	probe "${specs[@]}"
}

laws_of_both_switches()
{
	conservation
	conservation "$sw2"
}

run_tests
