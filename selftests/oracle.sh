#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# oracle.sh: random rules and random frames aimed at their corners: vnet and nftables (family bridge) have to say the same.
#
#  lab:   w1            w2           c1            c2
#         |             |            |             |
#  us:    v1            v2           b1            b2
#       +-o-------------o-+        +-o-------------o-+
#       |   network red   |        |   bridge br0    |   nftables: hook forward
#       +-----------------+        +-----------------+
#
# Every frame goes into w1 and c1. It must come out of both w2 and c2, or of neither, as it was, and the counters of all
# rules and of the default policy must be the same in the end. VNET_SEED=N repeats a run, VNET_ORACLE_FRAMES=N sends
# another number of frames in all.

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	sets_of_one_rule
	sets_of_ten_rules
	sets_of_a_hundred_rules
	sets_of_a_thousand_rules
	a_set_of_ten_thousand_rules
	frames_that_are_known
	differences_are_noticed"

SEED=${VNET_SEED:-$((RANDOM << 15 | RANDOM))}
FRAMES=${VNET_ORACLE_FRAMES:-$((VNET_SLOW == 1 ? 2000 : 100000))}

setup()
{
	find_built oracle
	ORACLE=$REPLY
	need nft
	need_device bridge
	nft add table bridge vtprobe 2>/dev/null || skip "no nftables of the family bridge in this kernel"
	nft delete table bridge vtprobe
	info "seed $SEED: VNET_SEED=$SEED repeats this run"
	setup_ns lab
	wire v1 w1 lab
	wire v2 w2 lab
	wire b1 c1 lab
	wire b2 c2 lab
	ip link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0 || die "cannot make a bridge"
	defer ip link del br0
	ip link set br0 up
	for port in b1 b2; do
		ip link set $port master br0
		ip link set $port type bridge_slave learning off
	done
	for port in v1 v2; do
		vq port add $port
	done
	wait_for "the bridge forwards" bridge_forwards
	if nft_reads_ports_of_later_fragments; then
		info "nftables of this kernel reads ports of fragments that have none: none but first ones are compared"
		export VNET_ORACLE_NO_LATER=1
	fi
}

# A fragment that is not the first has no ports, but nftables of some kernels (6.1 is one) takes for ports what stands
# where they would: there it is no oracle about such frames. The counters tell: of all such fragments, and of those
# among them that have a port.
nft_reads_ports_of_later_fragments()
{
	nft -f - <<-'END' || die "nft refuses a rule"
		add table bridge vtprobe
		add chain bridge vtprobe forward { type filter hook forward priority 0; }
		add rule bridge vtprobe forward ip protocol udp ip frag-off & 0x1fff != 0 counter
		add rule bridge vtprobe forward ip protocol udp ip frag-off & 0x1fff != 0 udp dport 0-65535 counter
	END
	defer nft delete table bridge vtprobe
	frame send "--ep=c1=$lab/c1@b1" from=c1,k=udp4,frag=later,d=02:00:00:00:00:0c,n=1 >/dev/null || die "no frame"
	wait_for "nftables sees a fragment" is_ge 1 probe_count 1
	[ "$(probe_count 2)" -gt 0 ]
}

# probe_count N: what the Nth counter says
probe_count()
{
	nft list chain bridge vtprobe forward | sed -n 's/.* counter packets \([0-9]*\).*/\1/p' | sed -n "$1p"
}

bridge_forwards()
{
	[ "$(cat /sys/class/net/b[12]/brport/state | xargs)" = "3 3" ]
}

vnet_counters()
{
	vnetctl -j -s rule show red "$1" | jq -r '.[] | "\(.name) \(.packets)"'
}

# In the order of evaluation too; the last is the policy.
nft_counters()
{
	nft list chain bridge oracle forward | sed -n 's/.* *counter packets \([0-9]*\).*/\1/p'
}

# load_both SEED RULES ingress|egress [SED]: the rules, those of nftables edited; the policy is put into $POLICY
load_both()
{
	local port out

	with_network red max-rules 131072
	for port in v1 v2; do
		vq member add $port network red
		vq member set $port learning off
	done
	[ -z "${VNET_ORACLE_KNOWN:-}" ] || vq member set v2 learning on
	# groups of members: who sends, and who receives
	for port in 1 2; do
		vq set add red g$((port - 1)) type members
		vq set element-add red g$((port - 1)) v$port
	done
	POLICY=$("$ORACLE" rules "$1" "$2" "$3" v1 v2 b1 b2 "$WORK/vnet" "$WORK/nft") || die "no rules"
	sed -i -e "${4:-}" "$WORK/nft"
	vq network set red "policy-$3" "$POLICY"
	vq rule load red "$WORK/vnet"
	out=$(nft -f "$WORK/nft" 2>&1) || die "nft refuses the rules of seed $1: $out"
	defer nft delete table bridge oracle
}

# compare SEED RULES FRAMES ingress|egress
compare()
{
	local seed=$1 rules=$2 frames=$3 dir=$4 out ours theirs passed used

	load_both "$seed" "$rules" "$dir"
	out=$(on lab "$ORACLE" send "$seed" "$rules" "$frames" w1 w2 c1 c2 2>&1) || {
		fail "seed $seed, $rules rules, $dir: the two do not agree"
		info "$out"
	}
	ours=$(vnet_counters "$dir")
	theirs=$(nft_counters)
	if [ -n "${VNET_ORACLE_KNOWN:-}" ]; then
		# the fence's rule has seen the announcements too
		ours=$(tail -n +2 <<<"$ours")
		theirs=$(tail -n +2 <<<"$theirs")
	fi
	if [ "$(awk '{ print $2 }' <<<"$ours")" != "$theirs" ]; then
		fail "seed $seed, $rules rules, $dir: other counters (rule, vnet's, nftables')"
		info "$(paste -d ' ' <(echo "$ours") <(echo "$theirs") | awk '$2 != $3' | head -n 20)"
	fi
	passed=$(sed -n 's/^\([0-9]*\) of .* passed.*/\1/p' <<<"$out")
	used=$(awk '$2 && $1 ~ /^r[0-9]/ { n++ } END { print n + 0 }' <<<"$ours")
	echo "$passed" >>"$WORK/passed"
	member_stat v1 cached >>"$WORK/known"
	info "seed $seed, $rules rules, $dir, policy $POLICY: $passed of $frames frames passed, $used rules decided"
	[ "$rules" -lt 100 ] && return
	check_num "frames that passed" "$passed" -gt 0
	check_num "frames that were dropped" $((frames - passed)) -gt 0
	check_num "rules that decided" "$used" -ge $((frames < rules * 10 ? 10 : rules / 5))
}

# sets COUNT RULES PERCENT: so many sets of rules, with PERCENT of all frames together; each direction by turns
sets()
{
	local i seed

	for ((i = 0; i < $1; i++)); do
		seed=$((SEED + $2 * 1000 + i))
		(
			DEFERS=()
			trap run_defers EXIT
			compare $seed "$2" $((FRAMES * $3 / 100 / $1)) "$( ((i % 2)) && echo ingress || echo egress)"
		)
	done
}

sets_of_one_rule() { sets 20 1 10; }
sets_of_ten_rules() { sets 10 10 15; }
sets_of_a_hundred_rules() { sets 6 100 30; }
sets_of_a_thousand_rules() { sets 4 1000 35; }

a_set_of_ten_thousand_rules()
{
	[ "$VNET_SLOW" = 1 ] && skip "too many rules for a slow machine"
	sets 1 10000 10
}

# What was decided about a frame is said again of the next one with the same headers: so the oracle has to agree about
# that as well. Of the frames that pass, every second one is such a one, if it is not special.
frames_that_are_known()
{
	local passed known

	export VNET_ORACLE_KNOWN=1
	# of these sets only
	rm -f "$WORK/passed" "$WORK/known"
	sets 4 1 5
	sets 4 10 5
	sets 4 100 10
	sets 2 1000 10
	passed=$(awk '{ n += $1 } END { print n + 0 }' "$WORK/passed")
	known=$(awk '{ n += $1 } END { print n + 0 }' "$WORK/known")
	info "$known of $passed frames that passed were known"
	check_num "frames that were known" "$known" -ge $((passed / 4))
}

# An oracle that says the contrary, and one whose rules match nothing.
differences_are_noticed()
{
	local swap='s/ counter accept$/ counter DROP/; s/ counter drop$/ counter accept/; s/ DROP$/ drop/'

	(
		DEFERS=()
		trap run_defers EXIT
		load_both "$SEED" 10 egress "5,14 {$swap}"
		check_err "another verdict" 1 "the other" on lab "$ORACLE" send "$SEED" 10 500 w1 w2 c1 c2
	)
	load_both "$SEED" 10 egress '5,14 s/meta protocol/meta protocol 0xfffe meta protocol/'
	on lab "$ORACLE" send "$SEED" 10 500 w1 w2 c1 c2 >/dev/null
	check_not "other counters" [ "$(vnet_counters egress | awk '{ print $2 }')" = "$(nft_counters)" ]
}

run_tests
