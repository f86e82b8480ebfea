"""Rich text: an editor's JSON document (ProseMirror), rendered to HTML and sanitised on the server.

What the renderer does not know it leaves out, and nh3 has the last word, so a document can never bring
in a script, a style or a foreign frame.
"""

from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe

MAX_DEPTH = 24
MAX_NODES = 4000

_ALLOWED = {
    "p", "h2", "h3", "ul", "ol", "li", "blockquote", "a", "strong", "em", "code", "br", "hr",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_SCHEMES = {"http", "https", "mailto", "tel"}

_BLOCKS = {
    "paragraph": "p",
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
    "tableRow": "tr",
    "tableCell": "td",
}
_MARKS = {"bold": "strong", "italic": "em", "code": "code"}


class TooDeepError(ValueError):
    """A document nested deeper, or longer, than anything a person writes."""


def render(doc: dict[str, Any]) -> SafeString:
    """Return a document's HTML. Raises TooDeepError beyond MAX_DEPTH levels or MAX_NODES nodes."""
    counter = [0]
    html = _children(doc, 0, counter)
    clean = nh3.clean(
        html,
        tags=_ALLOWED,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )
    return mark_safe(clean)


def plain(doc: dict[str, Any]) -> str:
    """Return a document's text alone, for search and summaries."""
    if doc.get("type") == "text":
        return str(doc.get("text", ""))
    parts = [plain(child) for child in doc.get("content") or [] if isinstance(child, dict)]
    return ("" if doc.get("type") == "paragraph" else " ").join(parts).strip()


def _children(node: dict[str, Any], depth: int, counter: list[int]) -> str:
    if depth > MAX_DEPTH:
        raise TooDeepError
    content = node.get("content")
    if not isinstance(content, list):
        return ""
    return "".join(_node(child, depth + 1, counter) for child in content if isinstance(child, dict))


def _node(node: dict[str, Any], depth: int, counter: list[int]) -> str:
    counter[0] += 1
    if counter[0] > MAX_NODES:
        raise TooDeepError
    kind = str(node.get("type"))
    if kind == "text":
        return _marked(escape(str(node.get("text", ""))), node.get("marks"))
    special = _SPECIAL.get(kind)
    if special is not None:
        return special(node, depth, counter)
    inside = _children(node, depth, counter)
    tag = _BLOCKS.get(kind)
    return f"<{tag}>{inside}</{tag}>" if tag else inside


def _marked(html: str, marks: Any) -> str:
    for mark in marks if isinstance(marks, list) else []:
        kind = mark.get("type")
        if kind == "link":
            href = str((mark.get("attrs") or {}).get("href", ""))
            if urlsplit(href).scheme in _SCHEMES:
                html = f'<a href="{escape(href, quote=True)}">{html}</a>'
        elif kind in _MARKS:
            html = f"<{_MARKS[kind]}>{html}</{_MARKS[kind]}>"
    return html


def _heading(node: dict[str, Any], depth: int, counter: list[int]) -> str:
    level = 3 if (node.get("attrs") or {}).get("level") == 3 else 2
    return f"<h{level}>{_children(node, depth, counter)}</h{level}>"


def _table(node: dict[str, Any], depth: int, counter: list[int]) -> str:
    return f"<table><tbody>{_children(node, depth, counter)}</tbody></table>"


def _table_header(node: dict[str, Any], depth: int, counter: list[int]) -> str:
    return f'<th scope="col">{_children(node, depth, counter)}</th>'


_SPECIAL: dict[str, Callable[[dict[str, Any], int, list[int]], str]] = {
    "heading": _heading,
    "table": _table,
    "tableHeader": _table_header,
    "hardBreak": lambda _n, _d, _c: "<br>",
    "horizontalRule": lambda _n, _d, _c: "<hr>",
}
