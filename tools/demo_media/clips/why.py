"""父の点検表: why Honami Check exists, from a kitchen table to the next person's hands."""

from __future__ import annotations

from tools.demo_media import icons, places, props
from tools.demo_media.captions import Cue
from tools.demo_media.cast import LOOKS, SUNNY
from tools.demo_media.people import CALM, FOCUS, OPEN, SMILE, WARM, WORRY
from tools.demo_media.stage import Actor, dissolve, fades, medal
from tools.demo_media.svg import clamp, dot, group, mix, pop, ramp, rect, shape, stroke, sway

SECONDS, SONG, POSTER = 56.0, "evening", 8.6

CUES = (
    Cue(
        0.8, 5.0, "35年前。ある家の、夜の台所です。", "Thirty-five years ago.|A kitchen, at night."
    ),
    Cue(
        5.4,
        9.8,
        "父は、ビルの設備を点検する人でした。",
        "Her father checked|the machines of buildings.",
    ),
    Cue(
        10.2,
        14.6,
        "汚れた点検表を、|毎晩きれいに書き直します。",
        "Every night he copied out|his smudged check sheets.",
    ),
    Cue(
        15.0,
        19.8,
        "余白には、いつも小さなひとこと。|「3号機、音が少し高い」",
        "In the margin, always a small note:|“Pump 3 sounds a little high.”",
    ),
    Cue(
        20.4,
        25.0,
        "31年分の点検表は、|箱に入ったままになりました。",
        "Thirty-one years of sheets|ended up in boxes.",
    ),
    Cue(
        25.6,
        30.0,
        "父が引退した冬、|病院の暖房が止まりました。",
        "The winter after he retired,|a hospital’s heating failed.",
    ),
    Cue(30.4, 34.8, "止まったのは、3号機のポンプでした。", "What had stopped was pump 3."),
    Cue(
        35.2,
        40.0,
        "きざしは、書いてあったのです。|次の人に、届いていなかっただけで。",
        "The sign had been written down.|It just never reached the next person.",
    ),
    Cue(40.6, 45.2, "「紙をなくしたいのではありません」", "“I’m not here to get rid of paper.”"),
    Cue(
        45.6,
        50.2,
        "「父の気づきを、次の人へ|届けたかったんです」",
        "“I wanted what he noticed|to reach the next person.”",
    ),
    Cue(50.6, 55.2, "ホナミ点検は、そのために生まれました。", "That’s why Honami Check exists."),
)

_FATHER = Actor("father", (268, 74), 2.0, ((0, FOCUS), (6.4, WARM), (10, FOCUS)), faces=-0.6)
_CHILD = Actor("child", (92, 124), 1.5, ((0, FOCUS), (6.0, SMILE), (9.4, CALM)), faces=1.8)
_FOUNDER = Actor(
    "founder", (40, 64), 2.15, ((0, CALM), (40, CALM), (45.4, WARM)),
    ((40.8, 44.2), (45.8, 49.0)), 2.0,
)  # fmt: skip
_YOUNG = Actor("young", (398, 64), 2.1, ((0, CALM), (47.4, OPEN), (49.0, SMILE)), faces=-2.0)


def _table(t: float) -> str:
    """Father writes, the girl does her homework, the pile grows."""
    look = LOOKS["father"]
    beat = int(t * 5) / 5
    hand_x = 388 + 13 * ((beat * 0.8) % 1) if t > 9.4 else 392
    writing = props.arm(
        444, 268, hand_x, 292 + sway(beat, 0.8, 2) * (t > 9.4), look.cloth, look.skin
    )
    sheet = group(props.check_sheet(92, 66, clamp((t - 9.6) / 5)), x=322, y=268, turn=-3)
    smudged = group(
        props.check_sheet(70, 56, 1),
        shape("M8 30q14-14 24 2 8 16-10 18-18-4-14-20Z", "#d8c8ac"),
        x=470,
        y=272,
        turn=7,
    )
    homework = rect(120, 276, 78, 44, "#fffdf8", 4) + stroke("M132 290h46M132 302h32", "#9fc0d2", 4)
    pile = props.stack(226, 268, 2 + int(max(0.0, t - 2) * 0.7), 74)
    return "".join((
        places.kitchen(), props.lamp(362, 20, 0.16), _CHILD.draw(t), _FATHER.draw(t),
        props.desk(262), pile, smudged, sheet, homework, writing,
    ))  # fmt: skip


def _margin(t: float) -> str:
    """The sheet from near: a small note in its margin."""
    sheet = group(
        props.check_sheet(96, 124, 1, ramp(t, 16.2, 1.8)), x=198, y=18, scale=2.55, turn=-2
    )
    ring = group(
        '<circle r="50" fill="none" stroke="#ed7d45" stroke-width="5"/>',
        x=402,
        y=168,
        scale=max(0.01, pop(t, 17.8)),
        alpha=ramp(t, 17.8, 0.3),
    )
    return rect(0, 0, 640, 360, "#8a6443") + dot(330, 150, 230, "#96704d") + sheet + ring


def _boxes(t: float) -> str:
    """The boxes are full, and closed one after the other."""
    parts = [rect(0, 0, 640, 360, "#e8e0d0"), rect(60, 262, 520, 12, "#b98a62", 4)]
    for n in range(3):
        x = 96.0 + 158 * n
        closed = ramp(t, 21.4 + 0.9 * n, 0.6)
        sheets = "".join(
            rect(x + 16 + 18 * i, 118 + (i * 7 % 10) + 46 * closed, 62, 90, "#fffdf8", 3)
            for i in range(3)
        )
        box = rect(x, 168, 130, 94, "#c69a6d", 4) + rect(x + 46, 196, 38, 14, "#a67c52", 7)
        lid = group(rect(-4, 0, 138, 16, "#b1855a", 3), x=x, y=mix(110, 160, closed), alpha=closed)
        parts += [sheets, box, lid]
    return "".join(parts)


def _hospital(t: float) -> str:
    """A hospital in the snow; its windows grow cold one by one."""
    lights = []
    for n in range(15):
        cold = t > 27.6 + 0.12 * (n * 7 % 15)
        lights.append(
            rect(
                214 + 46 * (n % 5), 92 + 50 * (n // 5), 28, 28, "#4d6779" if cold else "#f5d99a", 3
            )
        )
    fall = int(t * 6) / 6  # six steps a second: snow is costly to encode
    snow = "".join(
        dot(
            (n * 83 + 12 * (n % 5)) % 640,
            (n * 57 + fall * (16 + n % 4 * 5)) % 270,
            2 + n % 3,
            "#dfe9ef",
        )
        for n in range(18)
    )
    sign = group(icons.heart(), x=324, y=62, scale=0.8)
    return "".join((
        rect(0, 0, 640, 360, "#2b4152"), rect(190, 30, 268, 250, "#6f8795", 4), sign, *lights,
        rect(300, 248, 46, 32, "#3d5566", 2), rect(0, 272, 640, 88, "#dfe7ea"),
        shape("M0 276q80-16 160 0t160 0 160 0 160 0v20H0Z", "#dfe7ea"), snow,
    ))  # fmt: skip


def _pumps(t: float) -> str:
    """Three pumps; the third has stopped."""
    parts = [rect(0, 0, 640, 360, "#cfd9da"), stroke("M-10 92H650", "#9fb0b3", 20)]
    for n in range(3):
        stopped = n == 2
        x = 128.0 + 192 * n
        turn = mix(30, -128, ramp(t, 30.8, 1.4)) if stopped else 30.0
        colour = "#c98a62" if stopped and t > 31 else "#7f979d"
        parts += [
            stroke(f"M{x} 92v70", "#9fb0b3", 16),
            rect(x - 62, 156, 124, 96, colour, 30),
            rect(x - 50, 246, 100, 14, "#6d868d", 4),
            group(icons.gauge(turn), x=x, y=202, scale=1.25),
        ]
    alarm = group(
        '<circle r="74" fill="none" stroke="#ed7d45" stroke-width="5"/>',
        x=512,
        y=204,
        scale=max(0.01, pop(t, 32.2)),
        alpha=ramp(t, 32.2, 0.3),
    )
    return "".join(parts) + rect(0, 258, 640, 102, "#b4bfbf") + alarm


def _unread(t: float) -> str:
    """The thread from the father's note ends before it reaches anyone."""
    note = group(props.check_sheet(96, 124, 1, 1), x=64, y=76, scale=1.3, turn=-3)
    line = props.thread([(196, 158), (372, 176)], ramp(t, 36.2, 1.6))
    gap = stroke("M392 180q12 6 22 1M432 186q10 5 18 2", "#c9c0ae", 5)
    who = medal("young", WORRY, t, 530, 170, 62, "#d8e7ef", pop(t, 37.2))
    return (
        rect(0, 0, 640, 360, "#f0ece3") + note + line + group(gap, alpha=ramp(t, 37.6, 0.6)) + who
    )


def _founder(t: float) -> str:
    """Today: the note goes along the thread into the next person's tablet."""
    k = ramp(t, 46.0, 2.4)
    paper = group(props.check_sheet(96, 124, 1, 1), x=142, y=252, scale=0.8, turn=-5)
    screen = props.check_screen(ramp(t, 47.6, 1.4))
    mark = group(stroke("M74 40q5-7 9 0t9 0", props.KAKI, 3.4), alpha=ramp(t, 48.2, 0.4))
    device = group(props.tablet(screen + mark), x=404, y=262)
    line = props.thread([(214, 286), (320, 268), (408, 296)], k)
    bead = dot(mix(214, 408, k), 286 - 18 * (1 - abs(2 * k - 1)), 8, props.KAKI) if k > 0.02 else ""
    talk = props.bubble(icons.paper(True), 300, 94, (206, 150), fades(t, 41.0, 45.4), 96)
    return "".join(
        (
            places.back_office(),
            _YOUNG.draw(t),
            _FOUNDER.draw(t),
            props.desk(),
            paper,
            device,
            line,
            bead,
            talk,
        )
    )


def _together(t: float) -> str:
    """Three generations on one thread."""
    spots = (("father", 130.0, "#e9dfcb"), ("founder", 320.0, SUNNY), ("young", 510.0, "#d8e7ef"))
    line = props.thread(
        [(40, 176), (130, 150), (320, 150), (510, 150), (604, 118)], ramp(t, 50.6, 2.6)
    )
    people = "".join(
        medal(
            key, SMILE if key != "father" else WARM, t, x, 150, 66, ground, pop(t, 50.8 + 0.7 * n)
        )
        for n, (key, x, ground) in enumerate(spots)
    )
    tie = props.loops(320, 268, 2.6, ramp(t, 53.0, 1.6))
    return rect(0, 0, 640, 360, "#f8f3e8") + line + people + tie


def draw(t: float) -> str:
    """Draw the clip at a moment."""
    return dissolve(t, (
        (0, _table), (14.7, _margin), (20.1, _boxes), (25.3, _hospital), (30.2, _pumps),
        (35.0, _unread), (40.3, _founder), (50.4, _together),
    ))  # fmt: skip
