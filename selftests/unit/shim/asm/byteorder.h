/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: byte order */
#ifndef SHIM_ASM_BYTEORDER_H
#define SHIM_ASM_BYTEORDER_H

#include_next <asm/byteorder.h>

#include <linux/types.h>

#define cpu_to_be16(x)	((__be16)__builtin_bswap16(x))
#define cpu_to_be32(x)	((__be32)__builtin_bswap32(x))
#define cpu_to_be64(x)	((__be64)__builtin_bswap64(x))
#define be16_to_cpu(x)	__builtin_bswap16((u16)(x))
#define be32_to_cpu(x)	__builtin_bswap32((u32)(x))
#define be64_to_cpu(x)	__builtin_bswap64((u64)(x))

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the shim knows little-endian machines only"
#endif

#endif /* SHIM_ASM_BYTEORDER_H */
