/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The elements of a set, as the files set_*.c share them. Nobody else includes it.
 * Layer 1.
 */
#ifndef VNET_SET_ELEMENT_H
#define VNET_SET_ELEMENT_H

#include <asm/byteorder.h>
#include <linux/bitops.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/string.h>
#include "set_table.h"

#define VNET_SET_PORT_COUNT	65536
#define VNET_SET_LENGTHS	129

/**
 * struct vnet_set_key - an element as it is hashed; what is not used is zero
 * @addr: prefix, or in the first bytes a MAC or the id of a member
 * @port: first port
 * @port_max: last port
 * @version: IP version
 * @len: prefix length
 */
struct vnet_set_key {
	union vnet_addr addr;
	u16 port;
	u16 port_max;
	u16 version;
	u16 len;
};

/**
 * struct vnet_set_entry - an element
 * @node: in the hash table
 * @key: what it is
 * @walk: the last walk that met it; config mutex
 * @rcu: readers may still look at it
 */
struct vnet_set_entry {
	struct rhash_head node;
	struct vnet_set_key key;
	u32 walk;
	struct rcu_head rcu;
};

/**
 * struct vnet_set_elements - the elements of a set
 * @hash: all of them
 * @lens: which prefix lengths there are, by IP version (4, 6)
 * @len_count: how many elements have each; config mutex
 * @ports: which ports are in the set, NULL unless it is one of ports
 * @count: how many elements there are; config mutex
 * @walks: how often they were walked through; config mutex
 */
struct vnet_set_elements {
	struct rhashtable hash;
	unsigned long lens[2][BITS_TO_LONGS(VNET_SET_LENGTHS)];
	u32 len_count[2][VNET_SET_LENGTHS];
	unsigned long *ports;
	u32 count;
	u32 walks;
};

struct vnet_named_set;

/**
 * struct vnet_set - a set
 * @type: what it consists of
 * @named: who it is, of those that have a name; never changes
 * @elements: those, never NULL
 */
struct vnet_set {
	enum vnet_set_type type;
	struct vnet_named_set *named;
	struct vnet_set_elements __rcu *elements;
};

static inline u32 vnet_set_hash(const void *key, u32 length, u32 seed)
{
	return jhash(key, length, seed);
}

static const struct rhashtable_params vnet_set_params __maybe_unused = {
	.head_offset = offsetof(struct vnet_set_entry, node),
	.key_offset = offsetof(struct vnet_set_entry, key),
	.key_len = sizeof(struct vnet_set_key),
	.hashfn = vnet_set_hash,
	.automatic_shrinking = true,
};

/* The first @len bits of an address. */
static inline void vnet_set_mask(union vnet_addr *to, const union vnet_addr *from,
				 u16 version, u32 len)
{
	u32 words = version == 6 ? 4 : 1, i, bits;

	memset(to, 0, sizeof(*to));
	for (i = 0; i < words && i * 32 < len; i++) {
		bits = min(len - i * 32, 32U);
		to->v6[i] = from->v6[i] & cpu_to_be32(~0U << (32 - bits));
	}
}

#endif /* VNET_SET_ELEMENT_H */
