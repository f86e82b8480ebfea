"""Captions as rows that people edit: read with a message for each field, and written again. Pure functions."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.mediafiles import captions
from core.mediafiles.captions import Cue
from core.mediafiles.limits import CAPTION_CUES

TEXT = 500
"""The letters that one caption may have."""

_TIME = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?", re.ASCII)
_TYPED = (("<", "&lt;"), ("-->", "--&gt;"))


@dataclass(frozen=True)
class Row:
    """One caption as it was typed."""

    begins: str
    ends: str
    text: str
    settings: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not (self.begins.strip() or self.ends.strip() or self.text.strip())


@dataclass(frozen=True)
class Trouble:
    """What is to be mended in which field of which row (counted from 0); `code` as for MediaError."""

    row: int
    field: str
    code: str


def rows_of(webvtt: str) -> list[Row]:
    """Return captions that we made as rows to be edited."""
    return [
        Row(clock(cue.begins), clock(cue.ends), _typed(cue.text), cue.settings)
        for cue in captions.parse(webvtt)
    ]


def read(rows: Sequence[Row], duration_ms: int | None = None) -> tuple[list[Cue], list[Trouble]]:
    """Return the captions of these rows in the order of time, and all that is to be mended.

    Rows without a letter are left out. Captions stand within the video's `duration_ms`.
    """
    cues: list[Cue] = []
    troubles: list[Trouble] = []
    for number, row in enumerate(rows):
        if row.is_blank:
            continue
        found = _troubles(number, row, duration_ms)
        troubles += found
        if not found:
            begins, ends = milliseconds(row.begins) or 0, milliseconds(row.ends) or 0
            cues.append(Cue(begins, ends, _clean(row.text), captions.settings_of(row.settings)))
    if len(rows) > CAPTION_CUES:
        troubles.append(Trouble(CAPTION_CUES, "text", "cues_many"))
    return sorted(cues, key=lambda cue: (cue.begins, cue.ends)), troubles


def srt(cues: Iterable[Cue]) -> str:
    """Return captions as SRT, for other programs."""
    blocks = []
    for number, cue in enumerate(cues, start=1):
        times = f"{captions.clock(cue.begins)} --> {captions.clock(cue.ends)}".replace(".", ",")
        blocks.append(f"{number}\n{times}\n{_typed(cue.text).replace('-->', '→')}")
    return "\n\n".join(blocks) + "\n"


def clock(milliseconds: int) -> str:
    """Return a moment as people write it: 62500 -> "1:02.500", 3723000 -> "1:02:03.000"."""
    hours, minutes, rest = captions.clock(milliseconds).split(":")
    return f"{int(minutes)}:{rest}" if hours == "00" else f"{int(hours)}:{minutes}:{rest}"


def milliseconds(typed: str) -> int | None:
    """Return a typed moment; None where it is none. Full-width figures are read, too."""
    found = _TIME.fullmatch(unicodedata.normalize("NFKC", typed).strip())
    if not found:
        return None
    hours, minutes, seconds, fraction = found.groups()
    if minutes is not None and int(seconds) > 59:
        return None
    if hours is not None and int(minutes) > 59:
        return None
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _troubles(number: int, row: Row, duration_ms: int | None) -> list[Trouble]:
    begins, ends = milliseconds(row.begins), milliseconds(row.ends)
    found = [
        Trouble(number, field, "cue_time")
        for field, at in (("begins", begins), ("ends", ends))
        if at is None
    ]
    if begins is not None and ends is not None and ends <= begins:
        found.append(Trouble(number, "ends", "cue_order"))
    if begins is not None and duration_ms is not None and begins >= duration_ms:
        found.append(Trouble(number, "begins", "cue_late"))
    if not _clean(row.text):
        found.append(Trouble(number, "text", "cue_text"))
    if len(row.text) > TEXT:
        found.append(Trouble(number, "text", "cue_long"))
    return found


def _clean(typed: str) -> str:
    kept = typed.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return captions.clean(kept.replace("-->", "--&gt;").split("\n"))


def _typed(text: str) -> str:
    """Return a caption as somebody would type it, as long as that means the same."""
    typed = text
    for plain, written in _TYPED:
        typed = typed.replace(written, plain)
    return typed if _clean(typed) == text else text
