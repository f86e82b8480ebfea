"""Rich text: an editor's JSON document (ProseMirror), rendered to HTML and sanitised on the server.

What the renderer does not know it leaves out, and nh3 has the last word, so a document can never bring
in a script, a style or a foreign frame.
"""

import dataclasses
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from core import ids

MAX_DEPTH = 24
MAX_NODES = 4000

_ALLOWED = {
    "p", "h2", "h3", "ul", "ol", "li", "blockquote", "a", "strong", "em", "code", "br", "hr",
    "table", "thead", "tbody", "tr", "th", "td", "dfn", "button", "span", "b",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "button": {"popovertarget", "lang"},
    "span": {"id", "popover", "lang"},
}
_VALUES = {
    "button": {"type": {"button"}, "popovertargetaction": {"hide"}},
    "span": {"role": {"note"}},
}
_CLASSES = {"button": {"btn", "btn-3", "btn-s"}, "span": {"meaning", "nowrap", "dim", "s"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_TERM = re.compile(r"term-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_BLOCKS = {
    "paragraph": "p",
    "bulletList": "ul",
    "listItem": "li",
    "blockquote": "blockquote",
    "tableRow": "tr",
}
_MARKS = {"bold": "strong", "italic": "em", "code": "code"}
_TOLD = re.compile(
    r"([（「『【〔［(\[“‘]{0,8})<dfn><button.*?</button></span>([、。，．・：；！？ー）」』】〕］),.:;!?\]”’…]*)",
    re.DOTALL,
)
"""A term that is explained, with the brackets before it and the stops after it."""


class TooDeepError(ValueError):
    """A document nested deeper, or longer, than anything a person writes."""


class Glossary:
    """The terms of one page. Each is explained where it is first used and stands plain from then on."""

    def __init__(self, terms: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self._left = dict(terms or {})

    def explain(self, term: str, html: str) -> str:
        """Return these words so that a tap shows their meaning, if it is the first use of a known term."""
        if term not in self._left:
            return html
        told = self._left.pop(term)
        values = {"id": f"term-{term}", "term": mark_safe(html), **told}
        return render_to_string("components/dfn.html", values).strip()


@dataclasses.dataclass
class _Walk:
    """One way through a document: how many nodes so far, and which terms are still to be explained."""

    glossary: Glossary
    nodes: int = 0


def render(doc: dict[str, Any], glossary: Glossary | None = None) -> SafeString:
    """Return a document's HTML. Raises TooDeepError beyond MAX_DEPTH levels or MAX_NODES nodes.

    The texts of one page share a `glossary`, so that a term is explained once.
    """
    html = _TOLD.sub(_in_one_line, _children(doc, 0, _Walk(glossary or Glossary())))
    clean = nh3.clean(
        html,
        tags=_ALLOWED,
        attributes=_ATTRIBUTES,
        tag_attribute_values=_VALUES,
        allowed_classes=_CLASSES,
        attribute_filter=_only_terms,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )
    return mark_safe(clean)


def _in_one_line(told: re.Match[str]) -> str:
    """Keep brackets and stops in the line of their term: browsers break lines on either side of a button."""
    return f'<span class="nowrap">{told[0]}</span>' if told[1] or told[2] else told[0]


def _only_terms(_tag: str, attribute: str, value: str) -> str | None:
    """Let ids name terms only, so that no text can pretend to be another part of the page."""
    if attribute in {"id", "popovertarget"} and not _TERM.fullmatch(value):
        return None
    return value


def plain(doc: dict[str, Any]) -> str:
    """Return a document's text alone, for search and summaries."""
    if doc.get("type") == "text":
        return str(doc.get("text", ""))
    parts = [plain(child) for child in doc.get("content") or [] if isinstance(child, dict)]
    return ("" if doc.get("type") == "paragraph" else " ").join(parts).strip()


def runs(doc: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return a document's texts in its order, each with the id of the term that it is marked with ("": none).

    Texts that stand beside each other in one paragraph come together, however they look.
    """
    todo = [doc]
    while todo:
        node = todo.pop()
        content = node.get("content")
        children = (
            [child for child in content if isinstance(child, dict)]
            if isinstance(content, list)
            else []
        )
        texts = [child for child in children if child.get("type") == "text"]
        for term, run in itertools.groupby(texts, _term_of):
            text = "".join(str(child.get("text", "")) for child in run)
            if text.strip():
                yield term, text
        todo.extend(child for child in reversed(children) if child.get("type") != "text")


def terms_of(doc: Mapping[str, Any]) -> Iterator[str]:
    """Return the ids of the terms that a document marks, in its order, each as often as it is marked."""
    return (term for term, _text in runs(doc) if term)


def _term_of(node: Mapping[str, Any]) -> str:
    """Return the id of the term that a text is marked with, "" for none; in a link a tap has its use already."""
    marks = list(_marks(node)) if node.get("type") == "text" else []
    if any(mark.get("type") == "link" for mark in marks):
        return ""
    for mark in marks:
        if mark.get("type") == "term":
            try:
                return str(ids.parse(str(_attributes(mark).get("term"))))
            except ValueError:
                return ""
    return ""


def _marks(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    marks = node.get("marks")
    yield from (mark for mark in marks if isinstance(mark, dict)) if isinstance(marks, list) else ()


def _attributes(node: Mapping[str, Any]) -> Mapping[str, Any]:
    found = node.get("attrs")
    return found if isinstance(found, dict) else {}


def _children(node: Mapping[str, Any], depth: int, walk: _Walk) -> str:
    if depth > MAX_DEPTH:
        raise TooDeepError
    content = node.get("content")
    if not isinstance(content, list):
        return ""
    children = (child for child in content if isinstance(child, dict))
    parts = []
    for term, run in itertools.groupby(children, _term_of):
        same = list(run)
        html = "".join(_node(child, depth + 1, walk) for child in same)
        is_word = term and any(str(child.get("text", "")).strip() for child in same)
        parts.append(walk.glossary.explain(term, html) if is_word else html)
    return "".join(parts)


def _node(node: Mapping[str, Any], depth: int, walk: _Walk) -> str:
    walk.nodes += 1
    if walk.nodes > MAX_NODES:
        raise TooDeepError
    kind = str(node.get("type"))
    if kind == "text":
        return _marked(node)
    special = _SPECIAL.get(kind)
    if special is not None:
        return special(node, depth, walk)
    inside = _children(node, depth, walk)
    tag = _BLOCKS.get(kind)
    return f"<{tag}>{inside}</{tag}>" if tag else inside


def _marked(node: Mapping[str, Any]) -> str:
    html = escape(str(node.get("text", "")))
    for mark in _marks(node):
        kind = str(mark.get("type"))
        if kind == "link":
            href = str(_attributes(mark).get("href", ""))
            if _leads_somewhere(href):
                html = f'<a href="{escape(href, quote=True)}">{html}</a>'
        elif kind in _MARKS:
            html = f"<{_MARKS[kind]}>{html}</{_MARKS[kind]}>"
    return html


def _leads_somewhere(href: str) -> bool:
    try:
        return urlsplit(href).scheme in _SCHEMES
    except ValueError:
        return False


def _heading(node: Mapping[str, Any], depth: int, walk: _Walk) -> str:
    level = 3 if _attributes(node).get("level") == 3 else 2
    return f"<h{level}>{_children(node, depth, walk)}</h{level}>"


def _table(node: Mapping[str, Any], depth: int, walk: _Walk) -> str:
    return f"<table><tbody>{_children(node, depth, walk)}</tbody></table>"


def _table_header(node: Mapping[str, Any], depth: int, walk: _Walk) -> str:
    return f'<th scope="col"{_spans(node)}>{_children(node, depth, walk)}</th>'


def _table_cell(node: Mapping[str, Any], depth: int, walk: _Walk) -> str:
    return f"<td{_spans(node)}>{_children(node, depth, walk)}</td>"


def _ordered_list(node: Mapping[str, Any], depth: int, walk: _Walk) -> str:
    return f"<ol{_number(node, 'start', 999)}>{_children(node, depth, walk)}</ol>"


def _spans(node: Mapping[str, Any]) -> str:
    return _number(node, "colspan", 20) + _number(node, "rowspan", 100)


def _number(node: Mapping[str, Any], name: str, most: int) -> str:
    """Return a node's number as an attribute, "" for the usual 1 and for what makes no sense."""
    value = _attributes(node).get(name)
    is_number = isinstance(value, int) and not isinstance(value, bool) and 1 < value <= most
    return f' {name}="{value}"' if is_number else ""


_SPECIAL: dict[str, Callable[[Mapping[str, Any], int, _Walk], str]] = {
    "heading": _heading,
    "table": _table,
    "tableHeader": _table_header,
    "tableCell": _table_cell,
    "orderedList": _ordered_list,
    "hardBreak": lambda _n, _d, _w: "<br>",
    "horizontalRule": lambda _n, _d, _w: "<hr>",
}
