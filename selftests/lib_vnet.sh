# SPDX-License-Identifier: GPL-2.0-only
# lib_vnet.sh: vnetctl, counters, topologies and the conservation law for selftests. Sourced by lib.sh.
# shellcheck shell=bash

#----------------------------------------------------------------------------
# vnetctl
#----------------------------------------------------------------------------

# v ARGS...: vnetctl that must succeed; else output is shown and the case ends
v()
{
	local out

	[ "${VERBOSE:-0}" = 1 ] && info "vnetctl $*"
	if out=$(vnetctl "$@" 2>&1); then
		[ -z "$out" ] || printf '%s\n' "$out"
		return 0
	fi
	info "vnetctl $*"
	info "$out"
	die "vnetctl $1 ${2:-} was refused"
}

# vq ARGS...: v without its output
vq()
{
	v "$@" >/dev/null
}

# v_batch <LINES: many commands in one process
v_batch()
{
	local out

	out=$(vnetctl -b - 2>&1) && return 0
	info "$out"
	die "a batch of commands was refused"
}

# refused REGEX ARGS...: the kernel refuses (exit 2) with words matching REGEX
refused()
{
	local regex=$1; shift

	check_err "refused: vnetctl $*" 2 "$regex" vnetctl "$@"
}

# A member is written as words, DEV [vlan VID | svlan SVID [cvlan CVID]], or as
# one word with colons: p1:svlan:10:cvlan:20. An @NETNS in front of it names
# another switch than ours: @$sw2:p1:vlan:5

# split_member WORDS...: sets MNS (options for vnetctl), MDEV and MTAG (array)
split_member()
{
	local spec=$1

	MNS=() MTAG=()
	if [ "${spec:0:1}" = @ ]; then
		MNS=(-n "${spec:1}")
		MNS[1]=${MNS[1]%%:*}
		spec=${spec#*:}
	fi
	# shellcheck disable=SC2086
	set -- ${spec//:/ } "${@:2}"
	MDEV=$1; shift
	while [ $# -ge 2 ]; do
		case $1 in
		vlan|svlan|cvlan) MTAG+=("$1" "$2"); shift 2;;
		*) break;;
		esac
	done
}

# member_query FILTER MEMBER...: what jq's FILTER makes of the member, with counters
member_query()
{
	local MNS MDEV MTAG i vlan=null svlan=null cvlan=null

	split_member "${@:2}"
	for ((i = 0; i < ${#MTAG[@]}; i += 2)); do
		printf -v "${MTAG[i]}" '%s' "${MTAG[i + 1]}"
	done
	vnetctl "${MNS[@]}" -j -s member show "$MDEV" "${MTAG[@]}" |
		jq -r ".[] | select(.port == \"$MDEV\" and .vlan == $vlan and
			.svlan == $svlan and .cvlan == $cvlan) | $1"
}

# member_get MEMBER KEY: one setting or fact of a member
member_get()
{
	member_query ".${!#}" "${@:1:$#-1}"
}

# member_stat MEMBER KEY: one counter of a member
member_stat()
{
	member_query ".stats.${!#}" "${@:1:$#-1}"
}

# drops MEMBER REASON: frames dropped for that reason, counted on the member
drops()
{
	member_query ".stats.drops.${!#} // 0" "${@:1:$#-1}"
}

# all_drops MEMBER: frames dropped for any reason, counted on the member
all_drops()
{
	member_query '[.stats.drops[]?] | add // 0' "$@"
}

# port_drops DEV REASON: frames that never reached a member
port_drops()
{
	local MNS MDEV MTAG

	split_member "$1"
	vnetctl "${MNS[@]}" -j -s port show "$MDEV" |
		jq -r ".[] | select(.port == \"$MDEV\") | .drops.$2 // 0"
}

# counted_drops MEMBER REASON: from wherever that reason is counted
counted_drops()
{
	case ${!#} in
	short_frame|bad_source|reserved_mac|loop|no_member) port_drops "$1" "${!#}";;
	*) drops "$@";;
	esac
}

# rule_hits NETWORK RULE [packets|bytes]
rule_hits()
{
	vnetctl -j -s rule show "$1" "$2" |
		jq -r ".[] | select(.name == \"$2\") | .${3:-packets}"
}

# policy_hits NETWORK ingress|egress [packets|bytes]
policy_hits()
{
	vnetctl -j -s network show "$1" | jq -r ".[0].policy_$2_stats.${3:-packets}"
}

# network_get NETWORK KEY; with dots for what is deeper: stats.egress_packets
network_get()
{
	vnetctl -j -s network show "$1" | jq -r ".[0].$2"
}

# class_stat NETWORK CLASS ingress|egress KEY
class_stat()
{
	vnetctl -j -s class show "$1" "$2" |
		jq -r ".[] | select(.name == \"$2\") | .$3.$4"
}

# fdb_count NETWORK [FILTER...]: addresses known
fdb_count()
{
	vnetctl -j fdb show "$@" | jq length
}

# fdb_where NETWORK MAC: the member that has the address, as DEV[:vlan:N]...
fdb_where()
{
	vnetctl -j fdb show "$1" "$2" 2>/dev/null | jq -r --arg mac "$2" '
		.[] | select(.mac == $mac) | .port
		+ (if .vlan then ":vlan:\(.vlan)" else "" end)
		+ (if .svlan then ":svlan:\(.svlan)" else "" end)
		+ (if .cvlan then ":cvlan:\(.cvlan)" else "" end)'
}

# expect_drop REASON[=N|+N] MEMBER CMD...: CMD succeeds and the member's (or,
# for frames that reach no member, its port's) drop counter of REASON goes up by
# exactly N, by N or more, by 1 or more. MEMBER is one word, see split_member.
expect_drop()
{
	local reason=${1%%[=+]*} how=${1#"${1%%[=+]*}"} member=$2 n before after end
	shift 2

	n=${how#?}
	before=$(counted_drops "$member" "$reason")
	check "the command for $reason on $member" "$@"
	end=$(($(now_ms) + 5000 * SLOWNESS))
	while after=$(counted_drops "$member" "$reason"); do
		((after - before >= ${n:-1} || $(now_ms) >= end)) && break
		sleep 0.02
	done
	if [ "${how:0:1}" = = ]; then
		check_num "drops $reason on $member" $((after - before)) -eq "$n"
	else
		check_num "drops $reason on $member" $((after - before)) -ge "${n:-1}"
	fi
}

# expect_no_drop REASON MEMBER CMD...: CMD succeeds, REASON is not counted
expect_no_drop()
{
	local reason=$1 member=$2 before; shift 2

	before=$(counted_drops "$member" "$reason")
	check "the command without $reason on $member" "$@"
	check_eq "drops $reason on $member" "$(counted_drops "$member" "$reason")" \
		"$before"
}

#----------------------------------------------------------------------------
# Topologies: the switch is in our own namespace, hosts are namespaces
#----------------------------------------------------------------------------

declare -A ENDPOINTS=()			# host name -> endpoint for frame.py
SWITCH_NS=				# namespace of the switch that wire and host plug into

# setup_ns NAME...: namespaces with names of their own, put into $NAME
setup_ns()
{
	local name ns

	for name; do
		ns=vt-$name-$(printf '%04x%04x' $RANDOM $RANDOM)
		ip netns add "$ns" || die "cannot make a network namespace"
		defer remove_ns "$ns"
		printf -v "$name" '%s' "$ns"
		nsenter --net=/run/netns/"$ns" sh -c '
			echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
			echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6' 2>/dev/null
		ip -n "$ns" link set lo up
	done
}

remove_ns()
{
	local pid

	for pid in $(ip netns pids "$1" 2>/dev/null); do
		kill -9 "$pid"
	done
	ip netns del "$1"
}

# on NAME CMD...: run CMD in the namespace of host NAME
on()
{
	local name=$1; shift

	nsenter --net=/run/netns/"${!name}" -- "$@"
}

# wire DEV PEER [NAME]: a veth cable; PEER is put into namespace NAME, DEV into
# SWITCH_NS
wire()
{
	local dev=$1 peer=$2 name=${3:-}

	if [ -n "$name" ]; then
		ip link add "$dev" type veth peer name "$peer" netns "${!name}" ||
			die "cannot make veth $dev"
		ip -n "${!name}" link set "$peer" up
	else
		ip link add "$dev" type veth peer name "$peer" || die "cannot make veth $dev"
		ip link set "$peer" up
	fi
	if [ -n "$SWITCH_NS" ]; then
		ip link set "$dev" netns "$SWITCH_NS" || die "cannot move $dev"
		ip -n "$SWITCH_NS" link set "$dev" up
	else
		defer ip link del "$dev"
		ip link set "$dev" up
	fi
}

# host NAME PORT MAC [ADDRESS/LEN...]: a host in a namespace of its own (put into
# $NAME), its eth0 connected to our interface PORT. When NAME exists it gets one
# more interface, eth1..., whose endpoint for frame.py is called PORT.
host()
{
	local name=$1 port=$2 mac=$3 dev ns n=0 addr; shift 3

	if [ -n "${ENDPOINTS[$name]+set}" ]; then
		while ip -n "${!name}" link show "eth$n" >/dev/null 2>&1; do
			n=$((n + 1))
		done
	else
		setup_ns "$name"
	fi
	ns=${!name}
	dev=eth$n
	wire "$port" "$dev" "$name"
	ip -n "$ns" link set "$dev" address "$mac" || die "cannot set $mac"
	for addr; do
		host_address "$name" "$dev" "$addr"
	done
	if [ "$n" = 0 ]; then
		ENDPOINTS[$name]=$name=$ns/$dev@${SWITCH_NS:+$SWITCH_NS/}$port
	else
		ENDPOINTS[$port]=$port=$ns/$dev@${SWITCH_NS:+$SWITCH_NS/}$port
	fi
}

# host_address NAME DEV ADDRESS/LEN: IPv6 is only enabled where it is used
host_address()
{
	local ns=${!1} dev=$2 addr=$3

	case $addr in
	*:*)	on "$1" sh -c "
			echo 0 >/proc/sys/net/ipv6/conf/all/disable_ipv6
			echo 1 >/proc/sys/net/ipv6/conf/$dev/disable_ipv6
			echo 1 >/proc/sys/net/ipv6/conf/$dev/addr_gen_mode
			echo 0 >/proc/sys/net/ipv6/conf/$dev/router_solicitations
			echo 0 >/proc/sys/net/ipv6/conf/$dev/accept_ra
			echo 0 >/proc/sys/net/ipv6/conf/$dev/disable_ipv6"
		ip -n "$ns" addr add "$addr" dev "$dev" nodad;;
	*)	ip -n "$ns" addr add "$addr" dev "$dev";;
	esac || die "cannot set $addr on $1"
}

# reach FROM ADDRESS: one echo request is answered
reach()
{
	on "$1" ping -n -q -c 1 -i 0.2 -W $((5 * SLOWNESS)) "$2"
}

# no_reach FROM ADDRESS: three echo requests are not answered
no_reach()
{
	! on "$1" ping -n -q -c 3 -i 0.2 -W 1 "$2"
}

# frame ARGS...: the frame tool
frame()
{
	"$PYTHON" -S -E "$TESTDIR/frame.py" "$@"
}

# start_prober: a frame tool that stays, for this shell and all that it starts;
# python starts slowly on slow machines
start_prober()
{
	mkfifo "$WORK/ask" "$WORK/answer"
	"$PYTHON" -S -E "$TESTDIR/frame.py" serve <"$WORK/ask" >"$WORK/answer" 2>&3 &
	PROBER=$!
	defer stop_background $PROBER
	exec {ASK}>"$WORK/ask" {ANSWER}<"$WORK/answer"
}

# prober COMMAND ARGS...: as `frame`, in that process, with all our endpoints
prober()
{
	local line

	if [ -z "${PROBER:-}" ]; then
		frame "$1" "${ENDPOINTS[@]/#/--ep=}" "${@:2}"
		return
	fi
	{
		printf '%s' "$1"
		printf '\t%s' "${ENDPOINTS[@]/#/--ep=}" "${@:2}"
		printf '\n'
	} >&"$ASK"
	while IFS= read -r -t $((120 * SLOWNESS)) line <&"$ANSWER"; do
		case $line in
		=*)	return "${line#=}";;
		*)	printf '%s\n' "$line";;
		esac
	done
	echo "the frame tool has died"
	return 1
}

# probe SPEC...: send frames between the hosts and compare where they arrive with
# what each SPEC expects; see `frame.py --help`
probe()
{
	local out

	[ "${VERBOSE:-0}" = 1 ] && info "probe $*"
	out=$(prober probe "$@" 2>&1) && return 0
	fail "frames did not arrive where they should"
	info "$(printf '%s\n' "$out" | tail -n 40)"
	return 1
}

# send_frames SPEC...: send frames and look at nothing
send_frames()
{
	local out

	out=$(prober send "$@" 2>&1) && return 0
	fail "frames could not be sent"
	info "$out"
	return 1
}

# with_network NAME [KEYS...]: a network that is up until the end of the case, and
# every frame of it must be accounted for then
with_network()
{
	vq network add "$1" up "${@:2}"
	defer vnetctl network del "$1"
	defer conservation
}

#----------------------------------------------------------------------------
# The conservation law of enum vnet_attr_stats
#----------------------------------------------------------------------------

# stats_snapshot [NETNS]: counters of everything
stats_snapshot()
{
	local opt=()

	[ -z "${1:-}" ] || opt=(-n "$1")
	printf '{"members":%s,"networks":%s}\n' \
		"$(vnetctl "${opt[@]}" -j -s member show)" \
		"$(vnetctl "${opt[@]}" -j -s network show)" | jq -c '
		{members: [.members[] | {port, vlan, svlan, cvlan, network, stats}],
		 networks: [.networks[] | {network, stats}]}'
}

# at_rest [NETNS]: prints a snapshot when nothing is held and nothing moves
at_rest()
{
	local a b

	a=$(stats_snapshot "${1:-}")
	sleep 0.05
	b=$(stats_snapshot "${1:-}")
	printf '%s\n' "$b"
	[ "$a" = "$b" ] &&
		printf '%s' "$b" | jq -e '([.members[].stats.queued_packets] | add // 0) == 0' \
			>/dev/null
}

# shellcheck disable=SC2016
LAW='
def lhs: .egress_packets + .copies + .offered;
def rhs: .forwarded + .ingress_packets + .queued_packets + ([.drops[]?] | add // 0);
def sum(f): [f] | add // 0;
def name: "\(.port)\(if .vlan then " vlan \(.vlan)" else "" end)\(
	if .svlan then " svlan \(.svlan)" else "" end)\(
	if .cvlan then " cvlan \(.cvlan)" else "" end)";
. as $all |
( .members[] | select(.stats.queued_packets != 0) | "member \(name) holds frames" ),
( .members[] | select((.stats | lhs) != (.stats | rhs)) |
  "member \(name): \(.stats | lhs) frames in, \(.stats | rhs) accounted for: \(.stats | tojson)" ),
( .networks[] | select(.stats.forwarded != .stats.offered) |
  "network \(.network): forwarded \(.stats.forwarded), offered \(.stats.offered)" ),
( .networks[] | select((.stats | lhs) != (.stats | rhs)) |
  "network \(.network): \(.stats | lhs) frames in, \(.stats | rhs) accounted for: \(.stats | tojson)" ),
( .networks[] | . as $n | ("egress_packets", "egress_bytes", "copies", "forwarded", "offered",
    "ingress_packets", "ingress_bytes") as $k |
  sum($all.members[] | select(.network == $n.network) | .stats[$k]) as $m |
  select(if $strict then $m != $n.stats[$k] else $m > $n.stats[$k] end) |
  "network \($n.network): \($k) is \($n.stats[$k]), its members have \($m)" )'

# conservation [strict] [NETNS]: every frame is accounted for, on each member and
# over each network; strict: no member was removed, so the sums are equal
conservation()
{
	local strict=false snap wrong

	[ "${1:-}" = strict ] && { strict=true; shift; }
	# what was lost stays lost: a balance that is right needs no second look
	snap=$(stats_snapshot "${1:-}")
	lawful "$snap" $strict >/dev/null && return 0
	snap=$(busywait 20 at_rest "${1:-}") || {
		fail "the switch does not come to rest"
		info "$(printf '%s' "$snap" | jq -c '.members[]?' | head -20)"
		return 1
	}
	wrong=$(lawful "$snap" $strict) && return 0
	fail "the conservation law is broken"
	info "$wrong"
}

# lawful SNAPSHOT STRICT: says what is wrong
lawful()
{
	local wrong

	wrong=$(printf '%s' "$1" | jq -r --argjson strict "$2" "$LAW") ||
		wrong="counters cannot be read"
	[ -z "$wrong" ] && return 0
	printf '%s\n' "$wrong"
	return 1
}
