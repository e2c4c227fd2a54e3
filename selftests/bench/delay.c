// SPDX-License-Identifier: GPL-2.0-only
/*
 * The meter of delays: how long frames take from one interface to another, seen from
 * below, whatever is in between. It must not know what that is.
 *
 * /sys/kernel/debug/vnet_delay/run takes words KEY=VALUE, measures for some time, and
 * can then be read for what it saw, also as KEY=VALUE, times in ns:
 *
 *   netns=FD     open file of the network namespace (of the writer); required
 *   out=DEV      where frames leave; required
 *   ms=N         for how long; what is under way then does not count
 *   in=DEV       where a TCP's frames to port 5201 come in, and are measured; or
 *   probe=DEV    where small frames come in, each 2 to 6 ms one, and are measured, and
 *   flood=DEV    where frames of 1000 bytes come in without end
 *   flood_ns=N   the time from one of them to the next, at least 1000
 *
 * A super-frame that is split on the way counts once for each of its parts.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/hrtimer.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/sort.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/net_namespace.h>

#define PROBE_PORT	7777
#define FLOOD_PORT	8888
#define TCP_PORT	5201
#define PROBE_BYTES	64
#define FLOOD_BYTES	1000
#define SEEN		4096		/* frames that may be under way */
#define SAMPLES		262144
#define CATCH_UP	16		/* frames of a flood that is late */

/* A frame that came in: the numbers of its bytes, or of itself. */
struct delay_seen {
	u32 from, to;
	u64 at;
};

struct delay_source {
	struct net_device *dev;
	struct hrtimer timer;
	u64 gap;
	u32 number;
	u8 mac;			/* the last byte of its address */
	u16 port, bytes;
};

struct delay_run {
	char in[IFNAMSIZ], out[IFNAMSIZ], probe[IFNAMSIZ], flood[IFNAMSIZ];
	unsigned int netns, ms, flood_ns;
	struct delay_source prober, flooder;
	struct packet_type tap_in, tap_out;
	spinlock_t lock;	/* of all that follows; with bottom halves off */
	struct delay_seen *seen;
	u64 *samples;
	u32 seen_count, sample_count;
	u64 flood_out;
	u64 tcp_bytes;		/* that left */
	u64 ns;			/* for how long it really was */
};

/* Held while a run is under way: there is one at a time. */
static DEFINE_MUTEX(delay_lock);
static char result[256];
static struct dentry *delay_dir;

/* ---- what is seen ----------------------------------------------------------- */

static void note(struct delay_run *run, u32 from, u32 to)
{
	spin_lock_bh(&run->lock);
	run->seen[run->seen_count++ % SEEN] = (struct delay_seen) { from, to, ktime_get_ns() };
	spin_unlock_bh(&run->lock);
}

/* The latest frame that had it: of a byte that was sent twice, the second time. */
static void sample(struct delay_run *run, u32 number)
{
	struct delay_seen *one;
	u32 i;

	for (i = 1; i <= min_t(u32, SEEN, run->seen_count); i++) {
		one = &run->seen[(run->seen_count - i) % SEEN];
		if ((s32)(number - one->from) < 0 || (s32)(number - one->to) >= 0)
			continue;
		if (run->sample_count < SAMPLES)
			run->samples[run->sample_count++] = ktime_get_ns() - one->at;
		return;
	}
}

/* The first number and the behind-last of what a frame has; false: of no interest. */
static bool numbers_of(struct sk_buff *skb, u16 *port, u32 *from, u32 *to)
{
	unsigned int offset = skb_network_offset(skb);
	struct {
		struct iphdr ip;
		union {
			struct tcphdr tcp;
			struct udphdr udp;
		};
		__be32 number;
	} buffer, *got;

	got = skb_header_pointer(skb, offset, sizeof(buffer), &buffer);
	if (!got || got->ip.version != 4 || got->ip.ihl != 5)
		return false;
	*port = ntohs(got->udp.dest);
	if (got->ip.protocol == IPPROTO_TCP) {
		*from = ntohl(got->tcp.seq);
		*to = *from + skb->len - offset - sizeof(got->ip) - 4 * got->tcp.doff;
		return *port == TCP_PORT && *to != *from;
	}
	if (got->ip.protocol != IPPROTO_UDP)
		return false;
	/* Behind a UDP header, which is shorter than that of TCP. */
	*from = ntohl(*(__be32 *)(&got->udp + 1));
	*to = *from + 1;
	return *port == PROBE_PORT || *port == FLOOD_PORT;
}

static int see_in(struct sk_buff *skb, struct net_device *dev, struct packet_type *tap,
		  struct net_device *orig)
{
	u32 from, to;
	u16 port;

	if (skb->pkt_type != PACKET_OUTGOING && numbers_of(skb, &port, &from, &to))
		note(tap->af_packet_priv, from, to);
	consume_skb(skb);
	return 0;
}

static int see_out(struct sk_buff *skb, struct net_device *dev, struct packet_type *tap,
		   struct net_device *orig)
{
	struct delay_run *run = tap->af_packet_priv;
	u32 from, to;
	u16 port;

	if (skb->pkt_type == PACKET_OUTGOING && numbers_of(skb, &port, &from, &to)) {
		spin_lock_bh(&run->lock);
		if (port == FLOOD_PORT)
			run->flood_out++;
		else
			sample(run, from);
		if (port == TCP_PORT)
			run->tcp_bytes += to - from;
		spin_unlock_bh(&run->lock);
	}
	consume_skb(skb);
	return 0;
}

static void tap(struct packet_type *tap, struct delay_run *run, struct net_device *dev,
		int (*see)(struct sk_buff *, struct net_device *, struct packet_type *,
			   struct net_device *))
{
	tap->type = htons(ETH_P_ALL);
	tap->dev = dev;
	tap->func = see;
	tap->af_packet_priv = run;
	dev_add_pack(tap);
}

/* ---- what is sent ----------------------------------------------------------- */

static void put_headers(struct sk_buff *skb, const struct delay_source *source)
{
	u16 bytes = source->bytes - ETH_HLEN;
	struct ethhdr *eth = skb_put(skb, ETH_HLEN);
	struct iphdr *ip = skb_put_zero(skb, sizeof(*ip));
	struct udphdr *udp = skb_put_zero(skb, sizeof(*udp));
	static const u8 from[ETH_ALEN] = { 0x02 }, to[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x0b };

	ether_addr_copy(eth->h_source, from);
	eth->h_source[ETH_ALEN - 1] = source->mac;
	ether_addr_copy(eth->h_dest, to);
	eth->h_proto = htons(ETH_P_IP);
	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tot_len = htons(bytes);
	ip->ttl = 64;
	ip->protocol = IPPROTO_UDP;
	ip->saddr = htonl(0x0a000000 + source->mac);
	ip->daddr = htonl(0x0a00000b);
	ip_send_check(ip);
	udp->source = htons(source->port);
	udp->dest = htons(source->port);
	udp->len = htons(bytes - sizeof(*ip));
}

static struct sk_buff *build(struct delay_source *source)
{
	struct sk_buff *skb = netdev_alloc_skb_ip_align(source->dev, source->bytes);
	unsigned int headers = ETH_HLEN + sizeof(struct iphdr) + sizeof(struct udphdr);

	if (!skb)
		return NULL;
	put_headers(skb, source);
	*(__be32 *)skb_put_zero(skb, source->bytes - headers) = htonl(source->number++);
	skb->protocol = eth_type_trans(skb, source->dev);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return skb;
}

static enum hrtimer_restart send_probe(struct hrtimer *timer)
{
	struct delay_run *run = container_of(timer, struct delay_run, prober.timer);
	struct sk_buff *skb = build(&run->prober);

	if (skb) {
		note(run, run->prober.number - 1, run->prober.number);
		netif_receive_skb(skb);
	}
	hrtimer_forward_now(timer, ns_to_ktime((2000 + get_random_u32() % 4000) * NSEC_PER_USEC));
	return HRTIMER_RESTART;
}

static enum hrtimer_restart send_flood(struct hrtimer *timer)
{
	struct delay_run *run = container_of(timer, struct delay_run, flooder.timer);
	u64 count = hrtimer_forward_now(timer, ns_to_ktime(run->flooder.gap));
	struct sk_buff *skb;

	for (count = min_t(u64, count, CATCH_UP); count--;) {
		skb = build(&run->flooder);
		if (skb)
			netif_receive_skb(skb);
	}
	return HRTIMER_RESTART;
}

static void start_source(struct delay_source *source, u64 gap,
			 enum hrtimer_restart (*send)(struct hrtimer *))
{
	hrtimer_setup(&source->timer, send, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	source->gap = gap;
	if (source->dev)
		hrtimer_start(&source->timer, ns_to_ktime(gap), HRTIMER_MODE_REL_SOFT);
}

/* ---- runs ------------------------------------------------------------------- */

static int compare_u64(const void *a, const void *b)
{
	return *(u64 *)a < *(u64 *)b ? -1 : *(u64 *)a > *(u64 *)b;
}

static void tell(struct delay_run *run)
{
	u32 count = run->sample_count;
	u64 *sorted = run->samples;

	sort(sorted, count, sizeof(*sorted), compare_u64, NULL);
	scnprintf(result, sizeof(result),
		  "ns=%llu samples=%u p50=%llu p99=%llu max=%llu probes=%u flood_out=%llu tcp_bytes=%llu\n",
		  run->ns, count, count ? sorted[count / 2] : 0,
		  count ? sorted[count * 99ULL / 100] : 0, count ? sorted[count - 1] : 0,
		  run->prober.number, run->flood_out, run->tcp_bytes);
}

static void measure(struct delay_run *run, struct net_device *in, struct net_device *out)
{
	tap(&run->tap_out, run, out, see_out);
	if (in)
		tap(&run->tap_in, run, in, see_in);
	start_source(&run->flooder, run->flood_ns, send_flood);
	start_source(&run->prober, 4 * NSEC_PER_MSEC, send_probe);
	run->ns = ktime_get_ns();
	msleep(run->ms);
	run->ns = ktime_get_ns() - run->ns;
	hrtimer_cancel(&run->prober.timer);
	hrtimer_cancel(&run->flooder.timer);
	if (in)
		dev_remove_pack(&run->tap_in);
	dev_remove_pack(&run->tap_out);
	tell(run);
}

static int run_in(struct delay_run *run, struct net *net)
{
	struct net_device *in = dev_get_by_name(net, run->in);
	struct net_device *out = dev_get_by_name(net, run->out);
	int err = -ENODEV;

	run->prober.dev = dev_get_by_name(net, run->probe);
	run->flooder.dev = dev_get_by_name(net, run->flood);
	if (out && (in || run->prober.dev)) {
		err = 0;
		measure(run, in, out);
	}
	dev_put(run->prober.dev);
	dev_put(run->flooder.dev);
	dev_put(in);
	dev_put(out);
	return err;
}

static int execute(struct delay_run *run)
{
	struct net *net;
	int err;

	if (!run->ms || run->flood_ns < 1000)
		return -EINVAL;
	net = get_net_ns_by_fd(run->netns);
	if (IS_ERR(net))
		return PTR_ERR(net);
	spin_lock_init(&run->lock);
	run->seen = kvcalloc(SEEN, sizeof(*run->seen), GFP_KERNEL);
	run->samples = kvcalloc(SAMPLES, sizeof(*run->samples), GFP_KERNEL);
	err = run->seen && run->samples ? run_in(run, net) : -ENOMEM;
	kvfree(run->samples);
	kvfree(run->seen);
	put_net(net);
	return err;
}

/* ---- files ------------------------------------------------------------------ */

static int parse_word(struct delay_run *run, char *key, const char *value)
{
	const struct { const char *name; unsigned int *value; } numbers[] = {
		{ "netns", &run->netns }, { "ms", &run->ms }, { "flood_ns", &run->flood_ns },
	};
	const struct { const char *name; char *value; } words[] = {
		{ "in", run->in }, { "out", run->out }, { "probe", run->probe },
		{ "flood", run->flood },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!strcmp(key, numbers[i].name))
			return kstrtouint(value, 0, numbers[i].value);
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(key, words[i].name))
			return strscpy(words[i].value, value, IFNAMSIZ) < 0 ? -EINVAL : 0;
	return -EINVAL;
}

static int parse(struct delay_run *run, char *text)
{
	char *word, *value;
	int err = 0;

	while (!err && (word = strsep(&text, "\n "))) {
		value = strchr(word, '=');
		if (value) {
			*value++ = '\0';
			err = parse_word(run, word, value);
		} else if (*word) {
			err = -EINVAL;
		}
	}
	return err;
}

static ssize_t run_write(struct file *file, const char __user *from, size_t len, loff_t *pos)
{
	struct delay_run *run;
	char *text;
	int err;

	if (len > PAGE_SIZE)
		return -E2BIG;
	text = memdup_user_nul(from, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	run = kzalloc(sizeof(*run), GFP_KERNEL);
	if (!run) {
		kfree(text);
		return -ENOMEM;
	}
	run->ms = 1000;
	run->flood_ns = NSEC_PER_MSEC;
	run->prober = (struct delay_source) {
		.mac = 0x1a, .port = PROBE_PORT, .bytes = PROBE_BYTES,
	};
	run->flooder = (struct delay_source) {
		.mac = 0x0a, .port = FLOOD_PORT, .bytes = FLOOD_BYTES,
	};
	mutex_lock(&delay_lock);
	result[0] = '\0';
	err = parse(run, text);
	if (!err)
		err = execute(run);
	mutex_unlock(&delay_lock);
	kfree(run);
	kfree(text);
	return err ?: len;
}

static ssize_t run_read(struct file *file, char __user *to, size_t len, loff_t *pos)
{
	ssize_t ret;

	mutex_lock(&delay_lock);
	ret = simple_read_from_buffer(to, len, pos, result, strlen(result));
	mutex_unlock(&delay_lock);
	return ret;
}

static const struct file_operations run_ops = {
	.owner = THIS_MODULE,
	.write = run_write,
	.read = run_read,
	.llseek = default_llseek,
};

static int __init delay_init(void)
{
	delay_dir = debugfs_create_dir("vnet_delay", NULL);
	if (IS_ERR(delay_dir))
		return PTR_ERR(delay_dir);
	debugfs_create_file("run", 0600, delay_dir, NULL, &run_ops);
	return 0;
}

static void __exit delay_exit(void)
{
	debugfs_remove_recursive(delay_dir);
}

module_init(delay_init);
module_exit(delay_exit);
MODULE_DESCRIPTION("Meter of delays of vnet's benchmark");
MODULE_LICENSE("GPL");
