"""お客様の声: Ms Kimura's evenings, before and after."""

from __future__ import annotations

from tools.demo_media import icons, places, props
from tools.demo_media.captions import Cue
from tools.demo_media.cast import LOOKS
from tools.demo_media.people import CALM, FOCUS, OPEN, SMILE, THINK, TIRED, WARM
from tools.demo_media.stage import LEFT, RIGHT, SAYS_LEFT, SAYS_RIGHT, Actor, dissolve, fades
from tools.demo_media.svg import clamp, dot, group, mix, pop, ramp, rect, shape, stroke, sway

SECONDS, SONG, POSTER = 50.0, "quiet", 8.4

CUES = (
    Cue(0.6, 4.8, "ひがし野ビル管理の、木村さん。", "Ms Kimura, of Higashino|Building Care."),
    Cue(
        5.2,
        9.6,
        "現場から戻ると、|点検表の清書が待っていました。",
        "Back from the site, there were|always sheets to copy out.",
    ),
    Cue(10.0, 13.8, "毎晩、1時間の残業でした。", "An hour of overtime, every night."),
    Cue(
        14.4,
        19.6,
        "「高いと思いました。でも、|何と比べてと聞かれて、手が止まって」",
        "“It seemed expensive. Then I was asked:|compared with what? And I stopped.”",
    ),
    Cue(
        20.0,
        24.4,
        "「残業代とは、|比べていなかったんです」",
        "“I had never compared it|with our overtime.”",
    ),
    Cue(24.8, 29.2, "まず1棟だけで、始めました。", "They began with one building."),
    Cue(
        29.6,
        34.2,
        "「最初の2週間は、正直たいへんで」",
        "“The first two weeks|were hard, honestly.”",
    ),
    Cue(
        34.8,
        39.4,
        "それでも、月22時間の残業が|4時間になりました。",
        "Still, 22 hours of overtime|a month became four.",
    ),
    Cue(39.8, 44.4, "「いまは、明るいうちに帰れます」", "“Now I go home|while it’s still light.”"),
    Cue(
        45.0,
        49.2,
        "数字のうしろに、|ひとりの夕方があります。",
        "Behind the figure|is one person’s evening.",
    ),
)

_KIMURA = Actor("kimura", (216, 56), 2.2, ((0, CALM), (4.8, FOCUS), (9.8, TIRED)))
_TELLING = Actor(
    "kimura", RIGHT, 2.15,
    moods=((0, CALM), (16.6, THINK), (20.2, OPEN), (23.0, WARM)),
    talks=((14.8, 16.4), (20.4, 23.2)), faces=-2.2,
)  # fmt: skip
_REP = Actor(
    "takahashi", LEFT, moods=((0, CALM), (16, OPEN), (18.4, WARM)), talks=((16.6, 17.9),), faces=2.2
)
_NIGHTS = 22


def _evening(t: float) -> str:
    """The office window grows dark while she copies sheets."""
    dark = ramp(t, 4.6, 2.0)
    room = places.back_office("#3a5263", "#1f3644", "#2d485a", "#4d687a")
    night = group(room, group(icons.moon(), x=536, y=72), alpha=dark)
    table = group(rect(0, 262, 640, 98, "#1d3a4d"), alpha=0.3 * dark)
    clock = group(icons.clock(3.0 * ramp(t, 3.0, 10.0)), x=210, y=70, scale=1.05)
    look = LOOKS["kimura"]
    beat = int(t * 5) / 5
    hand = props.arm(
        392, 272, 352 + 12 * ((beat * 0.8) % 1), 296 + sway(beat, 0.8, 2), look.cloth, look.skin
    )
    sheet = group(props.check_sheet(96, 70, clamp((t - 5) / 8)), x=284, y=272, turn=-2)
    left = props.stack(462, 322, 8 - int(clamp((t - 5) / 8) * 3), 104)
    done = props.stack(96, 322, 2 + int(clamp((t - 5) / 8) * 3), 104)
    return "".join((
        places.back_office(), night, clock,
        props.lamp(322, 16, 0.3 * dark), _KIMURA.draw(t), props.desk(262), table, left, done,
        sheet, hand,
    ))  # fmt: skip


def _asked(t: float) -> str:
    """One question, and what she had not put on the scales."""
    ask = props.bubble(icons.question(), 300, 92, SAYS_LEFT, fades(t, 16.4, 19.8), 96)
    tag = props.bubble(icons.tag(), 330, 92, SAYS_RIGHT, fades(t, 14.6, 16.6), 100)
    tilt = mix(0, 12, ramp(t, 21.6, 1.0))
    scales = group(icons.balance(tilt), scale=1.5)
    weight = group(icons.moon(), x=41, y=20 + tilt * 0.6, scale=0.62)
    price = group(icons.tag(), x=-40, y=22 - tilt * 0.6, scale=0.55)
    seen = props.thought(scales + weight + price, 312, 104, SAYS_RIGHT, pop(t, 20.2))
    return "".join(
        (
            places.meeting_room(places.LEAF),
            _TELLING.draw(t),
            _REP.draw(t),
            props.desk(),
            props.cup(112, 264),
            props.cup(508, 264),
            tag,
            ask,
            seen,
        )
    )


def _one_building(t: float) -> str:
    """Three buildings; one begins."""
    parts = [rect(0, 0, 640, 360, "#e6eff0"), shape("M0 262h640v98H0Z", "#c9d8cd")]
    for n, (x, tall) in enumerate(((150, 150), (320, 190), (490, 130))):
        on = n == 1 and t > 26.0
        colour = props.AI if on else "#a9bcc6"
        parts.append(rect(x - 56, 262 - tall, 112, tall, colour, 4))
        parts += [
            rect(
                x - 40 + 32 * (i % 3),
                280 - tall + 36 * (i // 3),
                18,
                18,
                "#f5d99a" if on else "#c4d2d9",
                2,
            )
            for i in range(3 * int((tall - 30) / 36))
        ]
    parts.append(group(icons.check(), x=376, y=82, scale=max(0.01, pop(t, 26.4)) * 1.1))
    return "".join(parts)


def _two_weeks(t: float) -> str:
    """Paper and tablet side by side: honest effort, day by day."""
    mate = Actor("kimura", (96, 56), 2.2, ((0, TIRED), (32.8, WARM)), ((29.9, 31.6),), 1.4)
    senior = Actor("veteran", (336, 58), 2.1, ((0, THINK), (32.4, WARM)), (), -1.4)
    days = group(icons.calendar(min(6, int(max(0.0, t - 30) * 1.8))), x=322, y=74, scale=1.15)
    paper = group(props.check_sheet(84, 74, 1), x=208, y=268, turn=-4)
    device = group(props.tablet(props.check_screen((t - 30) / 4)), x=312, y=264)
    return "".join(
        (places.back_office(), senior.draw(t), mate.draw(t), days, props.desk(), paper, device)
    )


def _nights(t: float) -> str:
    """Twenty-two moons; eighteen of them go out."""
    parts = [rect(0, 0, 640, 360, "#2c4a5c")]
    day = ramp(t, 36.0, 2.6)
    parts.append(group(rect(0, 0, 640, 360, "#5b7f93"), alpha=day))
    for n in range(_NIGHTS):
        x, y = 85.0 + 47 * (n % 11), 118 + 76 * (n // 11)
        gone = 0.0 if n < 4 else ramp(t, 36.0 + 0.11 * (_NIGHTS - n), 0.5)
        parts.append(dot(x, y, 5, "#7b9bad") if gone > 0.5 else "")
        parts.append(group(icons.moon(), x=x, y=y, scale=1 - gone, alpha=1 - gone))
    return "".join(parts)


def _homeward(t: float) -> str:
    """She walks home in the evening light."""
    k = (t - 39.6) / 10
    walk = abs(sway(t, 1.0, 4))
    mate = Actor("kimura", (mix(40, 300, clamp(k)), 108), 1.8, ((0, WARM), (42, SMILE)), faces=2)
    sun = dot(500, 170, 62, "#f2a65e") + dot(500, 170, 86, "#f7c48c55")
    hills = shape("M0 214q90-56 190-18t200-20 250 10v90H0Z", "#c9a08a")
    town = "".join(
        rect(20 + 70 * n, 172 - (n * 31 % 46), 48, 90 + (n * 31 % 46), "#b98a78", 2)
        for n in range(9)
        if n not in (6, 7)
    )
    lane = rect(0, 262, 640, 98, "#8c7568") + stroke("M0 268H640", "#a58c7c", 8)
    rail = "".join(stroke(f"M{20 + 60 * n} 262v46", "#6f5b51", 6) for n in range(11))
    return "".join(
        (
            rect(0, 0, 640, 360, "#f8d9b0"),
            sun,
            hills,
            town,
            mate.draw(t, dy=-walk),
            lane,
            rail,
            stroke("M-10 278H650", "#6f5b51", 6),
        )
    )


def draw(t: float) -> str:
    """Draw the clip at a moment."""
    return dissolve(
        t,
        (
            (0, _evening),
            (14.0, _asked),
            (24.5, _one_building),
            (29.3, _two_weeks),
            (34.4, _nights),
            (39.5, _homeward),
        ),
    )
