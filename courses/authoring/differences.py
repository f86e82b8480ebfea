"""What changed between two drafts, so that a person can read it. Pure: two documents in, words out.

Blocks are matched by key: added, removed, changed or moved. Texts are compared line by line, and the words
of changed lines one by one; Japanese, which has no spaces, is cut where the script changes.
"""

import dataclasses
import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from courses.authoring.documents import Document, canonical
from courses.catalog.blocks import RawBlock

SAME, ADDED, REMOVED, CHANGED, MOVED = "same", "added", "removed", "changed", "moved"

_WORDS = re.compile(
    r"[A-Za-z0-9À-ɏ'’_.@/-]+|[\u4e00-\u9fff々〆ヶ]+|[\u30a0-\u30ffｦ-ﾟー]+|[\u3041-\u309f]+|\s+|."
)
_MOST_WORDS = 2000
"""Longer passages are shown as a whole, before and after: nobody reads that word by word."""


@dataclasses.dataclass(frozen=True)
class Piece:
    """Some words: same, added or removed."""

    kind: str
    text: str


@dataclasses.dataclass(frozen=True)
class Line:
    """A line with its pieces; `kind` says what became of it as a whole."""

    kind: str
    pieces: tuple[Piece, ...]


@dataclasses.dataclass(frozen=True)
class Part:
    """One field of a block or of the module, whose words changed."""

    label: str
    lines: tuple[Line, ...]


@dataclasses.dataclass(frozen=True)
class Changed:
    """A block that is not what or where it was. `was` and `now` count from 1; None where it isn't there."""

    key: str
    kind: str
    states: tuple[str, ...]
    was: int | None
    now: int | None
    parts: tuple[Part, ...]


@dataclasses.dataclass(frozen=True)
class Differences:
    """All that differs between two drafts."""

    fields: tuple[Part, ...]
    blocks: tuple[Changed, ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.blocks)


def between(old: Document, new: Document) -> Differences:
    """Return what became different from the old draft to the new one, in the order of the new one."""
    before = {block.key: (place, block) for place, block in enumerate(old.blocks, start=1)}
    after = {block.key: (place, block) for place, block in enumerate(new.blocks, start=1)}
    moved = _moved([b.key for b in old.blocks], [b.key for b in new.blocks])
    found = [
        _block(before.get(key), after.get(key), moved=key in moved) for key in _order(before, after)
    ]
    return Differences(
        fields=tuple(_parts(_fields_of(old), _fields_of(new))),
        blocks=tuple(each for each in found if each is not None),
    )


def _order(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return all keys: those of the new draft in its order, removed ones where they stood before."""
    order = list(after)
    for key in before:
        if key not in after:
            ahead = [each for each in before if each in order]
            earlier = [each for each in ahead if before[each][0] < before[key][0]]
            order.insert(order.index(earlier[-1]) + 1 if earlier else 0, key)
    return order


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Return the keys that changed places among those that stayed: as few as possible."""
    both_old = [key for key in old if key in set(new)]
    both_new = [key for key in new if key in set(old)]
    matcher = difflib.SequenceMatcher(a=both_old, b=both_new, autojunk=False)
    still = {key for m in matcher.get_matching_blocks() for key in both_old[m.a : m.a + m.size]}
    return set(both_new) - still


def _block(
    before: tuple[int, RawBlock] | None, after: tuple[int, RawBlock] | None, *, moved: bool
) -> Changed | None:
    if after is None and before is not None:
        place, block = before
        parts = tuple(_parts(lines_of(block), {}))
        return Changed(block.key, block.kind, (REMOVED,), place, None, parts)
    if after is None:
        return None
    place, block = after
    if before is None:
        parts = tuple(_parts({}, lines_of(block)))
        return Changed(block.key, block.kind, (ADDED,), None, place, parts)
    was, old = before
    differs = (old.kind, canonical(old.data)) != (block.kind, canonical(block.data))
    states = ((CHANGED,) if differs else ()) + ((MOVED,) if moved else ())
    if not states:
        return None
    numbers = _numbers(old) | _numbers(block)
    parts = tuple(_parts(lines_of(old, numbers), lines_of(block, numbers))) if differs else ()
    if differs and not parts:
        parts = (Part("", (Line(SAME, (Piece(SAME, _("Only the look changed.")),)),)),)
    return Changed(block.key, block.kind, states, was, place, parts)


def _fields_of(document: Document) -> dict[str, list[str]]:
    return {
        _("Title"): [document.title],
        _("Summary"): [document.summary],
        _("Minutes"): [str(document.minutes)],
        _("Language"): [document.language],
        _("Picture"): [str(document.picture_id or "")],
    }


def _parts(old: Mapping[str, list[str]], new: Mapping[str, list[str]]) -> Iterator[Part]:
    for label in dict.fromkeys([*new, *old]):
        before = [line for line in old.get(label, []) if line]
        after = [line for line in new.get(label, []) if line]
        if before != after:
            yield Part(label, tuple(compared(before, after)))


def compared(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    """Compare two passages line by line, and changed lines word by word."""
    lines: list[Line] = []
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            lines += [Line(SAME, (Piece(SAME, line),)) for line in old[a:b]]
            continue
        pairs = min(b - a, d - c)
        lines += [
            Line(CHANGED, tuple(words_compared(old[a + n], new[c + n]))) for n in range(pairs)
        ]
        lines += [Line(REMOVED, (Piece(REMOVED, line),)) for line in old[a + pairs : b]]
        lines += [Line(ADDED, (Piece(ADDED, line),)) for line in new[c + pairs : d]]
    return lines


def words_compared(old: str, new: str) -> list[Piece]:
    """Compare two lines word by word."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > _MOST_WORDS:
        return [Piece(REMOVED, old), Piece(ADDED, new)]
    pieces: list[Piece] = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            pieces.append(Piece(SAME, "".join(before[a:b])))
            continue
        if b > a:
            pieces.append(Piece(REMOVED, "".join(before[a:b])))
        if d > c:
            pieces.append(Piece(ADDED, "".join(after[c:d])))
    return pieces


def lines_of(block: RawBlock, numbers: Mapping[str, int] | None = None) -> dict[str, list[str]]:
    """Return what a block says, as lines under the labels of its fields; `numbers` names a quiz's questions."""
    if block.kind == "text":
        return {"": list(rich_lines(block.data.get("doc") or {}))}
    if block.kind == "quiz":
        return _quiz_lines(block.data.get("items") or [], numbers or _numbers(block))
    labels = _labels()
    return {
        labels.get(name, name): [str(each) for each in value]
        if isinstance(value, list)
        else [str(value or "")]
        for name, value in block.data.items()
    }


def _labels() -> dict[str, str]:
    return {
        "asset": _("File"),
        "picture": _("Picture"),
        "title": _("Heading"),
        "alt": _("What the picture shows"),
        "caption": _("Caption"),
        "name": _("Name"),
        "role": _("What they do"),
        "before": _("What was hard before"),
        "turning_point": _("The turning point"),
        "after": _("What it is like now"),
        "quote": _("In their own words"),
        "ask_about": _("Ask them about"),
        "lines": _("Sentences"),
    }


def _numbers(block: RawBlock) -> dict[str, int]:
    """Return the place of each question of a quiz, by its key."""
    items = block.data.get("items") or [] if block.kind == "quiz" else []
    return {str(item.get("key")): place for place, item in enumerate(items, start=1)}


def _quiz_lines(
    items: Sequence[Mapping[str, Any]], numbers: Mapping[str, int]
) -> dict[str, list[str]]:
    """Return each question's lines: stem, options, why; the right options bear a mark."""
    found: dict[str, list[str]] = {}
    for item in items:
        why = [f"{_('Why')}{_(': ')}{item['explanation']}"] if item.get("explanation") else []
        weight = [f"{_('Weight')}{_(': ')}{item['weight']}"] if item.get("weight", 1) != 1 else []
        options = [_option_line(option) for option in item.get("options") or []]
        label = _("Question %(n)d") % {"n": numbers[str(item.get("key"))]}
        # Two questions may have one number, where one was put in the other's place.
        lines = found.setdefault(label, [])
        lines += [str(item.get("stem") or ""), *options, *why, *weight]
    return found


def _option_line(option: Mapping[str, Any]) -> str:
    line = f"{'✓' if option.get('correct') else '・'} {option.get('text') or ''}"
    return f"{line}（{option['explanation']}）" if option.get("explanation") else line


def rich_lines(node: Mapping[str, Any], mark: str = "") -> Iterator[str]:
    """Return a rich text as lines: a paragraph, heading or table row each, lists with their marks."""
    kind = node.get("type")
    content = node.get("content") or []
    if kind in ("paragraph", "heading"):
        yield mark + ("■ " if kind == "heading" else "") + _inline(content)
    elif kind == "tableRow":
        yield mark + " | ".join(" ".join(rich_lines(cell)) for cell in content)
    elif kind == "horizontalRule":
        yield "――"
    elif kind in ("tableCell", "tableHeader") and content and content[0].get("type") == "text":
        yield _inline(content)
    else:
        for place, child in enumerate(content, start=1):
            yield from rich_lines(child, _mark(kind, place, mark))


def _mark(kind: Any, place: int, mark: str) -> str:
    return {
        "bulletList": "・",
        "orderedList": f"{place}. ",
        "blockquote": "> ",
        "listItem": mark,
    }.get(kind, "")


def _inline(content: Sequence[Mapping[str, Any]]) -> str:
    return "".join(
        "\n" if node.get("type") == "hardBreak" else _with_address(node) for node in content
    )


def _with_address(node: Mapping[str, Any]) -> str:
    """Return a text; a link's address stands behind it, so that a changed one is seen."""
    text = str(node.get("text", ""))
    for each in node.get("marks") or []:
        if each.get("type") == "link":
            text += f"（{(each.get('attrs') or {}).get('href', '')}）"
    return text
