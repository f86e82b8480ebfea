"""Days that no calendar has, such as 31 November, told apart from words that are no day. Pure."""

import datetime as dt
import re
from collections.abc import Iterator

_WRITTEN = re.compile(
    r"(?P<a>\d{4}|\d{1,2})\s?[/.\-年]\s?(?P<b>\d{1,2})\s?[/.\-月]\s?(?P<c>\d{4}|\d{1,2})日?([T\s(].*)?",
    re.ASCII | re.DOTALL,
)
_COMPACT = re.compile(r"(?P<a>\d{4})(?P<b>\d{2})(?P<c>\d{2})([T\s].*)?", re.ASCII | re.DOTALL)
_WITHOUT_YEAR = re.compile(r"(?P<a>\d{1,2})\s?[/\-月]\s?(?P<b>\d{1,2})日?", re.ASCII)
_LEAP_YEAR = 2000


def is_day(year: int, month: int, day: int) -> bool:
    """Say whether a calendar has this day."""
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def is_no_day(text: str) -> bool:
    """Say whether this is written as a day, and none exists that could be meant, in whatever order the parts stand."""
    if found := _WRITTEN.fullmatch(text) or _COMPACT.fullmatch(text):
        return not any(is_day(*parts) for parts in _meant(found["a"], found["b"], found["c"]))
    if found := _WITHOUT_YEAR.fullmatch(text):
        a, b = int(found["a"]), int(found["b"])
        return not (is_day(_LEAP_YEAR, a, b) or is_day(_LEAP_YEAR, b, a))
    return False


def _meant(a: str, b: str, c: str) -> Iterator[tuple[int, int, int]]:
    if len(a) <= 2:
        yield _year(c), int(a), int(b)
        yield _year(c), int(b), int(a)
    if len(c) <= 2:
        yield _year(a), int(b), int(c)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)
