"""People as busts: one construction, varied by looks, moved by mood."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tools.demo_media import clothes, hair
from tools.demo_media.svg import dot, group, mix, num, shape, stroke

INK = "#3a2c26"

_JAWS = {
    "oval": "M30 36c0-12 8-19 18-19s18 7 18 19v8c0 12-9 20.5-18 20.5S30 56 30 44Z",
    "round": "M29.5 37c0-12 8.5-19.5 18.5-19.5S66.5 25 66.5 37v7.5c0 11.5-8.5 19.5-18.5 19.5"
    "S29.5 56 29.5 44.5Z",
    "slim": "M30.5 36c0-12 7.5-19 17.5-19s17.5 7 17.5 19v8c0 11-7.5 21.5-17.5 21.5"
    "S30.5 55 30.5 44Z",
    "square": "M30 36c0-12 8-19 18-19s18 7 18 19v11c0 10.5-8 17.5-18 17.5S30 57.5 30 47Z",
}


@dataclass(frozen=True)
class Look:
    """What stays the same about a person: the drawing's ingredients, all colours as hex."""

    hair: str
    hair_colour: str
    skin: str = "#f2c9a5"
    shade: str = "#e2b08a"
    jaw: str = "oval"
    wear: str = "suit"
    cloth: str = "#2f6d8f"
    accent: str = "#ffffff"
    extras: tuple[str, ...] = field(default=())
    brow: str = INK


@dataclass(frozen=True)
class Mood:
    """What a face does right now; every number may lie between two moods."""

    brow_left: float = 0
    brow_right: float = 0
    knit: float = 0
    eye: float = 1
    smile_eyes: float = 0
    curve: float = 0.55
    mouth: float = 0
    teeth: float = 0
    look_x: float = 0
    look_y: float = 0
    tilt: float = 0


CALM = Mood()
SMILE = Mood(brow_left=0.6, brow_right=0.6, smile_eyes=1, curve=1, mouth=1, teeth=1)
WARM = Mood(brow_left=0.4, brow_right=0.4, curve=1)
OPEN = Mood(brow_left=1.5, brow_right=1.8, curve=0.9)
DOUBT = Mood(brow_left=-0.3, brow_right=1.4, knit=0.7, curve=-0.5)
GUARD = Mood(brow_left=-0.8, brow_right=-0.8, knit=0.8, eye=0.75, curve=-0.35)
TIRED = Mood(brow_left=0.5, brow_right=0.5, knit=-0.9, eye=0.5, curve=-0.25, look_y=1)
WORRY = Mood(brow_left=0.8, brow_right=0.8, knit=-1.3, curve=-0.45)
CROSS = Mood(brow_left=-1.5, brow_right=-1.5, knit=1.5, eye=0.85, curve=-0.8)
THINK = Mood(brow_left=0.4, brow_right=1.0, knit=0.2, curve=-0.1, look_x=1.6, look_y=-1.5)
FOCUS = Mood(brow_left=-0.2, brow_right=-0.2, eye=0.65, curve=0.25, look_y=2)
SURPRISE = Mood(brow_left=2.4, brow_right=2.4, eye=1.2, curve=0.2, mouth=0.5)


def between(a: Mood, b: Mood, k: float) -> Mood:
    """Return the mood on the way from a (k = 0) to b (k = 1)."""
    return Mood(**{name: mix(getattr(a, name), getattr(b, name), k) for name in vars(a)})


def talking(mood: Mood, t: float, on: bool = True) -> Mood:
    """Let the mouth speak: a new shape seven times a second, the head going with it a little."""
    if not on:
        return mood
    step = int(t * 7)
    opening = (0.35, 0.8, 0.5, 0.95, 0.3, 0.65, 0.85)[step % 7]
    nod = (0.0, 0.8, 1.2, 0.4, -0.5)[int(t * 2.5) % 5]
    return replace(mood, mouth=opening, teeth=0, smile_eyes=0, tilt=mood.tilt + nod)


def blinking(mood: Mood, t: float, seed: int) -> Mood:
    """Close the eyes for a moment every few seconds, each person at another time."""
    phase = (t + seed * 1.37) % (3.6 + seed % 3 * 0.7)
    return replace(mood, eye=0.05) if phase < 0.14 else mood


def _brows(look: Look, mood: Mood) -> str:
    left, right, knit = -mood.brow_left, -mood.brow_right, mood.knit
    return stroke(
        f"M37 {num(37 + left - knit * 0.6)}q3.5 -1.8 7 {num(knit * 1.5)}"
        f"M52 {num(37 + right + knit * 0.9)}q3.5 -1.8 7 {num(-knit * 1.5)}",
        look.brow,
        1.8,
    )


def _eyes(mood: Mood) -> str:
    if mood.smile_eyes > 0.5:
        return stroke("M38 43.5q2.5-3 5 0M53 43.5q2.5-3 5 0", INK, 2)
    if mood.eye < 0.25:
        return stroke("M38.5 43.3q2 .9 4 0M53.5 43.3q2 .9 4 0", INK, 1.8)
    ry = num(2.5 * mood.eye)
    return (
        f'<ellipse cx="40.5" cy="43" rx="2" ry="{ry}" fill="{INK}"/>'
        f'<ellipse cx="55.5" cy="43" rx="2" ry="{ry}" fill="{INK}"/>'
    )


def _mouth(mood: Mood, line: str) -> str:
    if mood.teeth > 0.5:
        return (
            f'<path d="M41.5 53.5q6.5 {num(7 * mood.teeth)} 13 0Z" fill="#fff" stroke="{INK}"'
            ' stroke-width="1.6" stroke-linejoin="round"/>'
        )
    if mood.mouth > 0.12:
        drop = 3 + 6.5 * mood.mouth
        return (
            f'<path d="M43.5 53.8q4.5 {num(-1.2 * (1 - mood.curve))} 9 0q-4.5 {num(drop)} -9 0Z"'
            ' fill="#9a483e" stroke="#5d3029" stroke-width="1.2" stroke-linejoin="round"/>'
        )
    y = 54.6 - 0.9 * mood.curve
    return stroke(f"M43 {num(y)}q5 {num(4.6 * mood.curve)} 10 0", line, 1.8)


def _features(look: Look, mood: Mood) -> str:
    parts = [_brows(look, mood), _eyes(mood)]
    parts.append(stroke("M48.5 45.5q1.5 3.5-1 4", look.shade, 1.8))
    if "beard" in look.extras:
        parts.append(
            shape(
                "M34.5 50c2 8 6 13 13.5 13S59.5 58 61.5 50c-3 2.5-6 3-8 1-3-1.5"
                "-8-1.5-11 0-2 2-5 1.5-8-1Z",
                look.hair_colour,
            )
        )
    parts.append(_mouth(mood, "#f0d2b4" if "beard" in look.extras else INK))
    if "moustache" in look.extras:
        parts.append(stroke("M42.5 52.2q3-1.6 5.5-.2 2.5-1.4 5.5.2", look.hair_colour, 2))
    if "lines" in look.extras:
        parts.append(stroke("M38.5 52q-1 2.5.5 4.5M57.5 52q1 2.5-.5 4.5", look.shade, 1.3))
    if "mole" in look.extras:
        parts.append(dot(56.5, 51.5, 0.8, INK))
    if "freckles" in look.extras:
        parts += [
            dot(x, y, 0.6, look.shade) for x, y in ((36, 47), (38.5, 48.5), (58, 48.5), (60.5, 47))
        ]
    parts.append(clothes.glasses(look.extras))
    return "".join(parts)


def _head(look: Look, mood: Mood) -> str:
    turn = mood.look_x
    inner = [
        dot(29.5, 43, 4.2, look.shade),
        dot(66.5, 43, 4.2, look.shade),
        shape(_JAWS[look.jaw], look.skin),
        group(
            f'<g opacity=".28">{dot(37, 49, 3.6, "#e58f6f")}{dot(59, 49, 3.6, "#e58f6f")}</g>',
            x=turn * 0.6,
        ),
        clothes.earrings(look.extras),
        hair.front(look.hair, look.hair_colour),
        group(_features(look, mood), x=turn, y=mood.look_y * 0.7),
        clothes.headgear(look.extras, look.cloth),
    ]
    return "".join(inner)


def _turned(part: str, degrees: float) -> str:
    """Turn about the neck, so that a tilted head stays on its shoulders."""
    if abs(degrees) < 0.05:
        return part
    return f'<g transform="rotate({num(degrees)} 48 62)">{part}</g>'


def bust(look: Look, mood: Mood = CALM) -> str:
    """Draw a person from the chest up in a 96 x 96 square."""
    return (
        _turned(hair.back(look.hair, look.hair_colour), mood.tilt)
        + clothes.body(look.wear, look.cloth, look.accent, look.shade)
        + _turned(_head(look, mood), mood.tilt)
        + clothes.lanyard(look.extras)
    )
