#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# Owns the measurements, inside of the guest: sets the contenders up, has each send the same frames, writes rows.json.
"""usage: measure.py RULES_DIR [KEY=VALUE...]

  sizes=0,10,100   numbers of rules, for which RULES_DIR has files (selftests/bench/rules.py)
  rounds=7         how often each row is measured; contenders take turns, in an order that rotates
  frames=65536     at most so many frames a measurement
  budget=20000000  or as many as take so many nanoseconds
  classes=1,100    numbers of classes
  macs=10000       number of addresses, where many are measured
  groups=switch,rules   what is measured: also scale, never, limited, active and cpus (selftests/bench/shaping.py)
  out=rows         name of the file that is written, without .json

Every contender has a network namespace of its own, with an interface `in0`, where the injector's frames come in, and
`out0`, where they end: a dummy, which counts them. The contenders of a group exist at the same time; a group is gone
before the next comes. A row says what a frame took, in nanoseconds of the guest's clock, which are instructions where
the guest counts those. The number of a measurement is the mean of the middle half of its batches of 64 frames, that of
a row the median of its rounds.

Exit status: 0 if each row was measured and lost no frame.
"""
import glob
import json
import os
import platform
import statistics
import subprocess
import sys
import time

import openvswitch
import shaping

CONTROL = "/sys/kernel/debug/vnet_bench/"
VLAN = 100
LINEAR_MAX = 1000
FRAME_MOST = 10000                      # ns or instructions that a frame takes at most
NETWORKS = 4000                         # one for each tag of a port
MANY_FLOWS = (64, 2048, 16384, 65536)
# Virtual time leaps on while a guest that counts instructions waits for a file.
SETUP_SECONDS = 100000 if os.environ.get("VNET_ICOUNT") else 300


class Refused(Exception):
    pass


def command(words, text=""):
    done = subprocess.run(words, input=text, text=True, capture_output=True, timeout=SETUP_SECONDS, check=False)
    if done.returncode:
        raise Refused("%s: %s" % (words[0], (done.stderr or done.stdout).strip()[:200]))
    return done.stdout


def say(text):
    print(text, flush=True)


class Lab:
    """A network namespace with the two interfaces."""

    def __init__(self, name):
        self.name = "bench-" + name
        command(["ip", "netns", "add", self.name])
        self.file = os.open("/run/netns/" + self.name, os.O_RDONLY)
        # Nobody but the injector shall speak. A guest that counts instructions skips its sleeps, and what is a moment
        # here may be minutes there: connections have to outlast them.
        self.write("net/ipv6/conf/default/disable_ipv6", 1)
        self.write("net/netfilter/nf_conntrack_udp_timeout", 86400)
        self.write("net/netfilter/nf_conntrack_udp_timeout_stream", 86400)
        self.ip("link add in0 type dummy", "link add out0 type dummy", "link set in0 up", "link set out0 up")

    def write(self, name, value):
        command(["ip", "netns", "exec", self.name, "sh", "-c", "echo %d >/proc/sys/%s" % (value, name)])

    def ip(self, *lines):
        command(["ip", "-n", self.name, "-b", "-"], "\n".join(lines))

    def bridge(self, *lines):
        command(["bridge", "-n", self.name, "-b", "-"], "\n".join(lines))

    def tc(self, *lines):
        command(["tc", "-n", self.name, "-b", "-"], "\n".join(lines) + "\n")

    def vnet(self, *lines):
        command(["vnetctl", "-n", self.name, "-b", "-"], "\n".join(lines))

    def vnet_rules(self, text):
        command(["vnetctl", "-n", self.name, "rule", "load", "bench", "-"], text)

    def nft(self, text):
        command(["nsenter", "--net=/run/netns/" + self.name, "nft", "-f", "-"], text)

    runs = 0

    def send(self, **words):
        """what the injector says: {"frames": ..., "delivered": ...}, and which of all runs that was"""
        spec = " ".join("%s=%s" % item for item in words.items())
        with open(CONTROL + "run", "w", encoding="ascii") as file:
            file.write("netns=%d in=in0 out=out0 %s\n" % (self.file, spec))
        Lab.runs += 1
        with open(CONTROL + "run", encoding="ascii") as file:
            got = {key: int(value) for key, value in (word.split("=") for word in file.read().split())}
        return {"run": Lab.runs - 1, **got}

    def remove(self):
        subprocess.run(["vnetctl", "-n", self.name, "flush"], capture_output=True, check=False)
        os.close(self.file)
        command(["ip", "netns", "del", self.name])


class Contender:
    """
    Builds itself in a lab; `words` go to the injector with every frame. `policy` sets what becomes of frames that no
    rule matches, if the frames that are measured have to match one.
    """

    def __init__(self, name, build, words=None, floor="forward", policy=None):
        self.name, self.build, self.words, self.floor, self.policy = name, build, words or {}, floor, policy
        self.lab = None
        self.facts = {}

    def set_up(self, number):
        start = time.monotonic()
        self.lab = Lab(str(number))
        self.build(self.lab)
        self.facts["setup_ms"] = round((time.monotonic() - start) * 1000)

    def send(self, **words):
        return self.lab.send(**{**self.words, **words})

    def remove(self):
        if self.lab:
            self.lab.remove()
        self.lab = None


# ---- how each of them is set up -------------------------------------------------------------------------------------

def nothing(_lab):
    pass


def bridge(lab, *options):
    lab.ip("link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0 " + " ".join(options),
           "link set br0 up", "link set in0 master br0", "link set out0 master br0")


def vlan_bridge(lab):
    bridge(lab, "vlan_filtering 1", "vlan_default_pvid 0")
    lab.bridge("vlan add dev in0 vid %d" % VLAN, "vlan add dev out0 vid %d pvid untagged" % VLAN)


def nft_chain(lab, state):
    bridge(lab)
    lab.nft("add table bridge bench\nadd chain bridge bench forward { type filter hook forward priority 0; }\n"
            + "add rule bridge bench forward ct state established,related accept\n" * state)


def nft_rules(lab, rules, state):
    nft_chain(lab, state)
    with open(rules, encoding="ascii") as file:
        lab.nft(file.read())


def nft_map(lab, rules, state):
    nft_chain(lab, state)
    with open(rules, encoding="ascii") as file:
        for line in file:
            lab.nft(line)


def nft_policy(lab, policy):
    lab.nft("add chain bridge bench forward { policy %s; }\n" % policy)


def vnet(lab):
    lab.vnet("network add bench up max-rules 131072", "port add in0 network bench", "port add out0 network bench")


def vnet_vlan(lab):
    lab.vnet("network add bench up", "port add in0 uplink", "member add in0 vlan %d network bench" % VLAN,
             "port add out0 network bench")


def tc_flower(lab):
    for dev, to, mac in (("in0", "out0", "0b"), ("out0", "in0", "0a")):
        lab.tc("qdisc add dev %s clsact" % dev,
               "filter add dev %s ingress protocol ip flower dst_mac 02:00:00:00:00:%s "
               "action mirred egress redirect dev %s" % (dev, mac, to))


def guard(lab):
    lab.vnet("member set in0 guard-mac 02:00:00:00:00:0a guard-ip 0.0.0.0/0")


def vnet_guard(lab):
    vnet(lab)
    guard(lab)


def vnet_rules(lab, rules, state):
    vnet(lab)
    with open(rules, encoding="ascii") as file:
        text = file.read()
    if state:
        text = "established prio 1 egress ct established,related allow\n" + text
    lab.vnet_rules(text)


def vnet_policy(lab, policy):
    lab.vnet("network set bench policy-egress " + {"accept": "allow"}.get(policy, policy))


def switches():
    tagged = {"vlan": VLAN}
    yield Contender("null", nothing, {"handler": "null"}, None)
    yield Contender("forward", nothing, {"handler": "forward"})
    yield Contender("forward, tag off", nothing, {"handler": "forward", **tagged}, "forward, tag off")
    yield Contender("bridge", bridge)
    yield Contender("bridge vlan_filtering, tag off", vlan_bridge, tagged, "forward, tag off")
    if openvswitch.available():
        yield Contender("Open vSwitch", openvswitch.build)
    yield Contender("tc flower + mirred", tc_flower)
    yield Contender("vnet", vnet)
    yield Contender("vnet, guard", vnet_guard)
    yield Contender("vnet, tag off", vnet_vlan, tagged, "forward, tag off")


def firewalls(directory, count):
    def files(kind):
        return os.path.join(directory, "%d.%s" % (count, kind))

    yield Contender("forward", nothing, {"handler": "forward"})
    kinds = [("bridge + nft rules", nft_rules, "linear", nft_policy), ("bridge + nft map", nft_map, "set", nft_policy),
             ("vnet", vnet_rules, "vnet", vnet_policy)]
    for name, build, kind, policy in kinds:
        if kind == "linear" and count > LINEAR_MAX:
            continue
        yield Contender(name, lambda lab, b=build, k=kind: b(lab, files(k), False))
        yield Contender(name + ", state", lambda lab, b=build, k=kind: b(lab, files(k), True), policy=policy)


def big_tables(directory, macs):
    """what a host may have besides what a frame needs"""
    rules = os.path.join(directory, "1000.vnet")

    def networks(lab):
        vnet(lab)
        for first in range(2, NETWORKS, 256):
            some = range(first, min(first + 256, NETWORKS))
            lab.vnet(*["network add n%d up\nmember add in0 vlan %d network n%d" % (i, i, i) for i in some])

    def addresses(lab):
        lab.vnet("network add bench up max-macs %d" % (macs + 1000), "port add in0 network bench",
                 "port add out0 network bench", "member set out0 max-macs %d" % (macs + 1000))
        for first in range(0, macs, 10000):
            lab.vnet(*["fdb add bench 06:%02x:%02x:%02x:00:01 dev out0" % (i >> 16, i >> 8 & 255, i & 255)
                       for i in range(first, min(first + 10000, macs))])

    def everything(lab):
        vnet_rules(lab, rules, False)
        guard(lab)

    yield Contender("forward", nothing, {"handler": "forward"})
    yield Contender("vnet", vnet)
    yield Contender("vnet, %d networks" % NETWORKS, networks)
    yield Contender("vnet, %d addresses" % macs, addresses)
    yield Contender("vnet, guard, 1000 rules", everything)


def gated(directory):
    """few rows that stand for all: scripts/bench --gate"""
    rules = os.path.join(directory, "1000.vnet")

    def guarded(lab):
        vnet_rules(lab, rules, False)
        guard(lab)

    tagged = {"vlan": VLAN}
    yield Contender("forward", nothing, {"handler": "forward"})
    yield Contender("forward, tag off", nothing, {"handler": "forward", **tagged}, "forward, tag off")
    yield Contender("vnet", vnet)
    yield Contender("vnet, tag off", vnet_vlan, tagged, "forward, tag off")
    yield Contender("vnet, guard, 1000 rules", guarded)
    yield Contender("vnet, 1000 rules, state", lambda lab: vnet_rules(lab, rules, True), policy=vnet_policy)
    yield Contender("vnet, class", lambda lab: shaping.vnet_never(lab, 1))


# ---- measuring ------------------------------------------------------------------------------------------------------

def half_spread(figures):
    """half of the way from the first quartile to the third"""
    if len(figures) < 2:
        return 0
    first, _, third = statistics.quantiles(figures, n=4, method="inclusive")
    return (third - first) / 2


class Bench:
    def __init__(self, directory, options):
        self.directory, self.options = directory, options
        self.rows, self.bad, self.flow_count = [], 0, 0
        with open(os.path.join(directory, "flows"), encoding="ascii") as file:
            self.flows = file.readlines()

    def use_flows(self, flows):
        self.flow_count = len(flows)
        with open(CONTROL + "flows", "w", encoding="ascii") as file:
            file.write("".join(flows))

    def warm(self, contender):
        """
        Frames and answers, until all arrive: tables know both sides, connections are established. Who has no floor
        knows without answers.
        """
        if contender.words.get("handler"):
            return
        if contender.policy:
            contender.policy(contender.lab, "accept")
        for _ in range(100):
            there = contender.send(frames=64)
            back = contender.send(frames=64, reverse=1) if contender.floor else there
            if there["delivered"] == there["frames"] and back["delivered"] == back["frames"]:
                break
            time.sleep(0.05)
        else:
            raise Refused("does not forward: %s there, %s back" % (there, back))
        # From here on only what belongs to a connection passes: so it is this that is measured.
        if contender.policy:
            contender.policy(contender.lab, "drop")

    def measure(self, contender):
        contender.send(frames=contender.words.get("batch", 64))
        # each flow has its turn, however many there are
        got = contender.send(frames=max(contender.words.get("frames", self.options["frames"]), self.flow_count),
                             budget=max(self.options["budget"], self.flow_count * FRAME_MOST))
        if got["delivered"] != (0 if contender.words.get("handler") == "null" else got["frames"]):
            raise Refused("%(delivered)d of %(frames)d frames came out" % got)
        return got

    def row(self, contender, facts, got):
        figures = [one["middle_ps"] / 1000 for one in got]
        frames = sum(one["frames"] for one in got)
        return {"contender": contender.name, "floor": contender.floor, **facts, **contender.facts,
                "per_frame": statistics.median(figures), "spread": half_spread(figures),
                "mean": sum(one["ns"] for one in got) / frames,
                "least": min(one["min_ps"] for one in got) / 1000, "frames": frames,
                "delivered": sum(one["delivered"] for one in got), "rounds": figures,
                "runs": [one["run"] for one in got]}

    def attempt(self, contender, action):
        """what the action returns, if the contender did not fail before nor now"""
        if contender.facts.get("error"):
            return None
        try:
            return action()
        except (Refused, OSError, subprocess.TimeoutExpired) as error:
            contender.facts["error"] = str(error)
            return None

    def measure_flows(self, contenders, facts, lines):
        flows = len(lines)
        self.use_flows(lines)
        got = {contender: [] for contender in contenders}
        for contender in contenders:
            self.attempt(contender, lambda one=contender: self.warm(one))
        for turn in range(self.options["rounds"]):
            for i in range(len(contenders)):
                contender = contenders[(i + turn) % len(contenders)]
                got[contender].append(self.attempt(contender, lambda one=contender: self.measure(one)))
        for contender in contenders:
            if contender.facts.get("error"):
                self.rows.append({"contender": contender.name, **facts, "flows": flows, **contender.facts})
                say("  %s, %d flows: %s" % (contender.name, flows, contender.facts["error"]))
                self.bad += 1
            else:
                self.rows.append(self.row(contender, {**facts, "flows": flows}, got[contender]))
        self.find_own(facts, flows)

    def find_own(self, facts, flows):
        """what is left of each row without the floor that was measured beside it"""
        rows = [row for row in self.rows if row["flows"] == flows and "per_frame" in row
                and all(row[key] == value for key, value in facts.items())]
        floors = {row["contender"]: row["per_frame"] for row in rows}
        for row in rows:
            if row["floor"] in floors:
                row["own"] = row["per_frame"] - floors[row["floor"]]

    def group(self, title, contenders, facts, flows=None):
        """with each of the lists of flows"""
        contenders = list(contenders)
        start = time.monotonic()
        for number, contender in enumerate(contenders):
            self.attempt(contender, lambda one=contender, n=number: one.set_up(n))
        ready = time.monotonic()
        for lines in flows or (self.flows[:1], self.flows):
            self.measure_flows(contenders, facts, lines)
        for contender in contenders:
            contender.remove()
        say("%s: %d contenders, set up in %.1f s and measured in %.1f s of the guest's time" %
            (title, len(contenders), ready - start, time.monotonic() - ready))

    def shape(self, title, contenders, facts, flows=None):
        self.group(title, (Contender(*one) for one in contenders), facts, [flows or self.flows[:1]])

    def measure_switch(self):
        self.group("switching", switches(), {"group": "switch"})

    def measure_gate(self):
        self.group("the gate", gated(self.directory), {"group": "gate"}, [self.flows])

    def measure_rules(self):
        for count in self.options["sizes"]:
            self.group("%d rules" % count, firewalls(self.directory, count), {"group": "rules", "rules": count})

    def measure_scale(self):
        """flows that differ in their ports, more of them than a CPU has room to remember"""
        counts = MANY_FLOWS[:3] if os.environ.get("VNET_ICOUNT") else MANY_FLOWS
        self.group("large tables", big_tables(self.directory, self.options["macs"]), {"group": "scale"},
                   [[self.flow_of(i) for i in range(count)] for count in counts])

    def flow_of(self, number):
        words = self.flows[number % len(self.flows)].split()
        return "%s %s %s %x %x\n" % (words[0], words[1], words[2], 1024 + number % 60000, 1 + number // 60000)

    def measure_never(self):
        for count in self.options["classes"]:
            self.shape("%d classes" % count, shaping.never(count), {"group": "never", "classes": count})

    def measure_limited(self):
        for rate, batch in (("1gbit", 2048), ("100mbit", 512)):
            self.shape("limited to " + rate, shaping.limited(rate, batch), {"group": "limited", "rate": rate})

    def measure_active(self):
        for count in (one for one in self.options["classes"] if one <= shaping.ACTIVE_MAX):
            self.shape("%d classes that hold frames" % count, shaping.active(count),
                       {"group": "active", "classes": count}, shaping.active_flows(count))

    def measure_cpus(self):
        self.shape("one CPU and two", shaping.two_cpus(), {"group": "cpus"})

    def run(self):
        for group in self.options["groups"]:
            getattr(self, "measure_" + group)()


def keep_symbols(results):
    """where the functions of this kernel and its modules are, for stages.py"""
    with open("/proc/kallsyms", encoding="ascii") as symbols, \
            open(os.path.join(results, "symbols"), "w", encoding="ascii") as file:
        file.writelines(line for line in symbols if line.split()[1] in "tT")
    with open("/sys/module/vnet/sections/.text", encoding="ascii") as section, \
            open(os.path.join(results, "text"), "w", encoding="ascii") as file:
        file.write(section.read())


def no_br_netfilter():
    """It would hand the bridge's frames to the IP stack's rules."""
    for name in glob.glob("/proc/sys/net/bridge/bridge-nf-call-*"):
        with open(name, "w", encoding="ascii") as file:
            file.write("0")


def has_avx2():
    """whether the kernel sees the instructions that nft's maps have code of their own for"""
    with open("/proc/cpuinfo", encoding="ascii") as file:
        return " avx2" in file.read() and not os.environ["VNET_KERNEL"].startswith("uml")


def conditions(options):
    return {"unit": "instructions" if os.environ.get("VNET_ICOUNT") else "ns", "guest": os.environ.get("VNET_KERNEL"),
            "kernel": platform.release(), "nft": command(["nft", "--version"]).split()[1],
            "iproute2": command(["ip", "-V"]).split()[-1], "frame_bytes": 60, "batch": 64, "options": options,
            "br_netfilter": "off", "avx2": has_avx2(), "date": time.strftime("%Y-%m-%d")}


def parse(words, defaults):
    options = dict(defaults)
    for word in words:
        key, _, value = word.partition("=")
        if key not in options:
            sys.exit("%s: what is %s?" % (os.path.basename(sys.argv[0]), word))
        options[key] = convert(options[key], value)
    return options


def convert(default, value):
    """the value as what the default is: a list of such, a number or a word"""
    if isinstance(default, list):
        return [convert(default[0], one) for one in value.split(",")]
    return type(default)(value)


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    options = parse(sys.argv[2:], {"sizes": [0, 10, 100], "rounds": 7, "frames": 65536, "budget": 20000000,
                                   "classes": [1, 100], "macs": 10000, "groups": ["switch", "rules"], "out": "rows"})
    no_br_netfilter()
    os.sched_setaffinity(0, {0})
    bench = Bench(sys.argv[1], options)
    bench.run()
    results = os.environ["VNET_RESULTS"]
    keep_symbols(results)
    with open(os.path.join(results, options["out"] + ".json"), "w", encoding="ascii") as file:
        json.dump({"conditions": conditions(options), "rows": bench.rows}, file, indent=1)
    return 1 if bench.bad else 0


if __name__ == "__main__":
    sys.exit(main())
