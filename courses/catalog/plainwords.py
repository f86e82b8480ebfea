"""The plain-words check: what a newcomer may not understand in a draft. It warns and never forbids.

Pure: no database. Words of the list that aren't marked, abbreviations, and jargon with a plainer word; what
is explained where it stands, as in 稟議（社内の承認）, is left alone.
"""

import dataclasses
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from django.utils.translation import gettext as _

from courses.catalog import jargon
from courses.catalog.blocks import LEFT_OVER, RawBlock
from courses.catalog.richtext import runs
from partners.folding import fold

_ABBREVIATION = re.compile(
    r"(?<![A-Za-z0-9])[A-Z](?:[A-Z0-9]*[&/])?[A-Z0-9]*[A-Z0-9](?=s?(?![A-Za-z0-9]))"
)
_MIXED = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,3}(?:[a-z]|aa)[A-Z](?=s?(?![A-Za-z0-9]))")
"""PoC, AIoT, SaaS; names such as DeNA, MacOS and LinkedIn are built otherwise."""

_KATAKANA = re.compile(r"[ァ-ヺー]{2,}")
_EXPLAINED = re.compile(r"[」』”\"]?\s?[(（]")
_LONGEST_ABBREVIATION = 6
_LONG_KATAKANA = 9

_FIELDS = {
    "story": ("title", "before", "turning_point", "after", "quote"),
    "person": ("role", "ask_about"),
    "phrases": ("title",),
    "image": ("caption",),
    "video": ("title",),
}


class Known(Protocol):
    """A word of the list: a `Term`, or what looks like one."""

    @property
    def pk(self) -> Any:
        """Its id."""

    @property
    def word(self) -> str:
        """How it is written."""


@dataclasses.dataclass(frozen=True)
class Unexplained:
    """A word that needs a second look: in which block, and what to do. `term`: its id if it is in the list."""

    block: str
    word: str
    hint: str
    term: str = ""


@dataclasses.dataclass(frozen=True)
class _Piece:
    """Text that stands together in a block, and the id of the term that it is marked with, where it can be."""

    block: str
    text: str
    term: str = ""
    is_rich: bool = False


def warnings(blocks: Iterable[RawBlock], terms: Iterable[Known]) -> list[Unexplained]:
    """Return the words of a draft that a newcomer may not know, in order, each once.

    `terms` is the glossary in the draft's language.
    """
    pieces = [piece for block in blocks for piece in _pieces(block)]
    whole = "\n".join(piece.text for piece in pieces)
    known = {str(term.pk): _plain(term.word) for term in terms}
    seen = {_same(piece.text) for piece in pieces if piece.term}
    seen |= {_same(known[piece.term]) for piece in pieces if piece.term in known}
    found: list[Unexplained] = []
    for piece in pieces:
        for word, hint, term in () if piece.term else _suspects(piece, known):
            if _same(word) not in seen and not _is_explained(word, whole):
                seen.add(_same(word))
                found.append(Unexplained(piece.block, word, hint, term))
    return found


def _suspects(piece: _Piece, known: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Return word, hint and term's id of what may need explaining, the glossary first."""
    text, is_rich = piece.text, piece.is_rich
    listed = (
        _("It is in the glossary: mark it, and a tap explains it.")
        if is_rich
        else _("It is in the glossary. Say what it means in brackets, or mark it in a text block.")
    )
    for term, word in known.items():
        if _holds(text, word):
            yield word, listed, term
    found = (_latin(text, is_rich=is_rich), _katakana(text, is_rich=is_rich))
    for word, hint in itertools.chain(*found):
        yield word, hint, ""


def _latin(text: str, *, is_rich: bool) -> Iterator[tuple[str, str]]:
    in_full = (
        _("Write it in full, or add it to the glossary and mark it.")
        if is_rich
        else _("Write it in full, or say in brackets what it means.")
    )
    both = (*_ABBREVIATION.finditer(text), *_MIXED.finditer(text))
    for match in sorted(both, key=lambda each: each.start()):
        word = match[0]
        if len(word) <= _LONGEST_ABBREVIATION and word not in jargon.EVERYDAY_ABBREVIATIONS:
            yield word, in_full
    for word, plainer in jargon.ENGLISH.items():
        if _holds(text, word):
            yield word, _plainer(plainer, is_rich=is_rich)


def _katakana(text: str, *, is_rich: bool) -> Iterator[tuple[str, str]]:
    long = (
        _("A long word. Is there a shorter one, or is it worth explaining?")
        if is_rich
        else _("A long word. Is there a shorter one? If not, say in brackets what it means.")
    )
    for match in _KATAKANA.finditer(text):
        word = match[0]
        if word in jargon.KATAKANA:
            yield word, _plainer(jargon.KATAKANA[word], is_rich=is_rich)
        elif len(word) >= _LONG_KATAKANA and word not in jargon.EVERYDAY_KATAKANA:
            yield word, long


def _plainer(plainer: str, *, is_rich: bool) -> str:
    words = (
        _("Could you say “%(plainer)s”? If not, add it to the glossary and mark it.")
        if is_rich
        else _("Could you say “%(plainer)s”? If not, say in brackets what it means.")
    )
    return words % {"plainer": plainer}


def _holds(text: str, word: str) -> bool:
    """Say whether a text holds a word that is not just a part of another one: リード is not in リードタイム.

    Japanese has no spaces, so a word of characters may stand inside a longer one: 稟議 is in 稟議書.
    """
    text, word = text.lower(), word.lower()
    if not word or word not in text:
        return False
    before, after = _alike(word[0]), _alike(word[-1])
    left = f"(?<!{before})" if before else ""
    right = f"(?:e?s)?(?!{after})" if after == _LETTERS else f"(?!{after})" if after else ""
    return re.search(f"{left}{re.escape(word)}{right}", text) is not None


_LETTERS = "[a-z0-9]"


def _alike(sign: str) -> str:
    """Return the signs which, beside this one, make one longer word of it."""
    if sign.isascii() and sign.isalnum():
        return _LETTERS
    return "[ァ-ヺー]" if _KATAKANA.fullmatch(sign * 2) else ""


def _is_explained(word: str, whole: str) -> bool:
    """Say whether it is told what the word means: 稟議（社内の承認）, or 営業支援システム（SFA）."""
    for match in re.finditer(re.escape(word), whole, re.IGNORECASE):
        if _EXPLAINED.match(whole, match.end()):
            return True
        before, after = whole[: match.start()].rstrip(), whole[match.end() :].lstrip()
        if before.endswith(("(", "（")) and after.startswith((")", "）")):
            return True
    return False


def _pieces(block: RawBlock) -> Iterator[_Piece]:
    if block.kind == "text" and isinstance(block.data.get("doc"), dict):
        for term, text in runs(block.data["doc"]):
            yield _Piece(block.key, _plain(text), term, is_rich=True)
    for text in _lines(block):
        if isinstance(text, str) and text.strip():
            yield _Piece(block.key, _plain(text))


def _lines(block: RawBlock) -> Iterator[Any]:
    """Return the plain lines of a block, whatever they are: a draft may be half written."""
    yield from (block.data.get(field) for field in _FIELDS.get(block.kind, ()))
    if block.kind == "phrases":
        yield from _list(block.data.get("lines"))
    if block.kind == "quiz":
        for item in filter(_is_dict, _list(block.data.get("items"))):
            yield from (item.get("stem"), item.get("explanation"))
            for option in filter(_is_dict, _list(item.get("options"))):
                yield from (option.get("text"), option.get("explanation"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_dict(value: Any) -> bool:
    return isinstance(value, dict)


def _plain(text: str) -> str:
    """Return a text in usual width: ﾘｰﾄﾞ becomes リード. What is left of a template is no word of it."""
    return unicodedata.normalize("NFKC", LEFT_OVER.sub(" ", text))


def _same(word: str) -> str:
    return fold(word).strip()
