// SPDX-License-Identifier: GPL-2.0-only
/*
 * nl_events.c owns notifications: who is told what, once, in which group, with
 * which attributes; also for what the kernel removes by itself, for addresses
 * that come and go with traffic, and for limits. A sentinel object tells that
 * nothing more comes, so nothing waits for silence.
 */
#include "nl.h"

#include <poll.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#define MAX_EVENTS	256

struct event {
	uint8_t cmd, event, group;	/* group: 'c' or 'f' */
	uint32_t ifindex;
	uint16_t vid;
	uint8_t kind, mac[6];
	uint64_t value;
	char network[32], name[32];
	bool counters;
};

static struct nl nl, on_config, on_fdb;
static struct event events[MAX_EVENTS];
static size_t event_count;
static uint32_t p0, p1;

/* ---- listening --------------------------------------------------------- */

static bool has_counters(uint8_t cmd, const struct attrs *a)
{
	switch (cmd) {
	case VNET_CMD_NETWORK_NTF:
		return attr_has(a, VNET_A_NET_STATS) || attr_has(a, VNET_A_NET_EVICTED);
	case VNET_CMD_PORT_NTF:
		return attr_has(a, VNET_A_PORT_DROPS);
	case VNET_CMD_MEMBER_NTF:
		return attr_has(a, VNET_A_MEMBER_STATS);
	case VNET_CMD_RULE_NTF:
		return attr_has(a, VNET_A_RULE_STATS);
	case VNET_CMD_CLASS_NTF:
		return attr_has(a, VNET_A_CLASS_INGRESS_STATS) ||
		       attr_has(a, VNET_A_CLASS_EGRESS_STATS);
	}
	return false;
}

static void event_parse(struct event *e, uint8_t cmd, char group,
			const struct attrs *a)
{
	struct attrs mac;
	uint16_t name = cmd == VNET_CMD_RULE_NTF ? VNET_A_RULE_NAME :
			cmd == VNET_CMD_CLASS_NTF ? VNET_A_CLASS_NAME :
			cmd == VNET_CMD_SET_NTF ? VNET_A_SET_NAME : 0;

	memset(e, 0, sizeof(*e));
	e->cmd = cmd;
	e->group = group;
	e->event = attr_num(a, VNET_A_EVENT, 0);
	e->ifindex = attr_num(a, VNET_A_IFINDEX, 0);
	e->vid = attr_num(a, VNET_A_VID, 0);
	e->counters = has_counters(cmd, a);
	snprintf(e->network, sizeof(e->network), "%s", attr_str(a, VNET_A_NETWORK));
	if (name)
		snprintf(e->name, sizeof(e->name), "%s", attr_str(a, name));
	if (cmd == VNET_CMD_FDB_NTF) {
		e->kind = attr_num(a, VNET_A_FDB_KIND, 0);
		if (attr_find(a, VNET_A_FDB_MAC, &mac) && mac.len == 6)
			memcpy(e->mac, mac.data, 6);
	}
	if (cmd == VNET_CMD_SET_NTF)
		e->value = attr_num(a, VNET_A_SET_ELEMENTS, 0);
	if (cmd == VNET_CMD_LIMIT_NTF) {
		e->kind = attr_num(a, VNET_A_LIMIT_KIND, 0);
		e->value = attr_num(a, VNET_A_LIMIT_VALUE, 0);
	}
}

/* Append what one read gives; false: nothing came in time. */
static bool listen_once(struct nl *s, char group, int timeout)
{
	static uint8_t buf[NL_RECV];
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	struct nlmsghdr *h = (struct nlmsghdr *)buf;
	ssize_t len;

	if (poll(&p, 1, timeout) != 1)
		return false;
	len = recv(s->fd, buf, sizeof(buf), 0);
	if (!check(len > 0, "listening: error %d", errno))
		return false;
	for (; NLMSG_OK(h, (size_t)len); h = NLMSG_NEXT(h, len)) {
		struct genlmsghdr *genl = NLMSG_DATA(h);
		struct attrs a = {
			.data = (uint8_t *)genl + GENL_HDRLEN,
			.len = h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN,
		};

		if (h->nlmsg_type == s->family && event_count < MAX_EVENTS)
			event_parse(&events[event_count++], genl->cmd, group, &a);
	}
	return true;
}

#define PATIENCE	(slow_machine() ? 60000 : 10000)

/* Wait until the last event that was read is @cmd @event of network @name. */
static void listen_until(struct nl *s, char group, uint8_t cmd, const char *network)
{
	size_t from = event_count;

	while (listen_once(s, group, PATIENCE)) {
		for (; from < event_count; from++) {
			struct event *e = &events[from];

			if (e->cmd != cmd || strcmp(e->network, network) ||
			    e->event != VNET_EVENT_REMOVED)
				continue;
			return;
		}
	}
	complain(__LINE__, "the sentinel was not heard");
}

static bool of_sentinel(const struct event *e)
{
	return !strcmp(e->network, "sentinel");
}

/* All events so far of both groups, without those of the sentinels. */
static void collect(void)
{
	size_t kept = 0;

	need(&nl, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "sentinel"));
	need(&nl, VNET_CMD_MEMBER_ADD, STR(VNET_A_NETWORK, "sentinel"),
	     U32(VNET_A_IFINDEX, p0), U16(VNET_A_VID, 4000));
	need(&nl, VNET_CMD_FDB_ADD, STR(VNET_A_NETWORK, "sentinel"),
	     U32(VNET_A_IFINDEX, p0), U16(VNET_A_VID, 4000),
	     MAC(VNET_A_FDB_MAC, "\2\0\0\0\0\xff"));
	need(&nl, VNET_CMD_FDB_DEL, STR(VNET_A_NETWORK, "sentinel"),
	     MAC(VNET_A_FDB_MAC, "\2\0\0\0\0\xff"));
	need(&nl, VNET_CMD_NETWORK_DEL, STR(VNET_A_NETWORK, "sentinel"));
	event_count = 0;
	listen_until(&on_config, 'c', VNET_CMD_NETWORK_NTF, "sentinel");
	listen_until(&on_fdb, 'f', VNET_CMD_FDB_NTF, "sentinel");
	for (size_t i = 0; i < event_count; i++)
		if (!of_sentinel(&events[i]))
			events[kept++] = events[i];
	event_count = kept;
	for (size_t i = 0; i < event_count; i++) {
		check(!events[i].counters, "event %u carries counters", events[i].cmd);
		check((events[i].cmd == VNET_CMD_FDB_NTF) == (events[i].group == 'f'),
		      "command %u came in group '%c'", events[i].cmd, events[i].group);
	}
}

static const char *const event_names[] = {
	"?", "added", "changed", "removed", "loaded",
};

static void show_events(void)
{
	for (size_t i = 0; i < event_count && i < 20; i++) {
		const struct event *e = &events[i];

		printf("#   told: command %u %s network \"%s\" name \"%s\" ifindex %u vid %u kind %u\n",
		       e->cmd, event_names[e->event > 4 ? 0 : e->event], e->network,
		       e->name, e->ifindex, e->vid, e->kind);
	}
}

struct wanted {
	uint8_t cmd, event;
	const char *network, *name;
	uint32_t ifindex;
	uint16_t vid;
};

static unsigned int told(const struct wanted *w)
{
	unsigned int n = 0;

	for (size_t i = 0; i < event_count; i++) {
		const struct event *e = &events[i];

		n += e->cmd == w->cmd && e->event == w->event &&
		     (!w->network || !strcmp(e->network, w->network)) &&
		     (!w->name || !strcmp(e->name, w->name)) &&
		     (!w->ifindex || (e->ifindex == w->ifindex && e->vid == w->vid));
	}
	return n;
}

/* Collect; exactly these events came, each once. */
static void expect_list(int line, const struct wanted *list, size_t count, bool only)
{
	bool ok = true;

	collect();
	for (size_t i = 0; i < count; i++) {
		unsigned int n = told(&list[i]);

		if (n == 1)
			continue;
		ok = false;
		complain(line, "command %u %s of \"%s\" \"%s\" was told %u times, want 1",
			 list[i].cmd, event_names[list[i].event],
			 list[i].network ? list[i].network : "",
			 list[i].name ? list[i].name : "", n);
	}
	if (only && event_count != count) {
		ok = false;
		complain(line, "%zu events, want %zu", event_count, count);
	}
	if (!ok)
		show_events();
}

#define expect_only(...) expect_list(__LINE__,				\
	(const struct wanted[]){ __VA_ARGS__ },				\
	ARRAY_SIZE(((const struct wanted[]){ __VA_ARGS__ })), true)
#define expect_among(...) expect_list(__LINE__,				\
	(const struct wanted[]){ __VA_ARGS__ },				\
	ARRAY_SIZE(((const struct wanted[]){ __VA_ARGS__ })), false)
#define expect_silence() expect_list(__LINE__, NULL, 0, true)

#define NETWORK(ev, n)	{ VNET_CMD_NETWORK_NTF, VNET_EVENT_##ev, n, NULL, 0, 0 }
#define PORT(ev, i)	{ VNET_CMD_PORT_NTF, VNET_EVENT_##ev, NULL, NULL, i, 0 }
#define MEMBER(ev, n, i, v) { VNET_CMD_MEMBER_NTF, VNET_EVENT_##ev, n, NULL, i, v }
#define RULE(ev, n, r)	{ VNET_CMD_RULE_NTF, VNET_EVENT_##ev, n, r, 0, 0 }
#define SET(ev, n, s)	{ VNET_CMD_SET_NTF, VNET_EVENT_##ev, n, s, 0, 0 }
#define CLASS(ev, n, c)	{ VNET_CMD_CLASS_NTF, VNET_EVENT_##ev, n, c, 0, 0 }
#define ADDRESS(ev, n, i, v) { VNET_CMD_FDB_NTF, VNET_EVENT_##ev, n, NULL, i, v }

#define RED	STR(VNET_A_NETWORK, "red")
#define P0	U32(VNET_A_IFINDEX, p0)
#define P1	U32(VNET_A_IFINDEX, p1)

/* ---- configuration ----------------------------------------------------- */

static void of_networks(void)
{
	need(&nl, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "new"));
	expect_only(NETWORK(ADDED, "new"));
	need(&nl, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "new"));
	check(attr_has(&last.attrs, VNET_A_UNCHANGED), "not told as unchanged");
	expect_silence();
	need(&nl, VNET_CMD_NETWORK_SET, STR(VNET_A_NETWORK, "new"), U8(VNET_A_NET_UP, 1));
	expect_only(NETWORK(CHANGED, "new"));
	check(request(&nl, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "new"),
		      U32(VNET_A_NET_VNI, 5)) == EEXIST, "another one: %d", last.err);
	expect_silence();
	need(&nl, VNET_CMD_NETWORK_DEL, STR(VNET_A_NETWORK, "new"));
	expect_only(NETWORK(REMOVED, "new"));
	check(request(&nl, VNET_CMD_NETWORK_DEL, STR(VNET_A_NETWORK, "new")) == ENOENT,
	      "deleting it again: %d", last.err);
	expect_silence();
}

static void of_ports_and_members(void)
{
	need(&nl, VNET_CMD_MEMBER_ADD, RED, P0, U16(VNET_A_VID, 7));
	expect_only(MEMBER(ADDED, "red", p0, 7));
	need(&nl, VNET_CMD_MEMBER_SET, P0, U16(VNET_A_VID, 7),
	     U8(VNET_A_MEMBER_ISOLATED, 1));
	expect_only(MEMBER(CHANGED, "red", p0, 7));
	need(&nl, VNET_CMD_MEMBER_DEL, P0, U16(VNET_A_VID, 7));
	expect_only(MEMBER(REMOVED, NULL, p0, 7));

	sh("ip link add e0 type dummy");
	need(&nl, VNET_CMD_PORT_ADD, STR(VNET_A_IFNAME, "e0"));
	expect_only(PORT(ADDED, if_nametoindex("e0")));
	need(&nl, VNET_CMD_PORT_SET, STR(VNET_A_IFNAME, "e0"),
	     U8(VNET_A_PORT_ROLE, VNET_ROLE_UPLINK));
	expect_only(PORT(CHANGED, if_nametoindex("e0")));
	need(&nl, VNET_CMD_PORT_DEL, STR(VNET_A_IFNAME, "e0"));
	expect_only(PORT(REMOVED, if_nametoindex("e0")));

	/* attach and member in one */
	need(&nl, VNET_CMD_PORT_ADD, STR(VNET_A_IFNAME, "e0"), RED);
	expect_only(PORT(ADDED, if_nametoindex("e0")),
		    MEMBER(ADDED, "red", if_nametoindex("e0"), 0));
	need(&nl, VNET_CMD_PORT_DEL, STR(VNET_A_IFNAME, "e0"));
	expect_only(PORT(REMOVED, if_nametoindex("e0")),
		    MEMBER(REMOVED, NULL, if_nametoindex("e0"), 0));
	sh("ip link del e0");
	expect_silence();
}

/* A port that the kernel takes away is told like one that was asked for. */
static void of_a_device_that_is_deleted(void)
{
	uint32_t e0;

	sh("ip link add e0 type dummy");
	e0 = if_nametoindex("e0");
	need(&nl, VNET_CMD_PORT_ADD, STR(VNET_A_IFNAME, "e0"), RED);
	need(&nl, VNET_CMD_MEMBER_ADD, RED, U32(VNET_A_IFINDEX, e0), U16(VNET_A_VID, 8));
	collect();
	sh("ip link del e0");
	expect_only(MEMBER(REMOVED, NULL, e0, 0), MEMBER(REMOVED, NULL, e0, 8),
		    PORT(REMOVED, e0));
}

static void of_rules(void)
{
	const struct at load[] = { RED };

#define BODY	U32(VNET_A_RULE_PRIORITY, 5),				\
		U8(VNET_A_RULE_DIRECTION, VNET_DIR_INGRESS),		\
		U8(VNET_A_RULE_ACTION, VNET_ACTION_ALLOW)
	need(&nl, VNET_CMD_RULE_ADD, RED, STR(VNET_A_RULE_NAME, "r"), BODY);
	expect_only(RULE(ADDED, "red", "r"));
	need(&nl, VNET_CMD_RULE_ADD, RED, STR(VNET_A_RULE_NAME, "r"), BODY);
	expect_silence();
	need(&nl, VNET_CMD_RULE_SET, RED, STR(VNET_A_RULE_NAME, "r"), BODY,
	     U8(VNET_A_RULE_PROTO, 6));
	expect_only(RULE(CHANGED, "red", "r"));
	need(&nl, VNET_CMD_RULE_DEL, RED, STR(VNET_A_RULE_NAME, "r"));
	expect_only(RULE(REMOVED, "red", "r"));
	must(!request_list(&nl, VNET_CMD_RULE_LOAD, 0, load, 1), "%s", last.text);
	collect();		/* the same empty set: told or not */
	need(&nl, VNET_CMD_RULE_ADD, RED, STR(VNET_A_RULE_NAME, "r"), BODY);
	collect();
	must(!request_list(&nl, VNET_CMD_RULE_LOAD, 0, load, 1), "%s", last.text);
	expect_among(RULE(LOADED, "red", NULL));
}

/* A change of elements is told once, with their number. */
static void of_sets(void)
{
	const struct {
		struct nlattr head;
		uint8_t mac[8];
	} one = {
		.head = { .nla_len = NLA_HDRLEN + 6, .nla_type = VNET_A_SET_MAC },
		.mac = { 2, 0, 0, 0, 0, 1 },
	}, other = {
		.head = { .nla_len = NLA_HDRLEN + 6, .nla_type = VNET_A_SET_MAC },
		.mac = { 2, 0, 0, 0, 0, 2 },
	};
#define S		RED, STR(VNET_A_SET_NAME, "s")
#define ELEMENT(e)	BYTES(VNET_A_SET_ELEMENT | NLA_F_NESTED, &(e), sizeof(e))

	need(&nl, VNET_CMD_SET_ADD, S, U8(VNET_A_SET_TYPE, VNET_SET_MACS));
	expect_only(SET(ADDED, "red", "s"));
	need(&nl, VNET_CMD_SET_ADD, S, U8(VNET_A_SET_TYPE, VNET_SET_MACS));
	expect_silence();
	need(&nl, VNET_CMD_SET_ELEMENT_ADD, S, ELEMENT(one), ELEMENT(other));
	expect_only(SET(CHANGED, "red", "s"));
	check(events[0].value == 2, "%ju elements are told", (uintmax_t)events[0].value);
	need(&nl, VNET_CMD_SET_ELEMENT_ADD, S, ELEMENT(other));
	expect_silence();
	need(&nl, VNET_CMD_SET_ELEMENT_DEL, S, ELEMENT(other));
	expect_only(SET(CHANGED, "red", "s"));
	request(&nl, VNET_CMD_SET_ELEMENT_DEL, S, ELEMENT(one), ELEMENT(other));
	check(last.err == ENOENT, "error %d", last.err);
	expect_silence();
	need(&nl, VNET_CMD_SET_REPLACE, S);
	expect_only(SET(CHANGED, "red", "s"));
	check(!events[0].value, "%ju elements are told", (uintmax_t)events[0].value);
	need(&nl, VNET_CMD_SET_REPLACE, S);
	expect_silence();
	need(&nl, VNET_CMD_SET_DEL, S);
	expect_only(SET(REMOVED, "red", "s"));
}

static void of_classes(void)
{
	need(&nl, VNET_CMD_CLASS_ADD, RED, STR(VNET_A_CLASS_NAME, "c"),
	     U64(VNET_A_CLASS_RATE, 1000000));
	expect_only(CLASS(ADDED, "red", "c"));
	need(&nl, VNET_CMD_CLASS_SET, RED, STR(VNET_A_CLASS_NAME, "c"),
	     U64(VNET_A_CLASS_RATE, 2000000));
	expect_only(CLASS(CHANGED, "red", "c"));
	need(&nl, VNET_CMD_CLASS_SET, RED, STR(VNET_A_CLASS_NAME, VNET_CLASS_ROOT),
	     U64(VNET_A_CLASS_RATE, 2000000));
	expect_only(CLASS(CHANGED, "red", VNET_CLASS_ROOT));
	need(&nl, VNET_CMD_CLASS_SET, RED, STR(VNET_A_CLASS_NAME, VNET_CLASS_ROOT),
	     U64(VNET_A_CLASS_RATE, 0));
	collect();
	need(&nl, VNET_CMD_CLASS_DEL, RED, STR(VNET_A_CLASS_NAME, "c"));
	expect_only(CLASS(REMOVED, "red", "c"));
}

static void of_a_network_that_goes_with_all(void)
{
	need(&nl, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "new"));
	need(&nl, VNET_CMD_MEMBER_ADD, STR(VNET_A_NETWORK, "new"), P0, U16(VNET_A_VID, 9));
	collect();
	need(&nl, VNET_CMD_NETWORK_DEL, STR(VNET_A_NETWORK, "new"));
	expect_among(NETWORK(REMOVED, "new"), MEMBER(REMOVED, NULL, p0, 9));
}

static void replies_echo(void)
{
	int err = request_flags(&nl, VNET_CMD_NETWORK_ADD, NLM_F_ECHO,
				STR(VNET_A_NETWORK, "echo"), U32(VNET_A_NET_VNI, 12));

	check(!err, "add with NLM_F_ECHO: %d %s", err, last.text);
	check(last.replies == 1 && last.cmd == VNET_CMD_NETWORK_ADD,
	      "%u replies, command %u", last.replies, last.cmd);
	check(attr_num(&last.attrs, VNET_A_NET_VNI, 0) == 12, "the reply lacks the VNI");
	check(!strcmp(attr_str(&last.attrs, VNET_A_NETWORK), "echo"),
	      "the reply lacks the name");
	err = request(&nl, VNET_CMD_NETWORK_SET, STR(VNET_A_NETWORK, "echo"),
		      U32(VNET_A_NET_AGEING, 7000));
	check(!err && attr_num(&last.attrs, VNET_A_NET_AGEING, 0) == 7000 &&
	      attr_num(&last.attrs, VNET_A_NET_VNI, 0) == 12,
	      "the reply of a set is not the object as it is now");
	need(&nl, VNET_CMD_NETWORK_DEL, STR(VNET_A_NETWORK, "echo"));
	check(!last.replies, "a deletion answers with more than its acknowledgement");
	collect();
}

/* ---- addresses and limits ---------------------------------------------- */

/* One broadcast frame of a given source out of a host's interface. */
static void send_from(const char *device, const uint8_t *source)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_protocol = htons(0x88b5),
		.sll_ifindex = if_nametoindex(device), .sll_halen = 6,
	};
	uint8_t frame[60] = "\xff\xff\xff\xff\xff\xff";
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	must(fd >= 0, "AF_PACKET");
	memcpy(frame + 6, source, 6);
	frame[12] = 0x88;
	frame[13] = 0xb5;
	must(sendto(fd, frame, sizeof(frame), 0, (struct sockaddr *)&to,
		    sizeof(to)) == sizeof(frame), "sendto");
	close(fd);
}

/* Wait for one event on the group "fdb". */
static void expect_address(int line, uint8_t event, const uint8_t *mac,
			   uint32_t ifindex, uint8_t kind)
{
	size_t from = event_count = 0;

	while (listen_once(&on_fdb, 'f', PATIENCE)) {
		for (; from < event_count; from++) {
			const struct event *e = &events[from];

			if (e->event != event || memcmp(e->mac, mac, 6))
				continue;
			if (e->ifindex != ifindex || strcmp(e->network, "red"))
				complain(line, "told ifindex %u of \"%s\", want %u of \"red\"",
					 e->ifindex, e->network, ifindex);
			if (kind && e->kind != kind)
				complain(line, "told kind %u, want %u", e->kind, kind);
			return;
		}
	}
	complain(line, "the address was never told as %s", event_names[event]);
	show_events();
}

#define address_is(ev, mac, i, kind)					\
	expect_address(__LINE__, VNET_EVENT_##ev, (const uint8_t *)mac, i, kind)

#define MAC_A	"\2\0\0\0\0\x0a"
#define MAC_B	"\2\0\0\0\0\x0b"

static void of_addresses(void)
{
	need(&nl, VNET_CMD_FDB_ADD, RED, P0, MAC(VNET_A_FDB_MAC, MAC_B));
	address_is(ADDED, MAC_B, p0, VNET_FDB_STATIC);
	need(&nl, VNET_CMD_FDB_DEL, RED, MAC(VNET_A_FDB_MAC, MAC_B));
	address_is(REMOVED, MAC_B, p0, 0);
	collect();

	send_from("h0", (const uint8_t *)MAC_A);
	address_is(ADDED, MAC_A, p0, VNET_FDB_LEARNED);
	send_from("h0", (const uint8_t *)MAC_A);
	expect_silence();
	send_from("h1", (const uint8_t *)MAC_A);
	address_is(CHANGED, MAC_A, p1, VNET_FDB_LEARNED);
	need(&nl, VNET_CMD_FDB_FLUSH, RED);
	address_is(REMOVED, MAC_A, p1, 0);

	need(&nl, VNET_CMD_NETWORK_SET, RED, U32(VNET_A_NET_AGEING, VNET_AGEING_MIN));
	send_from("h0", (const uint8_t *)MAC_A);
	address_is(ADDED, MAC_A, p0, VNET_FDB_LEARNED);
	address_is(REMOVED, MAC_A, p0, 0);
	need(&nl, VNET_CMD_NETWORK_SET, RED, U32(VNET_A_NET_AGEING, VNET_AGEING_DEFAULT));
	collect();
}

static unsigned int limit_events(uint8_t kind)
{
	unsigned int n = 0;

	for (size_t i = 0; i < event_count; i++)
		n += events[i].cmd == VNET_CMD_LIMIT_NTF && events[i].kind == kind;
	return n;
}

static unsigned int learned;

static void count_learned(struct dump *d, const struct attrs *attrs, uint8_t cmd)
{
	(void)d;
	(void)cmd;
	learned += attr_num(attrs, VNET_A_FDB_KIND, 0) == VNET_FDB_LEARNED;
}

/* Addresses beyond the member's limit, and wait until the last was seen. */
static void exceed(uint8_t first)
{
	uint8_t mac[6] = { 2, 0, 0, 0, 1, 0 };

	for (uint8_t i = 0; i < 20; i++) {
		mac[5] = first + i;
		send_from("h0", mac);
	}
	/* frames of one sender keep their order: the last one was learned */
	send_from("h1", (const uint8_t *)MAC_B);
	address_is(ADDED, MAC_B, p1, VNET_FDB_LEARNED);
}

static void of_a_limit_once(void)
{
	struct dump d = { .object = count_learned };
	size_t i;

	need(&nl, VNET_CMD_MEMBER_SET, P0, U32(VNET_A_MEMBER_MAX_MACS, 4));
	collect();
	exceed(0);
	collect();
	check(limit_events(VNET_LIMIT_MEMBER_MACS) == 1,
	      "the limit was told %u times, want 1", limit_events(VNET_LIMIT_MEMBER_MACS));
	for (i = 0; i < event_count && events[i].cmd != VNET_CMD_LIMIT_NTF; i++)
		;
	if (i < event_count)
		check(events[i].value == 4 && events[i].ifindex == p0 &&
		      !strcmp(events[i].network, "red"),
		      "told: limit %llu ifindex %u network \"%s\"",
		      (unsigned long long)events[i].value, events[i].ifindex,
		      events[i].network);
	check(!dump_all(&d, &nl, VNET_CMD_FDB_GET, RED, P0) && learned <= 4,
	      "%u addresses, the limit is 4", learned);

	need(&nl, VNET_CMD_FDB_FLUSH, RED);
	exceed(50);
	collect();
	check(limit_events(VNET_LIMIT_MEMBER_MACS) == 1,
	      "usage had fallen, and the limit was told %u times, want 1",
	      limit_events(VNET_LIMIT_MEMBER_MACS));
	need(&nl, VNET_CMD_FDB_FLUSH, RED);
	need(&nl, VNET_CMD_MEMBER_SET, P0,
	     U32(VNET_A_MEMBER_MAX_MACS, VNET_MEMBER_MACS_DEFAULT));
	collect();
}

/* ---- namespaces, flush -------------------------------------------------- */

static void not_of_other_namespaces(void)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	must(pid >= 0, "fork");
	if (!pid) {
		struct nl mine, theirs;

		own_namespace();
		nl_open(&mine);
		nl_open(&theirs);
		must(!nl_join(&theirs, theirs.group_config), "join");
		need(&mine, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "elsewhere"));
		event_count = 0;
		listen_once(&theirs, 'c', PATIENCE);
		_exit(event_count != 1 || strcmp(events[0].network, "elsewhere"));
	}
	must(waitpid(pid, &status, 0) == pid, "waitpid");
	check(!status, "the other namespace does not hear itself");
	expect_silence();
}

static void of_a_flush(void)
{
	check(!request_bare(&nl, VNET_CMD_FLUSH), "flush: %s", last.text);
	event_count = 0;
	while (!told(&(struct wanted)NETWORK(REMOVED, "red")) ||
	       !told(&(struct wanted)PORT(REMOVED, p0)) ||
	       !told(&(struct wanted)PORT(REMOVED, p1)) ||
	       !told(&(struct wanted)MEMBER(REMOVED, NULL, p0, 0)) ||
	       !told(&(struct wanted)MEMBER(REMOVED, NULL, p1, 0))) {
		if (listen_once(&on_config, 'c', PATIENCE))
			continue;
		complain(__LINE__, "not everything that was flushed is told");
		show_events();
		break;
	}
}

static void create_hosts(void)
{
	must(!sh("echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6"), "sysctl");
	must(!sh("ip link add p0 type veth peer name h0 && "
		 "ip link add p1 type veth peer name h1"), "no veth devices");
	must(!sh("for d in p0 p1 h0 h1; do ip link set $d up || exit 1; done"), "up");
	p0 = if_nametoindex("p0");
	p1 = if_nametoindex("p1");
	need(&nl, VNET_CMD_NETWORK_ADD, RED, U8(VNET_A_NET_UP, 1));
	need(&nl, VNET_CMD_PORT_ADD, P0, RED);
	need(&nl, VNET_CMD_PORT_ADD, P1, RED);
}

#define RUN(test)	do { test_begin(#test); test(); test_end(); } while (0)

int main(void)
{
	int big = 4 << 20;

	ktap_header();
	own_namespace();
	nl_open(&nl);
	create_hosts();
	nl_open(&on_config);
	nl_open(&on_fdb);
	setsockopt(on_fdb.fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof(big));
	must(!nl_join(&on_config, on_config.group_config), "join config");
	must(!nl_join(&on_fdb, on_fdb.group_fdb), "join fdb");
	RUN(of_networks);
	RUN(of_ports_and_members);
	RUN(of_a_device_that_is_deleted);
	RUN(of_rules);
	RUN(of_sets);
	RUN(of_classes);
	RUN(of_a_network_that_goes_with_all);
	RUN(replies_echo);
	RUN(of_addresses);
	RUN(of_a_limit_once);
	RUN(not_of_other_namespaces);
	RUN(of_a_flush);
	return ktap_finish();
}
