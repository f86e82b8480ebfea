"""稟議: the request walks through rooms where you are not; give it what it needs."""

from __future__ import annotations

from tools.demo_media import icons, places, props
from tools.demo_media.captions import Cue
from tools.demo_media.people import CALM, DOUBT, OPEN, SMILE, THINK, WARM, WORRY
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
from tools.demo_media.svg import group, mix, pop, ramp, rect, stroke, sway

SECONDS, SONG, POSTER = 48.0, "steps", 45.8

CUES = (
    Cue(0.6, 4.8, "部長は、導入したいと|言ってくれました。", "The department head wants it."),
    Cue(
        5.2,
        9.4,
        "ここから先は、|あなたのいない部屋で決まります。",
        "From here, it’s decided|in rooms you’re not in.",
    ),
    Cue(9.8, 13.6, "稟議書は、社内をひとりで歩きます。", "The approval request|walks alone."),
    Cue(14.0, 17.6, "経理で、止まりました。", "At accounting, it stops."),
    Cue(
        18.0,
        22.0,
        "「紙ではだめなの？」|「元は取れるの？」",
        "“What’s wrong with paper?”|“Will it pay?”",
    ),
    Cue(22.5, 26.4, "部長は、その場で答えられません。", "He can’t answer on the spot."),
    Cue(
        27.0,
        32.0,
        "だから、先に聞いておきます。|「決める方は、何を心配されそうですか」",
        "So ask beforehand: “What might|worry the people who decide?”",
    ),
    Cue(
        32.4, 36.6, "その答えを、部長の言葉で1枚に。", "Put the answers on one page,|in his words."
    ),
    Cue(
        37.0,
        41.4,
        "困りごと。始め方とやめ方。|使う人の声。",
        "The problem. How to start, and stop.|A user’s voice.",
    ),
    Cue(
        42.0, 46.8, "あなたの代わりに、|この1枚が話してくれます。", "This one page speaks for you."
    ),
)

_REP = Actor(
    "hayashi", LEFT, moods=((0, SMILE), (4.6, CALM), (27, OPEN), (31.6, WARM)),
    talks=((27.6, 31.2),), faces=2.2,
)  # fmt: skip
_HEAD = Actor(
    "nakamura", RIGHT, 2.2, moods=((0, WARM), (1.2, SMILE), (4.6, CALM), (26, CALM),
                                   (31.0, THINK)),
    talks=((1.0, 3.4),), faces=-2.2,
)  # fmt: skip
_STOPS = ((96.0, 150.0), (252.0, 150.0), (408.0, 150.0), (556.0, 150.0))
_KEYS = ("nakamura", "clerk", "president")


def _agreed(t: float) -> str:
    yes = props.bubble(icons.check(), 330, 92, SAYS_RIGHT, fades(t, 1.0, 4.9), 96)
    return "".join(
        (
            places.meeting_room(),
            _HEAD.draw(t),
            _REP.draw(t),
            props.desk(),
            props.cup(112, 264),
            props.cup(508, 264),
            yes,
        )
    )


def page(rows: float, size: float = 1) -> str:
    """Draw the one page: three pictures with lines beside them, as many as `rows`."""
    pictures = (icons.papers(), icons.calendar(2), icons.person())
    parts = [rect(-92, -112, 184, 224, "#fffdf8", 8), rect(-72, -96, 92, 9, props.AI, 4)]
    for n, art in enumerate(pictures):
        shown = max(0.0, min(1.0, rows - n))
        y = -52 + 62 * n
        parts.append(group(art, x=-52, y=y, scale=0.8 * shown + 0.01, alpha=shown))
        lines = stroke(f"M-16 {y - 10}H68M-16 {y + 8}H{48 - 8 * n}", props.LINE, 6)
        parts.append(group(lines, alpha=shown))
    return group(*parts, scale=size)


def _corridor(t: float, position: float, moods: tuple[object, ...], passed: int, sheet: str) -> str:
    """The way through the house: three people on a thread, the request between them."""
    ground = rect(0, 0, 640, 360, "#f0ece3") + rect(0, 292, 640, 68, "#e2dccf")
    line = props.thread([(20, 226), *((x, 226.0) for x, _ in _STOPS)], 1, "#a9bfcb")
    people = "".join(
        medal(key, mood, t, x, y - 36, 52, "#d8e7ef" if n != 1 else "#dbecdf")  # type: ignore[arg-type]
        for n, (key, mood, (x, y)) in enumerate(zip(_KEYS, moods, _STOPS[:3], strict=True))
    )
    knots = "".join(
        props.knot(x, 226, 2 if n < passed else 1 if n == passed and n < 3 else 0)
        for n, (x, _) in enumerate(_STOPS)
    )
    goal = group(icons.stamp(), x=556, y=118, scale=1.25, alpha=1 if passed > 2 else 0.25)
    return ground + line + people + goal + knots + group(sheet, x=position, y=270)


def _walking(t: float) -> str:
    """It sets out, and stops at accounting."""
    position = mix(96, 252, ramp(t, 9.8, 3.6))
    wobble = sway(t, 0.6, 2) if 9.8 < t < 13.4 else 0
    small = group(icons.paper(), turn=wobble, scale=1.15)
    moods = (CALM if t < 22.4 else WORRY, CALM if t < 13.8 else DOUBT, CALM)
    scene = _corridor(t, position, moods, 0 if t < 13 else 1, small)
    first = props.bubble(icons.papers(), 176, 48, (216, 92), fades(t, 17.8, 22.4), 92, 74)
    second = props.bubble(icons.coins(4), 332, 48, (288, 92), fades(t, 19.8, 22.4), 92, 74)
    stuck = props.bubble(icons.ellipsis(), 184, 52, (128, 92), fades(t, 22.8, 26.8), 92, 60)
    return scene + first + second + stuck


def _asking(t: float) -> str:
    content = group(icons.person(), x=-28) + group(icons.question(), x=30, scale=0.9)
    ask = props.bubble(content, 312, 96, SAYS_LEFT, fades(t, 27.3, 32.4), 140, 92)
    return "".join(
        (
            places.meeting_room(places.LEAF),
            _HEAD.draw(t),
            _REP.draw(t),
            props.desk(),
            props.cup(112, 264),
            props.cup(508, 264),
            ask,
        )
    )


def _one_page(t: float) -> str:
    """The page is written together."""
    rows = 1.0 * pop(t, 37.0) + pop(t, 38.4) + pop(t, 39.8)
    rep = medal("hayashi", WARM, t, 112, 150, 62, "#f6dcc8", pop(t, 32.8))
    head = medal("nakamura", OPEN if t < 38 else WARM, t, 528, 150, 62, "#d8e7ef", pop(t, 33.1))
    line = props.thread([(174, 158), (466, 158)], ramp(t, 33.4, 1.2), "#a9bfcb")
    return (
        rect(0, 0, 640, 360, "#e9e2d3")
        + line
        + rep
        + head
        + group(page(rows), x=320, y=156, scale=pop(t, 34.0) * 1.08 + 0.01)
    )


def _through(t: float) -> str:
    """With the page, it passes every door."""
    k = ramp(t, 42.0, 3.2)
    passed = 1 + (t > 43.0) + (t > 44.2) + (t > 45.2)
    moods = (SMILE, CALM if t < 42.9 else WARM, CALM if t < 44.1 else SMILE)
    return _corridor(t, mix(96, 556, k), moods, passed, page(3, 0.3))


def draw(t: float) -> str:
    """Draw the clip at a moment."""
    return dissolve(
        t, ((0, _agreed), (5.0, _walking), (26.7, _asking), (32.2, _one_page), (41.6, _through))
    )
