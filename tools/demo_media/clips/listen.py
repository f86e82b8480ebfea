"""聞く力: ask once, then count to seven and let the silence work."""

from __future__ import annotations

from tools.demo_media import icons, places, props
from tools.demo_media.captions import Cue
from tools.demo_media.people import CALM, OPEN, SMILE, THINK, WARM, WORRY
from tools.demo_media.stage import LEFT, RIGHT, SAYS_LEFT, SAYS_RIGHT, Actor, fades
from tools.demo_media.svg import dot, group, pop, ramp, rect, stroke, sway

SECONDS, SONG, POSTER = 44.0, "quiet", 23.4

CUES = (
    Cue(0.6, 4.4, "質問のあと、何秒待てますか。", "After a question,|how long can you wait?"),
    Cue(
        4.8,
        9.2,
        "「いまの点検で、|いちばん手間がかかるのはどこですか」",
        "“Which part of your checks|takes the most effort?”",
    ),
    Cue(9.6, 13.0, "お客様が、黙りました。", "They go quiet."),
    Cue(
        13.4,
        17.4,
        "ここで助け舟を出すと、|考えが止まります。",
        "Jump in to help,|and you stop their thinking.",
    ),
    Cue(17.8, 21.0, "心の中で、7つ数えます。", "In your head, count to seven."),
    Cue(21.4, 25.4, "うなずくだけで、待っています。", "Just nod, and wait."),
    Cue(
        26.0,
        29.6,
        "「…手間というより、こわいんです」",
        "“It’s not so much the effort.|It’s that I’m afraid.”",
    ),
    Cue(
        30.0,
        34.0,
        "「書きもれに、あとで気づくのが」",
        "“Of finding out too late|that something was missed.”",
    ),
    Cue(34.4, 38.2, "「あとで気づくのが、こわい」", "“Finding out too late.”"),
    Cue(
        38.6,
        43.2,
        "お客様の言葉のまま、返す。|本音は、沈黙のあとに出てきます。",
        "Give back their own words.|The real reason comes after the silence.",
    ),
)

_REP = Actor(
    "sasaki", LEFT,
    moods=((0, CALM), (4.6, OPEN), (9.4, CALM), (12.8, WORRY), (17.6, CALM), (20.6, WARM),
           (26.6, CALM), (34.2, OPEN), (38.4, WARM)),
    talks=((5.2, 8.6), (13.8, 16.2), (34.8, 36.8)), faces=2.4,
)  # fmt: skip
_HOST = Actor(
    "hirano", RIGHT, 2.2,
    moods=((0, CALM), (9.0, THINK), (16.6, CALM), (18.2, THINK), (25.6, WORRY), (36.8, OPEN),
           (39.4, WARM), (41.4, SMILE)),
    talks=((26.4, 29.0), (30.2, 33.4), (39.8, 41.2)), faces=-2.4,
)  # fmt: skip


def missed(size: float = 1) -> str:
    """Draw a small sheet one of whose boxes stayed empty."""
    rows = "".join(
        rect(-26, -22 + 16 * n, 10, 10, "#e3e8ea", 2)
        + rect(-10, -20 + 16 * n, 34, 6, "#c9d2d6", 3)
        + (stroke(f"m-24 {-17 + 16 * n} 3 3 5-6", "#165e83", 2.4) if n != 1 else "")
        for n in range(3)
    )
    ring = '<circle cx="-21" cy="-1" r="11" fill="none" stroke="#ed7d45" stroke-width="4"/>'
    return group(rect(-34, -32, 68, 60, "#fffdf8", 5), rows, ring, scale=size)


def _seven(t: float) -> str:
    """Seven knots on a thread, one lit each second."""
    k = ramp(t, 17.6, 0.8)
    if k <= 0:
        return ""
    points = [(116.0 + 68 * n, 40.0) for n in range(7)]
    line = props.thread([(96.0, 40.0), (544.0, 40.0)], k, "#8fb6a2")
    knots = []
    for n, (x, y) in enumerate(points):
        lit = t >= 18.6 + n
        newest = lit and t < 19.6 + n
        state = 1 if newest else 2 if lit else 0
        size = pop(t, 17.8 + 0.08 * n) * (1.16 if newest else 1)
        knots.append(group(props.knot(0, 0, state, 11), x=x, y=y, scale=max(0.01, size)))
    return group(line, *knots, alpha=1 - ramp(t, 37.6, 0.6))


def _quiet(t: float) -> str:
    """What is not said: the customer's dots, and the rep's urge to help out."""
    shown = 1 + (t * 0.9) % 3
    faint = 1 - 0.75 * fades(t, 14.4, 17.8)
    dots = props.bubble(icons.ellipsis(shown), 352, 112, SAYS_RIGHT, fades(t, 9.8, 25.8), 100, 62)
    urge = group(icons.folder(), x=-34, scale=0.8) + group(icons.coin(), x=30)
    offer = props.bubble(urge, 286, 100, SAYS_LEFT, fades(t, 13.6, 17.5), 148, 96)
    return group(dots, alpha=faint) + offer


def draw(t: float) -> str:
    """Draw the clip at a moment."""
    nod = sway(t, 1.9, 2.4) if 20.8 < t < 25.6 else 0
    ask = props.bubble(icons.question(), 296, 100, SAYS_LEFT, fades(t, 5.0, 9.6), 100)
    fear = props.bubble(missed(), 326, 120, SAYS_RIGHT, fades(t, 26.2, 34.4), 116, 90)
    echo = props.bubble(missed(), 302, 120, SAYS_LEFT, fades(t, 34.6, 38.8), 116, 90)
    wait = group(
        icons.clock(t * 0.2),
        x=320,
        y=108,
        scale=1.2 * fades(t, 0.8, 4.6) + 0.01,
        alpha=fades(t, 0.8, 4.6),
    )
    tie = props.loops(320, 118, 4.2, ramp(t, 39.2, 2.4)) if t > 39.2 else ""
    ground = rect(0, 0, 640, 360, places.LEAF) + dot(320, 150, 172, "#e7f3e9")
    return "".join((
        ground, props.plant(604, 226), _HOST.draw(t), _REP.draw(t, dy=nod), props.desk(),
        props.cup(112, 264), props.cup(508, 264), wait, ask, _quiet(t), _seven(t), fear, echo, tie,
    ))  # fmt: skip
