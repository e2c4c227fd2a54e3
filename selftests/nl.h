/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nl.h owns what the netlink selftests in C share: KTAP output, a raw
 * generic-netlink socket, a message builder that can also build what is
 * malformed, dumps, and snapshots of the whole configuration. It knows the
 * UAPI header and nothing of libvnet or libnl.
 */
#ifndef VNET_SELFTEST_NL_H
#define VNET_SELFTEST_NL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/vnet.h>

#define __maybe_unused	__attribute__((unused))
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define KSFT_SKIP	4

/* ---- KTAP ------------------------------------------------------------- */

static int ktap_count, ktap_failures, ktap_skips;
static unsigned int ktap_complaints;
static const char *ktap_name = "";

static inline void ktap_header(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n");
}

/* Begin a subtest; until test_end() every failed check counts against it. */
static inline void test_begin(const char *name)
{
	ktap_name = name;
	ktap_complaints = 0;
}

static inline void test_end(void)
{
	bool ok = !ktap_complaints;

	if (ktap_complaints > 12)
		printf("# ... %u complaints in all\n", ktap_complaints);
	printf("%sok %d %s\n", ok ? "" : "not ", ++ktap_count, ktap_name);
	if (!ok)
		ktap_failures++;
}

static inline void test_skip(const char *name, const char *why)
{
	printf("ok %d %s # SKIP %s\n", ++ktap_count, name, why);
	ktap_skips++;
}

static inline int ktap_finish(void)
{
	printf("1..%d\n", ktap_count);
	printf("# Totals: pass:%d fail:%d skip:%d\n",
	       ktap_count - ktap_failures - ktap_skips, ktap_failures,
	       ktap_skips);
	if (ktap_failures)
		return 1;
	return ktap_skips == ktap_count ? KSFT_SKIP : 0;
}

__attribute__((format(printf, 2, 3)))
static inline void complain(int line, const char *format, ...)
{
	va_list args;

	if (++ktap_complaints > 12)
		return;
	printf("# line %d: ", line);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

/* check(condition, "what is wrong otherwise", ...): never ends the test. */
#define check(condition, ...) ({					\
	bool holds_ = (condition);					\
									\
	if (!holds_)							\
		complain(__LINE__, __VA_ARGS__);			\
	holds_; })

/* The rest of the program makes no sense without this. */
#define must(condition, ...) do {					\
	if (!(condition)) {						\
		printf("# line %d: ", __LINE__);			\
		printf(__VA_ARGS__);					\
		printf(" (errno %d %s)\nBail out! setup failed\n",	\
		       errno, strerror(errno));				\
		exit(1);						\
	}								\
} while (0)

/* Kernels differ in what the core of netlink does with our answers. */
static inline bool kernel_before(int major, int minor)
{
	struct utsname name;
	int x = 0, y = 0;

	uname(&name);
	sscanf(name.release, "%d.%d", &x, &y);
	return x < major || (x == major && y < minor);
}

static inline bool slow_machine(void)
{
	const char *slow = getenv("VNET_SLOW");

	return slow && !strcmp(slow, "1");
}

/* Run a shell command line; its exit status. */
__attribute__((format(printf, 1, 2)))
static inline int sh(const char *format, ...)
{
	char line[512];
	va_list args;
	int status;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	fflush(stdout);
	status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static inline double now_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* ---- messages --------------------------------------------------------- */

struct msg {
	uint8_t *buf;
	size_t len, room;
};

static inline struct nlmsghdr *msg_head(const struct msg *m)
{
	return (struct nlmsghdr *)m->buf;
}

/* Append bytes as they are, without padding. */
static inline size_t msg_raw(struct msg *m, const void *data, size_t len)
{
	size_t at = m->len;

	if (m->len + len > m->room) {
		m->room = (m->len + len) * 2 + 256;
		m->buf = realloc(m->buf, m->room);
		must(m->buf, "out of memory");
	}
	if (len)
		memcpy(m->buf + at, data, len);
	m->len += len;
	return at;
}

static inline void msg_pad(struct msg *m)
{
	static const uint8_t zero[NLMSG_ALIGNTO];

	msg_raw(m, zero, NLMSG_ALIGN(m->len) - m->len);
}

static inline void msg_begin(struct msg *m, uint16_t family, uint8_t cmd,
			     uint16_t flags)
{
	struct nlmsghdr head = { .nlmsg_type = family,
				 .nlmsg_flags = NLM_F_REQUEST | flags };
	struct genlmsghdr genl = { .cmd = cmd, .version = VNET_GENL_VERSION };

	m->len = 0;
	msg_raw(m, &head, sizeof(head));
	msg_raw(m, &genl, sizeof(genl));
}

/* Append an attribute and return where it begins. */
static inline size_t msg_put(struct msg *m, uint16_t type, const void *data,
			     size_t len)
{
	struct nlattr nla = { .nla_len = NLA_HDRLEN + len, .nla_type = type };
	size_t at = msg_raw(m, &nla, sizeof(nla));

	msg_raw(m, data, len);
	msg_pad(m);
	return at;
}

static inline size_t msg_nest(struct msg *m, uint16_t type)
{
	return msg_put(m, type | NLA_F_NESTED, NULL, 0);
}

static inline void msg_nest_end(struct msg *m, size_t at)
{
	uint16_t len = m->len - at;

	memcpy(m->buf + at, &len, sizeof(len));
}

static inline void msg_free(struct msg *m)
{
	free(m->buf);
	memset(m, 0, sizeof(*m));
}

/* An attribute as a value, for requests that fit on one line. */
struct at {
	uint16_t type, len;
	const void *p;
	union {
		uint8_t u8, b[8];
		uint16_t u16;
		uint32_t u32;
		uint64_t u64;
	};
};

#define FLAG(t)		{ .type = (t) }
#define U8(t, v)	{ .type = (t), .len = 1, .u8 = (v) }
#define U16(t, v)	{ .type = (t), .len = 2, .u16 = (v) }
#define U32(t, v)	{ .type = (t), .len = 4, .u32 = (v) }
#define U64(t, v)	{ .type = (t), .len = 8, .u64 = (v) }
#define STR(t, s)	{ .type = (t), .len = strlen(s) + 1, .p = (s) }
#define BYTES(t, d, n)	{ .type = (t), .len = (n), .p = (d) }
#define MAC(t, d)	BYTES(t, d, 6)

static inline void msg_put_at(struct msg *m, const struct at *a)
{
	msg_put(m, a->type, a->p ? a->p : a->b, a->len);
}

/* ---- attributes received ---------------------------------------------- */

struct attrs {
	const uint8_t *data;
	size_t len;
};

static inline bool attr_next(const struct attrs *set, size_t *at,
			     struct nlattr *head, struct attrs *payload)
{
	if (*at + NLA_HDRLEN > set->len)
		return false;
	memcpy(head, set->data + *at, sizeof(*head));
	if (head->nla_len < NLA_HDRLEN || *at + head->nla_len > set->len)
		return false;
	payload->data = set->data + *at + NLA_HDRLEN;
	payload->len = head->nla_len - NLA_HDRLEN;
	*at += NLA_ALIGN(head->nla_len);
	return true;
}

static inline bool attr_find(const struct attrs *set, uint16_t type,
			     struct attrs *payload)
{
	struct nlattr head;
	size_t at = 0;

	while (attr_next(set, &at, &head, payload))
		if ((head.nla_type & NLA_TYPE_MASK) == type)
			return true;
	return false;
}

static inline bool attr_has(const struct attrs *set, uint16_t type)
{
	struct attrs payload;

	return attr_find(set, type, &payload);
}

/* A number of any width; missing when it is not there. */
static inline uint64_t attr_num(const struct attrs *set, uint16_t type,
				uint64_t missing)
{
	struct attrs p;
	struct at v = { 0 };

	if (!attr_find(set, type, &p) || p.len > sizeof(v.b))
		return missing;
	memcpy(v.b, p.data, p.len);
	return p.len == 1 ? v.u8 : p.len == 2 ? v.u16 :
	       p.len == 4 ? v.u32 : p.len == 8 ? v.u64 : missing;
}

/* A string; "" when it is not there or does not end in NUL. */
static inline const char *attr_str(const struct attrs *set, uint16_t type)
{
	struct attrs p;

	if (!attr_find(set, type, &p) || !p.len || p.data[p.len - 1])
		return "";
	return (const char *)p.data;
}

/* ---- the socket ------------------------------------------------------- */

/* What one recv takes; the kernel makes the parts of dumps as large. */
enum { NL_RECV = 16384 };

struct nl {
	int fd;
	uint32_t seq, port;
	uint16_t family;
	uint32_t group_config, group_fdb, group_log;
};

struct answer {
	int err;		/* errno of the acknowledgement */
	int local;		/* errno of send or recv: nothing is known */
	bool acked, has_offset, has_missing;
	char text[256];		/* the extended acknowledgement's sentence */
	uint32_t offset, missing;
	unsigned int replies;
	uint8_t cmd;
	uint8_t data[65536];	/* attributes of the last reply */
	struct attrs attrs;
};

static inline void answer_tlvs(struct answer *a, const struct attrs *tlvs)
{
	struct attrs p;

	if (attr_find(tlvs, NLMSGERR_ATTR_MSG, &p) && p.len)
		snprintf(a->text, sizeof(a->text), "%.*s", (int)p.len,
			 (const char *)p.data);
	a->has_offset = attr_find(tlvs, NLMSGERR_ATTR_OFFS, &p);
	a->offset = attr_num(tlvs, NLMSGERR_ATTR_OFFS, 0);
	a->has_missing = attr_find(tlvs, NLMSGERR_ATTR_MISS_TYPE, &p);
	a->missing = attr_num(tlvs, NLMSGERR_ATTR_MISS_TYPE, 0);
}

/* The acknowledgement or the end of a dump. */
static inline void answer_end(struct answer *a, const struct nlmsghdr *h)
{
	bool done = h->nlmsg_type == NLMSG_DONE;
	const uint8_t *body = NLMSG_DATA(h);
	size_t skip = done ? sizeof(int) : sizeof(struct nlmsgerr);
	struct attrs tlvs;
	int code = 0;

	if (h->nlmsg_len >= NLMSG_HDRLEN + sizeof(code))
		memcpy(&code, body, sizeof(code));
	a->acked = true;
	a->err = code < 0 ? -code : 0;
	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!done && !(h->nlmsg_flags & NLM_F_CAPPED))
		skip = sizeof(int) + NLMSG_ALIGN(((struct nlmsgerr *)body)->msg.nlmsg_len);
	if (h->nlmsg_len < NLMSG_HDRLEN + skip)
		return;
	tlvs.data = body + skip;
	tlvs.len = h->nlmsg_len - NLMSG_HDRLEN - skip;
	answer_tlvs(a, &tlvs);
}

static inline void answer_reply(struct answer *a, const struct nlmsghdr *h)
{
	const struct genlmsghdr *genl = NLMSG_DATA(h);
	size_t len = h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;

	a->replies++;
	a->cmd = genl->cmd;
	if (len > sizeof(a->data))
		len = sizeof(a->data);
	memcpy(a->data, (const uint8_t *)genl + GENL_HDRLEN, len);
	a->attrs.data = a->data;
	a->attrs.len = len;
}

static inline bool nl_send(struct nl *s, struct msg *m)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	struct nlmsghdr *h = msg_head(m);

	h->nlmsg_len = m->len;
	h->nlmsg_seq = ++s->seq;
	return sendto(s->fd, m->buf, m->len, 0, (struct sockaddr *)&to,
		      sizeof(to)) == (ssize_t)m->len;
}

/* Send what is in m and collect everything until the acknowledgement. */
static inline int nl_talk_end(struct nl *s, struct answer *a)
{
	static uint8_t buf[NL_RECV];

	while (!a->acked) {
		ssize_t len = recv(s->fd, buf, sizeof(buf), 0);
		struct nlmsghdr *h = (struct nlmsghdr *)buf;

		if (len < 0) {
			a->local = errno;
			return a->err = errno;
		}
		for (; NLMSG_OK(h, (size_t)len); h = NLMSG_NEXT(h, len)) {
			if (h->nlmsg_seq != s->seq || h->nlmsg_pid != s->port)
				continue;
			if (h->nlmsg_type == NLMSG_ERROR ||
			    h->nlmsg_type == NLMSG_DONE)
				answer_end(a, h);
			else
				answer_reply(a, h);
		}
	}
	return a->err;
}

static inline int nl_talk(struct nl *s, struct msg *m, struct answer *a)
{
	memset(a, 0, offsetof(struct answer, data));
	a->attrs.len = 0;
	if (!(msg_head(m)->nlmsg_flags & NLM_F_DUMP))
		msg_head(m)->nlmsg_flags |= NLM_F_ACK;
	if (!nl_send(s, m)) {
		a->local = errno;
		return a->err = errno;
	}
	return nl_talk_end(s, a);
}

/* A request as one line: request(s, cmd, STR(..), U32(..)) == 0 or errno. */
static struct answer last __maybe_unused;

static inline int request_list(struct nl *s, uint8_t cmd, uint16_t flags,
			       const struct at *list, size_t count)
{
	struct msg m = { 0 };
	int err;

	msg_begin(&m, s->family, cmd, flags);
	for (size_t i = 0; i < count; i++)
		msg_put_at(&m, &list[i]);
	err = nl_talk(s, &m, &last);
	msg_free(&m);
	return err;
}

#define request_flags(s, cmd, flags, ...)				\
	request_list(s, cmd, flags, (const struct at[]){ __VA_ARGS__ },	\
		     ARRAY_SIZE(((const struct at[]){ __VA_ARGS__ })))
#define request(s, cmd, ...)	request_flags(s, cmd, 0, __VA_ARGS__)
#define request_bare(s, cmd)	request_list(s, cmd, 0, NULL, 0)

/* As request(), for what the test itself needs. */
#define need(s, cmd, ...) do {						\
	int err_ = request(s, cmd, __VA_ARGS__);			\
									\
	must(!err_, "command %d: error %d \"%s\"", cmd, err_, last.text);\
} while (0)

static inline void resolve_groups(struct nl *s, const struct attrs *groups)
{
	struct attrs group;
	struct nlattr head;
	size_t at = 0;

	while (attr_next(groups, &at, &head, &group)) {
		const char *name = attr_str(&group, CTRL_ATTR_MCAST_GRP_NAME);
		uint32_t id = attr_num(&group, CTRL_ATTR_MCAST_GRP_ID, 0);

		if (!strcmp(name, VNET_MCGRP_CONFIG))
			s->group_config = id;
		if (!strcmp(name, VNET_MCGRP_FDB))
			s->group_fdb = id;
		if (!strcmp(name, VNET_MCGRP_LOG))
			s->group_log = id;
	}
}

/* Ask the controller for the family; 0 or errno. */
static inline int nl_resolve(struct nl *s)
{
	struct at name = STR(CTRL_ATTR_FAMILY_NAME, VNET_GENL_NAME);
	struct msg m = { 0 };
	struct attrs groups;
	int err;

	msg_begin(&m, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	msg_put_at(&m, &name);
	err = nl_talk(s, &m, &last);
	msg_free(&m);
	if (err)
		return err;
	s->family = attr_num(&last.attrs, CTRL_ATTR_FAMILY_ID, 0);
	if (attr_find(&last.attrs, CTRL_ATTR_MCAST_GROUPS, &groups))
		resolve_groups(s, &groups);
	return s->family ? 0 : ENOENT;
}

/* Open a socket in the namespace of the caller; 0 or errno. */
static inline int nl_open_try(struct nl *s)
{
	struct sockaddr_nl me = { .nl_family = AF_NETLINK };
	struct timeval patience = { .tv_sec = slow_machine() ? 120 : 20 };
	socklen_t len = sizeof(me);
	int on = 1, big = 8 << 20;

	memset(s, 0, sizeof(*s));
	s->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	must(s->fd >= 0, "socket");
	must(!bind(s->fd, (struct sockaddr *)&me, sizeof(me)), "bind");
	must(!getsockname(s->fd, (struct sockaddr *)&me, &len), "getsockname");
	s->port = me.nl_pid;
	setsockopt(s->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(s->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(s->fd, SOL_SOCKET, SO_SNDBUFFORCE, &big, sizeof(big));
	setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return nl_resolve(s);
}

static inline void nl_open(struct nl *s)
{
	int err = nl_open_try(s);

	if (err) {
		printf("1..0 # SKIP no generic-netlink family \"%s\": %s\n",
		       VNET_GENL_NAME, strerror(err));
		exit(KSFT_SKIP);
	}
}

static inline void nl_close(struct nl *s)
{
	close(s->fd);
}

static inline int nl_join(struct nl *s, uint32_t group)
{
	return setsockopt(s->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
			  sizeof(group)) ? errno : 0;
}

/* A namespace of one's own: everything made there goes with the process. */
static inline void own_namespace(void)
{
	must(!unshare(CLONE_NEWNET), "unshare(CLONE_NEWNET)");
	must(!sh("ip link set lo up"), "ip link set lo up");
}

/* ---- dumps ------------------------------------------------------------ */

struct dump {
	struct nl *s;
	bool interrupted, done;
	int err;
	unsigned int objects, parts;
	char text[256];
	/* called for each object; the dump stands still meanwhile */
	void (*object)(struct dump *d, const struct attrs *attrs, uint8_t cmd);
	void *context;
};

static inline int dump_start_list(struct dump *d, struct nl *s, uint8_t cmd,
				  const struct at *list, size_t count)
{
	struct msg m = { 0 };
	bool sent;

	d->s = s;
	d->interrupted = d->done = false;
	d->err = 0;
	d->objects = d->parts = 0;
	d->text[0] = '\0';
	msg_begin(&m, s->family, cmd, NLM_F_DUMP);
	for (size_t i = 0; i < count; i++)
		msg_put_at(&m, &list[i]);
	sent = nl_send(s, &m);
	msg_free(&m);
	return d->err = sent ? 0 : errno;
}

static inline void dump_message(struct dump *d, const struct nlmsghdr *h)
{
	const struct genlmsghdr *genl = NLMSG_DATA(h);
	struct attrs attrs;

	if (h->nlmsg_flags & NLM_F_DUMP_INTR)
		d->interrupted = true;
	if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR) {
		static struct answer a;

		memset(&a, 0, offsetof(struct answer, data));
		answer_end(&a, h);
		d->err = a.err;
		d->done = true;
		memcpy(d->text, a.text, sizeof(d->text));
		return;
	}
	d->objects++;
	attrs.data = (const uint8_t *)genl + GENL_HDRLEN;
	attrs.len = h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	if (d->object)
		d->object(d, &attrs, genl->cmd);
}

/* Read one part; true while there may be more. */
static inline bool dump_part(struct dump *d)
{
	static uint8_t buf[NL_RECV];
	struct nlmsghdr *h = (struct nlmsghdr *)buf;
	ssize_t len = recv(d->s->fd, buf, sizeof(buf), 0);

	if (len < 0) {
		d->err = errno;
		d->done = true;
		return false;
	}
	d->parts++;
	for (; NLMSG_OK(h, (size_t)len) && !d->done; h = NLMSG_NEXT(h, len))
		if (h->nlmsg_seq == d->s->seq && h->nlmsg_pid == d->s->port)
			dump_message(d, h);
	return !d->done;
}

static inline int dump_list(struct dump *d, struct nl *s, uint8_t cmd,
			    const struct at *list, size_t count)
{
	if (!dump_start_list(d, s, cmd, list, count))
		while (dump_part(d))
			;
	return d->err;
}

#define dump_start(d, s, cmd, ...)					\
	dump_start_list(d, s, cmd, (const struct at[]){ __VA_ARGS__ },	\
			ARRAY_SIZE(((const struct at[]){ __VA_ARGS__ })))
#define dump_all(d, s, cmd, ...)					\
	dump_list(d, s, cmd, (const struct at[]){ __VA_ARGS__ },	\
		  ARRAY_SIZE(((const struct at[]){ __VA_ARGS__ })))
#define dump_bare(d, s, cmd)	dump_list(d, s, cmd, NULL, 0)

/* ---- snapshots -------------------------------------------------------- */

static const uint8_t snapshot_cmds[] __maybe_unused = {
	VNET_CMD_NETWORK_GET, VNET_CMD_PORT_GET, VNET_CMD_MEMBER_GET,
	VNET_CMD_FDB_GET, VNET_CMD_RULE_GET, VNET_CMD_CLASS_GET,
	VNET_CMD_SET_GET, VNET_CMD_SET_ELEMENT_GET,
};

/* Everything but how long ago an address was heard. */
static inline void snapshot_object(struct dump *d, const struct attrs *attrs,
				   uint8_t cmd)
{
	struct msg *m = d->context;
	struct attrs payload;
	struct nlattr head;
	size_t at = 0;

	msg_raw(m, &cmd, 1);
	while (attr_next(attrs, &at, &head, &payload)) {
		if (cmd == VNET_CMD_FDB_GET && head.nla_type == VNET_A_FDB_AGE)
			continue;
		msg_raw(m, &head, sizeof(head));
		msg_raw(m, payload.data, payload.len);
	}
}

/* The configuration as bytes; compare with snapshot_equal(). */
static inline bool snapshot(struct nl *s, struct msg *m)
{
	struct dump d = { .object = snapshot_object, .context = m };

	m->len = 0;
	for (size_t i = 0; i < ARRAY_SIZE(snapshot_cmds); i++) {
		if (dump_bare(&d, s, snapshot_cmds[i])) {
			complain(__LINE__, "dump of command %d: error %d %s",
				 snapshot_cmds[i], d.err, d.text);
			return false;
		}
	}
	return true;
}

static inline bool snapshot_equal(const struct msg *a, const struct msg *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->buf, b->buf, a->len));
}

static inline uint32_t module_references(void)
{
	FILE *f = fopen("/sys/module/vnet/refcnt", "re");
	unsigned int count = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%u", &count) != 1)
		count = 0;
	fclose(f);
	return count;
}

#endif /* VNET_SELFTEST_NL_H */
