"""Captions: the words of a clip, timed once, written as WebVTT in each language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("ja", "en")


@dataclass(frozen=True)
class Cue:
    """One caption from start to end (seconds) in both languages; "|" breaks the line."""

    start: float
    end: float
    ja: str
    en: str


def _stamp(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"00:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def web_vtt(cues: tuple[Cue, ...], language: str) -> str:
    """Return the WebVTT text of the cues in a language ("ja" or "en")."""
    blocks = ["WEBVTT\n"]
    for cue in cues:
        words = getattr(cue, language).replace("|", "\n")
        blocks.append(f"{_stamp(cue.start)} --> {_stamp(cue.end)}\n{words}\n")
    return "\n".join(blocks)


def write_captions(folder: Path, key: str, cues: tuple[Cue, ...]) -> None:
    """Write `<key>.ja.vtt` and `<key>.en.vtt` into the folder."""
    for language in LANGUAGES:
        path = folder / f"{key}.{language}.vtt"
        path.write_text(web_vtt(cues, language), encoding="utf-8")
