"""困ったお電話: hear it out, write down facts, promise a time, and pass it on fast."""

from __future__ import annotations

from tools.demo_media import icons, places, props
from tools.demo_media.captions import Cue
from tools.demo_media.people import CALM, CROSS, FOCUS, GUARD, OPEN, WARM, WORRY
from tools.demo_media.stage import (
    LEFT,
    RIGHT,
    SAYS_LEFT,
    SAYS_RIGHT,
    Actor,
    dissolve,
    fades,
    medal,
)
from tools.demo_media.svg import clamp, dot, group, mix, pop, ramp, rect, shape, stroke, sway

SECONDS, SONG, POSTER = 44.0, "quiet", 3.4

CUES = (
    Cue(0.6, 4.6, "「入力した記録が、|残っていないんです」", "“The records we entered|are gone.”"),
    Cue(
        5.0, 9.0, "まず、最後まで聞きます。|さえぎりません。", "First, hear them out.|Don’t cut in."
    ),
    Cue(
        9.4,
        13.6,
        "「いつ、どの建物の、|どの記録でしょうか」",
        "“When was it, which building,|and which records?”",
    ),
    Cue(14.0, 18.0, "わかった事実だけを、書きとめます。", "Write down what you know,|only that."),
    Cue(
        18.5,
        23.4,
        "約束するのは、時間だけ。|「30分以内に、お電話します」",
        "Promise one thing: a time.|“We’ll call within 30 minutes.”",
    ),
    Cue(
        23.9,
        28.4,
        "原因の断定や返金の約束は、|その場ではしません。",
        "Don’t name a cause,|don’t promise a refund.",
    ),
    Cue(
        28.9, 33.0, "10分以内に、当番窓口へつなぎます。", "Within ten minutes,|call the duty desk."
    ),
    Cue(
        33.4,
        37.6,
        "記録・お金・安全は、|責任者にも同時に。",
        "Records, money, safety:|the sales manager too.",
    ),
    Cue(
        38.0,
        43.4,
        "ひとりで抱えない。|早くつなぐことも、誠意のひとつです。",
        "Don’t carry it alone.|Passing it on fast is a way to care.",
    ),
)

_REP = Actor(
    "nguyen", LEFT,
    moods=((0, CALM), (1.8, WORRY), (5.2, CALM), (9.2, OPEN), (13.8, FOCUS), (18.6, OPEN),
           (23.6, CALM)),
    talks=((9.7, 12.8), (19.4, 22.6)), faces=1.6,
)  # fmt: skip
_CALLER = Actor(
    "hirano", RIGHT, 2.2,
    moods=((0, CROSS), (8.4, GUARD), (13.2, CALM), (18, GUARD), (22.6, CALM)),
    talks=((0.8, 8.2), (13.4, 16.6)), faces=-1.6,
)  # fmt: skip


def _call(t: float) -> str:
    """Draw both ends of the line, each with a phone at the ear."""
    left = rect(0, 0, 640, 360, places.OFFICE)
    right = shape("M350 0H640V360H290Z", "#e9dfcf")
    seam = stroke("M350-4 290 364", "#f8f6f1", 8)
    mobile = rect(-9, -26, 18, 52, "#2c3a42", 5)
    near = group(mobile, x=68, y=166, turn=10) + props.arm(46, 268, 62, 186, "#2a726e", "#dfae82")
    far = group(mobile, x=572, y=162, turn=-10) + props.arm(
        594, 268, 578, 182, "#6b5d40", "#dfae82"
    )
    return "".join((left, right, seam, _CALLER.draw(t), _REP.draw(t), near, far, _tables()))


def _tables() -> str:
    return shape("M0 256H308L290 360H0Z", "#b98a62") + shape("M308 256H640V360H290Z", "#8d8f84")


def _listening(t: float) -> str:
    """The storm on the line, and someone who lets it pass."""
    shake = sway(t, 0.5, 3) if t < 5 else 0
    anger = clamp(1 - (t - 6.5) / 6)
    storm = props.bubble(
        group(icons.cloud(1 if t < 6.4 else 0), x=shake, y=-6, scale=0.75 + 0.35 * anger),
        352,
        92,
        SAYS_RIGHT,
        fades(t, 0.7, 9.4),
        112,
        92,
    )
    ear = group(
        icons.heart(), x=252, y=120, scale=0.7 * fades(t, 5.4, 9.4) + 0.01, alpha=fades(t, 5.4, 9.4)
    )
    return storm + ear


def _facts(t: float) -> str:
    """A notebook with three facts: when, where, what."""
    come = ramp(t, 9.4, 0.6)
    art = (icons.clock(0.8), icons.building(), icons.paper())
    rows = []
    for n, (start, icon) in enumerate(zip((10.0, 11.2, 12.4), art, strict=True)):
        y = -50 + 50 * n
        rows.append(group(icon, x=-38, y=y, scale=0.72 * pop(t, start) + 0.01))
        written = ramp(t, 14.0 + 1.1 * n, 0.9)
        if written > 0.02:
            rows.append(stroke(f"M-8 {y}h{56 * written:.1f}", props.AI, 6))
    book = rect(-72, -88, 144, 176, "#fffdf8", 8) + rect(-72, -88, 14, 176, "#c9754a", 4)
    return group(book, *rows, x=320, y=mix(480, 152, come) + 300 * ramp(t, 17.9, 0.5))


def _promise(t: float) -> str:
    """Half an hour on the clock; everything else is put aside."""
    time = props.bubble(
        icons.clock(0.5 * ramp(t, 19.6, 1.6), 0.5 * ramp(t, 19.6, 1.6)),
        300,
        94,
        SAYS_LEFT,
        fades(t, 18.8, 23.8),
        110,
        92,
    )
    aside = []
    for n, icon in enumerate((icons.gauge(60), icons.coin())):
        size = fades(t, 24.1 + 0.5 * n, 28.6)
        ring = '<circle r="40" fill="none" stroke="#857e71" stroke-width="5"/>'
        bar = stroke(
            f"M-28 28L{mix(-28, 28, ramp(t, 25.4 + 0.5 * n, 0.4)):.1f} "
            f"{mix(28, -28, ramp(t, 25.4 + 0.5 * n, 0.4)):.1f}",
            "#857e71",
            5,
        )
        disc = dot(0, 0, 40, "#ffffff") + group(icon, alpha=0.55)
        aside.append(group(disc, ring, bar, x=274 + 100 * n, y=98, scale=max(0.01, size)))
    return time + "".join(aside)


def _phone_call(t: float) -> str:
    return _call(t) + _listening(t) + _facts(t) + _promise(t)


def _passing_on(t: float) -> str:
    """From the rep the thread runs to the duty desk, and branches to the manager."""
    late = t > 38.0
    main = props.thread([(120, 156), (336, 116)], ramp(t, 29.4, 1.4))
    branch = props.thread([(120, 156), (336, 250)], ramp(t, 33.8, 1.2), props.AI)
    back = props.thread([(392, 116), (560, 170)], ramp(t, 38.4, 1.4), props.KAKI)
    rep = medal("nguyen", CALM if not late else WARM, t, 96, 156, 60, "#f6dcc8", pop(t, 28.7))
    desk = medal("miura", OPEN if not late else WARM, t, 352, 106, 56, "#d8e7ef", pop(t, 30.4))
    chief = medal("okada", CALM, t, 352, 238, 46, "#dbecdf", pop(t, 34.8))
    caller = medal("hirano", GUARD if t < 40 else WARM, t, 552, 168, 58, "#efe6d2", pop(t, 37.8))
    ten = group(
        icons.clock(1 / 6, 1 / 6 * ramp(t, 29.6, 1)), x=214, y=82, scale=fades(t, 29.2, 37.6) + 0.01
    )
    signs = "".join(
        group(icon, x=438 + 52 * n, y=244, scale=0.62 * fades(t, 35.2 + 0.4 * n, 38.0) + 0.01)
        for n, icon in enumerate((icons.paper(), icons.coin(), icons.shield()))
    )
    return "".join(
        (
            rect(0, 0, 640, 360, "#f0ece3"),
            rect(0, 304, 640, 56, "#e2dccf"),
            branch,
            main,
            back,
            rep,
            desk,
            chief,
            caller,
            ten,
            signs,
        )
    )


def draw(t: float) -> str:
    """Draw the clip at a moment."""
    return dissolve(t, ((0, _phone_call), (28.6, _passing_on)))
