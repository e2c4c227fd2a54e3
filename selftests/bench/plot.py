# SPDX-License-Identifier: GPL-2.0-only
# Owns the plots of the benchmark: cost against what there is much of, as lines; switches side by side, as bars.
import math

COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#ff7f0e", "#9467bd", "#8c564b")
WIDTH, HEIGHT, LEFT, TOP = 720, 440, 70, 40
PLOT_WIDTH, PLOT_HEIGHT = 430, 340
BAR, BARS_LEFT = 22, 240


def sheet(height, title):
    return ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">'
            % (WIDTH, height), '<rect width="100%" height="100%" fill="white"/>',
            '<text x="20" y="20" font-size="14">%s</text>' % title]


def grid(low, high, right, at_x, at_y):
    out = []
    for power in range(low, high + 1):
        out.append('<path d="M%d %.1fh%d" stroke="#ddd"/>' % (LEFT, at_y(10 ** power), PLOT_WIDTH))
        out.append('<text x="%d" y="%.1f" text-anchor="end">%d</text>' % (LEFT - 6, at_y(10 ** power) + 4, 10 ** power))
    for power in range(right + 1):
        out.append('<path d="M%.1f %dv%d" stroke="#ddd"/>' % (at_x(10 ** power), TOP, PLOT_HEIGHT))
        out.append('<text x="%.1f" y="%d" text-anchor="middle">%s</text>'
                   % (at_x(10 ** power), TOP + PLOT_HEIGHT + 18, 10 ** power if power else "0, 1"))
    return out


def draw_lines(title, lines):
    """`lines`: {name: [(x, y)]}, y at least 1; both axes are logarithmic, and 0 stands where 1 does"""
    points = [point for line in lines.values() for point in line]
    low = math.floor(math.log10(min(y for _, y in points)))
    high = max(math.ceil(math.log10(max(y for _, y in points))), low + 1)
    right = max(math.ceil(math.log10(max(x for x, _ in points) + 1)), 1)

    def at_x(value):
        return LEFT + PLOT_WIDTH * math.log10(max(value, 1)) / right

    def at_y(cost):
        return TOP + PLOT_HEIGHT * (high - math.log10(cost)) / (high - low)

    out = sheet(HEIGHT, title) + grid(low, high, right, at_x, at_y)
    for number, (label, line) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join("%.1f,%.1f" % (at_x(x), at_y(y)) for x, y in sorted(line))
        out.append('<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>' % (path, colour))
        out.append('<path d="M%d %dh20" stroke="%s" stroke-width="2"/><text x="%d" y="%d">%s</text>'
                   % (LEFT + PLOT_WIDTH + 15, TOP + 20 + 20 * number, colour, LEFT + PLOT_WIDTH + 40,
                      TOP + 24 + 20 * number, label))
    return "\n".join(out + ["</svg>", ""])


def draw_bars(title, bars):
    """`bars`: {name: value}"""
    most = max(max(bars.values()), 1)
    out = sheet(TOP + BAR * len(bars) + 20, title)
    for number, (label, value) in enumerate(bars.items()):
        top, length = TOP + BAR * number, (WIDTH - BARS_LEFT - 80) * max(value, 0) / most
        colour = COLOURS[2] if label.startswith("vnet") else COLOURS[0]
        out.append('<text x="%d" y="%d" text-anchor="end">%s</text>' % (BARS_LEFT - 8, top + 14, label))
        out.append('<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>' % (BARS_LEFT, top, length, BAR - 6, colour))
        out.append('<text x="%.1f" y="%d">%.0f</text>' % (BARS_LEFT + length + 6, top + 14, value))
    return "\n".join(out + ["</svg>", ""])


def own(guest, group):
    """rows with a cost that is not the floor's"""
    return [row for row in guest["rows"] if row["group"] == group and row.get("own") is not None
            and row["floor"] not in (None, row["contender"])]


def series(rows, key):
    lines = {}
    for row in rows:
        lines.setdefault(row["contender"], []).append((row[key], max(row["own"], 1)))
    return lines


def most_flows(rows):
    flows = max((row["flows"] for row in rows), default=0)
    return [row for row in rows if row["flows"] == flows]


def pictures(name, guest):
    """(what, SVG) for each plot of which there are rows"""
    if not guest["rows"]:
        return
    cost = "%s a frame above forward (%s)" % (guest["conditions"]["unit"], name)
    rows = most_flows(own(guest, "switch"))
    if rows:
        yield "switch", draw_bars(cost, {row["contender"]: row["own"] for row in rows})
    for what, rows, key in (("rules", most_flows(own(guest, "rules")), "rules"),
                            ("flows", own(guest, "scale"), "flows"),
                            ("classes", own(guest, "never"), "classes")):
        if rows:
            yield what, draw_lines(cost + ", by number of " + what, series(rows, key))
