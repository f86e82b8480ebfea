"""Markdown as a way in: turns it into the editor's JSON document. Raw HTML in it stays text."""

import unicodedata
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.token import Token


def _is_east_asian(char: str) -> bool:
    return unicodedata.east_asian_width(char) in {"W", "F", "H"}


def _emphasise(state: StateInline, silent: bool) -> bool:
    """Take `*` and `**` as CommonMark does, and also where Japanese words have no space between them.

    CommonMark doesn't open in `は**「高い」**と`, nor close: it takes the quotes for those of the words outside. Beside
    an East Asian character what counts is that the other side is no space, as the amendment "CJK friendly" has it.
    """
    start = state.pos
    if not emphasis.tokenize(state, silent):
        return False
    if state.src[start] != "*":
        return True
    before = state.src[start - 1] if start else " "
    after = state.src[state.pos] if state.pos < state.posMax else " "
    if _is_east_asian(before) or _is_east_asian(after):
        for each in state.delimiters[start - state.pos :]:
            each.open, each.close = not after.isspace(), not before.isspace()
    return True


_parser = MarkdownIt("commonmark", {"html": False}).enable("table")
_parser.inline.ruler.at("emphasis", _emphasise)

_CONTAINERS = {
    "paragraph_open": "paragraph",
    "bullet_list_open": "bulletList",
    "ordered_list_open": "orderedList",
    "list_item_open": "listItem",
    "blockquote_open": "blockquote",
    "table_open": "table",
    "tr_open": "tableRow",
    "th_open": "tableHeader",
    "td_open": "tableCell",
}
_INLINE_MARKS = {"strong_open": "bold", "em_open": "italic"}


def to_doc(source: str) -> dict[str, Any]:
    """Return a ProseMirror document of this Markdown (headings, lists, links, quotes, tables)."""
    root: dict[str, Any] = {"type": "doc", "content": []}
    stack = [root]
    for token in _parser.parse(source):
        _take(token, stack)
    return root


def _take(token: Token, stack: list[dict[str, Any]]) -> None:
    if token.type == "inline":
        stack[-1]["content"].extend(_inline(token.children or []))
    elif token.type == "heading_open":
        _open(stack, {"type": "heading", "attrs": {"level": 3 if token.tag > "h2" else 2}})
    elif token.type in _CONTAINERS:
        _open(stack, {"type": _CONTAINERS[token.type]})
    elif token.type == "hr":
        stack[-1]["content"].append({"type": "horizontalRule"})
    elif token.type in ("fence", "code_block"):
        text = {"type": "text", "text": token.content.rstrip("\n"), "marks": [{"type": "code"}]}
        stack[-1]["content"].append({"type": "paragraph", "content": [text]})
    elif token.nesting == -1 and token.type.removesuffix("_close") + "_open" in {
        *_CONTAINERS,
        "heading_open",
    }:
        stack.pop()


def _open(stack: list[dict[str, Any]], node: dict[str, Any]) -> None:
    node["content"] = []
    stack[-1]["content"].append(node)
    stack.append(node)


def _inline(tokens: list[Token]) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    for token in tokens:
        if token.type in _INLINE_MARKS:
            marks.append({"type": _INLINE_MARKS[token.type]})
        elif token.type == "link_open":
            marks.append({"type": "link", "attrs": {"href": str(token.attrs.get("href", ""))}})
        elif token.type.endswith("_close"):
            marks.pop()
        elif token.type == "hardbreak":
            nodes.append({"type": "hardBreak"})
        elif token.content or token.type == "softbreak":
            nodes.append(_text_node(token, marks))
    return nodes


def _text_node(token: Token, marks: list[dict[str, Any]]) -> dict[str, Any]:
    text = "\n" if token.type == "softbreak" else token.content
    code = [{"type": "code"}] if token.type == "code_inline" else []
    node: dict[str, Any] = {"type": "text", "text": text}
    if marks or code:
        node["marks"] = [*marks, *code]
    return node
