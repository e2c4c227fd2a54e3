#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# cli_complete.sh: what `vnetctl __complete WORD...` offers for the last word, and bash's completion that asks it.

# shellcheck disable=SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="objects verbs keywords values live_networks live_sets live_devices live_names nothing_to_offer options
	   changes_nothing bash_function bash_names bash_quotes other_namespace many_addresses fast"

setup()
{
	need_device dummy
	ip link add vtd0 type dummy
	defer ip link del vtd0
	ip link add vtd1 type dummy
	defer ip link del vtd1
	v_batch <<-END
		network add red
		network add reef
		network add blue
		port add vtd0 network red
		rule add red web prio 1 ingress allow
		class add red gold rate 1mbit
		fdb add red 02:00:00:00:00:77 dev vtd0
	END
}

# offers WORDS...: the candidates, one a line, without explanations
offers()
{
	vnetctl __complete "$@" | cut -f 1 | awk '{print $1}' | sort -u
}

# offered "CANDIDATE..." WORDS...: all of these are among the candidates
offered()
{
	local want=$1 out w; shift

	out=$(offers "$@")
	for w in $want; do
		grep -qxF -e "$w" <<<"$out" || {
			fail "not offered: $w"
			info "   vnetctl __complete $*: $(paste -sd ' ' <<<"$out" | cut -c 1-300)"
		}
	done
}

# not_offered "CANDIDATE..." WORDS...
not_offered()
{
	local out w want=$1; shift

	out=$(offers "$@")
	for w in $want; do
		grep -qxF -e "$w" <<<"$out" && fail "offered: $w by vnetctl __complete $*"
	done
}

# exactly "CANDIDATE..." WORDS...
exactly()
{
	local want=$1; shift

	check_eq "vnetctl __complete $*" "$(offers "$@" | paste -sd ' ')" "$want"
}

objects()
{
	offered "network port member fdb rule set class info flush monitor explain help" ""
	exactly "network" netw
	not_offered "port" netw
}

verbs()
{
	offered "add set del show" network ""
	offered "add set del show" port ""
	offered "add set del show" member ""
	offered "add del show flush" fdb ""
	offered "add set del show load" rule ""
	offered "add del show elements element-add element-del load" set ""
	offered "add set del show" class ""
	exactly "show" network sh
	not_offered "load" network ""
}

keywords()
{
	offered "vni tenant up down policy-ingress policy-egress ageing max-members max-macs max-rules max-classes
		 max-queue max-sets max-set-elements max-connections connection-rate reject-rate packet-rate-ingress packet-rate-egress" network add green ""
	exactly "max-classes max-connections max-macs max-members max-queue max-rules max-set-elements max-sets" network add green max-
	offered "learning flood-unicast isolated hairpin class-ingress guard-mac guard-ip guard-dhcp guard-ra vlan svlan packet-rate-ingress
		packet-rate-egress" \
		member set vtd0 ""
	offered "src dst proto sport dport ethertype allow drop reject icmp-type dev class set-dscp" rule add red x prio 1 ingress ""
	offered "src-set dst-set sport-set dport-set src-mac-set dst-mac-set src-pair-set dst-pair-set member-set" \
		rule add red x prio 1 ingress ""
	offered "src-set dport-set" rule add red x prio 1 ingress not ""
	offered "type" set add red hosts ""
	exactly "addresses macs members pairs ports" set add red hosts type ""
	offered "parent rate ceil burst prio queue weight delay-target delay-limit" class add red silver ""
	offered "guest uplink capacity overcommit" port set vtd0 ""
	exactly "link none" port set vtd0 capacity ""
	offered "network guest uplink force" port add vtd1 ""
	offered "if-exists" network del red ""
	offered "dev all" fdb flush red ""
}

values()
{
	exactly "allow drop reject" network add green policy-ingress ""
	exactly "off on" member set vtd0 isolated ""
	offered "tcp udp icmp" rule add red x prio 1 ingress proto ""
	offered "ipv4 ipv6 arp" rule add red x prio 1 ingress ethertype ""
	offered "ingress egress" rule add red x prio 1 ""
	offered "mtu no_member" explain ""
}

live_networks()
{
	exactly "blue red reef" network del ""
	exactly "red reef" network del re
	offered "red reef blue" network show ""
	offered "red reef blue" rule add ""
	offered "red reef blue" port add vtd1 network ""
	vq network add green
	offered "green" network del ""
	vq network del green
	not_offered "green" network del ""
}

live_sets()
{
	vq set add red hosts type addresses
	vq set add red doors type ports
	vq set add blue other type macs
	exactly "doors hosts" set del red ""
	exactly "hosts" set element-add red h
	exactly "doors hosts" set load red ""
	exactly "doors hosts" rule add red x prio 1 ingress src-set ""
	exactly "doors hosts" rule add red x prio 1 ingress not dport-set ""
	vq set del red hosts
	vq set del red doors
	vq set del blue other
}

live_devices()
{
	offered "vtd1" port add ""
	offered "vtd0" port del ""
	not_offered "vtd1" port del ""
	offered "vtd0" member set ""
	offered "vtd0" member add ""
	offered "vtd0" fdb add red 02:00:00:00:00:01 dev ""
}

live_names()
{
	exactly "web" rule del red ""
	offered "gold root" class set red ""
	not_offered "gold" class set blue ""
	offered "gold root" class add red silver parent ""
	offered "gold" member set vtd0 class-egress ""
	offered "gold root" rule add red x prio 1 egress class ""
	offered "02:00:00:00:00:77" fdb del red ""
}

nothing_to_offer()
{
	exactly "" network frobnicate ""
	exactly "" network add green vni ""
	exactly "" frobnicate ""
	check "success, even with nothing to offer" vnetctl __complete frobnicate ""
	check "no words at all" vnetctl __complete
}

options()
{
	offered "network" -j ""
	offered "add set del show" -j -s network ""
}

changes_nothing()
{
	local before

	before=$(vnetctl -j network show)
	offers network del red >/dev/null
	offers network add green vni 5 "" >/dev/null
	offers flush "" >/dev/null
	check_eq "networks" "$(vnetctl -j network show)" "$before"
}

find_completion()
{
	local f

	for f in "$TESTDIR"/../userspace/completion/* /usr/share/bash-completion/completions/vnetctl; do
		[ -f "$f" ] && { COMPLETION=$f; return; }
	done
	skip "the completion for bash is not there"
}

# bash_offers WORDS...: what bash would offer for the last word
bash_offers()
{
	bash --norc -c '
		_init_completion() { cur=${COMP_WORDS[COMP_CWORD]} words=("${COMP_WORDS[@]}") cword=$COMP_CWORD; }
		source "$1" || exit 1
		shift
		f=$(complete -p vnetctl | sed -n "s/.*-F \([^ ]*\).*/\1/p")
		[ -n "$f" ] || exit 1
		COMP_WORDS=(vnetctl "$@") COMP_CWORD=$# COMP_LINE="vnetctl $*"
		COMP_POINT=${#COMP_LINE} COMP_TYPE=9 COMPREPLY=()
		"$f" vnetctl "${@: -1}" "${COMP_WORDS[COMP_CWORD - 1]}"
		printf "%s\n" "${COMPREPLY[@]}"' bash "$COMPLETION" "$@" | sed 's/ *$//' | sort
}

bash_function()
{
	find_completion
	check "the file is sound" bash -n "$COMPLETION"
	check_eq "objects" "$(bash_offers netw)" "network"
	check_eq "verbs" "$(bash_offers network s | paste -sd ' ')" "set show"
	check_eq "keywords" "$(bash_offers network add green ten)" "tenant"
}

bash_names()
{
	find_completion
	check_eq "networks" "$(bash_offers network del re | paste -sd ' ')" "red reef"
	check_eq "rules" "$(bash_offers rule del red "")" "web"
}

other_namespace()
{
	setup_ns away
	vq -n "$away" network add elsewhere
	offered "elsewhere" -n "$away" network del ""
	not_offered "red" -n "$away" network del ""
	not_offered "elsewhere" network del ""
}

# words are as they were typed, with their quotes
bash_quotes()
{
	find_completion
	check_eq "in quotes" "$(bash_offers network del '"re' | paste -sd ' ')" "red reef"
	check_eq "behind quotes" "$(bash_offers rule del '"red"' "")" "web"
	check_eq "behind a quoted label" "$(bash_offers network add x tenant '"big corp"' policy-in)" "policy-ingress"
	check_eq "behind a backslash" "$(bash_offers network add x tenant 'big\ corp' policy-in)" "policy-ingress"
}

# a table of millions is not read for one key
many_addresses()
{
	local i

	exactly "02:00:00:00:00:77" fdb del red ""
	for ((i = 0; i < 1000; i++)); do
		printf 'fdb add red 02:00:00:01:%02x:%02x dev vtd0\n' $((i / 256)) $((i % 256))
	done >"$WORK/many"
	check "1001 addresses" vnetctl -b "$WORK/many"
	exactly "" fdb del red ""
	vq fdb flush red all
	vq fdb add red 02:00:00:00:00:77 dev vtd0
}

# who presses TAB does not want to wait
fast()
{
	local start i

	start=$(now_ms)
	for ((i = 0; i < 10; i++)); do
		offers network del "" >/dev/null
	done
	check_num "milliseconds for ten" $(($(now_ms) - start)) -lt $((2000 * SLOWNESS))
}

run_tests
