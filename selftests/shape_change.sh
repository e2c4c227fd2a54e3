#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shape_change.sh: a tree of classes changes while frames are held: nothing is lost that the queues may hold, nothing stalls.
#
#    h1 (sends)   h2 (sends)   h3 (gets)    h4 (gets)        root
#   p1 |         p2 |         p3 |         p4 |              /  \
#  +---o------------o------------o------------o---+        top  other
#  |                 network red                  |         |     |
#  +----------------------------------------------+        mid  omid
#                                                           |
#                                                          leaf

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	moves_at_every_level
	rates_at_every_level
	classes_come_and_go
	everything_at_once
	full_load
	moved_frames_go_by_the_new_path
	what_cannot_move
	a_member_changes_its_class
	a_member_changes_its_network"

H3=02:00:00:00:00:03 H4=02:00:00:00:00:04

setup()
{
	local i

	for i in 1 2 3 4; do
		host h$i p$i 02:00:00:00:00:0$i
		vq port add p$i
	done
}

red_network()
{
	local i

	with_network red "$@"
	for i in 1 2 3 4; do
		vq member add p$i network red
		vq fdb add red 02:00:00:00:00:0$i dev p$i
	done
}

# What is held is to come out, however long that takes.
PATIENT="delay-target none delay-limit none"

# Rates of which frames are held: a kernel that is slow to send needs lower ones.
slowly()
{
	if [ "$VNET_SLOW" = 1 ]; then
		sed 's/mbit/00kbit/g'
	else
		cat
	fi
}

# The tree above; what p1 sends and p3 gets is shaped by its leaf.
tree()
{
	red_network max-classes 100
	v_batch < <(slowly <<-END
		class add red top rate 20mbit ceil 20mbit queue 4mb $PATIENT
		class add red mid parent top rate 4mbit ceil 20mbit queue 4mb $PATIENT
		class add red leaf parent mid rate 2mbit ceil 20mbit queue 4mb $PATIENT
		class add red other rate 10mbit ceil 20mbit queue 4mb $PATIENT
		class add red omid parent other rate 5mbit ceil 20mbit queue 4mb $PATIENT
		member set p1 class-egress leaf
		member set p3 class-ingress leaf
	END
	)
}

MOVES="
	class set red leaf parent omid
	class set red mid parent other
	class set red leaf parent root
	class set red mid parent omid
	class set red leaf parent mid
	class set red other parent top
	class set red mid parent top
	class set red other parent root"

# Always so that nobody is promised more than its parent has.
RATES="
	class set red leaf rate 8kbit ceil 8mbit
	class set red mid rate 8kbit ceil 20mbit
	class set red top rate 3mbit ceil 6mbit
	class set red root rate 13mbit
	class set red leaf ceil 9mbit burst 20kb
	class set red root rate unlimited
	class set red top rate 20mbit ceil 20mbit
	class set red mid rate 4mbit ceil 20mbit prio 3
	class set red leaf rate 2mbit ceil 20mbit queue 3mb
	class set red leaf queue 4mb"

TREES="
	class add red new1 parent leaf rate 1mbit
	class add red new2 parent new1 rate 1mbit
	class add red new3 parent mid rate 1mbit
	class del red new3
	class set red new1 parent top
	class del red new2
	class del red new1"

# repeat: writes the changes, until nobody reads them any more
repeat()
{
	local line

	while :; do
		for line in "${CHANGES[@]}"; do
			echo "$line" || return
			sleep 0.01
		done
		echo x >>"$WORK/changed"
	done 2>/dev/null >"$WORK/changes"
}

# change LINES: again and again, a hundred of them a second, in the background
change()
{
	mapfile -t CHANGES < <(printf '%s\n' "$1" | sed '/^[[:space:]]*$/d' | slowly)
	: >"$WORK/changed"
	rm -f "$WORK/changes"
	mkfifo "$WORK/changes"
	background vnetctl -b "$WORK/changes"
	CHANGER=$BG
	background repeat
	REPEATER=$BG
}

# end_changes: all of them were accepted; what is left undone is done
end_changes()
{
	kill -0 $CHANGER 2>/dev/null || fail "a change was refused"
	stop_background $REPEATER
	stop_background $CHANGER
	info "rounds of ${#CHANGES[@]} changes: $(wc -l <"$WORK/changed")"
	check_num "rounds of changes" "$(wc -l <"$WORK/changed")" -ge 1
}

# under_changes LINES: all frames arrive, in their order
under_changes()
{
	local n=1500

	[ "$VNET_SLOW" = 1 ] && n=500
	tree
	rm -f "$WORK/ready"
	frame listen --ep=${ENDPOINTS[h3]} --count=$n --timeout=$((60 * SLOWNESS)) --ready="$WORK/ready" >"$WORK/got" &
	wait_for "the listener" test -s "$WORK/ready"
	LISTENER=$!
	change "$1"
	send_frames from=h1,k=udp4,d=$H3,size=1000,n=$n
	wait $LISTENER || fail "not all frames arrived"
	# those at 20 Mbit/s may be through before all was tried
	wait_for "a round of changes" test -s "$WORK/changed"
	end_changes
	check_eq "order" "$(jq -r .i "$WORK/got" | tr '\n' ' ')" "$(seq -s ' ' 0 $((n - 1))) "
	check_eq "drops" "$(($(all_drops p1) + $(all_drops p3)))" 0
	check_num "delayed frames" "$(class_stat red leaf egress delayed)" -gt 100
	check_eq "held" "$(class_stat red leaf egress queued_packets)" 0
}

moves_at_every_level()
{
	under_changes "$MOVES"
}

rates_at_every_level()
{
	under_changes "$RATES"
}

classes_come_and_go()
{
	under_changes "$TREES"
}

everything_at_once()
{
	under_changes "$MOVES$RATES$TREES"
}

# More than the classes let through, all the time: drops are those of full queues.
full_load()
{
	local class

	tree
	vq member set p2 class-egress omid
	vq member set p4 class-ingress omid
	change "$MOVES$RATES$TREES"
	frame blast "${ENDPOINTS[@]/#/--ep=}" --time=$((4 * SLOWNESS)) --warm=1 from=h1,rate=40000000,size=1000,to=h3,d=$H3,k=udp4 \
		from=h2,rate=40000000,size=1000,to=h4,d=$H4,k=udp4 >"$WORK/blast" || fail "blast: $(cat "$WORK/blast")"
	info "$(cat "$WORK/blast")"
	end_changes
	check_num "frames at h3" "$(jq .h3.frames "$WORK/blast")" -gt 50
	check_num "frames at h4" "$(jq .h4.frames "$WORK/blast")" -gt 50
	check_eq "drops but for full queues of p1" "$(($(all_drops p1) - $(drops p1 queue_egress)))" 0
	check_eq "drops but for full queues of p3" "$(($(all_drops p3) - $(drops p3 queue_ingress)))" 0
	vq class set red root rate unlimited
	# wherever they are now, whatever their rates
	for class in leaf omid mid top other; do
		vq class set red $class ceil 1gbit
	done
	wait_for "the queue is empty" is_eq 0 class_stat red leaf egress queued_packets
	wait_for "the queue is empty" is_eq 0 class_stat red omid egress queued_packets
}

moved_frames_go_by_the_new_path()
{
	local n=100

	red_network
	vq class add red slow rate 8kbit queue 1mb $PATIENT
	vq class add red fast rate 100mbit queue 1mb $PATIENT
	vq class add red leaf parent slow rate 8kbit ceil 100mbit queue 1mb $PATIENT
	vq member set p1 class-egress leaf
	send_frames from=h1,k=udp4,d=$H3,size=1000,n=$n
	check_num "frames held" "$(class_stat red leaf egress queued_packets)" -gt 80
	vq class set red leaf parent fast
	wait_for "the queue is empty" is_eq 0 class_stat red leaf egress queued_packets
	check_eq "frames" "$(class_stat red leaf egress packets)" $n
	check_num "frames borrowed" "$(class_stat red leaf egress borrowed)" -gt 80
	check_eq "its parent" "$(v -j class show red leaf | jq -r '.[0] | "\(.parent) \(.level)"')" "fast 2"
	vq class del red slow
}

what_cannot_move()
{
	local i parent=root

	tree
	refused "itself" class set red top parent top
	refused "below it" class set red top parent leaf
	refused "parent" class set red root parent top
	refused "no class" class set red leaf parent nobody
	for i in 1 2 3 4 5 6; do
		vq class add red deep$i parent $parent rate $((40960 >> 2 * i))mbit
		parent=deep$i
	done
	# top has three levels
	refused "5 \+ 1 \+ 3 > 8" class set red top parent deep5
	vq class set red top parent deep4
	check_eq "level of the leaf" "$(v -j class show red leaf | jq '.[0].level')" 7
	refused "8 levels" class add red more parent leaf rate 1mbit
	check_eq "unchanged" "$(v class set red top parent deep4)" unchanged
}

# What the old class holds stays in its order, in front of nobody.
a_member_changes_its_class()
{
	local n=200

	tree
	vq class add red slow rate 100kbit queue 1mb $PATIENT
	vq member set p1 class-egress slow
	send_frames from=h1,k=udp4,d=$H3,size=1000,n=$n
	check_num "frames held" "$(class_stat red slow egress queued_packets)" -gt 100
	vq member set p1 class-egress leaf
	send_frames from=h1,k=udp4,d=$H3,size=1000,n=$n
	vq class set red slow rate 1gbit
	wait_for "the queue is empty" is_eq 0 class_stat red slow egress queued_packets
	wait_for "the queue is empty" is_eq 0 class_stat red leaf egress queued_packets
	wait_for "all arrive" is_eq $((2 * n)) member_stat p3 ingress_packets
	check_eq "drops" "$(all_drops p1)" 0
}

# Frames that it sent as a member of red are not delivered as blue's, nor is anything that was for it.
a_member_changes_its_network()
{
	tree
	with_network blue
	vq class add red slow rate 8kbit queue 1mb $PATIENT
	vq member set p1 class-egress slow
	vq member set p3 class-ingress slow
	send_frames from=h1,k=udp4,d=$H3,size=1000,n=50 from=h2,k=udp4,d=$H3,size=1000,n=50
	check_num "frames held" "$(class_stat red slow egress queued_packets)" -gt 30
	check_num "frames held" "$(class_stat red slow ingress queued_packets)" -gt 30
	for p in p1 p3; do
		vq member del $p
		vq member add $p network blue
		vq fdb add blue 02:00:00:00:00:0${p#p} dev $p
	done
	check_eq "frames held" "$(class_stat red slow egress queued_packets) $(class_stat red slow ingress queued_packets)" "0 0"
	check_num "given up" "$(network_get red stats.drops.member_gone)" -gt 60
	vq class set red slow rate 1gbit
	sleep 0.3
	check_eq "frames of red in blue" "$(network_get blue stats.egress_packets) $(member_stat p3 ingress_packets)" "0 0"
	probe from=h1,k=udp4,d=h3,n=5,x=h3
	check_eq "frames of blue" "$(member_stat p3 ingress_packets)" 5
}

run_tests
