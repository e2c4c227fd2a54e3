#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# isolate.sh: no frame of any kind crosses from one network to another, whatever is reconfigured.
#
#            u  the physical network            t  a guest that uses VLANs
#            |                                  |
#         ul |                               tr |
#  +---------o----------------------------------o--------+
#  |  untagged  ---- n0  ----  vlan 1001                 |
#  |  vlan 101  ---- n1  ----  vlan 1    ---- a  ------------ pa  a
#  |  vlan 102  ---- n2  ----  vlan 2    ---- b  ------------ pb  b
#  |    ...                                              |
#  |  vlan 115  ---- n15 ----  vlan 15                   |
#  |  svlan 200 cvlan 20 ---- n16 ---- svlan 16 cvlan 5  |
#  +-----------------------------------------------------+
#
# The stations of all networks have the same MAC and IP addresses: those behind
# ul, those behind tr, and a and b.

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	at_first
	after_a_member_has_moved
	after_a_network_was_down
	while_a_network_is_down
	after_a_tag_was_changed
	after_a_tag_was_taken_over
	after_rules_were_reloaded
	after_classes_were_changed
	after_tables_were_flushed
	after_a_network_was_deleted_and_made_again
	after_a_port_was_detached_and_attached
	switches_of_one_network_change_no_other
	double_tags_do_not_hop"

MU=02:00:00:00:00:0a		# the same in every network
MT=02:00:00:00:00:0b
MA=02:00:00:00:00:0c

# The members as the test believes them to be: endpoint, tag -> network
declare -A NET

# Functions that are called very often answer in $REPLY: a process for each would
# take most of the time.

# words TAG: as vnetctl wants it
words()
{
	REPLY=
	case $1 in
	s*.v*)	REPLY=${1#s} REPLY="svlan ${REPLY%.v*} cvlan ${REPLY#*.v}";;
	s*)	REPLY="svlan ${1#s}";;
	v*)	REPLY="vlan ${1#v}";;
	esac
}

declare -A PORT=([u]=ul [t]=tr [a]=pa [b]=pb)
declare -A MAC=([u]=$MU [t]=$MT [a]=$MA [b]=$MA)

# member_add ENDPOINT TAG NETWORK: a line for vnetctl, and what the test believes
member_add()
{
	words "$2"
	echo "member add ${PORT[$1]} $REPLY network $3"
	NET["$1:$2"]=$3
}

bind_member()
{
	words "$2"
	vq member add ${PORT[$1]} $REPLY network $3
	NET["$1:$2"]=$3
}

unbind_member()
{
	words "$2"
	vq member del ${PORT[$1]} $REPLY
	unset "NET[$1:$2]"
}

setup()
{
	host u ul $MU
	host t tr $MT
	host a pa $MA
	host b pb $MA
}

# build: the topology above from nothing
build()
{
	local i

	vq flush keep-up
	NET=()
	{
		printf 'port add %s\n' "ul uplink" tr pa pb
		for i in $(seq 0 16); do
			echo "network add n$i up"
		done
		member_add u "" n0
		member_add t v1001 n0
		for i in $(seq 1 15); do
			member_add u v$((100 + i)) n$i
			member_add t v$i n$i
		done
		member_add u s200.v20 n16
		member_add t s16.v5 n16
		member_add a "" n1
		member_add b "" n2
	} >"$WORK/batch"
	v_batch <"$WORK/batch"
	defer conservation
}

# members_of NETWORK BUT: expectation: all members of it but one
members_of()
{
	local m x=''

	for m in "${!NET[@]}"; do
		[ "${NET[$m]}" = "$1" ] && [ "$m" != "$2" ] && x+=+$m
	done
	x=${x#+}
	REPLY=${x:--}
}

# member_with NETWORK MAC: the member of the network behind which that MAC is; a
# and b are in different networks, so there is one at most
member_with()
{
	local m

	REPLY=
	for m in "${!NET[@]}"; do
		[ "${NET[$m]}" = "$1" ] && [ ${MAC[${m%%:*}]} = "$2" ] && REPLY=$m
	done
}

# nothing_crosses: seven kinds of frames from every member, each in its network
# and nowhere else; then again with all addresses known
nothing_crosses()
{
	local m e t net flood to mac kind learn=() specs=()

	for m in "${!NET[@]}"; do
		e=${m%%:*} t=${m#*:} net=${NET[$m]}
		members_of $net "$m"
		flood=$REPLY
		learn+=("from=$e,k=bcast,t=$t,x=$flood")
		for kind in multi bcast mc4 mc6 uni,d=02:ff:ff:ff:ff:fe \
			    udp4,d=02:ff:ff:ff:ff:fe udp6,d=02:ff:ff:ff:ff:fe arp ns; do
			specs+=("from=$e,k=$kind,t=$t,x=$flood")
		done
		for mac in $MU $MT $MA; do
			[ $mac = ${MAC[$e]} ] && continue
			member_with $net $mac
			to=$REPLY
			for kind in uni udp4 udp6; do
				specs+=("from=$e,k=$kind,d=$mac,t=$t,x=${to:-$flood}")
			done
		done
	done
	probe "${learn[@]}" && probe "${specs[@]}"
}

at_first()
{
	build
	nothing_crosses
}

after_a_member_has_moved()
{
	local m

	build
	# a and b change places, a tag of the uplink goes to another network
	unbind_member a ""
	unbind_member b ""
	bind_member a "" n2
	bind_member b "" n3
	unbind_member u v104
	bind_member u v104 n5
	unbind_member u v105
	bind_member u v105 n4
	nothing_crosses
	unbind_member a ""
	unbind_member b ""
	bind_member a "" n1
	bind_member b "" n2
	for m in 104 105; do
		unbind_member u v$m
		bind_member u v$m n$((m - 100))
	done
	nothing_crosses
}

after_a_network_was_down()
{
	local i

	build
	for i in 0 1 7 16; do
		vq network set n$i down
	done
	for i in 16 7 1 0; do
		vq network set n$i up
	done
	nothing_crosses
}

while_a_network_is_down()
{
	local i

	build
	vq network set n1 down
	expect_drop network_down=3 pa probe from=a,k=bcast,x=- from=a,k=uni,d=$MU,x=- from=a,k=mc6,x=-
	expect_drop network_down=2 ul:vlan:101 probe from=u,k=bcast,t=v101,x=- from=u,k=udp4,t=v101,d=$MA,x=-
	# its neighbours live on
	probe from=b,k=bcast,x=u:v102+t:v2 from=u,k=bcast,t=v102,x=t:v2+b from=u,k=bcast,x=t:v1001
	vq network set n1 up
	nothing_crosses
}

after_a_tag_was_changed()
{
	build
	unbind_member u v103
	bind_member u v3003 n3
	expect_drop no_member=2 ul probe from=u,k=bcast,t=v103,x=- from=u,k=uni,d=$MT,t=v103,x=-
	unbind_member t s16.v5
	bind_member t v16 n16
	unbind_member u ""
	bind_member u s200 n0
	# untagged frames of the uplink belong to nobody now
	expect_drop no_member=1 ul probe from=u,k=bcast,x=-
	nothing_crosses
	unbind_member u s200
	bind_member u "" n0
	unbind_member t v16
	bind_member t s16.v5 n16
	unbind_member u v3003
	bind_member u v103 n3
	nothing_crosses
}

# A tag of one network becomes that of another within one batch.
after_a_tag_was_taken_over()
{
	build
	v_batch <<-END
		member del ul vlan 110
		member del ul vlan 111
		member add ul vlan 110 network n11
		member add ul vlan 111 network n10
	END
	NET[u:v110]=n11 NET[u:v111]=n10
	nothing_crosses
	v_batch <<-END
		member del ul vlan 110
		member del ul vlan 111
		member add ul vlan 111 network n11
		member add ul vlan 110 network n10
	END
	NET[u:v110]=n10 NET[u:v111]=n11
	nothing_crosses
}

after_rules_were_reloaded()
{
	local i

	build
	for i in 0 1 2 16; do
		printf '%s\n' "r1 prio 1 ingress proto tcp dport 22 drop" \
			"r2 prio 2 egress ethertype 0x1234 drop" "r3 prio 3 ingress allow" >"$WORK/rules"
		vq rule load n$i "$WORK/rules"
	done
	nothing_crosses
	echo "other prio 5 egress allow" >"$WORK/rules"
	vq rule load n1 "$WORK/rules"
	: >"$WORK/rules"
	vq rule load n2 "$WORK/rules"
	nothing_crosses
	vq rule load n0 "$WORK/rules"
	vq rule load n1 "$WORK/rules"
	vq rule load n16 "$WORK/rules"
}

after_classes_were_changed()
{
	build
	vq class add n1 gold rate 100mbit
	vq member set pa class-egress gold class-ingress gold
	vq member set ul vlan 101 class-egress gold
	vq class set n2 root rate 500mbit
	nothing_crosses
	vq class set n1 gold rate 200mbit
	vq class set n2 root rate unlimited
	vq member set pa class-egress root class-ingress root
	vq member set ul vlan 101 class-egress root
	vq class del n1 gold
	nothing_crosses
}

after_tables_were_flushed()
{
	local i

	build
	for i in $(seq 0 16); do
		vq fdb flush n$i all
	done
	# an address is known in n1 only: in n2 it is unknown and flooded there
	probe from=a,k=bcast,s=02:00:00:00:88:01,x=u:v101+t:v1
	probe from=b,k=uni,d=02:00:00:00:88:01,x=u:v102+t:v2 from=u,k=uni,d=02:00:00:00:88:01,t=v101,x=a
	nothing_crosses
}

after_a_network_was_deleted_and_made_again()
{
	build
	vq network del n7
	unset "NET[u:v107]" "NET[t:v7]"
	expect_drop no_member=1 ul probe from=u,k=bcast,t=v107,x=-
	nothing_crosses
	vq network add n7 up
	bind_member t v7 n7
	bind_member u v107 n7
	nothing_crosses
}

after_a_port_was_detached_and_attached()
{
	build
	vq port del pb keep-up
	unset "NET[b:]"
	nothing_crosses
	vq port add pb
	bind_member b "" n9
	nothing_crosses
	unbind_member b ""
	bind_member b "" n2
	nothing_crosses
}

switches_of_one_network_change_no_other()
{
	build
	vq member set pb flood-unicast off flood-multicast off flood-broadcast off isolated on hairpin on
	vq network set n2 policy-ingress drop policy-egress drop ageing 100ms max-macs 1
	unset "NET[b:]" "NET[u:v102]" "NET[t:v2]"
	nothing_crosses
	NET[b:]=n2 NET[u:v102]=n2 NET[t:v2]=n2
	vq member set pb flood-unicast on flood-multicast on flood-broadcast on isolated off hairpin off
	vq network set n2 policy-ingress allow policy-egress allow ageing 300s max-macs 65536
	nothing_crosses
}

# A frame with a second tag must not come out with that tag as the first one where
# it means another network.
double_tags_do_not_hop()
{
	build
	expect_drop inner_tag=3 ul probe from=t,k=bcast,t=v1001.v102,x=- from=t,k=udp4,t=v1001.v102,d=$MU,x=- \
		from=t,k=mc6,t=v1001.s200.v20,x=-
	expect_drop inner_tag=2 pa probe from=u,k=bcast,t=v101.v102,x=t:v1.v102 from=u,k=mc4,t=v101.v1001,x=t:v1.v1001
	# svlan 200 alone is n3, svlan 200 cvlan 20 is n16
	unbind_member u v103
	bind_member u s200 n3
	expect_drop inner_tag=2 ul:svlan:200 probe from=t,k=bcast,t=v3.v20,x=- from=t,k=udp6,t=v3.v20,d=$MU,x=-
	probe from=t,k=bcast,t=v3.v21,x=u:s200.v21 from=t,k=bcast,t=s16.v5,x=u:s200.v20 from=u,k=bcast,t=s200.v20,x=t:s16.v5 \
	      from=u,k=bcast,t=s200.v21,x=t:v3.v21 from=u,k=bcast,t=s200,x=t:v3
}

run_tests
