// SPDX-License-Identifier: GPL-2.0-only
/*
 * oracle: asks two firewalls the same. It writes random rules for vnet and for
 * nftables, and sends the same random frames through both. See oracle.sh.
 *
 *   oracle rules SEED COUNT ingress|egress IN OUT NFT-IN NFT-OUT VNET-FILE NFT-FILE
 *   oracle send SEED COUNT FRAMES IN OUT NFT-IN NFT-OUT
 *
 * The interfaces of `rules` are the ends of the switches, those of `send` the ends of
 * the hosts. Frames go in groups, behind each of which both have to let a fence pass:
 * what is not there by then does not come any more.
 *
 * VNET_ORACLE_KNOWN=1: each frame is sent twice in a row, and vnet has learned before that
 * its receiver is behind OUT. So it may know it from its first time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "oracle_frames.h"

#define GROUP		32
#define FENCE_BIT	0x80000000U
#define FENCE_SECONDS	60
#define COMPLAINTS_MAX	20

/* One of the two: its ends, and which frames of the group came out of it. */
struct side {
	const char *name;
	int in, out;
	bool fenced;
	bool came[GROUP];
};

static unsigned int complaints, times = 1;

static void die(const char *what)
{
	fprintf(stderr, "oracle: %s: %s\n", what, strerror(errno));
	exit(2);
}

static FILE *open_file(const char *name)
{
	FILE *f = fopen(name, "w");

	if (!f)
		die(name);
	return f;
}

static int write_rules(char **arg)
{
	struct world w = { .seed = strtoull(arg[0], NULL, 0), .count = atoi(arg[1]) };
	bool ingress = !strcmp(arg[2], "ingress"), policy;
	FILE *vnet = open_file(arg[7]), *nft = open_file(arg[8]);
	unsigned int i;

	make_world(&w);
	policy = w.seed & 2;
	fprintf(vnet, "fence prio 0 %s ethertype 0x%04x allow\n", arg[2], FENCE_TYPE);
	fprintf(nft, "table bridge oracle {\n\tchain forward {\n"
		"\t\ttype filter hook forward priority 0; policy accept;\n"
		"\t\tmeta protocol 0x%04x counter accept\n", FENCE_TYPE);
	for (i = 0; i < w.count; i++) {
		write_vnet(vnet, &w.rules[i], ingress, arg[3], arg[4]);
		write_nft(nft, w.order[i], ingress, arg[5], arg[6]);
	}
	fprintf(nft, "\t\tcounter %s\n\t}\n}\n", policy ? "accept" : "drop");
	if (fclose(vnet) || fclose(nft))
		die("the files of rules");
	puts(policy ? "allow" : "drop");
	return 0;
}

static int open_end(const char *name)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex(name),
	};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0), one = 1, room = 8 << 20;

	if (fd < 0 || !to.sll_ifindex)
		die(name);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one));
	setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&to, sizeof(to)))
		die(name);
	return fd;
}

static void complain(const char *what, const struct side *side, uint32_t number)
{
	if (++complaints <= COMPLAINTS_MAX)
		printf("frame %u, %s: %s\n", number, side->name, what);
}

static uint32_t get32(const uint8_t *from)
{
	return (uint32_t)from[0] << 24 | from[1] << 16 | from[2] << 8 | from[3];
}

static void take(struct side *side, const uint8_t *byte, size_t len,
		 const struct frame *sent, uint32_t first)
{
	uint32_t number = len >= 60 ? get32(byte + len - 4) : 0;
	unsigned int i = number - first;

	if (len < 60 || get32(byte + len - 8) != MARK)
		return;
	if (number == (first | FENCE_BIT)) {
		side->fenced = true;
	} else if (i >= GROUP) {
		complain("came when nobody waited for it", side, number);
	} else if (side->came[i]) {
		complain("came twice", side, number);
	} else {
		side->came[i] = true;
		if (len != sent[i].len || memcmp(byte, sent[i].byte, len))
			complain("came, but not as it was sent", side, number);
	}
}

static void receive(struct side *side, const struct frame *sent, uint32_t first)
{
	uint8_t byte[2048];
	ssize_t len;

	while ((len = recv(side->out, byte, sizeof(byte), 0)) >= 0)
		take(side, byte, len, sent, first);
	if (errno != EAGAIN)
		die("receive");
}

static void send_frame(const struct side *side, const struct frame *f)
{
	int tries = 1000;

	while (send(side->in, f->byte, f->len, 0) != (ssize_t)f->len)
		if ((errno != ENOBUFS && errno != EAGAIN) || !--tries)
			die("send");
}

static void wait_for_fence(struct side *side, const struct frame *sent, uint32_t first)
{
	struct pollfd p = { .fd = side->out, .events = POLLIN };
	int tries = FENCE_SECONDS;

	receive(side, sent, first);
	while (!side->fenced && tries--) {
		poll(&p, 1, 1000);
		receive(side, sent, first);
	}
	if (side->fenced)
		return;
	printf("frame %u, %s: the fence behind it did not come\n", first, side->name);
	exit(1);
}

/* A frame from there, which the fence's rule lets pass. */
static void announce(const struct side *side, const struct wish *w, uint32_t number)
{
	struct wish hello = { .type = FENCE_TYPE };
	struct frame f;

	memcpy(hello.smac, w->dmac, sizeof(hello.smac));
	memset(hello.dmac, 0xff, sizeof(hello.dmac));
	write_frame(&f, &hello, number);
	send_frame(&(struct side) { .in = side->out }, &f);
}

/* What a frame was, for whoever looks for the reason. */
static void describe(const struct wish *w)
{
	struct prefix src = { .len = 0 }, dst = { .len = 0 };
	char a[INET6_ADDRSTRLEN], b[INET6_ADDRSTRLEN], c[20], d[20];

	memcpy(src.byte, w->src, 16);
	memcpy(dst.byte, w->dst, 16);
	printf("    type %04x proto %u %s:%u %s:%u icmp %u %u flags %02x part %u dscp %u options %u %s %s\n",
	       w->type, w->proto, text_ip(a, &src, w->version), w->sport,
	       text_ip(b, &dst, w->version), w->dport, w->icmp, w->code, w->flags, w->part,
	       w->dscp, w->options, text_mac(c, w->smac), text_mac(d, w->dmac));
}

static unsigned int send_group(const struct world *w, struct side *sides, uint32_t first,
			       unsigned int count)
{
	struct frame sent[GROUP], fence;
	struct wish wishes[GROUP];
	unsigned int i, s, came = 0;

	make_fence(&fence, first | FENCE_BIT);
	for (i = 0; i < count; i++) {
		make_frame(w, (first + i) / times, &sent[i], &wishes[i]);
		write_frame(&sent[i], &wishes[i], first + i);
		if (times > 1)
			announce(&sides[0], &wishes[i], first + i);
	}
	for (s = 0; s < 2; s++) {
		memset(sides[s].came, 0, sizeof(sides[s].came));
		sides[s].fenced = false;
		for (i = 0; i < count; i++)
			send_frame(&sides[s], &sent[i]);
		send_frame(&sides[s], &fence);
		wait_for_fence(&sides[s], sent, first);
	}
	for (i = 0; i < count; i++) {
		came += sides[0].came[i];
		if (sides[0].came[i] == sides[1].came[i])
			continue;
		complain(sides[0].came[i] ? "passes, the other drops it" :
					    "is dropped, the other lets it pass",
			 &sides[0], first + i);
		if (complaints <= COMPLAINTS_MAX)
			describe(&wishes[i]);
	}
	return came;
}

static int send_all(char **arg)
{
	struct world w = { .seed = strtoull(arg[0], NULL, 0), .count = atoi(arg[1]) };
	struct side sides[2] = { { .name = "vnet" }, { .name = "nftables" } };
	unsigned int frames = atoi(arg[2]), first, passed = 0;
	cpu_set_t cpu;

	make_world(&w);
	if (getenv("VNET_ORACLE_KNOWN"))
		times = 2;
	/* Frames that one CPU sends stay in order, so that a fence is behind them. */
	CPU_ZERO(&cpu);
	CPU_SET(sched_getcpu(), &cpu);
	sched_setaffinity(0, sizeof(cpu), &cpu);
	for (int s = 0; s < 2; s++) {
		sides[s].in = open_end(arg[3 + 2 * s]);
		sides[s].out = open_end(arg[4 + 2 * s]);
	}
	for (first = 0; first < frames; first += GROUP)
		passed += send_group(&w, sides, first,
				     frames - first < GROUP ? frames - first : GROUP);
	printf("%u of %u frames passed, %u complaints\n", passed, frames, complaints);
	return complaints != 0;
}

int main(int argc, char **argv)
{
	if (argc == 11 && !strcmp(argv[1], "rules"))
		return write_rules(argv + 2);
	if (argc == 9 && !strcmp(argv[1], "send"))
		return send_all(argv + 2);
	fputs("usage: see the head of oracle.c\n", stderr);
	return 2;
}
