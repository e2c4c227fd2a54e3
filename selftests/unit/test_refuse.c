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

#include "diag.h"
#include "netdev.h"
#include "refuse.h"

const struct vnet_schema vnet_network_schema, vnet_port_schema;
const struct vnet_schema vnet_member_schema, vnet_fdb_schema;
const struct vnet_schema vnet_rule_schema, vnet_class_schema;
const struct vnet_schema vnet_set_schema, vnet_element_schema;

static struct vnet_error error;
static char told[300];

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
	(void)ctl;
	(void)format;
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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(blame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
