"""「高い」と言われたら: ask what it is compared with before any discount."""

from __future__ import annotations

from tools.demo_media import icons, places, props
from tools.demo_media.captions import Cue
from tools.demo_media.people import CALM, DOUBT, GUARD, OPEN, SMILE, THINK, WARM, WORRY
from tools.demo_media.stage import LEFT, RIGHT, SAYS_LEFT, SAYS_RIGHT, Actor
from tools.demo_media.svg import dot, group, mix, pop, ramp, sway

SECONDS, SONG, POSTER = 42.0, "morning", 7.5

CUES = (
    Cue(
        0.6,
        4.4,
        "「お見積もりです」と出した、その直後。",
        "You’ve just put the quote on the table.",
    ),
    Cue(4.7, 8.0, "「うーん、思ったより高いね」", "“Hmm. That’s more than I expected.”"),
    Cue(8.4, 12.3, "つい、値引きを切り出したくなります。", "It’s tempting to offer a discount."),
    Cue(
        12.6,
        17.4,
        "でも、理由を知らないまま下げると、|本当の心配はそのまま残ります。",
        "But cut the price without knowing why,|and the real worry stays.",
    ),
    Cue(
        17.8,
        21.6,
        "「高い」は、断りではなく|質問の合図です。",
        "“Too expensive” isn’t a no.|It’s a cue to ask.",
    ),
    Cue(
        22.0,
        26.4,
        "「差し支えなければ、|何と比べて高いと感じられましたか」",
        "“May I ask what you’re|comparing it with?”",
    ),
    Cue(
        26.8,
        31.4,
        "他社の見積もり。今期の予算。|それとも、いまの紙の運用。",
        "Another quote? This year’s budget?|Or the paper routine they have now?",
    ),
    Cue(
        31.8,
        36.0,
        "「そういえば、清書の残業がね…」",
        "“Well… there’s all that overtime|for copying the sheets.”",
    ),
    Cue(
        36.4,
        41.2,
        "相手が見えたら、一緒に数える。|価格の話は、それからです。",
        "Once you see it, count it together.|Then talk about price.",
    ),
)

_REP = Actor(
    "takahashi", LEFT,
    moods=((0, SMILE), (5.4, CALM), (8.6, WORRY), (12.8, WORRY), (17.8, CALM), (22, OPEN),
           (26.4, WARM), (32, OPEN), (36.2, WARM), (38.5, SMILE)),
    talks=((1.2, 3.2), (10.0, 12.0), (22.2, 25.4), (36.8, 38.2)), faces=2.4,
)  # fmt: skip
_HEAD = Actor(
    "nakamura", RIGHT, 2.2,
    moods=((0, CALM), (4.4, DOUBT), (12.2, GUARD), (18.2, DOUBT), (25.6, THINK), (31.4, OPEN),
           (37.6, WARM), (39.6, SMILE)),
    talks=((5.0, 7.2), (32.0, 35.0)), faces=-2.4,
)  # fmt: skip


def _discount(t: float) -> str:
    """The rep thinks of scissors and a price tag, and then better of it."""
    size = pop(t, 8.6) * (1 - ramp(t, 16.8, 0.5))
    angle = 8 + 16 * abs(sway(t, 1.6, 1)) if t < 12 else 14
    tag = group(icons.tag(ramp(t, 11.6, 0.5)), x=2, y=12)
    blades = group(icons.scissors(angle), x=6, y=-30, turn=180, scale=0.7)
    return props.thought(tag + blades, 322, 92, SAYS_LEFT, size)


def _comparison(t: float) -> str:
    """Three things the customer may compare with; the third is the one."""
    parts = []
    things = (icons.coin(), icons.calendar(3), icons.papers())
    for index, (start, thing) in enumerate(zip((26.8, 28.0, 29.4), things, strict=True)):
        size = pop(t, start) * (1 - ramp(t, 31.2, 0.4))
        disc = dot(0, 0, 40, "#ffffff")
        parts.append(group(disc, thing, x=222 + 98 * index, y=84, scale=max(size, 0.001)))
    return "".join(parts)


def _counting(t: float) -> str:
    """Hours of paper become coins beside the quote."""
    if t < 36.4:
        return ""
    hands = 1.4 * ramp(t, 36.8, 3.2)
    hour = props.bubble(icons.clock(hands), 320, 96, (320, 168), pop(t, 36.4), 96, 82)
    piles = "".join(
        group(icons.coins(max(0, min(5, int((t - 37.2 - 0.3 * n) * 4)))), x=404 + 44 * n, y=292)
        for n in range(2)
    )
    return hour + piles


def _spoken(t: float) -> str:
    """What the two say."""
    doubt = pop(t, 4.8) * (1 - ramp(t, 8.1, 0.4))
    ask = pop(t, 18.2) * (1 - ramp(t, 26.2, 0.4))
    late = pop(t, 31.6) * (1 - ramp(t, 36.0, 0.4))
    night = group(icons.papers(), x=-30) + group(icons.moon(), x=32)
    return (
        props.bubble(icons.tag(), 338, 96, SAYS_RIGHT, doubt)
        + props.bubble(icons.question(), 302, 96, SAYS_LEFT, ask, 104)
        + props.bubble(night, 322, 96, SAYS_RIGHT, late, 150)
    )


def draw(t: float) -> str:
    """Draw the clip at a moment."""
    slide = ramp(t, 0.8, 0.9)
    sheet = group(
        props.quote_sheet(ramp(t, 2.0, 0.5)),
        x=mix(176, 268, slide),
        y=mix(296, 274, slide),
        turn=mix(-16, -6, slide),
    )
    return "".join((
        places.meeting_room(), _HEAD.draw(t), _REP.draw(t), props.desk(), sheet,
        props.cup(110, 264), props.cup(510, 264), _spoken(t), _discount(t), _comparison(t),
        _counting(t),
    ))  # fmt: skip
