"""はじめての訪問: agree on the time, say what you noticed, let them choose where to begin."""

from __future__ import annotations

from tools.demo_media import icons, places, props
from tools.demo_media.captions import Cue
from tools.demo_media.people import CALM, GUARD, OPEN, SMILE, THINK, WARM, WORRY
from tools.demo_media.stage import LEFT, RIGHT, SAYS_LEFT, SAYS_RIGHT, Actor, dissolve, fades
from tools.demo_media.svg import group, mix, pop, ramp, rect, shape, sway

SECONDS, SONG, POSTER = 45.0, "morning", 26.4

CUES = (
    Cue(
        0.6,
        4.6,
        "はじめての訪問は、|最初の3分で空気が決まります。",
        "On a first visit, the first|three minutes set the tone.",
    ),
    Cue(5.0, 9.2, "席に着いて、すぐ資料を広げると…", "Sit down, open the brochure|straight away…"),
    Cue(9.5, 13.0, "お客様は「売り込みか」と身構えます。", "…and they brace for a sales pitch."),
    Cue(13.7, 15.9, "では、もう一度。", "Let’s start again."),
    Cue(
        16.2,
        21.0,
        "まず、時間の約束から。|「10時20分には、おいとまします」",
        "First, agree on the time.|“I’ll be off by twenty past ten.”",
    ),
    Cue(
        21.4,
        26.8,
        "次に、来る途中で気づいたこと。|「玄関の点検表、手書きの工夫がありますね」",
        "Then, something you noticed coming in.|“Your sheet by the door has clever notes.”",
    ),
    Cue(27.2, 30.4, "それは、お客様が|大事にしているものです。", "It’s something they care about."),
    Cue(
        30.8,
        36.6,
        "そして、話の順番を選んでもらう。|「お困りごとと他社の例、どちらからにしますか」",
        "Then let them choose. “Your own worries,|or how others do it: which first?”",
    ),
    Cue(37.0, 40.4, "資料は、聞かれてから出します。", "The brochure comes out|when they ask."),
    Cue(
        40.8,
        44.4,
        "3分で、話し手が|お客様に入れかわります。",
        "In three minutes,|it’s their turn to talk.",
    ),
)

_REP = Actor(
    "takahashi", LEFT,
    moods=((0, WARM), (9.4, WORRY), (13.4, CALM), (16, SMILE), (17.0, OPEN), (26.6, WARM),
           (31, OPEN), (36.4, CALM), (38.6, WARM), (42, SMILE)),
    talks=((5.2, 8.8), (17.4, 20.4), (22.6, 26.0), (31.6, 35.4)), faces=2.4,
)  # fmt: skip
_HOST = Actor(
    "uehara", RIGHT, 2.15,
    moods=((0, CALM), (8.0, GUARD), (13.6, CALM), (19.4, CALM), (25.6, OPEN), (27.4, SMILE),
           (31.2, CALM), (33.6, THINK), (35.6, OPEN), (40.6, WARM)),
    talks=((27.6, 29.8), (37.4, 43.4)), faces=-2.4,
)  # fmt: skip


def _arriving(t: float) -> str:
    """The rep comes to the door, and sees the sheet beside it."""
    k = ramp(t, 0.2, 3.4)
    bob = abs(sway(t, 0.9, 4)) * (1 - ramp(t, 3.2, 0.4))
    walker = Actor("takahashi", (mix(-170, 118, k), 118), 1.75, ((0, WARM),), faces=2)
    hedge = rect(0, 270, 640, 90, "#7fae90") + shape(
        "M0 274q20-18 40 0t40 0 40 0 40 0 40 0 40 0 40 0 40 0 40 0 40 0 40 0 40 0 40 0 40 0 40 0 40 0",
        "#8fbb9e",
    )
    hint = group(
        '<circle r="44" fill="none" stroke="#ed7d45" stroke-width="5"/>',
        x=498,
        y=216,
        scale=max(0.01, pop(t, 2.6)),
        alpha=ramp(t, 2.6, 0.3),
    )
    timer = group(icons.clock(0, 0.05 * ramp(t, 1.0, 0.6)), x=66, y=62, scale=pop(t, 0.9) + 0.01)
    return places.street() + hint + walker.draw(t, dy=-bob) + hedge + timer


def _room(t: float) -> str:
    return places.back_office() + _HOST.draw(t, dx=14 * fades(t, 8.2, 13.4))


def _too_early(t: float) -> str:
    """Brochures at once; the customer closes up."""
    folders = "".join(
        group(
            icons.folder(),
            x=mix(150, 252 + 62 * n, ramp(t, 5.6 + 0.8 * n, 0.7)),
            y=292,
            turn=-8 + 8 * n,
            scale=1.25,
            alpha=ramp(t, 5.6 + 0.8 * n, 0.3),
        )
        for n in range(3)
    )
    pitch = props.bubble(icons.folder(), 296, 96, SAYS_LEFT, fades(t, 5.3, 9.2), 100)
    return _room(t) + _REP.draw(t) + props.desk() + folders + pitch


def _choice(t: float) -> str:
    """Two cards on the table; the customer takes one of them."""
    parts = []
    for n, icon in enumerate((icons.papers(), icons.building())):
        come = ramp(t, 31.4 + 0.9 * n, 0.7)
        taken = ramp(t, 35.4, 0.6) if n == 0 else 0.0
        card = rect(-46, -40, 92, 80, "#ed7d45" if taken > 0.5 else "#e9dfcf", 12) + rect(
            -42, -36, 84, 72, "#fffdf8", 9
        )
        parts.append(
            group(
                card,
                icon,
                x=mix(160, 262 + 116 * n, come),
                y=300 - 26 * taken,
                alpha=come * (1 - 0.55 * (ramp(t, 35.6) if n else 0)),
            )
        )
    return "".join(parts)


def _again(t: float) -> str:
    """The three steps, well done."""
    clock = props.bubble(
        icons.clock(0.33 * ramp(t, 17.4, 1.6), 0.33 * ramp(t, 17.4, 1.6)),
        296,
        96,
        SAYS_LEFT,
        fades(t, 16.4, 21.2),
        100,
    )
    seen = group(icons.eye(), x=-34, scale=0.9) + group(icons.paper(True), x=38)
    noticed = props.bubble(seen, 310, 96, SAYS_LEFT, fades(t, 21.8, 27.0), 156)
    proud = props.bubble(
        group(icons.heart(), scale=1.0), 326, 96, SAYS_RIGHT, fades(t, 27.3, 30.8), 96
    )
    told = group(icons.papers(), x=-32) + group(icons.gauge(20), x=34, scale=0.95)
    tells = props.bubble(told, 312, 96, SAYS_RIGHT, pop(t, 37.4), 150)
    bag = group(icons.folder(), x=60, y=306, scale=0.9, alpha=0.35 + 0.65 * ramp(t, 37, 0.5))
    tie = props.loops(320, 204, 2.6, ramp(t, 41.0, 2.0)) if t > 41 else ""
    return "".join(
        (
            _room(t),
            _REP.draw(t),
            props.desk(),
            props.cup(112, 264),
            props.cup(508, 264),
            bag,
            _choice(t),
            clock,
            noticed,
            proud,
            tells,
            tie,
        )
    )


def draw(t: float) -> str:
    """Draw the clip at a moment."""
    return dissolve(t, ((0, _arriving), (4.8, _too_early), (13.3, _again)))
