#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# Owns the measurements of configuration, inside of the guest: how fast each tool gets many things in and out; config.json.
"""usage: config.py RULES_DIR [KEY=VALUE...]

  count=10000      rules, addresses; RULES_DIR has files of so many rules (selftests/bench/rules.py)
  rounds=3         how often each row is measured, each time from nothing

What is timed is the tool that people use, from its start to its end: what it reads, what it tells the kernel, and what
the kernel does. Exit status: 0 if each row was measured.
"""
import json
import os
import statistics
import sys
import time

from measure import Lab, Refused, bridge, command, conditions, nft_chain, parse, say, vnet


def lines_of(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def macs(count):
    return ["06:%02x:%02x:%02x:00:01" % (i >> 16, i >> 8 & 255, i & 255) for i in range(count)]


def vnet_big(lab, count):
    lab.vnet("network add bench up max-rules 131072 max-macs %d" % (count + 100), "port add in0 network bench",
             "port add out0 network bench", "member set out0 max-macs %d" % (count + 100))


def tc_qdisc(lab):
    lab.tc("qdisc add dev in0 clsact")


def flower(count):
    return ["filter add dev in0 ingress protocol ip prio 1 flower ip_proto udp dst_ip 10.%d.%d.%d dst_port %d action drop"
            % (i >> 16, i >> 8 & 255, i & 255, 1 + i % 60000) for i in range(count)]


def tasks(directory, count):
    """(what, tool, prepare, act): `act` is timed"""
    def rules(kind):
        return lines_of(os.path.join(directory, "%d.%s" % (count, kind)))

    def nft_set(lab):
        for line in rules("set").splitlines():
            lab.nft(line)

    def vnet_with_macs(lab):
        vnet_big(lab, count)
        lab.vnet(*["fdb add bench %s dev out0" % mac for mac in macs(count)])

    def bridge_with_macs(lab):
        bridge(lab)
        lab.bridge(*["fdb add %s dev out0 master static" % mac for mac in macs(count)])

    yield "rules in", "vnetctl rule load", lambda lab: vnet_big(lab, 0), lambda lab: lab.vnet_rules(rules("vnet"))
    yield "rules in", "nft -f, a rule each", lambda lab: nft_chain(lab, False), lambda lab: lab.nft(rules("linear"))
    yield "rules in", "nft -f, one map", lambda lab: nft_chain(lab, False), nft_set
    yield "rules in", "tc -b, flower", tc_qdisc, lambda lab: lab.tc(*flower(count))
    yield "addresses in", "vnetctl -b", lambda lab: vnet_big(lab, count), lambda lab: lab.vnet(
        *["fdb add bench %s dev out0" % mac for mac in macs(count)])
    yield "addresses in", "bridge -b", bridge, lambda lab: lab.bridge(
        *["fdb add %s dev out0 master static" % mac for mac in macs(count)])
    yield "addresses out", "vnetctl fdb show", vnet_with_macs, lambda lab: command(
        ["vnetctl", "-n", lab.name, "fdb", "show", "bench"])
    yield "addresses out", "bridge fdb show", bridge_with_macs, lambda lab: command(
        ["bridge", "-n", lab.name, "fdb", "show", "br", "br0"])
    yield "rules out", "vnetctl rule show", lambda lab: (vnet(lab), lab.vnet_rules(rules("vnet"))), lambda lab: command(
        ["vnetctl", "-n", lab.name, "rule", "show", "bench"])
    yield "rules out", "nft list", lambda lab: (nft_chain(lab, False), lab.nft(rules("linear"))), lambda lab: command(
        ["nsenter", "--net=/run/netns/" + lab.name, "nft", "list", "ruleset"])


def measure(prepare, act, number):
    lab = Lab("config%d" % number)
    prepare(lab)
    start = time.monotonic()
    act(lab)
    took = time.monotonic() - start
    lab.remove()
    return took


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    options = parse(sys.argv[2:], {"count": 10000, "rounds": 3})
    rows, bad, number = [], 0, 0
    for what, tool, prepare, act in tasks(sys.argv[1], options["count"]):
        row = {"what": what, "contender": tool, "count": options["count"], "seconds": []}
        try:
            for _ in range(options["rounds"]):
                number += 1
                row["seconds"].append(measure(prepare, act, number))
            row["per_s"] = options["count"] / statistics.median(row["seconds"])
            say("%s, %s: %d/s" % (what, tool, row["per_s"]))
        except Refused as refused:
            row["error"] = str(refused)
            say("%s, %s: %s" % (what, tool, refused))
            bad = 1
        rows.append(row)
    with open(os.path.join(os.environ["VNET_RESULTS"], "config.json"), "w", encoding="ascii") as file:
        json.dump({"conditions": conditions(options), "rows": rows}, file, indent=1)
    return bad


if __name__ == "__main__":
    sys.exit(main())
