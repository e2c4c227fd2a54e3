#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# cli_argv.sh: vnetctl with arguments: exit codes, errors that point at the word, units, unchanged, if-exists, help.

# shellcheck disable=SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="exit_codes caret unknown_words missing_words surplus_words no_abbreviations units_required units_read
	   bad_values names unchanged different if_exists set_needs_object one_and_filters refusals_speak limits_speak
	   guard_lists_end hints streams no_color
	   help_everywhere version options explain_reasons"

setup()
{
	need_device dummy
	ip link add vtd0 type dummy
	defer ip link del vtd0
	ip link add vtd1 type dummy
	defer ip link del vtd1
	v_batch <<-END
		network add red vni 7
		port add vtd0 network red
		class add red gold rate 100mbit
		rule add red web prio 100 ingress proto tcp dport 80 allow
		fdb add red 02:00:00:00:00:02 dev vtd0
	END
}

# usage REGEX ARGS...: an error of usage (exit 1) with these words
usage()
{
	local regex=$1; shift

	check_err "usage: vnetctl $*" 1 "$regex" vnetctl "$@"
}

exit_codes()
{
	check "0" vnetctl network show
	check_err "1" 1 . vnetctl network shwo
	check_err "2" 2 . vnetctl network del absent
	check_err "2, one that is asked for by name" 2 . vnetctl network show absent
	check_err "2, a port" 2 . vnetctl port show absent0
	check_err "2, a rule" 2 . vnetctl rule show red absent
	check_err "2, a class" 2 . vnetctl class show red absent
}

# points_at WORD ARGS...: under the line that repeats the command there is a caret below WORD
points_at()
{
	local word=$1 out line caret; shift

	out=$(vnetctl "$@" 2>&1) && fail "accepted: vnetctl $*"
	caret=$(printf '%s\n' "$out" | grep -m1 -E '^ *\^')
	line=$(printf '%s\n' "$out" | grep -m1 -B1 -E '^ *\^' | head -n 1)
	[ -n "$caret" ] || { fail "no caret: vnetctl $*"; info "$out"; return; }
	caret=${caret%%^*}
	if [ "${line:${#caret}:${#word}}" != "$word" ]; then
		fail "the caret is not below '$word': vnetctl $*"
		info "$out"
	fi
}

caret()
{
	points_at networq networq add blue
	points_at create network create blue
	points_at vnii network add blue vnii 100
	points_at ten network add blue vni ten tenant acme
	points_at sideways rule add red x prio 1 sideways allow
	points_at 70000 rule add red x prio 1 ingress proto tcp dport 70000 allow
	points_at 100 class add red silver rate 100
	points_at 4095 member add vtd1 vlan 4095 network red
	points_at 02:00:00:00:00 fdb add red 02:00:00:00:00 dev vtd0
	points_at 10.0.0.0/33 rule add red x prio 1 ingress src 10.0.0.0/33 allow
	points_at maybe member set vtd0 isolated maybe
	points_at surplus network del red surplus
	check "nothing has happened" vnetctl network show red
	check_eq "networks" "$(v -j network show | jq length)" 1
}

unknown_words()
{
	usage "unknown|no such|not|there is no" foo
	usage "unknown|no such|not|expected|there is no" network foo
	usage "unknown|no such|not|expected|there is no" network show red foo bar
	usage "unknown|no such|not|expected|there is no" network add blue colour blue
	usage "unknown|no such|not|expected|there is no" explain no_such_reason
	usage "unknown|no such|not|expected|there is no" help network foo
}

missing_words()
{
	usage "name|missing|expected|needs" network add
	usage "vni|value|missing|expected|needs" network add blue vni
	usage "missing|expected|needs|name|verb" network
	usage "missing|expected|needs|mac" fdb add red
	usage "missing|expected|needs|dev" fdb add red 02:00:00:00:00:03
	usage "missing|expected|needs|rate" class add red silver
	usage "missing|expected|needs|prio" rule add red x ingress allow
	usage "missing|expected|needs|ingress|egress|direction" rule add red x prio 1 allow
	usage "missing|expected|needs|allow|drop|action" rule add red x prio 1 ingress
	usage "missing|expected|needs|network" member add vtd1 vlan 5
	usage "missing|expected|needs|svlan" member add vtd1 cvlan 5 network red
	check_eq "networks" "$(v -j network show | jq length)" 1
}

surplus_words()
{
	usage . network del red blue
	usage "twice|already|again|repeat|duplicate" network add blue vni 1 vni 2
	usage "twice|already|again|both|conflict|repeat|duplicate|unknown|expected" network add blue up down
	usage . info red
	check_eq "networks" "$(v -j network show | jq length)" 1
}

# abbreviations are for the prompt: a script must not change its meaning with a new word
no_abbreviations()
{
	usage . net show
	usage . network sh
	usage . n s
	usage . network add blue tena acme
	usage . member set vtd0 isol on
	usage . member set vtd0 isolated of
	check_eq "networks" "$(v -j network show | jq length)" 1
}

units_required()
{
	usage "unit" class add red silver rate 100
	usage "unit" class add red silver rate 100mbit ceil 200
	usage "unit" class add red silver rate 100mbit burst 20000
	usage "unit" class add red silver rate 100mbit queue 20000
	usage "unit" class add red silver rate 100mbit delay-target 5
	usage "unit" class set red root overhead 24
	usage "unit" network set red ageing 300
	usage "unit" network set red max-queue 1000000
	usage "unit" member set vtd0 flood-rate 1000
	usage "unit" class set red root rate 0
	usage "unit" network set red ageing 5m
	usage . class add red silver rate 100mb
	usage . class add red silver rate mbit
	usage . class add red silver rate -5mbit
	usage . network set red ageing 5kpps
	usage "unit" network set red connection-rate 5
	usage . network set red connection-rate 5kpps
	usage "unit" network set red packet-rate-egress 5
	usage . member set vtd0 packet-rate-ingress 5mbit
	usage . member set vtd0 packet-rate-ingress 101mpps
	usage "is not new" rule add red x prio 1 egress ct old drop
	usage "twice" rule add red x prio 1 egress ct new,new drop
	usage . member set vtd0 flood-rate 5mbit
	check_eq "classes" "$(v -j class show red | jq -r '[.[].name] | sort | join(" ")')" "gold root"
}

# reads KEY OBJECT... : the JSON value of a key
reads()
{
	local what=$1 want=$2 key=$3; shift 3

	check_eq "$what" "$(v -j "$@" | jq -r ".[-1].$key")" "$want"
}

units_read()
{
	local pair

	vq network add units
	defer vnetctl network del units
	vq class add units gold rate 1mbit
	for pair in 500ms:500 300s:300000 5min:300000 2h:7200000 never:0; do
		vq network set units ageing "${pair%:*}"
		reads "ageing ${pair%:*}" "${pair#*:}" ageing_ms network show units
	done
	for pair in 8kbit:8000 200mbit:200000000 1gbit:1000000000 2500000bit:2500000; do
		vq class set units gold rate "${pair%:*}" ceil "${pair%:*}"
		reads "rate ${pair%:*}" "${pair#*:}" rate class show units gold
	done
	vq class set units gold rate 1.5mbit ceil 2mbit
	reads "rate 1.5mbit" 1500000 rate class show units gold
	defer vnetctl member set vtd0 flood-rate off
	vq member set vtd0 flood-rate 50kpps
	reads "50kpps" 50000 flood_rate member show vtd0
	defer vnetctl member set vtd0 connection-rate off max-connections 16384
	vq member set vtd0 connection-rate 2kcps max-connections 9
	reads "2kcps" 2000 connection_rate member show vtd0
	reads "max-connections" 9 max_connections member show vtd0
	defer vnetctl member set vtd0 packet-rate-ingress off packet-rate-egress off
	vq member set vtd0 packet-rate-ingress 20kpps packet-rate-egress 100mpps
	reads "20kpps" 20000 packet_rate_ingress member show vtd0
	reads "100mpps" 100000000 packet_rate_egress member show vtd0
	vq network set units packet-rate-egress 30kpps
	reads "30kpps" 30000 packet_rate_egress network show units
	reads "off" 0 packet_rate_ingress network show units
	vq member set vtd0 flood-rate 300pps
	reads "300pps" 300 flood_rate member show vtd0
	vq member set vtd0 flood-rate off
	reads "off" 0 flood_rate member show vtd0
	vq class set units gold queue 100000b
	reads "100000b" 100000 queue class show units gold
	vq class set units gold delay-target 12ms delay-limit 2s
	reads "12ms" 12 delay_target_ms class show units gold
	reads "2s" 2000 delay_limit_ms class show units gold
	vq class set units gold delay-target none
	reads "none" 0 delay_target_ms class show units gold
	vq class set units root rate 500mbit
	reads "root rate" 500000000 rate class show units root
	vq class set units root rate unlimited
	reads "unlimited" 0 rate class show units root
}

# errs REGEX ARGS...: refused by vnetctl or by the kernel
errs()
{
	local regex=$1 out rc; shift

	out=$(vnetctl "$@" 2>&1)
	rc=$?
	check_num "exit status of $*" $rc -ge 1
	check_num "exit status of $*" $rc -le 2
	check_match "$*" "$out" "$regex"
}

bad_values()
{
	errs . network add blue vni 16777216
	errs . network add blue vni -1
	errs . network add blue vni 0x
	errs . network add blue max-macs 4194305
	errs . network add blue ageing 99ms
	errs . network add blue ageing 100000000s
	errs . member add vtd1 vlan 0 network red
	errs . member add vtd1 svlan 5 cvlan 4095 network red
	errs . fdb add red 01:00:5e:00:00:01 dev vtd0
	errs . fdb add red 00:00:00:00:00:00 dev vtd0
	errs . fdb add red 02:00:00:00:00:0g dev vtd0
	errs . rule add red x prio 65536 ingress allow
	errs . rule add red x prio 1 ingress proto tcp dport 20-10 allow
	errs . rule add red x prio 1 ingress proto 256 allow
	errs . rule add red x prio 1 ingress src 10.0.0.0/8 dst fd00::/8 allow
	errs . rule add red x prio 1 ingress src 10.0.0 allow
	errs . rule add red x prio 1 ingress ethertype 0x05ff allow
	errs . rule add red x prio 1 ingress proto tcp icmp-type 8 allow
	errs "without a rate" class add red silver rate 0bit
	errs . class add red silver rate 10mbit ceil 5mbit
	errs . class add red silver rate 10mbit prio 8
	errs . class add red silver rate 10mbit delay-limit 61s
	errs . class set red root overhead 2kb
	errs . class add red silver rate 10mbit burst 1000b
	errs . class add red silver parent absent rate 10mbit
	check_eq "networks" "$(v -j network show | jq length)" 1
	check_eq "rules" "$(v -j rule show red | jq length)" 1
	check_eq "classes" "$(v -j class show red | jq length)" 2
}

names()
{
	local long=abcdefghijklmnopqrstuvwxyz01234 bad

	check "31 characters" vnetctl network add $long
	check "the same" vnetctl network del $long
	errs "31|name|long|character" network add ${long}5
	check "all kinds of characters" vnetctl network add A-z_0.9
	check "the same" vnetctl network del A-z_0.9
	for bad in "" "a b" "a/b" "a%d" "a:b" $'a\n' $'caf\xc3\xa9' $'\xff' "*"; do
		errs "name|character" network add "$bad"
		errs "name|character" class add red "$bad" rate 1mbit
		errs "name|character" rule add red "$bad" prio 1 ingress allow
	done
	check_eq "networks" "$(v -j network show | jq length)" 1
}

# same ARGS...: adding it once more is fine and says so
same()
{
	check_match "vnetctl $*" "$(vnetctl "$@" 2>&1; echo "rc $?")" "unchanged"
	check "vnetctl $*" vnetctl "$@"
}

unchanged()
{
	same network add red vni 7
	same port add vtd0 network red
	same port add vtd0
	same member add vtd0 network red
	same class add red gold rate 100mbit
	same rule add red web prio 100 ingress proto tcp dport 80 allow
	same fdb add red 02:00:00:00:00:02 dev vtd0
	same fdb add red 02:00:00:00:00:02 dev vtd0 static
	check_not "a real change is called unchanged" \
		eval "vnetctl network set red ageing 77s | grep -q unchanged"
}

different()
{
	refused "exist|already|in use" network add red vni 8
	refused "exist|already|in use|VNI" network add blue vni 7
	refused "exist|already|role" port add vtd0 uplink
	refused "exist|already" class add red gold rate 200mbit
	refused "exist|already" rule add red web prio 101 ingress proto tcp dport 80 allow
	vq network add blue
	defer vnetctl network del blue
	refused "exist|already|belongs" member add vtd0 network blue
	reads "VNI" 7 vni network show red
	reads "rate" 100000000 rate class show red gold
	reads "prio" 100 prio rule show red web
}

if_exists()
{
	local object

	for object in "network del absent" "port del vtd1" "port del absent0" "member del vtd0 vlan 5" \
		      "fdb del red 02:00:00:00:00:99" "rule del red absent" "class del red absent"; do
		# shellcheck disable=SC2086
		check_err "$object" 2 . vnetctl $object
		# shellcheck disable=SC2086
		check "$object if-exists" vnetctl $object if-exists
	done
	vq network add blue
	check "what exists" vnetctl network del blue if-exists
	check_not "it is still there" vnetctl network show blue
}

set_needs_object()
{
	refused "no such|not found|does not exist|unknown|no network" network set absent up
	refused "no such|not found|does not exist|not attached|no member" member set vtd0 vlan 9 isolated on
	refused "no such|not found|does not exist|no class" class set red absent rate 1mbit
	refused "no such|not found|does not exist|no rule" rule set red absent prio 1 ingress allow
}

# the kernel's sentence, the object and, for limits, the numbers
refusals_speak()
{
	vq network add small max-members 1 max-rules 1
	defer vnetctl network del small
	vq member add vtd0 vlan 5 network small
	refused "member.*1|1.*member" member add vtd0 vlan 6 network small
	vq rule add small one prio 1 ingress allow
	refused "rule.*1|1.*rule" rule add small two prio 1 ingress allow
	refused "absent" network del absent
	refused "child|member" class del red root
	vq member set vtd0 class-egress gold
	refused "member|assigned|in use|busy" class del red gold
	vq member set vtd0 class-egress root
	refused "loopback" port add lo
}

# shown NUMBER ARGS...: so many objects
shown()
{
	local want=$1; shift

	check_eq "vnetctl $*" "$(vnetctl -j "$@" | jq length)" "$want"
}

# what is asked for by its name has to pass the filters too
one_and_filters()
{
	vq network add blue
	defer vnetctl network del blue
	vq network set red tenant "big corp"
	defer vnetctl network set red tenant ""
	vq member add vtd0 vlan 5 network red
	defer vnetctl member del vtd0 vlan 5
	shown 1 network show red tenant "big corp"
	shown 0 network show red tenant acme
	shown 1 member show vtd0 vlan 5 network red
	shown 0 member show vtd0 vlan 5 network blue
	shown 1 rule show red web ingress
	shown 0 rule show red web egress
	shown 1 fdb show red 02:00:00:00:00:02 dev vtd0
	shown 0 fdb show red 02:00:00:00:00:02 dev vtd0 vlan 5
	shown 1 fdb show red 02:00:00:00:00:02 static
	shown 0 fdb show red 02:00:00:00:00:02 sticky
	check_err "one that is not there" 2 . vnetctl network show absent tenant acme
}

# full OBJECT "NUMBER of LIMIT" WORD ARGS...: refused, with how much is used and what raises it
full()
{
	local object=$1 used=$2 word=$3 out; shift 3

	out=$(vnetctl "$@" 2>&1) && fail "accepted: vnetctl $*"
	check_match "vnetctl $*" "$out" "$object: $used .*\($word\)"
	check_match "vnetctl $*" "$out" "raise it: vnetctl ${object%% *} set ${object#* } $word N"
}

limits_speak()
{
	vq network add small max-members 1 max-rules 1 max-classes 1 max-macs 2
	defer vnetctl network del small
	vq member add vtd0 vlan 5 network small max-macs 1
	full "network small" "1 of 1" max-members member add vtd0 vlan 6 network small
	full "network small" "1 of 1" max-members port add vtd1 network small
	check_not "the port was attached" vnetctl port show vtd1
	vq rule add small one prio 1 ingress allow
	full "network small" "1 of 1" max-rules rule add small two prio 1 ingress allow
	printf '%s\n' "a prio 1 ingress allow" "b prio 2 ingress allow" >"$WORK/set"
	check_err "a set" 2 "the set has 2 rules, network small takes 1 \(max-rules\)" \
		vnetctl rule load small "$WORK/set"
	check_err "a set" 2 "raise it: vnetctl network set small max-rules N" vnetctl rule load small "$WORK/set"
	full "network small" "1 of 1" max-classes class add small gold rate 1mbit
	vq network set small max-sets 1 max-set-elements 1
	vq set add small hosts type addresses
	full "network small" "1 of 1" max-sets set add small doors type ports
	full "network small" "0 of 1" max-set-elements set element-add small hosts 10.0.0.1,10.0.0.2
	vq fdb add small 02:00:00:00:01:01 dev vtd0 vlan 5
	full "member vtd0 vlan 5" "1 of 1" max-macs fdb add small 02:00:00:00:01:02 dev vtd0 vlan 5
	vq member set vtd0 vlan 5 max-macs 3
	vq fdb add small 02:00:00:00:01:02 dev vtd0 vlan 5
	full "network small" "2 of 2" max-macs fdb add small 02:00:00:00:01:03 dev vtd0 vlan 5
	check_err "a member's limit that is lowered" 2 "member vtd0 vlan 5: 2 of 3 addresses in use \(max-macs\)" \
		vnetctl member set vtd0 vlan 5 max-macs 1
	check_err "a network's limit that is lowered" 2 "max-rules: in use now: 1" \
		vnetctl network set small max-rules 0
}

# addresses COUNT: so many prefixes of both families, with commas between
addresses()
{
	local i

	for ((i = 0; i < $1; i++)); do
		if ((i % 2)); then printf '10.0.%d.0/24' $((i / 2)); else printf 'fd00:%x::/32' "$i"; fi
		((i + 1 == $1)) || printf ','
	done
}

guard_lists_end()
{
	defer vnetctl member set vtd0 guard-ip off
	check "256 prefixes" vnetctl member set vtd0 guard-ip "$(addresses 256)"
	reads "256 prefixes" 256 "guard_ip | length" member show vtd0
	usage "more than 256" member set vtd0 guard-ip "$(addresses 257)"
}

# hint REGEX ARGS...: refused, with this advice
hint()
{
	local regex=$1; shift

	check_err "vnetctl $*" 2 "$regex" vnetctl "$@"
}

hints()
{
	vq network add blue
	defer vnetctl network del blue
	hint "see: vnetctl fdb show red 02:00:00:00:00:02; \"fdb del\"" \
		fdb add red 02:00:00:00:00:02 dev vtd0 sticky
	check_not "advice that cannot be followed" \
		eval "vnetctl fdb add red 02:00:00:00:00:02 dev vtd0 sticky 2>&1 | grep 'fdb set'"
	hint "see: vnetctl member show vtd0" port add vtd0 network blue
	hint "\"port set\" changes" port add vtd0 uplink
	hint "vnetctl class show red" member set vtd0 class-ingress silver
	hint "vnetctl class show red" class add red silver parent absent rate 1mbit
	hint "vnetctl class show red" class set red absent rate 1mbit
	hint "vnetctl class show blue" member add vtd0 vlan 7 network blue class-egress silver
	hint "vnetctl port show" rule add red x prio 1 ingress dev vtd1 allow
	hint "vnetctl port show" fdb add red 02:00:00:00:00:03 dev vtd1
	hint "vnetctl member show vtd0" fdb add red 02:00:00:00:00:03 dev vtd0 vlan 9
	hint "vnetctl member show vtd0" member set vtd0 vlan 9 isolated on
	hint "vnetctl rule show red" rule del red absent
	hint "vnetctl fdb show red" fdb del red 02:00:00:00:00:99
	hint "vnetctl network show" rule add absent x prio 1 ingress allow
}

streams()
{
	check_eq "an error on stdout" "$(vnetctl network shwo 2>/dev/null)" ""
	check_eq "a refusal on stdout" "$(vnetctl network del absent 2>/dev/null)" ""
	check_eq "a table on stderr" "$(vnetctl network show 2>&1 >/dev/null)" ""
	check_match "a table on stdout" "$(vnetctl network show 2>/dev/null)" "red"
	check_match "a port's table" "$(vnetctl port show)" "vtd0"
	check_match "a member's table" "$(vnetctl member show)" "vtd0.*red|red.*vtd0"
	check_match "an address's table" "$(vnetctl fdb show)" "02:00:00:00:00:02"
	check_match "a rule's table" "$(vnetctl rule show)" "web"
	check_match "a class's table" "$(vnetctl class show)" "gold"
	check_not "no room for output" eval 'vnetctl network show >/dev/full'
}

no_color()
{
	check_not "colours into a pipe" eval "vnetctl network show | grep -q $'\\033'"
	check_not "colours of an error into a pipe" eval "vnetctl network shwo 2>&1 | grep -q $'\\033'"
	check_not "colours into a pipe without NO_COLOR" \
		eval "env -u NO_COLOR vnetctl network show | grep -q $'\\033'"
}

help_everywhere()
{
	local object

	for object in network port member fdb rule set class; do
		check_match "help" "$(v help)" "$object"
		check_match "help $object" "$(v help $object)" "show"
		check_match "help $object show" "$(v help $object show)" "$object show"
	done
	check_match "help network add" "$(v help network add)" "policy-ingress"
	check_match "-h" "$(v -h)" "network"
	check_match "help of a pipe" "$(v -h)" "exit|-j|JSON"
}

version()
{
	check_match "-V" "$(v -V)" "[0-9]+\.[0-9]+"
	check_match "info" "$(v info)" "version"
}

options()
{
	usage . -Q network show
	usage . -b
	usage . -n
	check "-j -p -s together" vnetctl -j -p -s network show
	check_eq "-js" "$(v -j -s network show | jq '.[0] | has("stats")')" true
	check_not "a namespace that is not there" vnetctl -n absent-namespace network show
}

explain_reasons()
{
	check_match "explain" "$(v explain)" "no_member"
	check_match "explain mtu" "$(v explain mtu)" "same MTU"
	check_eq "one reason" "$(v -j explain mtu | jq -r '.[0].reason')" mtu
	check_eq "all reasons" "$(v -j explain | jq length)" "$(v -j info | jq '.[0].drop_reasons')"
}

run_tests
