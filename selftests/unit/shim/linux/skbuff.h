/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: frames and their queues */
#ifndef SHIM_LINUX_SKBUFF_H
#define SHIM_LINUX_SKBUFF_H

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* As much of a frame as a queue needs to know. Its bytes are in one piece, if it has any. */
struct sk_buff {
	union {
		struct {
			struct sk_buff *next;
			struct sk_buff *prev;
		};
		struct list_head list;
	};
	char cb[48] __aligned(8);
	unsigned int len;
	unsigned int truesize;
	u32 hash;
	bool l4_hash;
	bool sw_hash;
	unsigned char *data;
};

static inline unsigned int skb_headlen(const struct sk_buff *skb)
{
	return skb->len;
}

static inline u32 skb_get_hash(const struct sk_buff *skb)
{
	return skb->hash;
}

struct sk_buff_head {
	struct sk_buff *next;
	struct sk_buff *prev;
	u32 qlen;
	spinlock_t lock;
};

/* The head takes part in the ring; only its links are ever used as a frame's. */
#define shim_skb_head(list)	((struct sk_buff *)(list))

static inline void __skb_queue_head_init(struct sk_buff_head *list)
{
	list->next = shim_skb_head(list);
	list->prev = shim_skb_head(list);
	list->qlen = 0;
}

static inline void skb_queue_head_init(struct sk_buff_head *list)
{
	spin_lock_init(&list->lock);
	__skb_queue_head_init(list);
}

static inline bool skb_queue_empty(const struct sk_buff_head *list)
{
	return list->next == (const struct sk_buff *)list;
}

static inline u32 skb_queue_len(const struct sk_buff_head *list)
{
	return list->qlen;
}

static inline struct sk_buff *skb_peek(const struct sk_buff_head *list)
{
	return skb_queue_empty(list) ? NULL : list->next;
}

static inline struct sk_buff *skb_peek_tail(const struct sk_buff_head *list)
{
	return skb_queue_empty(list) ? NULL : list->prev;
}

static inline void __skb_queue_after(struct sk_buff_head *list,
				     struct sk_buff *before, struct sk_buff *skb)
{
	skb->prev = before;
	skb->next = before->next;
	before->next->prev = skb;
	before->next = skb;
	list->qlen++;
}

static inline void __skb_queue_tail(struct sk_buff_head *list, struct sk_buff *skb)
{
	__skb_queue_after(list, list->prev, skb);
}

static inline void __skb_queue_head(struct sk_buff_head *list, struct sk_buff *skb)
{
	__skb_queue_after(list, shim_skb_head(list), skb);
}

static inline void __skb_unlink(struct sk_buff *skb, struct sk_buff_head *list)
{
	skb->prev->next = skb->next;
	skb->next->prev = skb->prev;
	skb->next = NULL;
	skb->prev = NULL;
	list->qlen--;
}

static inline struct sk_buff *__skb_dequeue(struct sk_buff_head *list)
{
	struct sk_buff *skb = skb_peek(list);

	if (skb)
		__skb_unlink(skb, list);
	return skb;
}

static inline void skb_queue_splice_tail_init(struct sk_buff_head *from,
					      struct sk_buff_head *to)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(from)))
		__skb_queue_tail(to, skb);
}

#define skb_queue_walk(list, skb)					\
	for (skb = (list)->next; skb != shim_skb_head(list); skb = skb->next)
#define skb_queue_walk_safe(list, skb, following)			\
	for (skb = (list)->next, following = skb->next;			\
	     skb != shim_skb_head(list);				\
	     skb = following, following = skb->next)

static inline struct sk_buff *alloc_skb(unsigned int length, gfp_t gfp)
{
	struct sk_buff *skb = kzalloc(sizeof(*skb), gfp);

	if (skb)
		skb->len = length;
	return skb;
}

/* A frame must have left its queue. */
static inline void kfree_skb(struct sk_buff *skb)
{
	SHIM_ASSERT(!skb || !skb->next, "freeing a queued frame");
	kfree(skb);
}

#define consume_skb(skb)	kfree_skb(skb)

#endif /* SHIM_LINUX_SKBUFF_H */
