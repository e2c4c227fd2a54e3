#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# lib_shape.sh: load of given rates, and whether what arrives has the rates that it should. Sourced after lib.sh by
# scripts about shaping.
#
# Time is only exact where it is virtual (VNET_ICOUNT=1): there rates must be right within 2 %. Elsewhere a busy machine
# may stop the whole guest for a while: classes get a larger burst, rates are never exceeded by more than 15 %, and
# shares of two flows have the right ratio within 15 %. On a kernel that is slow (VNET_SLOW=1) the load runs, but its
# rates are not judged.

EXACT=${VNET_ICOUNT:-0}
TOLERANCE=15
[ "$EXACT" = 1 ] && TOLERANCE=2

# load [OPTION...] FLOW...: blast; the result is in $RESULT
load()
{
	local a args=()

	for a; do
		case $a in
		*,to=*)	args+=("$a,d=${a##*,to=},k=udp4");;
		*)	args+=("$a");;
		esac
	done
	RESULT=$(frame blast "${ENDPOINTS[@]/#/--ep=}" "${args[@]}" 2>&1) || die "blast: $RESULT"
	info "$RESULT"
	# The frames have been held and released; how fast says something of this machine only.
	if [ "$EXACT" = 0 ] && [ "$VNET_SLOW" = 1 ]; then
		conservation || exit 1
		skip "this kernel is too slow to offer the load; in virtual time it is measured"
	fi
}

# flow FROM TO MBIT SIZE: a flow of so many bit/s
flow()
{
	echo "from=$1,rate=$(awk "BEGIN {printf \"%d\", $3 * 1000000}"),size=$4,to=$2"
}

bps()
{
	jq ".$1.bps" <<<"$RESULT"
}

# check_rate HOST MBIT
check_rate()
{
	local want

	want=$(awk "BEGIN {printf \"%d\", $2 * 1000000}")
	if [ "$EXACT" = 1 ]; then
		check_near "bit/s at $1" "$(bps $1)" "$want" $TOLERANCE
	else
		check_num "bit/s at $1" "$(bps $1)" -le $((want * (100 + TOLERANCE) / 100))
		check_num "bit/s at $1" "$(bps $1)" -ge $((want / 2))
	fi
}

# check_share HOST1 MBIT1 HOST2 MBIT2: both rates, and how they compare
check_share()
{
	check_rate $1 $2
	check_rate $3 $4
	check_near "bit/s at $1, for what $3 has" "$(bps $1)" $(($(bps $3) * $2 / $4)) $TOLERANCE
}

# rate MBIT [CEIL]: keys for a class; sets $REPLY
rate()
{
	REPLY="rate ${1}mbit"
	[ -n "${2:-}" ] && REPLY+=" ceil ${2}mbit"
	# 100 ms at that rate
	[ "$EXACT" = 1 ] || REPLY+=" burst $((12500 * $1 + 3028))b cburst $((12500 * ${2:-$1} + 3028))b"
}
