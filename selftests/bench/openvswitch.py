#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# Owns Open vSwitch's kernel datapath as a contender: two ports, and the cached flows that its daemon would have made.
"""usage, in the network namespace: openvswitch.py     (in0 and out0 exchange IPv4 by their MACs)

The flows match port, MACs, ethertype and that a packet is no fragment, as those do that ovs-vswitchd makes for
`actions=normal`. No frame ever misses them, so the daemon is not needed.
"""
import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import attach_ovs as ovs  # pylint: disable=wrong-import-position

FLOW_KEY, FLOW_ACTIONS, FLOW_MASK = 1, 2, 7
KEY_IN_PORT, KEY_ETHERNET, KEY_ETHERTYPE, KEY_IPV4 = 3, 4, 6, 7
ACTION_OUTPUT = 1
DATAPATH = "ovs0"
MAC_A, MAC_B = bytes((2, 0, 0, 0, 0, 10)), bytes((2, 0, 0, 0, 0, 11))


def available():
    return subprocess.run(["modprobe", "-q", "openvswitch"], check=False).returncode == 0


def build(lab):
    done = subprocess.run(["nsenter", "--net=/run/netns/" + lab.name, sys.executable, os.path.abspath(__file__)],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError("Open vSwitch: " + done.stderr.strip()[-200:])


def key(port, macs, ethertype, ipv4):
    return (ovs.number(KEY_IN_PORT, port) + ovs.attr(KEY_ETHERNET, macs) + ovs.attr(KEY_ETHERTYPE, ethertype)
            + ovs.attr(KEY_IPV4, ipv4))


def add_flow(sock, port, macs, to):
    # Addresses, protocol, TOS and TTL are not looked at; the last byte says whether it is a fragment.
    match = key(port, macs, b"\x08\x00", bytes(12))
    mask = key(0xffffffff, b"\xff" * 12, b"\xff\xff", bytes(11) + b"\xff")
    ovs.talk(sock, ovs.family(sock, "ovs_flow"), ovs.CMD_NEW, 1,
             ovs.attr(FLOW_KEY, match) + ovs.attr(FLOW_MASK, mask)
             + ovs.attr(FLOW_ACTIONS, ovs.number(ACTION_OUTPUT, to)),
             struct.pack("i", ovs.socket.if_nametoindex(DATAPATH)))


def add_port(sock, name):
    ovs.talk(sock, ovs.family(sock, "ovs_vport"), ovs.CMD_NEW, 1,
             ovs.text(ovs.VPORT_NAME, name) + ovs.number(ovs.VPORT_TYPE, ovs.TYPE_NETDEV)
             + ovs.number(ovs.VPORT_UPCALL, 0), struct.pack("i", ovs.socket.if_nametoindex(DATAPATH)))


def main():
    sock = ovs.socket.socket(ovs.socket.AF_NETLINK, ovs.socket.SOCK_RAW, ovs.NETLINK_GENERIC)
    sock.bind((0, 0))
    ovs.talk(sock, ovs.family(sock, "ovs_datapath"), ovs.CMD_NEW, 2,
             ovs.text(ovs.DP_NAME, DATAPATH) + ovs.number(ovs.DP_UPCALL, 0), struct.pack("i", 0))
    # The kernel numbers them from 1.
    add_port(sock, "in0")
    add_port(sock, "out0")
    add_flow(sock, 1, MAC_A + MAC_B, 2)
    add_flow(sock, 2, MAC_B + MAC_A, 1)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ovs.Refused as error:
        sys.exit("openvswitch.py: %s" % error)
