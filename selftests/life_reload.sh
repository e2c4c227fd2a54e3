#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# life_reload.sh: the module is loaded and unloaded under traffic; not while ports are attached, and cleanly afterwards.

# shellcheck disable=SC2119,SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_module.sh
. "$TESTDIR/lib_module.sh"

ALL_TESTS="refused_with_ports allowed_with_networks_only refused_with_ports_elsewhere many_times
	   flush_and_unload_at_once dump_and_unload works_afterwards"
ROUNDS=50
[ "$VNET_SLOW" = 1 ] && ROUNDS=10

setup()
{
	find_module
	host h1 p1 02:00:00:00:00:01 10.0.0.1/24
	host h2 p2 02:00:00:00:00:02 10.0.0.2/24
	defer load_module
}

flood()
{
	background "$PYTHON" "$TESTDIR/life_flood.py" "${!1}" eth
}

configure()
{
	ip link set p1 up
	ip link set p2 up
	v_batch <<-END
		network add red up
		class add red gold rate 1gbit
		port add p1 network red
		port add p2 network red
		member set p1 class-egress gold
		rule add red web prio 1 ingress proto tcp dport 80 allow
		fdb add red 02:00:00:00:00:02 dev p2
	END
}

refused_with_ports()
{
	configure
	check_err "unload with ports" 1 "in use" rmmod vnet
	check "h1 still reaches h2" reach h1 10.0.0.2
	vq flush
	check "unload after a flush" rmmod vnet
	check_not "the module is there" module_is_loaded
	check "load" load_module
	check_eq "networks of a fresh module" "$(v -j network show | jq length)" 0
}

allowed_with_networks_only()
{
	configure
	vq port del p1
	check_err "unload with one port" 1 "in use" rmmod vnet
	vq port del p2
	check_eq "networks" "$(v -j network show | jq length)" 1
	check "unload with networks only" rmmod vnet
	check "load" load_module
	check_eq "networks of a fresh module" "$(v -j network show | jq length)" 0
}

# a port in any namespace keeps the module; the end of the namespace frees it
refused_with_ports_elsewhere()
{
	setup_ns sw
	ip -n "$sw" link add d0 type dummy || skip "no dummy devices in this kernel"
	vq -n "$sw" network add red
	vq -n "$sw" port add d0 network red
	check_err "unload with a port elsewhere" 1 "in use" rmmod vnet
	ip netns del "$sw"
	check "unload after its end" busywait 20 rmmod vnet
	check "load" load_module
}

many_times()
{
	local i before

	flood h1
	flood h2
	for ((i = 0; i < ROUNDS; i++)); do
		configure
		if ((i % 10 == 0)); then
			before=$(network_get red stats.egress_packets)
			wait_for "traffic" is_ge $((before + 100)) network_get red stats.egress_packets
			check_err "unload under traffic" 1 "in use" rmmod vnet
		fi
		vq flush
		check "unload" rmmod vnet || break
		check "load" load_module || break
	done
	check_eq "rounds" "$i" "$ROUNDS"
}

# unloading is tried all the time; it works once the last port has gone
flush_and_unload_at_once()
{
	local i

	flood h1
	for ((i = 0; i < ROUNDS / 10; i++)); do
		configure
		busywait 20 rmmod vnet >/dev/null &
		vnetctl flush >/dev/null 2>&1
		wait $! || fail "the module was never unloaded"
		module_is_loaded && fail "it is still there"
		check "load" load_module || break
	done
}

# a program that reads on while the module wants to go
dump_and_unload()
{
	local i j

	for ((i = 0; i < ROUNDS / 10; i++)); do
		for ((j = 0; j < 300; j++)); do
			echo "network add n$j"
		done | v_batch
		(while vnetctl -j network show; do :; done) >/dev/null 2>&1 &
		check "unload" busywait 20 rmmod vnet
		wait $!
		check "load" load_module || break
	done
}

works_afterwards()
{
	configure
	check "h1 reaches h2" reach h1 10.0.0.2
	conservation
	vq flush
	check "a cut wire" no_reach h1 10.0.0.2
}

run_tests
