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
 *   wait=1       a batch ends when all of it has come out, and is timed until then, but
 *                for the time that the CPU had nothing to do: for who holds frames back
 *   in2=DEV      another sender, with an address of its own, on CPU 1: both send a batch
 *                at the same time, which is timed until the later one is done
 *
 * A skb is never sent twice nor shared: who is measured would have to copy it.
 */
#include <linux/atomic.h>
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
#include <linux/workqueue.h>
#include <net/ip.h>
#include <net/net_namespace.h>

#define BATCH_MAX	16384
#define BATCHES_MAX	65536
#define TEXT_MAX	(3 << 20)
#define LOOKS		20000		/* that tell what one takes */
#define LOOKS_NS	(20ULL * NSEC_PER_SEC)	/* what has not come out by then is lost */

struct bench_flow {
	__be32 saddr, daddr;
	__be16 sport, dport;
	u8 proto;
};

struct bench_spec {
	char in[IFNAMSIZ], in2[IFNAMSIZ], out[IFNAMSIZ], handler[IFNAMSIZ];
	unsigned int netns, frames, batch, budget, size, vlan, payload, reverse, wait;
};

/*
 * What a profile looks for (profile.c); they do nothing. A batch begins or ends, and a run
 * ends.
 */
#define MARK_BATCH()	asm volatile("xchgw %%bx, %%bx" : : : "memory")
#define MARK_RUN()	asm volatile("xchgw %%cx, %%cx" : : : "memory")

/* One who sends: frames are built, and then handed over together with all others' */
struct bench_sender {
	struct bench_run *run;
	struct net_device *dev;
	struct sk_buff **skbs;
	struct work_struct work;
	u64 start, end;
	u8 number;
	int err;
};

struct bench_run {
	struct bench_spec spec;
	struct net_device *out;
	struct bench_sender senders[2];
	unsigned int sender_count;
	atomic_t ready;		/* senders whose frames are built */
	unsigned int count;	/* frames of this batch, of each sender */
	u64 *times;		/* of each batch */
	unsigned int sent, batches;
	u64 ns, look_ps;
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
	unsigned int i;
	int err = 0;

	if (!run->spec.handler[0])
		return 0;
	if (!strcmp(run->spec.handler, "null"))
		handler = handle_null;
	if (!strcmp(run->spec.handler, "forward"))
		handler = handle_forward;
	if (!handler)
		return -EINVAL;
	rtnl_lock();
	for (i = 0; i < run->sender_count && !err; i++)
		err = netdev_rx_handler_register(run->senders[i].dev, handler, run->out);
	/* The one that failed belongs to somebody else. */
	if (err)
		for (i--; i--;)
			netdev_rx_handler_unregister(run->senders[i].dev);
	rtnl_unlock();
	return err;
}

static void clear_handler(struct bench_run *run)
{
	unsigned int i;

	if (!run->spec.handler[0])
		return;
	rtnl_lock();
	for (i = 0; i < run->sender_count; i++)
		netdev_rx_handler_unregister(run->senders[i].dev);
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

static void put_ethernet(struct sk_buff *skb, const struct bench_spec *spec, u8 sender)
{
	struct ethhdr *eth = skb_put(skb, ETH_HLEN);
	struct vlan_hdr *tag;

	ether_addr_copy(eth->h_source, spec->reverse ? mac_b : mac_a);
	eth->h_source[0] |= sender << 4;
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

static struct sk_buff *build(const struct bench_spec *spec, const struct bench_sender *sender,
			     unsigned int number)
{
	struct net_device *dev = sender->dev;
	struct bench_flow flow = flow_of(spec, number);
	struct sk_buff *skb;

	skb = __netdev_alloc_skb_ip_align(dev, spec->size + VLAN_HLEN, GFP_KERNEL);
	if (!skb)
		return NULL;
	put_ethernet(skb, spec, sender->number);
	put_ip(skb, &flow, spec->size - ETH_HLEN);
	skb->protocol = eth_type_trans(skb, dev);
	/* As a network card leaves it: nobody has to add up the payload. */
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return skb;
}

/* ---- runs ------------------------------------------------------------------- */

static u64 delivered(struct net_device *dev)
{
	struct rtnl_link_stats64 stats;

	dev_get_stats(dev, &stats);
	return stats.tx_packets;
}

/* Whether all has come out. Always the same work, and whoever waits for the CPU gets it. */
static noinline bool look(const struct bench_run *run, u64 goal)
{
	cond_resched();
	return delivered(run->out) >= goal;
}

/* What a look takes, with its part of what the CPU does anyway: clock ticks. */
static void measure_look(struct bench_run *run)
{
	u64 start = ktime_get_ns();
	unsigned int i;

	for (i = 0; i < LOOKS; i++)
		look(run, U64_MAX);
	run->look_ps = div_u64((ktime_get_ns() - start) * 1000, LOOKS);
}

/*
 * Fills the time in which the CPU would be idle with looks, of which it is known what
 * they take: what is left is the work. Returns the time that the looks took.
 */
static u64 wait_for(struct bench_run *run, u64 goal)
{
	u64 looks = 1, end = ktime_get_ns() + LOOKS_NS;

	while (!look(run, goal) && (looks & 255 || ktime_get_ns() < end))
		looks++;
	return div_u64(looks * run->look_ps, 1000);
}

static int build_batch(struct bench_sender *sender)
{
	struct bench_run *run = sender->run;
	unsigned int i;

	for (i = 0; i < run->count; i++) {
		sender->skbs[i] = build(&run->spec, sender, run->sent + i);
		if (!sender->skbs[i])
			goto no_memory;
	}
	return 0;

no_memory:
	while (i--)
		kfree_skb(sender->skbs[i]);
	return -ENOMEM;
}

/* All senders begin when the last of them is ready; one that failed sends nothing. */
static void send_batch(struct bench_sender *sender)
{
	struct bench_run *run = sender->run;
	unsigned int i;

	sender->err = build_batch(sender);
	local_bh_disable();
	atomic_inc(&run->ready);
	while (atomic_read(&run->ready) < run->sender_count)
		cpu_relax();
	sender->start = ktime_get_ns();
	MARK_BATCH();
	for (i = 0; i < run->count && !sender->err; i++)
		netif_receive_skb(sender->skbs[i]);
	MARK_BATCH();
	sender->end = ktime_get_ns();
	local_bh_enable();
}

static void send_batch_work(struct work_struct *work)
{
	send_batch(container_of(work, struct bench_sender, work));
}

static int send_batches(struct bench_run *run)
{
	struct bench_sender *first = &run->senders[0], *second = &run->senders[1];
	u64 start, end, frames, waited = 0, goal = delivered(run->out);

	run->count = min(run->spec.batch, run->spec.frames - run->sent);
	frames = (u64)run->count * run->sender_count;
	atomic_set(&run->ready, 0);
	if (second->dev)
		queue_work_on(1, system_highpri_wq, &second->work);
	send_batch(first);
	start = first->start;
	end = first->end;
	if (second->dev) {
		flush_work(&second->work);
		start = min(start, second->start);
		end = max(end, second->end);
	}
	if (first->err || second->err)
		return -ENOMEM;
	if (run->spec.wait) {
		waited = wait_for(run, goal + frames);
		end = max(start + waited, ktime_get_ns());
	}
	run->sent += run->count;
	run->ns += end - start - waited;
	run->times[run->batches++] = div64_u64((end - start - waited) * 1000, frames);
	return 0;
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

	if (run->spec.wait)
		measure_look(run);
	while (!err && run->sent < run->spec.frames && run->ns < run->spec.budget) {
		err = send_batches(run);
		cond_resched();
	}
	if (err)
		return err;
	MARK_RUN();
	sort(run->times, run->batches, sizeof(u64), compare_u64, NULL);
	scnprintf(result, sizeof(result),
		  "frames=%u delivered=%llu ns=%llu middle_ps=%llu min_ps=%llu\n",
		  run->sent * run->sender_count, delivered(run->out) - before, run->ns,
		  middle(run->times, run->batches), run->times[0]);
	return 0;
}

static int add_sender(struct bench_run *run, struct net *net, const char *name)
{
	struct bench_sender *sender = &run->senders[run->sender_count];

	sender->dev = dev_get_by_name(net, name);
	if (!sender->dev)
		return -ENODEV;
	sender->run = run;
	sender->number = run->sender_count++;
	INIT_WORK(&sender->work, send_batch_work);
	sender->skbs = kvcalloc(run->spec.batch, sizeof(*sender->skbs), GFP_KERNEL);
	return sender->skbs ? 0 : -ENOMEM;
}

static int run_in(struct bench_run *run, struct net *net)
{
	struct bench_spec *spec = &run->spec;
	unsigned int i;
	int err;

	run->out = dev_get_by_name(net, spec->reverse ? spec->in : spec->out);
	err = run->out ? add_sender(run, net, spec->reverse ? spec->out : spec->in) : -ENODEV;
	if (!err && spec->in2[0])
		err = add_sender(run, net, spec->in2);
	if (!err)
		err = set_handler(run);
	if (!err) {
		err = send_all(run);
		clear_handler(run);
	}
	for (i = 0; i < ARRAY_SIZE(run->senders); i++) {
		kvfree(run->senders[i].skbs);
		dev_put(run->senders[i].dev);
	}
	dev_put(run->out);
	return err;
}

static int check_spec(const struct bench_spec *spec)
{
	unsigned int least = ETH_HLEN + sizeof(struct iphdr) + sizeof(struct tcphdr);

	if (!flow_count || !spec->frames || !spec->batch || spec->batch > BATCH_MAX ||
	    DIV_ROUND_UP(spec->frames, spec->batch) > BATCHES_MAX ||
	    (spec->in2[0] && !cpu_online(1)) ||
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
	run->times = kvcalloc(DIV_ROUND_UP(spec->frames, spec->batch),
			      sizeof(*run->times), GFP_KERNEL);
	err = run->times ? run_in(run, net) : -ENOMEM;
	kvfree(run->times);
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
		{ "wait", &spec->wait },
	};
	const struct { const char *name; char *value; } words[] = {
		{ "in", spec->in }, { "in2", spec->in2 }, { "out", spec->out },
		{ "handler", spec->handler },
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
