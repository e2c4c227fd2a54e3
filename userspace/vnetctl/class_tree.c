// SPDX-License-Identifier: GPL-2.0-only
/*
 * class_tree: classes as a person wants to see them: each network's as a tree, and
 * below each class a line for each direction in which something happens.
 */
#include "class_tree.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bar.h"
#include "cmd.h"
#include "format.h"
#include "object.h"
#include "refuse.h"
#include "tables.h"

#define BAR_WANTED	20
#define BAR_LEAST	5
#define INDENT		"  "		/* of lines below a class */

/* How the lines of a tree are drawn: to a class, to the last one, past them. */
struct guides {
	const char *child;
	const char *last;
	const char *past;
	const char *none;
};

static const struct guides box = { "├─ ", "└─ ", "│  ", "   " };
static const struct guides plain = { "|- ", "`- ", "|  ", "   " };

/* Room for the lines of all levels, each of up to five bytes. */
#define GUIDES_SIZE	(VNET_CLASS_DEPTH_MAX * 8 + 8)

/**
 * struct tree - what is being shown
 * @ctl: the run
 * @a: the command
 * @sorted: the classes by network, parent and id
 * @count: how many
 * @guides: how lines are drawn
 * @utf8: the terminal knows more than ASCII
 * @columns: how wide it is
 */
struct tree {
	struct ctl *ctl;
	const struct args *a;
	const struct vnet_class **sorted;
	size_t count;
	const struct guides *guides;
	bool utf8;
	int columns;
};

static int compare_place(const struct vnet_class *a, const struct vnet_class *b)
{
	int order = strcmp(a->id.network, b->id.network);

	return order ? order : strcmp(a->parent, b->parent);
}

static int compare(const void *x, const void *y)
{
	const struct vnet_class *a = *(const struct vnet_class *const *)x;
	const struct vnet_class *b = *(const struct vnet_class *const *)y;
	int order = compare_place(a, b);

	return order ? order : a->class_id < b->class_id ? -1 : 1;
}

/* Index of the first child of a class, or where it would be. */
static size_t first_child(const struct tree *tree, const struct vnet_class *class_)
{
	struct vnet_class wanted = { .id.has = 0 };
	size_t low = 0, high = tree->count;

	strcpy(wanted.id.network, class_->id.network);
	strcpy(wanted.parent, class_->name);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_place(tree->sorted[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_child(const struct tree *tree, size_t i, const struct vnet_class *class_)
{
	return i < tree->count && !strcmp(tree->sorted[i]->parent, class_->name) &&
	       !strcmp(tree->sorted[i]->id.network, class_->id.network);
}

/* What stands behind the bar. */
static void describe_now(char *text, size_t size, const struct vnet_class_stats *stats,
			 uint64_t whole)
{
	struct text rate, bytes;
	char share[16] = "", held[64] = "";

	if (whole)
		snprintf(share, sizeof(share), " %3.0f%%",
			 (double)stats->measured_bps / whole * 100);
	if (stats->queued_packets)
		snprintf(held, sizeof(held), "  held %.30s/%" PRIu64,
			 format_rough(&bytes, size_units, stats->queued_bytes),
			 stats->queued_packets);
	snprintf(text, size, "%8s%s%s",
		 format_rough(&rate, rate_units, stats->measured_bps), share, held);
}

/* And behind that, or in a line of its own if there is no room. */
static void describe_more(char *text, size_t size, const struct vnet_class_stats *stats)
{
	char dropped[40] = "";

	if (stats->dropped)
		snprintf(dropped, sizeof(dropped), "  dropped %" PRIu64, stats->dropped);
	snprintf(text, size, "%s%s%s", dropped,
		 stats->lender[0] ? "  borrows from " : "", stats->lender);
}

/* One direction; nothing if nothing happens there. The bar takes what room there is. */
static void show_direction(const struct tree *tree, const char *label,
			   const struct vnet_class_stats *stats, uint64_t whole,
			   int indent)
{
	char line[512], bar[BAR_SIZE], rest[256], more[128];
	int width, room;

	if (!stats->measured_bps && !stats->queued_packets && !stats->dropped)
		return;
	describe_now(rest, sizeof(rest) - sizeof(more), stats, whole);
	describe_more(more, sizeof(more), stats);
	/* Besides there are the label, the brackets and the spaces around them. */
	room = tree->columns - indent - (int)strlen(rest) - 11;
	if (room >= BAR_LEAST + (int)strlen(more)) {
		room -= strlen(more);
		strcat(rest, more);
		more[0] = '\0';
	}
	width = room;
	if (width > BAR_WANTED)
		width = BAR_WANTED;
	if (whole && width >= BAR_LEAST)
		snprintf(line, sizeof(line), "%-7s [%s] %s", label,
			 bar_draw(bar, width, stats->measured_bps, whole, tree->utf8), rest);
	else
		snprintf(line, sizeof(line), "%-7s %s", label, rest);
	out_note(tree->ctl->out, line);
	if (more[0]) {
		snprintf(line, sizeof(line), "%-7s%s", "", more + 1);
		out_note(tree->ctl->out, line);
	}
}

/* Without -s a class has its place, its rates and who uses it. */
static void show_values(const struct tree *tree, const struct vnet_class *class_)
{
	struct vnet_class shown = *class_;

	/* Where it is, one sees. */
	shown.id.has &= ~VNET_HAS(VNET_A_CLASS_PARENT);
	if (shown.in_force == VNET_IN_FORCE_NO_CAPACITY)
		shown.id.has &= ~VNET_HAS(VNET_A_CLASS_IN_FORCE);
	if (!tree->ctl->opt.stats)
		shown.id.has &= ~(VNET_HAS(VNET_A_CLASS_INGRESS_STATS) |
				  VNET_HAS(VNET_A_CLASS_EGRESS_STATS) |
				  VNET_HAS(VNET_A_CLASS_BURST) |
				  VNET_HAS(VNET_A_CLASS_CBURST) |
				  VNET_HAS(VNET_A_CLASS_QUEUE) |
				  VNET_HAS(VNET_A_CLASS_WEIGHT));
	object_values(tree->ctl->out, tree->a->cmd->schema, tree->a->cmd->keys, &shown, true);
}

/* @guide stands in front of the class, @rest in front of what is below it. */
static void show_class(const struct tree *tree, const struct vnet_class *class_,
		       const char *guide, const char *rest)
{
	size_t i = first_child(tree, class_);
	char margin[GUIDES_SIZE], child[GUIDES_SIZE], below[GUIDES_SIZE];
	uint64_t whole = class_->id.has & VNET_HAS(VNET_A_CLASS_CEIL) ?
			 class_->ceil : class_->rate;
	int indent = class_->level * 3 + 3 + strlen(INDENT);

	snprintf(margin, sizeof(margin), "%s%s" INDENT, rest,
		 is_child(tree, i, class_) ? tree->guides->past : tree->guides->none);
	out_object_begin(tree->ctl->out);
	out_guides(tree->ctl->out, guide, margin);
	show_direction(tree, "ingress", &class_->ingress_stats, whole, indent);
	show_direction(tree, "egress", &class_->egress_stats, whole, indent);
	show_values(tree, class_);
	out_object_end(tree->ctl->out);

	for (; is_child(tree, i, class_); i++) {
		bool more = is_child(tree, i + 1, class_);

		snprintf(child, sizeof(child), "%s%s", rest,
			 more ? tree->guides->child : tree->guides->last);
		snprintf(below, sizeof(below), "%s%s", rest,
			 more ? tree->guides->past : tree->guides->none);
		show_class(tree, tree->sorted[i], child, below);
	}
}

static void show_all(struct tree *tree, const struct vnet_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		tree->sorted[i] = vnet_list_at(list, i);
	tree->count = list->count;
	qsort(tree->sorted, tree->count, sizeof(*tree->sorted), compare);
	for (i = 0; i < tree->count; i++)
		if (!tree->sorted[i]->parent[0])
			show_class(tree, tree->sorted[i], "", "");
}

/* Of all that match, or of the one that is named; then nothing is in front of it. */
static int read_classes(struct vnet *vnet, struct args *a, struct vnet_list *list)
{
	struct vnet_class *one;
	int err;

	if ((a->object.id.has & a->cmd->single) != a->cmd->single)
		return vnet_dump(vnet, a->cmd->schema, &a->object, list);
	err = vnet_do(vnet, a->cmd->schema, a->cmd->schema->get, &a->object);
	one = err ? NULL : malloc(sizeof(*one));
	*list = (struct vnet_list){ .schema = a->cmd->schema };
	if (!one)
		return err;
	*one = a->object.class_;
	one->parent[0] = '\0';
	one->level = 0;
	list->items = one;
	list->count = 1;
	return 0;
}

/**
 * class_tree_show() - show classes
 * @ctl: the run
 * @a: which; in text always with what is measured
 *
 * Return: CTL_* code.
 */
int class_tree_show(struct ctl *ctl, struct args *a)
{
	struct tree tree = { .ctl = ctl, .a = a };
	int code = CTL_OK, err;
	struct vnet_list list;
	struct vnet *vnet = ctl_connect(ctl, &code);

	if (!vnet)
		return code;
	a->object.id.has |= VNET_HAS(VNET_A_WITH_STATS);
	if (out_is_json(ctl->out))
		return object_show(ctl, a);
	err = read_classes(vnet, a, &list);
	if (err)
		return refuse(ctl, a, err);
	tree.utf8 = out_wants_utf8(stdout);
	tree.columns = out_columns(stdout);
	tree.guides = tree.utf8 ? &box : &plain;
	tree.sorted = calloc(list.count ? list.count : 1, sizeof(*tree.sorted));
	out_list_begin(ctl->out);
	if (tree.sorted)
		show_all(&tree, &list);
	out_list_end(ctl->out);
	free(tree.sorted);
	vnet_list_clear(&list);
	return CTL_OK;
}
