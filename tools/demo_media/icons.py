"""What is said, as pictures: icons for bubbles, drawn about (0, 0) some 50 units wide."""

from __future__ import annotations

import math

from tools.demo_media.props import AI, KAKI, SUMI, TAKE
from tools.demo_media.svg import dot, group, num, rect, shape, stroke


def question(colour: str = KAKI) -> str:
    """Draw a question mark."""
    return stroke("M-10-10c0-9 6-13 11-13 7 0 11 5 11 10 0 8-11 8-11 17", colour, 6.5) + dot(
        1, 19, 4.2, colour
    )


def ellipsis(shown: float = 3) -> str:
    """Draw three dots of someone thinking, as many as are shown."""
    return "".join(dot(-20 + 20 * n, 0, 5.5, "#a9b2b6") for n in range(3) if shown > n)


def clock(turns: float = 0.0, sector: float = 0) -> str:
    """Draw a clock, its hands `turns` hours on; a sector of it may be filled as time agreed."""
    angle = 2 * math.pi * turns
    pie = ""
    if sector > 0.01:
        end = 2 * math.pi * sector
        big = 1 if sector > 0.5 else 0
        x, y = 20 * math.sin(end), -20 * math.cos(end)
        pie = shape(f"M0 0V-20A20 20 0 {big} 1 {num(x)} {num(y)}Z", "#f7c6a6")
    long_x, long_y = 15 * math.sin(angle), -15 * math.cos(angle)
    short_x, short_y = 9 * math.sin(angle / 12), -9 * math.cos(angle / 12)
    return (
        dot(0, 0, 25, AI)
        + dot(0, 0, 20.5, "#fbfdfe")
        + pie
        + stroke(f"M{num(short_x)} {num(short_y)}L0 0L{num(long_x)} {num(long_y)}", SUMI, 3.6)
    )


def coin(colour: str = "#e2a94f") -> str:
    """Draw a coin with a square hole."""
    return dot(0, 0, 17, colour) + dot(0, 0, 12.5, "#f1cd87") + rect(-4, -4, 8, 8, colour, 1)


def coins(count: int) -> str:
    """Draw a pile of flat coins, centred."""
    base = 4 * count - 4
    return "".join(
        rect(-18, base - 8 * n, 36, 9, "#e2a94f" if n % 2 else "#efc373", 4.5) for n in range(count)
    )


def tag(cut: float = 0) -> str:
    """Draw a price tag; `cut` of it falls off."""
    left = shape("M-26 0-12-15H4V15H-12Z", KAKI) + dot(-13, 0, 4, "#fff")
    right = group(shape("M4-15H26V15H4Z", KAKI), x=cut * 8, y=cut * 16, turn=cut * 22)
    return left + right


def scissors(angle: float = 20) -> str:
    """Draw scissors, opened by an angle."""
    blade = stroke("M0 0V-26", SUMI, 4.5) + stroke("M0 0 8 14", SUMI, 4.5)
    ring = '<circle cx="10" cy="20" r="7" fill="none" stroke="#3d464c" stroke-width="4.5"/>'
    half = blade + ring
    mirrored = f'<g transform="scale(-1 1)">{group(half, turn=angle)}</g>'
    return group(half, turn=angle) + mirrored


def moon() -> str:
    """Draw a crescent moon."""
    return shape("M5-18A19 19 0 1 0 18 8 16 16 0 0 1 5-18Z", "#e9bf5e")


def eye() -> str:
    """Draw an eye that notices."""
    return stroke("M-26 0C-16-14-8-18 0-18s16 4 26 18C16 14 8 18 0 18S-16 14-26 0Z", AI, 5) + dot(
        0, 0, 7.5, KAKI
    )


def folder() -> str:
    """Draw a product brochure."""
    return (
        rect(-22, -26, 44, 52, AI, 5)
        + rect(-15, -18, 30, 18, "#82c4e6", 3)
        + stroke("M-15 9h30M-15 17h20", "#d5e6f0", 3.5)
    )


def paper(note: bool = False) -> str:
    """Draw a small check sheet."""
    lines = stroke("M-9-14h18M-9-4h18M-9 6h12", "#b9c3c8", 3.4)
    extra = stroke("M2 16q4-5 8 0", KAKI, 3.2) if note else ""
    return (
        rect(-20, -26, 40, 52, "#fffdf8", 4)
        + '<rect x="-20" y="-26" width="40" height="52" rx="4" fill="none" stroke="#c3bdb0"'
        ' stroke-width="3"/>' + lines + extra
    )


def papers() -> str:
    """Draw a pile of paper with something on top."""
    return "".join(
        rect(-26 + (n * 5 % 7), 18 - 9 * n, 48, 9, "#efe8da" if n % 2 else "#d9d0bf", 2)
        for n in range(5)
    )


def person(colour: str = AI) -> str:
    """Draw a nameless person."""
    return dot(0, -12, 11, colour) + shape("M-21 24c0-15 9-22 21-22s21 7 21 22Z", colour)


def check(colour: str = TAKE) -> str:
    """Draw a tick in a disc."""
    return dot(0, 0, 22, colour) + stroke("m-9 1 7 7 12-15", "#fff", 6)


def calendar(days: int = 0) -> str:
    """Draw a calendar; `days` squares of it are marked."""
    squares = "".join(
        rect(-17 + 12 * (n % 3), -4 + 12 * (n // 3), 8, 8, KAKI if n < days else "#d5dee2", 2)
        for n in range(6)
    )
    return (
        rect(-24, -24, 48, 48, "#fffdf8", 6)
        + rect(-24, -24, 48, 14, AI, 6)
        + stroke("M-12-29v9M12-29v9", SUMI, 4)
        + squares
    )


def phone() -> str:
    """Draw a mobile phone."""
    return rect(-15, -27, 30, 54, "#2c3a42", 6) + rect(-11, -21, 22, 40, "#cfe4ef", 2)


def handset() -> str:
    """Draw a telephone receiver."""
    return stroke("M-18-16c0 22 12 34 34 34", AI, 10) + stroke("M-21-19h8M13 21h8", AI, 13)


def cloud(rain: float = 0) -> str:
    """Draw a dark cloud of anger; with rain, a flash below."""
    body = "".join(
        dot(x, y, r, "#6f7d86") for x, y, r in ((-16, 0, 13), (0, -8, 17), (17, 0, 12), (0, 5, 12))
    )
    flash = shape("M2 10-8 28h8l-3 14 13-20H2l6-12Z", "#e9bf5e")
    return body + group(flash, alpha=rain)


def heart() -> str:
    """Draw a warm heart."""
    return shape("M0 20C-22 4-24-6-22-12-18-22-5-22 0-12 5-22 18-22 22-12 24-6 22 4 0 20Z", KAKI)


def gauge(turn: float = 0) -> str:
    """Draw a pressure gauge, its hand turned by degrees."""
    return (
        dot(0, 0, 25, "#6d7f88")
        + dot(0, 0, 20, "#fbfdfe")
        + stroke("M-12 8A14 14 0 1 1 12 8", "#d5dee2", 4)
        + group(stroke("M0 0V-13", KAKI, 4), turn=turn)
        + dot(0, 0, 3.5, SUMI)
    )


def balance(tilt: float = 0) -> str:
    """Draw scales, tilted by degrees (positive: right side down)."""
    pans = stroke("M-26-12v12M26-12v12", SUMI, 2.6)
    beam = group(stroke("M-26-12H26", AI, 5), pans, turn=tilt)
    return stroke("M0-18v38M-12 20h24", AI, 5) + beam + dot(0, -14, 5, KAKI)


def shield() -> str:
    """Draw a shield for safety."""
    return shape("M0-26 22-18V0C22 14 12 22 0 27-12 22-22 14-22 0V-18Z", TAKE) + stroke(
        "m-8 0 6 7 11-13", "#fff", 5
    )


def stamp() -> str:
    """Draw a seal of approval."""
    ring = '<circle r="19" fill="none" stroke="#c0501c" stroke-width="5"/>'
    return ring + stroke("m-8 0 6 7 10-13", "#c0501c", 5)


def building(colour: str = AI) -> str:
    """Draw a building."""
    windows = "".join(
        rect(-12 + 16 * (n % 2), -18 + 13 * (n // 2), 8, 7, "#f5e3b8", 1) for n in range(6)
    )
    return rect(-19, -26, 38, 52, colour, 3) + windows
