#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# Owns the gate for what frames cost: rows that were measured beside those that are committed, as a test.
"""usage: gate.py --gate|--record ROWS.json GATE.json

ROWS.json is what measure.py wrote about its group "gate". GATE.json has the instructions that each row may cost, and
the kernel that they were counted on: on another one they say nothing, and each row is skipped. --record replaces it.

Exit status: 0 if no row costs more than 2 % more than it may.
"""
import json
import sys

TOLERANCE = 0.02


def load(path):
    with open(path, encoding="ascii") as file:
        return json.load(file)


def costs(measured):
    """what each row costs; None if it was not measured"""
    rows = {}
    for row in measured["rows"]:
        if row["contender"] != row["floor"]:
            rows[row["contender"]] = round(row["own"]) if "own" in row else None
    return rows


def record(path, kernel, rows):
    with open(path, "w", encoding="ascii") as file:
        json.dump({"kernel": kernel, "instructions": rows}, file, indent=1)
        file.write("\n")
    for name, cost in rows.items():
        print("%s: %d" % (name, cost))


def judge(committed, kernel, rows):
    """KTAP; returns how many rows failed"""
    failed = 0
    print("TAP version 13\n1..%d" % len(committed["instructions"]))
    for number, (name, may) in enumerate(committed["instructions"].items(), 1):
        cost, word, note = rows.get(name), "ok", ""
        if kernel != committed["kernel"]:
            note = " # SKIP committed for kernel %s, this is %s: scripts/bench --gate --record" % (
                committed["kernel"], kernel)
        elif cost is None:
            word, note = "not ok", " # was not measured"
        else:
            note = " # %d instructions a frame, committed %d, %+.1f %%" % (cost, may, 100 * (cost - may) / may)
            if cost > may * (1 + TOLERANCE):
                word = "not ok"
            elif cost < may * (1 - TOLERANCE):
                note += ": commit the better figure"
        failed += word != "ok"
        print("%s %d %s%s" % (word, number, name.replace(" ", "_").replace(",", ""), note))
    return failed


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("--gate", "--record"):
        print(__doc__, file=sys.stderr)
        return 2
    measured = load(sys.argv[2])
    kernel, rows = measured["conditions"]["kernel"], costs(measured)
    if sys.argv[1] == "--record":
        record(sys.argv[3], kernel, rows)
        return 0
    return 1 if judge(load(sys.argv[3]), kernel, rows) else 0


if __name__ == "__main__":
    sys.exit(main())
