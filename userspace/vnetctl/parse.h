/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * parse: from a typed word to a value.
 *
 * Each function returns NULL, or a phrase that says what is wrong with the word
 * ("needs a unit: ..."); then the value is not touched.
 */
#ifndef VNETCTL_PARSE_H
#define VNETCTL_PARSE_H

#include <stdint.h>
#include <vnet.h>

const char *parse_name(const char *word);
const char *parse_number(const char *word, uint64_t *value);
const char *parse_rate(const char *word, uint64_t *bits);
const char *parse_size(const char *word, uint64_t *bytes);
const char *parse_time(const char *word, uint64_t *ms);
const char *parse_lifetime(const char *word, uint64_t *seconds);
const char *parse_sample(const char *word, uint64_t *one_in);
const char *parse_frames(const char *word, uint64_t *frames);
const char *parse_connections(const char *word, uint64_t *connections);
const char *parse_mac(const char *word, struct vnet_mac *mac);
const char *parse_mac_mask(const char *word, struct vnet_mac *mac,
			   struct vnet_mac *mask);
const char *parse_prefix(const char *word, struct vnet_prefix *prefix);
const char *parse_address(const char *word, struct vnet_ip *ip);
const char *parse_endpoint(const char *word, struct vnet_ip *ip, int *port);
const char *parse_range(const char *word, uint16_t *first, uint16_t *last);
const char *parse_ethertype(const char *word, uint64_t *value);
const char *parse_proto(const char *word, uint64_t *value);
const char *parse_icmp_type(const char *word, unsigned int proto,
			    uint64_t *value);
const char *parse_macs(const char *word, struct vnet_macs *list);
const char *parse_prefixes(const char *word, struct vnet_prefixes *list);

#endif /* VNETCTL_PARSE_H */
