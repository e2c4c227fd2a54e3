#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# cli_batch.sh: many commands from a file or standard input: comments, order, errors with file and line, -force.

# shellcheck disable=SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="from_file from_stdin without_option comments stops_at_error names_the_line force usage_and_refusal
	   absent_file no_final_newline output_in_order json quoting many_lines rule_file"

setup()
{
	vq network add keep
}

networks()
{
	vnetctl -j network show | jq -r '[.[].network] | sort | join(" ")'
}

clean()
{
	local n

	for n in a b c d e; do
		vnetctl network del $n if-exists >/dev/null
	done
}

# lines LINE...: into the file "lines"
lines()
{
	defer clean
	printf '%s\n' "$@" >"$WORK/lines"
}

from_file()
{
	lines "network add a" "network add b vni 5" "network set a up"
	check "-b FILE" vnetctl -b "$WORK/lines"
	check_eq "networks" "$(networks)" "a b keep"
	check_eq "up" "$(v -j network show a | jq '.[0].up')" true
}

from_stdin()
{
	lines "network add a" "network add b"
	check "-b -" vnetctl -b - <"$WORK/lines"
	check_eq "networks" "$(networks)" "a b keep"
}

# a script may be piped in
without_option()
{
	lines "network add a" "network add b"
	check "standard input" vnetctl <"$WORK/lines"
	check_eq "networks" "$(networks)" "a b keep"
	lines "network add c" "network foo"
	check_err "an error in standard input" 1 ":2" vnetctl <"$WORK/lines"
}

comments()
{
	lines "# a comment" "" "   " "	# another one" "network add a   # up to here" "  network   add	b  "
	check "comments" vnetctl -b "$WORK/lines"
	check_eq "networks" "$(networks)" "a b keep"
	check "nothing but comments" vnetctl -b - <<<"# nothing"
	check "an empty file" vnetctl -b /dev/null
}

stops_at_error()
{
	lines "network add a" "network add a vni 9" "network add b"
	check_err "a refusal" 2 . vnetctl -b "$WORK/lines"
	check_eq "networks" "$(networks)" "a keep"
	lines "network add b" "network colour b" "network add c"
	check_err "an error of usage" 1 . vnetctl -b "$WORK/lines"
	check_eq "networks" "$(networks)" "a b keep"
}

names_the_line()
{
	lines "# first" "network add a" "" "network del absent"
	check_err "a refusal" 2 "lines:4" vnetctl -b "$WORK/lines"
	check_err "a refusal from standard input" 2 "(stdin.?|-):4" vnetctl -b - <"$WORK/lines"
	lines "# first" "network frobnicate a"
	check_err "an error of usage" 1 "lines:2" vnetctl -b "$WORK/lines"
	check_err "the word" 1 "frobnicate" vnetctl -b "$WORK/lines"
}

# the exit status is that of the first command that failed
force()
{
	lines "network add a" "network del absent" "network add b" "network foo" "network add c"
	check_err "a refusal first" 2 "lines:2" vnetctl -force -b "$WORK/lines"
	check_match "both lines are named" "$(vnetctl -force -b "$WORK/lines" 2>&1 | tr '\n' ' ')" "lines:2.*lines:4"
	check_eq "networks" "$(networks)" "a b c keep"
	lines "network foo" "network del absent" "network add d"
	check_err "an error of usage first" 1 "lines:1" vnetctl -force -b "$WORK/lines"
	check_eq "networks" "$(networks)" "a b c d keep"
	lines "network add e"
	check "-force without errors" vnetctl -force -b "$WORK/lines"
}

usage_and_refusal()
{
	lines "network add a" "network add a"
	check "the same again is no error" vnetctl -b "$WORK/lines"
	lines "network del absent if-exists"
	check "if-exists is no error" vnetctl -b "$WORK/lines"
}

absent_file()
{
	check_err "a file that is not there" 1 "absent.*no such file|no such file.*absent" vnetctl -b "$WORK/absent"
	check_not "a directory" vnetctl -b "$WORK"
}

no_final_newline()
{
	defer clean
	printf 'network add a\nnetwork add b' >"$WORK/lines"
	check "no newline at the end" vnetctl -b "$WORK/lines"
	check_eq "networks" "$(networks)" "a b keep"
	printf 'network add c\r\n' >"$WORK/lines"
	vnetctl -b "$WORK/lines" >/dev/null 2>&1
	check_not "a carriage return in a name" eval "networks | grep -q $'\\r'"
	head -c 300000 /dev/zero | tr '\0' x >"$WORK/lines"
	check_err "a very long line" 1 . vnetctl -b "$WORK/lines"
	printf 'network add \0\n' >"$WORK/lines"
	check_not "a NUL" vnetctl -b "$WORK/lines"
}

# output and effects come in the order of the lines
output_in_order()
{
	lines "network add a" "network show a" "network del a" "network add b" "network show b"
	check_match "order" "$(vnetctl -b "$WORK/lines" 2>&1 | tr '\n' ' ')" "a .*b "
	check_eq "networks" "$(networks)" "b keep"
}

json()
{
	lines "network add a" "network show a" "network show keep"
	check_eq "an array a command" "$(v -j -b "$WORK/lines" | jq -r 'select(length > 0) | .[0].network // empty' |
		paste -sd ' ')" "a keep"
}

# word TEXT WANT: what a batch makes of TEXT as a tenant's label
word()
{
	lines "network set keep tenant $1"
	check "$1" vnetctl -b "$WORK/lines"
	check_eq "$1" "$(v -j network show keep | jq -r '.[0].tenant // "none"')" "$2"
}

quoting()
{
	defer vnetctl rule load keep /dev/null
	defer vnetctl network set keep tenant ""
	word '"big corp"' "big corp"
	word "'big  corp'" "big  corp"
	word 'big\ corp' "big corp"
	word '"#1"' "#1"
	word '\#1   # a comment' "#1"
	word 'a#b' "a#b"
	word '"say \"hi\""' 'say "hi"'
	word '"a\b\\c"' 'a\b\c'
	word "'a\b\"c'" 'a\b"c'
	word "it\"'\"s" "it's"
	word "big' 'corp" "big corp"
	word '""' none
	lines 'network set keep tenant #none'
	check_err "a comment is no label" 1 "needs a value" vnetctl -b "$WORK/lines"
	lines 'network add a' 'network add "b'
	check_err "an open quote" 1 "lines:2:.*quote" vnetctl -b "$WORK/lines"
	lines 'network add c\'
	check_err "a backslash at the end" 1 "lines:1:.*backslash" vnetctl -b "$WORK/lines"
	lines 'network set keep tenant "big corp" colour blue'
	check_err "the line as it can be typed" 1 '^    network set keep tenant "big corp" colour blue$' \
		vnetctl -b "$WORK/lines"
	printf '%s\n' '"a" prio 1 ingress allow' "'b' prio 2 ingress allow" >"$WORK/rules"
	check "in a set of rules" vnetctl rule load keep "$WORK/rules"
	check_eq "rules" "$(v -j rule show keep | jq -r '[.[].name] | join(" ")')" "a b"
	check_eq "networks" "$(networks)" "a keep"
}

many_lines()
{
	local i n=3000 start

	[ "$VNET_SLOW" = 1 ] && n=500
	vq network set keep max-rules 4000
	for ((i = 0; i < n; i++)); do
		echo "rule add keep r$i prio $((i % 1000)) ingress src 10.$((i / 256)).$((i % 256)).0/24 drop"
	done >"$WORK/many"
	start=$(now_ms)
	check "$n lines" vnetctl -b "$WORK/many"
	info "$n rules in $(($(now_ms) - start)) ms"
	check_eq "rules" "$(network_get keep rules)" "$n"
	check_num "milliseconds" $(($(now_ms) - start)) -lt $((20000 * SLOWNESS))
	vq rule load keep /dev/null
}

rule_file()
{
	printf '%s\n' "# rules" "a prio 1 ingress allow" "" "b prio 2 egress proto tcp drop" >"$WORK/rules"
	lines "network add a" "rule load a $WORK/rules"
	check "rule load in a batch" vnetctl -b "$WORK/lines"
	check_eq "rules" "$(v -j rule show a | jq length)" 2
}

run_tests
