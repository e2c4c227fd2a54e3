// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule_test: the command that asks what the rules would do with a frame, and its key
 * table. The frame is written as in "from tap7 tcp 10.0.0.7:40000 10.0.0.9:443", in
 * the keywords of rules, or in both.
 */
#include "rule_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "refuse.h"

#define ETHERTYPE_ARP	0x0806
/* Rules that text names; JSON names all that were passed, if they could be read. */
#define PASSED_SHOWN	10

#define FRAME(_word, _kind, _attr, _help)				\
	{ .word = (_word), .kind = (_kind), .attr = (_attr),		\
	  .verbs = V_OTHER, .help = (_help) }

const struct key rule_test_keys[] = {
	{ .word = "NETWORK", .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .verbs = V_OTHER, .needs = V_OTHER,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY | KEY_PROMPT,
	  .help = "the network" },
	{ .kind = &kind_direction, .attr = VNET_A_RULE_DIRECTION,
	  .verbs = V_OTHER, .needs = V_OTHER, .flags = KEY_BARE,
	  .help = "to a member (ingress) or from it (egress)" },
	FRAME("from", &kind_port, VNET_A_IFNAME, "the member that sends it (egress)"),
	FRAME("to", &kind_port, VNET_A_IFNAME, "the member that gets it (ingress)"),
	KEY_TAGS(V_OTHER),
	{ .kind = &kind_transport, .attr = VNET_A_RULE_PROTO, .verbs = V_OTHER,
	  .flags = KEY_BARE, .help = "what the frame is" },
	FRAME("proto", &kind_proto, VNET_A_RULE_PROTO, "IP protocol"),
	{ .word = "SRC[:PORT]", .kind = &kind_endpoint, .attr = VNET_A_RULE_SRC_IP,
	  .verbs = V_OTHER, .flags = KEY_FORM,
	  .help = "the first address: its source; of arp, the sender" },
	{ .word = "DST[:PORT]", .kind = &kind_endpoint, .attr = VNET_A_RULE_DST_IP,
	  .verbs = V_OTHER, .flags = KEY_FORM,
	  .help = "the second: its destination; of arp, the target" },
	FRAME("src", &kind_address, VNET_A_RULE_SRC_IP, "source address"),
	FRAME("dst", &kind_address, VNET_A_RULE_DST_IP, "destination address"),
	FRAME("sport", &kind_count, VNET_A_RULE_SRC_PORT_MIN, "source port"),
	FRAME("dport", &kind_count, VNET_A_RULE_DST_PORT_MIN, "destination port"),
	FRAME("icmp-type", &kind_icmp_type, VNET_A_RULE_ICMP_TYPE,
	      "echo-request if not given"),
	FRAME("icmp-code", &kind_count, VNET_A_RULE_ICMP_CODE, "0 if not given"),
	FRAME("tcp-flags", &kind_flag_set, VNET_A_RULE_TCP_FLAGS, "syn if not given"),
	FRAME("fragment", &kind_part, VNET_A_RULE_FRAGMENT, "no if not given"),
	FRAME("dscp", &kind_dscp, VNET_A_RULE_DSCP, "0 if not given"),
	FRAME("ct", &kind_states, VNET_A_RULE_STATE,
	      "what it is to a connection, new if not given"),
	{ .word = "pcp", .kind = &kind_count, .attr = VNET_A_RULE_PCP,
	  .verbs = V_OTHER, .max = 7, .help = "priority in its tag; none without" },
	FRAME("src-mac", &kind_mac, VNET_A_RULE_SRC_MAC, "all zeros if not given"),
	FRAME("dst-mac", &kind_mac, VNET_A_RULE_DST_MAC, "all zeros if not given"),
	{ .word = "ethertype", .kind = &kind_ethertype, .attr = VNET_A_RULE_ETHERTYPE,
	  .verbs = V_OTHER, .min = 0x600, .help = "of frames without addresses" },
	FRAME("arp-sender", &kind_address4, VNET_A_RULE_ARP_SENDER,
	      "who an ARP message says that it is from"),
	FRAME("arp-target", &kind_address4, VNET_A_RULE_TARGET,
	      "whom an ARP message asks for or tells"),
	FRAME("nd-target", &kind_address6, VNET_A_RULE_TARGET,
	      "whom neighbour discovery asks for or tells of, :: if not given"),
	KEY_END
};

/* The word of "from" for ingress, or of "to" for egress, if that was typed. */
static int check_side(struct ctl *ctl, const struct args *a)
{
	bool egress = a->object.rule.direction == VNET_DIR_EGRESS;
	const char *wrong = egress ? "to" : "from";
	unsigned int i;

	for (i = 0; rule_test_keys[i].kind; i++) {
		if (!rule_test_keys[i].word || strcmp(rule_test_keys[i].word, wrong) ||
		    !a->word_of[i])
			continue;
		diag_error(ctl, egress ? "egress is what a member sends: from, not to" :
					 "ingress is what a member gets: to, not from");
		/* The keyword stands before its value. */
		diag_caret(ctl, a->word_of[i] - 2, NULL);
		return CTL_USAGE;
	}
	return CTL_OK;
}

static void move_address(struct vnet_rule *frame, unsigned int from, unsigned int to,
			 const struct vnet_ip *ip, struct vnet_ip *arp)
{
	if (!(frame->id.has & VNET_HAS(from)))
		return;
	frame->id.has &= ~VNET_HAS(from);
	frame->id.has |= VNET_HAS(to);
	*arp = *ip;
}

/* The addresses of an ARP message are written where those of IP packets are. */
static void read_arp(struct vnet_rule *frame)
{
	if (!(frame->id.has & VNET_HAS(VNET_A_RULE_ETHERTYPE)) ||
	    frame->ethertype != ETHERTYPE_ARP)
		return;
	move_address(frame, VNET_A_RULE_SRC_IP, VNET_A_RULE_ARP_SENDER,
		     &frame->src_ip, &frame->arp_sender);
	move_address(frame, VNET_A_RULE_DST_IP, VNET_A_RULE_TARGET,
		     &frame->dst_ip, &frame->target);
}

/* The last of the rules that were passed, and how many there are before these. */
static void show_last(struct out *o, size_t count, const char *const *names, size_t before)
{
	static const struct out_field field = { "passed", "passed", OUT_BELOW };
	size_t i = count > PASSED_SHOWN ? count - PASSED_SHOWN : 0;
	char text[PASSED_SHOWN * (VNET_NAME_SIZE + 1) + 64], *end = text;

	if (!count)
		end += sprintf(end, "none");
	if (before + i)
		end += sprintf(end, "... and %zu more before ", before + i);
	for (; i < count; i++)
		end += sprintf(end, "%s%s", names[i], i + 1 < count ? " " : "");
	out_string(o, &field, text, NULL);
}

/* @count: how many there are, of which @passed has the last. */
static void show_passed(struct out *o, const struct vnet_list *passed, size_t count)
{
	static const struct out_field all = { "passed", "", OUT_HIDDEN };
	static const struct out_field more = { "passed_before", "", OUT_HIDDEN };
	const char **names = calloc(passed->count + 1, sizeof(*names));
	size_t i, before = count > passed->count ? count - passed->count : 0;

	if (!names)
		return;
	for (i = 0; i < passed->count; i++)
		names[i] = ((const struct vnet_rule *)vnet_list_at(passed, i))->name;
	if (out_is_json(o))
		out_array(o, &all, passed->count, names);
	else
		show_last(o, passed->count, names, before);
	if (before)
		out_number(o, &more, before, NULL);
	free(names);
}

static void show_verdict(struct out *o, const struct vnet_rule *verdict,
			 const struct vnet_list *passed)
{
	static const struct out_field network = { "network", "network", OUT_COLUMN };
	static const struct out_field direction = { "direction", "direction", OUT_COLUMN };
	static const struct out_field action = { "verdict", "verdict", OUT_COLUMN };
	static const struct out_field rule = { "rule", "rule", OUT_COLUMN };
	static const struct out_field prio = { "prio", "prio", OUT_COLUMN };
	bool ruled = verdict->id.has & VNET_HAS(VNET_A_RULE_NAME);

	out_list_begin(o);
	out_object_begin(o);
	out_string(o, &network, verdict->id.network, NULL);
	out_string(o, &direction, vnet_name(VNET_NAMES_DIRECTION, verdict->direction), NULL);
	out_string(o, &action, vnet_name(VNET_NAMES_ACTION, verdict->action), NULL);
	out_string(o, &rule, ruled ? verdict->name : rule_of_policy(verdict->direction),
		   NULL);
	if (ruled)
		out_number(o, &prio, verdict->priority, NULL);
	show_passed(o, passed, verdict->count);
	out_object_end(o);
	out_list_end(o);
}

/**
 * rule_of_policy() - what the verdicts of a default policy are told as
 * @direction: enum vnet_direction
 *
 * Return: a name that no rule has.
 */
const char *rule_of_policy(unsigned int direction)
{
	return direction == VNET_DIR_EGRESS ? VNET_RULE_DEFAULT_EGRESS :
					      VNET_RULE_DEFAULT_INGRESS;
}

/**
 * rule_test() - ask about a frame
 * @ctl: the run
 * @a: the frame
 *
 * Return: CTL_* code: %CTL_OK whatever the verdict is.
 */
int rule_test(struct ctl *ctl, struct args *a)
{
	int code = check_side(ctl, a), err;
	struct vnet_list passed;
	struct vnet *vnet;

	vnet = code ? NULL : ctl_connect(ctl, &code);
	if (!vnet)
		return code;
	read_arp(&a->object.rule);
	err = vnet_rule_test(vnet, &a->object.rule, &passed);
	if (err)
		return refuse(ctl, a, err);
	show_verdict(ctl->out, &a->object.rule, &passed);
	vnet_list_clear(&passed);
	return CTL_OK;
}
