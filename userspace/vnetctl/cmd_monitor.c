// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_monitor: shows events as they come, until Ctrl-C. It asks the kernel for
 * nothing else, and uses a connection of its own.
 */
#include "cmd.h"
#include "kind.h"
#include "object.h"
#include "refuse.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

static const struct key monitor_keys[] = {
	{ .word = "config", .kind = &kind_switch, .verbs = V_OTHER,
	  .flags = KEY_ALONE, .switches = SWITCH_CONFIG,
	  .help = "networks, ports, members, rules, sets, classes, limits" },
	{ .word = "fdb", .kind = &kind_switch, .verbs = V_OTHER,
	  .flags = KEY_ALONE, .switches = SWITCH_FDB,
	  .help = "addresses" },
	{ .word = "log", .kind = &kind_switch, .verbs = V_OTHER,
	  .flags = KEY_ALONE, .switches = SWITCH_LOG,
	  .help = "frames that rules tell of; not unless asked for" },
	KEY_END
};

/* How a limit that was reached is written. */
static const struct key limit_keys[] = {
	{ .kind = &kind_limit, .attr = VNET_A_LIMIT_KIND,
	  .out = { "limit", "limit", OUT_COLUMN } },
	{ .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .out = { "network", "network", OUT_COLUMN } },
	{ .kind = &kind_port, .attr = VNET_A_IFNAME,
	  .out = { "port", "port", OUT_COLUMN } },
	KEY_TAG_SHOWN(OUT_COLUMN),
	{ .kind = &kind_class, .attr = VNET_A_LIMIT_CLASS,
	  .out = { "class", "class", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_LIMIT_VALUE,
	  .out = { "value", "value", OUT_COLUMN } },
	KEY_END
};

/* What a rule said about a frame, and the frame in the words of rules. */
static const struct key log_keys[] = {
	{ .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .out = { "network", "network", OUT_COLUMN } },
	{ .kind = &kind_rule, .attr = VNET_A_LOG_RULE,
	  .out = { "rule", "rule", OUT_COLUMN } },
	{ .kind = &kind_direction, .attr = VNET_A_LOG_DIRECTION,
	  .out = { "direction", "", OUT_WORD } },
	{ .kind = &kind_port, .attr = VNET_A_IFNAME,
	  .out = { "port", "dev", OUT_COLUMN } },
	KEY_TAG_SHOWN(OUT_WORD),
	{ .kind = &kind_would, .attr = VNET_A_LOG_ACTION,
	  .out = { "action", "", OUT_WORD } },
	{ .kind = &kind_flag, .attr = VNET_A_LOG_AUDIT,
	  .out = { "audit", "audit", OUT_HIDDEN } },
	{ .kind = &kind_frame, .attr = VNET_A_LOG_FRAME,
	  .out = { "frame", "frame", OUT_HIDDEN } },
	{ .kind = &kind_count, .attr = VNET_A_LOG_LENGTH,
	  .out = { "length", "length", OUT_OPTION }, .normal = UINT64_MAX },
	{ .kind = &kind_suppressed, .attr = VNET_A_LOG_SUPPRESSED,
	  .flags = KEY_ALWAYS,
	  .out = { "suppressed", "suppressed", OUT_OPTION } },
	KEY_END
};

/* Joining a network's rules tells the network and how many there are. */
static const struct key loaded_keys[] = {
	{ .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .out = { "network", "network", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_RULE_COUNT,
	  .out = { "rules", "rules", OUT_COLUMN } },
	KEY_END
};

static void write_time(struct ctl *ctl)
{
	static const struct out_field field = { "time", "", OUT_WORD };
	struct timespec now;
	char text[64], seconds[32];
	struct tm tm;

	if (!ctl->opt.timestamps)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof(text), "%s.%06ldZ", seconds, now.tv_nsec / 1000);
	out_string(ctl->out, &field, text, NULL);
}

static void write_event(struct ctl *ctl, const char *event, const char *object,
			const struct key *keys)
{
	const struct out_field event_field = { "event", "", OUT_WORD };
	struct out_field object_field = { "object", "", OUT_WORD };

	out_string(ctl->out, &event_field, event, NULL);
	/* "added network blue", not "added network network blue" */
	if (!strcmp(keys->out.label ? keys->out.label : "", object))
		object_field.place = OUT_HIDDEN;
	out_string(ctl->out, &object_field, object, NULL);
}

static const struct key *keys_of(const struct vnet_notice *notice)
{
	if (notice->schema == &vnet_limit_schema)
		return limit_keys;
	if (notice->schema == &vnet_log_schema)
		return log_keys;
	if (notice->schema == &vnet_rule_schema &&
	    notice->object.id.event == VNET_EVENT_LOADED)
		return loaded_keys;
	return cmd_keys_of(notice->schema);
}

static void write_notice(struct ctl *ctl, struct vnet_notice *notice)
{
	const struct key *keys = keys_of(notice);
	const char *event = vnet_name(VNET_NAMES_EVENT,
				      notice->object.id.event);

	if (notice->schema == &vnet_limit_schema)
		event = "reached";
	if (notice->schema == &vnet_log_schema)
		event = "logged";
	out_object_begin(ctl->out);
	write_time(ctl);
	write_event(ctl, event ? event : "unknown", notice->schema->name, keys);
	/* Of what was removed only the identity is told. */
	object_values(ctl->out, notice->schema, keys, &notice->object,
		      notice->object.id.event != VNET_EVENT_REMOVED);
	out_object_end(ctl->out);
	fflush(stdout);
	vnet_object_clear(notice->schema, &notice->object);
}

static void write_lost(struct ctl *ctl)
{
	static const struct out_field field = { "event", "", OUT_WORD };

	out_object_begin(ctl->out);
	write_time(ctl);
	out_string(ctl->out, &field, "lost",
		   "lost: events came faster than they could be told; read the state again (show)");
	out_object_end(ctl->out);
	fflush(stdout);
}

/* Reads what has come; 0 when that is all for now, or cannot be told. */
static int drain(struct ctl *ctl)
{
	struct vnet_notice notice;
	int err;

	while (!ferror(stdout)) {
		err = vnet_event_read(ctl->vnet, &notice);
		if (!err)
			write_notice(ctl, &notice);
		else if (err == -ENOBUFS)
			write_lost(ctl);
		else if (err == -EAGAIN)
			return 0;
		else if (err != -EBADMSG)
			return err;
	}
	return 0;
}

/* Ctrl-C is about the monitor alone; other signals are about the program. */
static int take_signal(struct ctl *ctl, int signals)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) < 0)
		return -errno;
	if (info.ssi_signo != SIGINT)
		ctl->leave = true;
	return 0;
}

/* Until a signal comes, or nobody reads any more: a terminal that is gone. */
static int watch(struct ctl *ctl, int signals)
{
	struct pollfd fds[2] = {
		{ .fd = vnet_event_fd(ctl->vnet), .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	int err = 0;

	while (!err && !ferror(stdout)) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return -errno;
		if (fds[1].revents)
			return take_signal(ctl, signals);
		err = drain(ctl);
	}
	return err;
}

static int subscribe(struct ctl *ctl, unsigned int switches)
{
	int err = 0;

	if (!switches || switches & SWITCH_CONFIG)
		err = vnet_subscribe(ctl->vnet, VNET_MCGRP_CONFIG);
	if (!err && (!switches || switches & SWITCH_FDB))
		err = vnet_subscribe(ctl->vnet, VNET_MCGRP_FDB);
	/* Frames may be many more than changes. */
	if (!err && switches & SWITCH_LOG)
		err = vnet_subscribe(ctl->vnet, VNET_MCGRP_LOG);
	return err;
}

/* nohup(1) has a hangup ignored. What is blocked would come nevertheless. */
static bool is_ignored(int number)
{
	struct sigaction now;

	return !sigaction(number, NULL, &now) && now.sa_handler == SIG_IGN;
}

/* Ctrl-C ends the monitor, not the program that it may have been typed in. */
static int watch_until_signal(struct ctl *ctl)
{
	sigset_t wanted, before;
	int signals, err;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGINT);
	sigaddset(&wanted, SIGTERM);
	if (!is_ignored(SIGHUP))
		sigaddset(&wanted, SIGHUP);
	sigprocmask(SIG_BLOCK, &wanted, &before);
	signals = signalfd(-1, &wanted, SFD_CLOEXEC);
	err = signals < 0 ? -errno : watch(ctl, signals);
	if (signals >= 0)
		close(signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return err;
}

static int monitor(struct ctl *ctl, struct args *a)
{
	struct vnet *requests = ctl->vnet;
	int code = CTL_OK, err;

	ctl->vnet = NULL;
	if (!ctl_connect(ctl, &code)) {
		ctl->vnet = requests;
		return code;
	}
	err = subscribe(ctl, a->switches);
	if (!err)
		err = watch_until_signal(ctl);
	if (err)
		code = refuse_connection(ctl);
	else if (ctl->mode == CTL_PROMPT)
		putchar('\n');	/* behind the ^C */
	vnet_close(ctl->vnet);
	ctl->vnet = requests;
	return code;
}

const struct command monitor_commands[] = {
	{ .object = "monitor", .keys = monitor_keys, .verbs = V_OTHER,
	  .run = monitor, .help = "show events as they come, until Ctrl-C" },
	{ .object = NULL }
};
