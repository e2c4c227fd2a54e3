#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# state_recheck.sh: connections that began under older rules are judged again when the operator wants it.
#
#      h1            h2            h3
#   p1 |          p2 |          p3 |
#  +---o-------------o-------------o---+
#  |            network red            |
#  +-----------------------------------+

. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_rules.sh
. "$(dirname "$0")/lib_rules.sh"
# shellcheck source=selftests/lib_state.sh
. "$(dirname "$0")/lib_state.sh"

ALL_TESTS="
	recheck_ends_connections
	recheck_of_answers
	recheck_spares_others
	recheck_goes_by_the_first_dscp
	recheck_goes_by_what_egress_writes"

recheck_ends_connections()
{
	guarded
	check_match "without connections" "$(v rule recheck red)" "^$"
	passes k=tcp4,sport=1019,dport=80,flags=$SYN
	passes from=h2,k=tcp4,sport=80,dport=1019,flags=$SYNACK
	vq rule add red no prio 2 ingress dev p2 proto tcp dport 80 tcp-flags syn drop
	vq rule set red open prio 3 ingress dev p2 ct new allow
	passes k=tcp4,sport=1019,dport=80,flags=$ACK,seq=18
	vq rule recheck red
	stopped recheck p2 k=tcp4,sport=1019,dport=80,flags=$ACK,seq=18
	stopped policy_ingress p1 from=h2,k=tcp4,sport=80,dport=1019,flags=$SYN
	wait_for "its end" is_eq 0 connections
}

# The first frame behind a recheck is one of the server.
recheck_of_answers()
{
	guarded
	passes k=udp4,sport=1020,dport=53 k=icmp4,type=8 k=udp6,sport=1020,dport=53
	passes from=h2,k=udp4,sport=53,dport=1020 from=h2,k=icmp4,type=0 from=h2,k=udp6,sport=53,dport=1020
	vq rule recheck red
	passes from=h2,k=udp4,sport=53,dport=1020 from=h2,k=icmp4,type=0 from=h2,k=udp6,sport=53,dport=1020
	vq rule set red open prio 2 ingress dev p2 proto tcp ct new allow
	passes from=h2,k=udp4,sport=53,dport=1020 from=h2,k=icmp4,type=0
	vq rule recheck red
	stopped recheck p1 from=h2,k=udp4,sport=53,dport=1020 from=h2,k=icmp4,type=0 from=h2,k=udp6,sport=53,dport=1020
}

recheck_spares_others()
{
	guarded
	vq rule add red ping prio 3 ingress dev p3 ct new allow
	passes k=udp4,sport=1021,dport=53
	probe from=h1,k=udp4,d=h3,sport=1021,dport=53,x=h3
	passes from=h2,k=udp4,sport=53,dport=1021
	vq rule del red open
	vq rule recheck red
	stopped recheck p1 from=h2,k=udp4,sport=53,dport=1021
	probe from=h3,k=udp4,d=h1,sport=53,dport=1021,x=h1
	vq network set red policy-ingress allow
	vq rule recheck red
	probe from=h3,k=udp4,d=h1,sport=53,dport=1021,x=h1
	vq rule load red /dev/null
	check_eq "no rule asks" "$(v -j rule recheck red)" '[{"unchanged":true}]'
}

# A connection is judged by what its frame came with, not by what a rule wrote into it.
recheck_goes_by_the_first_dscp()
{
	guarded
	vq rule add red mark prio 3 egress proto udp dscp 0 set-dscp af11 allow
	vq rule add red other prio 4 egress dscp af11 drop
	passes k=udp4,sport=1022,dport=53,xdscp=10 k=udp6,sport=1022,dport=53,xdscp=10
	passes from=h2,k=udp4,sport=53,dport=1022,xdscp=10 from=h2,k=udp6,sport=53,dport=1022,xdscp=10
	stopped rule_egress p1 k=udp4,sport=1022,dport=53,dscp=10
	vq rule recheck red
	passes k=udp4,sport=1022,dport=53,xdscp=10 from=h2,k=udp6,sport=53,dport=1022,xdscp=10
	check_eq "dropped by recheck" "$(drops p1 recheck) $(drops p2 recheck)" "0 0"
	# what it came with counts: that DSCP is not wanted any more
	vq rule set red mark prio 3 egress proto udp dscp 1 set-dscp af11 allow
	vq rule add red none prio 5 egress proto udp dscp 0 ct new drop
	vq rule recheck red
	stopped recheck p2 k=udp4,sport=1022,dport=53
	stopped recheck p1 from=h2,k=udp6,sport=53,dport=1022
}

# Ingress rules see what egress rules wrote, then and now.
recheck_goes_by_what_egress_writes()
{
	guarded
	vq rule add red mark prio 3 egress proto udp set-dscp af11 allow
	vq rule set red open prio 2 ingress dev p2 dscp af11 ct new allow
	passes k=udp4,sport=1023,dport=53,xdscp=10
	passes from=h2,k=udp4,sport=53,dport=1023,xdscp=10
	vq rule recheck red
	passes from=h2,k=udp4,sport=53,dport=1023,xdscp=10
	vq rule recheck red
	passes k=udp4,sport=1023,dport=53,xdscp=10
	vq rule set red mark prio 3 egress proto udp set-dscp af12 allow
	vq rule recheck red
	stopped recheck p2 k=udp4,sport=1023,dport=53
}

run_tests
