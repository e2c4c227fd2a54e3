// SPDX-License-Identifier: GPL-2.0-only
/*
 * Datagrams: frames with fragments of IP packets that are kept until all of a packet
 * are there. Layer 1: it must not know members, headers or the packet path.
 *
 * A packet is known by its addresses, its number and its protocol. Its fragments are
 * kept in the order of their offsets, in one array, so a new one is compared with its
 * two neighbours only. They do not overlap, so the packet is whole when they are as
 * long together as the end of the last one says.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/ktime.h>
#include "datagram.h"

/* One of them is nothing that a few others would notice. */
#define DATAGRAMS_MAX	64

struct piece {
	struct sk_buff *skb;
	u16 offset;
	u16 length;
};

/**
 * struct datagram - an incomplete packet
 * @node: in vnet_datagrams.list
 * @id: what all its fragments have in common
 * @born: when the first fragment came, nanoseconds
 * @end: its length, 0 = not known yet
 * @length: of its fragments together
 * @bytes: memory that it takes
 * @count: of @piece
 * @piece: its fragments, by offset
 */
struct datagram {
	struct list_head node;
	struct vnet_part id;
	u64 born;
	u32 end;
	u32 length;
	u32 bytes;
	u32 count;
	struct piece piece[VNET_DATAGRAM_FRAGMENTS];
};

/**
 * vnet_datagrams_init - begin with none
 * @all: the packets of a sender
 * @shared: memory that the senders take together who share a bound
 */
void vnet_datagrams_init(struct vnet_datagrams *all, atomic_t *shared)
{
	spin_lock_init(&all->lock);
	INIT_LIST_HEAD(&all->list);
	all->bytes = 0;
	all->shared = shared;
	all->closed = false;
}

static bool same_packet(const struct vnet_part *a, const struct vnet_part *b)
{
	return a->id == b->id && a->version == b->version && a->proto == b->proto &&
	       !memcmp(&a->saddr, &b->saddr, sizeof(a->saddr)) &&
	       !memcmp(&a->daddr, &b->daddr, sizeof(a->daddr));
}

static void charge(struct vnet_datagrams *all, struct datagram *datagram, u32 bytes)
{
	datagram->bytes += bytes;
	all->bytes += bytes;
	atomic_add(bytes, all->shared);
}

/* The datagram is gone, its frames are in @out. */
static void give_away(struct vnet_datagrams *all, struct datagram *datagram,
		      struct sk_buff_head *out)
{
	u32 i;

	for (i = 0; i < datagram->count; i++)
		__skb_queue_tail(out, datagram->piece[i].skb);
	list_del(&datagram->node);
	all->bytes -= datagram->bytes;
	atomic_sub(datagram->bytes, all->shared);
	kfree(datagram);
}

static struct datagram *find(struct vnet_datagrams *all,
			     const struct vnet_part *fragment, u32 *count)
{
	struct datagram *datagram;

	*count = 0;
	list_for_each_entry(datagram, &all->list, node) {
		if (same_packet(&datagram->id, fragment))
			return datagram;
		++*count;
	}
	return NULL;
}

static struct datagram *begin(struct vnet_datagrams *all,
			      const struct vnet_part *fragment, u64 now)
{
	struct datagram *datagram = kzalloc(sizeof(*datagram), GFP_ATOMIC | __GFP_NOWARN);

	if (!datagram)
		return NULL;
	datagram->id = *fragment;
	datagram->born = now;
	list_add_tail(&datagram->node, &all->list);
	charge(all, datagram, sizeof(*datagram));
	return datagram;
}

static bool has_room(const struct vnet_datagrams *all, u32 bytes)
{
	return all->bytes + bytes <= VNET_DATAGRAM_BYTES &&
	       atomic_read(all->shared) + bytes <= VNET_DATAGRAM_SHARED;
}

/* The oldest ones of the sender make room, but not @wanted. */
static bool make_room(struct vnet_datagrams *all, const struct datagram *wanted,
		      u32 bytes, struct sk_buff_head *lost)
{
	struct datagram *oldest, *next;

	list_for_each_entry_safe(oldest, next, &all->list, node) {
		if (has_room(all, bytes))
			return true;
		if (oldest != wanted)
			give_away(all, oldest, lost);
	}
	return has_room(all, bytes);
}

/* Where in the array a fragment belongs. */
static u32 place_of(const struct datagram *datagram, const struct vnet_part *fragment)
{
	u32 i = datagram->count;

	/* They mostly come in order. */
	while (i && datagram->piece[i - 1].offset >= fragment->offset)
		i--;
	return i;
}

static bool repeated(const struct datagram *datagram, u32 place,
		     const struct vnet_part *fragment)
{
	const struct piece *there = &datagram->piece[place];

	return place < datagram->count && there->offset == fragment->offset &&
	       there->length == fragment->length;
}

static bool fits(const struct datagram *datagram, u32 place,
		 const struct vnet_part *fragment)
{
	u32 end = fragment->offset + fragment->length;
	const struct piece *piece = datagram->piece;

	if (datagram->count == VNET_DATAGRAM_FRAGMENTS || end > U16_MAX)
		return false;
	if (place && piece[place - 1].offset + piece[place - 1].length > fragment->offset)
		return false;
	if (place < datagram->count && piece[place].offset < end)
		return false;
	/* Nothing behind the end, and one end only. */
	if (datagram->end && end > datagram->end)
		return false;
	return !fragment->last || (!datagram->end && place == datagram->count);
}

static void insert(struct vnet_datagrams *all, struct datagram *datagram, u32 place,
		   const struct vnet_part *fragment, struct sk_buff *skb)
{
	memmove(&datagram->piece[place + 1], &datagram->piece[place],
		(datagram->count - place) * sizeof(*datagram->piece));
	datagram->piece[place] = (struct piece) {
		.skb = skb,
		.offset = fragment->offset,
		.length = fragment->length,
	};
	datagram->count++;
	datagram->length += fragment->length;
	if (fragment->last)
		datagram->end = fragment->offset + fragment->length;
	charge(all, datagram, skb->truesize);
}

static enum vnet_datagram_verdict add(struct vnet_datagrams *all,
				      const struct vnet_part *fragment,
				      struct sk_buff *skb, u64 now,
				      struct sk_buff_head *whole,
				      struct sk_buff_head *lost)
{
	struct datagram *datagram;
	u32 count, place;

	datagram = find(all, fragment, &count);
	if (!datagram && count >= DATAGRAMS_MAX)
		give_away(all, list_first_entry(&all->list, struct datagram, node), lost);
	if (!make_room(all, datagram, skb->truesize + sizeof(*datagram), lost))
		return VNET_DATAGRAM_FULL;
	if (!datagram)
		datagram = begin(all, fragment, now);
	if (!datagram)
		return VNET_DATAGRAM_FULL;
	place = place_of(datagram, fragment);
	if (repeated(datagram, place, fragment))
		return VNET_DATAGRAM_REPEATED;
	if (!fits(datagram, place, fragment)) {
		give_away(all, datagram, lost);
		return VNET_DATAGRAM_BAD;
	}
	insert(all, datagram, place, fragment, skb);
	if (datagram->length != datagram->end)
		return VNET_DATAGRAM_KEPT;
	give_away(all, datagram, whole);
	return VNET_DATAGRAM_WHOLE;
}

/**
 * vnet_datagrams_add - one more fragment came
 * @all: the packets of its sender
 * @fragment: what it says
 * @skb: the frame it is in; kept, but for the verdicts that say otherwise
 * @now: the time in nanoseconds
 * @whole: gets all frames of the packet in the order of their offsets, if it is whole
 * @lost: gets the frames of packets that were given up for want of room or because
 *	they are bad
 *
 * Context: any, bottom halves off.
 * Return: what became of it.
 */
enum vnet_datagram_verdict vnet_datagrams_add(struct vnet_datagrams *all,
					      const struct vnet_part *fragment,
					      struct sk_buff *skb, u64 now,
					      struct sk_buff_head *whole,
					      struct sk_buff_head *lost)
{
	enum vnet_datagram_verdict verdict = VNET_DATAGRAM_FULL;

	spin_lock(&all->lock);
	if (!all->closed)
		verdict = add(all, fragment, skb, now, whole, lost);
	spin_unlock(&all->lock);
	return verdict;
}

/**
 * vnet_datagrams_expire - give up what waited too long
 * @all: the packets of a sender
 * @now: the time in nanoseconds
 * @lost: gets their frames
 *
 * Context: process context.
 */
void vnet_datagrams_expire(struct vnet_datagrams *all, u64 now, struct sk_buff_head *lost)
{
	struct datagram *oldest, *next;

	spin_lock_bh(&all->lock);
	list_for_each_entry_safe(oldest, next, &all->list, node) {
		/* It may be younger than the time that we were told. */
		if (oldest->born + VNET_DATAGRAM_TIMEOUT * NSEC_PER_SEC > now)
			break;
		give_away(all, oldest, lost);
	}
	spin_unlock_bh(&all->lock);
}

/**
 * vnet_datagrams_close - give up everything, and keep nothing any more
 * @all: the packets of a sender
 * @lost: gets their frames
 *
 * Context: process context.
 */
void vnet_datagrams_close(struct vnet_datagrams *all, struct sk_buff_head *lost)
{
	struct datagram *oldest, *next;

	spin_lock_bh(&all->lock);
	all->closed = true;
	list_for_each_entry_safe(oldest, next, &all->list, node)
		give_away(all, oldest, lost);
	spin_unlock_bh(&all->lock);
}
