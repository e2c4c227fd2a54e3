// SPDX-License-Identifier: GPL-2.0-only
/*
 * nl_failnth.c owns "out of memory": for each command of nl_table.h the first,
 * second, third... allocation of the request fails, until none is left to fail.
 * A request that reports an error has changed nothing. Needs a kernel with
 * fault injection; elsewhere everything is skipped.
 */
#include "nl_table.h"

#include <sys/mount.h>

#define LIMIT	3000	/* allocations that one request may make */

static int fail_fd = -1;

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return false;
	ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return ok;
}

#define DEBUGFS "/sys/kernel/debug"

/* Slab allocations fail, silently; page allocations would leave traces. */
static const char *inject_setup(void)
{
	fail_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_fd < 0)
		return "this kernel has no fault injection (fail-nth)";
	if (access(DEBUGFS "/failslab", F_OK))
		mount("none", DEBUGFS, "debugfs", 0, NULL);
	if (!write_file(DEBUGFS "/failslab/ignore-gfp-wait", "N") ||
	    !write_file(DEBUGFS "/failslab/verbose", "0"))
		return "this kernel has no failslab in debugfs";
	write_file(DEBUGFS "/fail_page_alloc/min-order", "100");
	write_file(DEBUGFS "/fail_page_alloc/verbose", "0");
	return NULL;
}

static void inject(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	must(pwrite(fail_fd, text, len, 0) == len, "fail-nth");
}

/* True if the allocation was reached and has failed. */
static bool injected(void)
{
	char text[16] = "";
	ssize_t len = pread(fail_fd, text, sizeof(text) - 1, 0);

	must(len > 0, "fail-nth");
	inject(0);
	return text[0] == '0';
}

/* The kernel could not even answer: what it did is unknown. */
static void new_socket(void)
{
	nl_close(&nl);
	nl_open(&nl);
	world_restore();
}

static struct answer answer;

/* One request whose nth allocation fails; false when nothing was left to fail. */
static bool fail_nth(const struct command *c, struct msg *m, unsigned int nth)
{
	bool sent, failed;

	memset(&answer, 0, offsetof(struct answer, data));
	msg_head(m)->nlmsg_flags |= c->dump ? 0 : NLM_F_ACK;
	inject(nth);
	sent = nl_send(&nl, m);
	if (sent)
		nl_talk_end(&nl, &answer);
	failed = injected();
	if (!sent || answer.local) {
		check(failed, "no answer without an injected failure");
		new_socket();
		return failed;
	}
	if (!failed) {
		check(!answer.err, "%u: without a failure: error %d \"%s\"",
		      nth, answer.err, answer.text);
		return false;
	}
	if (!answer.err) {
		world_restore();
		return true;
	}
	if (snapshot(&nl, &after) &&
	    !check(snapshot_equal(&before, &after),
		   "allocation %u: error %d \"%s\", and the configuration has changed",
		   nth, answer.err, answer.text))
		world_reset();
	return true;
}

static void test_command(const struct command *c)
{
	struct msg m = { 0 };
	unsigned int nth = 1;

	test_begin(c->label);
	build(&m, c, ALL_FIELDS, NULL, NULL, NULL, NULL);
	while (nth < LIMIT && fail_nth(c, &m, nth)) {
		build(&m, c, ALL_FIELDS, NULL, NULL, NULL, NULL);
		nth++;
	}
	check(nth < LIMIT, "%d allocations and no end", LIMIT);
	check(nth > 1, "no allocation has failed");
	printf("# %s: %u allocations\n", c->label, nth - 1);
	world_restore();
	msg_free(&m);
	test_end();
}

int main(void)
{
	const char *why = inject_setup();

	ktap_header();
	if (why) {
		printf("1..0 # SKIP %s\n", why);
		return KSFT_SKIP;
	}
	world_create();
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		test_command(&commands[i]);
	return ktap_finish();
}
