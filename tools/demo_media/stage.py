"""Staging: actors whose mood follows a timeline, and scenes that dissolve into one another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tools.demo_media.cast import LOOKS
from tools.demo_media.people import CALM, Mood, between, blinking, bust, talking
from tools.demo_media.svg import dot, group, pop, ramp

# Two people at one table: where each sits, and where each one's words come from.
LEFT, RIGHT = (34, 60), (394, 56)
SAYS_LEFT, SAYS_RIGHT = (206, 156), (438, 152)
Draw = Callable[[float], str]


def seed(key: str) -> int:
    """Return a small number of one's own, so that no two people blink together."""
    return sum(map(ord, key)) % 17


@dataclass(frozen=True)
class Actor:
    """A person on stage: where they sit, and when they feel and say what (clip seconds)."""

    key: str
    at: tuple[float, float]
    scale: float = 2.15
    moods: tuple[tuple[float, Mood], ...] = ((0.0, CALM),)
    talks: tuple[tuple[float, float], ...] = ()
    faces: float = 0

    def mood(self, t: float) -> Mood:
        """Return what the face does at a moment."""
        mood = self.moods[0][1]
        for start, following in self.moods[1:]:
            mood = between(mood, following, ramp(t, start, 0.4))
        speaking = any(start <= t < end for start, end in self.talks)
        mood = replace(mood, look_x=mood.look_x + self.faces)
        return blinking(talking(mood, t, speaking), t, seed(self.key))

    def draw(self, t: float, dx: float = 0, dy: float = 0, alpha: float = 1) -> str:
        """Draw the person at a moment, moved by (dx, dy)."""
        person = bust(LOOKS[self.key], self.mood(t))
        return group(person, x=self.at[0] + dx, y=self.at[1] + dy, scale=self.scale, alpha=alpha)


def medal(
    key: str, mood: Mood, t: float, x: float, y: float, radius: float, ground: str, size: float = 1
) -> str:  # fmt: skip
    """Draw a person in a disc, as on a profile, growing with `size`."""
    if size <= 0.02:
        return ""
    clip = f"m{key}{round(x)}"
    scale = radius / 46
    person = group(
        bust(LOOKS[key], blinking(mood, t, seed(key))), x=-48 * scale, y=-49 * scale, scale=scale
    )
    disc = dot(0, 0, radius, ground)
    hole = f'<clipPath id="{clip}"><circle cx="0" cy="0" r="{radius}"/></clipPath>'
    return group(hole, disc, f'<g clip-path="url(#{clip})">{person}</g>', x=x, y=y, scale=size)


def fades(t: float, start: float, end: float) -> float:
    """Return the size of something that pops up at start and has gone at end."""
    return pop(t, start) * (1 - ramp(t, end - 0.4, 0.4))


def dissolve(t: float, scenes: tuple[tuple[float, Draw], ...], seconds: float = 0.6) -> str:
    """Draw the scene that is on at a moment; each covers the one before within `seconds`."""
    current = 0
    for index, (start, _) in enumerate(scenes):
        if t >= start:
            current = index
    start, draw = scenes[current]
    k = ramp(t, start, seconds)
    if current == 0 or k >= 1:
        return draw(t)
    return scenes[current - 1][1](t) + group(draw(t), alpha=k)
