// SPDX-License-Identifier: GPL-2.0-only
/*
 * churn: changes rules without pause, and sends frames that tell when they were judged
 * by a mixture of old and new ones. See rule_churn.sh.
 *
 *   churn change NETWORK load|single|both|torn CHANGES RATE [ct]
 *   churn send NETNS IN OUT PID
 *
 * `change` loads set A and waits for SIGUSR1. Then it replaces the rules by set B and set A
 * in turn, adds, changes and deletes single rules, or both, RATE times a second at most.
 * `torn` replaces them by two commands, so that for a moment there are none. `send` sends
 * that signal to the process PID and frames until it has ended; IN and OUT are the ends of
 * the hosts. What becomes of a frame depends on its destination port:
 *
 *   port  set A                             set B                             so it must
 *   1     allowed by the first rule         allowed by the last one           pass
 *   2     dropped by the last rule          dropped by the first one          be dropped
 *   3     dropped by ingress                dropped by egress                 be dropped
 *   4     DSCP 10, all else by ingress      DSCP 20, all else by ingress      pass, so marked
 *         dropped                           dropped
 *   5     allowed by `keep`, which is the same in both                        pass
 */
#include "nl.h"

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>

/*
 * The rules
 */

enum { PORTS = 5, NOISE = 24, SINGLES = 64 };
enum { IN = VNET_DIR_INGRESS, OUT = VNET_DIR_EGRESS };
enum { YES = VNET_ACTION_ALLOW, NO = VNET_ACTION_DROP };

#define NOT_MARKED	0
#define DSCP_A		10
#define DSCP_B		20

/* @port: of UDP; @dscp: what egress writes, or what ingress wants; @state: of TCP, VNET_STATE_* */
struct rule {
	const char *name;
	uint32_t priority;
	uint8_t direction, action;
	uint16_t port;
	uint8_t dscp;
	uint8_t state;
};

static const struct rule set_a[] = {
	{ "a-pass", 10, OUT, YES, .port = 1 },
	{ "a-late", 30, OUT, YES, .port = 3 },
	{ "a-late-in", 30, IN, NO, .port = 3 },
	{ "a-mark", 40, OUT, YES, .port = 4, .dscp = DSCP_A },
	{ "a-mark-in", 40, IN, YES, .port = 4, .dscp = DSCP_A },
	{ "a-other-in", 41, IN, NO, .port = 4 },
	{ "keep", 35000, OUT, YES, .port = 5 },
	{ "a-rest", 60000, OUT, NO, .port = 0 },
	{ "a-rest-in", 60000, IN, YES, .port = 0 },
	{ "a-back", 50, OUT, YES, .state = VNET_STATE_ESTABLISHED },
	{ "a-back-in", 50, IN, YES, .state = VNET_STATE_ESTABLISHED },
};

static const struct rule set_b[] = {
	{ "b-stop", 5, OUT, NO, .port = 2 },
	{ "b-late", 6, OUT, NO, .port = 3 },
	{ "b-late-in", 6, IN, YES, .port = 3 },
	{ "b-mark-in", 20, IN, YES, .port = 4, .dscp = DSCP_B },
	{ "b-other-in", 21, IN, NO, .port = 4 },
	{ "keep", 35000, OUT, YES, .port = 5 },
	{ "b-mark", 50000, OUT, YES, .port = 4, .dscp = DSCP_B },
	{ "b-back", 61000, OUT, YES, .state = VNET_STATE_ESTABLISHED },
	{ "b-back-in", 61000, IN, YES, .state = VNET_STATE_ESTABLISHED },
	{ "b-new", 62000, OUT, NO, .state = VNET_STATE_NEW | VNET_STATE_INVALID },
	{ "b-rest", 65000, OUT, YES, .port = 0 },
	{ "b-rest-in", 65000, IN, YES, .port = 0 },
};

static struct nl nl;
static const char *network;
static bool with_state;
static unsigned long adds, sets, dels, loads;
/* Single rules that are there beside the set; a load takes them along. */
static bool there[SINGLES];
static unsigned int turns[SINGLES];
static uint64_t seed = 1;

static uint32_t below(uint32_t limit)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (seed >> 33) % limit;
}

static void put_head(struct msg *m, const char *name, uint32_t priority, uint8_t direction,
		     uint8_t action)
{
	const struct at list[] = {
		STR(VNET_A_RULE_NAME, name), U32(VNET_A_RULE_PRIORITY, priority),
		U8(VNET_A_RULE_DIRECTION, direction), U8(VNET_A_RULE_ACTION, action),
	};

	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		msg_put_at(m, &list[i]);
}

static void put_rule(struct msg *m, const struct rule *r)
{
	const struct at proto = U8(VNET_A_RULE_PROTO, r->port ? IPPROTO_UDP : IPPROTO_TCP);
	const struct at port = U16(VNET_A_RULE_DST_PORT_MIN, r->port);
	const struct at dscp = U8(r->direction == OUT ? VNET_A_RULE_SET_DSCP : VNET_A_RULE_DSCP,
				  r->dscp);
	const struct at state = U8(VNET_A_RULE_STATE, r->state);

	put_head(m, r->name, r->priority, r->direction, r->action);
	if (r->port || r->state)
		msg_put_at(m, &proto);
	if (r->port)
		msg_put_at(m, &port);
	if (r->dscp)
		msg_put_at(m, &dscp);
	if (r->state)
		msg_put_at(m, &state);
}

/*
 * Rules that match nothing here, of many shapes and priorities, so that the tables of the
 * classifier come, go, merge and split around those that do.
 */
static void put_noise(struct msg *m, const char *name)
{
	const uint8_t net[4] = { 198, 18, below(256), below(256) };
	const struct at src = BYTES(VNET_A_RULE_SRC_IP, net, 4);
	const struct at length = U8(VNET_A_RULE_SRC_PREFIX_LEN, 16 + below(17));
	const struct at proto = U8(VNET_A_RULE_PROTO, below(2) ? IPPROTO_UDP : IPPROTO_TCP);
	const struct at low = U16(VNET_A_RULE_DST_PORT_MIN, below(1000));
	const struct at high = U16(VNET_A_RULE_DST_PORT_MAX, 1000 + below(60000));

	put_head(m, name, below(VNET_PRIORITY_MAX), below(2) ? IN : OUT, below(2) ? YES : NO);
	if (below(4)) {
		msg_put_at(m, &src);
		msg_put_at(m, &length);
	} else {
		msg_put(m, VNET_A_RULE_SRC_MAC, "\2\0\0\0\x99\1", 6);
	}
	if (below(2)) {
		msg_put_at(m, &proto);
		msg_put_at(m, &low);
		msg_put_at(m, &high);
	}
}

static void begin(struct msg *m, uint8_t cmd)
{
	const struct at name = STR(VNET_A_NETWORK, network);

	msg_begin(m, nl.family, cmd, 0);
	msg_put_at(m, &name);
}

/* Nobody else changes rules, so nothing may be refused. */
static void finish(struct msg *m)
{
	static struct answer a;
	int err = nl_talk(&nl, m, &a);

	must(!err, "a change was refused: error %d \"%s\"", err, a.text);
	msg_free(m);
}

static void load(const struct rule *rules, size_t count)
{
	struct msg m = { 0 };
	char name[32];
	size_t nest;

	begin(&m, VNET_CMD_RULE_LOAD);
	for (size_t i = 0; i < count; i++) {
		if (rules[i].state && !with_state)
			continue;
		nest = msg_nest(&m, VNET_A_RULE_ENTRY);
		put_rule(&m, &rules[i]);
		msg_nest_end(&m, nest);
	}
	for (int i = 0; count && i < NOISE; i++) {
		snprintf(name, sizeof(name), "noise%d", i);
		nest = msg_nest(&m, VNET_A_RULE_ENTRY);
		put_noise(&m, name);
		msg_nest_end(&m, nest);
	}
	finish(&m);
	memset(there, 0, sizeof(there));
	loads++;
}

static void load_next(bool torn)
{
	static bool b;

	if (torn) {
		load(NULL, 0);
		usleep(500);
	}
	b = !b;
	if (b)
		load(set_b, ARRAY_SIZE(set_b));
	else
		load(set_a, ARRAY_SIZE(set_a));
}

/* The first few single rules say of ports what both sets say, before them. */
static const struct rule overlays[] = {
	{ "over1", 1, OUT, YES, .port = 1 },
	{ "over2", 1, OUT, NO, .port = 2 },
	{ "over3", 1, OUT, NO, .port = 3 },
	{ "over4", 1, IN, NO, .port = 3 },
	{ "over5", 64000, OUT, NO, .port = 2 },
	{ "over6", 59999, OUT, YES, .port = 1 },
};

static void put_single(struct msg *m, unsigned int i)
{
	char name[32];
	struct rule r;

	if (i < ARRAY_SIZE(overlays)) {
		r = overlays[i];
		/* Never what it was before, so that each is a change. */
		r.priority += ++turns[i] % 4;
		put_rule(m, &r);
		return;
	}
	snprintf(name, sizeof(name), "single%u", i);
	put_noise(m, name);
}

static void change_single(void)
{
	/* Those that matter as often as all others together. */
	unsigned int i = below(2) ? below(ARRAY_SIZE(overlays)) : below(SINGLES);
	struct msg m = { 0 };
	char name[32];

	if (there[i] && below(2)) {
		begin(&m, VNET_CMD_RULE_DEL);
		snprintf(name, sizeof(name), "single%u", i);
		msg_put(&m, VNET_A_RULE_NAME, i < ARRAY_SIZE(overlays) ? overlays[i].name : name,
			strlen(i < ARRAY_SIZE(overlays) ? overlays[i].name : name) + 1);
		finish(&m);
		there[i] = false;
		dels++;
		return;
	}
	begin(&m, there[i] ? VNET_CMD_RULE_SET : VNET_CMD_RULE_ADD);
	put_single(&m, i);
	finish(&m);
	*(there[i] ? &sets : &adds) += 1;
	there[i] = true;
}

/* Not faster than the rate; who is late does not catch up by more than a tenth of a second. */
static void pace(double *due, unsigned int rate)
{
	double now = now_seconds();

	*due += 1.0 / rate;
	if (*due < now - 0.1)
		*due = now - 0.1;
	if (*due > now)
		usleep((*due - now) * 1e6);
}

/* Who sends may be slow to begin, and changes that nobody sees prove nothing. */
static void wait_for_sender(void)
{
	sigset_t begin;
	int which;

	sigemptyset(&begin);
	sigaddset(&begin, SIGUSR1);
	sigprocmask(SIG_BLOCK, &begin, NULL);
	load(set_a, ARRAY_SIZE(set_a));
	must(!sigwait(&begin, &which), "sigwait");
}

static int change(char **arg)
{
	bool loading = !strcmp(arg[1], "load"), single = !strcmp(arg[1], "single");
	bool torn = !strcmp(arg[1], "torn");
	unsigned long count = strtoul(arg[2], NULL, 0), i;
	unsigned int rate = atoi(arg[3]);
	double began, took, due;

	network = arg[0];
	with_state = arg[4];
	nl_open(&nl);
	wait_for_sender();
	due = began = now_seconds();
	for (i = 0; i < count; i++) {
		if (loading || torn || (!single && i % 8 == 0))
			load_next(torn);
		else
			change_single();
		pace(&due, rate);
	}
	took = now_seconds() - began;
	printf("%lu changes (%lu added, %lu set, %lu deleted, %lu sets loaded), %.0f a second\n",
	       count, adds, sets, dels, loads, count / took);
	return 0;
}

/*
 * The frames
 */

#define MAGIC		0x766e6368U
#define FENCE_BIT	0x80000000U

enum { GROUP = 60 };

struct frame {
	struct ether_header eth;
	struct iphdr ip;
	struct udphdr udp;
	uint32_t magic, number;
	uint8_t more[30];
} __attribute__((packed));

static int end_in, end_out;
static unsigned long sent[PORTS + 1], came[PORTS + 1], late;
static unsigned int complaints;

static void wrong(const char *what, unsigned int port, uint32_t number)
{
	if (++complaints <= 10)
		printf("frame %u to port %u: %s\n", number, port, what);
}

static int open_end(const char *name)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = if_nametoindex(name),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0), one = 1, room = 8 << 20;

	must(fd >= 0 && to.sll_ifindex, "%s", name);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one));
	setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one));
	must(!bind(fd, (struct sockaddr *)&to, sizeof(to)), "%s", name);
	return fd;
}

static uint16_t ip_sum(const struct frame *f)
{
	const uint8_t *byte = (const uint8_t *)f + offsetof(struct frame, ip);
	uint32_t sum = 0;

	for (size_t i = 0; i < sizeof(f->ip); i += 2)
		sum += byte[i] << 8 | byte[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	return htons(~((sum & 0xffff) + (sum >> 16)));
}

static void make(struct frame *f, unsigned int port, uint32_t number)
{
	memset(f, 0, sizeof(*f));
	memcpy(f->eth.ether_dhost, "\2\0\0\0\0\2", 6);
	memcpy(f->eth.ether_shost, "\2\0\0\0\0\1", 6);
	f->eth.ether_type = htons(ETH_P_IP);
	f->ip = (struct iphdr) {
		.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP,
		.tot_len = htons(sizeof(*f) - sizeof(f->eth)),
		.saddr = htonl(0x0a000001), .daddr = htonl(0x0a000002),
	};
	f->ip.check = ip_sum(f);
	f->udp.source = htons(4000);
	f->udp.dest = htons(port);
	f->udp.len = htons(sizeof(*f) - sizeof(f->eth) - sizeof(f->ip));
	f->magic = MAGIC;
	f->number = number;
}

static void send_frame(const struct frame *f)
{
	int tries = 100000;

	while (send(end_in, f, sizeof(*f), 0) != sizeof(*f)) {
		must((errno == ENOBUFS || errno == EAGAIN) && --tries, "send");
		usleep(100);
	}
}

/* Port N is that of every PORTSth frame. */
static unsigned int port_of(uint32_t number)
{
	return 1 + number % PORTS;
}

static void check_frame(const struct frame *f)
{
	unsigned int port = port_of(f->number), dscp = f->ip.tos >> 2;

	if (f->udp.dest != htons(port) || ip_sum(f))
		wrong("came, but not as it was sent", port, f->number);
	if (port == 2 || port == 3)
		wrong("came, though both sets drop it", port, f->number);
	if (port == 4 ? dscp != DSCP_A && dscp != DSCP_B : dscp != NOT_MARKED)
		wrong("came with a DSCP that no set writes", port, f->number);
}

/* Takes what has come; a bit for each port whose fence was there. */
static unsigned int receive(uint32_t first, bool *seen)
{
	unsigned int fenced = 0;
	struct frame f;
	ssize_t len;

	while ((len = recv(end_out, &f, sizeof(f), 0)) >= 0) {
		uint32_t i = f.number - first;

		if (len != sizeof(f) || f.magic != MAGIC)
			continue;
		if (f.number & FENCE_BIT) {
			if (f.number == (first | FENCE_BIT))
				fenced |= 1U << ntohs(f.udp.dest);
			continue;
		}
		check_frame(&f);
		came[port_of(f.number)]++;
		if (i >= GROUP)
			late++;
		else if (seen[i])
			wrong("came twice", port_of(f.number), f.number);
		else
			seen[i] = true;
	}
	must(errno == EAGAIN, "receive");
	return fenced;
}

static void send_fences(uint32_t first)
{
	static const unsigned int ports[] = { 1, 4, 5 };
	struct frame fence;

	for (unsigned int i = 0; i < sizeof(ports) / sizeof(*ports); i++) {
		make(&fence, ports[i], first | FENCE_BIT);
		send_frame(&fence);
	}
	sent[0]++;
}

/*
 * What is not there when a frame is that was sent behind it does not come any more.
 * Classes keep the order of a flow only, so there is a fence for each one that passes.
 */
static void settle(uint32_t first, bool *seen)
{
	struct pollfd p = { .fd = end_out, .events = POLLIN };
	double again = 0, end = now_seconds() + (slow_machine() ? 300 : 60);
	unsigned int fenced = 0;

	for (;;) {
		fenced |= receive(first, seen);
		if (fenced == (1U << 1 | 1U << 4 | 1U << 5))
			return;
		must(now_seconds() < end, "nothing passes any more");
		if (now_seconds() >= again) {
			send_fences(first);
			again = now_seconds() + (slow_machine() ? 10 : 1);
		}
		poll(&p, 1, 100);
	}
}

static void send_group(uint32_t first)
{
	bool seen[GROUP] = { false };
	struct frame f;

	for (uint32_t i = 0; i < GROUP; i++) {
		make(&f, port_of(first + i), first + i);
		send_frame(&f);
		sent[port_of(first + i)]++;
		/* All the while, not only behind a group: a change may come at any time. */
		if (i % 8 == 7)
			receive(first, seen);
	}
	settle(first, seen);
	for (uint32_t i = 0; i < GROUP; i++) {
		unsigned int port = port_of(first + i);

		if (!seen[i] && port != 2 && port != 3)
			wrong("is lost, though both sets allow it", port, first + i);
	}
}

static void enter(const char *netns)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	must(fd >= 0 && !setns(fd, CLONE_NEWNET), "%s", path);
	close(fd);
}

static int send_until(char **arg)
{
	int pid = atoi(arg[3]);
	struct pollfd gone = { .fd = syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
	uint32_t first = 0;
	cpu_set_t cpu;

	must(gone.fd >= 0, "process %d", pid);
	enter(arg[0]);
	/* Frames that one CPU sends stay in order, so that a fence is behind them. */
	CPU_ZERO(&cpu);
	CPU_SET(sched_getcpu(), &cpu);
	sched_setaffinity(0, sizeof(cpu), &cpu);
	end_in = open_end(arg[1]);
	end_out = open_end(arg[2]);
	must(!kill(pid, SIGUSR1), "process %d", pid);
	for (; !poll(&gone, 1, 0); first += GROUP)
		send_group(first);
	printf("sent %u complaints %u late %lu fences %lu", first, complaints, late, sent[0]);
	for (unsigned int port = 1; port <= PORTS; port++)
		printf(" port%u %lu %lu", port, sent[port], came[port]);
	printf("\n");
	return complaints != 0;
}

int main(int argc, char **argv)
{
	if ((argc == 6 || argc == 7) && !strcmp(argv[1], "change"))
		return change(argv + 2);
	if (argc == 6 && !strcmp(argv[1], "send"))
		return send_until(argv + 2);
	fputs("usage: see the head of churn.c\n", stderr);
	return 2;
}
