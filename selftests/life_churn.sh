#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# life_churn.sh: everything is created, changed and deleted at random, by several at once, under traffic. VNET_SEED repeats.
#
#   h1 -- p1, h2 -- p2, h3 -- p3: each floods; networks n0..n5, vlans 1..20, rules r0..r9, classes c0..c9

# shellcheck disable=SC2119,SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="churn everything_is_empty works_afterwards"
LINES=3000
[ "$VNET_SLOW" = 1 ] && LINES=400
SEED=${VNET_SEED:-$(($(date +%s) % 1000000))}

setup()
{
	host h1 p1 02:00:00:00:00:01 10.0.0.1/24
	host h2 p2 02:00:00:00:00:02 10.0.0.2/24
	host h3 p3 02:00:00:00:00:03 10.0.0.3/24
	info "VNET_SEED=$SEED"
}

pick()
{
	eval "R=\${$((RANDOM % $# + 1))}"
}

# a random member: DEV [TAG]
random_member()
{
	local dev

	pick p1 p2 p3; dev=$R
	case $((RANDOM % 4)) in
	0|1)	R=$dev;;
	2)	R="$dev vlan $((RANDOM % 20 + 1))";;
	3)	R="$dev svlan $((RANDOM % 5 + 1)) cvlan $((RANDOM % 5 + 1))";;
	esac
}

random_line()
{
	local net=n$((RANDOM % 6)) rule=r$((RANDOM % 10)) class=c$((RANDOM % 10)) member mac

	random_member; member=$R
	printf -v mac '02:33:00:00:00:%02x' $((RANDOM % 64))
	case $((RANDOM % 30)) in
	0|1|2)	echo "network add $net up";;
	3)	echo "network del $net if-exists";;
	4)	pick up down; echo "network set $net $R";;
	5)	pick "policy-ingress drop" "policy-egress drop" "policy-ingress allow" \
		     "policy-egress allow" "policy-ingress reject" "ageing 100ms" "ageing 300s" "max-macs 50" "max-macs 5000"
		echo "network set $net $R";;
	6|7)	pick p1 p2 p3; echo "port add $R";;
	8)	pick p1 p2 p3; echo "port add $R network $net";;
	9)	pick p1 p2 p3; echo "port del $R keep-up if-exists";;
	10|11|12) echo "member add $member network $net";;
	13)	echo "member del $member if-exists";;
	14|15)	pick "isolated on" "isolated off" "learning off" "learning on" "flood-rate 100pps" \
		     "flood-rate off" "max-macs 5" "guard-ip 10.0.0.0/8" "guard-ip off" \
		     "class-egress $class" "class-ingress $class" "class-egress root" "hairpin on" \
		     "guard-mac 02:00:00:00:00:01,02:00:00:00:00:02" "guard-mac off"
		echo "member set $member $R";;
	16|17)	pick "" static sticky; echo "fdb add $net $mac dev $member $R";;
	18)	echo "fdb del $net $mac if-exists";;
	19)	pick "" all "dev $member"; echo "fdb flush $net $R";;
	20|21)	pick "src 10.0.0.0/8" "proto tcp dport 80" "dev $member" "ethertype arp" "src-mac $mac"
		echo "rule add $net $rule prio $((RANDOM % 100)) ingress $R allow";;
	22)	pick drop reject "set-dscp 7 allow" "class $class allow"
		echo "rule set $net $rule prio $((RANDOM % 100)) egress proto udp $R";;
	23)	echo "rule del $net $rule if-exists";;
	24|25)	pick "" "parent c$((RANDOM % 10))"
		echo "class add $net $class $R rate $((RANDOM % 100 + 1))mbit queue 32kb";;
	26)	echo "class set $net $class rate $((RANDOM % 900 + 100))kbit prio $((RANDOM % 8))";;
	27)	echo "class del $net $class if-exists";;
	28)	echo "class set $net root rate $((RANDOM % 50 + 1))mbit";;
	29)	echo "rule load $net $WORK/rules";;
	esac
}

# script SEED: random lines
script()
{
	local i

	RANDOM=$1
	for ((i = 0; i < LINES; i++)); do
		random_line
	done
}

churn()
{
	local i h pids=() rc refused

	echo "r5 prio 3 egress proto icmp allow" >"$WORK/rules"
	for h in h1 h2 h3; do
		background "$PYTHON" "$TESTDIR/life_flood.py" "${!h}" eth
	done
	for i in 0 1 2; do
		script $((SEED + i)) >"$WORK/script$i"
		vnetctl -force -b "$WORK/script$i" >"$WORK/out$i" 2>&1 &
		pids+=($!)
	done
	# and somebody who looks at everything
	(while :; do
		for h in network port member fdb rule set class; do
			vnetctl -j -s "$h" show || exit
		done
	done) >/dev/null 2>&1 &
	defer stop_background $!
	for i in 0 1 2; do
		wait "${pids[i]}"
		rc=$?
		check_num "exit status of batch $i" $rc -le 2
		refused=$(grep -oE "script$i:[0-9]+" "$WORK/out$i" | sort -u | wc -l)
		info "batch $i: $refused of $LINES lines were refused"
		grep -iE 'segmentation|assert|panic' "$WORK/out$i" && fail "batch $i crashed"
		# a batch that was refused as a whole proves nothing
		check_num "accepted lines" $((LINES - refused)) -ge $((LINES / 10))
	done
}

everything_is_empty()
{
	local object

	conservation
	vq flush
	for object in network port member fdb rule set class; do
		check_eq "${object}s after a flush" "$(vnetctl -j "$object" show | jq length)" 0
	done
	check_eq "counts" "$(v -j info | jq -c '.[0] | [.networks, .ports, .members]')" "[0,0,0]"
}

works_afterwards()
{
	ip link set p1 up
	ip link set p2 up
	v_batch <<-END
		network add red up
		port add p1 network red
		port add p2 network red
	END
	check "h1 reaches h2" reach h1 10.0.0.2
	conservation strict
}

run_tests
