#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# life_flood.py: floods interfaces that come and go, until it is killed. Knows nothing of the switch.
"""usage: life_flood.py NETNS|- PREFIX

Sends as fast as it can on every interface of the namespace whose name begins
with PREFIX: broadcast, unknown unicast, and unicast to 02:00:00:00:00:01..08,
from ever new sources. Interfaces that vanish are no error; new ones are found.
"""
import ctypes
import os
import socket
import sys

CLONE_NEWNET = 0x40000000
ETHERTYPE = b"\x88\xb5"

def frames(n):
    """a few frames whose sources depend on n"""
    src = bytes([2, 0x11, n >> 24 & 255, n >> 16 & 255, n >> 8 & 255, n & 255])
    out = [b"\xff" * 6, b"\x02\x22" + src[2:], b"\x33\x33\0\0\0\x01"]
    out += [bytes([2, 0, 0, 0, 0, 1 + n % 8])]
    return [dst + src + ETHERTYPE + bytes(80) for dst in out]

def find(prefix):
    """interfaces whose name begins with prefix; none while they change too fast to be listed"""
    try:
        return [d for _, d in socket.if_nameindex() if d.startswith(prefix)]
    except OSError:
        return []

def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    if sys.argv[1] != "-":
        fd = os.open("/run/netns/" + sys.argv[1], os.O_RDONLY)
        if ctypes.CDLL(None, use_errno=True).setns(fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
        os.close(fd)
    os.nice(10)				# what is flooded shall get its turn
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    n, devices = os.getpid() << 12, []
    while True:
        if n % 64 == 0 or not devices:
            devices = find(sys.argv[2])
        for dev in devices:
            try:
                for frame in frames(n):
                    sock.sendto(frame, (dev, 0))
            except OSError:
                pass
        n += 1

if __name__ == "__main__":
    sys.exit(main())
