// SPDX-License-Identifier: GPL-2.0-only
/*
 * nl_dump.c owns dumps: filters, counters on request, generation, resuming over
 * many parts, interruption, sockets that close in the middle, two at once, and
 * churn. What nobody touches is in a dump exactly once.
 */
#include "nl.h"

#include <signal.h>

static struct nl nl, other;
static uint32_t d0, d1;
static unsigned int addresses = 50000, members = 1200, rules = 2000,
		    networks = 600, classes = 500;

/* ---- objects that are counted ------------------------------------------ */

/* The number in an object's identity; -1: not one of the untouched ones. */
typedef long (*identify_fn)(const struct attrs *attrs);

static long numbered(const char *name, char letter)
{
	char *end;
	long n;

	if (name[0] != letter)
		return -1;
	n = strtol(name + 1, &end, 10);
	return *end || end == name + 1 ? -1 : n;
}

static long identify_network(const struct attrs *attrs)
{
	return numbered(attr_str(attrs, VNET_A_NETWORK), 'n');
}

static long identify_member(const struct attrs *attrs)
{
	long vid = attr_num(attrs, VNET_A_VID, 0);

	if (attr_num(attrs, VNET_A_IFINDEX, 0) != d1 || vid < 1 ||
	    attr_has(attrs, VNET_A_CVID))
		return -1;
	return vid - 1;
}

static long identify_address(const struct attrs *attrs)
{
	struct attrs mac;

	if (!attr_find(attrs, VNET_A_FDB_MAC, &mac) || mac.len != 6 ||
	    mac.data[1] != 0xaa)
		return -1;
	return mac.data[3] << 16 | mac.data[4] << 8 | mac.data[5];
}

static long identify_rule(const struct attrs *attrs)
{
	return numbered(attr_str(attrs, VNET_A_RULE_NAME), 'r');
}

static long identify_class(const struct attrs *attrs)
{
	return numbered(attr_str(attrs, VNET_A_CLASS_NAME), 'c');
}

static const struct object_kind {
	const char *name;
	uint8_t cmd;
	identify_fn identify;
	unsigned int *count;
} kinds[] = {
	{ "networks", VNET_CMD_NETWORK_GET, identify_network, &networks },
	{ "members", VNET_CMD_MEMBER_GET, identify_member, &members },
	{ "addresses", VNET_CMD_FDB_GET, identify_address, &addresses },
	{ "rules", VNET_CMD_RULE_GET, identify_rule, &rules },
	{ "classes", VNET_CMD_CLASS_GET, identify_class, &classes },
};

struct census {
	const struct object_kind *kind;
	uint8_t *seen;
	unsigned int strangers;
	uint32_t generation;
	bool generation_missing, generation_moves;
};

static void census_object(struct dump *d, const struct attrs *attrs, uint8_t cmd)
{
	struct census *c = d->context;
	long n = c->kind->identify(attrs);
	uint32_t generation = attr_num(attrs, VNET_A_GENERATION, 0);

	if (cmd != c->kind->cmd)
		c->strangers++;
	if (!attr_has(attrs, VNET_A_GENERATION))
		c->generation_missing = true;
	if (d->objects > 1 && generation != c->generation)
		c->generation_moves = true;
	c->generation = generation;
	if (n < 0 || n >= *c->kind->count)
		c->strangers++;
	else if (c->seen[n] < 255)
		c->seen[n]++;
}

static void census_begin(struct census *c, struct dump *d,
			 const struct object_kind *kind)
{
	memset(c, 0, sizeof(*c));
	c->kind = kind;
	c->seen = calloc(*kind->count, 1);
	must(c->seen, "out of memory");
	memset(d, 0, sizeof(*d));
	d->object = census_object;
	d->context = c;
}

/* Each of the untouched objects was there exactly once. */
static void census_end(struct census *c, const struct dump *d)
{
	unsigned int lost = 0, twice = 0;

	check(!d->err, "dump of %s: error %d %s", c->kind->name, d->err, d->text);
	for (unsigned int i = 0; i < *c->kind->count; i++) {
		lost += !c->seen[i];
		twice += c->seen[i] > 1;
	}
	check(!lost && !twice, "%s: %u of %u are missing, %u come more than once",
	      c->kind->name, lost, *c->kind->count, twice);
	free(c->seen);
}

/* ---- a large configuration --------------------------------------------- */

static void address_of(unsigned int n, uint8_t *mac)
{
	memcpy(mac, (const uint8_t[]){ 2, 0xaa, 0, n >> 16, n >> 8, n }, 6);
}

static void build_rules(void)
{
	struct msg m = { 0 };
	struct at network = STR(VNET_A_NETWORK, "big");
	static struct answer a;
	int err;

	msg_begin(&m, nl.family, VNET_CMD_RULE_LOAD, 0);
	msg_put_at(&m, &network);
	for (unsigned int i = 0; i < rules; i++) {
		size_t nest = msg_nest(&m, VNET_A_RULE_ENTRY);
		char name[16];
		const struct at list[] = {
			STR(VNET_A_RULE_NAME, name),
			/* falling numbers, and pairs of equal priority */
			U32(VNET_A_RULE_PRIORITY, (rules - i) / 2),
			U8(VNET_A_RULE_DIRECTION, 1 + (i & 1)),
			U8(VNET_A_RULE_ACTION, VNET_ACTION_ALLOW),
		};

		snprintf(name, sizeof(name), "r%u", i);
		msg_put(&m, VNET_A_RULE_NAME, name, strlen(name) + 1);
		for (size_t j = 1; j < ARRAY_SIZE(list); j++)
			msg_put_at(&m, &list[j]);
		msg_nest_end(&m, nest);
	}
	err = nl_talk(&nl, &m, &a);
	must(!err, "rule load: %d %s", err, a.text);
	check(attr_num(&a.attrs, VNET_A_RULE_COUNT, 0) == rules,
	      "the reply counts %llu rules",
	      (unsigned long long)attr_num(&a.attrs, VNET_A_RULE_COUNT, 0));
	msg_free(&m);
}

static void build_all(void)
{
	char name[16];
	uint8_t mac[6];

	need(&nl, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "big"),
	     U32(VNET_A_NET_MAX_MEMBERS, 4096), U32(VNET_A_NET_MAX_MACS, 200000),
	     U32(VNET_A_NET_MAX_RULES, 4096), U32(VNET_A_NET_MAX_CLASSES, 1024),
	     STR(VNET_A_NET_TENANT, "acme"));
	need(&nl, VNET_CMD_PORT_ADD, U32(VNET_A_IFINDEX, d0));
	need(&nl, VNET_CMD_PORT_ADD, U32(VNET_A_IFINDEX, d1));
	need(&nl, VNET_CMD_MEMBER_ADD, STR(VNET_A_NETWORK, "big"),
	     U32(VNET_A_IFINDEX, d0), U32(VNET_A_MEMBER_MAX_MACS, 200000));
	for (unsigned int i = 0; i < networks; i++) {
		snprintf(name, sizeof(name), "n%u", i);
		need(&nl, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, name));
	}
	for (unsigned int i = 0; i < members; i++)
		need(&nl, VNET_CMD_MEMBER_ADD, STR(VNET_A_NETWORK, "big"),
		     U32(VNET_A_IFINDEX, d1), U16(VNET_A_VID, i + 1));
	for (unsigned int i = 0; i < classes; i++) {
		snprintf(name, sizeof(name), "c%u", i);
		need(&nl, VNET_CMD_CLASS_ADD, STR(VNET_A_NETWORK, "big"),
		     STR(VNET_A_CLASS_NAME, name), U64(VNET_A_CLASS_RATE, 8000));
	}
	for (unsigned int i = 0; i < addresses; i++) {
		address_of(i, mac);
		need(&nl, VNET_CMD_FDB_ADD, STR(VNET_A_NETWORK, "big"),
		     U32(VNET_A_IFINDEX, d0), MAC(VNET_A_FDB_MAC, mac));
	}
	build_rules();
}

/* ---- the tests --------------------------------------------------------- */

static void every_object_once(void)
{
	unsigned int tries = 20;
	struct census c;
	struct dump d;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		census_begin(&c, &d, &kinds[i]);
		dump_bare(&d, &nl, kinds[i].cmd);
		/* a table that has grown may still be moving into its new size */
		while (d.interrupted && kinds[i].cmd == VNET_CMD_FDB_GET && tries--) {
			free(c.seen);
			census_begin(&c, &d, &kinds[i]);
			dump_bare(&d, &nl, kinds[i].cmd);
		}
		check(!d.interrupted, "%s: flagged interrupted, nothing changed",
		      kinds[i].name);
		check(d.parts > 2, "%s: only %u parts", kinds[i].name, d.parts);
		check(!c.generation_missing, "%s: no generation", kinds[i].name);
		check(!c.generation_moves, "%s: the generation moves, nothing changed",
		      kinds[i].name);
		census_end(&c, &d);
	}
}

struct order {
	uint32_t last[3];
	unsigned int wrong;
};

static void order_object(struct dump *d, const struct attrs *attrs, uint8_t cmd)
{
	uint32_t prio = attr_num(attrs, VNET_A_RULE_PRIORITY, 0);
	unsigned int dir = attr_num(attrs, VNET_A_RULE_DIRECTION, 0);
	struct order *o = d->context;

	(void)cmd;
	if (dir > 2)
		return;
	o->wrong += prio < o->last[dir];
	o->last[dir] = prio;
}

static void rules_in_order(void)
{
	struct order o = { 0 };
	struct dump d = { .object = order_object, .context = &o };

	check(!dump_all(&d, &nl, VNET_CMD_RULE_GET, STR(VNET_A_NETWORK, "big")),
	      "dump: %d %s", d.err, d.text);
	check(!o.wrong, "%u rules are not in the order of evaluation", o.wrong);
}

/* The number of objects that a filter lets through; -1: refused. */
static long filtered_list(uint8_t cmd, const struct at *list, size_t count)
{
	struct dump d = { 0 };

	return dump_list(&d, &nl, cmd, list, count) ? -1 : (long)d.objects;
}

#define filtered(cmd, ...) filtered_list(cmd,				\
	(const struct at[]){ __VA_ARGS__ },				\
	ARRAY_SIZE(((const struct at[]){ __VA_ARGS__ })))

#define expect_count(want, cmd, ...) do {				\
	long got_ = filtered(cmd, __VA_ARGS__), want_ = (want);		\
									\
	check(got_ == want_, "%s %s: %ld objects, want %ld", #cmd,	\
	      #__VA_ARGS__, got_, want_);				\
} while (0)

/* An unknown name may be refused; it must not match anything. */
#define expect_none(cmd, ...)						\
	check(filtered(cmd, __VA_ARGS__) <= 0, "%s %s matches something", \
	      #cmd, #__VA_ARGS__)

static void filters(void)
{
	need(&nl, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "small"),
	     STR(VNET_A_NET_TENANT, "umbrella"));
	need(&nl, VNET_CMD_MEMBER_ADD, STR(VNET_A_NETWORK, "small"),
	     U32(VNET_A_IFINDEX, d0), U16(VNET_A_VID, 9));
	need(&nl, VNET_CMD_FDB_ADD, STR(VNET_A_NETWORK, "small"),
	     U32(VNET_A_IFINDEX, d0), U16(VNET_A_VID, 9),
	     U8(VNET_A_FDB_KIND, VNET_FDB_STICKY), MAC(VNET_A_FDB_MAC, "\2\xbb\0\0\0\1"));
	need(&nl, VNET_CMD_FDB_ADD, STR(VNET_A_NETWORK, "big"),
	     U32(VNET_A_IFINDEX, d1), U16(VNET_A_VID, 9),
	     U8(VNET_A_FDB_KIND, VNET_FDB_STICKY), MAC(VNET_A_FDB_MAC, "\2\xbb\0\0\0\1"));
	need(&nl, VNET_CMD_RULE_ADD, STR(VNET_A_NETWORK, "small"),
	     STR(VNET_A_RULE_NAME, "one"), U32(VNET_A_RULE_PRIORITY, 1),
	     U8(VNET_A_RULE_DIRECTION, VNET_DIR_EGRESS),
	     U8(VNET_A_RULE_ACTION, VNET_ACTION_DROP));

	expect_count(1, VNET_CMD_NETWORK_GET, STR(VNET_A_NETWORK, "small"));
	expect_count(1, VNET_CMD_NETWORK_GET, STR(VNET_A_NET_TENANT, "umbrella"));
	expect_none(VNET_CMD_NETWORK_GET, STR(VNET_A_NET_TENANT, "nobody"));
	expect_none(VNET_CMD_NETWORK_GET, STR(VNET_A_NETWORK, "absent"));
	expect_none(VNET_CMD_NETWORK_GET, STR(VNET_A_NETWORK, "small"),
		    STR(VNET_A_NET_TENANT, "acme"));
	expect_count(1, VNET_CMD_PORT_GET, U32(VNET_A_IFINDEX, d1));
	expect_count(1, VNET_CMD_PORT_GET, STR(VNET_A_IFNAME, "d0"));
	expect_none(VNET_CMD_PORT_GET, STR(VNET_A_IFNAME, "lo"));

	expect_count(1, VNET_CMD_MEMBER_GET, STR(VNET_A_NETWORK, "small"));
	expect_count(members + 1, VNET_CMD_MEMBER_GET, STR(VNET_A_NETWORK, "big"));
	expect_count(members, VNET_CMD_MEMBER_GET, U32(VNET_A_IFINDEX, d1));
	expect_count(2, VNET_CMD_MEMBER_GET, U32(VNET_A_IFINDEX, d0));
	expect_count(1, VNET_CMD_MEMBER_GET, U32(VNET_A_IFINDEX, d0),
		     STR(VNET_A_NETWORK, "big"));
	expect_none(VNET_CMD_MEMBER_GET, U32(VNET_A_IFINDEX, d1),
		    STR(VNET_A_NETWORK, "small"));

	expect_count(1, VNET_CMD_FDB_GET, STR(VNET_A_NETWORK, "small"));
	expect_count(2, VNET_CMD_FDB_GET, U8(VNET_A_FDB_KIND, VNET_FDB_STICKY));
	expect_count(addresses, VNET_CMD_FDB_GET, U8(VNET_A_FDB_KIND, VNET_FDB_STATIC));
	expect_none(VNET_CMD_FDB_GET, U8(VNET_A_FDB_KIND, VNET_FDB_LEARNED));
	expect_count(1, VNET_CMD_FDB_GET, U32(VNET_A_IFINDEX, d1), U16(VNET_A_VID, 9));
	expect_none(VNET_CMD_FDB_GET, U32(VNET_A_IFINDEX, d1), U16(VNET_A_VID, 10));
	expect_count(addresses, VNET_CMD_FDB_GET, STR(VNET_A_NETWORK, "big"),
		     U8(VNET_A_FDB_KIND, VNET_FDB_STATIC));

	expect_count(1, VNET_CMD_RULE_GET, STR(VNET_A_NETWORK, "small"));
	expect_none(VNET_CMD_RULE_GET, STR(VNET_A_NETWORK, "small"),
		    U8(VNET_A_RULE_DIRECTION, VNET_DIR_INGRESS));
	expect_count(rules / 2, VNET_CMD_RULE_GET, STR(VNET_A_NETWORK, "big"),
		     U8(VNET_A_RULE_DIRECTION, VNET_DIR_INGRESS));
	expect_count(1, VNET_CMD_CLASS_GET, STR(VNET_A_NETWORK, "small"));
	expect_count(classes + 1, VNET_CMD_CLASS_GET, STR(VNET_A_NETWORK, "big"));

	check(!request(&nl, VNET_CMD_NETWORK_DEL, STR(VNET_A_NETWORK, "small")),
	      "%s", last.text);
	check(!request(&nl, VNET_CMD_FDB_DEL, STR(VNET_A_NETWORK, "big"),
		       MAC(VNET_A_FDB_MAC, "\2\xbb\0\0\0\1")), "%s", last.text);
}

struct stats_seen {
	uint16_t type;
	unsigned int with, without;
};

static void stats_object(struct dump *d, const struct attrs *attrs, uint8_t cmd)
{
	struct stats_seen *s = d->context;

	(void)cmd;
	if (attr_has(attrs, s->type))
		s->with++;
	else
		s->without++;
}

static void counters_on_request(void)
{
	static const struct { uint8_t cmd; uint16_t type; } kind[] = {
		{ VNET_CMD_NETWORK_GET, VNET_A_NET_STATS },
		{ VNET_CMD_NETWORK_GET, VNET_A_NET_POLICY_INGRESS_STATS },
		{ VNET_CMD_NETWORK_GET, VNET_A_NET_POLICY_EGRESS_STATS },
		{ VNET_CMD_NETWORK_GET, VNET_A_NET_EVICTED },
		{ VNET_CMD_NETWORK_GET, VNET_A_NET_MOVED },
		{ VNET_CMD_MEMBER_GET, VNET_A_MEMBER_STATS },
		{ VNET_CMD_RULE_GET, VNET_A_RULE_STATS },
		{ VNET_CMD_CLASS_GET, VNET_A_CLASS_INGRESS_STATS },
		{ VNET_CMD_CLASS_GET, VNET_A_CLASS_EGRESS_STATS },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kind); i++) {
		struct stats_seen s = { .type = kind[i].type };
		struct dump d = { .object = stats_object, .context = &s };

		dump_bare(&d, &nl, kind[i].cmd);
		check(!d.err && !s.with, "command %u: %u objects have attribute %u unasked",
		      kind[i].cmd, s.with, s.type);
		memset(&s, 0, sizeof(s));
		s.type = kind[i].type;
		dump_all(&d, &nl, kind[i].cmd, FLAG(VNET_A_WITH_STATS));
		check(!d.err && s.with && !s.without,
		      "command %u with counters: %u of %u lack attribute %u",
		      kind[i].cmd, s.without, s.with + s.without, s.type);
	}
}

/* A change between two parts is told; one before or after is not. */
static void change_is_flagged(void)
{
	struct census c;
	struct dump d;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		census_begin(&c, &d, &kinds[i]);
		must(!dump_start_list(&d, &nl, kinds[i].cmd, NULL, 0), "send");
		check(dump_part(&d), "%s: only one part", kinds[i].name);
		check(!d.interrupted, "%s: interrupted before the change", kinds[i].name);
		need(&other, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "between"));
		while (dump_part(&d))
			;
		/* Addresses are no configuration: a table can be read however busy
		 * the operators of other networks are.
		 */
		check(d.interrupted == (kinds[i].cmd != VNET_CMD_FDB_GET),
		      "%s: a change between two parts is %sflagged", kinds[i].name,
		      d.interrupted ? "" : "not ");
		census_end(&c, &d);
		need(&other, VNET_CMD_NETWORK_DEL, STR(VNET_A_NETWORK, "between"));

		census_begin(&c, &d, &kinds[i]);
		dump_bare(&d, &nl, kinds[i].cmd);
		check(!d.interrupted, "%s: an older change is flagged", kinds[i].name);
		census_end(&c, &d);
	}
}

static uint32_t generation_now(void)
{
	struct census c;
	struct dump d;

	census_begin(&c, &d, &kinds[0]);
	dump_bare(&d, &nl, kinds[0].cmd);
	free(c.seen);
	return c.generation;
}

static void generation_moves(void)
{
	uint32_t first = generation_now();

	check(generation_now() == first, "the generation changes by itself");
	need(&nl, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "more"));
	check(generation_now() != first, "a new network, the same generation");
	first = generation_now();
	need(&nl, VNET_CMD_NETWORK_SET, STR(VNET_A_NETWORK, "more"), U8(VNET_A_NET_UP, 1));
	check(generation_now() != first, "a changed network, the same generation");
	first = generation_now();
	need(&nl, VNET_CMD_NETWORK_DEL, STR(VNET_A_NETWORK, "more"));
	check(generation_now() != first, "a deleted network, the same generation");
	first = generation_now();
	check(request(&nl, VNET_CMD_NETWORK_DEL, STR(VNET_A_NETWORK, "more")) == ENOENT,
	      "deleting what is not there: %d", last.err);
	check(generation_now() == first, "a refusal, another generation");
}

/* A dump whose socket goes away holds nothing. */
static void closed_in_the_middle(void)
{
	double end = now_seconds() + (slow_machine() ? 60 : 10);
	uint32_t references = module_references();
	struct dump d = { 0 };

	for (int i = 0; i < 200; i++) {
		const struct object_kind *k = &kinds[i % ARRAY_SIZE(kinds)];
		struct nl s;

		nl_open(&s);
		must(!dump_start_list(&d, &s, k->cmd, NULL, 0), "send");
		if (i & 1)
			dump_part(&d);
		nl_close(&s);
	}
	/* the kernel releases them from a workqueue */
	while (module_references() > references && now_seconds() < end)
		usleep(20000);
	check(module_references() == references,
	      "%u references to the module before, %u after", references,
	      module_references());
}

static void two_at_once(void)
{
	const struct object_kind *second = &kinds[1];
	struct census a, b;
	struct dump x, y;
	bool more_x = true, more_y = true;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		census_begin(&a, &x, &kinds[i]);
		census_begin(&b, &y, second);
		must(!dump_start_list(&x, &nl, kinds[i].cmd, NULL, 0), "send");
		must(!dump_start_list(&y, &other, second->cmd, NULL, 0), "send");
		for (more_x = more_y = true; more_x || more_y;) {
			if (more_x)
				more_x = dump_part(&x);
			if (more_y)
				more_y = dump_part(&y);
		}
		census_end(&a, &x);
		census_end(&b, &y);
	}
}

/* Objects come and go all around those that are counted. */
static void churn_forever(void)
{
	unsigned int seed = 7;
	struct nl s;

	nl_open(&s);
	for (unsigned int i = 0;; i++) {
		uint32_t r = rand_r(&seed);
		uint8_t mac[6] = { 2, 0xcc, 0, r >> 16 & 3, r >> 8, r };
		char name[16];

		snprintf(name, sizeof(name), "x%u", r % 300);
		if (r & 0x100000) {
			request(&s, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, name));
			request(&s, VNET_CMD_FDB_ADD, STR(VNET_A_NETWORK, "big"),
				U32(VNET_A_IFINDEX, d0), MAC(VNET_A_FDB_MAC, mac));
			request(&s, VNET_CMD_MEMBER_ADD, STR(VNET_A_NETWORK, "big"),
				U32(VNET_A_IFINDEX, d0), U16(VNET_A_VID, 1 + r % 200));
			request(&s, VNET_CMD_CLASS_ADD, STR(VNET_A_NETWORK, "big"),
				STR(VNET_A_CLASS_NAME, name), U64(VNET_A_CLASS_RATE, 8000));
			request(&s, VNET_CMD_RULE_ADD, STR(VNET_A_NETWORK, "big"),
				STR(VNET_A_RULE_NAME, name),
				U32(VNET_A_RULE_PRIORITY, r % rules),
				U8(VNET_A_RULE_DIRECTION, VNET_DIR_INGRESS),
				U8(VNET_A_RULE_ACTION, VNET_ACTION_ALLOW));
		} else {
			request(&s, VNET_CMD_NETWORK_DEL, STR(VNET_A_NETWORK, name));
			request(&s, VNET_CMD_FDB_DEL, STR(VNET_A_NETWORK, "big"),
				MAC(VNET_A_FDB_MAC, mac));
			request(&s, VNET_CMD_MEMBER_DEL, U32(VNET_A_IFINDEX, d0),
				U16(VNET_A_VID, 1 + r % 200));
			request(&s, VNET_CMD_CLASS_DEL, STR(VNET_A_NETWORK, "big"),
				STR(VNET_A_CLASS_NAME, name));
			request(&s, VNET_CMD_RULE_DEL, STR(VNET_A_NETWORK, "big"),
				STR(VNET_A_RULE_NAME, name));
		}
	}
}

static void under_churn(void)
{
	unsigned int whole = 0, interrupted = 0, broken = 0;
	double end = now_seconds() + (slow_machine() ? 20 : 4);
	struct census c;
	struct dump d;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	must(pid >= 0, "fork");
	if (!pid)
		churn_forever();
	for (unsigned int i = 0; now_seconds() < end; i++) {
		const struct object_kind *k = &kinds[i % ARRAY_SIZE(kinds)];

		census_begin(&c, &d, k);
		dump_bare(&d, &nl, k->cmd);
		if (d.interrupted && !d.err) {
			interrupted++;
			for (unsigned int n = 0; n < *k->count; n++)
				broken += c.seen[n] != 1;
			free(c.seen);
			continue;
		}
		census_end(&c, &d);
		whole++;
	}
	must(!kill(pid, SIGKILL) && waitpid(pid, NULL, 0) == pid, "kill");
	printf("# %u whole dumps, %u interrupted ones, in which %u untouched objects were missing or twice\n",
	       whole, interrupted, broken);
	check(interrupted, "the churn interrupted no dump");
}

#define RUN(test)	do { test_begin(#test); test(); test_end(); } while (0)

int main(void)
{
	if (slow_machine()) {
		addresses = 8000;
		members = 1000;
		networks = 300;
	}
	ktap_header();
	own_namespace();
	must(!sh("ip link add d0 type dummy && ip link add d1 type dummy"),
	     "no dummy devices");
	d0 = if_nametoindex("d0");
	d1 = if_nametoindex("d1");
	nl_open(&nl);
	nl_open(&other);
	RUN(build_all);
	RUN(every_object_once);
	RUN(rules_in_order);
	RUN(filters);
	RUN(counters_on_request);
	RUN(change_is_flagged);
	RUN(generation_moves);
	RUN(closed_in_the_middle);
	RUN(two_at_once);
	RUN(under_churn);
	RUN(rules_in_order);
	RUN(every_object_once);
	return ktap_finish();
}
