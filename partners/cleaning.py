"""What people type as names and addresses, made fit to be kept: a pure module."""

import datetime as dt
import re
import unicodedata

from partners.folding import to_hiragana

# Direction marks and isolates: in a name they only serve to make it look like another one.
_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# Invisible signs that split a word for a machine and not for the eye; the joiners U+200C and U+200D
# stay, since some scripts and emoji need them.
_INVISIBLE = dict.fromkeys([0x00AD, 0x180E, 0x200B, 0x2060, 0xFEFF])
_STACK = 3
"""Marks above one letter that are kept; no written language needs more."""

_DAY = re.compile(
    r"(?P<year>\d{4})\s?[/.\-年]\s?(?P<month>\d{1,2})\s?[/.\-月]\s?(?P<day>\d{1,2})日?", re.ASCII
)
_YEARS = range(1950, 2101)
LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")

_KANJI = re.compile("[々〆㐀-䶿一-鿿豈-\ufaff\U00020000-\U0003ffff]")
_KANA = re.compile("[ぁ-ヿｦ-ﾟ]")
_READING = re.compile("[ぁ-ゟヷ-ヺ・ー0-9 -]*")
"""A reading in kana and figures, as `reading` leaves it."""


def name(text: str) -> str:
    """Return a name in one line: NFC, without control signs, bidi controls and towers of marks."""
    text = unicodedata.normalize("NFC", text).translate(_BIDI).translate(_INVISIBLE)
    text = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Zs"} else c for c in text)
    return " ".join(_flat(text).split())


def reading(text: str) -> str:
    """Return a reading for sorting: a clean name in full-width hiragana; Latin letters stay."""
    return name(to_hiragana(text))


def is_reading(text: str, of: str) -> bool:
    """Say whether a clean reading can be that of a name: kana; of a name in other letters anything but kanji."""
    if _KANJI.search(text):
        return False
    return not is_japanese(of) or _READING.fullmatch(text) is not None


def is_japanese(text: str) -> bool:
    """Say whether kanji or kana stand in a text."""
    return bool(_KANJI.search(text) or _KANA.search(text))


def address(text: str) -> str:
    """Return an e-mail address as it is compared: half width, lower case, without blanks around."""
    return name(unicodedata.normalize("NFKC", text)).lower()


def login_name(text: str) -> str:
    """Return a log-in name as it is compared: half width, lower case."""
    return address(text)


def split_name(text: str) -> tuple[str, str]:
    """Split a full name at its first blank: (family, given). Latin names stand the other way round.

    A name without a blank is all family name.
    """
    words = name(unicodedata.normalize("NFKC", text)).split(" ")
    if len(words) == 1:
        return words[0], ""
    if "".join(words).isascii():
        return words[-1], " ".join(words[:-1])
    return words[0], " ".join(words[1:])


def day(text: str) -> dt.date | None:
    """Return a day written with its year first: 2019/4/1, 2019-04-01, 2019年4月1日; None where nothing stands.

    Raises ValueError for what is written otherwise, for a day that no calendar has, and for a year that can't be meant.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    found = _DAY.fullmatch(plain)
    if found is None or int(found["year"]) not in _YEARS:
        raise ValueError(plain)
    return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))


def _flat(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _STACK:
            kept.append(sign)
    return "".join(kept)
