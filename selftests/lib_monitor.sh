# SPDX-License-Identifier: GPL-2.0-only
# lib_monitor.sh: what `vnetctl monitor` tells, for selftests. Sourced behind lib.sh.
# shellcheck shell=bash

# is_listening PID: it has joined a group of the family
is_listening()
{
	awk -v pid="$1" '$2 == 16 && $3 == pid && $4 != "00000000" {found = 1} END {exit !found}' /proc/net/netlink
}

# monitor ARGS...: runs it in the background; its output is in "out", which may be
# emptied meanwhile
monitor()
{
	: >"$WORK/out"
	background vnetctl "$@" >>"$WORK/out" 2>&1
	# a socket without a number of its own is told by its program's
	busywait 10 has_joined "$BG" >/dev/null || sleep 0.5
}

has_joined()
{
	local inode

	is_listening "$1" && return 0
	for inode in $(find "/proc/$1/fd" -type l -printf '%l\n' | sed -n 's/socket:\[\(.*\)\]/\1/p'); do
		awk -v inode="$inode" '$10 == inode && $2 == 16 && $4 != "00000000" {found = 1} END {exit !found}' \
			/proc/net/netlink && return 0
	done
	return 1
}

# told FILTER: a line of "out" for which the jq filter is true
told()
{
	jq -e -n "[inputs | select($1)] | length == 1" <"$WORK/out" >/dev/null
}

hear()
{
	busywait 10 told "$1" >/dev/null || {
		fail "not told exactly once: $1"
		info "$(head -n 20 "$WORK/out")"
	}
}

# said REGEX: in the text
said()
{
	busywait 10 grep -qE "$1" "$WORK/out" || { fail "not told: $1"; info "$(head -n 20 "$WORK/out")"; }
}
