"""How the demo's texts mark a term: `[word](term:key)`, which Markdown reads as a link."""

import re
from collections.abc import Callable
from typing import Any

SCHEME = "term:"
_MARK = re.compile(r"\[([^\]]+)\]\(term:[a-z]+\)")


def unmarked(source: str) -> str:
    """Return a Markdown text as it is read, without its marks."""
    return _MARK.sub(r"\1", source)


def marked(node: dict[str, Any], id_of: Callable[[str], str]) -> dict[str, Any]:
    """Return an editor's document whose links to `term:key` are marks of terms; `id_of` knows their ids."""
    new = dict(node)
    if "marks" in node:
        new["marks"] = [_mark(mark, id_of) for mark in node["marks"]]
    if "content" in node:
        new["content"] = [marked(child, id_of) for child in node["content"]]
    return new


def _mark(mark: dict[str, Any], id_of: Callable[[str], str]) -> dict[str, Any]:
    href = str(mark.get("attrs", {}).get("href", ""))
    if mark["type"] != "link" or not href.startswith(SCHEME):
        return mark
    return {"type": "term", "attrs": {"term": id_of(href.removeprefix(SCHEME))}}
