// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_rule: the commands about firewall rules and their key table.
 */
#include "cmd.h"
#include "diag.h"
#include "kind.h"
#include "lines.h"
#include "object.h"
#include "refuse.h"
#include "rule_test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define V_WRITE (V_ADD | V_SET)
#define V_ALL (V_ADD | V_SET | V_DEL | V_SHOW)

/* A header field that a rule may ask for. */
#define MATCH(_word, _kind, _attr, _json, _help)			\
	{ .word = (_word), .kind = (_kind), .attr = (_attr),		\
	  .verbs = V_WRITE, .flags = KEY_FIELD, .normal = UINT64_MAX,	\
	  .out = { (_json), (_word), OUT_OPTION },			\
	  .help = (_help) }

static const struct key rule_keys[] = {
	{ .word = "NETWORK", .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .verbs = V_ALL | V_LOAD | V_PROMOTE | V_RECHECK,
	  .needs = V_WRITE | V_DEL | V_LOAD | V_PROMOTE | V_RECHECK,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY | KEY_PROMPT,
	  .out = { "network", "network", OUT_COLUMN },
	  .help = "the network" },
	{ .word = "NAME", .kind = &kind_new_name, .attr = VNET_A_RULE_NAME,
	  .verbs = V_ADD, .needs = V_ADD,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY,
	  .out = { "name", "name", OUT_COLUMN }, .help = "its name" },
	{ .word = "NAME", .kind = &kind_rule, .attr = VNET_A_RULE_NAME,
	  .verbs = V_SET | V_DEL | V_SHOW | V_PROMOTE, .needs = V_SET | V_DEL,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY, .help = "the rule" },
	{ .word = "FILE", .kind = &kind_file, .verbs = V_LOAD,
	  .needs = V_LOAD, .flags = KEY_POSITIONAL,
	  .help = "one rule on a line, as after \"rule add NETWORK\"" },
	{ .word = "prio", .kind = &kind_count, .attr = VNET_A_RULE_PRIORITY,
	  .verbs = V_WRITE, .needs = V_WRITE, .max = VNET_PRIORITY_MAX,
	  .out = { "prio", "prio", OUT_COLUMN },
	  .help = "smaller decides first" },
	{ .kind = &kind_direction, .attr = VNET_A_RULE_DIRECTION,
	  .verbs = V_WRITE | V_SHOW, .needs = V_WRITE, .flags = KEY_BARE,
	  .out = { "direction", "direction", OUT_COLUMN },
	  .help = "to a member (ingress) or from it (egress)" },
	{ .word = "not", .kind = &kind_switch, .attr = VNET_A_RULE_INVERTED,
	  .verbs = V_WRITE, .flags = KEY_ALONE | KEY_NOT,
	  .help = "the field that follows must not be so" },
	{ .word = "dev", .kind = &kind_port, .attr = VNET_A_IFNAME,
	  .verbs = V_WRITE, .flags = KEY_FIELD, .out = { "port", "dev", OUT_OPTION },
	  .help = "the one member that it is for" },
	KEY_TAGS(V_WRITE),
	KEY_TAG_SHOWN(OUT_WORD),
	MATCH("src-mac", &kind_mac_mask, VNET_A_RULE_SRC_MAC, "src_mac",
	      "source MAC"),
	MATCH("dst-mac", &kind_mac_mask, VNET_A_RULE_DST_MAC, "dst_mac",
	      "destination MAC"),
	{ .word = "ethertype", .kind = &kind_ethertype,
	  .attr = VNET_A_RULE_ETHERTYPE, .verbs = V_WRITE, .min = 0x600,
	  .flags = KEY_FIELD,
	  .out = { "ethertype", "ethertype", OUT_OPTION },
	  .help = "behind the member's tag" },
	MATCH("src", &kind_prefix, VNET_A_RULE_SRC_IP, "src",
	      "source address"),
	MATCH("dst", &kind_prefix, VNET_A_RULE_DST_IP, "dst",
	      "destination address"),
	MATCH("proto", &kind_proto, VNET_A_RULE_PROTO, "proto",
	      "IP protocol"),
	MATCH("sport", &kind_ports, VNET_A_RULE_SRC_PORT_MIN, "sport",
	      "source port"),
	MATCH("dport", &kind_ports, VNET_A_RULE_DST_PORT_MIN, "dport",
	      "destination port"),
	MATCH("icmp-type", &kind_icmp_type, VNET_A_RULE_ICMP_TYPE, "icmp_type",
	      "with proto icmp or icmp6"),
	MATCH("icmp-code", &kind_count, VNET_A_RULE_ICMP_CODE, "icmp_code",
	      "with icmp-type"),
	MATCH("tcp-flags", &kind_tcp_flags, VNET_A_RULE_TCP_FLAGS, "tcp_flags",
	      "with proto tcp"),
	MATCH("fragment", &kind_fragment, VNET_A_RULE_FRAGMENT, "fragment",
	      "which part of a fragmented packet"),
	MATCH("dscp", &kind_dscp, VNET_A_RULE_DSCP, "dscp",
	      "DiffServ code point"),
	{ .word = "pcp", .kind = &kind_count, .attr = VNET_A_RULE_PCP,
	  .verbs = V_WRITE, .flags = KEY_FIELD, .normal = UINT64_MAX, .max = 7,
	  .out = { "pcp", "pcp", OUT_OPTION },
	  .help = "priority in the tag" },
	MATCH("arp-sender", &kind_prefix4, VNET_A_RULE_ARP_SENDER, "arp_sender",
	      "who an ARP message says that it is from"),
	MATCH("arp-target", &kind_prefix4, VNET_A_RULE_TARGET, "arp_target",
	      "whom an ARP message asks for or tells"),
	MATCH("nd-target", &kind_prefix6, VNET_A_RULE_TARGET, "nd_target",
	      "whom neighbour discovery asks for or tells of"),
	MATCH("src-set", &kind_set, VNET_A_RULE_SRC_SET, "src_set",
	      "set that has the source address"),
	MATCH("dst-set", &kind_set, VNET_A_RULE_DST_SET, "dst_set",
	      "set that has the destination address"),
	MATCH("sport-set", &kind_set, VNET_A_RULE_SPORT_SET, "sport_set",
	      "set that has the source port"),
	MATCH("dport-set", &kind_set, VNET_A_RULE_DPORT_SET, "dport_set",
	      "set that has the destination port"),
	MATCH("src-mac-set", &kind_set, VNET_A_RULE_SRC_MAC_SET, "src_mac_set",
	      "set that has the source MAC"),
	MATCH("dst-mac-set", &kind_set, VNET_A_RULE_DST_MAC_SET, "dst_mac_set",
	      "set that has the destination MAC"),
	MATCH("src-pair-set", &kind_set, VNET_A_RULE_SRC_PAIR_SET, "src_pair_set",
	      "set that has source address and port together"),
	MATCH("dst-pair-set", &kind_set, VNET_A_RULE_DST_PAIR_SET, "dst_pair_set",
	      "set that has destination address and port together"),
	MATCH("member-set", &kind_set, VNET_A_RULE_MEMBER_SET, "member_set",
	      "set that has the member that it is for"),
	MATCH("ct", &kind_states, VNET_A_RULE_STATE, "state",
	      "what the frame is to a connection"),
	{ .kind = &kind_action, .attr = VNET_A_RULE_ACTION, .verbs = V_WRITE,
	  .needs = V_WRITE, .flags = KEY_BARE,
	  .out = { "action", "action", OUT_COLUMN },
	  .help = "what becomes of the frame; reject drops it and tells the sender" },
	{ .word = "class", .kind = &kind_class, .attr = VNET_A_RULE_CLASS,
	  .verbs = V_WRITE, .out = { "class", "class", OUT_OPTION },
	  .help = "what shapes it, instead of the member's class; with allow" },
	{ .word = "set-dscp", .kind = &kind_dscp, .attr = VNET_A_RULE_SET_DSCP,
	  .verbs = V_WRITE, .normal = UINT64_MAX, .max = 63,
	  .out = { "set_dscp", "set-dscp", OUT_OPTION },
	  .help = "DiffServ code point that it gets; with allow" },
	{ .word = "helper", .kind = &kind_helper, .attr = VNET_A_RULE_HELPER,
	  .verbs = V_WRITE, .out = { "helper", "helper", OUT_OPTION },
	  .help = "what reads along in connections, to know related ones; with allow" },
	{ .word = "audit", .kind = &kind_flag, .attr = VNET_A_RULE_AUDIT,
	  .verbs = V_WRITE, .flags = KEY_ALONE,
	  .out = { "audit", "audit", OUT_WORD },
	  .help = "only count what it would decide" },
	{ .word = "log", .kind = &kind_flag, .attr = VNET_A_RULE_LOG,
	  .verbs = V_WRITE, .flags = KEY_ALONE,
	  .out = { "log", "log", OUT_WORD },
	  .help = "tell of each frame to \"monitor log\"" },
	{ .word = "sample", .kind = &kind_sample, .attr = VNET_A_RULE_SAMPLE,
	  .verbs = V_WRITE, .out = { "sample", "sample", OUT_OPTION },
	  .help = "tell of one frame in N, at random" },
	{ .word = "expires", .kind = &kind_lifetime,
	  .attr = VNET_A_RULE_EXPIRES, .verbs = V_WRITE,
	  .max = VNET_EXPIRES_MAX,
	  .out = { "expires_ms", "expires", OUT_OPTION },
	  .help = "time until it is removed by itself" },
	{ .kind = &kind_time_left, .attr = VNET_A_RULE_EXPIRES_IN,
	  .out = { "expires_in_ms", "left", OUT_OPTION } },
	KEY_IF_EXISTS,
	{ .kind = &kind_hits, .attr = VNET_A_RULE_STATS,
	  .out = { "packets", "packets", OUT_HIDDEN } },
	KEY_END
};

/* The rules of a file, and the lines that they stand on. */
struct ruleset {
	struct vnet_rule *rules;
	unsigned int *numbers;
	size_t count;
	size_t room;
};

static int ruleset_grow(struct ruleset *set)
{
	size_t room = set->room ? set->room * 2 : 64;
	void *rules, *numbers;

	if (set->count < set->room)
		return 0;
	rules = reallocarray(set->rules, room, sizeof(*set->rules));
	if (!rules)
		return -ENOMEM;
	set->rules = rules;
	numbers = reallocarray(set->numbers, room, sizeof(*set->numbers));
	if (!numbers)
		return -ENOMEM;
	set->numbers = numbers;
	set->room = room;
	return 0;
}

/* A line is read as the words behind "rule add NETWORK". */
static int ruleset_add(struct ctl *ctl, struct ruleset *set,
		       struct lines *lines, const char *network)
{
	struct ctl batch = *ctl;
	struct args a;
	int code;

	if (ruleset_grow(set)) {
		diag_error(ctl, "there is no memory");
		return CTL_REFUSED;
	}
	/* Read as in a batch, with the network left out. */
	batch.mode = CTL_BATCH;
	snprintf(batch.network, sizeof(batch.network), "%s", network);
	code = args_parse(&a, &batch, cmd_of("rule", "add"), 0);
	if (!code && a.word_of[0] != WORD_OF_PROMPT) {
		diag_error(ctl, "a rule begins with its name; the network is not repeated");
		diag_caret(ctl, 0, NULL);
		code = CTL_USAGE;
	}
	if (!code) {
		set->rules[set->count] = a.object.rule;
		set->numbers[set->count++] = lines->line.number;
	}
	args_clear(&a);
	return code;
}

static int ruleset_read(struct ctl *ctl, struct ruleset *set,
			struct lines *lines, const char *network)
{
	int got, code = CTL_OK;

	while (!code && (got = lines_next(lines)) != 0) {
		ctl->line = &lines->line;
		if (got > 0) {
			code = ruleset_add(ctl, set, lines, network);
			continue;
		}
		diag_error(ctl, "%s", lines->why);
		code = CTL_USAGE;
	}
	return code;
}

static int refuse_set(struct ctl *ctl, const struct args *a,
		      const struct ruleset *set, struct lines *lines, int err)
{
	long entry = vnet_error(ctl->vnet)->entry;

	if (entry < 0 || (size_t)entry >= set->count)
		return refuse(ctl, a, err);
	lines->line.number = set->numbers[entry];
	lines->line.count = 0;
	ctl->line = &lines->line;
	return refuse_entry(ctl, a, set->rules[entry].name, set->count);
}

static int load_set(struct ctl *ctl, struct args *a, struct ruleset *set,
		    struct lines *lines)
{
	int code = CTL_OK, err;
	struct vnet *vnet = ctl_connect(ctl, &code);
	uint32_t loaded = 0;
	char text[64];

	if (!vnet)
		return code;
	err = vnet_rule_load(vnet, a->object.id.network, set->rules,
			     set->count, &loaded);
	if (err)
		return refuse_set(ctl, a, set, lines, err);
	snprintf(text, sizeof(text), "%u rules loaded", loaded);
	object_result(ctl, "rules", loaded, text);
	return CTL_OK;
}

static int load(struct ctl *ctl, struct args *a)
{
	const struct line *command = ctl->line;
	struct ruleset set = { .count = 0 };
	struct lines *lines = calloc(1, sizeof(*lines));
	int code = CTL_USAGE;

	if (lines)
		code = lines_open(lines, ctl, a->text);
	if (!code) {
		code = ruleset_read(ctl, &set, lines, a->object.id.network);
		ctl->line = command;
		if (!code)
			code = load_set(ctl, a, &set, lines);
		ctl->line = command;
		lines_close(lines);
	}
	free(lines);
	free(set.rules);
	free(set.numbers);
	return code;
}

/* One rule, or all of the network. */
static int promote(struct ctl *ctl, struct args *a)
{
	bool one = a->object.id.has & VNET_HAS(VNET_A_RULE_NAME);
	struct vnet_rule *rule = &a->object.rule;
	int code = CTL_OK, err;
	struct vnet *vnet = ctl_connect(ctl, &code);
	char text[64];

	if (!vnet)
		return code;
	err = vnet_rule_promote(vnet, rule);
	if (err)
		return refuse(ctl, a, err);
	if (rule->id.has & VNET_HAS(VNET_A_UNCHANGED)) {
		object_unchanged(ctl);
	} else if (!one) {
		snprintf(text, sizeof(text), "%u rules promoted", rule->count);
		object_result(ctl, "promoted", rule->count, text);
	}
	return CTL_OK;
}

/* What began under older rules is judged by those of now. */
static int recheck(struct ctl *ctl, struct args *a)
{
	struct vnet_rule *network = &a->object.rule;
	int code = CTL_OK, err;
	struct vnet *vnet = ctl_connect(ctl, &code);

	if (!vnet)
		return code;
	err = vnet_rule_recheck(vnet, network);
	if (err)
		return refuse(ctl, a, err);
	if (network->id.has & VNET_HAS(VNET_A_UNCHANGED))
		object_unchanged(ctl);
	return CTL_OK;
}

static void show_policy(struct ctl *ctl, const struct args *a,
			const struct vnet_network *network, unsigned int direction)
{
	bool egress = direction == VNET_DIR_EGRESS;
	struct vnet_rule rule = {
		.id.has = VNET_HAS(VNET_A_NETWORK) | VNET_HAS(VNET_A_RULE_NAME) |
			  VNET_HAS(VNET_A_RULE_DIRECTION) |
			  VNET_HAS(VNET_A_RULE_ACTION) | VNET_HAS(VNET_A_RULE_STATS),
		.direction = direction,
		.action = egress ? network->policy_egress : network->policy_ingress,
		.stats = egress ? network->policy_egress_stats :
				  network->policy_ingress_stats,
	};
	uint64_t wanted = VNET_HAS(VNET_A_RULE_DIRECTION);

	if (a->object.id.has & wanted && a->object.rule.direction != direction)
		return;
	memcpy(rule.id.network, network->id.network, sizeof(rule.id.network));
	snprintf(rule.name, sizeof(rule.name), "%s", rule_of_policy(direction));
	object_show_one(ctl, a, &rule);
}

/* With counters, the default policies stand at the end of the rules. */
static int show_policies(struct ctl *ctl, struct args *a)
{
	struct vnet_network filter = { .id = a->object.id };
	struct vnet_list list;
	size_t i;
	int err;

	if (!ctl->opt.stats)
		return CTL_OK;
	filter.id.has &= VNET_HAS(VNET_A_NETWORK);
	filter.id.has |= VNET_HAS(VNET_A_WITH_STATS);
	err = vnet_network_list(ctl->vnet, &filter, &list);
	if (err)
		return refuse(ctl, a, err);
	for (i = 0; i < list.count; i++) {
		show_policy(ctl, a, vnet_list_at(&list, i), VNET_DIR_INGRESS);
		show_policy(ctl, a, vnet_list_at(&list, i), VNET_DIR_EGRESS);
	}
	vnet_list_clear(&list);
	return CTL_OK;
}

#define RULE_COMMAND(_verb, _verbs, _run, _help)			\
	.object = "rule", .verb = (_verb), .keys = rule_keys,		\
	.verbs = (_verbs), .schema = &vnet_rule_schema,			\
	.run = (_run), .help = (_help)

const struct command rule_commands[] = {
	{ RULE_COMMAND("add", V_ADD, object_add, "add a firewall rule") },
	{ RULE_COMMAND("set", V_SET, object_set, "replace the body of a rule") },
	{ RULE_COMMAND("promote", V_PROMOTE, promote,
		       "enforce rules that are in audit") },
	{ RULE_COMMAND("recheck", V_RECHECK, recheck,
		       "judge connections again by the rules of now") },
	{ RULE_COMMAND("del", V_DEL, object_del, "remove a rule") },
	{ RULE_COMMAND("show", V_SHOW, object_show,
		       "show rules in the order of evaluation"),
	  .single = VNET_HAS(VNET_A_NETWORK) | VNET_HAS(VNET_A_RULE_NAME),
	  .filters = VNET_HAS(VNET_A_RULE_DIRECTION),
	  .counters = true, .more = show_policies },
	{ RULE_COMMAND("load", V_LOAD, load,
		       "replace all rules of a network at once") },
	{ .object = "rule", .verb = "test", .keys = rule_test_keys,
	  .verbs = V_OTHER, .schema = &vnet_rule_schema, .run = rule_test,
	  .help = "ask what the rules would do with a frame, and which one decides" },
	{ .object = NULL }
};
