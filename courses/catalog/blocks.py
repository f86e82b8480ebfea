"""The shapes of blocks: what each kind's data must look like before it may be saved or published.

Pure: no database. A problem names the block, the field and how to mend it.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import ids
from courses.catalog import richtext

KEY = re.compile(r"[a-z0-9]{4,12}")
MAX_ITEMS = 30
MAX_OPTIONS = 8
_MOST_NAMED, _LONGEST_NAMED = 3, 60
_READ = {
    "video": ("title",),
    "image": ("alt", "caption"),
    "story": ("title", "name", "role", "before", "turning_point", "after", "quote"),
    "person": ("name", "role", "ask_about"),
}
"""The fields that readers see of the kinds that are plain forms."""

LEFT_OVER = re.compile(r"〔[^〔〕]*〕")
ITEM_KINDS = ("single", "multiple", "truefalse")
LETTERS = "ABCDEFGH"
"""How options are named where people count them; as many as a question may have."""

_ONCE = {
    "quiz": gettext_lazy(
        "A lesson holds one quiz. Please put these questions into the first one, and remove this one."
    ),
    "scenario": gettext_lazy("A lesson holds one scenario. Please remove this one."),
}
"""Kinds of which a module has one at most: its score is theirs."""


@dataclasses.dataclass(frozen=True)
class Problem:
    """Why a block can't be published, in the reader's language."""

    block: str
    field: str
    message: str


@dataclasses.dataclass(frozen=True)
class RawBlock:
    """A block as it is written: key, kind, data."""

    key: str
    kind: str
    data: dict[str, Any]


def check(blocks: Iterable[RawBlock]) -> list[Problem]:
    """Return every problem of a module's blocks; an empty list means that it may be published."""
    problems: list[Problem] = []
    seen: set[str] = set()
    kinds: set[str] = set()
    for block in blocks:
        if not KEY.fullmatch(block.key) or block.key in seen:
            problems.append(
                Problem(block.key, "key", _("This block's key is missing or stands twice."))
            )
        seen.add(block.key)
        checker = _CHECKS.get(block.kind)
        if checker is None:
            problems.append(Problem(block.key, "kind", _("This kind of block is not known.")))
            continue
        if block.kind in _ONCE and block.kind in kinds:
            problems.append(Problem(block.key, "kind", str(_ONCE[block.kind])))
        kinds.add(block.kind)
        problems.extend(checker(block))
    return problems


def left_over(text: Any) -> str:
    """Say what a template left to be replaced, 〔like this〕; nothing where all is written."""
    found = list(dict.fromkeys(LEFT_OVER.findall(str(text or ""))))
    if not found:
        return ""
    words = "".join(each[:_LONGEST_NAMED] for each in found[:_MOST_NAMED])
    words += "…" if len(found) > _MOST_NAMED else ""
    return _("%(words)s is left from the template: put your own words in its place.") % {
        "words": words
    }


def left_overs(blocks: Iterable[RawBlock]) -> list[Problem]:
    """Return what is left of a template in the fields that readers see; a quick post has none, and may say 〔so〕."""
    return [
        Problem(block.key, field, message)
        for block in blocks
        for field, text in _seen(block)
        if (message := left_over(text))
    ]


def _seen(block: RawBlock) -> Iterator[tuple[str, Any]]:
    """Return the texts of a block that readers see, with their fields."""
    data = block.data
    if block.kind == "text":
        if isinstance(data.get("doc"), dict):
            yield "doc", "\n".join(text for _term, text in richtext.runs(data["doc"]))
    elif block.kind == "phrases":
        yield "title", data.get("title")
        if isinstance(data.get("lines"), list):
            yield "lines", "\n".join(map(str, data["lines"]))
    elif block.kind == "quiz":
        for number, item in enumerate(data.get("items") or [], start=1):
            yield from ((f"items.{number}.{field}", text) for field, text in _asked(item))
    else:
        yield from ((field, data.get(field)) for field in _READ.get(block.kind, ()))


def _asked(item: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for field in ("stem", "explanation"):
        yield field, item.get(field)
    for place, option in enumerate(item.get("options") or [], start=1):
        for field in ("text", "explanation"):
            yield f"options.{place}.{field}", option.get(field)


def _is_written(value: Any) -> bool:
    """Say whether somebody wrote here; what a template left to be replaced, 〔like this〕, is nothing."""
    return bool(LEFT_OVER.sub("", str(value or "")).strip())


def _text(block: RawBlock, *fields: str) -> list[Problem]:
    empty = {"name": _("Please write a name.")}
    return [
        Problem(block.key, field, _unwritten(value, empty.get(field, "")))
        for field in fields
        if not _is_written(value := block.data.get(field))
    ]


def _unwritten(value: Any, empty: str = "") -> str:
    """Say what is to be done where nobody wrote: whether a template left something there, or nothing stands there."""
    return left_over(value) or empty or _("Please write something here.")


def _names_file(value: Any) -> bool:
    try:
        return bool(ids.parse(str(value)))
    except ValueError:
        return False


def _portrait(block: RawBlock) -> list[Problem]:
    """A picture that may be missing; what is there must name a file."""
    value = block.data.get("picture")
    if value and not _names_file(value):
        return [Problem(block.key, "picture", _("Please choose a picture."))]
    return []


def _video(block: RawBlock) -> list[Problem]:
    if not _names_file(block.data.get("asset")):
        return [Problem(block.key, "asset", _("Please choose a video."))]
    return []


def _rich(block: RawBlock) -> list[Problem]:
    doc = block.data.get("doc")
    if not isinstance(doc, dict) or doc.get("type") != "doc":
        return [Problem(block.key, "doc", _("Please write something here."))]
    try:
        html = richtext.render(doc)
    except richtext.TooDeepError:
        message = _("This text is too long or nested too deeply. Please split it in two.")
        return [Problem(block.key, "doc", message)]
    text = strip_tags(html)
    if not _is_written(text):
        return [Problem(block.key, "doc", _unwritten(text))]
    return []


def _image(block: RawBlock) -> list[Problem]:
    problems = (
        []
        if _names_file(block.data.get("asset"))
        else [Problem(block.key, "asset", _("Please choose a picture."))]
    )
    return problems + _text(block, "alt")


def _story(block: RawBlock) -> list[Problem]:
    return _text(block, "name", "before", "turning_point", "after") + _portrait(block)


def _person(block: RawBlock) -> list[Problem]:
    return _text(block, "name", "role", "ask_about") + _portrait(block)


def _phrases(block: RawBlock) -> list[Problem]:
    lines = block.data.get("lines")
    lines = lines if isinstance(lines, list) else []
    if not any(_is_written(line) for line in lines):
        message = _unwritten("\n".join(map(str, lines)), _("Please write at least one line."))
        return [Problem(block.key, "lines", message)]
    return []


def _scenario(block: RawBlock) -> list[Problem]:
    """The block only says where the scenario stands; what is in it has a validator of its own."""
    return [Problem(block.key, "data", _("This block holds nothing."))] if block.data else []


def _quiz(block: RawBlock) -> list[Problem]:
    items = block.data.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_ITEMS:
        return [
            Problem(
                block.key,
                "items",
                _("A quiz has between 1 and %(most)d questions.") % {"most": MAX_ITEMS},
            )
        ]
    problems = []
    keys = [str(item.get("key")) for item in items]
    if len(set(keys)) != len(keys):
        problems.append(Problem(block.key, "items", _("Two questions have the same key.")))
    for number, item in enumerate(items, start=1):
        problems.extend(
            Problem(block.key, f"items.{number}.{field}", message)
            for field, message in check_item(item)
        )
    return problems


def check_item(item: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the problems of one question as pairs of field and message."""
    problems: list[tuple[str, str]] = []
    if not KEY.fullmatch(str(item.get("key"))):
        problems.append(("key", _("This question's key is missing.")))
    if item.get("kind") not in ITEM_KINDS:
        problems.append(("kind", _("Please choose a kind of question.")))
    if not str(item.get("stem") or "").strip():
        problems.append(("stem", _("Please write the question.")))
    weight = item.get("weight", 1)
    if isinstance(weight, bool) or not isinstance(weight, int) or not 1 <= weight <= 10:
        problems.append(("weight", _("The weight is a whole number from 1 to 10.")))
    return problems + _check_options(item)


def twins(texts: Iterable[str]) -> dict[int, int]:
    """Return which text says the same as an earlier one, by their places from 0; width, case and blanks don't tell."""
    first: dict[str, int] = {}
    found = {}
    for place, text in enumerate(texts):
        said = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
        if said and first.setdefault(said, place) != place:
            found[place] = first[said]
    return found


def _check_options(item: dict[str, Any]) -> list[tuple[str, str]]:
    options = item.get("options") or []
    if not 2 <= len(options) <= MAX_OPTIONS:
        return [
            ("options", _("A question has between 2 and %(most)d options.") % {"most": MAX_OPTIONS})
        ]
    problems = []
    keys = [str(option.get("key")) for option in options]
    if len(set(keys)) != len(keys) or not all(re.fullmatch(r"[a-z0-9]{1,12}", k) for k in keys):
        problems.append(("options", _("An option's key is missing or stands twice.")))
    problems.extend(
        (f"options.{place}.text", _("Please write this option, or remove it."))
        for place, option in enumerate(options, start=1)
        if not str(option.get("text") or "").strip()
    )
    problems.extend(
        (f"options.{place + 1}.text", left_over(options[place].get("text")) or _twin(first))
        for place, first in twins(str(option.get("text") or "") for option in options).items()
    )
    right = sum(bool(option.get("correct")) for option in options)
    if item.get("kind") == "multiple":
        if right < 1:
            problems.append(("options", _("Please mark at least one option as right.")))
    elif right != 1:
        problems.append(("options", _("Please mark exactly one option as right.")))
    return problems


def _twin(first: int) -> str:
    return _(
        "This option is the same as option %(letter)s. Write something else, or take one away."
    ) % {"letter": LETTERS[first]}


_CHECKS: dict[str, Callable[[RawBlock], list[Problem]]] = {
    "video": _video,
    "text": _rich,
    "image": _image,
    "story": _story,
    "phrases": _phrases,
    "person": _person,
    "quiz": _quiz,
    "scenario": _scenario,
}
