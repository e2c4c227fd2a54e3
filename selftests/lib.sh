# SPDX-License-Identifier: GPL-2.0-only
# lib.sh: what every selftest script shares: KTAP, undo, checks, waiting, start and end. Knows no test;
# what concerns the switch is in lib_vnet.sh, which this file sources.
# shellcheck shell=bash
#
# A script sources this file, may define setup(), lists its cases and starts them:
#
#	. "$(dirname "$0")/lib.sh"
#	ALL_TESTS="ping_works ping_is_blocked conservation"
#	setup() { host h1 p1 02:00:00:00:00:01 10.0.0.1/24; ... }
#	ping_works() { check "h1 reaches h2" on h1 ping -c1 -W5 10.0.0.2; }
#	run_tests
#
# Each case runs in a subshell: variables do not leak, its `defer`red commands
# run when it ends, `die` and `skip` end it, `fail` and the checks mark it as
# failed and go on. setup() runs in the script's own shell; what it defers runs
# when the script ends, whatever the reason.
#
# Environment: VNET_SLOW=1 a guest that is emulated (timeouts grow),
# VNET_ICOUNT=1 time is virtual, VERBOSE=1 show commands of `v` and `probe`,
# TESTS="a b" only these cases, VNET_TEST_FORCE=1 delete what vnet has here.

set -u
export LC_ALL=C NO_COLOR=1

TESTDIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TESTNAME=$(basename "$0" .sh)
KSFT_PASS=0 KSFT_FAIL=1 KSFT_SKIP=4
command -v vnetctl >/dev/null || PATH=$TESTDIR/../build:$TESTDIR/../build/userspace:$PATH
PYTHON=${PYTHON:-/usr/bin/python3}
[ -x "$PYTHON" ] || PYTHON=python3

exec 3>&1				# diagnostics, also from inside $(...)

#----------------------------------------------------------------------------
# Slowness: emulated machines and debug kernels get longer timeouts
#----------------------------------------------------------------------------

# shellcheck source=lib_slow.sh
. "$TESTDIR/lib_slow.sh"
SLOWNESS=1
[ "$VNET_SLOW" = 1 ] && SLOWNESS=15

#----------------------------------------------------------------------------
# Undo: defer CMD... runs CMD when the case or the script ends, last one first
#----------------------------------------------------------------------------

DEFERS=()

# defer CMD...: run CMD at the end of this case (or of the script, in setup)
defer()
{
	DEFERS+=("$(printf '%q ' "$@")")
}

run_defers()
{
	local i

	for ((i = ${#DEFERS[@]} - 1; i >= 0; i--)); do
		eval "${DEFERS[i]}" >/dev/null 2>&1
	done
	DEFERS=()
}

# background CMD...: run CMD until the end of the case; its pid is in $BG. For
# `on HOST CMD...` and `frame ...` too it is the pid of the program itself.
background()
{
	case $1 in
	on)	nsenter --net=/run/netns/"${!2}" -- "${@:3}" &;;
	frame)	"$PYTHON" -S -E "$TESTDIR/frame.py" "${@:2}" &;;
	*)	"$@" &;;
	esac
	BG=$!
	defer stop_background "$BG"
}

stop_background()
{
	kill "$1" 2>/dev/null
	wait "$1" 2>/dev/null
}

#----------------------------------------------------------------------------
# Results
#----------------------------------------------------------------------------

WORK=$(mktemp -d "${TMPDIR:-/tmp}/vnet-test.XXXXXX")
FAILURES=$WORK/failures

# info TEXT: a diagnostic line
info()
{
	printf '%s\n' "$*" | sed 's/^/# /' >&3
}

# fail WHY: the case has failed; it goes on
fail()
{
	printf '%s\n' "$*" >>"$FAILURES"
	info "failed: $*"
	return 1
}

# die WHY: the case (or the setup, hence the script) has failed and ends
die()
{
	fail "$@"
	exit $KSFT_FAIL
}

# skip WHY: the case (or, outside of one, the script) cannot run here
skip()
{
	printf '%s\n' "$*" >"$WORK/skip"
	exit $KSFT_SKIP
}

# need PROGRAM...: skip unless all are installed
need()
{
	local p

	for p; do
		command -v "$p" >/dev/null || skip "$p is not installed"
	done
}

# need_device KIND: skip unless this kernel has that kind of interface
need_device()
{
	if ! ip link add vtprobe0 type "$@" 2>/dev/null; then
		skip "no $1 devices in this kernel"
	fi
	ip link del vtprobe0
}

# find_built NAME: the path of a C program of the selftests
find_built()
{
	local dir

	for dir in "${VNET_SELFTEST_BUILD:-}" "$TESTDIR/../build/selftests" "$TESTDIR"; do
		if [ -x "$dir/$1" ]; then
			REPLY=$dir/$1
			return
		fi
	done
	skip "the program $1 is not built: make -C selftests nl"
}

# check WHAT CMD...: CMD succeeds, else its output is shown
check()
{
	local what=$1 out; shift

	out=$("$@" 2>&1) && return 0
	fail "$what"
	info "   $*"
	[ -z "$out" ] || info "$(printf '%s\n' "$out" | tail -n 30 | sed 's/^/   /')"
	return 1
}

# check_not WHAT CMD...: CMD fails
check_not()
{
	local what=$1 out; shift

	if out=$("$@" 2>&1); then
		fail "$what"
		info "   $* succeeded"
		[ -z "$out" ] || info "$(printf '%s\n' "$out" | tail -n 30 | sed 's/^/   /')"
		return 1
	fi
	return 0
}

# check_eq WHAT GOT WANT: the same text
check_eq()
{
	[ "$2" = "$3" ] || fail "$1: got '$2', want '$3'"
}

# check_num WHAT GOT OP WANT: integers compared with test(1)'s -eq -ge -lt ...
check_num()
{
	test "$2" "$3" "$4" 2>/dev/null || fail "$1: got '$2', want $3 $4"
}

# check_near WHAT GOT WANT PERCENT: integers that differ by at most PERCENT
check_near()
{
	local diff=$(($2 > $3 ? $2 - $3 : $3 - $2))

	((diff * 100 <= $3 * $4)) || fail "$1: got $2, want $3 within $4 %"
}

# check_match WHAT TEXT REGEX: TEXT contains a match of the extended REGEX
check_match()
{
	printf '%s\n' "$2" | grep -qE -e "$3" || fail "$1: '$2' does not match '$3'"
}

# check_err WHAT STATUS REGEX CMD...: CMD exits with STATUS and says REGEX
check_err()
{
	local what=$1 status=$2 regex=$3 out rc; shift 3

	out=$("$@" 2>&1)
	rc=$?
	if [ $rc -ne "$status" ]; then
		fail "$what: exit status $rc, want $status"
	elif ! printf '%s\n' "$out" | grep -qiE -e "$regex"; then
		fail "$what: the message does not match '$regex'"
	else
		return 0
	fi
	info "   $*"
	info "   $out"
	return 1
}

#----------------------------------------------------------------------------
# Waiting for conditions
#----------------------------------------------------------------------------

# now_ms: milliseconds of a clock
now_ms()
{
	local t=$EPOCHREALTIME

	echo $((${t/[.,]/} / 1000))
}

# busywait SECONDS CMD...: until CMD succeeds (its output is printed), or false
# after SECONDS (times SLOWNESS)
busywait()
{
	local end=$(($(now_ms) + $1 * 1000 * SLOWNESS)) out; shift

	while ! out=$("$@" 2>/dev/null); do
		if (($(now_ms) >= end)); then
			printf '%s' "$out"
			return 1
		fi
		sleep 0.02
	done
	printf '%s' "$out"
}

# wait_for WHAT CMD...: as busywait with 10 seconds, and fails the case
wait_for()
{
	local what=$1; shift

	busywait 10 "$@" >/dev/null || fail "waited in vain: $what"
}

# is_ge NUMBER CMD...: CMD prints a number that is at least NUMBER
is_ge()
{
	local min=$1 out; shift

	out=$("$@") && [ -n "$out" ] && ((out >= min))
}

# is_eq TEXT CMD...: CMD prints TEXT
is_eq()
{
	local want=$1; shift

	[ "$("$@")" = "$want" ]
}

# shellcheck source=lib_vnet.sh
. "$TESTDIR/lib_vnet.sh"

#----------------------------------------------------------------------------
# Start and end
#----------------------------------------------------------------------------

# set_ipv6_default VALUE: whether interfaces that come speak IPv6 by themselves
set_ipv6_default()
{
	echo "$1" 2>/dev/null >/proc/sys/net/ipv6/conf/default/disable_ipv6
}

# clean_slate: nothing configured; skips the script where vnet cannot be tested,
# or has work to do: its networks and ports would not survive the tests
clean_slate()
{
	local out rc ipv6

	[ "$(id -u)" = 0 ] || skip "must be root"
	need vnetctl ip jq nsenter
	out=$(vnetctl -j info 2>&1)
	rc=$?
	[ $rc = 3 ] && skip "the module is not loaded: modprobe vnet"
	[ $rc = 0 ] || die "vnetctl info: $out"
	if [ "${VNET_TEST_FORCE:-}" != 1 ] && [ "$(jq '.[0] | .networks + .ports' <<<"$out")" != 0 ]; then
		skip "vnet has networks or ports here, which tests delete: vnetctl flush, or set VNET_TEST_FORCE=1"
	fi
	out=$(vnetctl flush 2>&1) || die "vnetctl flush: $out"
	# our ends of cables shall not speak by themselves
	ipv6=$(cat /proc/sys/net/ipv6/conf/default/disable_ipv6 2>/dev/null) || return 0
	defer set_ipv6_default "$ipv6"
	set_ipv6_default 1
}

SPLATS='Call Trace|WARNING:|BUG:|Oops|RIP:|KASAN|UBSAN|unreferenced object|INFO: task|refcount_t|suspicious RCU|possible recursive locking|possible circular locking|unregister_netdevice: waiting|scheduling while atomic'

mark_kernel_log()
{
	LOGMARK="vnet selftest $TESTNAME $$ begins"
	{ echo "$LOGMARK" >/dev/kmsg; } 2>/dev/null || LOGMARK=
}

kernel_log()
{
	if [ -n "$LOGMARK" ] && dmesg | grep -qF "$LOGMARK"; then
		dmesg | sed "1,/$LOGMARK/d"
	else
		dmesg
	fi
}

# no_splat: the kernel did not complain since the script began
no_splat()
{
	local out

	out=$(kernel_log | grep -E -A 25 "$SPLATS" | grep -v 'KernelAddressSanitizer initialized' |
		head -n 60)
	[ -z "$out" ] && return 0
	fail "the kernel complained"
	info "$out"
}

# what the switch looked like when a case failed
show_state()
{
	info "$(vnetctl -j -s member show 2>&1 | jq -c '.[] | {port, vlan, svlan, cvlan, network, stats}
		| del(..|nulls)' 2>&1 | head -n 20)"
	info "$(vnetctl -j -s port show 2>&1 | jq -c '.[] | {port, drops}' 2>&1 | head -n 20)"
}

# run_case NAME: one case in a subshell; 0 passed, 1 failed, 4 skipped
run_case()
{
	rm -f "$FAILURES" "$WORK/skip"
	(
		DEFERS=()
		trap run_defers EXIT
		trap 'exit 130' INT TERM
		declare -F "$1" >/dev/null || die "there is no case '$1'"
		"$1" </dev/null
		[ ! -s "$FAILURES" ] || show_state
		exit 0
	)
	case $? in
	0) ;;
	"$KSFT_SKIP") [ -s "$FAILURES" ] || return $KSFT_SKIP;;
	130) exit 130;;
	*) [ -s "$FAILURES" ] || echo "ended early" >"$FAILURES";;
	esac
	[ ! -s "$FAILURES" ]
}

finish()
{
	local rc=$?

	trap '' INT TERM
	run_defers
	if [ -s "$WORK/skip" ] && [ -z "${PLANNED:-}" ]; then
		printf '1..0 # SKIP %s\n' "$(cat "$WORK/skip")"
		rc=$KSFT_SKIP
	elif [ "${FINISHED:-0}" = 0 ] && [ $rc -ne 0 ]; then
		printf 'Bail out! %s\n' "$(tail -n 1 "$FAILURES" 2>/dev/null || echo interrupted)"
	fi
	rm -rf "$WORK"
	exit $rc
}

# run_tests: setup, the cases of ALL_TESTS, no_splat; exits
run_tests()
{
	local t n=0 passed=0 failed=0 skipped=0 tests

	tests="${TESTS:-$ALL_TESTS} no_splat"
	echo "TAP version 13"
	clean_slate
	mark_kernel_log
	defer vnetctl flush
	if declare -F setup >/dev/null; then
		rm -f "$FAILURES"
		setup
		[ ! -s "$FAILURES" ] || exit $KSFT_FAIL
	fi
	if grep -qwE 'probe|send_frames' "$0"; then
		start_prober
	fi
	PLANNED=1
	# shellcheck disable=SC2086
	echo "1..$(set -- $tests; echo $#)"
	for t in $tests; do
		n=$((n + 1))
		run_case "$t"
		case $? in
		0) passed=$((passed + 1)); echo "ok $n $t";;
		"$KSFT_SKIP")
			skipped=$((skipped + 1))
			echo "ok $n $t # SKIP $(cat "$WORK/skip")";;
		*) failed=$((failed + 1)); echo "not ok $n $t # $(head -n 1 "$FAILURES")";;
		esac
	done
	echo "# Totals: pass:$passed fail:$failed xfail:0 xpass:0 skip:$skipped error:0"
	FINISHED=1
	[ $failed = 0 ] && exit $KSFT_PASS
	exit $KSFT_FAIL
}

trap finish EXIT
trap 'exit 130' INT TERM
