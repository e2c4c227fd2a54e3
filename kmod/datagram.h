/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Datagrams: frames with fragments of IP packets that are kept until all of a packet
 * are there. Layer 1: it must not know members, headers or the packet path.
 */
#ifndef VNET_DATAGRAM_H
#define VNET_DATAGRAM_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include "key.h"

/* Most fragments of one packet; the largest one in pieces of 576 bytes has 119. */
#define VNET_DATAGRAM_FRAGMENTS	128
/* Most memory that the incomplete ones of a sender take, and those of a network. */
#define VNET_DATAGRAM_BYTES	(512 * 1024)
#define VNET_DATAGRAM_SHARED	(8 * 1024 * 1024)
/* So long, in seconds, the rest of a packet is waited for; as Linux hosts do. */
#define VNET_DATAGRAM_TIMEOUT	30

/**
 * struct vnet_part - what one fragment says of itself
 * @version: 4 or 6
 * @last: nothing comes behind it
 * @proto: protocol as the fragment says it; IPv4 packets of different ones may have
 *	the same @id
 * @offset: where in the packet it belongs, bytes
 * @length: how much of the packet it has, bytes, not 0
 * @id: of the packet
 * @saddr: source
 * @daddr: destination
 */
struct vnet_part {
	u8 version;
	bool last;
	u8 proto;
	u16 offset;
	u16 length;
	__be32 id;
	union vnet_addr saddr;
	union vnet_addr daddr;
};

/**
 * struct vnet_datagrams - incomplete packets of one sender
 * @lock: protects all of it, taken with bottom halves off
 * @list: of struct datagram, the oldest first
 * @bytes: memory that they take
 * @shared: likewise, all senders that share a bound
 * @closed: nothing is kept any more
 */
struct vnet_datagrams {
	spinlock_t lock;
	struct list_head list;
	u32 bytes;
	atomic_t *shared;
	bool closed;
};

/**
 * enum vnet_datagram_verdict - what became of a fragment
 * @VNET_DATAGRAM_KEPT: it waits for others
 * @VNET_DATAGRAM_WHOLE: it was the missing one
 * @VNET_DATAGRAM_REPEATED: it is there already; the caller keeps it
 * @VNET_DATAGRAM_BAD: it overlaps another, lies beyond the end or there are too many
 *	of them; the caller keeps it, and the packet is given up (RFC 5722)
 * @VNET_DATAGRAM_FULL: there is no room for it; the caller keeps it
 */
enum vnet_datagram_verdict {
	VNET_DATAGRAM_KEPT,
	VNET_DATAGRAM_WHOLE,
	VNET_DATAGRAM_REPEATED,
	VNET_DATAGRAM_BAD,
	VNET_DATAGRAM_FULL,
};

void vnet_datagrams_init(struct vnet_datagrams *all, atomic_t *shared);
enum vnet_datagram_verdict vnet_datagrams_add(struct vnet_datagrams *all,
					      const struct vnet_part *fragment,
					      struct sk_buff *skb, u64 now,
					      struct sk_buff_head *whole,
					      struct sk_buff_head *lost);
void vnet_datagrams_expire(struct vnet_datagrams *all, u64 now,
			   struct sk_buff_head *lost);
void vnet_datagrams_close(struct vnet_datagrams *all, struct sk_buff_head *lost);

#endif /* VNET_DATAGRAM_H */
