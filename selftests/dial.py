#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# dial.py: says what a program learns from the network when it wants to talk to another. Plain python3, no packages.
"""usage: dial.py tcp|udp ADDRESS PORT SECONDS

Prints one word: "connected" (TCP) or "answered" (UDP), the name of the error that
the socket got (ECONNREFUSED, EHOSTUNREACH, EACCES...), or "silence" when there was
nothing for so many seconds. UDP says something every 0.2 seconds meanwhile.
"""
import errno
import socket
import sys
import time


def tcp(sock, seconds):
    sock.settimeout(seconds)
    sock.connect((sys.argv[2], int(sys.argv[3])))
    return "connected"


def udp(sock, seconds):
    end = time.monotonic() + seconds
    sock.settimeout(0.2)
    sock.connect((sys.argv[2], int(sys.argv[3])))
    while time.monotonic() < end:
        sock.send(b"hello")
        try:
            sock.recv(100)
            return "answered"
        except socket.timeout:
            pass
    return "silence"


def main():
    family = socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET
    kind, talk = {"tcp": (socket.SOCK_STREAM, tcp), "udp": (socket.SOCK_DGRAM, udp)}[sys.argv[1]]
    with socket.socket(family, kind) as sock:
        try:
            print(talk(sock, float(sys.argv[4])))
        except socket.timeout:
            print("silence")
        except OSError as e:
            print(errno.errorcode.get(e.errno, str(e)))


main()
