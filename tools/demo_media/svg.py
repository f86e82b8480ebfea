"""Small SVG vocabulary: shapes as strings, and the easing that moves them."""

from __future__ import annotations

import math

WIDTH, HEIGHT = 640, 360


def num(value: float) -> str:
    """Write a number with at most one decimal, so that equal frames are equal strings."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def group(
    *parts: str, x: float = 0, y: float = 0, scale: float = 1, turn: float = 0, alpha: float = 1
) -> str:
    """Place parts: moved to (x, y), then turned by degrees and scaled; nothing if invisible."""
    if alpha <= 0.01:
        return ""
    moves = []
    if x or y:
        moves.append(f"translate({num(x)} {num(y)})")
    if turn:
        moves.append(f"rotate({num(turn)})")
    if scale != 1:
        moves.append(f"scale({scale:.3f})")
    transform = f' transform="{" ".join(moves)}"' if moves else ""
    opacity = f' opacity="{alpha:.2f}"' if alpha < 0.995 else ""
    return f"<g{transform}{opacity}>{''.join(parts)}</g>"


def rect(x: float, y: float, width: float, height: float, fill: str, radius: float = 0) -> str:
    """Draw a rectangle; with a radius its corners are round."""
    round_ = f' rx="{num(radius)}"' if radius else ""
    return (
        f'<rect x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}"'
        f'{round_} fill="{fill}"/>'
    )


def dot(x: float, y: float, radius: float, fill: str) -> str:
    """Draw a filled circle."""
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(radius)}" fill="{fill}"/>'


def shape(d: str, fill: str) -> str:
    """Draw a filled path."""
    return f'<path d="{d}" fill="{fill}"/>'


def stroke(d: str, colour: str, width: float, fill: str = "none") -> str:
    """Draw a line of round ends and joints, the only kind of line in our drawings."""
    return (
        f'<path d="{d}" fill="{fill}" stroke="{colour}" stroke-width="{num(width)}"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )


def document(body: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Wrap a drawing as a complete SVG document of the given size."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}">{body}</svg>'
    )


def clamp(value: float) -> float:
    """Hold a value between 0 and 1."""
    return min(1.0, max(0.0, value))


def ease(k: float) -> float:
    """Start and end softly (smoothstep) between 0 and 1."""
    k = clamp(k)
    return k * k * (3 - 2 * k)


def ramp(t: float, start: float, seconds: float = 0.6) -> float:
    """Rise softly from 0 to 1, beginning at `start`."""
    return ease((t - start) / seconds)


def window(t: float, start: float, end: float, seconds: float = 0.45) -> float:
    """Be 1 between start and end, with soft edges inside of both."""
    return min(ramp(t, start, seconds), 1 - ramp(t, end - seconds, seconds))


def pop(t: float, start: float, seconds: float = 0.5) -> float:
    """Grow from 0 to 1 with one small overshoot, as something that lands."""
    k = clamp((t - start) / seconds)
    if k in (0.0, 1.0):
        return k
    return 1 + 2.2 * (k - 1) ** 3 + 1.2 * (k - 1) ** 2


def mix(a: float, b: float, k: float) -> float:
    """Go from a to b."""
    return a + (b - a) * k


def sway(t: float, period: float, size: float) -> float:
    """Swing softly around 0."""
    return size * math.sin(2 * math.pi * t / period)
