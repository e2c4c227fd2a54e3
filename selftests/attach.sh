#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# attach.sh: which interfaces can become ports, which cannot and why, and what the host sees of a port.

# shellcheck disable=SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="ethernet_attaches loopback not_ethernet forbids_handlers bridge_port ovs_port macvlan_lower macvtap_lower
	   ipvlan_lower bond_slave team_slave vrf_slave vlan_upper_first vlan_upper_later enslaved_later
	   absent other_namespace default_route default_route_ipv6 attached_twice all_or_nothing
	   detach_closes detach_keeps_up uplink_stays_up no_arp_for_the_host no_ipv6_for_the_host no_autoconfiguration
	   no_leak_around_attach"

# device NAME TYPE [ARGS]: an interface, skips where this kernel has none of that type
device()
{
	local name=$1; shift

	ip link add "$name" type "$@" 2>/dev/null || skip "no $1 devices in this kernel"
	defer ip link del "$name"
}

# tun_device NAME tap|tun
tun_device()
{
	[ -e /dev/net/tun ] || modprobe tun 2>/dev/null
	ip tuntap add "$1" mode "$2" 2>/dev/null || skip "no $2 devices in this kernel"
	defer ip link del "$1"
}

is_port()
{
	[ "$(vnetctl -j port show | jq -r --arg d "$1" '[.[] | select(.port == $d)] | length')" = 1 ]
}

is_up()
{
	ip link show "$1" | head -n 1 | grep -qE '[<,]UP[,>]'
}

# not_attached REGEX DEV: refused with these words, and nothing of it is left
not_attached()
{
	refused "$1" port add "$2"
	check_not "$2 has become a port" is_port "$2"
}

# attached DEV: the same device is accepted
attached()
{
	check "$1 attaches" vnetctl port add "$1"
	check "$1 is a port" is_port "$1"
	check "$1 detaches" vnetctl port del "$1"
	check_not "$1 is still a port" is_port "$1"
}

ethernet_attaches()
{
	device vad0 dummy
	attached vad0
	device vav0 veth peer name vav1
	attached vav0
	tun_device vat0 tap
	attached vat0
}

loopback()
{
	not_attached "loopback" lo
}

not_ethernet()
{
	tun_device vatun0 tun
	not_attached "ethernet" vatun0
	if ip link add vaip0 type ipip local 127.0.0.1 remote 127.0.0.2 2>/dev/null; then
		defer ip link del vaip0
		not_attached "ethernet" vaip0
	fi
	if ip link add vawg0 type wireguard 2>/dev/null; then
		defer ip link del vawg0
		not_attached "ethernet" vawg0
	fi
}

# devices that have IFF_NO_RX_HANDLER
forbids_handlers()
{
	device vavrf0 vrf table 77
	not_attached "handler|vrf|forbid|not allow|cannot" vavrf0
	device vad0 dummy
	if ip link add vaipvl0 link vad0 type ipvlan 2>/dev/null; then
		not_attached "handler|ipvlan|forbid|not allow|cannot" vaipvl0
	fi
}

bridge_port()
{
	device vabr0 bridge
	device vad0 dummy
	check "into the bridge" ip link set vad0 master vabr0
	not_attached "bridge" vad0
	check "out of the bridge" ip link set vad0 nomaster
	attached vad0
}

ovs_port()
{
	local ovs="$TESTDIR/attach_ovs.py"

	modprobe openvswitch 2>/dev/null
	"$PYTHON" "$ovs" add vaovs0 2>/dev/null || skip "no openvswitch in this kernel"
	defer "$PYTHON" "$ovs" del vaovs0
	device vad0 dummy
	check "into the datapath" "$PYTHON" "$ovs" port vaovs0 vad0
	not_attached "open ?vswitch|ovs" vad0
	check "out of the datapath" "$PYTHON" "$ovs" unport vaovs0 vad0
	attached vad0
	# and the other way round: a port does not become one of the datapath
	vq port add vad0
	check_not "a port becomes a port of Open vSwitch" "$PYTHON" "$ovs" port vaovs0 vad0
	check "the port is still there" is_port vad0
}

# upper_owns TYPE REGEX [ARGS]: a device under a TYPE device is refused until that has gone
upper_owns()
{
	local type=$1 regex=$2; shift 2

	device vad0 dummy
	ip link add link vad0 name vaup0 type "$type" "$@" 2>/dev/null ||
		skip "no $type devices in this kernel"
	defer ip link del vaup0
	ip link set vad0 up
	ip link set vaup0 up
	not_attached "$regex" vad0
	check "without the $type device" ip link del vaup0
	attached vad0
}

macvlan_lower() { upper_owns macvlan "macvlan" mode bridge; }
macvtap_lower() { upper_owns macvtap "macvlan|macvtap" mode bridge; }
ipvlan_lower() { upper_owns ipvlan "ipvlan" mode l2; }
vlan_upper_first() { upper_owns vlan "vlan" id 5; }

# master_owns TYPE REGEX [ARGS]
master_owns()
{
	local type=$1 regex=$2; shift 2

	device vam0 "$type" "$@"
	device vad0 dummy
	ip link set vad0 down
	check "into the $type device" ip link set vad0 master vam0
	not_attached "$regex" vad0
	check "out of the $type device" ip link set vad0 nomaster
	attached vad0
}

bond_slave() { master_owns bond "bond" mode active-backup; }
team_slave() { master_owns team "team"; }
vrf_slave() { master_owns vrf "vrf|owned|master" table 78; }

# a VLAN device would take tagged frames away from the switch
vlan_upper_later()
{
	local out

	device vad0 dummy
	vq port add vad0
	if out=$(ip link add link vad0 name vavlan0 type vlan id 5 2>&1); then
		ip link del vavlan0
		fail "a VLAN device on top of a port"
	else
		check_match "the sentence of the refusal" "$out" "vnet|switch|port|member"
	fi
	check_not "the VLAN device is there" ip link show vavlan0
	check "the port is still there" is_port vad0
	check_not "an 802.1ad device on top of a port" \
		ip link add link vad0 name vavlan0 type vlan protocol 802.1ad id 6
	vq port del vad0
	check "a VLAN device on top of a former port" ip link add link vad0 name vavlan0 type vlan id 5
	ip link del vavlan0
}

# what the kernel refuses because the port has an owner
enslaved_later()
{
	local type

	device vad0 dummy
	vq port add vad0
	for type in bridge "bond mode active-backup" team; do
		# shellcheck disable=SC2086
		ip link add vam0 type $type 2>/dev/null || continue
		ip link set vad0 down
		check_not "a port becomes the slave of a ${type%% *}" ip link set vad0 master vam0
		check "the port is still there" is_port vad0
		ip link del vam0
	done
	for type in "macvlan mode bridge" "ipvlan mode l2"; do
		# shellcheck disable=SC2086
		if ip link add link vad0 name vaup0 type $type 2>/dev/null; then
			ip link del vaup0
			fail "a ${type%% *} device on top of a port"
		fi
		check "the port is still there" is_port vad0
	done
}

absent()
{
	refused "no interface" port add vanone0
	refused "no interface" port del vanone0
	check "if-exists" vnetctl port del vanone0 if-exists
	device vad0 dummy
	refused "not attached|no port|no such|not a port" port del vad0
	check "if-exists of a device that is no port" vnetctl port del vad0 if-exists
	refused "not attached|no port|no such|not a port" port set vad0 uplink
	refused "not attached|no port|no such|not a port" port show vad0
}

other_namespace()
{
	setup_ns away
	device vav0 veth peer name vav1
	ip link set vav1 netns "$away"
	refused "no interface" port add vav1
	check "in its own namespace" vnetctl -n "$away" port add vav1
	check_eq "ports there" "$(vnetctl -n "$away" -j port show | jq -r '.[].port')" vav1
	check_eq "ports here" "$(vnetctl -j port show | jq length)" 0
	vq -n "$away" port del vav1
}

# default_route_of FAMILY PREFIX GATEWAY: in a namespace of its own
default_route_of()
{
	setup_ns away
	on away sh -c 'echo 0 >/proc/sys/net/ipv6/conf/all/disable_ipv6
		       echo 0 >/proc/sys/net/ipv6/conf/default/disable_ipv6' 2>/dev/null
	ip -n "$away" link add e0 type dummy || skip "no dummy devices in this kernel"
	ip -n "$away" link add e1 type dummy
	ip -n "$away" link set e0 up
	ip -n "$away" link set e1 up
	ip "-$1" -n "$away" addr add "$2" dev e0 2>/dev/null
	ip "-$1" -n "$away" route add default via "$3" dev e0 || skip "no IPv$1"
	check "another device" vnetctl -n "$away" port add e1
	refused "default route" -n "$away" port add e0
	check_not "e0 has become a port" test "$(vnetctl -n "$away" -j port show e0 2>/dev/null | jq length)" = 1
	check "with force" vnetctl -n "$away" port add e0 force
	vq -n "$away" port del e0 keep-up
	ip "-$1" -n "$away" route del default 2>/dev/null
	check "without the route" vnetctl -n "$away" port add e0
	vq -n "$away" flush
}

default_route() { default_route_of 4 10.1.0.1/24 10.1.0.254; }
default_route_ipv6() { default_route_of 6 fd01::1/64 fd01::254; }

attached_twice()
{
	device vad0 dummy
	vq port add vad0
	check_match "the same again" "$(v port add vad0)" "unchanged"
	refused "exist|already|role" port add vad0 uplink
	check_eq "the role" "$(vnetctl -j port show vad0 | jq -r '.[0].role')" guest
	vq port set vad0 uplink
	check_eq "the role" "$(vnetctl -j port show vad0 | jq -r '.[0].role')" uplink
}

# with `network` the port comes with its member or not at all
all_or_nothing()
{
	device vad0 dummy
	refused "network|nowhere" port add vad0 network nowhere
	check_not "a port without its member" is_port vad0
	vq network add red max-members 1
	defer vnetctl network del red
	device vad1 dummy
	vq port add vad1 network red
	refused "member|limit|max" port add vad0 network red
	check_not "a port without its member" is_port vad0
	check_eq "members" "$(network_get red members)" 1
}

detach_closes()
{
	device vad0 dummy
	ip link set vad0 up
	vq port add vad0
	check "up while attached" is_up vad0
	vq port del vad0
	check_not "a detached guest port is up" is_up vad0
	ip link set vad0 up
	vq port add vad0
	vq flush
	check_not "a flushed guest port is up" is_up vad0
}

detach_keeps_up()
{
	device vad0 dummy
	ip link set vad0 up
	vq port add vad0
	vq port del vad0 keep-up
	check "keep-up" is_up vad0
	vq port add vad0
	vq flush keep-up
	check "flush keep-up" is_up vad0
}

uplink_stays_up()
{
	device vad0 dummy
	ip link set vad0 up
	vq port add vad0 uplink
	vq port del vad0
	check "a detached uplink" is_up vad0
	ip link set vad0 down
	vq port add vad0 uplink
	vq port del vad0
	check_not "an uplink that was down is up" is_up vad0
}

# guest_of_the_host: h1's eth0 is wired to our p1, which has addresses of its own
guest_of_the_host()
{
	host h1 p1 02:00:00:00:00:01 10.9.0.2/24
	ip link set p1 address 02:00:00:00:00:99
	ip addr add 10.9.0.1/24 dev p1
	vq network add red up
	defer vnetctl network del red
}

no_arp_for_the_host()
{
	need arping
	guest_of_the_host
	check "before" on h1 arping -q -f -c 3 -w 5 -I eth0 10.9.0.1
	vq port add p1 network red
	check_not "an answer to ARP" on h1 arping -q -f -c 2 -w 2 -I eth0 10.9.0.1
	on h1 ip neigh replace 10.9.0.1 lladdr 02:00:00:00:00:99 dev eth0 nud permanent
	check "an answer to ping" no_reach h1 10.9.0.1
	vq port del p1 keep-up
	check "afterwards" reach h1 10.9.0.1
}

no_ipv6_for_the_host()
{
	guest_of_the_host
	host_address h1 eth0 fd09::2/64
	echo 0 >/proc/sys/net/ipv6/conf/p1/disable_ipv6 || skip "no IPv6"
	ip addr add fd09::1/64 dev p1 nodad
	check "before" busywait 5 reach h1 fd09::1
	on h1 ip -6 neigh flush dev eth0
	vq port add p1 network red
	check "an answer to neighbour solicitation or ping" no_reach h1 fd09::1
	on h1 ip -6 neigh replace fd09::1 lladdr 02:00:00:00:00:99 dev eth0 nud permanent
	check "an answer to ping" no_reach h1 fd09::1
	vq port del p1 keep-up
	check "afterwards" busywait 5 reach h1 fd09::1
}

# the guest sends a router advertisement
advertise()
{
	frame send "--ep=${ENDPOINTS[h1]}" from=h1,k=ra,sip=fe80::1 >/dev/null
}

has_route()
{
	ip -6 route show default dev p1 | grep -q fe80::1
}

advertise_until_route()
{
	advertise
	has_route
}

link_local_is_ready()
{
	ip -6 addr show dev p1 scope link | grep 'inet6 fe80' | grep -qv tentative
}

no_autoconfiguration()
{
	guest_of_the_host
	echo 0 >/proc/sys/net/ipv6/conf/p1/disable_ipv6 || skip "no IPv6"
	echo 2 >/proc/sys/net/ipv6/conf/p1/accept_ra
	wait_for "a link-local address" link_local_is_ready
	check "before" busywait 5 advertise_until_route
	ip -6 route flush default dev p1
	ip -6 route del default dev p1 2>/dev/null
	vq port add p1 network red force
	advertise
	advertise
	# both have gone through the switch
	check "the switch has seen them" busywait 5 is_ge 2 member_stat p1 egress_packets
	check_not "a guest has configured the host" has_route
	vq port del p1 keep-up
	check "afterwards" busywait 5 advertise_until_route
}


# packets that the host's own stack has received
host_heard()
{
	awk '/^Ip: [0-9]/ {print $4}' /proc/net/snmp
}

# A flood to the host's own address never gets in: neither while a port is
# attached that was down before, nor while it is detached, nor in between.
no_leak_around_attach()
{
	local i before after rounds=40

	[ "$VNET_SLOW" = 1 ] && rounds=10
	guest_of_the_host
	background "$PYTHON" -S -E "$TESTDIR/frame.py" blast "--ep=${ENDPOINTS[h1]}" --time=1000 \
		from=h1,d=02:00:00:00:00:99,k=udp4,sip=10.9.0.2,dip=10.9.0.1,dport=7
	before=$(host_heard)
	check "the host hears the flood before" busywait 5 is_ge $((before + 100)) host_heard
	ip link set p1 down
	before=$(host_heard)
	for ((i = 0; i < rounds; i++)); do
		vq port add p1 network red
		ip link set p1 up
		check "the switch has the flood" busywait 5 is_ge 20 member_stat p1 egress_packets
		vq port del p1
		is_up p1 && fail "detached and up"
	done
	after=$(host_heard)
	check_eq "frames that the host heard" $((after - before)) 0
	ip link set p1 up
	check "the host hears the flood afterwards" busywait 5 is_ge $((after + 100)) host_heard
}

run_tests
