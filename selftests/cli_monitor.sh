#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# cli_monitor.sh: `vnetctl monitor`: each change once, as text and JSON, by group, with time; how it starts and ends.

# shellcheck disable=SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_monitor.sh
. "$(dirname "$0")/lib_monitor.sh"

ALL_TESTS="json_of_each_object text config_only fdb_only both timestamps own_namespace_only deleted_device
	   ends_on_signal ends_on_closed_pipe ends_when_nobody_reads outlives_hangup bad_words"

setup()
{
	need_device dummy
	ip link add vtd0 type dummy
	defer ip link del vtd0
}

change_everything()
{
	v_batch <<-END
		network add red
		network set red up
		port add vtd0 network red
		port set vtd0 uplink
		member set vtd0 isolated on
		rule add red web prio 1 ingress allow
		rule set red web prio 2 ingress allow
		rule del red web
		class add red gold rate 1mbit
		class set red gold rate 2mbit
		class del red gold
		fdb add red 02:00:00:00:00:77 dev vtd0
		fdb del red 02:00:00:00:00:77
		port del vtd0
		network del red
	END
}

json_of_each_object()
{
	monitor -j monitor
	change_everything
	hear '.event == "added" and .object == "network" and .network == "red"'
	hear '.event == "changed" and .object == "network" and .network == "red"'
	hear '.event == "added" and .object == "port" and .port == "vtd0"'
	hear '.event == "changed" and .object == "port" and .port == "vtd0" and .role == "uplink"'
	hear '.event == "added" and .object == "member" and .port == "vtd0" and .network == "red"'
	hear '.event == "changed" and .object == "member" and .port == "vtd0" and .isolated'
	hear '.event == "added" and .object == "rule" and .name == "web"'
	hear '.event == "changed" and .object == "rule" and .name == "web" and .prio == 2'
	hear '.event == "removed" and .object == "rule" and .name == "web"'
	hear '.event == "added" and .object == "class" and .name == "gold"'
	hear '.event == "changed" and .object == "class" and .name == "gold" and .rate == 2000000'
	hear '.event == "removed" and .object == "class" and .name == "gold"'
	hear '.event == "added" and .object == "fdb" and .mac == "02:00:00:00:00:77"'
	hear '.event == "removed" and .object == "fdb" and .mac == "02:00:00:00:00:77"'
	hear '.event == "removed" and .object == "member" and .port == "vtd0"'
	hear '.event == "removed" and .object == "port" and .port == "vtd0"'
	hear '.event == "removed" and .object == "network" and .network == "red"'
	check "one object a line" jq -e -n 'all(inputs; type == "object")' "$WORK/out"
	check_eq "lines and objects" "$(wc -l <"$WORK/out")" "$(jq -n '[inputs] | length' "$WORK/out")"
}

text()
{
	monitor monitor
	change_everything
	said "added.*network.*red|network.*red.*added"
	said "changed.*network.*red|network.*red.*changed"
	said "added.*rule.*web|rule.*web.*added"
	said "added.*fdb.*02:00:00:00:00:77|fdb.*02:00:00:00:00:77.*added"
	said "removed.*network.*red|network.*red.*removed"
}

config_only()
{
	monitor -j monitor config
	change_everything
	hear '.event == "removed" and .object == "network" and .network == "red"'
	check_not "addresses" grep -q '"fdb"' "$WORK/out"
}

fdb_only()
{
	monitor -j monitor fdb
	change_everything
	hear '.event == "removed" and .object == "fdb" and .mac == "02:00:00:00:00:77"'
	check_not "networks" grep -q '"object":"network"' "$WORK/out"
}

both()
{
	monitor -j monitor config fdb
	change_everything
	hear '.event == "removed" and .object == "fdb" and .mac == "02:00:00:00:00:77"'
	hear '.event == "removed" and .object == "network" and .network == "red"'
}

timestamps()
{
	monitor -t monitor
	change_everything
	said "[0-9][0-9]:[0-9][0-9]:[0-9][0-9].*network"
	stop_background "$BG"
	monitor monitor
	change_everything
	said "network"
	check_not "times without -t" grep -qE '^.{0,12}[0-9][0-9]:[0-9][0-9]:[0-9][0-9]\.' "$WORK/out"
}

own_namespace_only()
{
	setup_ns away
	monitor -j monitor
	vq -n "$away" network add elsewhere
	vq network add here
	vq network del here
	hear '.event == "removed" and .object == "network" and .network == "here"'
	check_not "another namespace" grep -q elsewhere "$WORK/out"
	stop_background "$BG"
	: >"$WORK/out"
	background vnetctl -n "$away" -j monitor >"$WORK/out" 2>&1
	vnetctl -n "$away" network del elsewhere >/dev/null
	busywait 10 away_is_told >/dev/null || fail "-n NETNS monitor tells nothing"
}

# the listener may come late: change until it hears
away_is_told()
{
	vnetctl -n "$away" network add again >/dev/null
	vnetctl -n "$away" network del again >/dev/null
	grep -q again "$WORK/out"
}

deleted_device()
{
	ip link add vtd9 type dummy
	vq network add red
	vq port add vtd9 network red
	monitor -j monitor
	ip link del vtd9
	hear '.event == "removed" and .object == "port"'
	hear '.event == "removed" and .object == "member"'
	vq network del red
}

ends_on_signal()
{
	local sig

	for sig in INT TERM HUP; do
		vnetctl monitor >"$WORK/out" 2>&1 &
		busywait 10 has_joined $! >/dev/null
		kill -$sig $!
		wait $!
		check_num "exit status after SIG$sig" $? -ne 2
		check_not "complaints after SIG$sig" grep -iE "error|fail|abort" "$WORK/out"
	done
}

# `vnetctl monitor | head -n 1` does not stay behind
ends_on_closed_pipe()
{
	(vnetctl monitor; : >"$WORK/ended") 2>/dev/null | head -n 1 >"$WORK/first" &
	busywait 10 ended_after_changes >/dev/null || fail "it is still running"
	check "one line" test -s "$WORK/first"
	wait $!
}

ended_after_changes()
{
	vnetctl network add again >/dev/null
	vnetctl network del again >/dev/null
	[ -e "$WORK/ended" ]
}

# a full disk, a terminal that has gone
ends_when_nobody_reads()
{
	(vnetctl monitor >/dev/full 2>"$WORK/first"; echo $? >"$WORK/ended") &
	busywait 10 ended_after_changes >/dev/null || fail "it is still running"
	check_eq "exit status" "$(busywait 10 cat "$WORK/ended")" 2
	check "it says why" grep -q "cannot write" "$WORK/first"
	rm -f "$WORK/ended"
}

# nohup(1) asks for that
outlives_hangup()
{
	: >"$WORK/out"
	background nohup vnetctl monitor >"$WORK/out" 2>&1
	busywait 10 has_joined "$BG" >/dev/null
	kill -HUP "$BG"
	vq network add red
	busywait 10 grep -q "added network red" "$WORK/out" >/dev/null || fail "it has ended"
	vq network del red
}

bad_words()
{
	check_err "an unknown group" 1 . timeout 20 vnetctl monitor everything
	check_err "a namespace that is not there" "$(timeout 20 vnetctl -n absent-ns monitor >/dev/null 2>&1; echo $?)" \
		"absent-ns" timeout 20 vnetctl -n absent-ns monitor
}

run_tests
