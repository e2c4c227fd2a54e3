#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# cli_json.sh: what every `show` prints as JSON: keys, types, base units; pretty and with counters; the same numbers in text.

# shellcheck disable=SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="arrays network_keys port_keys member_keys fdb_keys rule_keys set_keys class_keys info_keys explain_keys
	   network_stats port_stats member_stats rule_stats class_stats values pretty filters same_numbers_in_text
	   what_json_says_can_be_typed"

setup()
{
	host h1 p1 02:00:00:00:00:01 10.0.0.1/24
	host h2 p2 02:00:00:00:00:02 10.0.0.2/24
	v_batch <<-END
		network add red up vni 7 tenant acme ageing 300s
		network add bare
		class add red gold rate 200mbit ceil 1gbit burst 64kb queue 128kb prio 2
		class add red leaf parent gold rate 10mbit
		port add p1 network red
		port add p2 uplink
		member add p2 network red
		member add p2 vlan 9 network bare
		member add p2 svlan 10 cvlan 20 network bare
		member set p1 class-egress gold flood-rate 50kpps guard-mac 02:00:00:00:00:01
		member set p1 guard-ip 10.0.0.0/8,fd00::/8 isolated on max-macs 99
		rule add red web prio 100 ingress dev p1 proto tcp sport 1000-2000 dport 443 src 10.0.0.0/8 allow
		rule add red macs prio 7 egress dev p1 src-mac 02:00:00:00:00:01/ff:ff:ff:ff:ff:00 dst-mac 02:00:00:00:00:02 ethertype arp allow
		rule add red ping prio 101 ingress proto icmp icmp-type 8 icmp-code 0 allow
		rule add bare tagged prio 1 egress dev p2 vlan 9 drop
		rule add bare besides prio 3 egress proto udp drop audit sample 1/10 expires 2h
		set add red web type addresses
		set add red gates type pairs
		set element-add red web 10.0.0.0/8,fd00::1
		set add bare doors type ports
		set element-add bare doors 80-90
		rule add bare sets prio 2 ingress dport-set doors not sport-set doors drop
		fdb add red 02:00:00:00:00:77 dev p2
		fdb add bare 02:00:00:00:00:78 dev p2 vlan 9 sticky
	END
	reach h1 10.0.0.2 >/dev/null
}

# is JQ-FILTER OPTIONS...: the filter says true of what vnetctl prints
is()
{
	local filter=$1 out; shift

	out=$(vnetctl "$@" 2>&1)
	if [ "$(printf '%s' "$out" | jq -r "$filter" 2>&1)" != true ]; then
		fail "vnetctl $*: not $filter"
		info "$(printf '%s' "$out" | jq -c . 2>&1 | cut -c 1-600)"
	fi
}

# keys WANT OPTIONS...: the keys of the first object are exactly these
keys()
{
	local want=$1; shift

	# an Ethernet type that IP fields imply may be told or not
	check_eq "keys of vnetctl $*" "$(v "$@" | jq -r '
		.[0] | if has("src") or has("proto") then del(.ethertype) else . end | keys | sort | join(" ")')" \
		"$(printf '%s\n' $want | sort | paste -sd ' ')"
}

arrays()
{
	local object

	for object in network port member fdb rule set class; do
		is 'type == "array" and length > 0 and all(.[]; type == "object")' -j "$object" show
		check_eq "lines of $object" "$(v -j "$object" show | wc -l)" 1
	done
	is 'type == "array" and length == 1' -j info
	vq network add empty
	is '. == []' -j rule show empty
	is '. == []' -j fdb show empty
	is '. == []' -j set show empty
	is '. == []' -j member show network empty
	vq network del empty
}

NETWORK="network id up policy_ingress policy_egress audit log_rate ageing_ms max_members max_macs max_rules max_classes max_queue
	max_sets max_set_elements max_connections connection_rate connections reject_rate sets set_elements members macs rules classes rules_generation
	packet_rate_ingress packet_rate_egress"
MEMBER="port ifindex network id learning flood_unicast flood_multicast flood_broadcast isolated hairpin max_macs max_connections connection_rate connections
	flood_rate packet_rate_ingress packet_rate_egress class_ingress class_egress guard_mac guard_ip guard_dhcp guard_ra macs"
RULE="network name prio direction action audit log"
CLASS="network name id level rate ceil burst cburst prio queue weight delay_target_ms delay_limit_ms members rules"

network_keys()
{
	keys "$NETWORK vni tenant" -j network show red
	keys "$NETWORK" -j network show bare
	is '.[0] | (.network | type) == "string" and (.up | type) == "boolean"' -j network show red
	is '.[0] | [.id, .vni, .ageing_ms, .max_members, .max_macs, .max_rules, .max_classes, .max_queue, .max_sets, .max_set_elements, .max_connections, .connection_rate, .connections, .reject_rate, .packet_rate_ingress, .packet_rate_egress, .members,
	    .macs, .rules, .classes, .rules_generation] | all(type == "number")' -j network show red
	is '.[0] | [.policy_ingress, .policy_egress] | all(. == "allow" or . == "drop" or . == "reject")' -j network show red
}

port_keys()
{
	keys "port ifindex id role members capacity overcommit" -j port show p1
	is '.[0] | .port == "p1" and .role == "guest" and .members == 1' -j port show p1
	is '.[0] | .role == "uplink" and .members == 3' -j port show p2
	is '.[0] | [.ifindex, .id, .members] | all(type == "number")' -j port show p1
	check_eq "ifindex" "$(v -j port show p1 | jq '.[0].ifindex')" "$(cat /sys/class/net/p1/ifindex)"
}

member_keys()
{
	keys "$MEMBER" -j member show p1
	keys "$MEMBER vlan" -j member show p2 vlan 9
	keys "$MEMBER svlan cvlan" -j member show p2 svlan 10 cvlan 20
	is '.[0] | [.learning, .flood_unicast, .flood_multicast, .flood_broadcast, .isolated, .hairpin, .guard_dhcp,
	    .guard_ra] | all(type == "boolean")' -j member show p1
	is '.[0] | [.ifindex, .id, .max_macs, .flood_rate, .macs, .max_connections, .connection_rate, .connections,
	    .packet_rate_ingress, .packet_rate_egress] | all(type == "number")' -j member show p1
	is '.[0] | .guard_mac == ["02:00:00:00:00:01"] and (.guard_ip | sort) == ["10.0.0.0/8", "fd00::/8"]' \
		-j member show p1
	is '.[0] | .guard_mac == [] and .guard_ip == []' -j member show p2
	is '.[0] | .vlan == 9 and .network == "bare"' -j member show p2 vlan 9
	is '.[0] | .svlan == 10 and .cvlan == 20' -j member show p2 svlan 10 cvlan 20
}

fdb_keys()
{
	keys "network mac port kind" -j fdb show red 02:00:00:00:00:77
	keys "network mac port kind age_ms" -j fdb show red 02:00:00:00:00:01
	keys "network mac port vlan kind" -j fdb show bare 02:00:00:00:00:78
	is '.[0] | .kind == "learned" and (.age_ms | type) == "number"' -j fdb show red 02:00:00:00:00:01
	is '.[0] | .kind == "static" and .port == "p2"' -j fdb show red 02:00:00:00:00:77
	is '.[0] | .kind == "sticky" and .vlan == 9' -j fdb show bare 02:00:00:00:00:78
}

rule_keys()
{
	keys "$RULE port src proto sport dport" -j rule show red web
	keys "$RULE port src_mac dst_mac ethertype" -j rule show red macs
	keys "$RULE proto icmp_type icmp_code" -j rule show red ping
	keys "$RULE port vlan" -j rule show bare tagged
	is '.[0] | .prio == 100 and .direction == "ingress" and .action == "allow" and .port == "p1"' -j rule show red web
	is '.[0] | .src_mac == "02:00:00:00:00:00/ff:ff:ff:ff:ff:00"' -j rule show red macs
	keys "$RULE proto sample expires_ms expires_in_ms" -j rule show bare besides
	is '.[0] | .audit and (.log | not) and .sample == 10 and .expires_ms == 7200000' -j rule show bare besides
	is '.[0] | .expires_in_ms > 5000000 and .expires_in_ms <= 7200000' -j rule show bare besides
}

set_keys()
{
	keys "network name id type elements users" -j set show red web
	keys "network set element" -j set elements red web
	keys "$RULE dport_set sport_set not" -j rule show bare sets
	is '.[0] | [.id, .elements, .users] | all(type == "number")' -j set show red web
	is '.[0] | .type == "addresses" and .elements == 2 and .users == 0' -j set show red web
	is '.[0] | .users == 2 and .type == "ports"' -j set show bare doors
	is '.[0] | .dport_set == "doors" and .not == ["sport_set"]' -j rule show bare sets
	is '[.[].element] == ["10.0.0.0/8", "fd00::1/128"]' -j set elements red web
	is '[.[].element] == ["80-90"]' -j set elements bare doors
	is '[.[].name] == ["gates"]' -j set show red type pairs
	is '. == []' -j set elements red gates
	is 'length == 3' -j set show
}

class_keys()
{
	# counters are part of what one looks at
	keys "$CLASS parent ingress egress" -j class show red gold
	keys "$CLASS overhead ingress egress" -j class show red root
	is '.[0] | .parent == "root" and .level == 1 and .rate == 200000000 and .ceil == 1000000000' -j class show red gold
	is '.[0] | .parent == "gold" and .level == 2' -j class show red leaf
	is '.[0] | .name == "root" and .level == 0 and .rate == 0' -j class show red root
	is '.[0] | [.id, .level, .rate, .ceil, .burst, .cburst, .prio, .queue, .delay_target_ms, .delay_limit_ms, .members] | all(type == "number")' \
		-j class show red gold
}

info_keys()
{
	keys "version networks ports members drop_reasons" -j info
	is '.[0] | .networks == 2 and .ports == 2 and .members == 4' -j info
	is '.[0] | (.version | type) == "string" and (.drop_reasons | type) == "number"' -j info
}

explain_keys()
{
	keys "reason cause remedy" -j explain
	is 'all(.[]; [.reason, .cause, .remedy] | all(type == "string" and length > 0))' -j explain
	is '[.[].reason] | length == (unique | length)' -j explain
}

COUNTERS="egress_packets egress_bytes copies forwarded offered ingress_packets ingress_bytes queued_packets answers cached drops"

network_stats()
{
	keys "$NETWORK vni tenant stats policy_ingress_stats policy_egress_stats audit_ingress_stats audit_egress_stats evicted moved" -j -s network show red
	check_eq "counters" "$(v -j -s network show red | jq -r '.[0].stats | keys | sort | join(" ")')" \
		"$(printf '%s\n' $COUNTERS | sort | paste -sd ' ')"
	is '.[0] | [.policy_ingress_stats, .policy_egress_stats, .audit_ingress_stats, .audit_egress_stats] | all((keys | sort) == ["bytes", "packets"])' \
		-j -s network show red
	is '.[0].stats.egress_packets > 0' -j -s network show red
	is '.[0] | has("stats") | not' -j network show red
}

port_stats()
{
	keys "port ifindex id role members capacity overcommit drops" -j -s port show p1
	is '.[0].drops | type == "object"' -j -s port show p1
	is '.[0].drops | all(.[]; type == "number" and . > 0)' -j -s port show p1
}

member_stats()
{
	keys "$MEMBER evicted unlearned stats" -j -s member show p1
	check_eq "counters" "$(v -j -s member show p1 | jq -r '.[0].stats | keys | sort | join(" ")')" \
		"$(printf '%s\n' $COUNTERS | sort | paste -sd ' ')"
	is '.[0].stats | del(.drops) | all(.[]; type == "number")' -j -s member show p1
	is '.[0].stats.drops | type == "object"' -j -s member show p1
}

rule_stats()
{
	keys "$RULE proto icmp_type icmp_code packets bytes" -j -s rule show red ping
	is '.[0] | .packets == 1 and .bytes == 98' -j -s rule show red ping
}

class_stats()
{
	keys "$CLASS parent ingress egress" -j -s class show red gold
	is '.[0] | [.ingress, .egress] | all((keys | sort) == ["borrowed", "bytes", "delayed", "dropped", "late", "marked",
	    "measured_bps", "packets", "queued_bytes", "queued_packets"])' -j -s class show red gold
	is '.[0].egress.packets > 0' -j -s class show red gold
}

values()
{
	is '.[0] | .vni == 7 and .tenant == "acme" and .up and .ageing_ms == 300000' -j network show red
	is '.[0] | .up | not' -j network show bare
	is '.[0] | .max_members == 1024 and .max_macs == 65536 and .max_rules == 1024 and .max_classes == 64 and
	    .max_sets == 64 and .max_set_elements == 65536 and .max_connections == 65536 and .connection_rate == 0 and .max_queue == 16777216 and .ageing_ms == 300000 and .policy_ingress == "allow" and .policy_egress == "allow"' \
		-j network show bare
	is '.[0] | .members == 2 and .rules == 3 and .classes == 3' -j network show red
	is '.[0] | .flood_rate == 50000 and .class_egress == "gold" and .isolated and .max_macs == 99 and
	    .class_ingress == "root"' -j member show p1
	is '.[0] | .learning and .flood_unicast and .flood_multicast and .flood_broadcast and (.isolated | not) and
	    (.hairpin | not) and (.guard_dhcp | not) and (.guard_ra | not) and .max_macs == 16384 and .flood_rate == 0' \
		-j member show p2
}

pretty()
{
	local object

	for object in network port member fdb rule set class; do
		check_eq "-j and -j -p of $object" \
			 "$(v -j "$object" show | jq -cS 'map(del(.age_ms, .expires_in_ms))')" \
			 "$(v -j -p "$object" show | jq -cS 'map(del(.age_ms, .expires_in_ms))')"
		check_num "lines of -j -p $object" "$(v -j -p "$object" show | wc -l)" -gt 3
	done
}

filters()
{
	is '[.[].network] == ["red"]' -j network show tenant acme
	is '[.[].network] == ["red"]' -j network show red
	is 'length == 3 and all(.[]; .port == "p2")' -j member show p2
	is 'length == 2 and all(.[]; .network == "bare")' -j member show network bare
	is 'all(.[]; .network == "bare") and length == 1' -j fdb show bare
	is 'all(.[]; .kind == "static") and length == 1' -j fdb show red static
	is 'all(.[]; .kind == "learned") and length > 0' -j fdb show red learned
	is 'all(.[]; .port == "p1") and length > 0' -j fdb show red dev p1
	is 'length == 1 and .[0].vlan == 9' -j fdb show bare dev p2 vlan 9
	is '[.[].name] == ["macs"]' -j rule show red egress
	is '[.[].name] == ["web", "ping"]' -j rule show red ingress
	is 'length == 6' -j rule show
	is 'all(.[]; .network == "red") and length == 3' -j class show red
}

# every counter that JSON tells is in the text too
same_numbers_in_text()
{
	local object number tries

	on h1 ping -n -q -c 17 -i 0.01 10.0.0.2 >/dev/null
	busywait 20 at_rest >/dev/null || fail "the switch does not come to rest"
	for object in "network show red" "member show p1" "rule show red ping" "class show red gold"; do
		# Somebody in the namespaces may always say a word: only what did not change meanwhile is compared.
		for tries in 1 2 3 4 5 6 7 8 9; do
			# shellcheck disable=SC2086
			v -j -s $object >"$WORK/json"
			# shellcheck disable=SC2086
			vnetctl -s $object >"$WORK/text"
			# shellcheck disable=SC2086
			v -j -s $object | cmp -s - "$WORK/json" && break
		done
		check_num "tries until nothing changed" $tries -lt 9
		for number in $(jq '.[0] | [.stats, .ingress, .egress, .packets, .bytes] |
				.. | numbers | select(. > 0)' "$WORK/json"); do
			check "$number of vnetctl -s $object is in its text" grep -qw "$number" "$WORK/text"
		done
	done
	# shellcheck disable=SC2086
	check_not "counters without -s" grep -q egress_packets <(vnetctl member show p1)
}

# names of reasons, policies and roles are the words of the grammar
what_json_says_can_be_typed()
{
	local reason role policy

	reason=$(v -j explain | jq -r '.[3].reason')
	check "explain $reason" vnetctl explain "$reason"
	role=$(v -j port show p2 | jq -r '.[0].role')
	check "port set p2 $role" vnetctl port set p2 "$role"
	policy=$(v -j network show red | jq -r '.[0].policy_ingress')
	check "policy-ingress $policy" vnetctl network set red policy-ingress "$policy"
	check "a guard" vnetctl member set p1 guard-ip "$(v -j member show p1 | jq -r '.[0].guard_ip | join(",")')"
}

run_tests
