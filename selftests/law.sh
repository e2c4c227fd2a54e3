#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# law.sh: every frame is accounted for: mixed traffic, drops of many reasons, flooding, shaping, members coming and going.
#
#    h1         h2         h3         h4
#   p1 |       p2 |       p3 |       p4 | vlan 10 (red), vlan 20 (blue)
#  +---o----------o----------o----------o---+
#  |  red        red        blue    both    |
#  +----------------------------------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	at_first
	drops_of_many_reasons
	flooding
	shaping
	shaped_and_deleted
	reconfigured_under_traffic
	totals_of_both_networks"

setup()
{
	local i

	for i in 1 2 3 4; do
		host h$i p$i 02:00:00:00:00:0$i
	done
	v_batch <<-END
		port add p1
		port add p2
		port add p3
		port add p4 uplink
		network add red up
		network add blue up
		member add p1 network red
		member add p2 network red
		member add p3 network blue
		member add p4 vlan 10 network red
		member add p4 vlan 20 network blue
	END
}

at_first()
{
	conservation strict
	check_eq "frames" "$(network_get red stats.egress_packets)" 0
}

drops_of_many_reasons()
{
	local reason

	v_batch <<-END
		member set p1 guard-mac 02:00:00:00:00:01 guard-ip 10.0.0.1,fd00::1 guard-dhcp on guard-ra on
		rule add red e prio 1 egress proto udp dport 1 drop
		rule add red i prio 2 ingress proto udp dport 2 drop
		fdb add red 02:00:00:00:00:55 dev p2 sticky
		network set blue policy-ingress drop
	END
	send_frames from=h2,k=bcast from=h4,k=bcast,t=v10,s=02:00:00:00:00:44 \
		from=h1,k=uni,s=02:00:00:00:99:01,d=h2,n=3 from=h1,k=udp4,sip=10.0.0.9,d=h2,n=4 from=h1,k=udp6,sip=fd00::9,d=h2,n=5 \
		from=h1,k=arp,sip=10.0.0.9,n=6 from=h1,k=na,target=fd00::9,n=7 from=h1,k=dhcp4s,n=8 from=h1,k=ra,n=9 \
		from=h4,k=bcast,t=v10,s=02:00:00:00:00:55,n=10 from=h1,k=udp4,dport=1,d=h2,n=11 from=h1,k=udp4,dport=2,d=h2,n=12 \
		from=h1,k=uni,d=h1,n=2 from=h3,k=bcast,n=14 from=h4,k=bcast,t=v30,n=15 from=h1,k=bcast,n=16 from=h1,k=mc4,n=17 \
		from=h1,k=udp4,d=h2,n=100
	conservation strict
	for reason in guard_mac=3 guard_ipv4=4 guard_ipv6=5 guard_arp=6 guard_nd=7 guard_dhcp=8 guard_ra=9 rule_egress=11 hairpin=2; do
		check_eq "${reason%=*} of p1" "$(drops p1 ${reason%=*})" ${reason#*=}
	done
	check_eq "mac_sticky of p4" "$(drops p4 vlan 10 mac_sticky)" 10
	check_eq "rule_ingress of p2" "$(drops p2 rule_ingress)" 12
	check_eq "policy_ingress of p4" "$(drops p4 vlan 20 policy_ingress)" 14
	check_eq "no_member of p4" "$(port_drops p4 no_member)" 15
	vq network set blue policy-ingress allow
	vq member set p1 guard-mac off guard-ip off guard-dhcp off guard-ra off
}

flooding()
{
	send_frames from=h1,k=bcast,n=200 from=h2,k=mc6,n=300 from=h4,k=uni,d=02:ff:ff:ff:ff:fe,t=v10,n=100 from=h3,k=bcast,n=50
	conservation strict
	vq network set red down
	send_frames from=h1,k=bcast,n=20
	conservation strict
	check_num "network_down" "$(drops p1 network_down)" -ge 20
	vq network set red up
	ip link set p2 down
	send_frames from=h1,k=bcast,n=20 from=h1,k=uni,d=h2,n=20
	conservation strict
	ip link set p2 up
}

shaping()
{
	v_batch <<-END
		class add red slow rate 1mbit queue 20kb
		class add red slower rate 500kbit queue 20kb
		member set p1 class-egress slow
		member set p2 class-ingress slower
	END
	send_frames from=h1,k=udp4,d=h2,size=1000,n=200 from=h2,k=udp4,d=h1,size=1000,n=50 from=h1,k=bcast,size=500,n=50
	check_num "queue_egress" "$(drops p1 queue_egress)" -gt 0
	conservation strict
	v_batch <<-END
		member set p1 class-egress root
		member set p2 class-ingress root
		class del red slow
		class del red slower
		class set red root rate 2mbit queue 30kb
	END
	send_frames from=h1,k=udp4,d=h2,size=1000,n=200 from=h4,k=udp4,t=v10,d=h2,size=1000,n=100
	conservation strict
	vq class set red root rate unlimited
}

shaped_and_deleted()
{
	v_batch <<-END
		class add red slow rate 100kbit queue 100kb delay-target none delay-limit none
		member set p1 class-egress slow
		member set p2 class-ingress slow
	END
	send_frames from=h1,k=udp4,d=h2,size=1000,n=100 from=h4,k=udp4,t=v10,d=h2,size=1000,n=100
	vq member del p2
	conservation
	vq member add p2 network red
	vq member del p1
	conservation
	vq member add p1 network red
	vq class del red slow
}

reconfigured_under_traffic()
{
	local i rounds=20

	[ "$VNET_SLOW" = 1 ] && rounds=5
	background frame blast "${ENDPOINTS[@]/#/--ep=}" --time=$((3 * SLOWNESS)) --warm=0 from=h1,k=udp4,d=h2,size=500,rate=8000000 \
		from=h2,k=bcast,size=100,rate=800000 from=h4,k=bcast,t=v10,s=02:00:00:00:00:44,rate=400000 \
		from=h3,k=mc4,rate=400000 >/dev/null
	for i in $(seq $rounds); do
		v_batch <<-END
			member del p2
			member add p2 network red guard-mac 02:00:00:00:00:02
			member set p1 isolated on
			rule add red t$i prio 5 egress proto udp dport 5000 drop
			class add red c rate 1mbit
			member set p1 class-egress c
			fdb flush red all
			member set p1 class-egress root isolated off
			class del red c
			rule del red t$i
			network set blue down
			network set blue up
		END
	done
	stop_background $BG
	conservation
}

totals_of_both_networks()
{
	conservation
	check_num "frames of red" "$(network_get red stats.egress_packets)" -gt 1000
	wait_for "what left equals what was offered" totals_equal
}

totals_equal()
{
	vnetctl -j -s network show red | jq -e '.[0].stats | .forwarded == .offered'
}

run_tests
