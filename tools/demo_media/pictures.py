"""One picture for each module: its idea in a single drawing without words."""

from __future__ import annotations

from tools.demo_media import icons, props
from tools.demo_media.cast import LOOKS
from tools.demo_media.clips import handover, listen, ringi
from tools.demo_media.people import SMILE, TIRED, bust
from tools.demo_media.svg import dot, group, rect, shape, stroke


def _disc(art: str, x: float, y: float, radius: float = 58, ground: str = "#ffffff") -> str:
    return group(dot(0, 0, radius, ground), group(art, scale=radius / 46), x=x, y=y)


def first() -> str:
    """Three stations of the first three minutes."""
    line = props.thread([(-10, 210), (122, 180), (320, 180), (518, 180), (650, 140)], 1)
    seen = group(icons.eye(), x=-21, scale=0.72) + group(icons.paper(True), x=22, scale=0.8)
    cards = "".join(
        group(
            rect(-22, -24, 44, 48, props.KAKI if n == 0 else "#d9d0bf", 7),
            rect(-19, -21, 38, 42, "#fffdf8", 5),
            group(art, scale=0.6),
            x=-19 + 39 * n,
            y=6 * n - 3,
            scale=0.86,
            turn=-6 + 12 * n,
        )
        for n, art in enumerate((icons.papers(), icons.building()))
    )
    discs = (icons.clock(0.333, 0.333), seen, cards)
    return (
        rect(0, 0, 640, 360, "#f3dcca")
        + line
        + "".join(_disc(art, 122 + 198 * n, 180, 74) for n, art in enumerate(discs))
        + props.plant(598, 334)
    )


def listening() -> str:
    """Seven knots down from the surface, to what is really meant."""
    layers = "".join(
        rect(0, 104 + 66 * n, 640, 66, colour)
        for n, colour in enumerate(("#a9cddd", "#7fb0c6", "#4f8aa6", "#2f6a88"))
    )
    wave = shape("M0 104q40-14 80 0t80 0 80 0 80 0 80 0 80 0 80 0 80 0v12H0Z", "#a9cddd")
    line = stroke("M320 66V330", "#f8f6f1", 5)
    knots = "".join(
        props.knot(320, 112 + 33 * n, 2 if n < 6 else 1, 10 if n < 6 else 14) for n in range(7)
    )
    above = props.bubble(icons.papers(), 196, 54, (298, 72), 1, 104, 74)
    below = props.bubble(listen.missed(1.2), 478, 266, (340, 310), 1, 150, 118)
    return rect(0, 0, 640, 360, "#e3f0f5") + layers + wave + line + knots + above + below


def price() -> str:
    """The scales: the quote on one side, paper and night on the other."""
    tilt = 9.0
    beam = stroke("M-170 0H170", props.AI, 12)
    stand = stroke("M320 120V286M254 290H386", props.AI, 12)
    left = "M176 98V178"
    right = "M464 142V222"
    quote = group(props.quote_sheet(), x=124, y=104, turn=-3)
    heap = (
        group(icons.papers(), x=424, y=194, scale=1.25)
        + group(icons.moon(), x=480, y=176, scale=1.15)
        + group(icons.coins(5), x=516, y=200, scale=0.95)
    )
    return "".join((
        rect(0, 0, 640, 360, "#d9e9f1"), dot(320, 176, 170, "#e8f2f7"), rect(0, 300, 640, 60, "#c3d6df"),
        stand, group(beam, x=320, y=120, turn=tilt), dot(320, 120, 13, props.KAKI),
        stroke(left, props.SUMI, 4), stroke(right, props.SUMI, 4), quote, heap,
        rect(96, 176, 160, 12, "#3d6d84", 6), rect(376, 222, 176, 12, "#3d6d84", 6),
    ))  # fmt: skip


def why() -> str:
    """The father's sheet and the tablet: the note is the same."""
    sheet = group(props.check_sheet(96, 124, 1, 1), x=92, y=52, scale=1.75, turn=-5)
    screen = group(props.check_screen(1), scale=1.0)
    mark = stroke("M74 40q5-7 9 0t9 0", props.KAKI, 3.4)
    device = group(props.tablet(screen + mark), x=352, y=98, scale=1.75, turn=3)
    line = stroke("M246 150C300 56 476 44 494 174", props.KAKI, 6)
    wood = rect(0, 0, 640, 360, "#8a6443") + dot(300, 170, 250, "#96704d")
    pen = stroke("M60 318 214 300", "#2f6d8f", 9) + stroke("M214 300l16-2", "#f6f2ea", 6)
    return wood + sheet + device + line + pen


def lost() -> str:
    """Two ways: without the site the thread ends; by the site it arrives."""
    upper = props.thread([(96, 104), (250, 104), (392, 104)], 1, "#a9b8c0")
    loose = stroke("M392 104q22 3 28 20t22 22", "#a9b8c0", 6)
    lower = props.thread([(96, 262), (250, 262), (404, 262), (556, 262)], 1)
    top = _disc(icons.folder(), 96, 104, 46) + _disc(icons.person("#6d7f88"), 250, 104, 46)
    low = (
        _disc(icons.gauge(20), 96, 262, 50)
        + _disc(icons.person("#4f6c78"), 250, 262, 50)
        + _disc(icons.phone(), 404, 262, 50)
        + _disc(icons.check(), 556, 262, 50)
    )
    cap = group(
        shape("M-15 0C-15-9-8-14 0-14S15-9 15 0Z", "#39525d") + rect(-21, -3, 42, 6, "#26343c", 3),
        x=250,
        y=242,
    )
    ghost = (
        '<circle cx="556" cy="104" r="46" fill="none" stroke="#b8b0a0" stroke-width="5"'
        ' stroke-dasharray="12 11"/>'
    )
    return (
        rect(0, 0, 640, 180, "#e6e2d8")
        + rect(0, 180, 640, 180, "#dbecdf")
        + upper
        + loose
        + lower
        + top
        + ghost
        + low
        + cap
    )


def voice() -> str:
    """Her evening before, and her evening now."""
    before = "".join((
        rect(0, 0, 320, 360, "#3a5263"), rect(196, 36, 96, 84, "#1f3644", 5),
        group(icons.moon(), x=252, y=74, scale=0.9),
        group(bust(LOOKS["kimura"], TIRED), x=56, y=62, scale=2.05),
        rect(0, 256, 320, 104, "#8c7059"), props.stack(222, 316, 9, 78),
        group(props.check_sheet(84, 62, 0.5), x=112, y=280, turn=-4),
    ))  # fmt: skip
    town = "".join(rect(350 + 62 * n, 178 - n % 3 * 22, 42, 110, "#d3a08a", 2) for n in range(5))
    after = "".join((
        rect(320, 0, 320, 360, "#f8d9b0"), dot(540, 150, 50, "#f2a65e"), town,
        group(bust(LOOKS["kimura"], SMILE), x=372, y=84, scale=2.05),
        rect(320, 262, 320, 98, "#8c7568"), stroke("M326 276H640", "#6f5b51", 6),
        *(stroke(f"M{352 + 64 * n} 262v44", "#6f5b51", 6) for n in range(5)),
    ))  # fmt: skip
    return before + after + rect(317, 0, 6, 360, "#f8f6f1")


def approval() -> str:
    """The one page, with its seal."""
    back = group(rect(-92, -112, 184, 224, "#e6ddca", 8), x=330, y=184, turn=7, scale=1.3)
    sheet = group(ringi.page(3), x=320, y=178, turn=-2, scale=1.3)
    seal = group(icons.stamp(), x=404, y=66, scale=1.15, turn=-8)
    people = "".join(
        _disc(icons.person(colour), x, y, 40, "#f8f6f1")
        for colour, x, y in (("#4d565c", 92, 92), ("#6a7f5f", 92, 252), ("#3a3f52", 548, 178))
    )
    lines = (
        props.thread([(132, 92), (204, 120)], 1, "#a9bfcb")
        + props.thread([(132, 252), (204, 230)], 1, "#a9bfcb")
        + props.thread([(436, 178), (508, 178)], 1, "#a9bfcb")
    )
    return rect(0, 0, 640, 360, "#dbe6ec") + lines + people + back + sheet + seal


def handing() -> str:
    """Two hands, one thread, four things on it."""
    line = props.thread([(108, 132), (320, 150), (532, 132)], 1)
    left = stroke("M-30 210 70 148", "#7a6a9a", 62) + dot(104, 132, 30, "#f6d3b3")
    right = stroke("M670 210 570 148", "#56806d", 62) + dot(536, 132, 30, "#f2c9a5")
    art = (handover.own_words(), icons.clock(0.9, 0.25), handover.who_decides(), handover.promise())
    discs = "".join(
        stroke(f"M{194 + 84 * n} {143 + 4 * (n in (1, 2))}v46", props.AI, 4)
        + _disc(thing, 194 + 84 * n, 224, 39)
        for n, thing in enumerate(art)
    )
    return (
        rect(0, 0, 640, 360, "#f3efe6")
        + dot(320, 190, 176, "#ece4d4")
        + line
        + left
        + right
        + discs
    )


def calling() -> str:
    """Whom to call: one line out within ten minutes, one word back within thirty."""
    trunk = props.thread([(110, 180), (316, 106)], 1)
    branch = props.thread([(110, 180), (316, 258)], 1)
    back = props.thread([(316, 106), (530, 180)], 1, props.KAKI)
    return "".join((
        rect(0, 0, 640, 360, "#e4eff5"), dot(320, 180, 168, "#eef5f9"), trunk, branch, back,
        _disc(icons.phone(), 110, 180, 60), _disc(icons.handset(), 316, 106, 58),
        _disc(icons.shield(), 316, 258, 52), _disc(icons.heart(), 530, 180, 60),
        group(icons.clock(1 / 6, 1 / 6), x=200, y=88, scale=0.9),
        group(icons.clock(0.5, 0.5), x=446, y=90, scale=0.9),
    ))  # fmt: skip


PICTURES = {
    "first": first,
    "listen": listening,
    "price": price,
    "why": why,
    "lost": lost,
    "voice": voice,
    "ringi": approval,
    "handover": handing,
    "complaint": calling,
}
