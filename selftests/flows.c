// SPDX-License-Identifier: GPL-2.0-only
/*
 * flows: sends flows of frames at exact times, and says how what arrives is spread over time.
 * See shape_exact.sh.
 *
 *   flows [time=MS] [warm=MS] [window=MS] [then=COMMAND] FLOW... RECEIVER...
 *
 *   FLOW      from=NETNS/DEV,d=MAC,size=BYTES[,port=N][,rate=BIT/S][,count=N][,gso=BYTES]
 *             [,phases=MIN-MAX][,least=BIT/S,grace=MS]
 *             Of UDP. Without a rate as much as the socket takes; with one, what is refused is
 *             lost. gso: TCP super-frames, to be cut into segments of so many bytes. phases: it is
 *             on and off in turns, each for a time between these, in ms.
 *   RECEIVER  at=NETNS/DEV[,rate=BIT/S][,room=FRAMES]
 *
 * A frame has arrived when the kernel hands it to the receiver's interface: it is stamped there, so
 * this program may be late in looking. It counts as long as it is on the wire, a super-frame
 * with all headers. COMMAND runs first, when receivers are ready. The result is JSON, with what
 * arrived at each receiver and of each flow between warm and time:
 *
 *   frames bytes longest
 *   mean            bit/s in all of that time
 *   bps             bit/s from the first of these frames to the last one
 *   least most      bytes within any window (of 100 ms), wherever it begins
 *   excess          bytes above rate * time, in the worst of all spans of any length: the burst.
 *                   From the first frame on, as the burst is over before warm
 *   phases worst    of all times when the flow was on, but for the first `grace`: how much of
 *                   `least` arrived, in 1/1000, when it was least; a frame may be missing
 *   sent refused    by or to the sender
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <math.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MS		1000000ULL
#define FRAME_MAX	65536
#define HEAD_MAX	(sizeof(struct ether_header) + sizeof(struct iphdr) + sizeof(struct tcphdr))
#define RECORD		128		/* bytes of a ring for one arrival */
#define BLOCK		(1 << 16)
#define PER_BLOCK	(BLOCK / RECORD)
#define FLOW_MAC	0xf1		/* in the source MAC, before the number of the flow */
#define PHASES_MAX	4096
#define ENDS_MAX	16
#define SPIN_NS		20000		/* it is not worth it to sleep for less */

#define must(ok, ...) do {					\
	if (!(ok)) {						\
		fprintf(stderr, "flows: " __VA_ARGS__);		\
		fprintf(stderr, ": %s\n", strerror(errno));	\
		exit(2);					\
	}							\
} while (0)

struct arrival {
	uint64_t at;
	uint64_t sum;			/* bytes until here, with this one */
};

struct series {
	struct arrival *arrivals;
	unsigned int count, room;
	uint32_t longest;
};

struct span {
	uint64_t begin, end;
};

/* @gap: between two frames in ns; @due: when the next one is to go; @change: when the phase ends */
struct flow {
	char from[128], mac[32];
	unsigned int size, port, gso, phase_min, phase_max;
	double rate, gap, due;
	unsigned long count, sent, refused;
	uint64_t change;
	uint32_t random;
	bool off;
	double least;
	unsigned int grace;
	struct span *phases;
	unsigned int phase_count;
	struct series arrived;
	int fd;
	uint8_t *frame;			/* with gso there is a virtio header before it */
	unsigned int length;		/* of both */
};

struct receiver {
	char at[128];
	double rate;
	unsigned int room;
	int fd;
	uint8_t *ring;
	struct series arrived;
};

static struct flow flows[ENDS_MAX];
static struct receiver receivers[ENDS_MAX];
static unsigned int flow_count, receiver_count;
static uint64_t duration = 1000 * MS, warm = 100 * MS, window = 100 * MS, began;
static const char *command;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void sleep_until(uint64_t when)
{
	struct timespec t = { .tv_sec = when / 1000000000, .tv_nsec = when % 1000000000 };

	clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &t, NULL);
}

/*
 * Sockets
 */

/* A packet socket in NETNS/DEV, not bound yet. */
static int open_socket(const char *where, struct sockaddr_ll *to)
{
	const char *dev = strrchr(where, '/');
	char path[192];
	int fd, netns;

	must(dev, "%s", where);
	snprintf(path, sizeof(path), "/run/netns/%.*s", (int)(dev - where), where);
	netns = open(path, O_RDONLY | O_CLOEXEC);
	must(netns >= 0 && !setns(netns, CLONE_NEWNET), "%s", path);
	close(netns);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	*to = (struct sockaddr_ll) {
		.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(dev + 1),
	};
	must(fd >= 0 && to->sll_ifindex, "%s", where);
	return fd;
}

static void set(int fd, int level, int option, int value)
{
	must(!setsockopt(fd, level, option, &value, sizeof(value)), "option %d", option);
}

/* A ring of records, one for each of so many arrivals. */
static uint8_t *open_ring(int fd, unsigned int count)
{
	struct tpacket_req req = { .tp_block_size = BLOCK, .tp_frame_size = RECORD };
	uint8_t *ring;

	req.tp_frame_nr = count;
	req.tp_block_nr = count / PER_BLOCK;
	set(fd, SOL_PACKET, PACKET_VERSION, TPACKET_V2);
	must(!setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)), "a ring of %u", count);
	ring = mmap(NULL, (size_t)count * RECORD, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	must(ring != MAP_FAILED, "a ring of %u", count);
	return ring;
}

/*
 * Sending
 */

static uint16_t ip_sum(const uint8_t *ip)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < sizeof(struct iphdr); i += 2)
		sum += ip[i] << 8 | ip[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	return htons(~((sum & 0xffff) + (sum >> 16)));
}

static void build(struct flow *f, uint8_t *at)
{
	struct ether_header *eth = (void *)at;
	struct iphdr *ip = (void *)(eth + 1);
	unsigned int bytes = f->size - sizeof(*eth);

	must(ether_aton_r(f->mac, (void *)eth->ether_dhost), "%s", f->mac);
	memcpy(eth->ether_shost, "\2\0\0\0", 4);
	eth->ether_shost[4] = FLOW_MAC;
	eth->ether_shost[5] = f - flows;
	eth->ether_type = htons(ETHERTYPE_IP);
	*ip = (struct iphdr) {
		.version = 4, .ihl = 5, .ttl = 64, .tot_len = htons(bytes),
		.frag_off = htons(IP_DF), .protocol = f->gso ? IPPROTO_TCP : IPPROTO_UDP,
		.saddr = htonl(0x0a000101), .daddr = htonl(0x0a000201),
	};
	ip->check = ip_sum((uint8_t *)ip);
	if (f->gso) {
		struct tcphdr *tcp = (void *)(ip + 1);

		*tcp = (struct tcphdr) {
			.source = htons(f->port), .dest = htons(5000),
			.doff = 5, .ack = 1, .window = htons(65535),
		};
	} else {
		struct udphdr *udp = (void *)(ip + 1);

		*udp = (struct udphdr) {
			.source = htons(f->port), .dest = htons(5000),
			.len = htons(bytes - sizeof(*ip)),
		};
	}
}

static void set_gso(struct flow *f)
{
	*(struct virtio_net_hdr *)f->frame = (struct virtio_net_hdr) {
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM, .gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
		.hdr_len = HEAD_MAX, .gso_size = f->gso,
		.csum_start = HEAD_MAX - sizeof(struct tcphdr), .csum_offset = 16,
	};
	set(f->fd, SOL_PACKET, PACKET_VNET_HDR, 1);
}

static void open_flow(struct flow *f)
{
	struct timeval patience = { .tv_usec = 50000 };
	struct sockaddr_ll to;

	f->fd = open_socket(f->from, &to);
	must(f->size >= HEAD_MAX && f->size < FRAME_MAX - 256, "a size of %u", f->size);
	if (f->rate)
		set(f->fd, SOL_SOCKET, SO_SNDBUFFORCE, 1 << 29);
	setsockopt(f->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	f->length = f->size + (f->gso ? sizeof(struct virtio_net_hdr) : 0);
	f->frame = calloc(1, f->length);
	build(f, f->frame + f->length - f->size);
	if (f->gso)
		set_gso(f);
	must(!bind(f->fd, (struct sockaddr *)&to, sizeof(to)), "%s", f->from);
	f->gap = f->rate ? f->size * 8e9 / f->rate : 0;
	f->phases = calloc(PHASES_MAX, sizeof(*f->phases));
	f->random = f - flows + 1;
	f->off = f->phase_max;
}

/* A late sender is not a burst: it does not catch up beyond a little. */
static void send_one(struct flow *f, uint64_t now)
{
	if (send(f->fd, f->frame, f->length, f->rate ? MSG_DONTWAIT : 0) >= 0)
		f->sent++;
	else
		f->refused++;
	f->due += f->gap;
	if (f->due < now - 20 * f->gap)
		f->due = now - 20 * f->gap;
}

/* Times of all sizes are as likely: 10 to 100 ms as 100 ms to 1 s. */
static uint64_t phase_length(struct flow *f)
{
	double most = (double)f->phase_max / f->phase_min;

	f->random = f->random * 1664525 + 1013904223;
	return f->phase_min * pow(most, (f->random >> 8) / 16777216.0) * MS;
}

static void change_phase(struct flow *f, uint64_t now)
{
	f->off = !f->off;
	f->change = now + phase_length(f);
	if (f->off)
		return;
	f->due = now;
	must(f->phase_count < PHASES_MAX, "phases");
	f->phases[f->phase_count++] = (struct span) { .begin = now, .end = f->change };
}

/* Sends what is due; returns when the next thing is. */
static uint64_t step(struct flow *f, uint64_t now)
{
	if (f->count && f->sent >= f->count)
		return UINT64_MAX;
	if (f->phase_max && now >= f->change)
		change_phase(f, now);
	if (f->off)
		return f->change;
	if (f->due <= now)
		send_one(f, now);
	return f->due;
}

static void run(void)
{
	uint64_t now, next, end = began + duration, due;
	unsigned int i;

	for (i = 0; i < flow_count; i++) {
		flows[i].due = began + i * flows[i].gap / flow_count;
		flows[i].change = began;
	}
	while ((now = now_ns()) < end) {
		next = end;
		for (i = 0; i < flow_count; i++) {
			due = step(&flows[i], now);
			next = due < next ? due : next;
		}
		if (next > now + SPIN_NS)
			sleep_until(next);
	}
}

/*
 * Arrivals
 */

static void open_receiver(struct receiver *r)
{
	struct sockaddr_ll to;

	r->fd = open_socket(r->at, &to);
	to.sll_protocol = htons(ETH_P_ALL);
	set(r->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
	set(r->fd, SOL_PACKET, PACKET_VNET_HDR, 1);
	/* Without it nobody stamps frames before they are here. */
	set(r->fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
	r->ring = open_ring(r->fd, r->room);
	must(!bind(r->fd, (struct sockaddr *)&to, sizeof(to)), "%s", r->at);
}

/* As the segments that it would be. */
static uint32_t wire_bytes(const struct tpacket2_hdr *record)
{
	const uint8_t *frame = (const uint8_t *)record + record->tp_mac;
	const struct virtio_net_hdr *info = (const void *)(frame - sizeof(*info));
	uint32_t head = sizeof(struct ether_header), segments;

	if (!info->gso_type || !info->gso_size)
		return record->tp_len;
	head += (frame[head] & 15) * 4;
	head += (frame[head + 12] >> 4) * 4;
	segments = (record->tp_len - head + info->gso_size - 1) / info->gso_size;
	return record->tp_len + (segments - 1) * head;
}

static void add(struct series *s, uint64_t at, uint32_t bytes)
{
	if (s->count == s->room) {
		s->room = s->room * 2 + 1024;
		s->arrivals = realloc(s->arrivals, s->room * sizeof(*s->arrivals));
		must(s->arrivals, "%u arrivals", s->room);
	}
	s->arrivals[s->count].at = at;
	s->arrivals[s->count].sum = bytes + (s->count ? s->arrivals[s->count - 1].sum : 0);
	s->longest = bytes > s->longest ? bytes : s->longest;
	s->count++;
}

/* Whose frame it is, by its source MAC. */
static struct flow *flow_of(const struct tpacket2_hdr *record)
{
	const uint8_t *source = (const uint8_t *)record + record->tp_mac + 6;

	return source[4] == FLOW_MAC && source[5] < flow_count ? &flows[source[5]] : NULL;
}

static void collect(struct receiver *r)
{
	struct tpacket_stats stats;
	socklen_t len = sizeof(stats);
	unsigned int i;

	must(!getsockopt(r->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len), "%s", r->at);
	errno = ENOBUFS;
	must(!stats.tp_drops, "%u arrivals at %s were not recorded", stats.tp_drops, r->at);
	for (i = 0; i < r->room; i++) {
		const struct tpacket2_hdr *record = (void *)(r->ring + (size_t)i * RECORD);
		uint64_t at = record->tp_sec * 1000000000ULL + record->tp_nsec;
		struct flow *f;

		if (!(record->tp_status & TP_STATUS_USER))
			break;
		add(&r->arrived, at, wire_bytes(record));
		f = flow_of(record);
		if (f)
			add(&f->arrived, at, wire_bytes(record));
	}
}

/* Bytes of the arrivals from number i on, and of those before number k. */
static uint64_t between(const struct series *s, unsigned int i, unsigned int k)
{
	return k > i ? s->arrivals[k - 1].sum - (i ? s->arrivals[i - 1].sum : 0) : 0;
}

/* The number of the first arrival at that time or later. */
static unsigned int find(const struct series *s, uint64_t at)
{
	unsigned int low = 0, high = s->count;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (s->arrivals[middle].at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void print_windows(const struct series *s, unsigned int from, unsigned int to)
{
	uint64_t least = UINT64_MAX, most = 0, bytes;
	unsigned int i, k = from;

	for (i = from; i < to && s->arrivals[i].at + window <= began + duration; i++) {
		while (k < to && s->arrivals[k].at < s->arrivals[i].at + window)
			k++;
		/* It begins with this frame, or just after it. */
		bytes = between(s, i, k);
		most = bytes > most ? bytes : most;
		bytes = between(s, i + 1, k);
		least = bytes < least ? bytes : least;
	}
	if (most)
		printf(",\"least\":%" PRIu64 ",\"most\":%" PRIu64, least, most);
}

static void print_excess(const struct series *s, double rate)
{
	double lowest = 0, excess = 0, above;
	unsigned int i;

	for (i = 0; i < s->count; i++) {
		double due = rate / 8e9 * (s->arrivals[i].at - s->arrivals[0].at);

		/* Of a span that begins with frame i, or ends with it. */
		above = (i ? s->arrivals[i - 1].sum : 0) - due;
		lowest = above < lowest ? above : lowest;
		above = s->arrivals[i].sum - due - lowest;
		excess = above > excess ? above : excess;
	}
	printf(",\"excess\":%.0f", excess);
}

static void print_phases(const struct flow *f)
{
	const struct series *s = &f->arrived;
	double share, worst = 1e9;
	unsigned int i, count = 0;
	uint64_t bytes;

	for (i = 0; i < f->phase_count; i++) {
		uint64_t begin = f->phases[i].begin + f->grace * MS, end = f->phases[i].end;

		if (begin >= end || end > began + duration)
			continue;
		bytes = between(s, find(s, begin), find(s, end)) + s->longest;
		share = bytes * 8e9 / f->least / (end - begin);
		worst = share < worst ? share : worst;
		count++;
	}
	printf(",\"phases\":%u,\"worst\":%.0f", count, count ? worst * 1000 : 0);
}

static void print_series(const struct series *s)
{
	unsigned int from = find(s, began + warm), to = find(s, began + duration);
	uint64_t bytes = between(s, from, to);

	printf("{\"frames\":%u,\"bytes\":%" PRIu64 ",\"longest\":%u,\"mean\":%.0f", to - from,
	       bytes, s->longest, bytes * 8e9 / (duration - warm));
	if (to - from < 2)
		return;
	printf(",\"bps\":%.0f", between(s, from + 1, to) * 8e9 /
	       (s->arrivals[to - 1].at - s->arrivals[from].at));
	print_windows(s, from, to);
}

static void print_all(void)
{
	unsigned int i;

	for (i = 0; i < receiver_count; i++) {
		printf("%s", i ? "," : "{\"at\":[");
		print_series(&receivers[i].arrived);
		if (receivers[i].rate)
			print_excess(&receivers[i].arrived, receivers[i].rate);
		printf("}");
	}
	printf("],\"flows\":[");
	for (i = 0; i < flow_count; i++) {
		printf("%s", i ? "," : "");
		print_series(&flows[i].arrived);
		if (flows[i].least)
			print_phases(&flows[i]);
		printf(",\"sent\":%lu,\"refused\":%lu}", flows[i].sent, flows[i].refused);
	}
	printf("]}\n");
}

/*
 * Words
 */

static void parse_flow(char *text)
{
	struct flow *f = &flows[flow_count++];
	char *key, *value;

	must(flow_count <= ENDS_MAX, "%u flows", flow_count);
	*f = (struct flow) { .port = 4000 };
	while ((key = strsep(&text, ","))) {
		value = strchr(key, '=');
		must(value, "%s", key);
		*value++ = '\0';
		if (!strcmp(key, "from"))
			snprintf(f->from, sizeof(f->from), "%s", value);
		else if (!strcmp(key, "d"))
			snprintf(f->mac, sizeof(f->mac), "%s", value);
		else if (!strcmp(key, "size"))
			f->size = atoi(value);
		else if (!strcmp(key, "port"))
			f->port = atoi(value);
		else if (!strcmp(key, "rate"))
			f->rate = atof(value);
		else if (!strcmp(key, "count"))
			f->count = atol(value);
		else if (!strcmp(key, "gso"))
			f->gso = atoi(value);
		else if (!strcmp(key, "least"))
			f->least = atof(value);
		else if (!strcmp(key, "grace"))
			f->grace = atoi(value);
		else
			must(!strcmp(key, "phases") &&
			     sscanf(value, "%u-%u", &f->phase_min, &f->phase_max) == 2, "%s", key);
	}
}

static void parse_receiver(char *text)
{
	struct receiver *r = &receivers[receiver_count++];
	char *key, *value;

	must(receiver_count <= ENDS_MAX, "%u receivers", receiver_count);
	*r = (struct receiver) { .room = 65536 };
	while ((key = strsep(&text, ","))) {
		value = strchr(key, '=');
		must(value, "%s", key);
		*value++ = '\0';
		if (!strcmp(key, "at"))
			snprintf(r->at, sizeof(r->at), "%s", value);
		else if (!strcmp(key, "rate"))
			r->rate = atof(value);
		else if (!strcmp(key, "room"))
			r->room = (atoi(value) / PER_BLOCK + 1) * PER_BLOCK;
		else
			must(false, "%s", key);
	}
}

static void parse(char *word)
{
	if (!strncmp(word, "from=", 5))
		parse_flow(word);
	else if (!strncmp(word, "at=", 3))
		parse_receiver(word);
	else if (!strncmp(word, "time=", 5))
		duration = atoi(word + 5) * MS;
	else if (!strncmp(word, "warm=", 5))
		warm = atoi(word + 5) * MS;
	else if (!strncmp(word, "window=", 7))
		window = atoi(word + 7) * MS;
	else if (!strncmp(word, "then=", 5))
		command = word + 5;
	else
		must(false, "what is %s", word);
}

int main(int argc, char **argv)
{
	unsigned int i;
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	for (i = 1; i < (unsigned int)argc; i++)
		parse(argv[i]);
	for (i = 0; i < flow_count; i++)
		open_flow(&flows[i]);
	for (i = 0; i < receiver_count; i++)
		open_receiver(&receivers[i]);
	must(!setns(here, CLONE_NEWNET), "coming back");
	prctl(PR_SET_TIMERSLACK, 1);
	/* Stamps are not made at once when somebody wants them. */
	usleep(10000);
	must(!command || !system(command), "%s", command);
	began = now_ns();
	run();
	for (i = 0; i < receiver_count; i++)
		collect(&receivers[i]);
	print_all();
	return 0;
}
