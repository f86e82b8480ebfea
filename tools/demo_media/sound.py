"""The bed of sound under a clip: slow soft chords and a few plucked notes, made of sines."""

from __future__ import annotations

import math
import sys
import wave
from array import array
from functools import cache
from pathlib import Path

RATE = 32_000
CHORD_SECONDS = 4
LEVEL = 0.16

# Each song: its root (Hz), and chords as semitones above it.
SONGS: dict[str, tuple[float, tuple[tuple[int, ...], ...]]] = {
    "morning": (196.0, ((0, 4, 7, 14), (-3, 4, 7, 12), (5, 9, 12, 16), (-5, 2, 7, 11))),
    "quiet": (174.6, ((0, 7, 11, 16), (-3, 4, 7, 11), (5, 9, 12, 19), (0, 4, 7, 14))),
    "evening": (164.8, ((0, 3, 7, 10), (-4, 3, 8, 12), (3, 7, 10, 15), (-2, 5, 10, 14))),
    "steps": (185.0, ((0, 4, 9, 14), (2, 5, 9, 14), (-5, 2, 7, 11), (0, 4, 7, 12))),
}
# When in a chord a note of it is plucked, and which.
_PLUCKS = ((0.0, 2), (1.5, 1), (2.5, 3))


@cache
def _tone(frequency: float, seconds: float, attack: float, fade: float) -> array[float]:
    """Return a note with two overtones that rises within `attack` and dies away by `fade`."""
    step = 2 * math.pi * frequency / RATE
    samples = array("d")
    for index in range(int(seconds * RATE)):
        angle, time = step * index, index / RATE
        body = math.sin(angle) + 0.22 * math.sin(2 * angle) + 0.06 * math.sin(3 * angle)
        samples.append(body * min(1.0, time / attack) ** 2 * math.exp(-time / fade))
    return samples


def _add(out: array[float], start: float, tone: array[float], volume: float) -> None:
    first = int(start * RATE)
    for index, sample in enumerate(tone[: max(0, len(out) - first)], start=first):
        out[index] += sample * volume


def bed(song: str, seconds: float) -> array[float]:
    """Return `seconds` of a song as mono samples between -1 and 1, faded in and out."""
    root, chords = SONGS[song]
    out = array("d", bytes(8 * int(seconds * RATE)))
    for index in range(math.ceil(seconds / CHORD_SECONDS)):
        start = index * CHORD_SECONDS
        pitches = [root * 2 ** (note / 12) for note in chords[index % len(chords)]]
        for pitch in pitches:
            _add(out, start, _tone(pitch, CHORD_SECONDS + 2, 1.2, 3.2), 0.3)
        for offset, note in _PLUCKS:
            _add(out, start + offset, _tone(2 * pitches[note], 2, 0.012, 0.55), 0.2)
    loudest = max(map(abs, out))
    for index, sample in enumerate(out):
        time = index / RATE
        edge = min(1.0, time, (seconds - time) / 2)
        out[index] = sample / loudest * LEVEL * edge
    return out


def write_wave(path: Path, samples: array[float]) -> None:
    """Write samples as a 16-bit mono wave file."""
    whole = array("h", (round(sample * 32767) for sample in samples))
    if sys.byteorder == "big":
        whole.byteswap()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(whole.tobytes())
