# SPDX-License-Identifier: Apache-2.0
"""Plots as SVG, written by hand: bars on a logarithmic or linear scale, and growth lines."""
import math
from html import escape

from harness import report

COLOURS = ["#d1495b", "#30638e", "#edae49", "#00798c", "#8d6a9f", "#5c6b73"]
FONT = 'font-family="system-ui, sans-serif"'
INK, FAINT = "#1d2a33", "#d9dee2"


def number(value):
    if value >= 1_000_000:
        return f"{value / 1e6:g} M"
    return f"{value:,.0f}" if value >= 1_000 else f"{value:.3g}"


class Drawing:
    def __init__(self, width, height, title, subtitle):
        self.width, self.height = width, height
        self.parts = []
        self.text(16, 26, title, size=17, weight="600")
        self.text(16, 45, subtitle, size=12, colour="#5c6b73")

    def text(self, x, y, text, size=12, anchor="start", colour=INK, weight="400"):
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" '
            f'text-anchor="{anchor}" fill="{colour}">{escape(str(text))}</text>')

    def bar(self, x, y, width, height, colour, label):
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height:.1f}" '
            f'rx="1.5" fill="{colour}"><title>{escape(label)}</title></rect>')

    def line(self, x1, y1, x2, y2, colour=FAINT, width=1.0, dash=""):
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="{width}"{dashes}/>')

    def path(self, points, colour):
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(
            f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y in points:
            self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>')

    def legend(self, names, y):
        x = 16
        for name, colour in names:
            self.bar(x, y - 9, 11, 11, colour, name)
            self.text(x + 16, y, name)
            x += 34 + 7 * len(name)

    def save(self, path):
        path.write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" {FONT}>\n'
            f'<rect width="100%" height="100%" fill="#ffffff"/>\n'
            + "\n".join(self.parts) + "\n</svg>\n", encoding="utf-8")


def decades(low, high):
    """The powers of ten around a range of positive numbers."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return [10.0 ** power for power in range(first, max(last, first + 1) + 1)]


def bars(path, title, subtitle, groups, series, logarithmic):
    """Horizontal bars: `groups` are row titles, `series` maps a name to a value per group.

    A value of None leaves a gap.
    """
    names = [(name, COLOURS[place % len(COLOURS)]) for place, name in enumerate(series)]
    thickness, gap, left, right, top = 9, 12, 110, 90, 86
    row_height = thickness * len(names) + gap
    width, height = 860, top + row_height * len(groups) + 34
    drawing = Drawing(width, height, title, subtitle)
    drawing.legend(names, 66)
    values = [v for column in series.values() for v in column if v]
    if not values:
        return
    span = width - left - right
    if logarithmic:
        ticks = decades(min(values), max(values))
        low, high = math.log10(ticks[0]), math.log10(ticks[-1])

        def place(value):
            return span * (math.log10(value) - low) / (high - low)
    else:
        highest = max(values)
        step = 10 ** math.floor(math.log10(highest))
        step = step / 2 if highest / step < 3 else step
        ticks = [step * i for i in range(int(highest / step) + 1)]

        def place(value):
            return span * value / highest
    bottom = top + row_height * len(groups)
    for tick in ticks:
        x = left + (place(tick) if tick else 0)
        drawing.line(x, top - 6, x, bottom)
        drawing.text(x, bottom + 16, number(tick), size=11, anchor="middle", colour="#5c6b73")
    for row, group in enumerate(groups):
        y = top + row * row_height
        drawing.text(left - 8, y + thickness * len(names) / 2 + 4, group, anchor="end")
        for offset, (name, colour) in enumerate(names):
            value = series[name][row]
            if not value:
                continue
            length = place(value)
            drawing.bar(left, y + offset * thickness, length, thickness - 1.5, colour,
                        f"{name}, {group}: {number(value)}")
            drawing.text(left + max(length, 0) + 4, y + offset * thickness + 8, number(value),
                         size=8.5, colour="#5c6b73")
    drawing.save(path)


def lines(path, title, subtitle, xs, series, x_title, y_title):
    """Lines on two logarithmic axes, where a power law is straight."""
    width, height, left, right, top, bottom = 760, 460, 70, 190, 70, 60
    drawing = Drawing(width, height, title, subtitle)
    ys = [y for column in series.values() for y in column if y]
    ticks = decades(min(ys), max(ys))
    low, high = math.log10(ticks[0]), math.log10(ticks[-1])
    first, last = math.log10(xs[0]), math.log10(xs[-1])

    def point(x, y):
        across = (math.log10(x) - first) / (last - first)
        up = (math.log10(y) - low) / (high - low)
        return left + across * (width - left - right), height - bottom - up * (
            height - top - bottom)
    for tick in ticks:
        _, y = point(xs[0], tick)
        drawing.line(left, y, width - right, y)
        drawing.text(left - 8, y + 4, number(tick), size=11, anchor="end", colour="#5c6b73")
    for x in xs:
        across, _ = point(x, ticks[0])
        drawing.line(across, top, across, height - bottom)
        drawing.text(across, height - bottom + 18, f"{x // 1000}k", size=11, anchor="middle",
                     colour="#5c6b73")
    drawing.text((left + width - right) / 2, height - 16, x_title, anchor="middle")
    drawing.text(left - 8, top - 10, y_title, size=11, anchor="end", colour="#5c6b73")
    taken = []
    for place, (name, column) in enumerate(series.items()):
        colour = COLOURS[place % len(COLOURS)]
        points = [point(x, y) for x, y in zip(xs, column) if y]
        drawing.path(points, colour)
        y = points[-1][1] + 4
        while any(abs(y - other) < 14 for other in taken):
            y += 14
        taken.append(y)
        drawing.text(points[-1][0] + 10, y, name, colour=colour, weight="600")
    drawing.save(path)


def comparison(result, folder):
    """All plots of one comparison; returns their file names."""
    written = []
    engines = result["engines"]
    about = (f"{result['name']}: {result['corpus']['documents']:,} documents, "
             f"{result['mode']} mode, one thread, one segment; {result['date']}")
    for command in result["commands"]:
        shown = {engine["title"]: engine["latency"][command] for engine in engines.values()
                 if engine.get("latency", {}).get(command)}
        classes = [name for name in dict.fromkeys(
            name for latency in shown.values() for name in latency) if name != "miss"]
        if not shown or not classes:
            continue
        estimates = {name: report.native_tantivy(engines, command, name) for name in classes}
        if any(estimates.values()):
            shown["Tantivy, native (estimate)"] = {n: e for n, e in estimates.items() if e}
        name = f"latency-{command.lower().replace('_', '-')}.svg"
        bars(folder / name, f"{command}: mean microseconds per query (less is better)", about,
             classes, {title: [latency.get(c, {}).get("mean") for c in classes]
                       for title, latency in shown.items()}, logarithmic=True)
        written.append(name)
    builds = {engine["title"]: next((b for b in engine["builds"] if b["threads"] == 1), None)
              for engine in engines.values() if engine.get("builds")}
    builds = {title: build for title, build in builds.items() if build}
    if builds:
        size = result["input_bytes"] / 1e6
        bars(folder / "size.svg", "Index size in megabytes (less is better)",
             about + "; positions, no stored text; PISA without positions", list(builds),
             {"index": [b["bytes"] / 1e6 for b in builds.values()],
              "input": [size] * len(builds)}, logarithmic=False)
        bars(folder / "throughput.svg", "Indexing, one thread (more is better)", about,
             list(builds),
             {"MB/s": [size / (b["index_seconds"] + b["merge_seconds"])
                       for b in builds.values()],
              "MB per CPU second": [size / b["cpu"] for b in builds.values()]},
             logarithmic=False)
        written += ["size.svg", "throughput.svg"]
    return written
