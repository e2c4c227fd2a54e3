/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: what an IPv4 header says of fragments, and the order of its bytes */
#ifndef SHIM_NET_IP_H
#define SHIM_NET_IP_H

#include <endian.h>

#define htons(value)	htobe16(value)
#define htonl(value)	htobe32(value)

#define IP_MF		0x2000
#define IP_OFFSET	0x1fff

#endif /* SHIM_NET_IP_H */
