#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# frame.py: builds, sends and receives single Ethernet frames for the selftests. Plain python3, no packages.
"""usage: frame.py send    --ep=EP... SPEC...
       frame.py probe   --ep=EP... [--timeout=S] [-v] SPEC...
       frame.py listen  --ep=EP... [--count=N] [--timeout=S] [--ready=FILE] [--all]
       frame.py blast   --ep=EP... [--time=S] [--warm=S] FLOW...
       frame.py dump    SPEC...
       frame.py serve   commands as above on stdin, one a line, words parted by tabs;
                        after the output of each comes a line "=STATUS"

EP    NAME=[NETNS]/DEV[@[NETNS/]PEER][%MAC]   an interface; NETNS is a name of `ip netns`.
      PEER is the other end of its cable: with it, `probe` knows without
      waiting that nothing more comes. MAC is what the frames have as source.
      NAME=tap:DEV[:frags][:gso][%MAC]  the file side of a persistent tap here;
      frags: frames are written in pieces (split=) that stay pieces; gso: with a
      virtio header, as a virtual machine does (gso=).

SPEC  KEY=VALUE,...
  from=NAME      sender                    k=KIND        see below; default uni
  s=, d=         MACs, or names of endpoints; defaults: the sender's, the kind's
  t=TAG.TAG...   vVID or sVID (802.1Q, 802.1ad), then pN (priority), d (DEI);
                 xHHHH:VID any TPID
  n=N            so many frames            inc=src|dst|sport|sip  differ in it
  size=N         length without tags       pad=N         bytes behind the packet
  sip=, dip=, sport=, dport=, ttl=, type=, code=, proto=, et=HHHH
  flags=N        of TCP (default 2, SYN)   dscp=N ecn=N  of IP
  bad=ip|sum     the checksum of the IPv4 header, or of the transport, is wrong
  sum=none       there is none (of UDP over IPv4)
  seq=N, ack=N   of TCP (default: 1 and up, 0)
  target=, lla=  of ARP (target) and ND (target, link-layer option; lla=none)
  sha=, tha=, op=                          of ARP
  frag=first|later|only                    fragment
  ext=hop.dst.route.ah.frag...             IPv6 extension headers
  cut=N          only N bytes of the transport header and payload
  short=N        the IP header tells N bytes less: they look like padding
  told=N         the IP header tells this length (IPv4: total, IPv6: payload)
  gso=N          one large TCP frame, to be cut into segments of N bytes
  split=A.B...   write to a tap in pieces of these lengths
  xdscp=[NAME:]N+...  the DSCP that it arrives with, there or everywhere
  x=NAME[:TAGS]+...  where each frame arrives, with what tags; x=- nowhere.
                 Priority bits are compared only when the expectation has them.
KIND  uni multi bcast (not IP); udp4 tcp4 icmp4 sctp4 mc4, udp6 tcp6 icmp6 mc6;
      arp garp; ns na rs ra redirect; dhcp4c dhcp4s dhcp6c dhcp6s; raw

`probe` sends everything and compares; only differences are printed, and each
frame must arrive byte for byte as it was sent, tags apart. `blast` loads the
switch with paced flows from=,to=,rate=BITS/s|max,size=... and prints what each
receiver got per second, as JSON.
"""
import ctypes
import fcntl
import json
import os
import select
import socket
import struct
import sys
import time

SLOW = 15 if os.environ.get("VNET_SLOW") == "1" else 1
NONCE = os.urandom(4)
MARK = b"VNET" + NONCE			# then u32 spec, u32 number
FENCE = b"FENCE" + NONCE
MARKLEN = 16
SOL_PACKET, PACKET_AUXDATA, PACKET_IGNORE_OUTGOING = 263, 8, 23
SO_SNDBUFFORCE, SO_RCVBUFFORCE = 32, 33
TPIDS = (0x8100, 0x88a8)
CLONE_NEWNET = 0x40000000

# ---- addresses -------------------------------------------------------------

def mac_bytes(text):
    raw = bytes(int(x, 16) for x in text.split(":"))
    if len(raw) != 6:
        raise ValueError("not a MAC address: " + text)
    return raw

def mac_text(raw):
    return ":".join("%02x" % b for b in raw)

def add_to(raw, n):
    return ((int.from_bytes(raw, "big") + n) % (1 << 8 * len(raw))).to_bytes(len(raw), "big")

def ip4(text):
    return socket.inet_pton(socket.AF_INET, text)

def ip6(text):
    return socket.inet_pton(socket.AF_INET6, text)

def checksum(data):
    if len(data) & 1:
        data += b"\0"
    s = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff

# ---- tags ------------------------------------------------------------------

def parse_tags(text):
    """"s10.v20p3" -> [(tpid, tci), ...]"""
    tags = []
    for t in (text or "").split("."):
        if not t or t == "-":
            continue
        if t[0] == "x":
            tpid, _, rest = t[1:].partition(":")
            tpid = int(tpid, 16)
        else:
            tpid, rest = {"v": 0x8100, "s": 0x88a8}[t[0]], t[1:]
        dei = rest.endswith("d")
        vid, _, pcp = rest.rstrip("d").partition("p")
        tags.append((tpid, int(pcp or 0) << 13 | dei << 12 | int(vid)))
    return tags

def tags_text(tags, priority=True):
    out = []
    for tpid, tci in tags:
        t = {0x8100: "v", 0x88a8: "s"}.get(tpid, "x%04x:" % tpid) + str(tci & 0xfff)
        if priority:
            t += "p%d" % (tci >> 13) if tci >> 13 else ""
            t += "d" if tci & 0x1000 else ""
        out.append(t)
    return ".".join(out)

def split_tags(frame, first=None):
    """a frame as received -> (tags, frame without them)"""
    tags, at = ([first] if first else []), 12
    while len(frame) >= at + 4 and struct.unpack_from("!H", frame, at)[0] in TPIDS:
        tags.append(struct.unpack_from("!HH", frame, at))
        at += 4
    return tags, frame[:12] + frame[at:]

# ---- building --------------------------------------------------------------

NONIP = 0x88b5				# local experimental ethertype
EXTENSIONS = {"hop": 0, "dst": 60, "route": 43, "frag": 44, "ah": 51}

class Spec:
    """One SPEC: what to send and what to expect."""

    KINDS = {				# version, protocol, default destination
        "uni": (0, 0, None), "multi": (0, 0, "03:00:00:00:00:77"),
        "bcast": (0, 0, "ff:ff:ff:ff:ff:ff"), "raw": (0, 0, None),
        "udp4": (4, 17, None), "tcp4": (4, 6, None), "icmp4": (4, 1, None),
        "sctp4": (4, 132, None), "mc4": (4, 17, "01:00:5e:01:02:03"),
        "udp6": (6, 17, None), "tcp6": (6, 6, None), "icmp6": (6, 58, None),
        "mc6": (6, 17, "33:33:00:00:77:77"),
        "arp": (0, 0, "ff:ff:ff:ff:ff:ff"), "garp": (0, 0, "ff:ff:ff:ff:ff:ff"),
        "ns": (6, 58, "33:33:ff:00:00:01"), "na": (6, 58, "33:33:00:00:00:01"),
        "rs": (6, 58, "33:33:00:00:00:02"), "ra": (6, 58, "33:33:00:00:00:01"),
        "redirect": (6, 58, "33:33:00:00:00:01"),
        "dhcp4c": (4, 17, "ff:ff:ff:ff:ff:ff"), "dhcp4s": (4, 17, "ff:ff:ff:ff:ff:ff"),
        "dhcp6c": (6, 17, "33:33:00:01:00:02"), "dhcp6s": (6, 17, None),
    }

    def __init__(self, text, number, eps):
        self.text, self.number = text, number
        f = self.f = dict(p.split("=", 1) for p in text.split(",") if p)
        self.sender = eps.get(f.get("from"))
        self.kind = f.get("k", "uni")
        if self.kind not in self.KINDS:
            raise ValueError("no such kind: " + self.kind)
        self.version, self.proto, dst = self.KINDS[self.kind]
        self.proto = int(f.get("proto", self.proto))
        own = self.sender.mac if self.sender else mac_bytes("02:00:00:00:00:01")
        self.src = self.mac(f["s"], eps) if "s" in f else own
        self.dst = self.mac(f.get("d", dst or "02:ff:ff:ff:ff:fe"), eps)
        self.tags = parse_tags(f.get("t"))
        self.n = int(f.get("n", 1))
        self.split = [int(x) for x in f.get("split", "").split(".") if x]
        self.expect = None
        if "x" in f:
            self.expect = []
            for e in f["x"].split("+"):
                if e != "-":
                    name, _, tags = e.partition(":")
                    self.expect.append((name, tags_text(parse_tags(tags)), "p" in tags or "d" in tags))

    @staticmethod
    def mac(text, eps):
        return eps[text].mac if text in eps else mac_bytes(text)

    def num(self, key, default):
        return int(self.f.get(key, default), 0) if key in self.f else default

    def marker(self, i):
        return MARK + struct.pack("!II", self.number, i)

    def addresses(self, i):
        f, pack = self.f, (ip4 if self.version == 4 else ip6)
        base = "10.0.0.%d" if self.version == 4 else "fd00::%x"
        dip = {"mc4": "239.1.2.3", "mc6": "ff02::7777", "dhcp4c": "255.255.255.255",
               "dhcp4s": "255.255.255.255", "dhcp6c": "ff02::1:2", "ns": "ff02::1:ff00:1",
               "na": "ff02::1", "rs": "ff02::2", "ra": "ff02::1", "redirect": "ff02::1"}
        sip = {"dhcp4c": "0.0.0.0"}
        s = pack(f.get("sip") or sip.get(self.kind, base % self.src[5]))
        if f.get("inc") == "sip":
            s = add_to(s, i)
        return s, pack(f.get("dip") or dip.get(self.kind, base % self.dst[5]))

    def transport(self, i, payload, pseudo):
        """the transport header and its payload"""
        sport, dport = {"dhcp4c": (68, 67), "dhcp4s": (67, 68), "dhcp6c": (546, 547),
                        "dhcp6s": (547, 546)}.get(self.kind, (4000, 5000))
        sport, dport = self.num("sport", sport), self.num("dport", dport)
        if self.f.get("inc") == "sport":
            sport = (sport + i) & 0xffff
        if self.proto in (17, 136):
            data = struct.pack("!HHHH", sport, dport, 8 + len(payload), 0) + payload
            at = 6
        elif self.proto == 6:
            data = struct.pack("!HHIIBBHHH", sport, dport, self.num("seq", 1 + i), self.num("ack", 0), 0x50,
                               self.num("flags", 2), 8192, 0, 0) + payload
            at = 16
        elif self.proto in (132, 33):
            return struct.pack("!HHII", sport, dport, 0, 0) + payload
        elif self.proto in (1, 58):
            data, at = self.icmp(i, payload), 2
            if self.proto == 1:
                pseudo = b""
        else:
            return payload
        if self.f.get("sum") == "none":
            return data
        if pseudo:
            pseudo += struct.pack("!IHBB", len(data), 0, 0, self.proto)
        c = (checksum(pseudo + data) or 0xffff) ^ (0x5555 if self.f.get("bad") == "sum" else 0)
        return data[:at] + struct.pack("!H", c) + data[at + 2:]

    def icmp(self, i, payload):
        f, kinds = self.f, {"ns": 135, "na": 136, "rs": 133, "ra": 134, "redirect": 137}
        echo = 8 if self.proto == 1 else 128
        head = struct.pack("!BBH", self.num("type", kinds.get(self.kind, echo)), self.num("code", 0), 0)
        if self.kind not in kinds:
            return head + struct.pack("!HH", 1, i & 0xffff) + payload
        lla = b""
        if f.get("lla") != "none":
            raw = mac_bytes(f["lla"]) if "lla" in f else self.src
            lla = bytes([2 if self.kind == "na" else 1, 1]) + raw
        target = ip6(f.get("target", "fd00::%x" % self.src[5]))
        return head + {"ns": b"\0" * 4 + target, "na": b"\x20\0\0\0" + target, "rs": b"\0" * 4,
                       "ra": struct.pack("!BBHII", 64, 0, 1800, 0, 0),
                       "redirect": b"\0" * 4 + target + target}[self.kind] + lla + \
            bytes([253, 3]) + payload[:MARKLEN].ljust(22, b"\0")	# an option for experiments

    def tos(self):
        return self.num("dscp", 0) << 2 | self.num("ecn", 0)

    def packet4(self, i, body):
        s, d = self.addresses(i)
        data = self.transport(i, body, s + d)
        frag = {None: 0, "first": 0x2000, "later": 185, "only": 0}[self.f.get("frag")]
        if self.f.get("frag") == "later":
            data = body
        data = data[:self.num("cut", len(data))]
        options = bytes(self.num("options", 0))
        told = self.num("told", 20 + len(options) + len(data) - self.num("short", 0))
        head = struct.pack("!BBHHHBBH", 0x45 + len(options) // 4, self.tos(), told, 77 + i & 0xffff,
                           frag, self.num("ttl", 64), self.proto, 0) + s + d + options
        c = checksum(head) ^ (0x5555 if self.f.get("bad") == "ip" else 0)
        return head[:10] + struct.pack("!H", c) + head[12:] + data

    def packet6(self, i, body):
        s, d = self.addresses(i)
        data = self.transport(i, body, s + d)
        chain = [x for x in self.f.get("ext", "").split(".") if x]
        frag = self.f.get("frag")
        if frag and "frag" not in chain:
            chain.append("frag")
        if frag == "later":
            data = body
        following = self.proto
        data = data[:self.num("cut", len(data))]
        for x in reversed(chain):
            if x == "frag":
                off = {"first": 1, "later": 185 << 3, "only": 0, None: 0}[frag]
                head = struct.pack("!BBHI", following, 0, off, 77 + i)
            elif x == "ah":
                head = struct.pack("!BBHIII", following, 4, 0, 1, i, 0) + b"\0" * 8
            else:
                head = bytes([following, 0, 1, 4, 0, 0, 0, 0])
                if x == "route":
                    head = bytes([following, 0, 4, 0, 0, 0, 0, 0])
            data, following = head + data, EXTENSIONS[x]
        told = self.num("told", len(data) - self.num("short", 0))
        return struct.pack("!IHBB", 6 << 28 | self.tos() << 20, told, following, self.num("ttl", 255)) + s + d + data

    def arp(self):
        f, op = self.f, self.num("op", 1)
        sip = ip4(f.get("sip", "10.0.0.%d" % self.src[5]))
        target = sip if self.kind == "garp" else ip4(f.get("target", "10.0.0.%d" % self.dst[5]))
        return struct.pack("!HHBBH", 1, 0x0800, 6, 4, op) + \
            (mac_bytes(f["sha"]) if "sha" in f else self.src) + sip + \
            (mac_bytes(f["tha"]) if "tha" in f else b"\0" * 6) + target

    def build(self, i):
        """frame number i without tags; the marker is in it where it fits"""
        f, size = self.f, self.num("size", 0)
        src, dst, mark = self.src, self.dst, self.marker(i)
        if f.get("inc") == "src":
            src = add_to(src, i)
        if f.get("inc") == "dst":
            dst = add_to(dst, i)
        if self.kind in ("arp", "garp"):
            et, make = 0x0806, lambda body: self.arp() + body
        elif self.version == 4:
            et, make = 0x0800, lambda body: self.packet4(i, body)
        elif self.version == 6:
            et, make = 0x86dd, lambda body: self.packet6(i, body)
        else:
            et, make = NONIP, lambda body: bytes.fromhex(f.get("hex", "")) + body
        head = dst + src + struct.pack("!H", int(f["et"], 16) if "et" in f else et)
        trailer = "cut" in f
        body = b"" if trailer else mark
        if self.kind in ("dhcp4c", "dhcp4s"):
            body = struct.pack("!BBBBIHH", 1 if self.kind == "dhcp4c" else 2, 1, 6, 0, 1, 0, 0) + \
                b"\0" * 16 + src + b"\0" * 202 + b"\x63\x82\x53\x63\x35\x01" + \
                bytes([1 if self.kind == "dhcp4c" else 2, 255]) + mark
        elif self.kind in ("dhcp6c", "dhcp6s"):
            body = bytes([1 if self.kind == "dhcp6c" else 7, 0, 0, 1]) + mark
        frame = head + make(body) + (mark if trailer else b"")
        if size > len(frame):
            frame = head + make(body + bytes(size - len(frame))) + (mark if trailer else b"")
        elif size:
            frame = frame[:size]
        return frame + bytes(self.num("pad", 0))

    def arriving(self, i, frame, name):
        """frame number i, which was sent as `frame`, as it is to arrive at `name`"""
        given = self.f
        for want in given.get("xdscp", "").split("+"):
            who, _, value = want.rpartition(":")
            if value and who in ("", name):
                self.f = dict(given, dscp=value)
                frame = self.build(i)
                self.f = given
        return frame

    def tagged(self, frame):
        return frame[:12] + b"".join(struct.pack("!HH", *t) for t in self.tags) + frame[12:]

# ---- endpoints -------------------------------------------------------------

def in_netns(name, make):
    """make() with the thread in a network namespace"""
    if not name:
        return make()
    libc = ctypes.CDLL(None, use_errno=True)
    back = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open("/run/netns/" + name, os.O_RDONLY)
    try:
        if libc.setns(there, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns " + name)
        return make()
    finally:
        libc.setns(back, CLONE_NEWNET)
        os.close(back)
        os.close(there)

def packet_socket(dev, receive=True):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    s.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 64 << 20)
    if receive:
        s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 256 << 20)
        s.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    s.bind((dev, 3 if receive else 0))
    s.setblocking(False)
    return s

IGNORE_ALL = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))	# BPF: return 0

def virtio_header(frame, gso):
    """what a virtual machine tells of a frame: nothing, or how to cut a large TCP one"""
    if not gso:
        return bytes(10)
    v4 = frame[12:14] == b"\x08\0"
    start = 14 + (4 * (frame[14] & 15) if v4 else 40)
    return struct.pack("=BBHHHH", 1, 1 if v4 else 4, start + 20, gso, start, 16)

class Endpoint:
    def __init__(self, text):
        self.text = text
        self.name, _, where = text.partition("=")
        where, _, mac = where.partition("%")
        self.fence = self.tap = self.sock = None
        if where.startswith("tap:"):
            self.open_tap(where.split(":")[1:])
        else:
            where, _, peer = where.partition("@")
            self.netns, _, self.dev = where.rpartition("/")
            in_netns(self.netns, self.open_device)
            if peer:
                ns, _, dev = peer.rpartition("/")
                self.fence = in_netns(ns, lambda: packet_socket(dev, receive=False))
        if mac:
            self.mac = mac_bytes(mac)

        self.index = self.find_index()

    def open_device(self):
        self.sock = packet_socket(self.dev)
        raw = fcntl.ioctl(self.sock, 0x8927, struct.pack("256s", self.dev.encode()))
        self.mac = raw[18:24]			# SIOCGIFHWADDR

    def find_index(self):
        """what the devices are now, as numbers"""
        found = []
        for s in (self.sock, self.fence):
            try:
                dev = s and s.getsockname()[0]
                found.append(dev and fcntl.ioctl(s, 0x8933, struct.pack("256s", dev.encode()))[16:20])
            except OSError:
                found.append(None)
        return found

    def listen(self, on):
        """a socket that is kept for later does not collect frames meanwhile"""
        if self.sock is None:
            return
        if on:
            self.sock.setsockopt(socket.SOL_SOCKET, 27, 0)	# SO_DETACH_FILTER
        else:
            prog = struct.pack("HxxxxxxP", 1, ctypes.addressof(IGNORE_ALL))
            self.sock.setsockopt(socket.SOL_SOCKET, 26, prog)	# SO_ATTACH_FILTER

    def close(self):
        for s in (self.sock, self.fence):
            if s is not None:
                s.close()
        if self.tap is not None:
            os.close(self.tap)

    def open_tap(self, words):
        flags = 0x0002 | 0x1000			# IFF_TAP | IFF_NO_PI
        if "frags" in words:
            flags |= 0x0010 | 0x0020	# IFF_NAPI | IFF_NAPI_FRAGS
        self.header = 10 if "gso" in words else 0
        if self.header:
            flags |= 0x4000			# IFF_VNET_HDR
        self.tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.tap, 0x400454ca, struct.pack("16sH22x", words[0].encode(), flags))
        self.netns, self.dev = "", words[0]
        self.fence = packet_socket(words[0], receive=False)
        self.mac = mac_bytes("02:00:00:00:7a:01")

    def fileno(self):
        return self.tap if self.tap is not None else self.sock.fileno()

    def send(self, frame, split=(), gso=0):
        """true if it was taken; waits a little where buffers are full"""
        for _ in range(1000):
            try:
                if self.tap is None:
                    self.sock.send(frame)
                else:
                    pieces, at = [virtio_header(frame, gso)[:self.header]], 0
                    for n in split:
                        pieces.append(frame[at:at + n])
                        at += n
                    pieces.append(frame[at:])
                    os.writev(self.tap, [p for p in pieces if p])
                return True
            except (BlockingIOError, InterruptedError):
                select.select([], [self], [], 0.01)
            except OSError as e:
                if e.errno != 105:		# ENOBUFS
                    raise
                time.sleep(0.001)
        return False

    def receive(self):
        """all frames that wait: (tags, frame without them)"""
        while True:
            try:
                if self.tap is not None:
                    yield split_tags(os.read(self.tap, 65600)[self.header:])
                    continue
                data, aux, _, addr = self.sock.recvmsg(65600, 256)
            except BlockingIOError:
                return
            except OSError as e:
                if e.errno in (100, 5):		# ENETDOWN, EIO: it went down
                    continue
                raise
            if addr[2] == socket.PACKET_OUTGOING:
                continue
            first = None
            for level, kind, c in aux:
                if level == SOL_PACKET and kind == PACKET_AUXDATA:
                    status, _, _, _, _, tci, tpid = struct.unpack_from("=IIIHHHH", c)
                    if status & 0x10:
                        first = (tpid if status & 0x40 else 0x8100, tci)
            yield split_tags(data, first)

# ---- commands --------------------------------------------------------------

class Receiver:
    """Collects what arrives at all endpoints."""

    def __init__(self, eps):
        self.eps = eps
        self.poll = select.epoll()
        self.by_fd = {}
        for ep in eps.values():
            self.poll.register(ep.fileno(), select.EPOLLIN)
            self.by_fd[ep.fileno()] = ep
        self.fences = {}		# endpoint name -> last fence seen
        self.frames = []		# (endpoint, tags, frame)

    def gather(self, timeout=0.0):
        for fd, _ in self.poll.poll(timeout):
            ep = self.by_fd[fd]
            for tags, frame in ep.receive():
                if frame[14:14 + len(FENCE)] == FENCE:
                    self.fences[ep.name] = frame[14 + len(FENCE)]
                else:
                    self.frames.append((ep, tags, frame))

    def settle(self, rounds=3):
        """until no frame can be under way any more: what is sent into a queue
        behind them has arrived, once for each queue on the way"""
        silent = False
        for r in range(1, rounds + 1):
            waiting = set()
            for ep in self.eps.values():
                head = b"\xff" * 6 + b"\x02\xfe\0\0\0\1" + struct.pack("!H", 0x88b6)
                try:
                    if ep.fence:
                        ep.fence.send(head + FENCE + bytes([r]) + bytes(40))
                        waiting.add(ep.name)
                    else:
                        silent = True
                except OSError:		# it is down: nothing comes that way
                    pass
            end = time.monotonic() + 2 * SLOW
            while any(self.fences.get(n) != r for n in waiting) and time.monotonic() < end:
                self.gather(0.05)
        if silent:
            time.sleep(0.1 * SLOW)
        self.gather()

def sent_frames(specs, record=None):
    """sends; returns how many were not taken"""
    failed = 0
    for spec in specs:
        for i in range(spec.n):
            frame = spec.build(i)
            if record is not None:
                record[(spec.number, i)] = frame
            failed += not spec.sender.send(spec.tagged(frame), spec.split, spec.num("gso", 0))
    return failed

def identify(frame, sent, exact):
    """which of the sent frames this is"""
    at = frame.find(MARK)
    if at >= 0 and len(frame) >= at + MARKLEN:
        return struct.unpack_from("!II", frame, at + len(MARK))
    return exact.get(frame)

def sort_out(receiver, sent, exact, got, specs):
    """moves what has arrived to the frame that it was; returns how much has"""
    for ep, tags, frame in receiver.frames:
        key = identify(frame, sent, exact)
        if key in got:
            want = specs[key[0]].arriving(key[1], sent[key], ep.name)
            same = frame == want or len(want) < 60 and frame == want.ljust(60, b"\0")
            got[key].append((ep.name, tags, same))
    receiver.frames.clear()
    return sum(map(len, got.values()))

def cmd_probe(eps, specs, opt):
    receiver, sent, problems = Receiver(eps), {}, []
    receiver.gather()
    receiver.frames.clear()
    failed = sent_frames(specs, sent)
    if failed:
        problems.append("%d frames could not be sent" % failed)
    exact = {f: k for k, f in sent.items() if MARK not in f}
    wanted = sum(len(s.expect) * s.n for s in specs if s.expect)
    end = time.monotonic() + opt.timeout
    got = {k: [] for k in sent}
    while sort_out(receiver, sent, exact, got, specs) < wanted and time.monotonic() < end:
        receiver.gather(0.05)
    receiver.settle()
    sort_out(receiver, sent, exact, got, specs)
    for spec in specs:
        judge(spec, got, problems, opt)
    for p in problems:
        print(p)
    return 1 if problems else 0

def judge(spec, got, problems, opt):
    """compares what arrived with what the spec expects"""
    wrong, seen = {}, {}
    for i in range(spec.n):
        arrived = got[(spec.number, i)]
        for name, tags, same in arrived:
            where = name + ":" + tags_text(tags)
            seen[where] = seen.get(where, 0) + 1
            if not same:
                problems.append("%s: arrived altered at %s" % (spec.text, where))
        if spec.expect is None:
            continue
        priority = any(p for _, _, p in spec.expect)
        want = sorted(n + ":" + t for n, t, _ in spec.expect)
        have = sorted(n + ":" + tags_text(t, priority) for n, t, _ in arrived)
        if want != have:
            key = " ".join(have) or "nowhere"
            wrong[key] = wrong.get(key, 0) + 1
    for have, n in wrong.items():
        problems.append("%s: %d of %d arrived at: %s" % (spec.text, n, spec.n, have))
    if opt.verbose:
        print(json.dumps({"spec": spec.text, "got": seen}))

def cmd_send(eps, specs, _opt):
    failed = sent_frames(specs)
    Receiver(eps).settle()
    print(json.dumps({"sent": sum(s.n for s in specs) - failed, "failed": failed}))
    return 1 if failed else 0

def cmd_dump(_eps, specs, _opt):
    for spec in specs:
        print(spec.tagged(spec.build(0)).hex())
    return 0

def cmd_listen(eps, _specs, opt):
    receiver, n = Receiver(eps), 0
    end = time.monotonic() + opt.timeout
    if opt.ready:
        with open(opt.ready, "w") as f:
            f.write("ready\n")
    while (not opt.count or n < opt.count) and time.monotonic() < end:
        receiver.gather(0.1)
        for ep, tags, frame in receiver.frames:
            at = frame.find(b"VNET")
            if at < 0 and not opt.all:
                continue
            n += 1
            spec, i = struct.unpack_from("!II", frame, at + 8) if 0 <= at <= len(frame) - MARKLEN else (None, None)
            print(json.dumps({"ep": ep.name, "tags": tags_text(tags), "len": len(frame), "dst": mac_text(frame[:6]),
                              "src": mac_text(frame[6:12]), "type": frame[12:14].hex(), "spec": spec, "i": i}),
                  flush=True)
        receiver.frames.clear()
    return 0 if not opt.count or n >= opt.count else 1

# ---- load ------------------------------------------------------------------

class Flow:
    def __init__(self, spec, eps):
        f = spec.f
        self.spec, self.to = spec, eps.get(f.get("to"))
        self.frames = [spec.tagged(spec.build(i)) for i in range(max(spec.n, 1))]
        size = len(spec.build(0))
        self.gap = 0.0 if f.get("rate", "max") == "max" else size * 8 / float(f["rate"])
        self.start, self.stop = float(f.get("start", 0)), float(f.get("stop", 1e9))
        self.due, self.sent, self.refused = self.start, 0, 0

    def send(self, now):
        try:
            self.spec.sender.sock.send(self.frames[self.sent % len(self.frames)])
            self.sent += 1
        except (BlockingIOError, OSError):
            self.refused += 1
        # no catching up beyond a little: a late sender is not a burst
        self.due = max(self.due + self.gap, now - 20 * self.gap)

def rx_counter(ep):
    """bytes and frames that the interface has received"""
    def read():
        with open("/proc/thread-self/net/dev") as f:
            for line in f:
                name, _, rest = line.partition(":")
                if name.strip() == ep.dev:
                    w = rest.split()
                    return int(w[0]), int(w[1])
        return 0, 0
    return in_netns(ep.netns, read)

def cmd_blast(eps, specs, opt):
    flows = [Flow(s, eps) for s in specs]
    for ep in eps.values():		# counters suffice: nobody reads the sockets
        ep.sock.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        ep.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    targets = {f.to.name: f.to for f in flows if f.to}
    start = time.monotonic()
    first = None
    while True:
        now = time.monotonic() - start
        if first is None and now >= opt.warm:
            first = {n: (time.monotonic(), rx_counter(t)) for n, t in targets.items()}
        if now >= opt.time:
            break
        active = [f for f in flows if f.start <= now < f.stop]
        busy = False
        for f in active:
            if f.due <= now:
                f.send(now)
                busy = True
        if not busy:
            due = min([f.due for f in active] + [now + 0.001])
            time.sleep(max(0.0, min(due - now, 0.001)))
    out = {}
    for n, t in targets.items():
        then, (bytes0, frames0) = first[n]
        bytes1, frames1 = rx_counter(t)
        seconds = time.monotonic() - then
        out[n] = {"bytes": bytes1 - bytes0, "frames": frames1 - frames0, "seconds": round(seconds, 4),
                  "bps": int((bytes1 - bytes0) * 8 / seconds)}
    out["sent"] = [f.sent for f in flows]
    out["refused"] = [f.refused for f in flows]
    print(json.dumps(out))
    return 0

class Options:
    timeout, count, ready, all, verbose = 5.0 * SLOW, 0, None, False, False
    time, warm = 3.0, 1.0

COMMANDS = {"send": cmd_send, "probe": cmd_probe, "listen": cmd_listen, "blast": cmd_blast, "dump": cmd_dump}

def run(argv, open_endpoint):
    opt, eps, specs = Options(), {}, []
    if argv[0] not in COMMANDS:
        raise ValueError("no such command: " + argv[0])
    for a in argv[1:]:
        key, _, value = a.partition("=")
        if key == "--ep":
            ep = open_endpoint(value)
            eps[ep.name] = ep
        elif key in ("--timeout", "--time", "--warm"):
            setattr(opt, key[2:], float(value))
        elif key == "--count":
            opt.count = int(value)
        elif key == "--ready":
            opt.ready = value
        elif key == "--all":
            opt.all = True
        elif key == "-v":
            opt.verbose = True
        elif a != "--":
            specs.append(Spec(a, len(specs), eps))
    if argv[0] in ("probe", "send"):
        # one CPU: its queues keep the order that settle() relies on
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return COMMANDS[argv[0]](eps, specs, opt)

def serve():
    """many commands in one process; sockets are kept from one to the next"""
    kept = {}

    def open_endpoint(text):
        ep = kept.get(text)
        if ep is None or ep.find_index() != ep.index:
            if ep is not None:
                kept.pop(text).close()
            ep = kept[text] = Endpoint(text)
        elif ep.sock is not None:
            ep.listen(True)
            for _ in ep.receive():
                pass
        return ep

    for line in sys.stdin:
        words = [w for w in line.rstrip("\n").split("\t") if w]
        wanted = [w[5:] for w in words if w.startswith("--ep=")]
        for text in [t for t in kept if t not in wanted]:
            kept.pop(text).close()
        try:
            status = run(words, open_endpoint)
        except (ValueError, KeyError, OSError, IndexError) as e:
            print("frame.py: %s: %s" % (type(e).__name__, e))
            status = 2
        for ep in kept.values():
            ep.listen(False)
        print("=%d" % status, flush=True)
    return 0

def main(argv):
    if not argv or argv[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    return serve() if argv[0] == "serve" else run(argv, Endpoint)

if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (ValueError, KeyError, OSError) as e:
        print("frame.py: %s: %s" % (type(e).__name__, e), file=sys.stderr)
        sys.exit(2)
