#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# state_helper.sh: helpers of nf_conntrack read along in connections that rules let begin.
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
	helper_of_ftp
	helper_refusals
	nobody_waits_for_a_module"

# ftp_data RULES...: what a client gets over the data connection that a server has told it of
ftp_data()
{
	on ra python3 - $((3 * SLOWNESS)) <<-'END'
		import re, socket, sys
		try:
		    c = socket.create_connection(("10.0.0.11", 21), float(sys.argv[1]))
		    f = c.makefile("rw", newline="\r\n")
		    f.readline()
		    f.write("PASV\r\n")
		    f.flush()
		    n = re.search(r"\((.*)\)", f.readline()).group(1).split(",")
		    d = socket.create_connection((".".join(n[:4]), int(n[4]) * 256 + int(n[5])), float(sys.argv[1]))
		    print(d.recv(100).decode())
		except TimeoutError:
		    print("nothing")
	END
}

ftp_server()
{
	background on rb python3 -c 'import socket
control = socket.create_server(("10.0.0.11", 21))
data = socket.create_server(("10.0.0.11", 40123))
while True:
    c = control.accept()[0]
    f = c.makefile("rw", newline="\r\n")
    f.write("220 hello\r\n")
    f.flush()
    f.readline()
    f.write("227 Entering Passive Mode (10,0,0,11,%d,%d)\r\n" % (40123 >> 8, 40123 & 255))
    f.flush()
    data.settimeout(5)
    try:
        d = data.accept()[0]
        d.send(b"listing")
        d.close()
    except TimeoutError:
        pass
    c.close()'
	wait_for "the server" on rb sh -c 'ss -Hltn "sport = :40123" | grep -q .'
}

helper_of_ftp()
{
	with_network red policy-ingress drop
	host ra pra 02:00:00:00:00:0a 10.0.0.10/24
	host rb prb 02:00:00:00:00:0b 10.0.0.11/24
	vq port add pra network red
	vq port add prb network red
	vq rule add red arp prio 1 ingress ethertype arp allow
	vq rule add red back prio 2 ingress ct established,related allow
	vq rule add red ftp prio 3 ingress dev prb proto tcp dport 21 ct new allow
	ftp_server
	check_eq "without" "$(ftp_data)" nothing
	vq rule set red ftp prio 3 ingress dev prb proto tcp dport 21 ct new allow helper ftp
	check_eq "with it" "$(ftp_data)" listing
	check_eq "told" "$(v -j rule show red ftp | jq -r '.[0].helper')" ftp
}

helper_refusals()
{
	red_network
	refused "no helper of this name" rule add red r prio 1 egress proto tcp allow helper nobody
	refused "only a rule that allows" rule add red r prio 1 egress proto tcp drop helper ftp
	refused "needs the protocol" rule add red r prio 1 egress allow helper ftp
	refused "no helper of this name" rule add red r prio 1 egress proto udp allow helper ftp
	check_err "too long" 1 "15 characters" vnetctl rule add red r prio 1 egress proto tcp allow helper nnnnnnnnnnnnnnnn
	check_eq "no zone" "$(network_get red zone)" null
	vq rule add red r prio 1 egress proto tcp allow helper ftp
	check_match "a zone" "$(network_get red zone)" "^[0-9]+$"
	vq rule del red r
	check_eq "none any more" "$(network_get red zone)" null
}

# slow_modprobe: what the kernel loads modules with waits until "go" is there; "asked" is when it began
slow_modprobe()
{
	local was

	was=$(cat /proc/sys/kernel/modprobe)
	cat >"$WORK/modprobe" <<-END
		#!/bin/sh
		echo "\$*" >>$WORK/asked
		while [ ! -e $WORK/go ]; do sleep 0.1; done
		exec $was "\$@"
	END
	chmod +x "$WORK/modprobe"
	defer set_modprobe "$was"
	defer touch "$WORK/go"
	set_modprobe "$WORK/modprobe"
}

set_modprobe()
{
	echo "$1" >/proc/sys/kernel/modprobe
}

# A module may take long to be loaded, or never be found: other commands are carried out meanwhile.
nobody_waits_for_a_module()
{
	local pid

	red_network
	modprobe -q -r nf_conntrack_ftp
	slow_modprobe
	vnetctl rule add red r prio 1 egress proto tcp allow helper ftp >"$WORK/added" 2>&1 &
	pid=$!
	wait_for "the module is asked for" grep -q helper-ftp "$WORK/asked"
	check "another command" timeout $((5 * SLOWNESS)) vnetctl network set red tenant meanwhile || touch "$WORK/go"
	check_eq "rules meanwhile" "$(network_get red rules)" 0
	touch "$WORK/go"
	wait $pid || fail "the rule: $(cat "$WORK/added")"
	check_eq "the helper" "$(v -j rule show red r | jq -r '.[0].helper')" ftp

	rm -f "$WORK/go" "$WORK/asked"
	printf '%s\n' "a prio 1 egress proto tcp allow helper ftp" "b prio 2 egress proto tcp allow helper nobody" \
		"c prio 3 egress proto tcp allow helper nobody2" >"$WORK/rules"
	vnetctl rule load red "$WORK/rules" >"$WORK/loaded" 2>&1 &
	pid=$!
	wait_for "the module is asked for" grep -q helper-nobody "$WORK/asked"
	check "another command" timeout $((5 * SLOWNESS)) vnetctl network set red tenant again || touch "$WORK/go"
	touch "$WORK/go"
	wait $pid && fail "a set with an unknown helper was loaded"
	check_match "its error" "$(cat "$WORK/loaded")" "no helper of this name"
	check_eq "the rules before it" "$(v -j rule show red | jq -r '[.[].name] | join(" ")')" r
	# the first unknown one was enough
	check_not "the other one was asked for" grep -q nobody2 "$WORK/asked"
}

run_tests
