#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# Owns the benchmark's rule sets and the flows that are measured against them. Runs before the guest boots.
"""usage: rules.py DIR COUNT...

For each COUNT the first so many of one list of random rules, in the words of each contender:

  COUNT.vnet    for vnetctl rule load
  COUNT.linear  for nft: a chain with a rule for each
  COUNT.set     for nft, line by line: one verdict map over all fields, with intervals
  flows         for the injector

The rules are as an operator's: sites with subnets with hosts, services as single ports or ranges, clients mostly
anywhere, few wildcards (as in ClassBench's acl seeds). All sets accept and drop the same frames. What an interval map
of nftables refuses, a rule that begins or ends inside of an earlier one, is left out of all; that a rule encloses
earlier ones is allowed, and happens.

A flow has the addresses and the protocol of one of the first ten rules, so that it comes near a rule in every set, and
matches none of any set: the policy decides, after whatever the firewall has to do to know that.
"""
import os
import random
import sys

SEED = 20260101
FLOWS = 64
# Elements in one transaction: nft says "no buffer space" of ten thousand.
CHUNK = 5000
NAMED_PORTS = (22, 25, 53, 80, 123, 161, 389, 443, 445, 636, 993, 1433, 3306, 3389, 5432, 6379, 8080, 9200)
TCP, UDP = 6, 17
ANY_PORT = (0, 65535)


def mask(bits):
    return 0xffffffff << (32 - bits) & 0xffffffff


def pick(chance, table):
    """one of [(weight, value)...]"""
    return chance.choices([value for _, value in table], [weight for weight, _ in table])[0]


class Rule:
    """A prefix is (address, bits), a range is (first, last)."""

    def __init__(self, src, dst, proto, sport, dport, action):
        self.src, self.dst, self.proto, self.sport, self.dport, self.action = src, dst, proto, sport, dport, action

    def takes(self, proto, sport, dport):
        return (self.proto in (None, proto) and self.sport[0] <= sport <= self.sport[1]
                and self.dport[0] <= dport <= self.dport[1])

    def corners(self):
        """the least and the greatest frame that it matches"""
        low, high = (0, 255) if self.proto is None else (self.proto, self.proto)
        yield self.src[0], self.dst[0], low, self.sport[0], self.dport[0]
        yield (self.src[0] | ~mask(self.src[1]) & 0xffffffff, self.dst[0] | ~mask(self.dst[1]) & 0xffffffff,
               high, self.sport[1], self.dport[1])


class Rules:
    """A list of rules that knows which of them, if any, a frame matches."""

    def __init__(self):
        self.list = []
        self.by_prefixes = {}
        self.lengths = set()

    def add(self, rule):
        self.list.append(rule)
        self.lengths.add((rule.src[1], rule.dst[1]))
        self.by_prefixes.setdefault((rule.src, rule.dst), []).append(rule)

    def match(self, src, dst, proto, sport, dport):
        for s, d in self.lengths:
            for rule in self.by_prefixes.get(((src & mask(s), s), (dst & mask(d), d)), ()):
                if rule.takes(proto, sport, dport):
                    return True
        return False


def random_prefix(chance, lengths, outside):
    bits = pick(chance, lengths)
    if chance.random() < outside:
        address = chance.randrange(11 << 24, 223 << 24)
    else:
        address = 10 << 24 | chance.randrange(64) << 16 | chance.randrange(256) << 8 | chance.randrange(256)
    return address & mask(bits), bits


def random_port(chance, any_weight):
    kind = pick(chance, [(any_weight, "any"), (55, "named"), (15, "single"), (20, "range")])
    if kind == "any":
        return ANY_PORT
    if kind == "range":
        first = chance.choice((1024, 5000, 8000, 30000, chance.randrange(65000)))
        return first, min(65535, first + chance.choice((1, 9, 99, 1000, 35535)))
    port = chance.choice(NAMED_PORTS) if kind == "named" else chance.randrange(65536)
    return port, port


def random_rule(chance):
    src = random_prefix(chance, [(30, 0), (5, 8), (20, 16), (20, 24), (5, 28), (20, 32)], 0.3)
    dst = random_prefix(chance, [(6, 16), (30, 24), (9, 28), (55, 32)], 0)
    wide = src[1] + dst[1] < 40
    proto = pick(chance, [(75, TCP), (20, UDP), (0 if wide else 5, None)])
    sport = dport = ANY_PORT
    if proto is not None:
        dport = random_port(chance, 0 if wide else 30)
        if chance.random() < 0.08:
            sport = random_port(chance, 20)
    return Rule(src, dst, proto, sport, dport, pick(chance, [(80, "drop"), (20, "accept")]))


def make_rules(chance, count):
    rules = Rules()
    while len(rules.list) < count:
        rule = random_rule(chance)
        if not any(rules.match(*corner) for corner in rule.corners()):
            rules.add(rule)
    return rules


def inside(chance, prefix):
    return prefix[0] | chance.getrandbits(32) & ~mask(prefix[1]) & 0xffffffff


def make_flows(chance, rules):
    # A rule for all ports leaves no frame that comes near and is none of its own.
    near = [rule for rule in rules.list[:10] if rule.dport != ANY_PORT]
    flows = []
    while len(flows) < FLOWS:
        rule = near[len(flows) % len(near)]
        src = rule.src if rule.src[1] else (10 << 24, 8)
        flow = (inside(chance, src), inside(chance, rule.dst), rule.proto or UDP,
                chance.randrange(1024, 65536), chance.choice(NAMED_PORTS + (chance.randrange(1024, 65536),)))
        answer = (flow[1], flow[0], flow[2], flow[4], flow[3])
        if flow not in flows and not rules.match(*flow) and not rules.match(*answer):
            flows.append(flow)
    return flows


def dotted(prefix):
    return "%d.%d.%d.%d/%d" % (prefix[0] >> 24, prefix[0] >> 16 & 255, prefix[0] >> 8 & 255, prefix[0] & 255, prefix[1])


def ports(port):
    return str(port[0]) if port[0] == port[1] else "%d-%d" % port


def vnet_line(rule, number, count):
    words = ["r%d prio %d egress" % (number, 10 + number * 60000 // count)]
    if rule.src[1]:
        words.append("src " + dotted(rule.src))
    words.append("dst " + dotted(rule.dst))
    if rule.proto is not None:
        words.append("proto " + ("tcp" if rule.proto == TCP else "udp"))
    if rule.sport != ANY_PORT:
        words.append("sport " + ports(rule.sport))
    if rule.dport != ANY_PORT:
        words.append("dport " + ports(rule.dport))
    words.append("allow" if rule.action == "accept" else "drop")
    return " ".join(words)


def linear_line(rule):
    words = []
    if rule.src[1]:
        words.append("ip saddr " + dotted(rule.src))
    words.append("ip daddr " + dotted(rule.dst))
    name = "tcp" if rule.proto == TCP else "udp"
    if rule.sport != ANY_PORT:
        words.append("%s sport %s" % (name, ports(rule.sport)))
    if rule.dport != ANY_PORT:
        words.append("%s dport %s" % (name, ports(rule.dport)))
    if rule.proto is not None and rule.sport == rule.dport == ANY_PORT:
        words.append("ip protocol " + name)
    return "add rule bridge bench forward " + " ".join(words) + " " + rule.action


def interval(prefix):
    return dotted(prefix) if prefix[1] else "0.0.0.0-255.255.255.255"


def set_element(rule):
    return "%s . %s . %s . %s . %s : %s" % (interval(rule.src), interval(rule.dst),
                                            "0-255" if rule.proto is None else rule.proto,
                                            ports(rule.sport), ports(rule.dport), rule.action)


def set_lines(rules):
    yield ("add map bridge bench acl { flags interval; "
           "type ipv4_addr . ipv4_addr . inet_proto . inet_service . inet_service : verdict; }")
    for start in range(0, len(rules), CHUNK):
        yield "add element bridge bench acl { " + ", ".join(map(set_element, rules[start:start + CHUNK])) + " }"
    yield "add rule bridge bench forward ip saddr . ip daddr . ip protocol . th sport . th dport vmap @acl"


def write(directory, name, lines):
    # At once, so that an interrupted run leaves no half of a file behind.
    path = os.path.join(directory, name)
    with open(path + ".new", "w", encoding="ascii") as file:
        file.writelines(line + "\n" for line in lines)
    os.rename(path + ".new", path)


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    directory, counts = sys.argv[1], [int(word) for word in sys.argv[2:]]
    chance = random.Random(SEED)
    rules = make_rules(chance, max(counts + [10]))
    for count in counts:
        some = rules.list[:count]
        write(directory, "%d.vnet" % count, (vnet_line(rule, i, count) for i, rule in enumerate(some)))
        write(directory, "%d.linear" % count, map(linear_line, some))
        write(directory, "%d.set" % count, set_lines(some) if some else [])
    # Last: who finds it there finds everything.
    write(directory, "flows", ("%x %x %d %x %x" % flow for flow in make_flows(chance, rules)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
