#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# Owns what is shown of measurements: one table of all guests, bench.json, the files of plots.
"""usage: report.py DIR VERSION GUEST...

Reads DIR/GUEST/rows.json of each guest, writes DIR/bench.json and DIR/GUEST-*.svg (plot.py), prints the table.
Exit status: 0 if each row of each guest was measured.
"""
import json
import math
import os
import sys

import plot

NAME_WIDTH = 34


def load(directory, version, guests):
    result = {"vnet": version, "load_average": os.getloadavg()[0], "guests": {}}
    for guest in guests:
        for name in ("rows", "cpus"):
            path = os.path.join(directory, guest, name + ".json")
            if os.path.exists(path):
                with open(path, encoding="ascii") as file:
                    facts = json.load(file)
                result["guests"].setdefault(guest, {"conditions": facts["conditions"], "rows": []})
                result["guests"][guest]["rows"] += facts["rows"]
        for name in ("delay", "tcp", "config"):
            path = os.path.join(directory, guest, name + ".json")
            if os.path.exists(path):
                with open(path, encoding="ascii") as file:
                    result["guests"].setdefault(guest, {"rows": []})[name] = json.load(file)
    return result


def key(row):
    return row["group"], row.get("rules", row.get("classes", row.get("rate", 0))), row["contender"], row["flows"]


HEADING = """\
What a switch adds to a frame of 60 bytes: the cost of the frame less that of [forward], which transmits it and does
nothing else. Lower is better; x is the ratio to the bridge, or to few rules.
uml: nanoseconds, at native speed, on a machine that may do other things too. 6.1, 6.12: instructions of Debian's
kernel, counted one by one. ±: half of the way from the first to the third quartile of the rounds, of the whole frame."""


SHAPING = (
    ("never", "Classes that never limit: what they add to a frame, one in use of so many", "classes:"),
    ("limited", "Frames of 1514 bytes that are all held: all work until their release, without idle time", "rate:"),
    ("active", "The same at 1gbit, of so many classes that all hold frames, chosen by the port", "classes:"),
)


class Table:
    """The rows of all guests side by side; a guest has two columns: the cost of a frame, and a ratio."""

    def __init__(self, result):
        self.guests = result["guests"]
        self.rows = {name: {key(row): row for row in guest["rows"]} for name, guest in self.guests.items()}
        self.keys = []
        for rows in self.rows.values():
            self.keys += [one for one in rows if one not in self.keys]

    def own(self, guest, row_key):
        row = self.rows[guest].get(row_key)
        return row.get("own") if row else None

    def spread(self, guest, row_key):
        """percent, of the whole frame"""
        row = self.rows[guest].get(row_key, {})
        return row["spread"] / row["per_frame"] * 100 if "per_frame" in row else 0

    def figure(self, guest, row_key):
        """the cost without the floor's; that of a floor itself in brackets"""
        row = self.rows[guest].get(row_key)
        if row is None:
            return "-"
        if "error" in row:
            return "failed"
        if is_floor(row):
            return "[%d]" % round(row["per_frame"])
        return str(round(row["own"])) if "own" in row else "no floor"

    def ratio(self, guest, row_key, to_key):
        mine, other = self.own(guest, row_key), self.own(guest, to_key)
        if row_key == to_key or mine is None or other is None or other <= 0 or is_floor(self.rows[guest][row_key]):
            return ""
        return "x%.2f" % (mine / other) if mine < 100 * other else "x%.0f" % (mine / other)

    def switch_line(self, row_key, peer_key):
        cells = ["%-*s" % (NAME_WIDTH, row_key[2])]
        for guest in self.guests:
            spread = self.spread(guest, row_key)
            around = "±%d%%" % math.ceil(spread) if spread > 0.5 else ""
            ratio = self.ratio(guest, row_key, peer_key)
            cells.append("%7s %-5s %7s" % (self.figure(guest, row_key), around, ratio))
        return "   ".join(cells)

    def contenders(self, group, flows):
        names = []
        for one in self.keys:
            if one[0] == group and one[3] == flows and one[2] not in names:
                names.append(one[2])
        return names

    def switching(self):
        for flows in sorted({one[3] for one in self.keys if one[0] == "switch"}):
            print("\nSwitching: known unicast, %s" % flow_words(flows))
            heads = ["%s, %s" % (guest, facts["conditions"]["unit"]) for guest, facts in self.guests.items()]
            print("   ".join([" " * NAME_WIDTH] + ["%-21s" % head for head in heads]))
            for name in self.contenders("switch", flows):
                peer = "bridge vlan_filtering, tag off" if "tag off" in name else "bridge"
                print(self.switch_line(("switch", 0, name, flows), ("switch", 0, peer, flows)))

    def firewall(self, guest, flows, sizes):
        names = [name for name in self.contenders("rules", flows) if name != "forward"]
        rows = [("rules", size, name, flows) for size in sizes for name in names]
        unit = self.guests[guest]["conditions"]["unit"]
        print("\nFirewall: rules that do not match, %s; %s, %s; rounds ±%d%% at most" % (
            flow_words(flows), guest, unit, math.ceil(max(self.spread(guest, one) for one in rows))))
        base = 10 if 10 in sizes else sizes[0]
        grown = [size for size in sizes if size >= 1000]
        print("%-*s" % (NAME_WIDTH - 8, "rules:") + "".join("%8d" % size for size in sizes)
              + "".join("%9s" % ("%s/%d" % (short(size), base)) for size in grown))
        for name in names:
            keys = {size: ("rules", size, name, flows) for size in sizes}
            cells = ["%8s" % self.figure(guest, keys[size]) for size in sizes]
            cells += ["%9s" % self.ratio(guest, keys[size], keys[base]) for size in grown]
            print("%-*s" % (NAME_WIDTH - 8, name) + "".join(cells))
        for state in ("", ", state"):
            cells = ["%8s" % self.ratio(guest, ("rules", size, "vnet" + state, flows),
                                        ("rules", size, "bridge + nft map" + state, flows)) for size in sizes]
            print("%-*s" % (NAME_WIDTH - 8, "vnet : nft map" + state) + "".join(cells))

    def shaping(self, guest, group, title, head):
        rows = [one for one in self.rows[guest] if one[0] == group]
        if not rows:
            return
        columns = list(dict.fromkeys(one[1] for one in rows))
        cells = {(one[2], one[1]): one for one in rows}
        unit = self.guests[guest]["conditions"]["unit"]
        print("\n%s; %s, %s; rounds ±%d%% at most" % (
            title, guest, unit, math.ceil(max(self.spread(guest, one) for one in rows))))
        print("%-*s" % (NAME_WIDTH - 6, head) + "".join("%9s" % one for one in columns))
        for name in dict.fromkeys(one[2] for one in rows):
            figures = [self.figure(guest, cells.get((name, one), (group,))) for one in columns]
            print("%-*s" % (NAME_WIDTH - 6, name) + "".join("%9s" % one for one in figures))
        peer = "bridge + htb, pfifo" if group == "limited" else "bridge + htb"
        ratios = [self.ratio(guest, cells.get(("vnet, class", one), (group,)), cells.get((peer, one), (group,)))
                  for one in columns]
        print("%-*s" % (NAME_WIDTH - 6, "vnet : htb") + "".join("%9s" % one for one in ratios))

    def scale(self, guest):
        """by flows; of more of them than a CPU remembers most are new to it"""
        rows = [one for one in self.rows[guest] if one[0] == "scale" and not is_floor(self.rows[guest][one])]
        if not rows:
            return
        columns = list(dict.fromkeys(one[3] for one in rows))
        print("\nLarge tables, by flows that differ in their ports; %s, %s; rounds ±%d%% at most" % (
            guest, self.guests[guest]["conditions"]["unit"],
            math.ceil(max(self.spread(guest, one) for one in rows))))
        print("%-*s" % (NAME_WIDTH - 6, "flows:") + "".join("%9d" % one for one in columns))
        for name in dict.fromkeys(one[2] for one in rows):
            figures = [self.figure(guest, ("scale", 0, name, one)) for one in columns]
            print("%-*s" % (NAME_WIDTH - 6, name) + "".join("%9s" % one for one in figures))

    def cpus(self, guest):
        """frames of both CPUs together, for those of one CPU alone"""
        rows = {one[2]: self.rows[guest][one] for one in self.rows[guest] if one[0] == "cpus"}
        names = [name[:-len(", 1 CPU")] for name in rows if name.endswith(", 1 CPU")]
        if not names:
            return
        print("\nTwo senders, each on its CPU and with its class, and one way out: %s a frame; %s" % (
            self.guests[guest]["conditions"]["unit"], guest))
        print("The machine may be busy: x is right only where forward, which shares nothing, comes near 2.")
        print("%-*s%9s%9s%9s%12s" % (NAME_WIDTH - 6, "", "1 CPU", "2 CPUs", "x", "x of least"))
        for name in names:
            one, two = rows[name + ", 1 CPU"], rows[name + ", 2 CPUs"]
            if "error" in one or "error" in two:
                print("%-*s%9s" % (NAME_WIDTH - 6, name, "failed"))
                continue
            print("%-*s%9d%9d%9.2f%12.2f" % (NAME_WIDTH - 6, name, one["per_frame"], two["per_frame"],
                                             one["per_frame"] / two["per_frame"], one["least"] / two["least"]))

    def firewalls(self):
        for guest in self.guests:
            sizes = sorted({one[1] for one in self.rows[guest] if one[0] == "rules"})
            for flows in sorted({one[3] for one in self.rows[guest] if one[0] == "rules"}):
                self.firewall(guest, flows, sizes)

    def print(self):
        print(HEADING)
        if any(one[0] == "switch" for one in self.keys):
            self.switching()
        self.firewalls()
        for guest in self.guests:
            self.scale(guest)
            for group in SHAPING:
                self.shaping(guest, *group)
            self.cpus(guest)
        for guest, facts in self.guests.items():
            if not any(one[0] == "rules" for one in self.rows[guest]):
                continue
            if facts["conditions"]["unit"] != "ns":
                print("\nOn %s there are no more rules: to load them takes too long where instructions are counted."
                      % guest)
            if not facts["conditions"]["avx2"]:
                print("\nOn %s, nft's maps have to do without AVX2, which makes them several times slower." % guest)
        print("\n'state': the first rule lets established connections pass, which these are. '-': not measured.")


DELAYS = {
    "idle class": "Delay of small frames in a class that is hardly used, another one being offered ten times the rate",
    "full class": "Delay of the frames of one TCP that fills its class",
}


def print_delays(guest, rows):
    for what, title in DELAYS.items():
        for rate in dict.fromkeys(row["rate"] for row in rows if row["what"] == what):
            print("\n%s, %d Mbit/s; %s, microseconds of virtual time" % (title, rate, guest))
            print("%-26s%9s%9s%9s%9s%7s%9s" % ("", "alone", "p50", "p99", "most", "lost", "Mbit/s"))
            for row in rows:
                if (row["what"], row["rate"]) != (what, rate):
                    continue
                if "error" in row:
                    print("%-26s%9s" % (row["contender"], "failed"))
                    continue
                cells = [row[one] // 1000 for one in ("alone", "p50", "p99", "max")]
                print("%-26s%9s%9d%9d%9d%7d%9.1f" % (row["contender"], cells[0] or "-", *cells[1:], row["lost"],
                                                     row["mbit"]))


def print_tcp(guest, rows):
    """what each gets, and for how much of the direct way that is"""
    for mtu, gso in dict.fromkeys((row["mtu"], row["gso"]) for row in rows):
        print("\nTCP between two namespaces, MTU %d, GSO %s; %s, on a machine that may do other things too" % (
            mtu, "on" if gso else "off", guest))
        print("%-26s%9s%9s%12s%9s" % ("", "Mbit/s", "x", "rounds/s", "x"))
        same = {row["contender"]: row for row in rows if (row["mtu"], row["gso"]) == (mtu, gso)}
        best = same["direct veth"]
        for name, row in same.items():
            print("%-26s%9d%9.2f%12d%9.2f" % (name, row["mbit"], row["mbit"] / best["mbit"], row["per_s"],
                                              row["per_s"] / best["per_s"]))


def print_config(guest, rows):
    for what in dict.fromkeys(row["what"] for row in rows):
        print("\n%s, a second, %d of them; %s, by the tool's own time" % (
            what.capitalize(), rows[0]["count"], guest))
        for row in rows:
            if row["what"] == what:
                print("%-26s%12s" % (row["contender"], "%d" % row["per_s"] if "per_s" in row else "failed"))


def is_floor(row):
    return row["floor"] in (None, row["contender"])


def short(number):
    return "%dk" % (number // 1000) if number % 1000 == 0 else str(number)


def flow_words(flows):
    return "%d flow%s" % (flows, "" if flows == 1 else "s")


def print_errors(result):
    bad = 0
    for guest, facts in result["guests"].items():
        error = facts.get("tcp", {}).get("error")
        if error:
            bad += 1
            print("%s: TCP: %s" % (guest, error))
        for row in facts.get("config", {"rows": []})["rows"]:
            if "error" in row:
                bad += 1
                print("%s: %s, %s: %s" % (guest, row["what"], row["contender"], row["error"]))
        for row in facts.get("delay", {"rows": []})["rows"]:
            if "error" in row:
                bad += 1
                print("%s: delay, %s, %d, %s" % (guest, row["contender"], row["rate"], row["error"]))
        for row in facts["rows"]:
            if "error" in row:
                bad += 1
                print("%s: %s, %s, %s: %s" % (guest, row["contender"], *key(row)[:2], row["error"]))
    return bad


def main():
    if len(sys.argv) < 4:
        print(__doc__, file=sys.stderr)
        return 2
    directory, version, guests = sys.argv[1], sys.argv[2], sys.argv[3:]
    sys.stdout.reconfigure(encoding="utf-8")
    result = load(directory, version, guests)
    with open(os.path.join(directory, "bench.json"), "w", encoding="ascii") as file:
        json.dump(result, file, indent=1)
    if not result["guests"]:
        print("nothing was measured", file=sys.stderr)
        return 1
    Table({"guests": {name: guest for name, guest in result["guests"].items() if guest["rows"]}}).print()
    for name, guest in result["guests"].items():
        print_tcp(name, guest.get("tcp", {"rows": []})["rows"])
        print_config(name, guest.get("config", {"rows": []})["rows"])
        print_delays(name, guest.get("delay", {"rows": []})["rows"])
    for name, guest in result["guests"].items():
        for what, picture in plot.pictures(name, guest):
            with open(os.path.join(directory, "%s-%s.svg" % (name, what)), "w", encoding="ascii") as file:
                file.write(picture)
    bad = print_errors(result)
    print("\nvnet %s; all rows, versions and conditions: %s" % (version, os.path.join(directory, "bench.json")))
    return 1 if bad or len(result["guests"]) < len(guests) else 0


if __name__ == "__main__":
    sys.exit(main())
