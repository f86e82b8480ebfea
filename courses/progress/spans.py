"""Stretches of a video that were really played: merged, so that watching twice counts once. Pure."""

from collections.abc import Iterable

Span = tuple[int, int]

GAP_MS = 400
"""Stretches this close together are one: players report in coarse steps."""


def merge(spans: Iterable[Span]) -> list[Span]:
    """Return the union of these stretches (milliseconds, from < to), sorted and without overlaps."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if merged and start <= merged[-1][1] + GAP_MS:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def total(spans: Iterable[Span]) -> int:
    """Return how many milliseconds these stretches (without overlaps) hold."""
    return sum(end - start for start, end in spans)
