// SPDX-License-Identifier: GPL-2.0-only
/*
 * nl_perm.c owns who may talk to the switch: without CAP_NET_ADMIN in the
 * initial user namespace every command and every join gets EPERM, changes
 * nothing and tells nothing. Each kind of caller is a child process.
 */
#include "nl_table.h"

#include <grp.h>
#include <sys/prctl.h>
#include <linux/capability.h>
#include <sys/syscall.h>

#define NOBODY	65534

static struct nl privileged;	/* opened by root, used by the child */
static uint32_t devices[4];	/* dN as root sees them */

/* Each command must say EPERM and nothing else. */
static void commands_are_refused(struct nl *s)
{
	static struct answer answer;
	struct msg m = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		const struct command *c = &commands[i];

		build(&m, c, ALL_FIELDS, NULL, NULL, NULL, NULL);
		msg_head(&m)->nlmsg_type = s->family;
		nl_talk(s, &m, &answer);
		check(answer.err == EPERM && !answer.local,
		      "%s: error %d (local %d), want EPERM", c->label,
		      answer.err, answer.local);
		check(!answer.replies, "%s: %u objects were told", c->label,
		      answer.replies);
	}
	msg_free(&m);
}

static void joining_is_refused(struct nl *s)
{
	int err;

	check(s->group_config && s->group_fdb && s->group_log, "the groups have no numbers");
	err = nl_join(s, s->group_config);
	check(err == EPERM, "joining \"config\": error %d, want EPERM", err);
	err = nl_join(s, s->group_fdb);
	check(err == EPERM, "joining \"fdb\": error %d, want EPERM", err);
	err = nl_join(s, s->group_log);
	check(err == EPERM, "joining \"log\": error %d, want EPERM", err);
}

static void open_as_caller(struct nl *s)
{
	int err = nl_open_try(s);

	must(!err, "the family is not seen: %d", err);
}

static void become_nobody(void)
{
	must(!setgroups(0, NULL), "setgroups");
	must(!setresgid(NOBODY, NOBODY, NOBODY), "setresgid");
	must(!setresuid(NOBODY, NOBODY, NOBODY), "setresuid");
}

static void as_nobody(void)
{
	struct nl s;

	become_nobody();
	open_as_caller(&s);
	commands_are_refused(&s);
	joining_is_refused(&s);
}

/* Root in name only: all capabilities but CAP_NET_ADMIN. */
static void as_root_without_net_admin(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];
	struct nl s;

	must(!syscall(SYS_capget, &head, data), "capget");
	data[0].effective &= ~(1u << CAP_NET_ADMIN);
	data[0].permitted &= ~(1u << CAP_NET_ADMIN);
	data[0].inheritable &= ~(1u << CAP_NET_ADMIN);
	must(!syscall(SYS_capset, &head, data), "capset");
	open_as_caller(&s);
	commands_are_refused(&s);
	joining_is_refused(&s);
}

static void as_nobody_with_roots_socket(void)
{
	become_nobody();
	commands_are_refused(&privileged);
}

/* The root of a user namespace, in the network namespace of the switch. */
static void as_child_user_namespace(void)
{
	struct nl s;

	must(!unshare(CLONE_NEWUSER), "unshare(CLONE_NEWUSER)");
	open_as_caller(&s);
	commands_are_refused(&s);
	joining_is_refused(&s);
}

/* The same with a network namespace that it owns. */
static void as_child_user_and_net_namespace(void)
{
	struct nl s;

	must(!unshare(CLONE_NEWUSER | CLONE_NEWNET), "unshare");
	open_as_caller(&s);
	commands_are_refused(&s);
	commands_are_refused(&privileged);
}

/* What it can join tells nothing of namespaces that are not its own. */
static void child_namespaces_hear_nothing(void)
{
	int ready[2], go[2], status;
	char c = 0;
	pid_t pid;

	must(!pipe(ready) && !pipe(go), "pipe");
	fflush(stdout);
	pid = fork();
	must(pid >= 0, "fork");
	if (!pid) {
		static uint8_t buf[8192];
		struct nl s;

		must(!unshare(CLONE_NEWUSER | CLONE_NEWNET), "unshare");
		open_as_caller(&s);
		nl_join(&s, s.group_config);
		nl_join(&s, s.group_fdb);
		nl_join(&s, s.group_log);
		must(write(ready[1], &c, 1) == 1, "pipe");
		must(read(go[0], &c, 1) == 1, "pipe");
		_exit(recv(s.fd, buf, sizeof(buf), MSG_DONTWAIT) > 0);
	}
	must(read(ready[0], &c, 1) == 1, "pipe");
	need(&nl, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "secret"));
	need(&nl, VNET_CMD_FDB_ADD, STR(VNET_A_NETWORK, "red"),
	     U32(VNET_A_IFINDEX, devices[0]), MAC(VNET_A_FDB_MAC, MAC_FRESH));
	must(write(go[1], &c, 1) == 1, "pipe");
	must(waitpid(pid, &status, 0) == pid, "waitpid");
	check(!status, "a child namespace hears the events of its parent");
	world_reset();
}

/* Root itself, in a namespace of its own, may do everything. */
static void root_may_everything(void)
{
	struct nl s;

	check(!request_bare(&nl, VNET_CMD_INFO_GET), "info: %s", last.text);
	nl_open(&s);
	check(!nl_join(&s, s.group_config), "root cannot join \"config\"");
	check(!nl_join(&s, s.group_fdb), "root cannot join \"fdb\"");
	check(!nl_join(&s, s.group_log), "root cannot join \"log\"");
	nl_close(&s);
}

static void in_child(const char *name, void (*test)(void))
{
	int status;
	pid_t pid;

	test_begin(name);
	fflush(stdout);
	pid = fork();
	must(pid >= 0, "fork");
	if (!pid) {
		test();
		fflush(stdout);
		_exit(!!ktap_complaints);
	}
	must(waitpid(pid, &status, 0) == pid, "waitpid");
	check(!status, "the child has failed");
	if (snapshot(&nl, &after))
		check(snapshot_equal(&before, &after),
		      "somebody without permission has changed the configuration");
	test_end();
}

#define IN_CHILD(test)	in_child(#test, test)

int main(void)
{
	ktap_header();
	world_create();
	for (int i = 0; i < 4; i++)
		devices[i] = if_nametoindex((const char[]){ 'd', '0' + i, 0 });
	nl_open(&privileged);

	test_begin("root_may_everything");
	root_may_everything();
	test_end();
	IN_CHILD(as_nobody);
	IN_CHILD(as_root_without_net_admin);
	IN_CHILD(as_nobody_with_roots_socket);
	if (access("/proc/self/ns/user", F_OK)) {
		test_skip("as_child_user_namespace", "no user namespaces");
		return ktap_finish();
	}
	IN_CHILD(as_child_user_namespace);
	IN_CHILD(as_child_user_and_net_namespace);
	test_begin("child_namespaces_hear_nothing");
	child_namespaces_hear_nothing();
	test_end();
	return ktap_finish();
}
