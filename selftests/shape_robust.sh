#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shape_robust.sh: classes with rates at the ends of the range, clocks that jump, taken CPUs, full queues; unloading.
#
#    h1           h2           h3           h4
#   p1 |         p2 |         p3 |         p4 |           root
#  +---o------------o------------o------------o---+        |
#  |                 network red                  |       top -- mid -- leaf
#  +----------------------------------------------+
#
# Changes to a tree under load: shape_change.sh. Ten thousand classes: manyclasses.sh. How values are refused that a
# command cannot even say: nl_limits.c.

. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_module.sh
. "$TESTDIR/lib_module.sh"

ALL_TESTS="
	a_bit_a_second
	the_highest_rate
	rates_that_do_not_exist
	clocks_jump
	a_busy_cpu
	all_queues_are_full
	unloading_with_all_queues_in_use"

H=02:00:00:00:00:0
PATIENT="queue 1mb delay-target none delay-limit none"
# of the classes that are watched by the clock
RATE=400000 BURST=3028
# Where each command takes seconds, frames have to be held for as long.
[ "$VNET_SLOW" = 1 ] && RATE=120000

setup()
{
	local i

	for i in 1 2 3 4; do
		host h$i p$i $H$i
	done
}

red_network()
{
	local i

	vq network add red up max-classes 100
	defer vnetctl flush
	defer conservation
	for i in 1 2 3 4; do
		ip link set p$i up
		vq port add p$i network red
		vq fdb add red $H$i dev p$i
	done
}

# slow KEYS...: what h1 sends
slow()
{
	red_network
	vq class add red slow "$@"
	vq member set p1 class-egress slow
}

# send FROM TO COUNT: frames of 1000 bytes
send()
{
	send_frames from=h$1,k=udp4,d=$H$2,size=1000,n=$3
}

held()
{
	class_stat red $1 ${2:-egress} queued_packets
}

is_empty()
{
	is_eq 0 held "$@"
}

# A frame is in debt for hours, and a day is no reason to let go of the next one.
a_bit_a_second()
{
	slow rate 1bit ceil 1bit burst 1514b cburst 1514b $PATIENT
	send 1 3 20
	check_num "frames held" "$(held slow)" -ge 17
	check_eq "its rate" "$(v -j class show red slow | jq -c '.[0] | [.rate, .ceil]')" "[1,1]"
	sleep 0.5
	check_num "still held" "$(held slow)" -ge 17
	vq class set red slow rate 100mbit ceil 100mbit
	wait_for "all of them go" is_empty slow
	check_eq "frames" "$(class_stat red slow egress packets) $(all_drops p1)" "20 0"
	vq class set red slow rate 1bit ceil 1bit
	send 1 3 2000
	check_num "frames held again" "$(held slow)" -ge 20
	vq class set red slow rate 1bit ceil 1tbit
	wait_for "what may be borrowed without end is" is_empty slow
}

the_highest_rate()
{
	slow rate 1tbit ceil 1tbit $PATIENT
	send 1 3 500
	check_eq "frames" "$(class_stat red slow egress packets)" 500
	check_eq "delayed" "$(class_stat red slow egress delayed)" 0
	vq class set red root rate 1tbit ceil 1tbit overhead 1024b
	send 1 3 500
	check_eq "frames, charged by all" "$(class_stat red slow egress packets)" 1000
	check_eq "delayed" "$(class_stat red slow egress delayed)" 0
}

rates_that_do_not_exist()
{
	local rate

	slow rate 1mbit
	for rate in 0bit 1000000000001bit 1001gbit 9223372036854775807bit; do
		refused "rate|range" class set red slow rate $rate
		refused "rate|range" class add red more rate $rate
	done
	for rate in 9223372036854775808bit 18446744073709551616bit 10000000tbit; do
		check_err "a rate of $rate" 1 "too large" vnetctl class set red slow rate $rate
	done
	check_err "a negative rate" 1 "not a number" vnetctl class set red slow rate -1bit
	check_eq "its rate" "$(v -j class show red slow | jq '.[0].rate')" 1000000
}

# uptime_ms: of a clock that nobody sets
uptime_ms()
{
	local up

	read -r up _ </proc/uptime
	echo $((10#${up/./} * 10))
}

# begin_watch: what leaves the slow class from here on
begin_watch()
{
	# the time first, as it is the last thing in the end: to ask takes time
	WATCH_MS=$(uptime_ms)
	WATCH_BYTES=$(class_stat red slow egress bytes)
}

# end_watch WHAT: it was no more than the burst and what the rate gives in that time
end_watch()
{
	local bytes ms

	bytes=$(($(class_stat red slow egress bytes) - WATCH_BYTES))
	# both times are cut to 10 ms, and the last frame may be in debt
	ms=$(($(uptime_ms) - WATCH_MS + 10))
	info "$1: $bytes bytes in $ms ms"
	check_num "bytes that left $1" $bytes -le $((BURST + RATE / 8 * ms / 1000 + 1514))
}

# sent_more_than FRAMES: more than so many have left in all
sent_more_than()
{
	is_ge $(($1 + 1)) class_stat red slow egress packets
}

set_clock()
{
	date -s "@$(($(date +%s) + $1))" >/dev/null
}

# An hour forth, two back, one forth: nothing waits for the day that it came on, and nothing is given for the hours.
clocks_jump()
{
	local hours jump sent

	slow rate ${RATE}bit burst ${BURST}b cburst ${BURST}b $PATIENT
	send 1 3 900
	check_num "frames held" "$(held slow)" -gt 500
	set_clock 0 || skip "the clock cannot be set here"
	for jump in 3600 -7200 3600; do
		hours=$((jump / 3600))
		begin_watch
		set_clock $jump
		sent=$(class_stat red slow egress packets)
		wait_for "frames after $hours h" sent_more_than $((sent + 5))
		end_watch "after $hours h"
	done
	check_num "still held" "$(held slow)" -gt 0
	vq class set red slow rate 1gbit ceil 1gbit
	wait_for "the rest" is_empty slow
	check_eq "frames" "$(class_stat red slow egress packets) $(all_drops p1)" "900 0"
}

# take_cpu CPU SECONDS: nobody else runs there, but for interrupts
take_cpu()
{
	chrt -f 50 taskset -c $1 "$PYTHON" -S -E -c "
import time
end = time.monotonic() + $2
while time.monotonic() < end:
    pass"
}

# A program of real-time priority has the CPU of the timer, whichever that is.
a_busy_cpu()
{
	local cpu sent

	need chrt taskset
	slow rate ${RATE}bit burst ${BURST}b cburst ${BURST}b $PATIENT
	send 1 3 900
	check_num "frames held" "$(held slow)" -gt 500
	for ((cpu = 0; cpu < $(nproc); cpu++)); do
		sent=$(class_stat red slow egress packets)
		begin_watch
		take_cpu $cpu 2 || fail "CPU $cpu cannot be taken"
		check_num "frames while CPU $cpu was taken" $(($(class_stat red slow egress packets) - sent)) -ge 20
		end_watch "while CPU $cpu was taken"
		begin_watch
		sent=$(class_stat red slow egress packets)
		wait_for "frames afterwards" sent_more_than $((sent + 3))
		end_watch "afterwards"
	done
	check_num "still held" "$(held slow)" -gt 0
	vq class set red slow rate 1gbit ceil 1gbit
	wait_for "the rest" is_empty slow
	check_eq "frames" "$(class_stat red slow egress packets) $(all_drops p1)" "900 0"
}

# the tree above, so slow that it holds whatever comes
tree()
{
	red_network
	v_batch <<-END
		class add red top rate 8kbit ceil 8kbit $PATIENT
		class add red mid parent top rate 4kbit ceil 8kbit $PATIENT
		class add red leaf parent mid rate 1kbit ceil 8kbit $PATIENT
		member set p1 class-egress leaf class-ingress leaf
		member set p2 class-egress mid class-ingress mid
		member set p3 class-egress top class-ingress top
	END
}

# fill: h4 is not shaped and fills what is for the others, before they send
fill()
{
	local i

	for i in 1 2 3; do
		send 4 $i $1
	done
	for i in 1 2 3; do
		send $i 4 $1
	done
}

all_queues_are_full()
{
	local class direction

	tree
	for class in top mid leaf; do
		vq class set red $class queue 20kb
	done
	fill 100
	for class in top mid leaf; do
		for direction in egress ingress; do
			check_num "bytes held by $class" "$(class_stat red $class $direction queued_bytes)" -le 20480
			check_num "frames dropped by $class" "$(class_stat red $class $direction dropped)" -ge 70
		done
	done
	# now there is no room in the network either
	vq network set red max-queue 20kb
	fill 50
	vq network set red max-queue 1mb
	for class in top mid leaf; do
		vq class set red $class rate 1gbit ceil 1gbit
	done
	for class in top mid leaf; do
		wait_for "$class is empty" is_empty $class egress
		wait_for "$class is empty" is_empty $class ingress
	done
	probe from=h1,k=udp4,d=h3,n=10,x=h3 from=h2,k=udp4,d=h4,n=10,x=h4
}

unloading_with_all_queues_in_use()
{
	local class

	find_module
	tree
	fill 30
	vq class set red root rate 100kbit ceil 100kbit $PATIENT
	send 4 1 60
	check_num "held by the root" "$(held root egress)" -ge 20
	for class in top mid leaf; do
		check_num "held by $class" "$(held $class egress)" -ge 20
		check_num "held by $class" "$(held $class ingress)" -ge 20
	done
	defer load_module
	check_err "unload with ports" 1 "in use" rmmod vnet
	vq flush
	check "unload at once" rmmod vnet
	check "load" load_module
	red_network
	probe from=h1,k=udp4,d=h3,n=10,x=h3
}

run_tests
