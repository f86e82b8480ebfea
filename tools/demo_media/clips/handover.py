"""引き継ぎ: four things to pass on, so that the talk goes on where it stopped."""

from __future__ import annotations

from tools.demo_media import icons, places, props
from tools.demo_media.captions import Cue
from tools.demo_media.people import CALM, GUARD, OPEN, SMILE, WARM, WORRY
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
from tools.demo_media.svg import dot, group, mix, pop, ramp, rect, shape, stroke

SECONDS, SONG, POSTER = 44.0, "steps", 31.6

CUES = (
    Cue(
        0.6,
        4.6,
        "見込みのお客様を、|仲間につなぐ場面です。",
        "You’re passing a lead|to a colleague.",
    ),
    Cue(5.0, 8.8, "名前と電話番号だけを渡すと…", "Hand over just a name|and a number…"),
    Cue(9.2, 13.2, "「また、いちから話すんですか」", "“Do I have to tell it all again?”"),
    Cue(13.8, 17.2, "渡すのは、4つです。", "Pass on four things."),
    Cue(17.6, 21.2, "困りごとを、お客様の言葉のまま。", "The problem, in their own words."),
    Cue(21.6, 25.0, "どのくらい、急いでいるか。", "How urgent it is for them."),
    Cue(25.4, 29.0, "だれが決めて、何が心配か。", "Who decides,|and what worries them."),
    Cue(29.4, 33.2, "そして、期待していただいたこと。", "And what they’ve been|led to expect."),
    Cue(33.8, 37.8, "「森田さんから、うかがっています」", "“Ms Morita has told me.”"),
    Cue(
        38.2,
        43.2,
        "話が、続きから始まります。|結果は、3日以内に戻ってきます。",
        "The talk goes on where it stopped.|In three days, you hear how it went.",
    ),
)

_SPOTS = ((236.0, 150.0), (300.0, 150.0), (364.0, 150.0), (428.0, 150.0))
_CUSTOMER = Actor(
    "uehara", RIGHT, 2.15,
    moods=((0, CALM), (8.9, WORRY), (11.2, GUARD), (33.6, CALM), (36.0, OPEN), (38.6, SMILE)),
    talks=((9.4, 12.4), (38.8, 40.4)), faces=-2.2,
)  # fmt: skip
_SELLER = Actor(
    "kondo", LEFT,
    moods=((0, CALM), (8.6, OPEN), (9.4, WORRY), (33.6, OPEN), (38, WARM), (40.6, SMILE)),
    talks=((34.2, 37.0),), faces=2.2,
)  # fmt: skip


def name_card() -> str:
    """Draw a visiting card."""
    return (
        rect(-34, -21, 68, 42, "#fffdf8", 4)
        + rect(-26, -12, 26, 6, props.AI, 3)
        + stroke("M-24 4h36M-24 12h24", props.LINE, 4)
    )


def promise() -> str:
    """Draw what was led to be expected: a tablet with a spark."""
    spark = shape("M0-13 3-3 13 0 3 3 0 13-3 3-13 0-3-3Z", props.KAKI)
    return group(props.tablet(group(spark, x=57, y=38, scale=1.7)), x=-29, y=-21, scale=0.45)


def who_decides() -> str:
    """Draw a person with a question."""
    return group(icons.person(), x=-12, scale=0.9) + group(icons.question(), x=21, y=-4, scale=0.6)


def own_words() -> str:
    """Draw quotation marks in a small bubble."""
    mark = "c-7 2-10 7-10 13a6 6 0 1 0 6-6c0-3 2-5 5-6Z"
    return (
        rect(-27, -24, 54, 40, props.AI, 13)
        + shape("M-15 10v15l15-12Z", props.AI)
        + shape(f"M-2-15{mark}M15-15{mark}", "#fff")
    )


def _relay(t: float, ends: float) -> str:
    """Draw the two colleagues and the thread between them."""
    line = props.thread([(140, 150), (500, 150)], ends, "#8fb2c4")
    left = medal("morita", WARM if t < 13 else SMILE, t, 96, 150, 64, "#e6e0ef", pop(t, 0.3))
    right = medal("kondo", CALM if t < 17 else WARM, t, 544, 150, 64, "#efe6d2", pop(t, 0.7))
    ground = rect(0, 0, 640, 360, "#f3efe6") + rect(0, 292, 640, 68, "#e6dfd0")
    return ground + line + left + right


def _opening(t: float) -> str:
    """The thread reaches the colleague; only a card travels on it."""
    k = ramp(t, 5.2, 2.6)
    card = group(
        name_card(),
        x=mix(190, 452, k),
        y=150,
        turn=mix(-8, 6, k),
        scale=max(0.01, pop(t, 4.9)) * 1.1,
    )
    return _relay(t, ramp(t, 1.2, 2.0)) + card


def _again(t: float) -> str:
    """The customer has to begin anew."""
    piles = group(icons.papers(), x=-30) + group(icons.clock(t), x=32)
    sigh = props.bubble(piles, 320, 94, SAYS_RIGHT, fades(t, 9.2, 13.6), 150)
    card = group(name_card(), x=210, y=296, turn=-5, scale=1.1)
    return "".join(
        (
            places.back_office(),
            _CUSTOMER.draw(t),
            _SELLER.draw(t),
            props.desk(),
            props.cup(508, 264),
            card,
            sigh,
        )
    )


def _four(t: float) -> str:
    """The four things appear as stations of the thread."""
    scene = _relay(t, 1)
    things = (own_words(), icons.clock(0.9, 0.25), who_decides(), promise())
    parts = []
    for n, (start, thing) in enumerate(zip((17.4, 21.4, 25.2, 29.2), things, strict=True)):
        x, y = _SPOTS[n]
        now = start <= t < start + 4.0
        state = 0 if t < start else 1 if now else 2
        lift = -64 if n % 2 == 0 else 64
        disc = dot(0, 0, 40, "#ffffff") + thing
        parts.append(props.knot(x, y, state, 11))
        parts.append(group(disc, x=x, y=y + lift, scale=max(0.01, pop(t, start)) * (1.0)))
    return scene + "".join(parts)


def _goes_on(t: float) -> str:
    """The talk goes on, and word comes back to the one who opened the door."""
    four = "".join(
        group(dot(0, 0, 24, "#ffffff"), group(thing, scale=0.56), x=232 + 58 * n, y=300)
        for n, thing in enumerate((own_words(), icons.clock(0.9, 0.25), who_decides(), promise()))
    )
    knows = props.bubble(own_words(), 302, 94, SAYS_LEFT, fades(t, 34.0, 38.0), 104)
    glad = props.bubble(icons.check(), 330, 94, SAYS_RIGHT, fades(t, 38.4, 41.0), 96)
    return "".join(
        (places.back_office(), _CUSTOMER.draw(t), _SELLER.draw(t), props.desk(), four, knows, glad)
    )


def _returns(t: float) -> str:
    """The result travels home within three days."""
    k = ramp(t, 41.4, 1.2)
    days = group(icons.calendar(3), x=320, y=74, scale=max(0.01, pop(t, 41.2)) * 1.1)
    bead = group(icons.check(), x=mix(480, 162, k), y=150, scale=0.7)
    return _relay(t, 1) + days + bead


def draw(t: float) -> str:
    """Draw the clip at a moment."""
    return dissolve(
        t, ((0, _opening), (8.7, _again), (13.5, _four), (33.4, _goes_on), (40.9, _returns))
    )
