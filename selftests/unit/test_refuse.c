// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_refuse: whom an error is blamed on: the kernel with a sentence of its own,
 * the kernel without one, the library. All that talks to the kernel is played.
 */
// SOURCES: userspace/vnetctl/refuse.c userspace/vnetctl/format.c userspace/vnetctl/tables.c
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmd.h"
#include "diag.h"
#include "netdev.h"
#include "refuse.h"
#include "tables.h"

const struct vnet_schema vnet_network_schema, vnet_port_schema;
const struct vnet_schema vnet_member_schema, vnet_fdb_schema;
const struct vnet_schema vnet_rule_schema, vnet_class_schema;
const struct vnet_schema vnet_set_schema, vnet_element_schema;

static struct vnet_error error;
static char told[300];
static char hinted[300];

const struct vnet_error *vnet_error(const struct vnet *ctx)
{
	(void)ctx;
	return &error;
}

void diag_error(const struct ctl *ctl, const char *format, ...)
{
	va_list args;

	(void)ctl;
	va_start(args, format);
	vsnprintf(told, sizeof(told), format, args);
	va_end(args);
}

void diag_hint(const struct ctl *ctl, const char *format, ...)
{
	va_list args;

	(void)ctl;
	va_start(args, format);
	vsnprintf(hinted, sizeof(hinted), format, args);
	va_end(args);
}

void diag_caret(const struct ctl *ctl, int word, const char *remark)
{
	(void)ctl;
	(void)word;
	(void)remark;
}

int vnet_info_get(struct vnet *ctx, struct vnet_info *info)
{
	(void)ctx;
	(void)info;
	return 0;
}

int vnet_network_get(struct vnet *ctx, struct vnet_network *network)
{
	(void)ctx;
	(void)network;
	return -ENOENT;
}

int vnet_port_get(struct vnet *ctx, struct vnet_port *port)
{
	(void)ctx;
	(void)port;
	return -ENOENT;
}

int vnet_member_get(struct vnet *ctx, struct vnet_member *member)
{
	(void)ctx;
	(void)member;
	return -ENOENT;
}

/* root - top - mid - leaf, root - deep1 - ... - deep5 */
static const struct vnet_class classes[] = {
	{ .name = "root" },
	{ .name = "top", .parent = "root", .level = 1 },
	{ .name = "leaf", .parent = "mid", .level = 3 },
	{ .name = "mid", .parent = "top", .level = 2 },
	{ .name = "deep1", .parent = "root", .level = 1 },
	{ .name = "deep2", .parent = "deep1", .level = 2 },
	{ .name = "deep3", .parent = "deep2", .level = 3 },
	{ .name = "deep4", .parent = "deep3", .level = 4 },
	{ .name = "deep5", .parent = "deep4", .level = 5 },
};

int vnet_class_list(struct vnet *ctx, const struct vnet_class *filter,
		    struct vnet_list *list)
{
	(void)ctx;
	assert_string_equal(filter->id.network, "red");
	list->count = COUNT_OF(classes);
	return 0;
}

void *vnet_list_at(const struct vnet_list *list, size_t index)
{
	assert_true(index < list->count);
	return (void *)&classes[index];
}

void vnet_list_clear(struct vnet_list *list)
{
	list->count = 0;
}

void vnet_member_clear(struct vnet_member *member)
{
	(void)member;
}

void vnet_close(struct vnet *ctx)
{
	(void)ctx;
}

struct vnet *ctl_connect(struct ctl *ctl, int *code)
{
	(void)ctl;
	(void)code;
	return NULL;
}

bool netdev_exists(const char *name)
{
	(void)name;
	return false;
}

int netdev_stack_read(const char *name, struct netdev_stack *stack)
{
	(void)name;
	(void)stack;
	return -ENODEV;
}

uint64_t slot_number(const struct slot *slot, unsigned int attr)
{
	(void)slot;
	(void)attr;
	return 0;
}

static void check_told(int code, const char *text, bool kernel, bool library,
		       const char *want)
{
	struct ctl ctl = { .mode = CTL_ONCE };

	memset(&error, 0, sizeof(error));
	error.code = code;
	error.from_kernel = kernel;
	error.from_library = library;
	snprintf(error.text, sizeof(error.text), "%s", text);
	assert_int_equal(refuse_connection(&ctl), CTL_REFUSED);
	assert_string_equal(told, want);
}

static void blame(void **state)
{
	(void)state;
	check_told(-EBUSY, "vnet: the class is in use", true, false,
		   "the class is in use");
	check_told(-EOPNOTSUPP, "Operation not supported", false, false,
		   "the kernel refuses: Operation not supported");
	check_told(-EAGAIN, "the configuration changes faster than it can be read",
		   false, true,
		   "the configuration changes faster than it can be read");
	check_told(-EIO, "cannot read the kernel's answer: Input/output error",
		   false, true,
		   "cannot read the kernel's answer: Input/output error");
	check_told(-EPERM, "Operation not permitted", false, false,
		   "not permitted");
}

static void check_depth(const char *name, const char *parent, const char *want)
{
	static const struct command command = { .schema = &vnet_class_schema };
	struct line line = { .count = 1 };
	struct ctl ctl = { .mode = CTL_ONCE, .line = &line };
	struct args a = { .ctl = &ctl, .cmd = &command };

	strcpy(a.object.id.network, "red");
	strcpy(a.object.class_.name, name);
	strcpy(a.object.class_.parent, parent);
	hinted[0] = '\0';
	error = (struct vnet_error){ .code = -E2BIG, .from_kernel = true };
	assert_int_equal(refuse(&ctl, &a, -E2BIG), CTL_REFUSED);
	assert_string_equal(hinted, want);
}

/* What is too deep is told as a sum: what is above, the parent, what moves. */
static void depth(void **state)
{
	(void)state;
	check_depth("top", "deep5",
		    "deep5 has 5 levels above it, top itself and what is below it take 3: 5 + 1 + 3 > 8");
	check_depth("deep1", "leaf",
		    "leaf has 3 levels above it, deep1 itself and what is below it take 5: 3 + 1 + 5 > 8");
	check_depth("new", "deep5",
		    "deep5 has 5 levels above it, new itself and what is below it take 1: 5 + 1 + 1 > 8");
	/* The tree has changed meanwhile. */
	check_depth("top", "gone", "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(blame), cmocka_unit_test(depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
