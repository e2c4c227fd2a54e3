/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: memory that can be made to fail */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/types.h>

/*
 * Each allocation may be made to fail, see shim_fail_at(). One that may sleep
 * must be allowed to. New memory is full of rubbish unless zero was asked for.
 */
void *shim_alloc(const char *file, int line, size_t size, gfp_t gfp);
void shim_free(const void *pointer);

#define kmalloc(size, gfp)	shim_alloc(__FILE__, __LINE__, size, gfp)
#define kzalloc(size, gfp)	kmalloc(size, (gfp) | __GFP_ZERO)
#define kmalloc_array(n, size, gfp) kmalloc(shim_size(0, n, size), gfp)
#define kcalloc(n, size, gfp)	kzalloc(shim_size(0, n, size), gfp)
#define kvmalloc(size, gfp)	kmalloc(size, gfp)
#define kvzalloc(size, gfp)	kzalloc(size, gfp)
#define kvzalloc_node(size, gfp, node) kvzalloc(size, gfp)
#define kvmalloc_array(n, size, gfp) kmalloc_array(n, size, gfp)
#define kvcalloc(n, size, gfp)	kcalloc(n, size, gfp)
#define kfree(pointer)		shim_free(pointer)
#define kvfree(pointer)		shim_free(pointer)

void *shim_memdup(const char *file, int line, const void *from, size_t size, gfp_t gfp);

#define kmemdup(from, size, gfp) shim_memdup(__FILE__, __LINE__, from, size, gfp)
#define kstrdup(from, gfp) \
	((char *)shim_memdup(__FILE__, __LINE__, from, strlen(from) + 1, gfp))

#define SLAB_HWCACHE_ALIGN	0x1U
#define SLAB_ACCOUNT		0x2U

struct kmem_cache;

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, unsigned int flags,
				     void (*ctor)(void *object));
/* All objects must have been freed. NULL is fine. */
void kmem_cache_destroy(struct kmem_cache *cache);
void *shim_cache_alloc(const char *file, int line, struct kmem_cache *cache, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *cache, void *object);

#define kmem_cache_alloc(cache, gfp) shim_cache_alloc(__FILE__, __LINE__, cache, gfp)
#define kmem_cache_zalloc(cache, gfp) kmem_cache_alloc(cache, (gfp) | __GFP_ZERO)
#define KMEM_CACHE(type, flags) \
	kmem_cache_create(#type, sizeof(struct type), __alignof__(struct type), flags, NULL)

#endif /* SHIM_LINUX_SLAB_H */
