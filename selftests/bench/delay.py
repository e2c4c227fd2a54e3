#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# Owns the measurements of delay, inside of the guest: who shapes, how long its frames wait, written to delay.json.
"""usage: delay.py [KEY=VALUE...]

  rates=100,10   Mbit/s of what everybody shares
  ms=4000        how long each row is measured

Two questions. How long do the few frames of somebody wait who has a class of his own and hardly uses it, while another
one floods his with ten times of what both have together? How long do the frames of one TCP wait that fills its class?
Time has to be virtual, one instruction a nanosecond: on a machine that is late, all of them are.

Both sides have the same tree: a parent of the whole rate, below it two classes that are promised half of it each. The
frames are timed below all of it (selftests/bench/delay.c), from the interface where they come in to that where they
leave.

Exit status: 0 if each row was measured.
"""
import json
import os
import subprocess
import sys
import time

import measure

CONTROL = "/sys/kernel/debug/vnet_delay/run"
MACS = {"in0": "02:00:00:00:00:0a", "in1": "02:00:00:00:00:1a", "out0": "02:00:00:00:00:0b"}
WIRE_BITS = 8 * 1000                    # of a frame of the flood
TRIES = 100


def meter(lab, **words):
    """what the meter says: {"samples": ..., "p99": ...}"""
    with open(CONTROL, "w", encoding="ascii") as file:
        file.write("netns=%d %s\n" % (lab.file, " ".join("%s=%s" % item for item in words.items())))
    with open(CONTROL, encoding="ascii") as file:
        return {key: int(value) for key, value in (word.split("=") for word in file.read().split())}


# ---- who shapes: each gets the interfaces where frames come in, and where they leave --------------------------------

def vnet(lab, rate, sources, out, keys=""):
    lab.vnet("network add bench up", *["port add %s network bench" % one for one in (*sources, out)],
             "class add bench top rate %dmbit ceil %dmbit" % (rate, rate),
             *["class add bench c%d parent top rate %dmbit ceil %dmbit %s" % (i, rate // 2, rate, keys)
               for i in (0, 1)],
             *["member set %s class-egress c%d" % (one, i) for i, one in enumerate(sources)],
             *["fdb add bench %s dev %s" % (MACS[one], one) for one in (*sources, out) if one in MACS])


def vnet_2ms(lab, rate, sources, out):
    vnet(lab, rate, sources, out, "delay-target 2ms")


def bridge(lab, sources, out, lines):
    lab.ip("link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0", "link set br0 up",
           *["link set %s master br0" % one for one in (*sources, out)])
    lab.bridge(*["fdb add %s dev %s master static" % (MACS[one], one) for one in (*sources, out) if one in MACS])
    lab.tc(*[line.replace("DEV", "dev " + out) for line in lines])


def htb(lab, rate, sources, out, queue):
    lines = ["qdisc add DEV root handle 1: htb default 1",
             "class add DEV parent 1: classid 1:ff htb rate %dmbit" % rate]
    for i, one in enumerate(sources, 1):
        lines += ["class add DEV parent 1:ff classid 1:%d htb rate %dmbit ceil %dmbit" % (i, rate // 2, rate),
                  "qdisc add DEV parent 1:%d %s" % (i, queue)]
        if one in MACS:
            lines.append("filter add DEV parent 1: protocol all prio 1 u32 match ether src %s flowid 1:%d" % (
                MACS[one], i))
    bridge(lab, sources, out, lines)


def htb_fq_codel(lab, rate, sources, out):
    htb(lab, rate, sources, out, "fq_codel")


def htb_pfifo(lab, rate, sources, out):
    htb(lab, rate, sources, out, "pfifo limit 1000")


def tbf(lab, rate, sources, out):
    bridge(lab, sources, out, ["qdisc add DEV root tbf rate %dmbit burst 5kb latency 50ms" % rate])


def tbf_fq_codel(lab, rate, sources, out):
    bridge(lab, sources, out, ["qdisc add DEV root handle 1: tbf rate %dmbit burst 5kb latency 50ms" % rate,
                               "qdisc add DEV parent 1: fq_codel"])


CONTENDERS = (("vnet", vnet), ("vnet, delay-target 2ms", vnet_2ms), ("bridge + htb, fq_codel", htb_fq_codel),
              ("bridge + htb, pfifo", htb_pfifo), ("bridge + tbf", tbf), ("bridge + tbf, fq_codel", tbf_fq_codel))


# ---- what is measured -----------------------------------------------------------------------------------------------

def idle_class(build, rate, ms):
    lab = measure.Lab("delay")
    try:
        lab.ip("link add in1 type dummy", "link set in1 up")
        build(lab, rate, ("in0", "in1"), "out0")
        alone = meter(lab, out="out0", probe="in1", ms=ms // 4)
        flood = {"flood": "in0", "flood_ns": WIRE_BITS * 1000 // (10 * rate)}
        meter(lab, out="out0", probe="in1", ms=500, **flood)
        got = meter(lab, out="out0", probe="in1", ms=ms, **flood)
    finally:
        lab.remove()
    if not alone["samples"] or not got["flood_out"]:
        raise measure.Refused("nothing came out: %s, %s" % (alone, got))
    return {"alone": alone["p50"], "lost": got["probes"] - got["samples"], "mbit": got["flood_out"] * WIRE_BITS * 1000 / got["ns"], **got}


def hosts(lab):
    """two namespaces, each on a cable"""
    for name, port, address in (("a", "p0", "10.0.0.1"), ("b", "p1", "10.0.0.2")):
        space = lab.name + name
        measure.command(["ip", "netns", "add", space])
        lab.ip("link add %s type veth peer name eth0 netns %s" % (port, space), "link set %s up" % port)
        measure.command(["ip", "-n", space, "-b", "-"], "link set eth0 up\nlink set lo up\naddr add %s/24 dev eth0\n"
                        % address)
        yield ["ip", "netns", "exec", space]


def wait_until(words):
    for _ in range(TRIES):
        if subprocess.run(words, capture_output=True, check=False).stdout:
            return
        time.sleep(0.05)
    raise measure.Refused("waited in vain: " + " ".join(words))


def full_class(build, rate, ms):
    lab = measure.Lab("delay")
    programs = []
    try:
        client, server = hosts(lab)
        build(lab, rate, ("p0",), "p1")
        programs.append(subprocess.Popen([*server, "iperf3", "-s", "-1"], stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL))
        wait_until([*server, "ss", "-Hltn", "sport = :5201"])
        programs.append(subprocess.Popen([*client, "iperf3", "-c", "10.0.0.2", "-t", str(ms // 1000 + 4)],
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        wait_until([*client, "ss", "-Htn", "state", "established", "dport = :5201"])
        meter(lab, **{"in": "p0"}, out="p1", ms=1500)
        got = meter(lab, **{"in": "p0"}, out="p1", ms=ms)
    finally:
        for program in programs:
            program.kill()
            program.wait()
        lab.remove()
        for name in "ab":
            subprocess.run(["ip", "netns", "del", lab.name + name], capture_output=True, check=False)
    if got["samples"] < 10:
        raise measure.Refused("hardly anything came out: %s" % got)
    return {"alone": 0, "lost": 0, "mbit": got["tcp_bytes"] * 8000 / got["ns"], **got}


def rows(options):
    for what, action in (("idle class", idle_class), ("full class", full_class)):
        for rate in options["rates"]:
            for name, build in CONTENDERS:
                row = {"what": what, "rate": rate, "contender": name}
                try:
                    row.update(action(build, rate, options["ms"]))
                except (measure.Refused, OSError, subprocess.TimeoutExpired) as error:
                    row["error"] = str(error)
                measure.say("%s, %d Mbit/s, %s: %s" % (what, rate, name, row.get("error") or "p99 %d us" % (
                    row["p99"] / 1000)))
                yield row


def main():
    options = measure.parse(sys.argv[1:], {"rates": [100, 10], "ms": 4000})
    measure.no_br_netfilter()
    got = list(rows(options))
    with open(os.path.join(os.environ["VNET_RESULTS"], "delay.json"), "w", encoding="ascii") as file:
        json.dump({"options": options, "rows": got}, file, indent=1)
    return 1 if any("error" in row for row in got) else 0


if __name__ == "__main__":
    sys.exit(main())
