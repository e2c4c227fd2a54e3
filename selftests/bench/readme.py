#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# Owns the README's section of results: writes it from what was measured.
"""usage: readme.py BENCH.json README

Replaces what stands between the heading Results and the next one. A table whose rows were not measured is left out.
"""
import json
import re
import sys
import textwrap

HEADING = "Results\n-------\n"


def pick(guest, group, **facts):
    """{contender: row} of the most flows"""
    rows = [row for row in guest["rows"] if row["group"] == group and "error" not in row
            and all(row.get(key) == value for key, value in facts.items())]
    flows = max((row["flows"] for row in rows), default=0)
    return {row["contender"]: row for row in rows if row["flows"] == flows}


def own(rows, name):
    return "%.0f" % rows[name]["own"] if name in rows and "own" in rows[name] else "-"


def line(name, *cells, width=38, cell=10):
    return ("    %-*s" % (width, name) + "".join("%*s" % (cell, one) for one in cells)).rstrip()


def wrap(text):
    return textwrap.wrap(text, 88, break_on_hyphens=False) + [""]


def units(guests):
    return [(name, facts, facts["conditions"]["unit"]) for name, facts in guests.items() if facts.get("rows")]


def switching(guests):
    columns = [(unit, pick(facts, "switch")) for _, facts, unit in units(guests)]
    names = [name for name in columns[0][1] if not name.startswith(("null", "forward"))] if columns else []
    if not names:
        return []
    return [*wrap("What a switch adds to a frame of 60 bytes over a forward that does nothing else, 64 flows:"),
            line("", *(unit for unit, _ in columns), cell=14),
            *(line(name, *(own(rows, name) for _, rows in columns), cell=14) for name in names), ""]


def firewall(guests):
    text = []
    for _, facts, unit in units(guests):
        sizes = sorted({row["rules"] for row in facts["rows"] if row["group"] == "rules"})
        if not sizes:
            continue
        tables = {size: pick(facts, "rules", rules=size) for size in sizes}
        names = [name for name in tables[sizes[0]] if name != "forward"]
        text += [*wrap("With so many rules, none of which matches (state: the first one lets established connections "
                       "pass, which these are); %s:" % unit),
                 line("", *sizes, width=26, cell=9),
                 *(line(name, *(own(tables[size], name) for size in sizes), width=26, cell=9) for name in names), ""]
    return text


def scale(guests):
    text = []
    for _, facts, unit in units(guests):
        rows = [row for row in facts["rows"] if row["group"] == "scale" and row["floor"] not in (None, row["contender"])
                and "error" not in row]
        flows = list(dict.fromkeys(row["flows"] for row in rows))
        if not rows:
            continue
        table = {(row["contender"], row["flows"]): "%.0f" % row["own"] for row in rows}
        text += [*wrap("Large tables, by the number of flows, which differ in their ports; %s. Where rules look at ports, "
                       "each flow is decided about for itself, and a CPU remembers 4096 of them:" % unit),
                 line("flows", *flows, width=30),
                 *(line(name, *(table.get((name, one), "-") for one in flows), width=30)
                   for name in dict.fromkeys(row["contender"] for row in rows)), ""]
    return text


def classes(guests):
    text = []
    for _, facts, unit in units(guests):
        if unit != "instructions":
            continue
        for group, key, title in (("never", "classes", "What classes add that do not limit, one in use of so many"),
                                  ("limited", "rate", "Frames of 1514 bytes that are all held"),
                                  ("active", "classes", "Likewise at 1gbit, of so many classes that all hold frames")):
            values = list(dict.fromkeys(row[key] for row in facts["rows"] if row["group"] == group))
            if not values:
                continue
            tables = {value: pick(facts, group, **{key: value}) for value in values}
            names = [name for name in tables[values[0]] if own(tables[values[0]], name) != "0"
                     and tables[values[0]][name]["floor"] not in (None, name)]
            text += [*wrap("%s; %s:" % (title, unit)), line("", *values, width=30),
                     *(line(name, *(own(tables[value], name) for value in values), width=30) for name in names), ""]
    return text


def cpus(guests):
    text = []
    for name, facts, _ in units(guests):
        rows = pick(facts, "cpus")
        names = [one[:-len(", 1 CPU")] for one in rows if one.endswith(", 1 CPU") and one[:-5] + "2 CPUs" in rows]
        if names:
            text += [*wrap("How many frames two senders get through, a CPU and a class each, for one that one gets "
                           "through (%s; forward shares nothing: it shows what the machine had to give):" % name),
                     *(line(one, "%.2f" % (rows[one + ", 1 CPU"]["per_frame"] / rows[one + ", 2 CPUs"]["per_frame"]))
                       for one in names), ""]
    return text


def delays(guests):
    text = []
    for facts in guests.values():
        rows = [row for row in facts.get("delay", {"rows": []})["rows"] if "error" not in row]
        for what, title in (("idle class", "How long all but one small frame in a hundred wait beside a flood of ten times "
                             "the rate in another class, in milliseconds. HTB lets a class that has tokens send though "
                             "its parent has none, and the parent's ceil is exceeded; vnet has it wait:"),
                            ("full class", "How long all but one frame in a hundred of one TCP wait that fills its "
                             "class, in milliseconds:")):
            mine = [row for row in rows if row["what"] == what]
            rates = list(dict.fromkeys(row["rate"] for row in mine))
            if not rates:
                continue
            waits = {(row["contender"], row["rate"]): "%.2f" % (row["p99"] / 1e6) for row in mine}
            text += [*wrap(title), line("", *("%d Mbit/s" % rate for rate in rates), width=30, cell=12),
                     *(line(name, *(waits.get((name, rate), "-") for rate in rates), width=30, cell=12)
                       for name in dict.fromkeys(row["contender"] for row in mine)), ""]
    return text


def tcp(guests):
    text = []
    for guest, facts in guests.items():
        rows = facts.get("tcp", {"rows": []})["rows"]
        kinds = list(dict.fromkeys((row["mtu"], row["gso"]) for row in rows))
        if not kinds:
            continue
        table = {(row["contender"], row["mtu"], row["gso"]): row for row in rows}
        names = list(dict.fromkeys(row["contender"] for row in rows))
        text += [*wrap("TCP between two namespaces, for 1 that a direct pair of interfaces gets (%s): bytes, and one "
                       "byte there and back:" % guest),
                 line("MTU, segmentation offload", *("%d %s" % (mtu, "on" if gso else "off") for mtu, gso in kinds),
                      width=30)]
        for word, key in (("bytes", "mbit"), ("there and back", "per_s")):
            for name in names[1:]:
                cells = ["%.2f" % (table[name, *kind][key] / table[names[0], *kind][key])
                         if (name, *kind) in table else "-" for kind in kinds]
                text.append(line("%s, %s" % (name, word), *cells, width=30))
        text.append("")
    return text


def config(guests):
    text = []
    for guest, facts in guests.items():
        rows = [row for row in facts.get("config", {"rows": []})["rows"] if "per_s" in row]
        if rows:
            text += [*wrap("How many things a second each tool gets into the kernel, or out of it and shown, of %d (%s):" % (
                         rows[0]["count"], guest)),
                     *(line("%s, %s" % (row["what"], row["contender"]), "%.0f" % row["per_s"], width=42) for row in rows),
                     ""]
    return text


def conditions(result):
    words = ["%s: Linux %s" % (name, facts["conditions"]["kernel"]) for name, facts in result["guests"].items()
             if "conditions" in facts]
    first = next(facts["conditions"] for facts in result["guests"].values() if "conditions" in facts)
    return wrap("Measured on %s with vnet %s, nft %s and iproute2 %s by scripts/bench --readme, which wrote this. %s. ns: "
                "at native speed, on a two-core machine that does other things too; instructions: counted one by one. "
                "Medians. What counts are the ratios within a table, whose rows took turns in one boot." % (
                    first["date"], result["vnet"], first["nft"], first["iproute2"], "; ".join(words)))


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="ascii") as file:
        result = json.load(file)
    guests = result["guests"]
    text = conditions(result)
    for table in (switching, firewall, scale, classes, cpus, delays, tcp, config):
        text += table(guests)
    with open(sys.argv[2], encoding="utf-8") as file:
        readme = file.read()
    new, count = re.subn(re.escape(HEADING) + r".*?(?=\n\n\n[^\n]+\n-{3,}\n)",
                         lambda _: HEADING + "\n" + "\n".join(text).rstrip() + "\n", readme, flags=re.S)
    if count != 1:
        sys.exit("there is no section Results in %s" % sys.argv[2])
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
