// SPDX-License-Identifier: GPL-2.0-only
/*
 * nl_fuzz.c owns random damage: valid messages of nl_table.h are mutated from a
 * seed and sent. Whatever the answer, there must be one, and afterwards the
 * switch still dumps, deletes and builds everything. VNET_SEED repeats a run,
 * VNET_FUZZ_COUNT sets its length.
 */
#include "nl_table.h"

static uint64_t rng_state;

static uint64_t rng(void)
{
	rng_state ^= rng_state >> 12;
	rng_state ^= rng_state << 25;
	rng_state ^= rng_state >> 27;
	return rng_state * 0x2545f4914f6cdd1dULL;
}

static size_t below(size_t n)
{
	return n ? (rng() >> 16) % n : 0;
}

#define FIXED	(NLMSG_HDRLEN + GENL_HDRLEN)

/* Where a random attribute of the message begins; 0 when there is none. */
static size_t random_attr(const struct msg *m)
{
	size_t at = FIXED, count = 0, chosen = 0;

	while (at + NLA_HDRLEN <= m->len) {
		struct nlattr head;

		memcpy(&head, m->buf + at, sizeof(head));
		if (!below(++count))
			chosen = at;
		if (head.nla_len < NLA_HDRLEN)
			break;
		/* sometimes look into the attribute */
		if ((head.nla_type & NLA_F_NESTED) && below(2))
			at += NLA_HDRLEN;
		else
			at += NLA_ALIGN(head.nla_len);
	}
	return chosen;
}

static void set16(struct msg *m, size_t at, uint16_t value)
{
	if (at + 2 <= m->len)
		memcpy(m->buf + at, &value, 2);
}

static uint16_t interesting(void)
{
	static const uint16_t values[] = {
		0, 1, 2, 3, 4, 5, 8, 15, 16, 17, 31, 32, 33, 34, 127, 128, 255,
		256, 4094, 4095, 0x7fff, 0x8000, 0x8100, 0x88a8, 0xffff,
	};

	return values[below(ARRAY_SIZE(values))];
}

static void add_random_attr(struct msg *m)
{
	uint8_t junk[300];
	size_t len = below(4) ? below(20) : below(sizeof(junk));

	for (size_t i = 0; i < len; i++)
		junk[i] = below(3) ? rng() : 0;
	msg_put(m, below(40) | (below(4) ? 0 : NLA_F_NESTED), junk, len);
}

static void repeat_attr(struct msg *m)
{
	size_t at = random_attr(m), len;
	struct nlattr head;
	uint8_t copy[1024];

	if (!at)
		return;
	memcpy(&head, m->buf + at, sizeof(head));
	len = NLA_ALIGN(head.nla_len);
	if (len < NLA_HDRLEN || len > sizeof(copy) || at + len > m->len)
		return;
	memcpy(copy, m->buf + at, len);
	for (size_t n = below(8) ? 1 : below(300); n--;)
		msg_raw(m, copy, len);
}

static void mutate(struct msg *m)
{
	size_t at = random_attr(m);

	switch (below(10)) {
	case 0:
		m->buf[FIXED + below(m->len - FIXED)] ^= 1 << below(8);
		break;
	case 1:
		m->buf[FIXED + below(m->len - FIXED)] = interesting();
		break;
	case 2:
		if (at)
			set16(m, at, below(2) ? interesting() : below(64));
		break;
	case 3:
		if (at)
			set16(m, at + 2, below(4) ? below(42) : interesting());
		break;
	case 4:
		if (at)
			m->buf[at + 3] ^= NLA_F_NESTED >> 8;
		break;
	case 5:
		if (at)
			set16(m, at + NLA_HDRLEN, interesting());
		break;
	case 6:
		m->len -= below(m->len - FIXED);
		break;
	case 7:
		add_random_attr(m);
		break;
	case 8:
		repeat_attr(m);
		break;
	case 9:
		if (at && at + NLA_HDRLEN + 6 <= m->len)
			for (size_t i = 0; i < 6; i++)
				m->buf[at + NLA_HDRLEN + i] = rng();
		break;
	}
}

static void damage(struct msg *m)
{
	struct nlmsghdr *h;

	for (size_t n = 1 + below(5); n-- && m->len > FIXED;)
		mutate(m);
	h = msg_head(m);
	if (!below(20))		/* another command for these attributes */
		m->buf[NLMSG_HDRLEN] = below(VNET_CMD_MAX + 3);
	if (!below(50))
		h->nlmsg_flags ^= NLM_F_DUMP;
	if (!below(50))
		h->nlmsg_flags ^= NLM_F_ECHO;
	if (!below(100))
		m->buf[NLMSG_HDRLEN + 1 + below(3)] = rng();
	if (!below(200))
		m->len = NLMSG_HDRLEN + below(GENL_HDRLEN);
}

static void fuzz(size_t count)
{
	unsigned int accepted = 0;
	static struct answer answer;
	struct msg m = { 0 };

	for (size_t i = 0; i < count; i++) {
		const struct command *c = &commands[below(ARRAY_SIZE(commands))];

		build(&m, c, below(4) ? ALL_FIELDS : REQUIRED_ONLY, NULL, NULL,
		      NULL, NULL);
		damage(&m);
		nl_talk(&nl, &m, &answer);
		if (!check(!answer.local, "message %zu (%s): the socket says %d",
			   i, c->label, answer.local))
			break;
		accepted += !answer.err;
		/* what is too short or unknown never reaches the module */
		if (answer.err && !answer.text[0] && m.len >= FIXED &&
		    answer.err != EOPNOTSUPP)
			complain(__LINE__, "message %zu (%s, command %u): error %d without a sentence",
				 i, c->label, m.buf[NLMSG_HDRLEN], answer.err);
		if (i % 250 == 249)
			world_restore();
	}
	msg_free(&m);
	printf("# %u of %zu messages were accepted\n", accepted, count);
	check(accepted, "nothing was accepted: the messages are too damaged");
	check(accepted < count, "nothing was refused: nothing was damaged");
}

static void count_object(struct dump *d, const struct attrs *attrs, uint8_t cmd)
{
	/* the root class belongs to its network */
	if (cmd != VNET_CMD_CLASS_GET ||
	    strcmp(attr_str(attrs, VNET_A_CLASS_NAME), VNET_CLASS_ROOT))
		(*(unsigned int *)d->context)++;
}

static void expect_empty(void)
{
	unsigned int objects = 0;
	struct dump d = { .object = count_object, .context = &objects };

	check(!request_bare(&nl, VNET_CMD_FLUSH), "flush: %s", last.text);
	for (size_t i = 0; i < ARRAY_SIZE(snapshot_cmds); i++)
		check(!dump_bare(&d, &nl, snapshot_cmds[i]),
		      "dump of command %u: error %d", snapshot_cmds[i], d.err);
	check(!objects, "%u objects are left after a flush", objects);
}

int main(void)
{
	const char *seed = getenv("VNET_SEED"), *n = getenv("VNET_FUZZ_COUNT");
	size_t count = n ? strtoul(n, NULL, 0) : slow_machine() ? 2000 : 20000;

	rng_state = seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL);
	ktap_header();
	printf("# VNET_SEED=%llu\n", (unsigned long long)rng_state);
	rng_state = rng_state * 2654435761u + 1;
	world_create();

	test_begin("fuzz");
	fuzz(count);
	test_end();

	test_begin("everything_can_be_removed");
	expect_empty();
	test_end();

	test_begin("everything_can_be_built_again");
	world_build();
	check(!request_bare(&nl, VNET_CMD_INFO_GET), "info: %s", last.text);
	check(snapshot(&nl, &after) && snapshot_equal(&before, &after),
	      "two dumps of the same differ");
	test_end();
	return ktap_finish();
}
