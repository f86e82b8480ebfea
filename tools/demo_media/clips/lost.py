"""失敗事例: the person who would use it was never in the room."""

from __future__ import annotations

from tools.demo_media import icons, places, props
from tools.demo_media.captions import Cue
from tools.demo_media.people import CALM, FOCUS, OPEN, SMILE, TIRED, WARM, WORRY
from tools.demo_media.stage import LEFT, RIGHT, SAYS_LEFT, SAYS_RIGHT, Actor, dissolve, fades
from tools.demo_media.svg import dot, group, mix, pop, ramp, rect, shape, stroke, sway

SECONDS, SONG, POSTER = 47.0, "evening", 31.8

CUES = (
    Cue(0.6, 4.6, "説明会は、いい雰囲気でした。", "The presentation went well."),
    Cue(5.0, 9.0, "総務部長も、うなずいていました。", "The department head was nodding."),
    Cue(9.4, 13.4, "2週間後。「今回は、見送ります」", "Two weeks later:|“We’ll pass this time.”"),
    Cue(
        13.8,
        17.6,
        "価格だと思い、値引きを伝えました。",
        "We took it for price,|and offered a discount.",
    ),
    Cue(18.0, 21.8, "答えは、変わりませんでした。", "The answer stayed the same."),
    Cue(
        22.4,
        27.4,
        "あの部屋に、いなかった人がいます。|40年点検してきた、須田さんです。",
        "Someone wasn’t in that room:|Mr Suda, forty years an inspector.",
    ),
    Cue(28.0, 32.2, "「この年で、使えますかねえ」", "“At my age, will I manage it?”"),
    Cue(32.6, 36.4, "その心配を、|だれも聞いていませんでした。", "Nobody had asked about that."),
    Cue(
        36.8, 41.0, "次からは、提案の前に現場へ。", "Next time: the site first,|then the proposal."
    ),
    Cue(
        41.4,
        46.4,
        "いつもの紙と同じ並びで、|使う人の手で試してもらいます。",
        "Laid out like their own paper,|tried by the hands that will use it.",
    ),
)

_REP = Actor(
    "seller", LEFT,
    moods=((0, WARM), (5, SMILE), (9.2, CALM), (11.2, WORRY), (14, OPEN), (18.4, TIRED),
           (22, CALM), (36.6, WARM), (43.6, SMILE)),
    talks=((0.9, 4.0), (14.2, 16.8), (37.6, 39.8)), faces=2.2,
)  # fmt: skip
_HEAD = Actor("inoue", RIGHT, 2.15, ((0, CALM), (2.6, OPEN), (5.2, WARM)), faces=-2.2)
_SUDA = Actor(
    "suda", RIGHT, 2.2,
    moods=((0, CALM), (27.6, WORRY), (36.8, CALM), (41.2, FOCUS), (44.0, SMILE)),
    talks=((28.4, 31.4),), faces=-2.0,
)  # fmt: skip


def _chair(glow: float = 0) -> str:
    """Draw the empty chair at the table's far side; glowing when we notice it."""
    ring = group(
        '<circle r="66" fill="none" stroke="#ed7d45" stroke-width="5" stroke-dasharray="14 12"/>',
        x=320,
        y=206,
        alpha=glow,
    )
    return rect(284, 168, 72, 100, "#8fa9b5", 16) + rect(296, 180, 48, 60, "#a5bcc6", 10) + ring


def _meeting(t: float) -> str:
    """Everybody nods; the chair in the middle is empty."""
    nod = abs(sway(t, 1.7, 5)) if 5 < t < 9 else 0.0
    device = group(props.tablet(props.check_screen(ramp(t, 1.4, 3))), x=256, y=263)
    pitch = props.bubble(icons.phone(), 300, 92, SAYS_LEFT, fades(t, 1.2, 4.6), 96)
    good = props.bubble(icons.check(), 330, 92, SAYS_RIGHT, fades(t, 5.4, 9.2), 96)
    return "".join(
        (
            places.meeting_room().replace(props.plant(322, 226), ""),
            _chair(),
            _HEAD.draw(t, dy=nod),
            _REP.draw(t),
            props.desk(),
            device,
            pitch,
            good,
        )
    )


def _refusal(t: float) -> str:
    """At the desk, two weeks on: the thread comes apart."""
    rep = Actor("seller", (34, 60), 2.15, _REP.moods, _REP.talks, 1.0)
    line = props.thread([(250, 84), (600, 84)], 1 if t < 10.6 else 0.62, "#8fb2c4")
    loose = stroke("M498 84q18 2 24 18t18 20", "#8fb2c4", 6) if t > 10.6 else ""
    knots = "".join(
        group(
            props.knot(270 + 96 * n, 84, 2 if n < 3 else 0), alpha=1 if n < 3 or t < 10.6 else 0.35
        )
        for n in range(4)
    )
    call = group(
        icons.handset(),
        x=300,
        y=200,
        turn=sway(t, 0.3, 7) if t < 11 else 0,
        alpha=fades(t, 9.3, 13.8),
    )
    cut = icons.tag(ramp(t, 15.2, 0.5)) + group(icons.scissors(14), x=4, y=-34, turn=180, scale=0.6)
    offer = props.bubble(group(cut, y=12), 318, 180, SAYS_LEFT, fades(t, 14.0, 18.0), 112, 100)
    silent = props.bubble(icons.ellipsis(), 470, 190, (590, 232), fades(t, 18.4, 22.2), 104, 64)
    days = group(
        icons.calendar(min(6, int(max(0.0, t - 9.2) * 5))),
        x=196,
        y=60,
        scale=fades(t, 9.2, 13.8) + 0.01,
    )
    return "".join(
        (
            rect(0, 0, 640, 360, "#e3e8ea"),
            line,
            loose,
            knots,
            days,
            rep.draw(t),
            props.desk(),
            call,
            offer,
            silent,
        )
    )


def _missing(t: float) -> str:
    """Back to the room: the chair we did not see."""
    quiet = rect(0, 0, 640, 360, "#ccd8de")
    seen = ramp(t, 23.0, 0.6)
    empty = group(_chair(seen), x=-96, y=-40, scale=1.3)
    absent = shape("M14 98c0-20 15-30 34-30s34 10 34 30Z", "#b3c4cd") + dot(48, 42, 20, "#b3c4cd")
    figure = group(absent, x=214, y=56, scale=2.2, alpha=ramp(t, 23.8, 0.8))
    return quiet + empty + figure + props.desk()


def _site(t: float) -> str:
    """Mr Suda at his machines, with his question."""
    mate = Actor("suda", (226, 52), 2.35, _SUDA.moods, _SUDA.talks, 0)
    content = group(icons.phone(), x=-26) + group(icons.question(), x=30, scale=0.9)
    worry = props.bubble(content, 162, 96, (268, 156), fades(t, 28.0, 36.6), 132, 92)
    sheet = group(props.check_sheet(96, 124, 0.7, 1), x=284, y=274, scale=0.72, turn=-4)
    return places.machine_room() + mate.draw(t) + props.desk(268) + sheet + worry


def _trying(t: float) -> str:
    """The same rows on paper and on the tablet, ticked by his own hand."""
    done = max(0.0, (t - 42.2) / 2.6)
    paper = group(props.check_sheet(84, 70, 1), x=222, y=274, turn=-3)
    device = group(props.tablet(props.check_screen(done)), x=322, y=268)
    reach = ramp(t, 41.6, 0.6)
    row = 296 + 14 * min(3, int(done * 4))
    hand = props.arm(536, 272, mix(482, 362, reach), mix(298, row, reach), "#4f6c78", "#dfae82")
    ask = props.bubble(icons.paper(True), 306, 92, SAYS_LEFT, fades(t, 37.2, 41.2), 96)
    glad = props.bubble(icons.check(), 330, 92, SAYS_RIGHT, pop(t, 44.6), 96)
    return "".join(
        (
            places.machine_room(),
            _SUDA.draw(t),
            _REP.draw(t),
            props.desk(262),
            paper,
            device,
            hand,
            ask,
            glad,
        )
    )


def draw(t: float) -> str:
    """Draw the clip at a moment."""
    return dissolve(
        t, ((0, _meeting), (9.1, _refusal), (22.1, _missing), (25.4, _site), (36.5, _trying))
    )
