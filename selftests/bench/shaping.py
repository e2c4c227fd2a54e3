# SPDX-License-Identifier: GPL-2.0-only
# Owns how contenders shape: trees of classes that never limit, that hold every frame, that two CPUs share.
"""
Each function yields (name, build, words, floor): what to set up in a lab, what the injector is told, and whose cost is
taken off. Both sides have the same trees: one parent, and leaves below it that may borrow all it has.
"""

NEVER = ("40gbit", "100mb")             # rate and burst of who never limits
BURST = "1600b"                         # of who always does: a frame
BURSTS = {"1gbit": "250kb", "100mbit": "25kb"}  # or what flows in 2 ms, so that a timer may let several go
QUEUE = "64mb"
LITTLE = "8kbit"                        # what each of many leaves is promised: the rest is borrowed
PATIENT = "delay-target 500ms delay-limit none"      # both sides look at delays, and lose nothing for them
FQ_CODEL = "fq_codel target 500ms interval 1s"
MAC_B = "02:00:00:00:00:0b"
SENDERS = ("02:00:00:00:00:0a", "12:00:00:00:00:0a")
ACTIVE_MAX = 1000                       # classes that hold frames at once: more take too long to count
PORT = 10000                            # of the first class, where the port of a flow chooses it


# ---- vnet -----------------------------------------------------------------------------------------------------------

def vnet(lab, *lines):
    lab.vnet("network add bench up max-classes 16384 max-rules 16384 max-queue 128mb", "port add in0 network bench",
             "port add out0 network bench", *lines)


def vnet_never(lab, count, *words):
    """the last of `count` classes is the member's"""
    vnet(lab, "class add bench top rate 1000gbit burst 100mb",
         *["class add bench c%d parent top rate %s ceil %s burst %s cburst %s" % (
             i, "1mbit" if i + 1 < count else NEVER[0], NEVER[0], NEVER[1], NEVER[1]) for i in range(count)],
         "member set in0 class-egress c%d" % (count - 1), *words)


def vnet_both(lab):
    vnet_never(lab, 1, "member set out0 class-ingress c0")


def vnet_limited(lab, rate, burst):
    vnet(lab, "class add bench c0 rate %s burst %s cburst %s queue %s %s" % (rate, burst, burst, QUEUE, PATIENT),
         "member set in0 class-egress c0")


def vnet_active(lab, count, rate):
    """a port chooses the class"""
    vnet(lab, "class add bench top rate %s burst %s cburst %s" % (rate, BURSTS[rate], BURSTS[rate]),
         *["class add bench c%d parent top rate %s ceil %s burst %s cburst %s queue %s %s" % (
             i, LITTLE, rate, BURST, BURST, QUEUE, PATIENT) for i in range(count)])
    lab.vnet_rules("\n".join("r%d prio %d egress proto udp dport %d class c%d allow" % (i, 10 + i, PORT + i, i)
                             for i in range(count)))


# ---- the bridge with a queueing discipline on the way out -----------------------------------------------------------

def bridge(lab, *lines):
    lab.ip("link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0", "link set br0 up",
           "link set in0 master br0", "link set out0 txqueuelen 20000 master br0")
    if lines:
        lab.tc(*lines)


def htb(rate, burst):
    return ["qdisc add dev out0 root handle 1: htb default 0xffff",
            "class add dev out0 parent 1: classid 1:ffff htb rate %s burst %s cburst %s quantum 1514" % (
                rate, burst, burst)]


def leaf(number, rate, ceil, burst, queue=None):
    """a class below 1:ffff; ids are hexadecimal. Without a queue it gets a pfifo of the interface's length."""
    lines = ["class add dev out0 parent 1:ffff classid 1:%x htb rate %s ceil %s burst %s cburst %s quantum 1514" % (
        number, rate, ceil, burst, burst)]
    if queue:
        lines.append("qdisc add dev out0 parent 1:%x handle %x: %s" % (number, number + 0x10, queue))
    return lines


def htb_never(lab, count):
    lines = htb("1000gbit", NEVER[1])
    for i in range(1, count + 1):
        lines += leaf(i, "1mbit" if i < count else NEVER[0], NEVER[0], NEVER[1])
    bridge(lab, *lines, "filter add dev out0 parent 1: protocol all prio 1 u32 match u32 0 0 flowid 1:%x" % count)


def tbf_never(lab):
    bridge(lab, "qdisc add dev out0 root tbf rate %s burst %s limit %s" % (*NEVER, QUEUE))


def fq_codel(lab):
    bridge(lab, "qdisc add dev out0 root fq_codel")


def htb_limited(lab, rate, burst, queue):
    bridge(lab, *htb(rate, burst), *leaf(1, rate, rate, burst, queue),
           "filter add dev out0 parent 1: protocol all prio 1 u32 match u32 0 0 flowid 1:1")


def tbf_limited(lab, rate):
    bridge(lab, "qdisc add dev out0 root tbf rate %s burst %s limit %s" % (rate, BURST, QUEUE))


def htb_active(lab, count, rate):
    lines = htb(rate, BURSTS[rate])
    for i in range(1, count + 1):
        lines += leaf(i, LITTLE, rate, BURST)
    bridge(lab, *lines,
           "filter add dev out0 parent 1: protocol ip prio 1 handle 1 flow map key proto-dst addend -%d baseclass 1:1"
           % PORT)


# ---- two senders, each on a CPU of its own --------------------------------------------------------------------------

def vnet_two(lab, shaped):
    """two networks that share an uplink and nothing else"""
    lab.ip("link add in1 type dummy", "link set in1 up")
    lab.vnet("port add out0 uplink")
    for i, mac in enumerate(SENDERS):
        lab.vnet("network add n%d up" % i, "port add in%d network n%d" % (i, i),
                 "member add out0 vlan %d network n%d" % (i + 1, i),
                 "fdb add n%d %s dev in%d" % (i, mac, i), "fdb add n%d %s dev out0 vlan %d" % (i, MAC_B, i + 1),
                 *["class add n%d c rate %s burst %s cburst %s" % (i, *NEVER, NEVER[1]),
                   "member set in%d class-egress c" % i] * shaped)


def bridge_two(lab, shaped):
    """a leaf for each sender"""
    lab.ip("link add in1 type dummy", "link set in1 up")
    lines = htb("1000gbit", NEVER[1])
    for i, mac in enumerate(SENDERS):
        lines += leaf(i + 1, NEVER[0], NEVER[0], NEVER[1])
        lines.append("filter add dev out0 parent 1: protocol all prio 1 u32 match ether src %s flowid 1:%d" % (
            mac, i + 1))
    bridge(lab, *lines * shaped)
    lab.ip("link set in1 master br0")
    lab.bridge("fdb add %s dev out0 master static" % MAC_B,
               *["fdb add %s dev in%d master static" % (mac, i) for i, mac in enumerate(SENDERS)])


def nothing_two(lab):
    lab.ip("link add in1 type dummy", "link set in1 up")


# ---- who is measured ------------------------------------------------------------------------------------------------

def never(count):
    """classes that never limit; with one there is more to compare"""
    yield "vnet", vnet, {}, "vnet"
    yield "vnet, class", lambda lab: vnet_never(lab, count), {}, "vnet"
    if count == 1:
        yield "vnet, class each way", vnet_both, {}, "vnet"
    yield "bridge", bridge, {}, "bridge"
    yield "bridge + htb", lambda lab: htb_never(lab, count), {}, "bridge"
    if count == 1:
        yield "bridge + tbf", tbf_never, {}, "bridge"
        yield "bridge + fq_codel", fq_codel, {}, "bridge"


def limited(rate, batch):
    """every frame is held, but for those of the first burst"""
    words = {"size": 1514, "wait": 1, "batch": batch, "frames": 2 * batch}
    yield "vnet", vnet, words, "vnet"
    yield "vnet, class", lambda lab: vnet_limited(lab, rate, BURST), words, "vnet"
    yield "vnet, burst of 2 ms", lambda lab: vnet_limited(lab, rate, BURSTS[rate]), words, "vnet"
    yield "bridge", bridge, words, "bridge"
    yield "bridge + htb, pfifo", lambda lab: htb_limited(lab, rate, BURST, None), words, "bridge"
    yield "bridge + htb, fq_codel", lambda lab: htb_limited(lab, rate, BURST, FQ_CODEL), words, "bridge"
    yield "bridge + htb, burst of 2 ms", lambda lab: htb_limited(lab, rate, BURSTS[rate], None), words, "bridge"
    yield "bridge + tbf", lambda lab: tbf_limited(lab, rate), words, "bridge"


def active(count):
    """each class holds frames, and all borrow of one parent"""
    batch = max(2048, count + 240)
    words = {"size": 1514, "wait": 1, "batch": batch, "frames": 2 * batch}
    yield "vnet", vnet, words, "vnet"
    yield "vnet, class", lambda lab: vnet_active(lab, count, "1gbit"), words, "vnet"
    yield "bridge", bridge, words, "bridge"
    yield "bridge + htb", lambda lab: htb_active(lab, count, "1gbit"), words, "bridge"


def active_flows(count):
    return ["0a000001 0a000002 17 1000 %x\n" % (PORT + i) for i in range(count)]


def two_cpus():
    for name, build in (("forward", nothing_two), ("vnet", lambda lab: vnet_two(lab, False)),
                        ("vnet, class", lambda lab: vnet_two(lab, True)),
                        ("bridge", lambda lab: bridge_two(lab, False)),
                        ("bridge + htb", lambda lab: bridge_two(lab, True))):
        words = {"batch": 512, **({"handler": "forward"} if name == "forward" else {})}
        yield name + ", 1 CPU", build, words, None
        yield name + ", 2 CPUs", build, {**words, "in2": "in1"}, None
