#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shape_delay.sh: what waits in a class: flows take turns, senders are told by marks and losses, old frames are dropped, and who floods loses.
#
#    h1 (sends)   h2           h3 (gets)
#   p1 |         p2 |         p3 |
#  +---o------------o------------o---+
#  |            network red          |
#  +---------------------------------+
#
# Nothing here depends on how fast the machine is, but for flood_and_ping: where time is
# virtual (VNET_ICOUNT=1) it measures delay, elsewhere only that nothing is lost.

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	overhead_is_charged
	sparse_flows_go_first
	floods_lose_and_others_do_not
	ecn_is_marked
	others_lose_frames
	delay_limit
	delay_limit_of_ingress
	flood_and_ping
	tcp_and_ping
	idle_class_under_a_flood
	tcp_keeps_its_queue_short
	local_senders_wait"

EXACT=${VNET_ICOUNT:-0}
PATIENT="delay-target none delay-limit none"
H3=02:00:00:00:00:03

setup()
{
	local i

	for i in 1 2 3; do
		host h$i p$i 02:00:00:00:00:0$i
		vq port add p$i
	done
}

red_network()
{
	local i

	with_network red
	for i in 1 2 3; do
		vq member add p$i network red
		vq fdb add red 02:00:00:00:00:0$i dev p$i
	done
}

# addresses: for the cases that want more than frames; without them no host says anything
addresses()
{
	local h

	for h in h1 h3; do
		on $h ip addr add 10.0.0.${h#h}/24 dev eth0
		defer on $h ip addr flush dev eth0
	done
}

# slow KEYS: the class that shapes what h1 sends, or with DIRECTION=ingress what h3 gets
slow()
{
	vq class add red slow "$@"
	if [ "${DIRECTION:-egress}" = ingress ]; then
		vq member set p3 class-ingress slow
	else
		vq member set p1 class-egress slow
	fi
}

# listen: what h3 gets is in $WORK/got
listen()
{
	rm -f "$WORK/ready"
	background frame listen --ep=${ENDPOINTS[h3]} --timeout=1000 --ready="$WORK/ready" >"$WORK/got"
	wait_for "the listener" test -s "$WORK/ready"
}

is_empty()
{
	is_eq 0 class_stat red slow ${1:-egress} queued_packets
}

# got FILTER: so many of the frames that h3 got
got()
{
	jq -s "map(select($1)) | length" "$WORK/got"
}

all_arrived()
{
	[ "$(got 'true')" = "$(member_stat p3 ingress_packets)" ]
}

# stop_listening [DIRECTION]: when all that is held has gone
stop_listening()
{
	busywait $((20 * SLOWNESS)) is_empty "${1:-}" || fail "frames stay in the class"
	wait_for "what has left" all_arrived
	kill $BG
	wait $BG 2>/dev/null
}

# One frame comes behind fifty of another flow, and goes before them.
sparse_flows_go_first()
{
	local sent

	red_network
	slow rate 8kbit queue 1mb $PATIENT
	listen
	send_frames from=h1,k=udp4,d=$H3,size=1000,n=50 from=h1,k=udp4,sport=7,d=$H3,size=100
	sent=$(class_stat red slow egress packets)
	vq class set red slow rate 100mbit
	stop_listening
	check_eq "frames" "$(got 'true')" 51
	check_num "place of the other flow's" "$(jq -s 'map(.spec) | index(1)' "$WORK/got")" -le $((sent + 3))
	check_eq "order of the fifty" "$(jq -s 'map(select(.spec == 0).i) == [range(50)]' "$WORK/got")" true
}

floods_lose_and_others_do_not()
{
	local dropped

	red_network
	slow rate 8kbit queue 20kb $PATIENT
	listen
	send_frames from=h1,k=udp4,d=$H3,size=1000,n=100
	dropped=$(class_stat red slow egress dropped)
	check_num "dropped of the flood" "$dropped" -ge 70
	send_frames from=h1,k=udp4,sport=7,d=$H3,size=500,n=10
	check_num "bytes held" "$(class_stat red slow egress queued_bytes)" -le 20480
	check_num "dropped of it for others" "$(class_stat red slow egress dropped)" -gt "$dropped"
	check_eq "drops" "$(drops p1 queue_egress)" "$(class_stat red slow egress dropped)"
	check_eq "too late" "$(class_stat red slow egress late) $(drops p1 delay_egress)" "0 0"
	vq class set red slow rate 100mbit
	stop_listening
	check_eq "frames of the other flow" "$(got '.spec == 0 and .len == 500')" 10
}

# A flow that stays too long in its class: marked or dropped. At 100 kbit/s, sixty
# frames take five seconds, and a third of a second is too long.
too_long()
{
	red_network
	slow rate 100kbit queue 1mb delay-limit none
	listen
	send_frames "$@"
	stop_listening ${DIRECTION:-}
}

ecn_is_marked()
{
	local kind marked

	for kind in udp4 udp6; do
		too_long from=h1,k=$kind,d=$H3,size=1000,ecn=2,dscp=46,n=60
		marked=$(class_stat red slow egress marked)
		check_num "frames marked of $kind" "$marked" -ge 5
		check_eq "frames of $kind" "$(got 'true')" 60
		check_eq "frames of $kind that arrive with a mark" "$(got '.ecn == 3')" "$marked"
		check_eq "and without" "$(got '.ecn == 2')" $((60 - marked))
		check_eq "lost" "$(class_stat red slow egress late)" 0
		run_defers
	done
	too_long from=h1,k=udp4,d=$H3,size=1000,ecn=1,n=60
	check_num "marks with ECT(1)" "$(got '.ecn == 3')" -ge 5
}

others_lose_frames()
{
	local late

	too_long from=h1,k=udp4,d=$H3,size=1000,n=60
	late=$(class_stat red slow egress late)
	check_num "frames lost" "$late" -ge 5
	check_eq "drops" "$(drops p1 delay_egress)" "$late"
	check_eq "marked" "$(class_stat red slow egress marked)" 0
	check_eq "frames" "$(got 'true')" $((60 - late))
	check_eq "in order" "$(jq -s 'map(.i) | . == sort' "$WORK/got")" true
	check_eq "the first one and the last" "$(jq -s -c 'map(.i) | [first, last]' "$WORK/got")" '[0,59]'
	run_defers
	# What is no IP cannot be marked.
	DIRECTION=ingress too_long from=h1,k=uni,d=$H3,size=1000,n=60
	late=$(class_stat red slow ingress late)
	check_num "frames lost" "$late" -ge 5
	check_eq "drops of the target" "$(drops p3 delay_ingress)" "$late"
	check_eq "drops of the sender" "$(all_drops p1)" 0
}

# A second for a frame, half of it allowed: only the last one goes in the end.
delay_limit()
{
	local direction=${1:-egress} late member=p1

	[ "$direction" = egress ] || member=p3
	red_network
	DIRECTION=$direction slow rate 8kbit burst 1514b delay-target none delay-limit 500ms queue 1mb
	listen
	send_frames from=h1,k=udp4,d=$H3,size=1000,n=20
	stop_listening $direction
	late=$(class_stat red slow $direction late)
	check_num "frames that waited too long" "$late" -ge 10
	check_eq "drops" "$(drops $member delay_$direction)" "$late"
	check_eq "frames" "$(got 'true')" $((20 - late))
	check_eq "the last one" "$(got '.i == 19')" 1
	check_eq "full" "$(class_stat red slow $direction dropped)" 0
}

delay_limit_of_ingress()
{
	delay_limit ingress
}

# pings: twenty, one each 100 ms; their greatest delay in ms is in $REPLY
pings()
{
	local out

	out=$(on h1 ping -n -q -c 20 -i 0.1 -W $((5 * SLOWNESS)) 10.0.0.3) || { fail "pings are lost"; info "$out"; }
	info "$(tail -n 1 <<<"$out")"
	REPLY=$(sed -n 's,^rtt.*= [0-9.]*/[0-9.]*/\([0-9]*\).*,\1,p' <<<"$out")
	check_match "pings" "$out" " 0% packet loss"
}

# not_slow: skips where a kernel is too slow for load, as time is not virtual
not_slow()
{
	[ "$EXACT" = 1 ] || [ "$VNET_SLOW" != 1 ] || skip "this kernel is too slow to offer the load"
}

# A class of 10 Mbit/s is offered twice of that, and answers nevertheless.
flood_and_ping()
{
	not_slow
	red_network
	slow rate 10mbit
	addresses
	check "h1 reaches h3" on h1 ping -n -q -c 1 -W $((5 * SLOWNESS)) 10.0.0.3
	background frame blast "${ENDPOINTS[@]/#/--ep=}" --time=$((6 * SLOWNESS)) --warm=0 \
		from=h1,to=h3,d=$H3,k=udp4,size=1000,rate=20000000 >"$WORK/blast"
	wait_for "the queue is full" is_ge 1 class_stat red slow egress dropped
	pings
	[ "$EXACT" = 0 ] || check_num "greatest delay in ms" "$REPLY" -le 3
	stop_background $BG
	check_num "frames that waited too long" "$(class_stat red slow egress late)" -gt 0
}

# TCP fills its class, and nobody notices.
tcp_and_ping()
{
	need iperf3
	not_slow
	red_network
	slow rate 10mbit
	addresses
	background on h3 iperf3 -s -1
	wait_for "the server" on h3 sh -c 'ss -Hltn "sport = :5201" | grep -q .'
	on h1 timeout $((30 * SLOWNESS)) iperf3 -c 10.0.0.3 -t 4 >"$WORK/iperf" &
	wait_for "the class is busy" is_ge 100 class_stat red slow egress delayed
	pings
	[ "$EXACT" = 0 ] || check_num "greatest delay in ms" "$REPLY" -le 4
	wait $! || fail "iperf3: $(cat "$WORK/iperf")"
	info "$(vnetctl -s class show red slow | tr '\n' ' ')"
}

# percentile_99: of the integers on stdin
percentile_99()
{
	sort -n | awk '{ all[NR] = $1 } END { print all[int((NR * 99 + 99) / 100)] }'
}

# many_pings FROM COUNT: how many microseconds they take at most, but for one in a hundred, is in $REPLY
many_pings()
{
	local out

	out=$(on $1 ping -n -c $2 -i 0.02 -W $((5 * SLOWNESS)) 10.0.0.3) || fail "pings of $1 are lost"
	info "$(tail -n 1 <<<"$out")"
	REPLY=$(sed -n 's/.*time=\([0-9.]*\) ms/\1/p' <<<"$out" | awk '{ printf "%d\n", $1 * 1000 }' | percentile_99)
	check_match "pings" "$out" " 0% packet loss"
}

# Who has a class of his own and hardly uses it waits no more than a millisecond longer for another's flood, and a
# large frame at the rate of his class. Ten times of what both have is offered.
idle_class_under_a_flood()
{
	local alone frame=$((1514 * 8 * 1000 / 5000))

	not_slow
	red_network
	v_batch <<-END
		class add red top rate 10mbit
		class add red a parent top rate 5mbit ceil 10mbit
		class add red b parent top rate 5mbit ceil 10mbit
		member set p1 class-egress a
		member set p2 class-egress b
	END
	addresses
	on h2 ip addr add 10.0.0.2/24 dev eth0
	defer on h2 ip addr flush dev eth0
	check "h2 reaches h3" on h2 ping -n -q -c 1 -W $((5 * SLOWNESS)) 10.0.0.3
	many_pings h2 50
	alone=$REPLY
	background frame blast "${ENDPOINTS[@]/#/--ep=}" --time=$((20 * SLOWNESS)) --warm=0 \
		from=h1,to=h3,d=$H3,k=udp4,size=1000,rate=100000000 >"$WORK/blast"
	wait_for "the queue is full" is_ge 1 class_stat red a egress dropped
	many_pings h2 200
	info "us that pings take: $alone alone, $REPLY under the flood"
	[ "$EXACT" = 0 ] || check_num "us more than alone" $((REPLY - alone)) -le $((1000 + frame))
	check_num "frames of the flood dropped" "$(class_stat red a egress dropped)" -gt 100
	check_eq "frames of the idle class dropped" "$(class_stat red b egress dropped)" 0
	stop_background $BG
}

# What a TCP that fills its class has in front of it, as TCP sees it itself.
tcp_keeps_its_queue_short()
{
	local i out

	need iperf3 ss
	not_slow
	red_network
	slow rate 100mbit
	addresses
	check "h1 reaches h3" on h1 ping -n -q -c 1 -W $((5 * SLOWNESS)) 10.0.0.3
	background on h3 iperf3 -s -1 >/dev/null 2>&1
	wait_for "the server" on h3 sh -c 'ss -Hltn "sport = :5201" | grep -q .'
	background on h1 iperf3 -c 10.0.0.3 -t 30 >/dev/null 2>&1
	wait_for "the class is busy" is_ge 2000 class_stat red slow egress delayed
	for ((i = 0; i < 100; i++)); do
		out=$(on h1 ss -Htin state established "dport = :5201")
		# the connection that sends: that of control has sent a few bytes
		grep -oE 'bytes_acked:[0-9]{6,}.*|rtt:[0-9.]+' <<<"$out" | grep -B 1 bytes_acked |
			sed -n 's/^rtt:\([0-9.]*\).*/\1/p' | awk '{ printf "%d\n", $1 * 1000 }'
		sleep 0.02
	done >"$WORK/rtt"
	check_num "times seen" "$(wc -l <"$WORK/rtt")" -ge 50
	REPLY=$(percentile_99 <"$WORK/rtt")
	info "us of a round trip, but for one in a hundred: $REPLY"
	[ "$EXACT" = 0 ] || check_num "us of a round trip" "$REPLY" -le 10000
}

# What a class holds of a local socket is the socket's still: a sender whose buffer is
# full waits, and loses nothing.
local_senders_wait()
{
	local sent held prog

	prog='
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 20000)
s.setblocking(False)
for i in range(1000):
    try:
        s.sendto(bytes(900), ("10.0.0.3", 9999))
    except BlockingIOError:
        break
else:
    i = 1000
print(i, flush=True)
sys.stdin.readline()
s.setblocking(True)
s.settimeout(float(sys.argv[1]))
s.sendto(bytes(900), ("10.0.0.3", 9999))
print("again", flush=True)
'
	red_network
	slow rate 8kbit queue 4mb $PATIENT
	addresses
	on h1 ip neigh replace 10.0.0.3 lladdr $H3 dev eth0
	defer on h1 ip neigh del 10.0.0.3 dev eth0
	rm -f "$WORK/fifo"
	mkfifo "$WORK/fifo"
	exec 7<>"$WORK/fifo"
	background on h1 "$PYTHON" -S -E -c "$prog" $((20 * SLOWNESS)) <"$WORK/fifo" >"$WORK/sent"
	wait_for "the buffer is full" test -s "$WORK/sent"
	sent=$(head -n 1 "$WORK/sent")
	held=$(class_stat red slow egress queued_packets)
	info "$sent frames of 900 bytes into a buffer of 20000, $held held"
	check_num "frames taken" "$sent" -le 60
	check_num "frames held" "$held" -ge 5
	check_eq "drops" "$(all_drops p1)" 0
	vq class set red slow rate 100mbit
	echo >&7
	exec 7>&-
	wait_for "the sender goes on" grep -q again "$WORK/sent"
	wait $BG || fail "the sender did not end well"
	check_eq "drops" "$(all_drops p1)" 0
}

overhead_is_charged()
{
	red_network
	slow rate 100mbit
	vq class set red root overhead 24b
	check_eq "overhead in JSON" "$(vnetctl -j class show red root | jq '.[0].overhead')" 24
	check_match "overhead in text" "$(vnetctl class show red root)" "overhead 24b"
	send_frames from=h1,k=uni,d=$H3,size=1000,n=10
	check_eq "bytes" "$(class_stat red slow egress bytes)" 10240
	check_eq "bytes of the root" "$(class_stat red root ingress bytes)" 10240
	vq class set red root overhead 0b
	send_frames from=h1,k=uni,d=$H3,size=1000,n=10
	check_eq "bytes" "$(class_stat red slow egress bytes)" 20240
	check_err "of another class" 2 "set it on the root" vnetctl class set red slow overhead 24b
}

run_tests
