// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a part of a key is in a set.
 * Layer 1: it must not know how sets change.
 */

#include "set.h"

#include "set_element.h"

static bool has_key(struct vnet_set_elements *elements, const struct vnet_set_key *key)
{
	return rhashtable_lookup(&elements->hash, key, vnet_set_params);
}

static bool has_addr(struct vnet_set_elements *elements, const struct vnet_key *key,
		     const union vnet_addr *addr, u16 port)
{
	struct vnet_set_key k = { .version = key->version, .port = port };
	const unsigned long *lens;
	unsigned long word;
	u32 i;

	if (!(key->flags & VNET_KEY_IP))
		return false;
	lens = elements->lens[key->version == 6];
	/* Long prefixes are the likelier ones, but a miss has to try all anyway. */
	for (i = 0; i < BITS_TO_LONGS(VNET_SET_LENGTHS); i++) {
		for (word = READ_ONCE(lens[i]); word; word &= word - 1) {
			k.len = i * BITS_PER_LONG + __ffs(word);
			vnet_set_mask(&k.addr, addr, k.version, k.len);
			if (has_key(elements, &k))
				return true;
		}
	}
	return false;
}

static bool has_mac(struct vnet_set_elements *elements, const u8 *mac)
{
	struct vnet_set_key k = {};

	memcpy(k.addr.bytes, mac, 6);
	return has_key(elements, &k);
}

static bool has_member(struct vnet_set_elements *elements, u32 member)
{
	struct vnet_set_key k = {};

	memcpy(k.addr.bytes, &member, sizeof(member));
	return has_key(elements, &k);
}

static bool has_port(const struct vnet_set_elements *elements, const struct vnet_key *key,
		     __be16 port)
{
	return key->flags & VNET_KEY_PORTS && test_bit(be16_to_cpu(port), elements->ports);
}

/* Which sets a part of a key can be looked for in. */
static enum vnet_set_type type_for(enum vnet_set_what what)
{
	switch (what) {
	case VNET_SET_SRC_IP:
	case VNET_SET_DST_IP:
		return VNET_SET_ADDRESSES;
	case VNET_SET_SPORT:
	case VNET_SET_DPORT:
		return VNET_SET_PORTS;
	case VNET_SET_SRC_MAC:
	case VNET_SET_DST_MAC:
		return VNET_SET_MACS;
	case VNET_SET_MEMBER:
		return VNET_SET_MEMBERS;
	default:
		return VNET_SET_PAIRS;
	}
}

/**
 * vnet_set_has - whether a part of a key, or the member, is in a set
 * @set: the set
 * @key: the key
 * @member: id of the sender (egress) or the receiver (ingress)
 * @what: the part
 *
 * Context: RCU read side.
 * Return: true if it is; false too if the key has no such part, or the set is not one
 * of such parts.
 */
bool vnet_set_has(const struct vnet_set *set, const struct vnet_key *key, u32 member,
		  enum vnet_set_what what)
{
	struct vnet_set_elements *elements = rcu_dereference(set->elements);

	if (set->type != type_for(what))
		return false;
	switch (what) {
	case VNET_SET_SRC_IP:
		return has_addr(elements, key, &key->saddr, 0);
	case VNET_SET_DST_IP:
		return has_addr(elements, key, &key->daddr, 0);
	case VNET_SET_SPORT:
		return has_port(elements, key, key->sport);
	case VNET_SET_DPORT:
		return has_port(elements, key, key->dport);
	case VNET_SET_SRC_MAC:
		return has_mac(elements, key->src);
	case VNET_SET_DST_MAC:
		return has_mac(elements, key->dst);
	case VNET_SET_SRC_PAIR:
		return key->flags & VNET_KEY_PORTS &&
		       has_addr(elements, key, &key->saddr, be16_to_cpu(key->sport));
	case VNET_SET_DST_PAIR:
		return key->flags & VNET_KEY_PORTS &&
		       has_addr(elements, key, &key->daddr, be16_to_cpu(key->dport));
	case VNET_SET_MEMBER:
		return has_member(elements, member);
	default:
		return false;
	}
}
