#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# nodaemon.sh: forwarding needs no process: with every one of ours killed not a frame is lost.
#
#      h1            h2
#   p1 |          p2 |
#  +---o-------------o---+
#  |     network red     |
#  +---------------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	nothing_of_ours_runs
	killed_helpers_lose_nothing
	killed_in_the_middle_of_a_change
	rules_and_classes_stay"

setup()
{
	host h1 p1 02:00:00:00:00:01 10.0.0.1/24
	host h2 p2 02:00:00:00:00:02 10.0.0.2/24
	vq port add p1
	vq port add p2
}

red_network()
{
	with_network red
	vq member add p1 network red
	vq member add p2 network red
	vq rule add red no prio 1 egress proto udp dport 9 drop
	vq class add red gold rate 100mbit
	vq member set p1 class-egress gold
}

nothing_of_ours_runs()
{
	red_network
	check_eq "processes of vnetctl" "$(pgrep -x vnetctl | tr '\n' ' ')" ""
	check "ping" reach h1 10.0.0.2
	probe from=h1,k=uni,d=h2,n=100,x=h2 from=h1,k=udp4,dport=9,d=h2,dip=10.0.0.9,x=-
}

# helpers: some that listen and ask, in the background; sets PIDS
helpers()
{
	local i

	PIDS=()
	for i in 1 2 3; do
		vnetctl monitor >/dev/null 2>&1 &
		PIDS+=($!)
	done
	(while :; do vnetctl -j -s member show; done) >/dev/null 2>&1 &
	PIDS+=($!)
}

killed_helpers_lose_nothing()
{
	red_network
	helpers
	(sleep 0.2; kill -9 "${PIDS[@]}") 2>/dev/null &
	probe from=h1,k=uni,d=h2,n=2000,x=h2 from=h2,k=uni,d=h1,n=2000,x=h1
	wait
	probe from=h1,k=uni,d=h2,n=2000,x=h2 from=h2,k=uni,d=h1,n=2000,x=h1
	check "ping" reach h1 10.0.0.2
}

killed_in_the_middle_of_a_change()
{
	local i pid

	red_network
	for i in $(seq 2000); do
		echo "rule add red r$i prio 5 egress proto tcp dport $i drop"
		echo "rule del red r$i"
	done >"$WORK/batch"
	for i in 1 2 3; do
		vnetctl -b "$WORK/batch" >/dev/null 2>&1 &
		pid=$!
		probe from=h1,k=uni,d=h2,n=500,x=h2
		kill -9 $pid 2>/dev/null
		wait $pid 2>/dev/null
		for r in $(vnetctl -j rule show red | jq -r '.[].name | select(startswith("r"))'); do
			vq rule del red $r
		done
		probe from=h1,k=uni,d=h2,n=500,x=h2 from=h1,k=tcp4,dport=1,d=h2,dip=10.0.0.9,x=h2
	done
}

rules_and_classes_stay()
{
	local before

	red_network
	helpers
	kill -9 "${PIDS[@]}"
	wait 2>/dev/null
	expect_drop rule_egress=1 p1 probe from=h1,k=udp4,dport=9,d=h2,dip=10.0.0.9,x=-
	before=$(class_stat red gold egress packets)
	probe from=h1,k=uni,d=h2,n=100,x=h2
	check_num "frames of the class" $(($(class_stat red gold egress packets) - before)) -ge 100
	check_eq "where h2 is" "$(reach h2 10.0.0.1 >/dev/null; fdb_where red 02:00:00:00:00:02)" p2
}

run_tests
