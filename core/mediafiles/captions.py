"""Captions: WebVTT and SRT are read strictly and written anew as WebVTT. Pure functions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.mediafiles.errors import MediaError
from core.mediafiles.limits import CAPTION_BYTES, CAPTION_CUES

_TIME = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:[ \t]+(.*?))?\s*", re.ASCII)
_SETTING = re.compile(r"(?:align|line|position|size|vertical):[A-Za-z0-9.,%-]{1,24}", re.ASCII)
_TAG = re.compile(r"(</?[a-z][^<>\n]{0,200}>|<[0-9][0-9:.]+>)", re.IGNORECASE)
_KEPT_TAG = re.compile(r"</?(?:b|i|u|ruby|rt|v(?:[ \t][^<>&]{1,80})?)>")


@dataclass(frozen=True)
class Cue:
    """What is shown from one moment (in milliseconds) to another."""

    begins: int
    ends: int
    text: str
    settings: str = ""


def to_webvtt(data: bytes, duration_ms: int | None = None) -> str:
    """Return captions as clean WebVTT, from WebVTT or SRT, of a video that is so long.

    Styles, notes and unknown tags are left away. Raises MediaError: `captions_empty`,
    `captions_bytes`, `captions_text`, `captions_format`, and `captions_time`, `captions_order` or
    `captions_late` with the number of the line.
    """
    return write(parse(_decode(data), duration_ms))


def write(cues: Iterable[Cue]) -> str:
    """Return captions as WebVTT."""
    blocks = [
        f"{clock(cue.begins)} --> {clock(cue.ends)}{cue.settings and ' ' + cue.settings}\n{cue.text}"
        for cue in cues
    ]
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n"


def _decode(data: bytes) -> str:
    if not data.strip():
        raise MediaError("captions_empty")
    if len(data) > CAPTION_BYTES:
        raise MediaError("captions_bytes")
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if is_wide else ["utf-8-sig", "cp932"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise MediaError("captions_text")


def parse(text: str, duration_ms: int | None = None) -> list[Cue]:
    """Return the cues of a WebVTT or SRT file in the order of time. Raises MediaError.

    Each begins within the video's `duration_ms`, as where they are written beside it.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cues: list[Cue] = []
    number = 0
    while number < len(lines):
        if "-->" not in lines[number]:
            number += 1
            continue
        begins, ends, settings = _timing(lines[number], number + 1)
        if duration_ms is not None and begins >= duration_ms:
            at, end = _short(begins), _short(duration_ms)
            raise MediaError("captions_late", line=number + 1, at=at, end=end)
        body: list[str] = []
        number += 1
        while number < len(lines) and lines[number].strip() and "-->" not in lines[number]:
            body.append(lines[number])
            number += 1
        if number < len(lines) and "-->" in lines[number] and body and body[-1].strip().isdigit():
            body.pop()  # the next caption's number, where no empty line stands between
        if shown := clean(body):
            cues.append(Cue(begins, ends, shown, settings))
    if not cues:
        raise MediaError("captions_empty" if "WEBVTT" in lines[0] else "captions_format")
    if len(cues) > CAPTION_CUES:
        raise MediaError("captions_bytes")
    return sorted(cues, key=lambda cue: (cue.begins, cue.ends))


def _timing(line: str, number: int) -> tuple[int, int, str]:
    found = _TIMING.fullmatch(line)
    if not found:
        raise MediaError("captions_time", line=number)
    begins, ends = _milliseconds(found.groups()[0:4]), _milliseconds(found.groups()[4:8])
    if ends <= begins:
        raise MediaError("captions_order", line=number)
    return begins, ends, settings_of(found[9] or "")


def settings_of(words: str) -> str:
    """Return those of the words that say where a caption stands."""
    return " ".join(word for word in words.split() if _SETTING.fullmatch(word))


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return (
        int(hours) * 3_600_000
        + int(minutes) * 60_000
        + int(seconds) * 1000
        + int(fraction.ljust(3, "0"))
    )


def clean(body: list[str]) -> str:
    """Return the text of a cue: harmless tags stay, others go, a bare `<` is shown as such."""
    return "\n".join(line for raw in body if (line := _clean_line(raw)))


def _clean_line(raw: str) -> str:
    words: list[str] = []
    for index, part in enumerate(_TAG.split(raw)):
        is_tag = bool(index % 2)
        if not is_tag:
            words.append(part.replace("<", "&lt;"))
        elif _KEPT_TAG.fullmatch(part):
            words.append(part)
    return "".join(words).strip()


def _short(milliseconds: int) -> str:
    """Return a moment as on a player: 62500 -> "1:02"."""
    hours, minutes, seconds = clock(milliseconds).split(".")[0].split(":")
    return f"{int(minutes)}:{seconds}" if hours == "00" else f"{int(hours)}:{minutes}:{seconds}"


def clock(milliseconds: int) -> str:
    """Return a moment as WebVTT writes it: 62500 -> "00:01:02.500"."""
    seconds, fraction = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{fraction:03}"
