#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# life_linkdel.sh: interfaces vanish (`ip link del`) while they are ports and frames come and go through them.
#
#   src: x0 (floods) -- t0 [ red ] p1 -- h1 (floods)        t0 is made and deleted over and over

# shellcheck disable=SC2119,SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="one_is_deleted many_times many_members tap_with_an_open_file everything_at_once works_afterwards"
ROUNDS=200
[ "$VNET_SLOW" = 1 ] && ROUNDS=30

setup()
{
	host h1 p1 02:00:00:00:00:01 10.0.0.1/24
	host h2 p2 02:00:00:00:00:02 10.0.0.2/24
	setup_ns src
	v_batch <<-END
		network add red up
		port add p1 network red
		port add p2 network red
	END
}

flood()
{
	background "$PYTHON" "$TESTDIR/life_flood.py" "${!1}" "$2"
}

# cable N: tN here, xN in src
cable()
{
	ip link add "t$1" type veth peer name "x$1" netns "$src" || die "cannot make veth t$1"
	ip link set "t$1" up
	ip -n "$src" link set "x$1" up
}

port_names()
{
	vnetctl -j port show | jq -r '[.[].port] | sort | join(" ")'
}

nothing_is_left()
{
	check_eq "ports" "$(port_names)" "p1 p2"
	check_eq "members" "$(network_get red members)" 2
	check_eq "addresses of other ports" \
		 "$(vnetctl -j fdb show red | jq '[.[] | select(.port != "p1" and .port != "p2")] | length')" 0
}

one_is_deleted()
{
	cable 0
	vq port add t0 network red
	check_eq "ports" "$(port_names)" "p1 p2 t0"
	vq fdb add red 02:00:00:00:00:77 dev t0
	vq rule add red r prio 1 egress dev t0 drop
	ip link del t0
	nothing_is_left
	check_not "its address" vnetctl fdb show red 02:00:00:00:00:77
	vq rule load red /dev/null
}

# frames have come in through t0 or went out to it
t0_is_busy()
{
	is_ge 50 member_stat t0 egress_packets && is_ge 50 member_stat t0 ingress_packets
}

many_times()
{
	local i

	flood src x
	flood h1 eth
	for ((i = 0; i < ROUNDS; i++)); do
		cable 0
		vq port add t0 network red
		# not every time: the device may also vanish at once
		((i % 20)) || wait_for "frames through t0" t0_is_busy
		ip link del t0 || fail "cannot delete t0"
	done
	nothing_is_left
}

# a device with many members, rules that name them and classes they belong to
many_members()
{
	local i round

	flood src x
	flood h1 eth
	vq network set red max-members 5000
	vq class add red gold rate 100mbit
	for ((round = 0; round < 3; round++)); do
		cable 0
		vq port add t0 uplink
		for ((i = 1; i <= 500; i++)); do
			echo "member add t0 vlan $i network red class-ingress gold class-egress gold"
		done | v_batch
		vq rule add red r$round prio 1 egress dev t0 vlan 7 drop
		ip link del t0 || fail "cannot delete t0"
		nothing_is_left
	done
	check_eq "members of the class" "$(vnetctl -j class show red gold | jq '.[0].members')" 0
	vq rule load red /dev/null
	check "the class is free" vnetctl class del red gold
}

# a tap stays open in its program, which writes on
tap_with_an_open_file()
{
	local i

	flood h1 eth
	for ((i = 0; i < ROUNDS / 10; i++)); do
		[ -e /dev/net/tun ] || modprobe tun 2>/dev/null
		ip tuntap add t0 mode tap 2>/dev/null || skip "no tap devices in this kernel"
		ip link set t0 up
		timeout 60 "$PYTHON" -c "
import fcntl, os, struct
fd = os.open('/dev/net/tun', os.O_RDWR)
fcntl.ioctl(fd, 0x400454ca, struct.pack('16sH22x', b't0', 0x1002))
print('open', flush=True)
try:
    while True:
        os.write(fd, bytes.fromhex('ffffffffffff0200000000aa88b5') + bytes(60))
except OSError:
    pass
" >"$WORK/tap" &
		wait_for "the program" grep -q open "$WORK/tap"
		vq port add t0 network red
		((i % 5)) || wait_for "frames from the tap" is_ge 50 member_stat t0 egress_packets
		ip link del t0
		wait $! || fail "the program that had the tap open"
	done
	nothing_is_left
}

# a batch of deletions in one go, while the configuration changes too
everything_at_once()
{
	local i round

	flood src x
	flood h1 eth
	for ((round = 0; round < ROUNDS / 20; round++)); do
		for ((i = 0; i < 8; i++)); do
			cable "$i"
			echo "port add t$i network red"
		done >"$WORK/add"
		check "eight ports" vnetctl -b "$WORK/add"
		sed 's/add \(t[0-9]*\).*/del \1 if-exists/' "$WORK/add" >"$WORK/del"
		vnetctl -force -b "$WORK/del" >/dev/null 2>&1 &
		for ((i = 0; i < 8; i++)); do
			echo "link del t$i"
		done | ip -batch - || fail "cannot delete them"
		wait $!
		nothing_is_left
	done
}

works_afterwards()
{
	nothing_is_left
	check "h1 reaches h2" reach h1 10.0.0.2
	conservation
}

run_tests
