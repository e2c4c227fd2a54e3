// SPDX-License-Identifier: GPL-2.0-only
/*
 * nl_limits.c owns the largest and the one beyond: N objects are accepted, N + 1
 * refused with ENOSPC (E2BIG, where nothing can raise it) and a sentence, and what is full of everything can still
 * be read, alone and in a dump.
 */
#include "nl.h"

static struct nl nl;
static uint32_t d0;

#define RED	STR(VNET_A_NETWORK, "red")
#define D0	U32(VNET_A_IFINDEX, d0)

static const char name31[] = "abcdefghijklmnopqrstuvwxyz01234";

/* The last request must have been refused because of a limit. */
static void expect_full(int line, int err)
{
	if (err != ENOSPC)
		complain(line, "one more: error %d \"%s\", want ENOSPC", err, last.text);
	else if (!last.text[0])
		complain(line, "ENOSPC without a sentence");
}

#define refused_as_full(cmd, ...)					\
	expect_full(__LINE__, request(&nl, cmd, __VA_ARGS__))

#define accepted(cmd, ...) check(!request(&nl, cmd, __VA_ARGS__),	\
	"%s: error %d \"%s\"", #cmd, last.err, last.text)

/* The number of a network that is told under @type. */
static uint64_t network_number(uint16_t type)
{
	accepted(VNET_CMD_NETWORK_GET, RED);
	return attr_num(&last.attrs, type, UINT64_MAX);
}

static void of_members(void)
{
	accepted(VNET_CMD_NETWORK_SET, RED, U32(VNET_A_NET_MAX_MEMBERS, 3));
	for (int i = 1; i <= 3; i++)
		accepted(VNET_CMD_MEMBER_ADD, RED, D0, U16(VNET_A_VID, i));
	refused_as_full(VNET_CMD_MEMBER_ADD, RED, D0, U16(VNET_A_VID, 4));
	check(network_number(VNET_A_NET_MEMBERS) == 3, "not 3 members");
	refused_as_full(VNET_CMD_NETWORK_SET, RED, U32(VNET_A_NET_MAX_MEMBERS, 2));
	check(network_number(VNET_A_NET_MAX_MEMBERS) == 3, "the limit was changed");
	accepted(VNET_CMD_MEMBER_DEL, D0, U16(VNET_A_VID, 1));
	accepted(VNET_CMD_MEMBER_ADD, RED, D0, U16(VNET_A_VID, 4));
	accepted(VNET_CMD_NETWORK_SET, RED, U32(VNET_A_NET_MAX_MEMBERS, 100));
	accepted(VNET_CMD_MEMBER_ADD, RED, D0, U16(VNET_A_VID, 5));
}

static int add_rule(const char *name)
{
	return request(&nl, VNET_CMD_RULE_ADD, RED, STR(VNET_A_RULE_NAME, name),
		       U32(VNET_A_RULE_PRIORITY, 1),
		       U8(VNET_A_RULE_DIRECTION, VNET_DIR_INGRESS),
		       U8(VNET_A_RULE_ACTION, VNET_ACTION_ALLOW));
}

static int load_rules(unsigned int count)
{
	struct at network = RED;
	static struct answer a;
	struct msg m = { 0 };
	int err;

	msg_begin(&m, nl.family, VNET_CMD_RULE_LOAD, 0);
	msg_put_at(&m, &network);
	for (unsigned int i = 0; i < count; i++) {
		const struct at list[] = {
			U32(VNET_A_RULE_PRIORITY, i % 1000),
			U8(VNET_A_RULE_DIRECTION, VNET_DIR_EGRESS),
			U8(VNET_A_RULE_ACTION, VNET_ACTION_DROP),
		};
		size_t nest = msg_nest(&m, VNET_A_RULE_ENTRY);
		char name[32];

		snprintf(name, sizeof(name), "rule-with-a-long-name-%u", i);
		msg_put(&m, VNET_A_RULE_NAME, name, strlen(name) + 1);
		for (size_t j = 0; j < ARRAY_SIZE(list); j++)
			msg_put_at(&m, &list[j]);
		msg_nest_end(&m, nest);
	}
	err = nl_talk(&nl, &m, &a);
	memcpy(&last, &a, offsetof(struct answer, data));
	msg_free(&m);
	return err;
}

static void of_rules(void)
{
	accepted(VNET_CMD_NETWORK_SET, RED, U32(VNET_A_NET_MAX_RULES, 2));
	check(!add_rule("a") && !add_rule("b"), "two rules: %s", last.text);
	expect_full(__LINE__, add_rule("c"));
	refused_as_full(VNET_CMD_NETWORK_SET, RED, U32(VNET_A_NET_MAX_RULES, 1));
	expect_full(__LINE__, load_rules(3));
	check(network_number(VNET_A_NET_RULES) == 2, "a refused load changed the rules");
	check(!load_rules(2), "as many as may be: %s", last.text);
	accepted(VNET_CMD_NETWORK_SET, RED, U32(VNET_A_NET_MAX_RULES, VNET_RULES_MAX));
}

/* The largest set there can be, in one message. */
static void of_one_message(void)
{
	unsigned int count = slow_machine() ? 5000 : 20000;

	check(!load_rules(count), "%u rules: error %d \"%s\"", count, last.err, last.text);
	check(network_number(VNET_A_NET_RULES) == count, "other than %u rules", count);
	check(!load_rules(0), "no rules: %s", last.text);
	check(!network_number(VNET_A_NET_RULES), "rules are left");
}

static int add_class(const char *name, const char *parent)
{
	return request(&nl, VNET_CMD_CLASS_ADD, RED, STR(VNET_A_CLASS_NAME, name),
		       STR(VNET_A_CLASS_PARENT, parent), U64(VNET_A_CLASS_RATE, 8000));
}

static void of_classes(void)
{
	/* the root is one of them */
	accepted(VNET_CMD_NETWORK_SET, RED, U32(VNET_A_NET_MAX_CLASSES, 3));
	check(!add_class("a", "root") && !add_class("b", "root"), "two: %s", last.text);
	expect_full(__LINE__, add_class("c", "root"));
	refused_as_full(VNET_CMD_NETWORK_SET, RED, U32(VNET_A_NET_MAX_CLASSES, 2));
	accepted(VNET_CMD_CLASS_DEL, RED, STR(VNET_A_CLASS_NAME, "a"));
	check(!add_class("c", "root"), "after a deletion: %s", last.text);
	accepted(VNET_CMD_NETWORK_SET, RED, U32(VNET_A_NET_MAX_CLASSES, 100));
}

/* VNET_CLASS_DEPTH_MAX levels, the root included. */
static void of_class_levels(void)
{
	char parent[16] = "root", name[16];
	int err;

	for (int level = 1; level < VNET_CLASS_DEPTH_MAX; level++) {
		snprintf(name, sizeof(name), "level%d", level);
		check(!add_class(name, parent), "level %d: %s", level, last.text);
		check(attr_num(&last.attrs, VNET_A_CLASS_LEVEL, 0) == (uint64_t)level,
		      "level %d is told as another", level);
		memcpy(parent, name, sizeof(parent));
	}
	err = add_class("too-deep", parent);
	check(err && last.text[0], "one level more: error %d \"%s\"", err, last.text);
	err = request(&nl, VNET_CMD_CLASS_DEL, RED, STR(VNET_A_CLASS_NAME, "level1"));
	check(err == EBUSY && last.text[0], "a class with children: error %d \"%s\"",
	      err, last.text);
}

static int set_rate(uint64_t rate)
{
	return request(&nl, VNET_CMD_CLASS_SET, RED, STR(VNET_A_CLASS_NAME, "b"),
		       U64(VNET_A_CLASS_RATE, rate));
}

/* From a bit a second to VNET_RATE_MAX; "b" has no children that are promised more. */
static void of_class_rates(void)
{
	static const uint64_t good[] = { 1, VNET_RATE_MAX }, bad[] = {
		0, VNET_RATE_MAX + 1, 1ULL << 63, UINT64_MAX,
	};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		check(!set_rate(good[i]), "rate %llu: error %d \"%s\"",
		      (unsigned long long)good[i], last.err, last.text);
		check(attr_num(&last.attrs, VNET_A_CLASS_RATE, 0) == good[i] &&
		      attr_num(&last.attrs, VNET_A_CLASS_CEIL, 0) == good[i],
		      "rate %llu is told as another", (unsigned long long)good[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		check(set_rate(bad[i]) == ERANGE && last.text[0],
		      "rate %llu: error %d \"%s\", want ERANGE",
		      (unsigned long long)bad[i], last.err, last.text);
	check(!set_rate(1), "the smallest: %s", last.text);
	accepted(VNET_CMD_CLASS_SET, RED, STR(VNET_A_CLASS_NAME, "b"),
		 U64(VNET_A_CLASS_CEIL, VNET_RATE_MAX));
}

static int add_address(uint32_t n)
{
	const uint8_t mac[6] = { 2, 0, 0, n >> 16, n >> 8, n };

	return request(&nl, VNET_CMD_FDB_ADD, RED, D0, U16(VNET_A_VID, 2),
		       MAC(VNET_A_FDB_MAC, mac));
}

static void of_addresses(void)
{
	accepted(VNET_CMD_MEMBER_SET, D0, U16(VNET_A_VID, 2),
		 U32(VNET_A_MEMBER_MAX_MACS, 4));
	for (int i = 0; i < 4; i++)
		check(!add_address(i), "address %d: %s", i, last.text);
	expect_full(__LINE__, add_address(4));
	check(!add_address(3), "one that is there: %s", last.text);
	accepted(VNET_CMD_MEMBER_SET, D0, U16(VNET_A_VID, 2),
		 U32(VNET_A_MEMBER_MAX_MACS, 1000));
	accepted(VNET_CMD_NETWORK_SET, RED, U32(VNET_A_NET_MAX_MACS, 6));
	check(!add_address(4) && !add_address(5), "up to the network's: %s", last.text);
	expect_full(__LINE__, add_address(6));
	refused_as_full(VNET_CMD_NETWORK_SET, RED, U32(VNET_A_NET_MAX_MACS, 5));
	accepted(VNET_CMD_FDB_FLUSH, RED, FLAG(VNET_A_FDB_ALL));
	check(attr_num(&last.attrs, VNET_A_FDB_COUNT, 0) == 6, "the flush counts %llu",
	      (unsigned long long)attr_num(&last.attrs, VNET_A_FDB_COUNT, 0));
	check(!add_address(6), "after a flush: %s", last.text);
	accepted(VNET_CMD_FDB_FLUSH, RED);
	check(!attr_num(&last.attrs, VNET_A_FDB_COUNT, 9), "static ones were flushed");
	accepted(VNET_CMD_FDB_FLUSH, RED, FLAG(VNET_A_FDB_ALL));
}

/* @macs and @prefixes on a member; 0 or errno */
static int guard(uint16_t vid, unsigned int macs, unsigned int prefixes)
{
	const struct at who[] = { D0, U16(VNET_A_VID, vid) };
	uint8_t mac[6] = { 2 }, ip[16] = { 0xfd };
	struct msg m = { 0 };
	size_t list, one;
	int err;

	msg_begin(&m, nl.family, VNET_CMD_MEMBER_SET, 0);
	msg_put_at(&m, &who[0]);
	msg_put_at(&m, &who[1]);
	list = msg_nest(&m, VNET_A_MEMBER_GUARD_MACS);
	for (unsigned int i = 0; i < macs; i++) {
		mac[4] = i >> 8;
		mac[5] = i;
		msg_put(&m, VNET_A_GUARD_ADDRESS, mac, 6);
	}
	msg_nest_end(&m, list);
	list = msg_nest(&m, VNET_A_MEMBER_GUARD_IPS);
	for (unsigned int i = 0; i < prefixes; i++) {
		ip[14] = i >> 8;
		ip[15] = i;
		one = msg_nest(&m, VNET_A_GUARD_PREFIX);
		msg_put(&m, VNET_A_GUARD_IP, ip, 16);
		msg_nest_end(&m, one);
	}
	msg_nest_end(&m, list);
	err = nl_talk(&nl, &m, &last);
	msg_free(&m);
	return err;
}

static unsigned int nested_count(uint16_t type)
{
	struct attrs nest, payload;
	struct nlattr head;
	unsigned int n = 0;
	size_t at = 0;

	if (!attr_find(&last.attrs, type, &nest))
		return 0;
	while (attr_next(&nest, &at, &head, &payload))
		n++;
	return n;
}

static void of_guards(void)
{
	int err;

	check(!guard(3, VNET_GUARD_ADDRESSES_MAX, VNET_GUARD_ADDRESSES_MAX),
	      "as many as may be: error %d \"%s\"", last.err, last.text);
	accepted(VNET_CMD_MEMBER_GET, D0, U16(VNET_A_VID, 3), FLAG(VNET_A_WITH_STATS));
	check(nested_count(VNET_A_MEMBER_GUARD_MACS) == VNET_GUARD_ADDRESSES_MAX &&
	      nested_count(VNET_A_MEMBER_GUARD_IPS) == VNET_GUARD_ADDRESSES_MAX,
	      "%u MACs and %u prefixes are told",
	      nested_count(VNET_A_MEMBER_GUARD_MACS),
	      nested_count(VNET_A_MEMBER_GUARD_IPS));
	err = guard(3, VNET_GUARD_ADDRESSES_MAX + 1, 0);
	check(err == E2BIG && last.text[0], "one MAC more: error %d \"%s\"", err, last.text);
	err = guard(3, 0, VNET_GUARD_ADDRESSES_MAX + 1);
	check(err == E2BIG && last.text[0], "one prefix more: error %d \"%s\"", err, last.text);
	err = guard(3, 5000, 0);
	check(err == E2BIG && last.text[0], "5000 MACs: error %d \"%s\"", err, last.text);
	accepted(VNET_CMD_MEMBER_GET, D0, U16(VNET_A_VID, 3));
	check(nested_count(VNET_A_MEMBER_GUARD_MACS) == VNET_GUARD_ADDRESSES_MAX,
	      "what was refused has changed the list");
}

/* Dumps of large objects of every size, so that each ends a part somewhere. */
static void of_dumps(void)
{
	unsigned int want = 0;
	struct dump d = { 0 };

	for (int vid = 100; vid < 140; vid++) {
		accepted(VNET_CMD_MEMBER_ADD, RED, D0, U16(VNET_A_VID, vid));
		check(!guard(vid, (vid - 100) * 6 + 1, 256 - (vid - 100) * 6),
		      "guards: %s", last.text);
	}
	want = network_number(VNET_A_NET_MEMBERS);
	dump_all(&d, &nl, VNET_CMD_MEMBER_GET, FLAG(VNET_A_WITH_STATS));
	check(!d.err && d.objects == want, "a dump of %u members: error %d %s, %u objects",
	      want, d.err, d.text, d.objects);
	check(!guard(3, 0, 0), "empty lists: %s", last.text);
	accepted(VNET_CMD_MEMBER_GET, D0, U16(VNET_A_VID, 3));
	check(!nested_count(VNET_A_MEMBER_GUARD_MACS) &&
	      !nested_count(VNET_A_MEMBER_GUARD_IPS), "an empty list removes nothing");
}

/* Names of 31 characters fit everywhere. */
static void of_names(void)
{
	accepted(VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, name31),
		 STR(VNET_A_NET_TENANT, name31));
	check(!strcmp(attr_str(&last.attrs, VNET_A_NETWORK), name31) &&
	      !strcmp(attr_str(&last.attrs, VNET_A_NET_TENANT), name31),
	      "the reply has other names");
	accepted(VNET_CMD_CLASS_ADD, STR(VNET_A_NETWORK, name31),
		 STR(VNET_A_CLASS_NAME, name31), U64(VNET_A_CLASS_RATE, 8000));
	accepted(VNET_CMD_MEMBER_ADD, STR(VNET_A_NETWORK, name31), D0,
		 U16(VNET_A_VID, 4000), STR(VNET_A_MEMBER_CLASS_INGRESS, name31));
	check(!strcmp(attr_str(&last.attrs, VNET_A_MEMBER_CLASS_INGRESS), name31),
	      "the member has another class");
	check(!strcmp(attr_str(&last.attrs, VNET_A_NETWORK), name31),
	      "the member has another network");
	accepted(VNET_CMD_NETWORK_DEL, STR(VNET_A_NETWORK, name31));
}

static void of_networks(void)
{
	unsigned int n = 1, many = slow_machine() ? 1000 : VNET_NETWORKS_MAX;
	struct dump d = { 0 };
	char name[16];

	for (; n < many; n++) {
		snprintf(name, sizeof(name), "n%u", n);
		if (!accepted(VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, name)))
			break;
	}
	if (many == VNET_NETWORKS_MAX)
		refused_as_full(VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "more"));
	check(!dump_bare(&d, &nl, VNET_CMD_NETWORK_GET) && d.objects == many,
	      "%u networks are dumped, want %u", d.objects, many);
	check(!request_bare(&nl, VNET_CMD_FLUSH), "flush: %s", last.text);
	check(!dump_bare(&d, &nl, VNET_CMD_NETWORK_GET) && !d.objects,
	      "%u networks after a flush", d.objects);
	check(!request_bare(&nl, VNET_CMD_FLUSH), "flush of nothing: %s", last.text);
}

#define RUN(test)	do { test_begin(#test); test(); test_end(); } while (0)

int main(void)
{
	ktap_header();
	own_namespace();
	must(!sh("ip link add d0 type dummy"), "no dummy devices");
	d0 = if_nametoindex("d0");
	nl_open(&nl);
	need(&nl, VNET_CMD_NETWORK_ADD, RED);
	need(&nl, VNET_CMD_PORT_ADD, D0);
	RUN(of_members);
	RUN(of_rules);
	RUN(of_one_message);
	RUN(of_classes);
	RUN(of_class_levels);
	RUN(of_class_rates);
	RUN(of_addresses);
	RUN(of_guards);
	RUN(of_dumps);
	RUN(of_names);
	RUN(of_networks);
	return ktap_finish();
}
