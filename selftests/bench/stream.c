// SPDX-License-Identifier: GPL-2.0-only
/*
 * stream: how much TCP gets from one network namespace to another, or how often there and back.
 *
 *   stream FROM TO ADDRESS stream|rr MILLISECONDS
 *
 * FROM and TO are files of namespaces, ADDRESS is one of TO. Prints "bytes=N ns=N", as the
 * receiver saw it, or "rounds=N ns=N". The sender is on CPU 0, the receiver on the last one.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORT	7777
#define CHUNK	(256 * 1024)

static char buffer[CHUNK];

static void die(const char *what)
{
	fprintf(stderr, "stream: %s: %s\n", what, strerror(errno));
	exit(1);
}

static unsigned long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

/* A socket of a namespace; this process is in there from now on, and on that CPU. */
static int enter(const char *namespace, long cpu)
{
	int way, one = 1, file = open(namespace, O_RDONLY);
	cpu_set_t cpus;

	if (file < 0 || setns(file, CLONE_NEWNET))
		die(namespace);
	close(file);
	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("CPU");
	way = socket(AF_INET, SOCK_STREAM, 0);
	if (way < 0)
		die("socket");
	setsockopt(way, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(way, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return way;
}

/* Until the sender has had enough. */
static void answer(int way, int echo)
{
	unsigned long long bytes = 0, start = 0, end = 0;
	ssize_t got;

	while ((got = read(way, buffer, echo ? 1 : sizeof(buffer))) > 0) {
		if (echo && write(way, buffer, got) != got)
			die("answer");
		end = now();
		/* What came first began earlier. */
		if (start)
			bytes += got;
		else
			start = end;
	}
	if (got < 0)
		die("receive");
	if (!echo)
		printf("bytes=%llu ns=%llu\n", bytes, end - start);
}

static void serve(const char *namespace, const struct sockaddr_in *to, int echo, int ready)
{
	int way = enter(namespace, sysconf(_SC_NPROCESSORS_ONLN) - 1), one;

	if (bind(way, (const struct sockaddr *)to, sizeof(*to)) || listen(way, 1))
		die("listen");
	if (write(ready, "", 1) != 1)
		die("pipe");
	one = accept(way, NULL, NULL);
	if (one < 0)
		die("accept");
	answer(one, echo);
	exit(0);
}

static void send_stream(int way, unsigned long long until)
{
	while (now() < until)
		if (write(way, buffer, sizeof(buffer)) < 0)
			die("send");
}

static void send_rounds(int way, unsigned long long until)
{
	unsigned long long rounds = 0, start = now();

	while (now() < until) {
		if (write(way, buffer, 1) != 1 || read(way, buffer, 1) != 1)
			die("round");
		rounds++;
	}
	printf("rounds=%llu ns=%llu\n", rounds, now() - start);
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int echo, way, status, ready[2];
	unsigned long long until;
	pid_t server;
	char byte;

	if (argc != 6 || inet_pton(AF_INET, argv[3], &to.sin_addr) != 1) {
		fputs("usage: see the head of stream.c\n", stderr);
		return 2;
	}
	echo = !strcmp(argv[4], "rr");
	if (pipe(ready))
		die("pipe");
	server = fork();
	if (server < 0)
		die("fork");
	if (!server)
		serve(argv[2], &to, echo, ready[1]);
	close(ready[1]);
	way = enter(argv[1], 0);
	if (read(ready[0], &byte, 1) != 1)
		return 1;
	if (connect(way, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	until = now() + strtoull(argv[5], NULL, 10) * 1000000ULL;
	if (echo)
		send_rounds(way, until);
	else
		send_stream(way, until);
	fflush(stdout);
	close(way);
	if (waitpid(server, &status, 0) != server)
		die("wait");
	return status != 0;
}
