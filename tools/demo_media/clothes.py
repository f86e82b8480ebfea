"""What people wear: bodies, glasses, earrings, caps and helmets of the busts."""

from __future__ import annotations

from tools.demo_media.svg import dot, rect, shape, stroke

_BODY = "M10 98c0-18 14-27 30-29l8 4 8-4c16 2 30 11 30 29Z"
_NECK = "M40 55h16v14c0 5-4 9-8 9s-8-4-8-9Z"
_COLLAR = "m39 66 9 12 9-12 5 3-14 25-14-25Z"
_CHEST = "M40 62h16v6l-8 10-8-10Z"


def body(wear: str, cloth: str, accent: str, neck: str) -> str:
    """Draw shoulders, neck and collar: suit, tie, knit, roll, jacket, blouse, polo or dress."""
    base = shape(_BODY, cloth) + shape(_NECK, neck)
    if wear in ("suit", "tie"):
        shirt = "#ffffff" if wear == "tie" else accent
        tie = shape("m45 78 3-2 3 2-1.5 5 2 15h-7l2-15Z", accent) if wear == "tie" else ""
        return base + shape(_COLLAR, shirt) + shape(_CHEST, neck) + tie
    return base + _OTHER[wear](cloth, accent, neck)


def _knit(_cloth: str, accent: str, neck: str) -> str:
    return shape("M37 68c0 8.5 4.5 13.5 11 13.5S59 76.5 59 68l-3-1.5H40Z", accent) + shape(
        "M40 62h16v6c0 5-3.5 8.5-8 8.5s-8-3.5-8-8.5Z", neck
    )


def _roll(cloth: str, accent: str, _neck: str) -> str:
    return (
        rect(36, 69, 24, 12, cloth, 4)
        + rect(38, 62, 20, 13, accent, 5)
        + stroke("M40 68.5h16", cloth, 1.2)
    )


def _jacket(_cloth: str, accent: str, neck: str) -> str:
    return (
        shape(_CHEST, neck)
        + shape("m39.5 64-5.5 5 10 13 4-4.5Z", accent)
        + shape("m56.5 64 5.5 5-10 13-4-4.5Z", accent)
        + stroke("M48 79v19", accent, 2)
        + stroke("M62 86h9", accent, 2.4)
    )


def _blouse(_cloth: str, accent: str, neck: str) -> str:
    return (
        shape("M40 62h16v7c0 4-3.5 7-8 7s-8-3-8-7Z", neck)
        + shape("M39 65.5c-4 1-6 3-6.5 6 5 4 11 5 15.5 4.5-4-2-8-5-9-10.5Z", accent)
        + shape("M57 65.5c4 1 6 3 6.5 6-5 4-11 5-15.5 4.5 4-2 8-5 9-10.5Z", accent)
        + dot(48, 85, 1.1, accent)
        + dot(48, 92, 1.1, accent)
    )


def _polo(_cloth: str, accent: str, neck: str) -> str:
    return (
        shape(_CHEST, neck)
        + shape("m39 65-6 4.5 11 8 4-2Z", accent)
        + shape("m57 65 6 4.5-11 8-4-2Z", accent)
        + stroke("M48 78v11", accent, 1.8)
    )


def _dress(_cloth: str, accent: str, neck: str) -> str:
    return (
        shape("M36 68.5c3 9 7 13 12 13s9-4 12-13l-4-1.5H40Z", neck)
        + stroke("M38.5 70.5c2.5 8 6 11.5 9.5 11.5s7-3.5 9.5-11.5", accent, 1)
        + dot(48, 82.6, 1.6, accent)
    )


_OTHER = {
    "knit": _knit,
    "roll": _roll,
    "jacket": _jacket,
    "blouse": _blouse,
    "polo": _polo,
    "dress": _dress,
}


def glasses(extras: tuple[str, ...]) -> str:
    """Draw glasses for anyone whose extras say so: square, round or half."""
    if "glasses" in extras:
        return (
            '<g fill="none" stroke="#4a4440" stroke-width="1.5"><rect x="34" y="38.5" width="12"'
            ' height="9.5" rx="4"/><rect x="50" y="38.5" width="12" height="9.5" rx="4"/>'
            '<path d="M46 42h4"/></g>'
        )
    if "round-glasses" in extras:
        return (
            '<g fill="none" stroke="#7a5a3c" stroke-width="1.4"><circle cx="40.2" cy="43" r="6"/>'
            '<circle cx="55.8" cy="43" r="6"/><path d="M46.2 42.5q1.8-1.2 3.6 0"/></g>'
        )
    if "half-glasses" in extras:
        return stroke(
            "M34.5 42v3q0 4 5.5 4t5.5-4v-3M50.5 42v3q0 4 5.5 4t5.5-4v-3M45.5 43.5q2.5-1.5 5 0",
            "#3d4a52",
            1.4,
        )
    return ""


def earrings(extras: tuple[str, ...]) -> str:
    """Draw small earrings."""
    if "earrings" not in extras:
        return ""
    return dot(28.8, 48.5, 1.5, "#d9a441") + dot(67.2, 48.5, 1.5, "#d9a441")


def headgear(extras: tuple[str, ...], cloth: str) -> str:
    """Draw a work cap in the colour of the jacket, or a white safety helmet."""
    if "helmet" in extras:
        return (
            shape("M26 33c0-15 9-24 22-24s22 9 22 24Z", "#f4f1ea")
            + shape("M44.5 8.5h7V33h-7Z", "#dfe5e6")
            + rect(23, 30.5, 50, 5, "#e3ddd0", 2.5)
            + stroke("M30 36c0 12 3 22 9 28M66 36c0 12-3 22-9 28", "#8a8f90", 1.2)
        )
    if "cap" in extras:
        return (
            shape("M28 32c0-12 8-19 20-19s20 7 20 19Z", cloth)
            + shape("M27 30.5c7-3 35-3 42 0 4 2 5 4.5 4 6-8-4-42-4-50 0-1-1.5 0-4 4-6Z", "#26343c")
            + dot(48, 22.5, 3.2, "#f5e3b8")
        )
    return ""


def lanyard(extras: tuple[str, ...]) -> str:
    """Draw a staff badge on a ribbon."""
    if "lanyard" not in extras:
        return ""
    return stroke("M34 71 47 92M62 71 49 92", "#165e83", 1.6) + rect(42, 88, 12, 10, "#f7fbfd", 1.5)
