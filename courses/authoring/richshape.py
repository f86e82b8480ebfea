"""What a rich text may be made of: nodes, marks and attributes that the editor makes and readers are shown."""

import re
import uuid
from typing import Any

from django.utils.translation import gettext as _

from core.jsonbody import BadBodyError
from courses.catalog import richtext

_MOST_DEEP = richtext.MAX_DEPTH - 1
_MOST_NODES = richtext.MAX_NODES
_MOST_LETTERS = 20_000
_MOST_ADDRESS = 2000

_INLINE = frozenset({"text", "hardBreak"})
_BLOCKS = frozenset(
    {
        *("paragraph", "heading", "bulletList", "orderedList", "blockquote"),
        *("table", "horizontalRule"),
    }
)
_CELLS = frozenset({"tableCell", "tableHeader"})
_INSIDE: dict[str, frozenset[str]] = {
    "doc": _BLOCKS,
    "paragraph": _INLINE,
    "heading": _INLINE,
    "bulletList": frozenset({"listItem"}),
    "orderedList": frozenset({"listItem"}),
    "listItem": _BLOCKS,
    "blockquote": _BLOCKS,
    "table": frozenset({"tableRow"}),
    "tableRow": _CELLS,
    "tableCell": _BLOCKS | _INLINE,
    "tableHeader": _BLOCKS | _INLINE,
    "horizontalRule": frozenset(),
    "hardBreak": frozenset(),
    "text": frozenset(),
}
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "heading": frozenset({"level"}),
    "orderedList": frozenset({"start", "type"}),
    "tableCell": frozenset({"colspan", "rowspan", "colwidth"}),
    "tableHeader": frozenset({"colspan", "rowspan", "colwidth"}),
}
_MARKS: dict[str, frozenset[str]] = {
    "bold": frozenset(),
    "italic": frozenset(),
    "code": frozenset(),
    "link": frozenset({"href", "target", "rel", "class", "title"}),
    "term": frozenset({"term"}),
}
_SCHEME = re.compile(r"[\s\x00-\x1f]*([a-zA-Z][a-zA-Z0-9+.\-\s]*):")
_SAFE = {"http", "https", "mailto", "tel"}


def check(doc: Any, field: str) -> None:
    """Raise BadBodyError (422) for a document that the editor could not have made."""
    if not isinstance(doc, dict) or doc.get("type") != "doc":
        raise _broken(field)
    _node(doc, field, 0, [0])


def _broken(field: str) -> BadBodyError:
    message = _("This text has a part that can't be kept here.")
    return BadBodyError("bad_text_shape", message, field, status=422)


def _node(node: dict[str, Any], field: str, depth: int, counter: list[int]) -> None:
    counter[0] += 1
    if depth > _MOST_DEEP or counter[0] > _MOST_NODES:
        message = _("This text is longer, or nested deeper, than can be kept. Please divide it.")
        raise BadBodyError("text_too_long", message, field, status=422)
    kind = node["type"]
    known = {"type", "attrs"} | ({"text", "marks"} if kind == "text" else {"content", "marks"})
    if not node.keys() <= known:
        raise _broken(field)
    _attributes(node.get("attrs"), _ATTRIBUTES.get(kind, frozenset()), field)
    _marks(node.get("marks"), field)
    if kind == "heading" and (node.get("attrs") or {}).get("level") not in (2, 3):
        raise _broken(field)
    if kind == "text":
        text = node.get("text")
        if not isinstance(text, str) or not 0 < len(text) <= _MOST_LETTERS:
            raise _broken(field)
    children = node.get("content", [])
    if not isinstance(children, list):
        raise _broken(field)
    for child in children:
        if not isinstance(child, dict) or not _fits(child.get("type"), kind):
            raise _broken(field)
        _node(child, field, depth + 1, counter)


def _fits(kind: Any, inside: str) -> bool:
    return isinstance(kind, str) and kind in _INSIDE[inside]


def _attributes(attrs: Any, known: frozenset[str], field: str) -> None:
    if attrs is None:
        return
    if not isinstance(attrs, dict) or not attrs.keys() <= known:
        raise _broken(field)
    for value in attrs.values():
        plain = value is None or (
            isinstance(value, (int, str)) and len(str(value)) <= _MOST_ADDRESS
        )
        widths = isinstance(value, list) and all(isinstance(each, int) for each in value)
        if not (plain or (widths and len(value) <= 50)):
            raise _broken(field)


def _marks(marks: Any, field: str) -> None:
    if marks is None:
        return
    if not isinstance(marks, list) or len(marks) > len(_MARKS):
        raise _broken(field)
    for mark in marks:
        if not isinstance(mark, dict) or not mark.keys() <= {"type", "attrs"}:
            raise _broken(field)
        kind = mark.get("type")
        if not isinstance(kind, str) or kind not in _MARKS:
            raise _broken(field)
        _attributes(mark.get("attrs"), _MARKS[kind], field)
        if kind == "link":
            _link(mark.get("attrs") or {}, field)
        if kind == "term" and not is_id((mark.get("attrs") or {}).get("term")):
            raise _broken(field)


def _link(attrs: dict[str, Any], field: str) -> None:
    href = attrs.get("href")
    if not isinstance(href, str):
        raise _broken(field)
    scheme = _SCHEME.match(href)
    if scheme and re.sub(r"\s", "", scheme.group(1)).lower() not in _SAFE:
        message = _("A link can lead to a web address, a mail address or a telephone number.")
        raise BadBodyError("bad_link", message, field, status=422)


def is_id(value: Any) -> bool:
    """Say whether this is the id of something, as it stands in JSON."""
    if not isinstance(value, str) or len(value) != 36:
        return False
    try:
        return str(uuid.UUID(value)) == value
    except ValueError:
        return False
