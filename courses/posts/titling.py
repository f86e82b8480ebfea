"""Titles of posts, and their lines as a document and back. Pure: no database."""

import re
from collections.abc import Iterator
from typing import Any

LONGEST = 40
_ENDS = re.compile(r"[。．！？!?\n]|\.(?:\s|$)")
_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_ADDRESS = re.compile(r"https?://[a-z0-9][!-;=?-~]{2,}", re.IGNORECASE)
_NO_END = ".,;:!?'\"()[]{}"
_PAUSES = re.compile(r"[、，,\s]")


def suggested(text: str) -> str:
    """Return a title made of a text's first words; `post.js` says the same while somebody writes."""
    first = _ENDS.split(text.strip(), maxsplit=1)[0].strip()
    if len(first) <= LONGEST:
        return first
    cut = first[:LONGEST]
    pauses = [found.start() for found in _PAUSES.finditer(cut)]
    at = pauses[-1] if pauses and pauses[-1] >= LONGEST // 2 else LONGEST - 1
    return cut[:at].rstrip() + "…"


def spoken(text: str, fallback: str) -> str:
    """Return the language of a text, told by its letters; the fallback where it has none."""
    if _JAPANESE.search(text):
        return "ja"
    return "en" if _LATIN.search(text) else fallback


def document(text: str) -> dict[str, Any]:
    """Return lines as a rich text: an empty line parts paragraphs."""
    parts = re.split(r"\n[^\S\n]*\n\s*", text.strip())
    return {"type": "doc", "content": [_paragraph(part) for part in parts if part.strip()]}


def lines(doc: dict[str, Any]) -> str | None:
    """Return the lines of which `document` makes this rich text; None for what lines alone can't say."""
    paragraphs = [
        "".join(
            "\n" if each.get("type") == "hardBreak" else str(each.get("text", ""))
            for each in paragraph.get("content", [])
        )
        for paragraph in doc.get("content", [])
    ]
    text = "\n\n".join(paragraphs)
    return text if document(text) == doc else None


def _paragraph(part: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    for line in (each.strip() for each in part.split("\n")):
        if content:
            content.append({"type": "hardBreak"})
        content += _linked(line)
    return {"type": "paragraph", "content": content}


def _linked(line: str) -> Iterator[dict[str, Any]]:
    """Yield a line's texts; an address of the web is a link, without the stop or bracket that follows it."""
    at = 0
    for found in _ADDRESS.finditer(line):
        address = found[0].rstrip(_NO_END)
        if found.start() > at:
            yield {"type": "text", "text": line[at : found.start()]}
        link = {"type": "link", "attrs": {"href": address}}
        yield {"type": "text", "text": address, "marks": [link]}
        at = found.start() + len(address)
    if line[at:]:
        yield {"type": "text", "text": line[at:]}
