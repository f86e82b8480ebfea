"""What an item of the bank holds and what may be wrong with it. Pure functions over plain values."""

import dataclasses
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.tables.rows import bad_letters
from courses.catalog.blocks import ITEM_KINDS, LETTERS, MAX_OPTIONS, twins

MOST = {"code": 40, "stem": 1000, "explanation": 2000, "text": 500, "tag": 40}
MOST_TAGS = 12

_CODE = re.compile(r"[^\W_][\w.\-]*")
_BETWEEN_TAGS = re.compile(r"[,、;；，\n]")


@dataclasses.dataclass(frozen=True)
class Option:
    """One possible answer."""

    text: str
    correct: bool = False
    explanation: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written: such a line of a form is passed over."""
        return not (self.text or self.explanation)


@dataclasses.dataclass(frozen=True)
class Draft:
    """An item as somebody wrote it, cleaned. `options` stand at their places, blank ones included."""

    code: str
    kind: str
    stem: str
    options: tuple[Option, ...]
    explanation: str = ""
    weight: int = 1
    skills: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    language: str = "ja"
    is_archived: bool = False

    def filled(self) -> list[tuple[int, Option]]:
        """Return the options that hold something, with their places."""
        return [(i, option) for i, option in enumerate(self.options) if not option.is_blank]


@dataclasses.dataclass(frozen=True)
class Trouble:
    """Why an item can't be kept as it is: in which field, a code for the words, what stands there."""

    field: str
    code: str
    value: str = ""
    detail: str = ""


def line(text: str) -> str:
    """Return a text of one line: composed letters, single blanks, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def prose(text: str) -> str:
    """Return a text that may have several lines, in composed letters and with plain line breaks."""
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return plain.strip()


def code(text: str) -> str:
    """Return a code without what doesn't tell: full-width letters count as plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def tags(text: str) -> tuple[str, ...]:
    """Return the tags of a cell or field, separated by commas or semicolons, each once."""
    found: dict[str, str] = {}
    for part in _BETWEEN_TAGS.split(text):
        tag = line(part)
        if tag:
            found.setdefault(unicodedata.normalize("NFKC", tag).casefold(), tag)
    return tuple(found.values())


def same_code(text: str) -> str:
    """Return the key under which two codes are the same."""
    return code(text).lower()


def troubles(draft: Draft) -> list[Trouble]:
    """Return everything that is wrong with an item, in the order of its fields."""
    return [
        *_code_troubles(draft.code),
        *_kind_troubles(draft),
        *_text("stem", draft.stem, "stem"),
        *([] if draft.stem else [Trouble("stem", "no_stem")]),
        *_option_troubles(draft),
        *_right_troubles(draft),
        *_text("explanation", draft.explanation, "explanation"),
        *([] if 1 <= draft.weight <= 10 else [Trouble("weight", "bad_weight", str(draft.weight))]),
        *_tag_troubles("skills", draft.skills),
        *_tag_troubles("products", draft.products),
    ]


def _text(field: str, value: str, limit: str) -> list[Trouble]:
    if bad_letters(value):
        return [Trouble(field, "bad_letters", value)]
    if len(value) > MOST[limit]:
        return [Trouble(field, "too_long", value, str(MOST[limit]))]
    return []


def _code_troubles(value: str) -> list[Trouble]:
    if not value:
        return [Trouble("code", "no_code")]
    if found := _text("code", value, "code"):
        return found
    return [] if _CODE.fullmatch(value) else [Trouble("code", "bad_code", value)]


def _kind_troubles(draft: Draft) -> list[Trouble]:
    return [] if draft.kind in ITEM_KINDS else [Trouble("kind", "bad_kind", draft.kind)]


def _option_troubles(draft: Draft) -> list[Trouble]:
    found = []
    filled = draft.filled()
    for index, option in filled:
        found += _text(f"options.{index + 1}.text", option.text, "text")
        found += _text(f"options.{index + 1}.explanation", option.explanation, "explanation")
        if not option.text:
            found.append(Trouble(f"options.{index + 1}.text", "no_option_text"))
    there = {index for index, _ in filled}
    places = [place for place in (1, 2) if place - 1 not in there][: max(2 - len(filled), 0)]
    found += [Trouble(f"options.{place}.text", "few_options") for place in places]
    if len(filled) > MAX_OPTIONS:
        found.append(Trouble(f"options.{MAX_OPTIONS}.text", "many_options", "", str(MAX_OPTIONS)))
    surplus = filled[2:] if draft.kind == "truefalse" else ()
    found += [Trouble(f"options.{i + 1}.text", "truefalse_has_two") for i, _ in surplus]
    return found + _twins(filled)


def _twins(filled: Sequence[tuple[int, Option]]) -> list[Trouble]:
    places = [index for index, _ in filled]
    found = []
    for twin, first in twins(option.text for _, option in filled).items():
        index, option = filled[twin]
        letter = LETTERS[places[first]] if places[first] < len(LETTERS) else ""
        found.append(Trouble(f"options.{index + 1}.text", "option_twice", option.text, letter))
    return found


def _right_troubles(draft: Draft) -> list[Trouble]:
    right = sum(option.correct for _, option in draft.filled())
    lost = [i for i, option in enumerate(draft.options) if option.is_blank and option.correct]
    found = [Trouble("right", "right_is_blank", LETTERS[i]) for i in lost]
    if right < 1 and not lost:
        found.append(Trouble("right", "no_right"))
    if right > 1 and draft.kind != "multiple":
        found.append(Trouble("right", "several_right"))
    return found


def _tag_troubles(field: str, values: Sequence[str]) -> list[Trouble]:
    many = len(values) > MOST_TAGS
    found = [Trouble(field, "many_tags", "", str(MOST_TAGS))] if many else []
    return found + [trouble for value in values for trouble in _text(field, value, "tag")]


def keyed(draft: Draft, before: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """Return the options as they are stored, each under its key.

    An option whose text was there before keeps its key, else it gets one that was not in use.
    """
    left = {raw["text"]: raw["key"] for raw in reversed(before)}
    kept = {index: left.pop(option.text, "") for index, option in draft.filled()}
    taken = {key for key in kept.values() if key} | {raw["key"] for raw in before}
    fresh = _fresh(draft.kind, taken)
    return [
        {
            "key": kept[index] or next(fresh),
            "text": option.text,
            "correct": option.correct,
            "explanation": option.explanation,
        }
        for index, option in draft.filled()
    ]


def _fresh(kind: str, taken: set[str]) -> Iterator[str]:
    names = [*(["true", "false"] if kind == "truefalse" else []), *LETTERS.lower()]
    names += [f"{letter}{number}" for number in range(2, 20) for letter in LETTERS.lower()]
    return iter([name for name in names if name not in taken])
