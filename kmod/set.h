/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the classifier knows of named sets: that they can be asked.
 * Layer 0: it must not know what a set consists of.
 */
#ifndef VNET_SET_H
#define VNET_SET_H

#include "key.h"

/**
 * enum vnet_set_what - which part of a key is looked for in a set, or the member
 * @VNET_SET_SRC_IP: source address
 * @VNET_SET_DST_IP: destination address
 * @VNET_SET_SPORT: source port
 * @VNET_SET_DPORT: destination port
 * @VNET_SET_SRC_MAC: source MAC
 * @VNET_SET_DST_MAC: destination MAC
 * @VNET_SET_SRC_PAIR: source address and source port
 * @VNET_SET_DST_PAIR: destination address and destination port
 * @VNET_SET_MEMBER: the sender (egress) or the receiver (ingress)
 * @VNET_SET_WHATS: how many there are
 */
enum vnet_set_what {
	VNET_SET_SRC_IP,
	VNET_SET_DST_IP,
	VNET_SET_SPORT,
	VNET_SET_DPORT,
	VNET_SET_SRC_MAC,
	VNET_SET_DST_MAC,
	VNET_SET_SRC_PAIR,
	VNET_SET_DST_PAIR,
	VNET_SET_MEMBER,
	VNET_SET_WHATS
};

struct vnet_set;

/* In set_ask.c, which is of layer 1. */
bool vnet_set_has(const struct vnet_set *set, const struct vnet_key *key, u32 member,
		  enum vnet_set_what what);

#endif /* VNET_SET_H */
