// SPDX-License-Identifier: GPL-2.0-only
/*
 * error: from a refusal to an errno, a sentence and the attribute at fault. The
 * only place that knows the error numbers of libnl.
 */
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/errno.h>

/* libnl reports socket errors in numbers of its own. */
int vnet_errno_of_nl(int nle)
{
	static const struct {
		int nle;
		int code;
	} map[] = {
		{ NLE_NOMEM, ENOMEM }, { NLE_PERM, EPERM },
		{ NLE_NOACCESS, EACCES }, { NLE_EXIST, EEXIST },
		{ NLE_OBJ_NOTFOUND, ENOENT }, { NLE_NOATTR, ENODATA },
		{ NLE_MISSING_ATTR, EINVAL }, { NLE_INVAL, EINVAL },
		{ NLE_BUSY, EBUSY }, { NLE_AGAIN, EAGAIN },
		{ NLE_INTR, EINTR }, { NLE_MSGSIZE, EMSGSIZE },
		{ NLE_MSG_OVERFLOW, EMSGSIZE }, { NLE_MSG_TRUNC, EMSGSIZE },
		{ NLE_MSG_TOOSHORT, EBADMSG }, { NLE_RANGE, ERANGE },
		{ NLE_NODEV, ENODEV }, { NLE_BAD_SOCK, EBADF },
		{ NLE_OPNOTSUPP, EOPNOTSUPP }, { NLE_AF_NOSUPPORT, EAFNOSUPPORT },
		{ NLE_PROTO_MISMATCH, EPROTONOSUPPORT },
	};
	int wanted = nle < 0 ? -nle : nle;
	size_t i;

	for (i = 0; i < VNET_COUNT(map); i++)
		if (map[i].nle == wanted)
			return -map[i].code;
	return -EIO;
}

void vnet_error_reset(struct vnet *ctx)
{
	memset(&ctx->error, 0, sizeof(ctx->error));
	ctx->error.entry = -1;
	ctx->errstr[0] = '\0';
}

static void compose(struct vnet *ctx)
{
	const struct vnet_error *e = &ctx->error;

	if (e->attr_name)
		snprintf(ctx->errstr, sizeof(ctx->errstr), "%s (%s%s)", e->text,
			 e->missing ? "missing " : "", e->attr_name);
	else
		snprintf(ctx->errstr, sizeof(ctx->errstr), "%s", e->text);
}

/*
 * Keeps the library's own account of a failure; text may be NULL. Returns code.
 */
int vnet_fail(struct vnet *ctx, int code, const char *text)
{
	vnet_error_reset(ctx);
	ctx->error.code = code;
	ctx->error.from_library = true;
	snprintf(ctx->error.text, sizeof(ctx->error.text), "%s",
		 text ? text : strerror(-code));
	compose(ctx);
	return code;
}

/* The same for failures of system calls, whose reason only the errno tells. */
int vnet_fail_system(struct vnet *ctx, int code, const char *text)
{
	vnet_fail(ctx, code, NULL);
	snprintf(ctx->error.text, sizeof(ctx->error.text), "%s: %s", text,
		 strerror(-code));
	compose(ctx);
	return code;
}

/* Where the attributes behind an answer's error code begin. */
static struct nlattr *error_attrs(struct nlmsghdr *nlh, int *len)
{
	int skip = sizeof(int);

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (nlh->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *err = nlmsg_data(nlh);

		if (nlmsg_datalen(nlh) < (int)sizeof(*err))
			return NULL;
		skip = sizeof(*err);
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
			skip += NLMSG_ALIGN(err->msg.nlmsg_len -
					    sizeof(err->msg));
	}
	*len = nlmsg_datalen(nlh) - NLMSG_ALIGN(skip);
	if (*len < (int)sizeof(struct nlattr))
		return NULL;
	return (struct nlattr *)((char *)nlmsg_data(nlh) + NLMSG_ALIGN(skip));
}

static void take_text(struct vnet_error *e, struct nlattr *attr)
{
	int len = nla_len(attr);

	if (len <= 0)
		return;
	snprintf(e->text, sizeof(e->text), "%.*s", len,
		 (const char *)nla_data(attr));
	e->from_kernel = true;
}

static void name_attr(struct vnet_error *e, const struct vnet_schema *schema,
		      unsigned int attr)
{
	const struct vnet_field *field = vnet_schema_field(schema, attr);

	e->attr = attr;
	e->attr_name = field ? field->name : NULL;
}

/* The attribute that a request of this kind may repeat, 0 if none. */
static unsigned int entry_attr(const struct vnet_schema *schema)
{
	if (schema == &vnet_rule_schema)
		return VNET_A_RULE_ENTRY;
	return schema == &vnet_element_schema ? VNET_A_SET_ELEMENT : 0;
}

/* Finds the attribute of the request that begins offset bytes into it. In one
 * of many rules or elements that is one level down, and its index is told too.
 */
static void find_attr(struct vnet_error *e, const struct vnet_schema *schema,
		      struct nl_msg *request, uint32_t offset)
{
	struct nlmsghdr *nlh = nlmsg_hdr(request);
	struct nlattr *attr, *inner;
	char *target = (char *)nlh + offset;
	long entry = -1;
	int rest, rest_inner;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rest) {
		bool many = entry_attr(schema) == (unsigned int)nla_type(attr);

		entry += many;
		if (target >= (char *)attr + NLA_ALIGN(attr->nla_len))
			continue;
		if (many)
			e->entry = entry;
		name_attr(e, schema, nla_type(attr));
		if (!many || target == (char *)attr)
			return;
		nla_for_each_nested(inner, attr, rest_inner) {
			if (target == (char *)inner)
				name_attr(e, schema, nla_type(inner));
		}
		return;
	}
}

static void take_attrs(struct vnet *ctx, const struct vnet_schema *schema,
		       struct nl_msg *request, struct nlmsghdr *answer)
{
	struct vnet_error *e = &ctx->error;
	uint32_t missing = 0;
	struct nlattr *attr;
	int len = 0, rest;
	struct nlattr *head = error_attrs(answer, &len);

	if (!head)
		return;
	nla_for_each_attr(attr, head, len, rest) {
		bool number = nla_len(attr) >= (int)sizeof(uint32_t);

		switch (nla_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			take_text(e, attr);
			break;
		case NLMSGERR_ATTR_OFFS:
		case NLMSGERR_ATTR_MISS_NEST:
			if (number)
				find_attr(e, schema, request,
					  nla_get_u32(attr));
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			if (number)
				missing = nla_get_u32(attr);
			break;
		}
	}
	if (missing) {
		name_attr(e, schema, missing);
		e->missing = true;
	}
}

/*
 * Keeps what the kernel told in an error message or at the end of a dump.
 * Returns its errno.
 */
int vnet_fail_from(struct vnet *ctx, const struct vnet_schema *schema,
		   struct nl_msg *request, struct nlmsghdr *answer)
{
	struct vnet_error *e = &ctx->error;
	int code;

	memcpy(&code, nlmsg_data(answer), sizeof(code));
	vnet_error_reset(ctx);
	e->code = code;
	take_attrs(ctx, schema, request, answer);
	if (!e->from_kernel)
		snprintf(e->text, sizeof(e->text), "%s", strerror(-code));
	compose(ctx);
	return code;
}

/**
 * vnet_errstr() - why the last request failed
 * @ctx: the connection; NULL when vnet_open() ran out of memory
 *
 * Return: a sentence with the attribute at fault; valid until the next request.
 */
const char *vnet_errstr(const struct vnet *ctx)
{
	return ctx ? ctx->errstr : strerror(ENOMEM);
}

/**
 * vnet_error() - why the last request failed, in parts
 * @ctx: the connection
 *
 * Return: the parts; valid until the next request.
 */
const struct vnet_error *vnet_error(const struct vnet *ctx)
{
	return &ctx->error;
}
