#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# Owns the table of where the instructions of a frame go, and the proof of what the hit path does without.
"""usage: stages.py ROWS.json PROFILE [--check]

ROWS.json is what measure.py wrote of its group "gate", with `symbols` and `text` beside it; PROFILE is what the plugin
counted meanwhile (profile.c), with the module beside it as PROFILE.ko. The table has the instructions that each stage
of the switch adds to a frame, over the forward that does nothing else.

--check prints a test instead (KTAP): what runs in the module for each frame that is known has no instruction that
locks a bus or a cache line, and none that calls or jumps to where a register or memory says.

Exit status: 0 if the check found nothing.
"""
import bisect
import collections
import json
import os
import re
import subprocess
import sys

# What belongs to a stage: the innermost function, inlined or not, that is named here says.
STAGES = {
    "hook": ["vnet_hook", "receive"],
    "key: tag": ["vnet_recall_sender", "vnet_recall_tagged"],
    "key: headers": ["vnet_recall", "vnet_recall_ask", "vnet_recall_ipv4", "vnet_recall_ipv6", "vnet_recall_deep",
                     "vnet_recall_generation"],
    "cache": ["vnet_cache_find"],
    "ages": ["vnet_recall_renew", "vnet_fdb_find_again"],
    "class": ["class_of", "vnet_class_lease", "vnet_class_overhead", "vnet_lease_has", "vnet_lease_spend"],
    "checks": ["vnet_hit", "go", "is_special", "vnet_transmit_is_up", "vnet_transmit_max"],
    "counters": ["count_sender", "count_receiver", "count_rule", "vnet_transmit_count"],
    "transmit": ["transmit", "take_tag", "put_tag", "vnet_transmit_scrub", "skb_scrub_packet"],
    "connection": ["vnet_state_find", "vnet_state_confirm", "vnet_state_ask", "vnet_recheck"],
}
STAGE_OF = {function: stage for stage, functions in STAGES.items() for function in functions}
# An instruction that runs for so many frames of all is one of the hit path; others are of those that are not known.
ALWAYS = 0.9
# What all of a row's frames are known by; connections are not, and are left out.
KNOWN = re.compile(r"^vnet(?!.*state)")


class Symbols:
    """functions of the guest's kernel by address"""

    def __init__(self, path):
        with open(path, encoding="ascii") as file:
            self.list = sorted((int(words[0], 16), words[2]) for words in (line.split() for line in file))
        self.addresses = [address for address, _ in self.list]

    def name(self, address):
        return self.list[bisect.bisect_right(self.addresses, address) - 1][1]


class Module:
    """the code of vnet.ko, which the guest had at `base`"""

    def __init__(self, path, base):
        self.path, self.base = path, base
        self.code = {}
        text = subprocess.run(["objdump", "-dr", "--no-show-raw-insn", "-j", ".text", path], check=True,
                              capture_output=True, text=True).stdout
        last = None
        for line in text.splitlines():
            found = re.match(r"\s+([0-9a-f]+):\t(.*)", line)
            if not found:
                continue
            if "R_X86_64" in found.group(2):
                self.code[last] += " " + found.group(2).split()[1]
            else:
                last = int(found.group(1), 16)
                self.code[last] = found.group(2)

    def has(self, address):
        return address - self.base in self.code

    def callers(self, addresses):
        """of each address the functions that it is in, the innermost first"""
        offsets = sorted(address - self.base for address in addresses)
        asked = "\n".join("0x%x" % offset for offset in offsets)
        told = subprocess.run(["addr2line", "-fia", "-j", ".text", "-e", self.path], input=asked, check=True,
                              capture_output=True, text=True).stdout.splitlines()
        chains, chain = {}, None
        for line in told:
            if re.fullmatch(r"0x[0-9a-f]+", line):
                chain = chains[int(line, 16) + self.base] = []
            elif not re.search(r":(\d+|\?)", line):
                chain.append(line)
        return chains


def read_profile(path):
    """of each run how often each instruction ran"""
    runs = []
    with open(path, encoding="ascii") as file:
        for line in file:
            word, number = line.split()
            if word == "run":
                runs.append({})
            else:
                runs[-1][int(word, 16)] = int(number)
    return runs


def per_frame(row, runs):
    """of each address how often it ran for a frame of that row"""
    total = collections.Counter()
    for run in row["runs"]:
        total.update(runs[run])
    return {address: count / row["frames"] for address, count in total.items()}


class Profile:
    def __init__(self, rows, path):
        where = os.path.dirname(rows)
        with open(rows, encoding="ascii") as file:
            measured = json.load(file)["rows"]
        with open(os.path.join(where, "text"), encoding="ascii") as file:
            self.module = Module(path + ".ko", int(file.read(), 16))
        self.symbols = Symbols(os.path.join(where, "symbols"))
        runs = read_profile(path)
        self.rows = {row["contender"]: per_frame(row, runs) for row in measured if "runs" in row}
        self.floors = {row["contender"]: row["floor"] for row in measured}

    def stages(self, name):
        counts = self.rows[name]
        chains = self.module.callers([one for one in counts if self.module.has(one)])
        total = collections.Counter()
        for address, count in counts.items():
            function = self.symbols.name(address)
            names = chains.get(address, []) + [function]
            total[next((STAGE_OF[one] for one in names if one in STAGE_OF), function)] += count
        return total

    def table(self):
        columns = {name: self.stages(name) for name in self.rows if self.floors[name] != name
                   and not name.startswith("forward")}
        for name, column in columns.items():
            column.subtract(self.stages(self.floors[name]))
        rows = {stage for column in columns.values() for stage, count in column.items() if abs(count) >= 1}
        order = [stage for stage in STAGES if stage in rows]
        order += sorted(rows - set(order), key=lambda stage: -max(column[stage] for column in columns.values()))
        print("%-36s" % "instructions a frame, over a forward" + "".join("%26s" % name for name in columns))
        for stage in order:
            print("%-36s" % stage + "".join("%26.0f" % column[stage] for column in columns.values()))
        print("%-36s" % "all" + "".join("%26.0f" % sum(column.values()) for column in columns.values()))

    def hit_path(self, name):
        """the instructions of the module that run for every frame"""
        return {address: self.module.code[address - self.module.base] for address, count in self.rows[name].items()
                if count >= ALWAYS and self.module.has(address)}


def locks(code):
    """other CPUs wait for it; an exchange with memory does so without saying"""
    return code.startswith("lock ") or (code.startswith("xchg") and "(" in code)


def jumps_anywhere(code):
    return bool(re.match(r"(call|jmp)\s+\*", code)) or "__x86_indirect_thunk" in code


def check(profile):
    questions = [("locks nothing", locks), ("jumps nowhere that data says", jumps_anywhere)]
    names = [name for name in profile.rows if KNOWN.match(name)]
    print("TAP version 13\n1..%d" % (len(names) * len(questions)))
    number = failed = 0
    for name in names:
        path = profile.hit_path(name)
        for what, wrong in questions:
            number += 1
            bad = [(address, code) for address, code in path.items() if wrong(code)]
            for address, code in sorted(bad):
                print("# %s: %s" % (profile.symbols.name(address), " ".join(code.split())))
            # A path that is too short is that of no frame.
            failed += bool(bad) or len(path) < 100
            print("%s %d %s # %d instructions" % ("not ok" if bad or len(path) < 100 else "ok", number,
                                                  (name + " " + what).replace(",", "").replace(" ", "_"), len(path)))
    return failed


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    profile = Profile(sys.argv[1], sys.argv[2])
    if sys.argv[3:]:
        return 1 if check(profile) else 0
    profile.table()
    return 0


if __name__ == "__main__":
    sys.exit(main())
