# SPDX-License-Identifier: GPL-2.0-only
# lib_state.sh: a network that lets in only answers, and frames between two of its hosts, for the selftests of the state
# of connections. Sourced behind lib_rules.sh.
# shellcheck shell=bash

# flags of TCP
# shellcheck disable=SC2034
SYN=2 SYNACK=18 ACK=16 RST=4 RSTACK=20

# Answers come in, nothing else that does.
guarded()
{
	red_network policy-ingress drop "$@"
	vq rule add red back prio 1 ingress ct established,related allow
	vq rule add red open prio 2 ingress dev p2 ct new allow
}

# real_hosts: ra and rb in red, for real programs; nothing comes in but by rules
real_hosts()
{
	with_network red policy-ingress drop
	host ra pra 02:00:00:00:00:0a 10.0.0.10/24 fd00::10/64
	host rb prb 02:00:00:00:00:0b 10.0.0.11/24 fd00::11/64
	vq port add pra network red
	vq port add prb network red
}

# passes SPEC..., stopped SPEC...: frames from h1 to h2, or the other way round with from=h2
to_peer()
{
	local s

	for s; do
		case $s in
		from=h2*) echo "$s,d=h1,x=h1";;
		*)	echo "from=h1,$s,d=h2,x=h2";;
		esac
	done
}

passes()
{
	local specs

	mapfile -t specs < <(to_peer "$@")
	probe "${specs[@]}"
}

# stopped REASON PORT SPEC...: all of them are dropped for REASON by the member of PORT
stopped()
{
	local reason=$1 port=$2 specs; shift 2

	mapfile -t specs < <(to_peer "$@")
	expect_drop "$reason=$#" "$port" probe "${specs[@]/%x=h[12]/x=-}"
}

connections()
{
	network_get red connections
}
