#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# rule_churn.sh: rules change a thousand times a second under traffic: every frame is judged by the rules of one moment,
# and what is established goes on.
#
#    lab: w1         w2                 h1            h2
#         |          |               p1 |          p2 |
#      v1 |       v2 |                  |             |
#   +-----o----------o------------------o-------------o-----+
#   |                      network red                      |
#   +-------------------------------------------------------+
#
# The rules, and what frames must become of them, are in churn.c. VNET_CHANGES=N makes N changes in each case.

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	sets_are_replaced
	single_rules_change
	both_at_once
	with_state
	with_held_frames
	established_tcp_goes_on
	torn_sets_are_noticed"

CHANGES=${VNET_CHANGES:-$((VNET_SLOW == 1 ? 500 : 5000))}
RATE=1000

setup()
{
	local port

	find_built churn
	CHURN=$REPLY
	setup_ns lab
	wire v1 w1 lab
	wire v2 w2 lab
	host h1 p1 02:00:00:00:00:0a 10.0.0.10/24
	host h2 p2 02:00:00:00:00:0b 10.0.0.11/24
	for port in v1 v2 p1 p2; do
		vq port add $port
	done
	# no ARP in the rules: neighbours are known
	# shellcheck disable=SC2154
	ip -n "$h1" neigh replace 10.0.0.11 lladdr 02:00:00:00:00:0b dev eth0 nud permanent
	# shellcheck disable=SC2154
	ip -n "$h2" neigh replace 10.0.0.10 lladdr 02:00:00:00:00:0a dev eth0 nud permanent
}

# What no rule decides about is dropped, and told by the counters of the policies.
red_network()
{
	local port

	with_network red policy-ingress drop policy-egress drop max-rules 4096
	for port in v1 v2 p1 p2; do
		vq member add $port network red
		vq member set $port learning off
	done
	vq fdb add red 02:00:00:00:00:02 dev v2
	vq fdb add red 02:00:00:00:00:0a dev p1
	vq fdb add red 02:00:00:00:00:0b dev p2
}

# start_churn load|single|both|torn [ct]: the first set is there; what it says goes to "churned"
start_churn()
{
	background "$CHURN" change red "$1" "$CHANGES" $RATE ${2:+"$2"} >"$WORK/churned" 2>&1
	CHURNER=$BG
	wait_for "the first set" is_ge 1 network_get red rules
}

# end_churn: it has made all its changes
end_churn()
{
	wait "$CHURNER" || fail "the changes did not succeed"
	info "$(cat "$WORK/churned")"
	check_match "all changes" "$(cat "$WORK/churned")" "^$CHANGES changes "
	check_num "generation of the rules" "$(network_get red rules_generation)" -ge "$CHANGES"
}

# under_churn MODE [ct]: frames pass meanwhile; puts what was sent into SENT and the status into STATUS
under_churn()
{
	start_churn "$@"
	# shellcheck disable=SC2154
	"$CHURN" send "$lab" w1 w2 "$CHURNER" >"$WORK/sent" 2>&1
	STATUS=$?
	end_churn
	info "$(cat "$WORK/sent")"
	grep -q '^sent ' "$WORK/sent" || die "the frames could not be sent"
	SENT=$(grep '^sent ' "$WORK/sent")
}

# sent port1|...|fences: how many
sent()
{
	sed -n "s/.* $1 \([0-9]*\).*/\1/p" <<<"$SENT"
}

# Rules decided about all frames, and nothing was dropped that they did not drop.
all_by_rules()
{
	check_eq "mixtures" $STATUS 0
	check_num "frames" "$(sent port1)" -ge 100
	check_eq "decided by policies" "$(policy_hits red egress) $(policy_hits red ingress)" "0 0"
	check_eq "dropped by rules" "$(($(drops v1 rule_egress) + $(drops v2 rule_egress) + $(drops v2 rule_ingress)))" \
		$(($(sent port2) + $(sent port3)))
	check_eq "dropped at all" $(($(all_drops v1) + $(all_drops v2))) $(($(sent port2) + $(sent port3)))
}

sets_are_replaced()
{
	red_network
	under_churn load
	all_by_rules
	check_num "dropped by egress and by ingress" "$(drops v2 rule_ingress)" -ge 1
	# a rule that all sets have has counted its frames
	check_eq "hits of keep" "$(rule_hits red keep)" $(($(sent port5) + $(sent fences)))
}

single_rules_change()
{
	red_network
	under_churn single
	all_by_rules
	check_eq "hits of keep" "$(rule_hits red keep)" $(($(sent port5) + $(sent fences)))
}

both_at_once()
{
	red_network
	under_churn both
	all_by_rules
	check_eq "hits of keep" "$(rule_hits red keep)" $(($(sent port5) + $(sent fences)))
}

with_state()
{
	red_network
	under_churn both ct
	all_by_rules
}

# Those are judged again, and by all rules again.
with_held_frames()
{
	local rate=$((VNET_SLOW == 1 ? 400 : 4000))

	red_network
	vq class add red slow rate $((rate + rate / 4))kbit burst 1514b
	vq class add red slower rate ${rate}kbit burst 1514b
	vq member set v1 class-egress slow
	vq member set v2 class-ingress slower
	under_churn both
	all_by_rules
	check_num "held on the way in" "$(class_stat red slow egress delayed)" -ge 1
	check_num "held on the way out" "$(class_stat red slower ingress delayed)" -ge 1
}

# stream_to / stream_from FILE: a stream until FILE is there; both ends tell its length and sum
stream_to()
{
	on h2 "$PYTHON" -c 'import hashlib, socket
c = socket.create_server(("10.0.0.11", 9000)).accept()[0]
h, n = hashlib.sha256(), 0
while True:
    data = c.recv(1 << 16)
    if not data:
        break
    h.update(data)
    n += len(data)
print(n, h.hexdigest())'
}

stream_from()
{
	on h1 "$PYTHON" -c 'import hashlib, os, random, socket, sys
c = socket.create_connection(("10.0.0.11", 9000), 60)
open(sys.argv[1] + ".connected", "w").close()
h, n, r = hashlib.sha256(), 0, random.Random(1)
while not os.path.exists(sys.argv[1]):
    data = r.randbytes(1 << 16)
    c.sendall(data)
    h.update(data)
    n += len(data)
c.shutdown(socket.SHUT_WR)
print(n, h.hexdigest())' "$1"
}

is_listening()
{
	on h2 sh -c 'ss -Hltn "sport = :9000" | grep -q .'
}

established_tcp_goes_on()
{
	local server client

	red_network
	vq rule load red - <<-END
		back prio 1 egress ct established allow
		back-in prio 1 ingress ct established allow
		new prio 2 egress dst 10.0.0.11 proto tcp dport 9000 ct new allow
		new-in prio 2 ingress dst 10.0.0.11 proto tcp dport 9000 ct new allow
	END
	stream_to >"$WORK/arrived" &
	server=$!
	defer stop_background $server
	wait_for "the server" is_listening
	stream_from "$WORK/stop" >"$WORK/left" &
	client=$!
	defer stop_background $client
	wait_for "the connection" test -e "$WORK/stop.connected"
	# no set of these lets a connection begin
	start_churn both ct
	kill -USR1 "$CHURNER"
	end_churn
	touch "$WORK/stop"
	wait $client || fail "the stream broke off"
	wait $server || fail "the stream did not end"
	info "$(cut -d ' ' -f 1 "$WORK/left") bytes," \
		"$(on h1 nstat -asz TcpRetransSegs | awk '/Retrans/ { print $2 }') segments sent again"
	check_num "bytes" "$(cut -d ' ' -f 1 "$WORK/left")" -ge 1000000
	check_eq "the stream" "$(cat "$WORK/arrived")" "$(cat "$WORK/left")"
	check_eq "frames dropped" "$(all_drops p1) $(all_drops p2)" "0 0"
	check_eq "decided by policies" "$(policy_hits red egress) $(policy_hits red ingress)" "0 0"
	expect_drop rule_egress+1 p1 new_connection silence
}

new_connection()
{
	check_eq "a new connection" "$(on h1 "$PYTHON" "$TESTDIR/dial.py" tcp 10.0.0.11 9000 $((2 * SLOWNESS)))" "$1"
}

# Sets that are replaced by two commands: frames tell, and counters.
torn_sets_are_noticed()
{
	red_network
	CHANGES=$((CHANGES / 10))
	under_churn torn
	check_eq "mixtures" $STATUS 1
	check_match "lost" "$(cat "$WORK/sent")" "is lost, though both sets allow it"
	check_num "decided by the policy" "$(policy_hits red egress)" -ge 1
	# the other way round, what both sets drop comes through
	vq network set red policy-ingress allow policy-egress allow
	under_churn torn
	check_eq "mixtures" $STATUS 1
	check_match "leaked" "$(cat "$WORK/sent")" "came, though both sets drop it"
}

run_tests
