"""Things on the table and on the wall: paper, tablet, cup, plant, bubble, thread, and the like."""

from __future__ import annotations

import itertools
import math

from tools.demo_media.svg import clamp, dot, group, num, rect, shape, stroke

AI, KAKI, TAKE, KINARI, SUMI = "#165e83", "#ed7d45", "#4f9a78", "#f8f6f1", "#3d464c"
LINE, PALE = "#c9d2d6", "#e4eff5"


def desk(top: float = 256) -> str:
    """Draw a table across the whole picture, its edge at `top`."""
    return rect(0, top, 640, 360 - top, "#b98a62") + rect(0, top, 640, 12, "#cc9d74")


def cup(x: float, y: float) -> str:
    """Draw a cup."""
    return group(
        shape("M0 0h30v18a9 9 0 0 1-9 9H9a9 9 0 0 1-9-9Z", "#f6f2ea"),
        stroke("M30 5c10 0 10 13 0 13", "#f6f2ea", 4),
        x=x,
        y=y,
    )


def plant(x: float, y: float, scale: float = 1.1) -> str:
    """Draw a plant in a pot, its earth at (x, y)."""
    leaves = (
        "M0 0c-14-10-18-28-12-40 8 8 14 22 12 40ZM0 0c12-8 20-24 17-40-10 6-18 22-17 40Z"
        "M0 0c-3-16-2-34 4-48 7 14 5 34-4 48Z"
    )
    return group(
        shape(leaves, TAKE), shape("M-13 0h26l-4 26H-9Z", "#c9754a"), x=x, y=y, scale=scale
    )


def lamp(x: float, length: float = 34, glow: float = 0) -> str:
    """Draw a hanging lamp; with glow its light falls as far as a table's edge at 264."""
    fall = 240 - length
    light = shape(f"M{num(x - 24)} {num(length + 24)}h48l110 {num(fall)}h-268Z", "#f5d99a")
    return (
        group(light, alpha=glow)
        + stroke(f"M{num(x)} -4v{num(length + 4)}", "#8fb2c4", 3)
        + group(shape("M-24 24C-24 8-14 0 0 0s24 8 24 24Z", KAKI), x=x, y=length)
    )


def check_sheet(width: float = 96, height: float = 124, ticked: float = 1, note: float = 0) -> str:
    """Draw a paper check sheet; `ticked` of its rows are done, `note` of a margin note is there."""
    rows = 6
    step = (height - 34) / rows
    parts = [rect(0, 0, width, height, "#fffdf8", 4), rect(10, 10, width * 0.45, 6, "#b9c3c8", 3)]
    for row in range(rows):
        y = 26 + row * step
        parts.append(rect(10, y, 10, 10, "#eef1f2", 2))
        length = width * (0.5 + 0.13 * math.sin(row * 2.1))
        parts.append(rect(26, y + 3, length - 10, 4.5, LINE, 2))
        if clamp(ticked * rows - row) > 0.5:
            parts.append(stroke(f"m12 {num(y + 5)} 2.8 3 5-6", AI, 2))
    if note > 0.02:
        wave = f"M{num(width - 28)} {num(height * 0.45)}q5-7 9 0t9 0"
        parts.append(group(stroke(wave, KAKI, 2.6), alpha=note))
        below = f"M{num(width - 26)} {num(height * 0.45 + 12)}q4-5 8 0"
        parts.append(group(stroke(below, KAKI, 2.6), alpha=clamp(note * 2 - 1)))
    return "".join(parts)


def quote_sheet(mark: float = 1) -> str:
    """Draw the quotation of the price scenes; its sum is the persimmon line."""
    return (
        rect(0, 0, 104, 70, "#fff", 5)
        + stroke("M12 16h50M12 28h76M12 39h64", LINE, 4)
        + group(stroke("M56 54h36", KAKI, 6), alpha=mark)
    )


def stack(x: float, y: float, sheets: int, width: float = 110) -> str:
    """Draw a pile of sheets that stands on y."""
    parts = []
    for n in range(sheets):
        shift = (n * 37 % 11) - 5
        fill = "#ffffff" if n % 2 else "#ece4d6"
        parts.append(rect(x + shift, y - 8 * (n + 1), width, 8, fill, 2))
    return "".join(parts)


def tablet(screen: str = "", width: float = 128, height: float = 92) -> str:
    """Draw a tablet; `screen` is drawn from the corner of its glass."""
    return (
        rect(0, 0, width, height, "#2c3a42", 10)
        + rect(7, 7, width - 14, height - 14, "#fbfdfe", 5)
        + group(screen, x=7, y=7)
    )


def check_screen(done: float = 1, rows: int = 4, width: float = 114) -> str:
    """Draw the app's list on a tablet: the same rows as on paper, done ones in green."""
    parts = [rect(8, 7, width * 0.4, 6, AI, 3)]
    for row in range(rows):
        y = 20 + row * 14
        on = clamp(done * rows - row) > 0.5
        parts.append(dot(14, y + 4, 5, TAKE if on else "#e2e8ea"))
        if on:
            parts.append(stroke(f"m11.5 {num(y + 4)} 1.9 2 3.2-3.8", "#fff", 1.6))
        parts.append(rect(26, y + 1.5, width * (0.45 + 0.1 * math.sin(row * 1.7)), 5, LINE, 2.5))
    return "".join(parts)


def bubble(
    content: str, x: float, y: float, to: tuple[float, float], size: float = 1,
    width: float = 118, height: float = 86,
) -> str:  # fmt: skip
    """Draw a speech bubble centred on (x, y) with its tail at `to`; it grows out of the tail."""
    if size <= 0.02:
        return ""
    dx, dy = x - to[0], y - to[1]
    length = math.hypot(dx, dy) or 1
    side_x, side_y = -dy / length * 20, dx / length * 20
    tail = f"M0 0L{num(dx + side_x)} {num(dy + side_y)}L{num(dx - side_x)} {num(dy - side_y)}Z"
    body = rect(dx - width / 2, dy - height / 2, width, height, "#ffffff", 28)
    return group(
        shape(tail, "#ffffff"), body, group(content, x=dx, y=dy), x=to[0], y=to[1], scale=size
    )


def thought(content: str, x: float, y: float, to: tuple[float, float], size: float = 1) -> str:
    """Draw a thought centred on (x, y): a soft cloud with small dots towards `to`."""
    if size <= 0.02:
        return ""
    dx, dy = x - to[0], y - to[1]
    puffs = ((-40, 4, 29), (-8, -16, 36), (36, -6, 33), (26, 16, 29), (-18, 18, 30))
    cloud = "".join(dot(dx + cx, dy + cy, r, "#ffffff") for cx, cy, r in puffs)
    trail = dot(dx * 0.1, dy * 0.1, 5, "#ffffff") + dot(dx * 0.3, dy * 0.3, 9, "#ffffff")
    return group(trail, cloud, group(content, x=dx, y=dy), x=to[0], y=to[1], scale=size)


def arm(x: float, y: float, to_x: float, to_y: float, sleeve: str, skin: str) -> str:
    """Draw a forearm from the sleeve to the hand."""
    bend_x, bend_y = (x + to_x) / 2, max(y, to_y) + 6
    line = f"M{num(x)} {num(y)}Q{num(bend_x)} {num(bend_y)} {num(to_x)} {num(to_y)}"
    return stroke(line, sleeve, 26) + dot(to_x, to_y, 13, skin)


def _along(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Sample the soft line through the points: it leaves and reaches each one level."""
    line = [points[0]]
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        middle = (ax + bx) / 2
        for step in range(1, 17):
            k = step / 16
            a, b, c, d = (1 - k) ** 3, 3 * k * (1 - k) ** 2, 3 * k * k * (1 - k), k**3
            line.append((a * ax + (b + c) * middle + d * bx, (a + b) * ay + (c + d) * by))
    return line


def thread(points: list[tuple[float, float]], drawn: float = 1, colour: str = AI) -> str:
    """Draw a soft thread through the points, as far as `drawn` of its length."""
    line = _along(points)
    left = drawn * sum(math.dist(a, b) for a, b in itertools.pairwise(line))
    path = f"M{num(line[0][0])} {num(line[0][1])}"
    for a, b in itertools.pairwise(line):
        share = clamp(left / (math.dist(a, b) or 1))
        if share <= 0:
            break
        path += f"L{num(a[0] + (b[0] - a[0]) * share)} {num(a[1] + (b[1] - a[1]) * share)}"
        left -= math.dist(a, b)
    return stroke(path, colour, 6) if "L" in path else ""


def knot(x: float, y: float, state: float = 1, radius: float = 13) -> str:
    """Draw a station on a thread: hollow at 0, persimmon (now) at 1, indigo with a tick at 2."""
    ring = (
        f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(radius)}" fill="#fffdf8" stroke="#a8a294"'
        ' stroke-width="4"/>'
    )
    if state < 0.5:
        return ring
    if state < 1.5:
        return dot(x, y, radius + 2, KAKI) + dot(x, y, radius * 0.45, "#fffdf8")
    tick = stroke(f"m{num(x - 5)} {num(y)} 4 4.5 6.5-8", "#fff", 3.2)
    return dot(x, y, radius + 2, AI) + tick


def loops(x: float, y: float, scale: float, drawn: float = 1, colour: str = AI) -> str:
    """Draw the emblem: one thread, two loops, one knot."""
    path = "M11 4.5a7.5 7.5 0 1 0 0 15c6 0 4-15 10-15a7.5 7.5 0 1 1 0 15c-2.7 0-3.8-3-5-6.5"
    line = stroke(path, colour, 2.6)
    if drawn < 0.995:  # 74.7 is the length of the path
        dash = f'stroke-dasharray="{74.7 * drawn:.1f} 200"'
        line = line.replace("<path ", f"<path {dash} ", 1) if drawn > 0.01 else ""
    bead = group(dot(0, 0, 2.6, KAKI), x=16, y=12, scale=clamp(drawn * 4 - 3) or 0.001)
    return group(line, bead, x=x - 16 * scale, y=y - 12 * scale, scale=scale)
