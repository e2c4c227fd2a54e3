#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# cli_prompt.sh: the interactive prompt through a pseudo-terminal: history, completion, `?`, sub-prompt, abbreviations, keys.

# shellcheck disable=SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="starts_and_exits runs_commands errors_do_not_end_it history_file history_recall completes_keywords
	   completes_live_names lists_candidates question_mark help_command sub_prompt sub_prompt_completes
	   sub_prompt_of_nothing abbreviations ambiguous_prefix control_c control_d monitor_and_back hangup options
	   network_vanishes long_line quotes quotes_complete"

setup()
{
	need "$PYTHON"
	need_device dummy
	export HOME=$WORK/home INPUTRC=$WORK/inputrc
	unset XDG_STATE_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_CONFIG_HOME
	mkdir "$HOME"
	echo 'set enable-bracketed-paste off' >"$INPUTRC"
	ip link add vtd0 type dummy
	defer ip link del vtd0
	v_batch <<-END
		network add blue vni 5
		network add red
		port add vtd0 network blue
		rule add blue webserver prio 1 ingress proto tcp dport 80 allow
		class add blue gold rate 100mbit
	END
}

# prompt WHAT STEP...: the steps hold; before "--" come options
prompt()
{
	local what=$1; shift

	check "$what" "$PYTHON" "$TESTDIR/cli_prompt.py" -- "$@"
}

starts_and_exits()
{
	prompt "exit" "line=network show" "send=exit\\r" exit=0
	prompt "a first line that is empty" "line=" "line=   " "send=exit\\r" exit=0
}

runs_commands()
{
	prompt "show" "line=network show" "expect=blue" "expect=red"
	prompt "add and delete" "line=network add green vni 77" "line=network show green" "expect=77" \
		"line=network del green" "line=network show" "absent=green"
	check_eq "networks" "$(v -j network show | jq length)" 2
}

errors_do_not_end_it()
{
	prompt "an unknown word" "line=network frobnicate" "expect=\\^" "line=network show red" "expect=red"
	prompt "a refusal" "line=network del absent" "expect=[Nn]o such|not exist|not found|no network|unknown" \
		"line=network show red" "expect=red" "send=exit\\r" exit=0
}

history_files()
{
	find "$HOME" -type f -name '*hist*'
}

history_file()
{
	local file

	prompt "two lines" "line=network show red" "line=class show blue" "send=exit\\r" exit=0
	file=$(history_files | head -n 1)
	[ -n "$file" ] || { fail "no history file: $(find "$HOME" -type f)"; return; }
	check_eq "mode" "$(stat -c %a "$file")" 600
	check "the lines" grep -qx "network show red" "$file"
	check "the lines" grep -qx "class show blue" "$file"
	# also one that was there before with a generous mode and umask
	chmod 644 "$file"
	(umask 000; prompt "again" "line=network show blue" "send=exit\\r" exit=0)
	check_eq "mode afterwards" "$(stat -c %a "$(history_files | head -n 1)")" 600
}

history_recall()
{
	prompt "remember" "line=network show red" "send=exit\\r" exit=0
	# cursor up, then ENTER: the line of the earlier session
	prompt "recall" mark "send=\\e[A" "expect=network show red" mark "send=\\r" "expect=red" "prompt=vnet> "
}

completes_keywords()
{
	prompt "an object" mark "send=netw\\t" "expect=network "
	prompt "a verb" mark "send=network sh\\t" "expect=network show"
	prompt "a key" mark "send=network set blue ten\\t" "expect=tenant"
	prompt "a value" mark "send=network set blue policy-ingress dr\\t" "expect=drop"
	check_eq "nothing was changed" "$(v -j network show blue | jq -r '.[0].policy_ingress')" allow
}

completes_live_names()
{
	prompt "a network" mark "send=network del bl\\t" "expect=network del blue"
	prompt "a rule" mark "send=rule del blue web\\t" "expect=webserver"
	prompt "a class" mark "send=class show blue go\\t" "expect=gold"
	prompt "a device" mark "send=port show vtd\\t" "expect=vtd0"
	prompt "a network that is made here" "line=network add greenland" mark "send=network show greenl\\t" \
		"expect=greenland" "send=\\x15" "line=network del greenland"
	check_eq "networks" "$(v -j network show | jq length)" 2
}

lists_candidates()
{
	prompt "two times TAB" mark "send=network \\t\\t" "expect=add" "expect=del" "expect=show"
	prompt "names" mark "send=network del \\t\\t" "expect=blue" "expect=red"
}

# `?` helps at once, without ENTER, and leaves the line as it was
question_mark()
{
	prompt "at the start" mark "send=?" "expect=network" "expect=member"
	prompt "after an object" mark "send=network ?" "expect=add" "expect=show" "send=show red\\r" \
		"expect=network show red"
	prompt "after a key" mark "send=network add green ?" "expect=vni" "expect=tenant"
}

help_command()
{
	prompt "help" "line=help" "expect=network" "expect=class"
	prompt "help network" "line=help network" "expect=add"
	prompt "help network add" "line=help network add" "expect=policy-ingress"
}

sub_prompt()
{
	prompt "network use" "send=network use blue\\r" "prompt=vnet\\(blue\\)> " \
		"line=rule add ssh prio 9 ingress proto tcp dport 22 allow" \
		"line=rule show" "expect=ssh" "expect=webserver" \
		"line=class add silver rate 1mbit" \
		"send=exit\\r" "prompt=vnet> " "send=exit\\r" exit=0
	check "the rule" vnetctl rule show blue ssh
	check "the class" vnetctl class show blue silver
	prompt "network use without a name leaves" "send=network use blue\\r" "prompt=vnet\\(blue\\)> " \
		"send=network use\\r" "prompt=vnet> "
	prompt "a member without its network" "send=network use red\\r" "prompt=vnet\\(red\\)> " \
		"line=member add vtd0 vlan 5"
	check_eq "the member" "$(v -j member show vtd0 vlan 5 | jq -r '.[0].network')" red
	prompt "one member of the network" "send=network use red\\r" "prompt=vnet\\(red\\)> " \
		"line=member show vtd0 vlan 5" "expect=vtd0 +vlan 5 +red"
	prompt "one member of another network" "send=network use blue\\r" "prompt=vnet\\(blue\\)> " \
		"line=member show vtd0 vlan 5" "absent=Error|vlan 5 +red"
	prompt "from one to the other" "send=network use blue\\r" "prompt=vnet\\(blue\\)> " \
		"send=network use red\\r" "prompt=vnet\\(red\\)> " "line=rule show" "absent=webserver"
	# a network that is named wins
	prompt "a named network" "send=network use red\\r" "prompt=vnet\\(red\\)> " \
		"line=network show blue" "expect=blue"
	vq rule del blue ssh
	vq class del blue silver
	vq member del vtd0 vlan 5
}

sub_prompt_completes()
{
	prompt "a rule of the network" "send=network use blue\\r" "prompt=vnet\\(blue\\)> " \
		mark "send=rule del web\\t" "expect=webserver"
	check "it is still there" vnetctl rule show blue webserver
}

sub_prompt_of_nothing()
{
	prompt "a network that is not there" "line=network use absent" \
		"expect=[Nn]o such|not exist|not found|no network|unknown" "line=" "prompt=vnet> "
}

abbreviations()
{
	prompt "unique prefixes" "line=net sh red" "expect=red"
	prompt "of keys" "line=net set blue ten acme"
	check_eq "tenant" "$(v -j network show blue | jq -r '.[0].tenant')" acme
	vq network set blue tenant ""
	# a name is never abbreviated
	prompt "of names" "line=net sh blu" "expect=blu" "absent=acme"
	check_eq "networks" "$(v -j network show | jq length)" 2
}

ambiguous_prefix()
{
	prompt "a verb" "line=network s" 'expect="s" is ambiguous' "expect=could be: set show"
	prompt "a key" "line=network set blue max- 5" 'expect="max-" is ambiguous' \
		"expect=could be: max-members max-macs max-rules max-classes max-queue max-sets max-set-elements max-connections"
	prompt "an object" "line=m show" 'expect="m" is ambiguous' "expect=could be: member monitor"
	prompt "nothing is done" "line=n s red up" 'expect="s" is ambiguous'
	check_eq "red" "$(v -j network show red | jq '.[0].up')" false
}

# the line is dropped, the prompt stays
control_c()
{
	prompt "Ctrl-C" "send=network del blue" "expect=network del blue" "send=\\x03" "line=network show" "expect=blue" "send=exit\\r" exit=0
	check "the network" vnetctl network show blue
	prompt "Ctrl-C at an empty line" "send=\\x03" "line=network show" "expect=blue"
}

control_d()
{
	prompt "Ctrl-D" "line=network show" "send=\\x04" exit=0
}

monitor_and_back()
{
	prompt "monitor" mark "send=monitor\\r" "expect=monitor" "send=\\x03" "expect=vnet> " \
		"line=network show" "expect=blue"
}

# the terminal goes away: nobody stays behind
hangup()
{
	prompt "at the prompt" "line=network show" hangup
	prompt "in the monitor" mark "send=monitor\\r" "expect=monitor" hangup
	check_eq "processes of vnetctl" "$(pgrep -x vnetctl | paste -sd ' ')" ""
}

options()
{
	check "-j" "$PYTHON" "$TESTDIR/cli_prompt.py" -j -- "line=network show red" "expect=\"network\": ?\"red\""
	setup_ns away
	vq -n "$away" network add elsewhere
	check "-n" "$PYTHON" "$TESTDIR/cli_prompt.py" -n "$away" -- "line=network show" "expect=elsewhere" "absent=blue"
}

# somebody else deletes the network that the prompt is in
network_vanishes()
{
	vq network add brief
	prompt "a network that goes" "send=network use brief\\r" "prompt=vnet\\(brief\\)> " "line=network del brief" \
		"line=rule add x prio 1 ingress allow" "expect=[Nn]o such|not exist|not found|no network|unknown" \
		"line=network show blue" "expect=blue"
}

long_line()
{
	local long

	long=$(printf 'x%.0s' {1..3000})
	prompt "3000 characters" "line=network add $long" "line=network show red" "expect=red"
	check_eq "networks" "$(v -j network show | jq length)" 2
}

tenant()
{
	v -j network show blue | jq -r '.[0].tenant // "none"'
}

quotes()
{
	prompt "double quotes" 'line=network set blue tenant "big corp"' "absent=Error"
	check_eq "tenant" "$(tenant)" "big corp"
	prompt "a backslash" 'line=network set blue tenant a\ #b' "absent=Error"
	check_eq "tenant" "$(tenant)" "a #b"
	prompt "a question mark" 'line=network set blue tenant "who?"' "absent=Error|vni"
	check_eq "tenant" "$(tenant)" "who?"
	prompt "an empty word" "line=network set blue tenant ''" "absent=Error"
	check_eq "tenant" "$(tenant)" none
	prompt "an open quote" 'line=network set blue tenant "big' "expect=Error.*quote" \
		"line=network show red" "expect=red"
	check_eq "tenant" "$(tenant)" none
}

# behind a quoted word, and in quotes
quotes_complete()
{
	prompt "behind quotes" mark 'send=network add x tenant "big corp" policy-in\t' "expect=policy-ingress "
	prompt "behind a backslash" mark 'send=network add x tenant big\ corp policy-in\t' "expect=policy-ingress "
	prompt "in quotes" mark 'send=network show "bl\t' 'expect=network show "blue" '
	prompt "? behind quotes" mark 'send=network add x tenant "big corp" ?' "expect=policy-ingress" "absent=tenant +label"
	prompt "? behind a name in quotes" mark 'send=rule del "blue" ?' "expect=webserver"
	check "the rule" vnetctl rule show blue webserver
}

run_tests
