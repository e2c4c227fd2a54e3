// SPDX-License-Identifier: GPL-2.0-only
/*
 * The injector of the benchmark: hands fresh frames to an interface as a driver
 * would, and times what the stack does with them. It must not know what is
 * attached to the interface.
 *
 * /sys/kernel/debug/vnet_bench/flows takes the flows that frames belong to, one
 * line each: SADDR DADDR PROTO SPORT DPORT, all but PROTO in hexadecimal.
 *
 * /sys/kernel/debug/vnet_bench/run takes words KEY=VALUE, sends, and can then be
 * read for what came of it, also as KEY=VALUE:
 *
 *   netns=FD     open file of the network namespace (of the writer); required
 *   in=DEV       where frames come in; required
 *   out=DEV      where they have to come out; required
 *   handler=H    null: what comes in is freed; forward: it is transmitted at once.
 *                Both are receive handlers that exist for this run only, the floor
 *                under whatever else may be attached. Without: what is attached.
 *   frames=N     how many, at most
 *   batch=N      how many are built and then timed together
 *   budget=NS    no further batch is begun when so much time was measured
 *   size=N       length of a frame with its Ethernet header and without its tag
 *   vlan=VID     802.1Q tag; in the skb's metadata, or with payload=1 in the frame
 *   reverse=1    the answers: in at OUT, out at IN, addresses and ports swapped
 *
 * A skb is never sent twice nor shared: who is measured would have to copy it.
 */
#include <linux/debugfs.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/net_namespace.h>

#define BATCH_MAX	1024
#define BATCHES_MAX	65536
#define TEXT_MAX	(1 << 20)

struct bench_flow {
	__be32 saddr, daddr;
	__be16 sport, dport;
	u8 proto;
};

struct bench_spec {
	char in[IFNAMSIZ], out[IFNAMSIZ], handler[IFNAMSIZ];
	unsigned int netns, frames, batch, budget, size, vlan, payload, reverse;
};

struct bench_run {
	struct bench_spec spec;
	struct net_device *in, *out;
	struct sk_buff **skbs;
	u64 *times;		/* of each batch */
	unsigned int sent, batches;
	u64 ns;
};

static const u8 mac_a[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x0a };
static const u8 mac_b[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x0b };

/* Held while a run is under way: there is one at a time. */
static DEFINE_MUTEX(bench_lock);
static struct bench_flow *flows;
static unsigned int flow_count;
static char result[256];
static struct dentry *bench_dir;

/* ---- reference handlers ----------------------------------------------------- */

static rx_handler_result_t handle_null(struct sk_buff **pskb)
{
	consume_skb(*pskb);
	return RX_HANDLER_CONSUMED;
}

/* The least that any switch has to do. Tags come off: they are for trunks. */
static rx_handler_result_t handle_forward(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;

	__vlan_hwaccel_clear_tag(skb);
	skb_push(skb, ETH_HLEN);
	skb->dev = rcu_dereference(skb->dev->rx_handler_data);
	dev_queue_xmit(skb);
	return RX_HANDLER_CONSUMED;
}

static int set_handler(struct bench_run *run)
{
	rx_handler_func_t *handler = NULL;
	int err;

	if (!run->spec.handler[0])
		return 0;
	if (!strcmp(run->spec.handler, "null"))
		handler = handle_null;
	if (!strcmp(run->spec.handler, "forward"))
		handler = handle_forward;
	if (!handler)
		return -EINVAL;
	rtnl_lock();
	err = netdev_rx_handler_register(run->in, handler, run->out);
	rtnl_unlock();
	return err;
}

static void clear_handler(struct bench_run *run)
{
	if (!run->spec.handler[0])
		return;
	rtnl_lock();
	netdev_rx_handler_unregister(run->in);
	rtnl_unlock();
}

/* ---- frames ----------------------------------------------------------------- */

static struct bench_flow flow_of(const struct bench_spec *spec, unsigned int number)
{
	struct bench_flow flow = flows[number % flow_count];

	if (spec->reverse) {
		swap(flow.saddr, flow.daddr);
		swap(flow.sport, flow.dport);
	}
	return flow;
}

static void put_ethernet(struct sk_buff *skb, const struct bench_spec *spec)
{
	struct ethhdr *eth = skb_put(skb, ETH_HLEN);
	struct vlan_hdr *tag;

	ether_addr_copy(eth->h_source, spec->reverse ? mac_b : mac_a);
	ether_addr_copy(eth->h_dest, spec->reverse ? mac_a : mac_b);
	eth->h_proto = htons(ETH_P_IP);
	/* Behind the switch nothing is tagged. */
	if (!spec->vlan || spec->reverse)
		return;
	if (!spec->payload) {
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), spec->vlan);
		return;
	}
	eth->h_proto = htons(ETH_P_8021Q);
	tag = skb_put(skb, VLAN_HLEN);
	tag->h_vlan_TCI = htons(spec->vlan);
	tag->h_vlan_encapsulated_proto = htons(ETH_P_IP);
}

static void put_ip(struct sk_buff *skb, const struct bench_flow *flow, unsigned int bytes)
{
	struct iphdr *ip = skb_put_zero(skb, sizeof(*ip));
	struct udphdr *udp;
	struct tcphdr *tcp;

	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tot_len = htons(bytes);
	ip->frag_off = htons(IP_DF);
	ip->ttl = 64;
	ip->protocol = flow->proto;
	ip->saddr = flow->saddr;
	ip->daddr = flow->daddr;
	ip_send_check(ip);
	bytes -= sizeof(*ip);
	if (flow->proto == IPPROTO_TCP) {
		tcp = skb_put_zero(skb, bytes);
		tcp->source = flow->sport;
		tcp->dest = flow->dport;
		tcp->doff = sizeof(*tcp) / 4;
		tcp->ack = 1;
		tcp->window = htons(65535);
	} else {
		udp = skb_put_zero(skb, bytes);
		udp->source = flow->sport;
		udp->dest = flow->dport;
		udp->len = htons(bytes);
	}
}

static struct sk_buff *build(const struct bench_spec *spec, struct net_device *dev,
			     unsigned int number)
{
	struct bench_flow flow = flow_of(spec, number);
	struct sk_buff *skb;

	skb = __netdev_alloc_skb_ip_align(dev, spec->size + VLAN_HLEN, GFP_KERNEL);
	if (!skb)
		return NULL;
	put_ethernet(skb, spec);
	put_ip(skb, &flow, spec->size - ETH_HLEN);
	skb->protocol = eth_type_trans(skb, dev);
	/* As a network card leaves it: nobody has to add up the payload. */
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return skb;
}

/* ---- runs ------------------------------------------------------------------- */

static int send_batch(struct bench_run *run)
{
	unsigned int i, count = min(run->spec.batch, run->spec.frames - run->sent);
	u64 start;

	for (i = 0; i < count; i++) {
		run->skbs[i] = build(&run->spec, run->in, run->sent + i);
		if (!run->skbs[i])
			goto no_memory;
	}
	local_bh_disable();
	start = ktime_get_ns();
	for (i = 0; i < count; i++)
		netif_receive_skb(run->skbs[i]);
	start = ktime_get_ns() - start;
	local_bh_enable();
	run->sent += count;
	run->ns += start;
	run->times[run->batches++] = div_u64(start * 1000, count);
	return 0;

no_memory:
	while (i--)
		kfree_skb(run->skbs[i]);
	return -ENOMEM;
}

static u64 delivered(struct net_device *dev)
{
	struct rtnl_link_stats64 stats;

	dev_get_stats(dev, &stats);
	return stats.tx_packets;
}

static int compare_u64(const void *a, const void *b)
{
	return *(u64 *)a < *(u64 *)b ? -1 : *(u64 *)a > *(u64 *)b;
}

/*
 * The mean of the middle half: what happened besides is not in it, and a clock that
 * ticks coarsely (each 256 ns on User-Mode Linux) is as good as another.
 */
static u64 middle(const u64 *sorted, unsigned int count)
{
	unsigned int i, from = count / 4, to = count - from;
	u64 sum = 0;

	for (i = from; i < to; i++)
		sum += sorted[i];
	return div_u64(sum, to - from);
}

/* Times per frame are picoseconds: a batch is some thousand nanoseconds only. */
static int send_all(struct bench_run *run)
{
	u64 before = delivered(run->out);
	int err = 0;

	while (!err && run->sent < run->spec.frames && run->ns < run->spec.budget) {
		err = send_batch(run);
		cond_resched();
	}
	if (err)
		return err;
	sort(run->times, run->batches, sizeof(u64), compare_u64, NULL);
	scnprintf(result, sizeof(result),
		  "frames=%u delivered=%llu ns=%llu middle_ps=%llu min_ps=%llu\n",
		  run->sent, delivered(run->out) - before, run->ns,
		  middle(run->times, run->batches), run->times[0]);
	return 0;
}

static int run_in(struct bench_run *run, struct net *net)
{
	struct bench_spec *spec = &run->spec;
	int err = -ENODEV;

	run->in = dev_get_by_name(net, spec->reverse ? spec->out : spec->in);
	run->out = dev_get_by_name(net, spec->reverse ? spec->in : spec->out);
	if (run->in && run->out)
		err = set_handler(run);
	if (!err) {
		err = send_all(run);
		clear_handler(run);
	}
	dev_put(run->in);
	dev_put(run->out);
	return err;
}

static int check_spec(const struct bench_spec *spec)
{
	unsigned int least = ETH_HLEN + sizeof(struct iphdr) + sizeof(struct tcphdr);

	if (!flow_count || !spec->frames || !spec->batch || spec->batch > BATCH_MAX ||
	    DIV_ROUND_UP(spec->frames, spec->batch) > BATCHES_MAX ||
	    spec->size < least || spec->size > ETH_FRAME_LEN || spec->vlan >= VLAN_VID_MASK)
		return -EINVAL;
	return 0;
}

static int execute(struct bench_run *run)
{
	struct bench_spec *spec = &run->spec;
	struct net *net;
	int err;

	err = check_spec(spec);
	if (err)
		return err;
	net = get_net_ns_by_fd(spec->netns);
	if (IS_ERR(net))
		return PTR_ERR(net);
	run->skbs = kcalloc(spec->batch, sizeof(*run->skbs), GFP_KERNEL);
	run->times = kvcalloc(DIV_ROUND_UP(spec->frames, spec->batch),
			      sizeof(*run->times), GFP_KERNEL);
	err = run->skbs && run->times ? run_in(run, net) : -ENOMEM;
	kvfree(run->times);
	kfree(run->skbs);
	put_net(net);
	return err;
}

/* ---- files ------------------------------------------------------------------ */

static int parse_word(struct bench_spec *spec, char *key, const char *value)
{
	const struct { const char *name; unsigned int *value; } numbers[] = {
		{ "netns", &spec->netns }, { "frames", &spec->frames },
		{ "batch", &spec->batch }, { "budget", &spec->budget },
		{ "size", &spec->size }, { "vlan", &spec->vlan },
		{ "payload", &spec->payload }, { "reverse", &spec->reverse },
	};
	const struct { const char *name; char *value; } words[] = {
		{ "in", spec->in }, { "out", spec->out }, { "handler", spec->handler },
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

static int parse_spec(struct bench_spec *spec, char *text)
{
	char *word, *value;
	int err = 0;

	while (!err && (word = strsep(&text, "\n "))) {
		value = strchr(word, '=');
		if (value) {
			*value++ = '\0';
			err = parse_word(spec, word, value);
		} else if (*word) {
			err = -EINVAL;
		}
	}
	return err;
}

static ssize_t run_write(struct file *file, const char __user *from, size_t len, loff_t *pos)
{
	struct bench_run run = {
		.spec = { .frames = 4096, .batch = 64, .budget = UINT_MAX, .size = 60 },
	};
	char *text;
	int err;

	if (len > PAGE_SIZE)
		return -E2BIG;
	text = memdup_user_nul(from, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	mutex_lock(&bench_lock);
	result[0] = '\0';
	err = parse_spec(&run.spec, text);
	if (!err)
		err = execute(&run);
	mutex_unlock(&bench_lock);
	kfree(text);
	return err ?: len;
}

static ssize_t run_read(struct file *file, char __user *to, size_t len, loff_t *pos)
{
	ssize_t ret;

	mutex_lock(&bench_lock);
	ret = simple_read_from_buffer(to, len, pos, result, strlen(result));
	mutex_unlock(&bench_lock);
	return ret;
}

static const struct file_operations run_ops = {
	.owner = THIS_MODULE,
	.write = run_write,
	.read = run_read,
	.llseek = default_llseek,
};

static int parse_flow(struct bench_flow *flow, const char *line)
{
	unsigned int saddr, daddr, proto, sport, dport;

	if (sscanf(line, "%x %x %u %x %x", &saddr, &daddr, &proto, &sport, &dport) != 5)
		return -EINVAL;
	*flow = (struct bench_flow) {
		.saddr = htonl(saddr),
		.daddr = htonl(daddr),
		.sport = htons(sport),
		.dport = htons(dport),
		.proto = proto,
	};
	return 0;
}

static int parse_flows(char *text)
{
	unsigned int count = 0, lines = 0;
	struct bench_flow *new;
	char *line;
	int err = 0;

	for (line = text; *line; line++)
		lines += *line == '\n';
	if (!lines)
		return -EINVAL;
	new = kvcalloc(lines, sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	while (!err && count < lines) {
		line = strsep(&text, "\n");
		err = parse_flow(&new[count++], line);
	}
	if (err) {
		kvfree(new);
		return err;
	}
	kvfree(flows);
	flows = new;
	flow_count = count;
	return 0;
}

static ssize_t flows_write(struct file *file, const char __user *from, size_t len, loff_t *pos)
{
	char *text;
	int err;

	if (len > TEXT_MAX)
		return -E2BIG;
	text = memdup_user_nul(from, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	mutex_lock(&bench_lock);
	err = parse_flows(text);
	mutex_unlock(&bench_lock);
	kfree(text);
	return err ?: len;
}

static const struct file_operations flows_ops = {
	.owner = THIS_MODULE,
	.write = flows_write,
	.llseek = default_llseek,
};

static int __init bench_init(void)
{
	bench_dir = debugfs_create_dir("vnet_bench", NULL);
	if (IS_ERR(bench_dir))
		return PTR_ERR(bench_dir);
	debugfs_create_file("flows", 0200, bench_dir, NULL, &flows_ops);
	debugfs_create_file("run", 0600, bench_dir, NULL, &run_ops);
	return 0;
}

static void __exit bench_exit(void)
{
	debugfs_remove_recursive(bench_dir);
	kvfree(flows);
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_DESCRIPTION("Frame injector of vnet's benchmark");
MODULE_LICENSE("GPL");
