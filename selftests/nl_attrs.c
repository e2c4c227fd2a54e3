// SPDX-License-Identifier: GPL-2.0-only
/*
 * nl_attrs.c owns the ways in which an attribute can be wrong. It makes them
 * for every attribute of every command of nl_table.h; each must be refused with
 * a sentence that points at the attribute, and must change nothing. The valid
 * message is accepted first, so that a refusal proves something.
 */
#include "nl_table.h"

/* ---- wrong values ------------------------------------------------------ */

static struct sample samples[64];
static size_t sample_count;

static struct sample *sample(const char *what)
{
	struct sample *v = &samples[sample_count++];

	must(sample_count <= ARRAY_SIZE(samples), "too many samples");
	memset(v, 0, sizeof(*v));
	v->what = what;
	return v;
}

static void sample_bytes(const char *what, const void *data, size_t len)
{
	struct sample *v = sample(what);

	v->len = len;
	if (data)
		memcpy(v->data, data, len);
}

static void sample_number(const char *what, size_t width, uint64_t value)
{
	put_number(sample(what), width, value);
}

static void number_samples(const struct field *f, const struct sample *good)
{
	size_t width = width_of(f->kind);
	uint64_t ones = width == 8 ? UINT64_MAX : (1ULL << width * 8) - 1;

	sample_bytes("no payload", NULL, 0);
	if (width > 1)
		sample_bytes("one byte short", good->data, width - 1);
	sample_bytes("one byte long", good->data, width + 1);
	sample_bytes("twice as long", good->data, width * 2);
	if (f->type == VNET_A_TAG_PROTO) {
		sample_number("0", 2, 0);
		sample_number("0x0800", 2, 0x0800);
		sample_number("0x9100", 2, 0x9100);
		sample_number("in network order", 2, 0x0081);
	}
	if (f->type == VNET_A_NET_AGEING)
		sample_number("1", 4, 1);
	if (f->min && !(f->how & MIN_OPEN) &&
	    !(f->type == VNET_A_NET_AGEING && f->min == 1))
		sample_number("below the minimum", width, f->min - 1);
	if (f->min && f->min > 1 && f->type != VNET_A_NET_AGEING)
		sample_number("zero", width, 0);
	if (f->max < ones) {
		sample_number("above the maximum", width, f->max + 1);
		sample_number("all ones", width, ones);
	}
}

static void name_samples(const struct field *f)
{
	static const char *const bad[] = {
		"a/b", "a b", " a", "a%d", "%n", "a\n", "a\x80", "\xff\xfe",
		"caf\xc3\xa9", "a:b", "a,b", "a\"b", "a\x1b[0m", "*",
	};
	char long_name[400];

	memset(long_name, 'x', sizeof(long_name));
	sample_bytes("no payload", NULL, 0);
	sample_bytes("no NUL", "abc", 3);
	sample_bytes("31 characters and no NUL", long_name, 31);
	sample_bytes("300 characters and no NUL", long_name, 300);
	long_name[399] = '\0';
	sample_bytes("399 characters", long_name, 400);
	if (f->kind == K_LABEL)
		return;
	if (!(f->how & EMPTY_OK))
		sample_bytes("empty", "", 1);
	sample_bytes("32 characters", long_name + 400 - 33, 33);
	sample_bytes("embedded NUL", "ab\0cd", 6);
	sample_bytes("hidden behind the name", f->text, strlen(f->text) + 1);
	memcpy(samples[sample_count - 1].data + strlen(f->text) + 1, "x", 2);
	samples[sample_count - 1].len += 2;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		sample_bytes(bad[i], bad[i], strlen(bad[i]) + 1);
}

static void bytes_samples(const struct field *f, const struct sample *good)
{
	static const uint8_t lengths[] = { 0, 1, 3, 5, 7, 8, 12, 15, 17, 20, 32 };

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
		sample_bytes("wrong length", good->data, lengths[i]);
	if (f->kind == K_IP)
		sample_bytes("the length of a MAC", good->data, 6);
	else
		sample_bytes("the length of an IPv4 address", good->data, 4);
	if (f->how & UNICAST) {
		sample_bytes("zero", "\0\0\0\0\0\0", 6);
		sample_bytes("multicast", "\1\0\x5e\0\0\1", 6);
		sample_bytes("broadcast", "\xff\xff\xff\xff\xff\xff", 6);
	}
}

/* Nests of nests of nests, 20 deep. */
static void sample_deep(uint16_t type)
{
	struct msg m = { 0 };
	size_t nests[20];

	for (size_t i = 0; i < ARRAY_SIZE(nests); i++)
		nests[i] = msg_nest(&m, type);
	for (size_t i = ARRAY_SIZE(nests); i--;)
		msg_nest_end(&m, nests[i]);
	put_nest(sample("nested too deep"), &m);
	msg_free(&m);
}

static void sample_inner(const char *what, uint16_t type, const void *data,
			 size_t len)
{
	struct msg m = { 0 };

	msg_put(&m, type, data, len);
	put_nest(sample(what), &m);
	msg_free(&m);
}

static void sample_astray(const char *what, const char *bytes, size_t len)
{
	struct sample *v = sample(what);

	put_nest(v, &(struct msg){ .buf = (uint8_t *)bytes, .len = len });
	v->astray = true;
}

static void nest_samples(const struct field *f, const struct sample *good)
{
	bool macs = f->kind == K_MACS;

	sample_bytes("without the nesting flag", good->data, good->len);
	sample_deep(macs ? VNET_A_GUARD_ADDRESS : VNET_A_GUARD_PREFIX);
	sample_astray("a header cut short", "\5\0\1", 3);
	sample_astray("inner length 3", "\3\0\1\0", 4);
	sample_astray("inner length beyond the nest", "\x40\0\1\0\0\0\0\0", 8);
	sample_inner("inner type 0", 0, MAC_KNOWN, 6);
	sample_inner("inner type unknown", VNET_A_GUARD_MAX + 1, MAC_KNOWN, 6);
	sample_inner("address too short", VNET_A_GUARD_ADDRESS, MAC_KNOWN, 5);
	sample_inner("address too long", VNET_A_GUARD_ADDRESS, "\2\0\0\0\0\1\0", 7);
	sample_inner("a bare length", VNET_A_GUARD_PREFIX_LEN, "\x08", 1);
	sample_inner("an empty prefix", VNET_A_GUARD_PREFIX | NLA_F_NESTED, NULL, 0);
	if (macs) {
		sample_inner("address without payload", VNET_A_GUARD_ADDRESS, NULL, 0);
		sample_inner("a multicast address", VNET_A_GUARD_ADDRESS,
			     "\1\0\x5e\0\0\1", 6);
		put_prefixes(sample("prefixes in the list of MACs"), 4, 1, 16);
		return;
	}
	put_macs(sample("MACs in the list of prefixes"));
	put_prefixes(sample("IPv4 length 33"), 4, 1, 33);
	put_prefixes(sample("IPv6 length 129"), 16, 1, 129);
	put_prefixes(sample("length 255"), 16, 1, 255);
	put_prefixes(sample("length of two bytes"), 4, 2, 16);
	put_prefixes(sample("address of 3 bytes"), 3, 1, 16);
	put_prefixes(sample("address of 5 bytes"), 5, 1, 16);
	put_prefixes(sample("address of 17 bytes"), 17, 1, 16);
	sample_inner("prefix without the nesting flag", VNET_A_GUARD_PREFIX,
		     good->data + NLA_HDRLEN, good->len - NLA_HDRLEN);
}

static void element_samples(const struct sample *good)
{
	static const uint8_t range[] = {
		6, 0, VNET_A_SET_PORT_MIN, 0, 9, 0, 0, 0,
		6, 0, VNET_A_SET_PORT_MAX, 0, 8, 0, 0, 0,
	};

	sample_bytes("without the nesting flag", good->data, good->len);
	sample_deep(VNET_A_SET_ELEMENT);
	sample_astray("a header cut short", "\5\0\1", 3);
	sample_astray("inner length 3", "\3\0\1\0", 4);
	sample_astray("inner length beyond the nest", "\x40\0\1\0\0\0\0\0", 8);
	sample_inner("inner type 0", 0, MAC_KNOWN, 6);
	sample_inner("inner type unknown", VNET_A_SET_MAX + 1, MAC_KNOWN, 6);
	sample_inner("a port of one byte", VNET_A_SET_PORT_MIN, "\1", 1);
	sample_inner("a port of four bytes", VNET_A_SET_PORT_MIN, "\1\0\0\0", 4);
	/* What is missing has no place; the nest is told in another way. */
	sample_inner("a last port alone", VNET_A_SET_PORT_MAX, "\1\0", 2);
	samples[sample_count - 1].astray = true;
	sample_inner("an address", VNET_A_SET_IP, "\x0a\0\0\1", 4);
	sample_inner("an address of 5 bytes", VNET_A_SET_IP, "\x0a\0\0\1\0", 5);
	sample_inner("a length", VNET_A_SET_PREFIX_LEN, "\x08", 1);
	sample_inner("a MAC", VNET_A_SET_MAC, MAC_KNOWN, 6);
	sample_inner("the set", VNET_A_SET_NAME, "ports", 6);
	sample_inner("the network", VNET_A_NETWORK, "red", 4);
	put_nest(sample("nothing"), &(struct msg){ .len = 0, .buf = (uint8_t *)"" });
	samples[sample_count - 1].astray = true;
	put_nest(sample("a range that ends before it begins"),
		 &(struct msg){ .len = sizeof(range), .buf = (uint8_t *)range });
}

static void make_samples(const struct field *f)
{
	struct sample good, *v;

	sample_count = 0;
	valid_value(f, &good);
	switch (f->kind) {
	case K_FLAG:
		sample_bytes("one byte", "\1", 1);
		sample_bytes("four bytes", "\1\0\0\0", 4);
		break;
	case K_NAME:
	case K_LABEL:
		name_samples(f);
		break;
	case K_MAC:
	case K_IP:
		bytes_samples(f, &good);
		break;
	case K_MACS:
	case K_PREFIXES:
		nest_samples(f, &good);
		return;
	case K_ELEMENTS:
		element_samples(&good);
		return;
	default:
		number_samples(f, &good);
	}
	v = sample("flagged as a nest");
	v->flags = NLA_F_NESTED;
	v->len = good.len;
	memcpy(v->data, good.data, good.len);
}

/* Not a negative: the same length as the valid value. */
static bool sample_is_valid(const struct field *f, const struct sample *v)
{
	struct sample good;

	valid_value(f, &good);
	if (f->kind == K_IP && !v->flags && (v->len == 4 || v->len == 16))
		return true;
	return v->len == good.len && v->flags == good.flags &&
	       !memcmp(v->data, good.data, good.len);
}

/* ---- the tests --------------------------------------------------------- */

static struct answer answer;
/* A dump that refuses itself: older kernels hand on the sentence, but not what it is about. */
static bool sentence_only;

static void expect_refusal(struct msg *m, const char *what, bool points)
{
	int err = nl_talk(&nl, m, &answer);

	check(!answer.local, "%s: the socket reports error %d", what, answer.local);
	check(err, "%s: accepted", what);
	if (!err || answer.local)
		return;
	check(answer.text[0], "%s: error %d without a sentence", what, err);
	if (points && answer.text[0] && !(sentence_only && !answer.has_offset))
		check(answer.has_offset && answer.offset >= spot &&
		      answer.offset < spot_end,
		      "%s: error %d \"%s\" points at %u, the attribute is at %zu..%zu",
		      what, err, answer.text, answer.has_offset ? answer.offset : 0,
		      spot, spot_end);
}

/* Nothing that was refused has left a trace. */
static void expect_unchanged(void)
{
	if (!snapshot(&nl, &after))
		return;
	if (!check(snapshot_equal(&before, &after),
		   "what was refused has changed the configuration"))
		world_reset();
}

static void expect_accepted(const struct command *c, int which)
{
	struct msg m = { 0 };
	int err;

	build(&m, c, which, NULL, NULL, NULL, NULL);
	err = nl_talk(&nl, &m, &answer);
	check(!err, "the valid message%s: error %d \"%s\"",
	      which == ALL_FIELDS ? "" : " with required attributes only", err,
	      answer.text);
	msg_free(&m);
	world_restore();
}

static void missing(const struct command *c, const struct field *f)
{
	struct msg m = { 0 };
	struct field none = END;

	/* the interface may be told by name instead */
	if (f->how & DEVICE) {
		struct command by_index = *c;
		struct field fields[48];
		size_t n = 0;

		for (const struct field *g = c->fields; g->label; g++)
			if (g->type != VNET_A_IFNAME && g != f)
				fields[n++] = *g;
		fields[n] = none;
		by_index.fields = fields;
		build(&m, &by_index, ALL_FIELDS, NULL, NULL, NULL, NULL);
		expect_refusal(&m, "no interface", false);
	} else {
		build(&m, c, ALL_FIELDS, f, NULL, NULL, NULL);
		expect_refusal(&m, "missing", false);
		if (answer.text[0] && !(sentence_only && !answer.has_missing))
			check(answer.has_missing && answer.missing == f->type,
			      "missing: \"%s\" does not name attribute %u",
			      answer.text, f->type);
	}
	msg_free(&m);
}

/* Twice the same, and a wrong one in front of a right one: no crash. */
static void repeated(const struct command *c, const struct field *f)
{
	struct sample good;
	struct msg m = { 0 };

	valid_value(f, &good);
	build(&m, c, ALL_FIELDS, NULL, NULL, f, &good);
	nl_talk(&nl, &m, &answer);
	check(!answer.local, "repeated: the socket reports error %d", answer.local);
	build(&m, c, ALL_FIELDS, f, &samples[0], f, &good);
	nl_talk(&nl, &m, &answer);
	check(!answer.local, "repeated, the first one wrong: error %d", answer.local);
	msg_free(&m);
	world_restore();
}

static void test_field(const struct command *c, const struct field *f)
{
	char name[80];
	struct msg m = { 0 };

	snprintf(name, sizeof(name), "%s_%s", c->label, f->label);
	test_begin(name);
	make_samples(f);
	for (size_t i = 0; i < sample_count; i++) {
		if (sample_is_valid(f, &samples[i]))
			continue;
		build(&m, c, ALL_FIELDS, f, &samples[i], NULL, NULL);
		expect_refusal(&m, samples[i].what, !samples[i].astray);
	}
	if (f->how & REQUIRED)
		missing(c, f);
	expect_unchanged();
	repeated(c, f);
	msg_free(&m);
	test_end();
}

static bool takes(const struct command *c, uint16_t type)
{
	if (type == VNET_A_PAD || (c->nested && type == VNET_A_RULE_ENTRY))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (commands[i].cmd != c->cmd)
			continue;
		for (const struct field *f = commands[i].fields; f->label; f++)
			if (f->type == type)
				return true;
	}
	if (!c->nested && type == VNET_A_IFNAME)
		return takes(c, VNET_A_IFINDEX);
	if (!c->nested && type == VNET_A_CVID)
		return takes(c, VNET_A_VID);
	return false;
}

/* Attributes of other commands, unknown ones, and ones that are only told. */
static void test_foreign(const struct command *c)
{
	struct sample four = { .len = 4, .data = { 1 } };
	struct msg m = { 0 };
	char name[80], what[40];

	snprintf(name, sizeof(name), "%s_foreign", c->label);
	test_begin(name);
	for (unsigned int type = 0; type <= c->max + 4u; type++) {
		struct field f = { .type = type, .label = "foreign" };

		/* in a rule entry the network is told outside */
		if (takes(c, type))
			continue;
		snprintf(what, sizeof(what), "attribute %u", type);
		build(&m, c, ALL_FIELDS, NULL, NULL, &f, &four);
		expect_refusal(&m, what, true);
		if (!answer.err)
			world_restore();
	}
	for (unsigned int type = 1000; type <= 0x3fff; type += 5003) {
		struct field f = { .type = type, .label = "foreign" };

		build(&m, c, ALL_FIELDS, NULL, NULL, &f, &four);
		expect_refusal(&m, "attribute of a far number", true);
	}
	expect_unchanged();
	msg_free(&m);
	test_end();
}

static void test_command(const struct command *c)
{
	sentence_only = c->dump && kernel_before(6, 12);
	test_begin(c->label);
	expect_accepted(c, ALL_FIELDS);
	expect_accepted(c, REQUIRED_ONLY);
	test_end();
	for (const struct field *f = c->fields; f->label; f++)
		test_field(c, f);
	test_foreign(c);
}

int main(void)
{
	ktap_header();
	world_create();
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		test_command(&commands[i]);
	return ktap_finish();
}
