#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# class_show.sh: what people and programs see of classes: the tree, what was measured, who lends, bars.
#
#    h1 (sends)   h2 (sends)   h3 (gets)       root
#   p1 |         p2 |         p3 |            /    \
#  +---o------------o------------o---+      gold   silver
#  |           network red           |      /  \
#  +---------------------------------+    web  app

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	tree_of_words
	tree_of_lines
	no_color
	narrow_and_wide
	one_class
	all_networks
	measured
	parents_have_the_sum
	lender_and_backlog
	unlimited_root
	counters
	moved_class
	nothing_new_is_measured"

TOLERANCE=20
[ "${VNET_ICOUNT:-0}" = 1 ] && TOLERANCE=3

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
	v_batch <<-END
		class set red root rate 100mbit
		class add red gold rate 10mbit ceil 20mbit
		class add red web parent gold rate 2mbit ceil 20mbit burst 20kb cburst 20kb
		class add red app parent gold rate 2mbit
		class add red silver rate 10mbit
	END
}

# on_terminal COLUMNS CMD...: its output on a terminal of that width
on_terminal()
{
	"$PYTHON" -S -E -c '
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if not pid:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 25, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
out = b""
while True:
    try:
        part = os.read(fd, 65536)
    except OSError:
        break
    if not part:
        break
    out += part
sys.stdout.buffer.write(out.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))' "$@"
}

# names: the first column
names()
{
	awk 'NR > 1 && match($0, /red/) {sub(/ +red .*/, ""); print}'
}

tree_of_words()
{
	red_network
	check_eq "the tree" "$(v class show red | names)" "root
|- gold
|  |- web
|  \`- app
\`- silver"
	check_match "the heading" "$(v class show red | head -n 1)" "^NAME +NETWORK +RATE +CEIL +PRIO +MEMBERS"
	check_match "a row" "$(v class show red)" "gold +red +10mbit +20mbit +0 +0"
}

tree_of_lines()
{
	red_network
	check_eq "the tree" "$(LC_ALL=C.UTF-8 on_terminal 80 vnetctl class show red | sed 's/\x1b\[[0-9]*m//g' | names)" "root
├─ gold
│  ├─ web
│  └─ app
└─ silver"
	check_match "in another locale" "$(LC_ALL=C on_terminal 80 vnetctl class show red)" "\|- gold"
	check_match "LC_ALL decides" "$(LC_ALL=C LANG=C.UTF-8 on_terminal 80 vnetctl class show red)" "\|- gold"
}

no_color()
{
	red_network
	check_eq "escapes" "$(NO_COLOR=1 TERM=xterm on_terminal 80 vnetctl class show red | grep -c $'\x1b')" 0
	check_num "escapes otherwise" "$(TERM=xterm on_terminal 80 env -u NO_COLOR vnetctl class show red | grep -c $'\x1b')" -gt 0
}

# load SECONDS FLOW...: in the background; a flow is FROM:MBIT
load()
{
	local f args=()

	for f in "${@:2}"; do
		args+=("from=${f%:*},to=h3,d=02:00:00:00:00:03,k=udp4,size=1000,rate=$((${f#*:} * 1000000))")
	done
	background frame blast "${ENDPOINTS[@]/#/--ep=}" --time="$1" --warm=0 "${args[@]}" >"$WORK/blast"
}

# bps CLASS [ingress|egress]
bps()
{
	vnetctl -j class show red "$1" | jq ".[0].${2:-egress}.measured_bps"
}

# at_least N CMD...: what it prints
at_least()
{
	[ "$("${@:2}")" -ge "$1" ]
}

measured()
{
	[ "$VNET_SLOW" = 1 ] && skip "this kernel is too slow to offer the load"
	red_network
	vq member set p1 class-egress silver
	vq member set p3 class-ingress gold
	load 8 h1:4
	wait_for "something is measured" at_least 1 bps silver
	sleep 2
	check_near "egress" "$(bps silver)" 4000000 $TOLERANCE
	check_near "ingress" "$(bps gold ingress)" 4000000 $TOLERANCE
	check_eq "the other direction" "$(bps silver ingress) $(bps gold)" "0 0"
	check_match "the bar" "$(v class show red silver)" "egress  \[#+\.+\] +(3\.[4-9]|4\.[0-6])[0-9]*mbit +(3[4-9]|4[0-6])%"
	wait $BG
	wait_for "it is over" is_eq 0 bps silver
	check_eq "lines of directions" "$(v class show red | grep -c egress)" 0
}

parents_have_the_sum()
{
	[ "$VNET_SLOW" = 1 ] && skip "this kernel is too slow to offer the load"
	red_network
	vq member set p1 class-egress web
	vq member set p2 class-egress app
	load 6 h1:3 h2:1
	wait_for "something is measured" at_least 1 bps app
	sleep 2
	v -j class show red >"$WORK/show"
	info "$(jq -c 'map({(.name): .egress.measured_bps}) | add' "$WORK/show")"
	check_eq "gold" "$(jq '(map({(.name): .egress.measured_bps}) | add) | .gold == .web + .app' "$WORK/show")" true
	check_eq "root" "$(jq '(map({(.name): .egress.measured_bps}) | add) | .root == .gold' "$WORK/show")" true
	wait $BG
}

# Who sends more than its rate borrows, and what is more than all holds.
lender_and_backlog()
{
	local text

	red_network
	vq class set red silver rate 100kbit ceil 200kbit queue 100kb
	vq member set p1 class-egress silver
	load $((4 * SLOWNESS)) h1:2
	wait_for "somebody lends" sh -c 'vnetctl -j class show red silver | jq -e ".[0].egress.lender == \"root\""'
	text=$(v class show red silver)
	info "$text"
	check_match "its line" "$(tr -s ' \n' ' ' <<<"$text")" "egress .*held [0-9.]+k?b/[0-9]+ .*borrows from root $"
	check_eq "in JSON" "$(vnetctl -j class show red silver | jq '.[0].ingress | has("lender")')" false
	wait $BG
	wait_for "drops" at_least 1 class_stat red silver egress dropped
	vq class set red silver rate 50mbit ceil 100mbit
	wait_for "the queue is empty" is_eq 0 class_stat red silver egress queued_packets
	check_match "what was dropped stays" "$(v class show red silver)" "dropped [0-9]+"
	wait_for "nobody lends any more" sh -c 'vnetctl -j class show red silver | jq -e ".[0].egress.lender == null"'
}

narrow_and_wide()
{
	local columns

	red_network
	vq class set red silver rate 8kbit ceil 16kbit queue 20kb
	vq member set p1 class-egress silver
	send_frames from=h1,k=udp4,d=02:00:00:00:00:03,size=1000,n=100
	for columns in 60 80 200; do
		check_num "longest line of $columns" "$(on_terminal $columns vnetctl class show red | sed 's/\x1b\[[0-9]*m//g' |
			LC_ALL=C.UTF-8 awk '{if (length($0) > n) n = length($0)} END {print n}')" -le $columns
	done
	check_num "into a file" "$(vnetctl class show red | awk '{if (length($0) > n) n = length($0)} END {print n}')" -le 80
	# so slow that frames are held until the end, however long all this takes
	vq class set red silver rate 800bit ceil 1600bit delay-target none delay-limit none
	send_frames from=h1,k=udp4,d=02:00:00:00:00:03,size=1000,n=100
	check_match "held" "$(vnetctl class show red silver | tr -s ' \n' ' ')" "held 1[0-9.]*kb/[0-9]+ dropped [0-9]+"
	vq class set red silver rate 50mbit ceil 100mbit
}

one_class()
{
	red_network
	check_eq "rows" "$(v class show red web | names)" "web"
	refused "no class" class show red nobody
	check_eq "of JSON" "$(v -j class show red web | jq -c '[.[].name]')" '["web"]'
}

all_networks()
{
	red_network
	with_network blue
	vq class add blue gold rate 1mbit
	check_eq "rows" "$(v class show | sed -nE 's/ +(red|blue) .*/ \1/p')" "root blue
\`- gold blue
root red
|- gold red
|  |- web red
|  \`- app red
\`- silver red"
}

# Frames that no class limits are counted without a lock, and measured nevertheless.
unlimited_root()
{
	[ "$VNET_SLOW" = 1 ] && skip "this kernel is too slow to offer the load"
	red_network
	vq class set red root rate unlimited
	load 5 h1:4
	wait_for "something is measured" at_least 1 bps root
	sleep 2
	check_near "egress" "$(bps root)" 4000000 $TOLERANCE
	check_match "no bar" "$(v class show red root)" "egress +[0-9.]+mbit$"
	wait $BG
}

counters()
{
	red_network
	vq member set p1 class-egress web
	send_frames from=h1,k=udp4,d=02:00:00:00:00:03,size=1000,n=5
	check_match "with -s" "$(v -s class show red web)" "egress: packets 5 bytes 5000 delayed [0-9]+ borrowed 0 dropped 0 .*queued packets [0-9]"
	check_match "with -s" "$(v -s class show red web)" "20kb"
	check_eq "without" "$(v class show red web | grep -c "packets")" 0
}

moved_class()
{
	red_network
	vq class set red gold parent silver
	check_eq "the tree" "$(v class show red | names)" "root
\`- silver
   \`- gold
      |- web
      \`- app"
}

nothing_new_is_measured()
{
	red_network
	check_eq "of a new class" "$(v -j class show red | jq '[.[] | .ingress, .egress | .measured_bps] | add')" 0
	check_eq "numbers" "$(v -j class show red | jq '[.[] | .ingress, .egress | .[]] | all(type == "number")')" true
}

run_tests
