#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shape_exact.sh: in virtual time rates are right to 0.5 %, in each 100 ms to 1 %, and no burst larger than it may be.
#
#    h1 (sends)   h3 (gets)
#   p1 |         p3 |
#  +---o------------o---+
#  |    network red     |
#  +--------------------+
#
# Where time is virtual (VNET_ICOUNT=1) one instruction is one nanosecond, so this is a CPU of 1,000 instructions per
# microsecond, and some rates are beyond it. To send, switch, hold, release and receive a frame takes it some 10 us and
# 2 ns for each byte, most of it for sending. Frames of 64 bytes at 100 Mbit/s (one each 5.1 us), of 1500 bytes at
# 1 Gbit/s (12 us) and super-frames at 10 Gbit/s (53 us) can only be released and received: they are held before. At 1
# and 10 Gbit/s frames of 64 bytes (one each 512 and 51 ns) cannot, nor can those of 1500 bytes at 10 Gbit/s (1.2 us):
# that is less than the kernel alone takes for a frame. TCP, if nobody copies its bytes, has 6.3 Gbit/s here without
# any limit.
#
# A rate is right within one frame: a window may begin just before one and end just after one.
#
# Elsewhere a machine that is busy with something else decides what arrives when, and rates are the subject of shape.sh.

. "$(dirname "$0")/lib.sh"
. "$TESTDIR/lib_shape.sh"

ALL_TESTS="
	frames_64_1mbit
	frames_64_10mbit
	held_frames_64_100mbit
	frames_1500_1mbit
	frames_1500_10mbit
	frames_1500_100mbit
	held_frames_1500_1gbit
	gso_1mbit
	gso_10mbit
	gso_100mbit
	gso_1gbit
	held_gso_10gbit
	tcp_1mbit
	tcp_10mbit
	tcp_100mbit
	tcp_1gbit
	tcp_5gbit
	bursts_as_configured"

H3=02:00:00:00:00:03
# Behind p3 too, but of nobody: h3 sees such frames and does not try to understand them.
SINK=02:00:00:00:00:33
# 44 segments of 1500 bytes with their Ethernet header, 64 KB as one
GSO=1446
GSO_SIZE=$((54 + 44 * GSO))

setup()
{
	find_built flows
	FLOWS=$REPLY
	host h1 p1 02:00:00:00:00:01
	host h3 p3 $H3
	vq port add p1
	vq port add p3
}

red_network()
{
	[ "$EXACT" = 1 ] || skip "only virtual time is exact"
	with_network red
	vq member add p1 network red
	vq member add p3 network red
	vq fdb add red 02:00:00:00:00:01 dev p1
	vq fdb add red $H3 dev p3
	vq fdb add red $SINK dev p3
}

# gold MBIT [KEYS]: the class of what h1 sends
gold()
{
	vq class add red gold rate ${1}mbit ${2:-}
	vq member set p1 class-egress gold
}

# milliseconds MBIT: how long to look at a rate: many frames of a low one, few instructions of a high one
milliseconds()
{
	case $1 in
	1)	echo 5000;;
	10)	echo 1000;;
	100)	echo 500;;
	*)	echo 350;;
	esac
}

# arrivals MBIT WORD...: what comes to h3; in $RESULT
arrivals()
{
	RESULT=$("$FLOWS" time="$(milliseconds $1)" at=$h3/eth0,rate=${1}000000,room=200000 "${@:2}" 2>&1) || die "$RESULT"
	info "$(jq -c '.at[0]' <<<"$RESULT")"
}

got()
{
	jq ".at[0].$1" <<<"$RESULT"
}

# exact MBIT: what is in $RESULT came at that rate, and no burst of it was too large
exact()
{
	local rate=${1}000000 burst longest window

	longest=$(got longest)
	burst=$(vnetctl -j class show red gold | jq '.[0].burst')
	window=$((rate / 80))
	info "error $(jq ".at[0] | (.bps / $rate - 1) * 1000000 | round" <<<"$RESULT") ppm; 100 ms of $window bytes:\
 $(($(got least) - window)) to +$(($(got most) - window)); burst $(got excess) of $burst, frames of $longest"
	check_num "error in ppm" "$(jq ".at[0].bps / $rate - 1 | fabs * 1000000 | round" <<<"$RESULT")" -le 5000
	check_num "bytes in 100 ms" "$(got least)" -ge $((window * 99 / 100 - longest))
	check_num "bytes in 100 ms" "$(got most)" -le $((window * 101 / 100 + longest))
	check_num "burst" "$(got excess)" -le $((burst + longest))
}

# frames MBIT SIZE: twice of it is offered
frames()
{
	red_network
	gold $1
	arrivals $1 from=$h1/eth0,d=$SINK,size=$2,rate=$(($1 * 2000000))
	exact $1
}

frames_64_1mbit()	{ frames 1 64; }
frames_64_10mbit()	{ frames 10 64; }
frames_1500_1mbit()	{ frames 1 1500; }
frames_1500_10mbit()	{ frames 10 1500; }
frames_1500_100mbit()	{ frames 100 1500; }

# pages_in_small_heaps: else the kernel takes milliseconds from time to time to give back what frames have left, as it
# collects some thousand pages of memory for that
PAGES=/proc/sys/vm/percpu_pagelist_high_fraction
pages_in_small_heaps()
{
	defer sh -c "echo $(cat $PAGES) >$PAGES"
	echo 100000 >$PAGES
}

# held_frames MBIT SIZE COUNT [KEYS]: they all wait before any of them may go
held_frames()
{
	local bits=$(($2 * 8 * $3))

	red_network
	pages_in_small_heaps
	# the burst that it will have by default, so that super-frames stay whole
	gold 0.008 "burst $(($1 * 250))b cburst $(($1 * 250))b queue 256mb delay-target none delay-limit none"
	vq network set red max-queue 1gb
	"$FLOWS" time=2000 warm=0 from=$h1/eth0,d=$SINK,size=$2,count=$3,rate=$bits${4:-} >/dev/null
	arrivals $1 "then=vnetctl class set red gold rate ${1}mbit" time=$((bits / $1 / 1000 * 9 / 10)) warm=20
	exact $1
}

held_frames_64_100mbit()	{ held_frames 100 64 50000; }
held_frames_1500_1gbit()	{ held_frames 1000 1500 30000; }

# gso MBIT: super-frames, and what they are split into where they are longer than the burst. None of them is dropped for
# its age: at 1 Mbit/s one takes half a second.
gso()
{
	red_network
	gold $1 "delay-target none delay-limit none"
	arrivals $1 from=$h1/eth0,d=$SINK,size=$GSO_SIZE,gso=$GSO,rate=$(($1 * 2000000))
	exact $1
}

gso_1mbit()	{ gso 1; }
gso_10mbit()	{ gso 10; }
gso_100mbit()	{ gso 100; }
gso_1gbit()	{ gso 1000; }
held_gso_10gbit()	{ held_frames 10000 $GSO_SIZE 4000 ,gso=$GSO; }

# Both ends of a connection; nobody copies what it carries, which is a file's pages here, and thrown away there.
TCP='
import os, socket, sys
if sys.argv[1] == "get":
    with socket.create_server(("", 5000)) as s:
        print("ready", flush=True)
        c, room = s.accept()[0], bytearray(1 << 20)
        while c.recv_into(room, len(room), socket.MSG_TRUNC):
            pass
else:
    f = os.memfd_create("zeros")
    os.write(f, bytes(1 << 20))
    c = socket.create_connection(("10.0.0.3", 5000))
    while True:
        os.sendfile(c.fileno(), f, 0, 1 << 20)
'

tcp()
{
	red_network
	on h1 ip addr add 10.0.0.1/24 dev eth0
	on h3 ip addr add 10.0.0.3/24 dev eth0
	defer on h1 ip addr flush dev eth0
	defer on h3 ip addr flush dev eth0
	gold $1
	rm -f "$WORK/ready"
	background on h3 "$PYTHON" -S -E -c "$TCP" get >"$WORK/ready"
	wait_for "the server" test -s "$WORK/ready"
	background on h1 "$PYTHON" -S -E -c "$TCP" put
	wait_for "the class is busy" is_ge 20 class_stat red gold egress delayed
	arrivals $1
	exact $1
}

tcp_1mbit()	{ tcp 1; }
tcp_10mbit()	{ tcp 10; }
tcp_100mbit()	{ tcp 100; }
tcp_1gbit()	{ tcp 1000; }
tcp_5gbit()	{ tcp 5000; }

# From an idle class as much as it may comes at once, and not more.
bursts_as_configured()
{
	local burst

	red_network
	gold 10
	for burst in 1514 20000 100000; do
		vq class set red gold burst ${burst}b cburst ${burst}b
		sleep 1
		arrivals 10 from=$h1/eth0,d=$SINK,size=1500,rate=1000000000 time=300
		check_num "burst" "$(got excess)" -le $((burst + 1500))
		check_num "burst" "$(got excess)" -ge $((burst - 1500))
	done
}

run_tests
