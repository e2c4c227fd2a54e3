#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# Owns the measurements with TCP, inside of the guest: what programs in two namespaces get through a switch; tcp.json.
"""usage: tcp.py STREAM [KEY=VALUE...]

STREAM is the program of stream.c.

  ms=1000          how long each measurement takes
  rounds=3         how often each row is measured; contenders take turns, in an order that rotates
  mtus=1500,9000
  gso=1,0          with segments made late, and with each segment made by TCP itself

A direct pair of interfaces is what all others are compared with. Exit status: 0 if each row was measured.
"""
import json
import os
import statistics
import sys

from measure import Refused, command, conditions, parse, say

FROM, TO = "10.9.0.1", "10.9.0.2"


class Pair:
    """
    Two namespaces, `a` and `b`, each with eth0, and one for the switch between them. `gso`: what can be chosen there.
    """

    def __init__(self, name, build, gso=(1, 0)):
        self.name, self.build, self.gso, self.number = name, build, gso, None
        self.ends = []

    def namespace(self, which):
        return "tcp%d-%s" % (self.number, which)

    def ip(self, which, *lines):
        command(["ip", "-n", self.namespace(which), "-b", "-"], "\n".join(lines))

    def wire(self, which, peer):
        """eth0 of a host with its other end in the switch's namespace"""
        self.ip("s", "link add %s type veth peer name eth0 netns %s" % (peer, self.namespace(which)),
                "link set %s up" % peer)
        self.ends.append(("s", peer))

    def set_up(self, number):
        self.number = number
        for which in "abs":
            command(["ip", "netns", "add", self.namespace(which)])
        self.build(self)
        for which, address in (("a", FROM), ("b", TO)):
            self.ip(which, "link set lo up", "address add %s/24 dev eth0" % address, "link set eth0 up")
            self.ends.append((which, "eth0"))

    def use(self, mtu, gso):
        for which, dev in self.ends:
            self.ip(which, "link set %s mtu %d" % (dev, mtu))
            if dev == "eth0" and len(self.gso) > 1:
                state = "on" if gso else "off"
                command(["ip", "netns", "exec", self.namespace(which), "ethtool", "-K", dev, "tso", state, "gso", state])

    def run(self, program, kind, milliseconds):
        said = command([program, "/run/netns/" + self.namespace("a"), "/run/netns/" + self.namespace("b"), TO, kind,
                        str(milliseconds)])
        got = {key: int(value) for key, value in (word.split("=") for word in said.split())}
        if kind == "rr":
            return got["rounds"] * 1e9 / got["ns"]
        return got["bytes"] * 8e3 / got["ns"]

    def remove(self):
        for which in "abs":
            command(["ip", "netns", "del", self.namespace(which)])


def direct(pair):
    pair.ip("a", "link add eth0 type veth peer name eth0 netns " + pair.namespace("b"))


def through_bridge(pair):
    pair.wire("a", "pa")
    pair.wire("b", "pb")
    pair.ip("s", "link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0", "link set br0 up",
            "link set pa master br0", "link set pb master br0")
    pair.ends.append(("s", "br0"))


def macvlan(pair):
    pair.ip("s", "link add d0 type dummy", "link set d0 mtu 9000 up",
            *["link add link d0 name eth0 netns %s type macvlan mode bridge" % pair.namespace(which) for which in "ab"])


def through_vnet(pair):
    pair.wire("a", "pa")
    pair.wire("b", "pb")
    command(["vnetctl", "-n", pair.namespace("s"), "-b", "-"],
            "network add bench up\nport add pa network bench\nport add pb network bench\n")


def measure(pairs, program, options):
    rows = []
    for mtu in options["mtus"]:
        for gso in options["gso"]:
            able = [pair for pair in pairs if gso in pair.gso]
            got = {pair.name: {"stream": [], "rr": []} for pair in able}
            for pair in able:
                pair.use(mtu, gso)
            for turn in range(options["rounds"]):
                for i in range(len(able)):
                    pair = able[(i + turn) % len(able)]
                    for kind in ("stream", "rr"):
                        got[pair.name][kind].append(pair.run(program, kind, options["ms"]))
            for name, figures in got.items():
                rows.append({"contender": name, "mtu": mtu, "gso": gso,
                             "mbit": statistics.median(figures["stream"]), "streams": figures["stream"],
                             "per_s": statistics.median(figures["rr"]), "rrs": figures["rr"]})
            say("TCP, MTU %d, GSO %s: %d contenders" % (mtu, "on" if gso else "off", len(able)))
    return rows


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    options = parse(sys.argv[2:], {"ms": 1000, "rounds": 3, "mtus": [1500, 9000], "gso": [1, 0]})
    pairs = [Pair("direct veth", direct), Pair("bridge", through_bridge), Pair("macvlan", macvlan, gso=(1,)),
             Pair("vnet", through_vnet)]
    error = None
    rows = []
    try:
        for number, pair in enumerate(pairs):
            pair.set_up(number)
        rows = measure(pairs, sys.argv[1], options)
        for pair in pairs:
            pair.remove()
    except Refused as refused:
        error = str(refused)
        say("TCP: " + error)
    with open(os.path.join(os.environ["VNET_RESULTS"], "tcp.json"), "w", encoding="ascii") as file:
        json.dump({"conditions": conditions(options), "rows": rows, "error": error}, file, indent=1)
    return 1 if error else 0


if __name__ == "__main__":
    sys.exit(main())
