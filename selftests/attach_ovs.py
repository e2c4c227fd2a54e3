#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# attach_ovs.py: an Open vSwitch datapath without Open vSwitch's programs, for attach.sh. Knows four requests only.
"""usage: attach_ovs.py add DATAPATH | port DATAPATH DEV | unport DATAPATH DEV | del DATAPATH

Exit status: 0 done, 1 refused, 4 no openvswitch in this kernel.
"""
import os
import socket
import struct
import sys

NETLINK_GENERIC, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 16, 16, 3, 1, 2
NLM_F_REQUEST, NLM_F_ACK = 1, 4
CMD_NEW, CMD_DEL = 1, 2
DP_NAME, DP_UPCALL = 1, 2
VPORT_NO, VPORT_TYPE, VPORT_NAME, VPORT_UPCALL, TYPE_NETDEV = 1, 2, 3, 5, 1

class Refused(Exception):
    pass

def attr(kind, data):
    raw = struct.pack("HH", 4 + len(data), kind) + data
    return raw + bytes(-len(raw) % 4)

def text(kind, value):
    return attr(kind, value.encode() + b"\0")

def number(kind, value):
    return attr(kind, struct.pack("I", value))

def talk(sock, family, cmd, version, body, header=b""):
    """the reply's attributes; every request is acknowledged"""
    payload = struct.pack("BBH", cmd, version, 0) + header + body
    sock.send(struct.pack("IHHII", 16 + len(payload), family, NLM_F_REQUEST | NLM_F_ACK, 1, 0) + payload)
    reply = b""
    while True:
        data = sock.recv(65536)
        while len(data) >= 16:
            length, kind = struct.unpack_from("IH", data)
            if kind == 2:
                error = struct.unpack_from("i", data, 16)[0]
                if error:
                    raise Refused(os.strerror(-error))
                return reply
            reply = data[16 + 4 + len(header):length]
            data = data[(length + 3) & ~3:]

def family(sock, name):
    try:
        reply = talk(sock, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, text(CTRL_ATTR_FAMILY_NAME, name))
    except Refused:
        sys.exit(4)
    while len(reply) >= 4:
        length, kind = struct.unpack_from("HH", reply)
        if kind == CTRL_ATTR_FAMILY_ID:
            return struct.unpack_from("H", reply, 4)[0]
        reply = reply[(length + 3) & ~3:]
    return sys.exit(4)

def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("add", "port", "unport", "del"):
        print(__doc__, file=sys.stderr)
        return 2
    verb, name = sys.argv[1:3]
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    sock.bind((0, 0))
    try:
        if verb in ("add", "del"):
            talk(sock, family(sock, "ovs_datapath"), CMD_NEW if verb == "add" else CMD_DEL, 2,
                 text(DP_NAME, name) + (number(DP_UPCALL, 0) if verb == "add" else b""), struct.pack("i", 0))
        else:
            index = struct.pack("i", socket.if_nametoindex(name))
            body = text(VPORT_NAME, sys.argv[3])
            if verb == "port":
                body += number(VPORT_TYPE, TYPE_NETDEV) + number(VPORT_UPCALL, 0)
            talk(sock, family(sock, "ovs_vport"), CMD_NEW if verb == "port" else CMD_DEL, 1, body, index)
    except (Refused, OSError) as e:
        print("attach_ovs.py: %s" % e, file=sys.stderr)
        return 1
    return 0

if __name__ == "__main__":
    sys.exit(main())
