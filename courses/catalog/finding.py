"""What a published module is found by, and which words are meant by one that is misspelt. Pure functions."""

from collections.abc import Iterator, Mapping
from typing import Any

from courses.catalog import richtext
from partners.folding import fold

_FIELDS = {
    "video": ("title",),
    "image": ("alt", "caption"),
    "story": ("title", "name", "role", "before", "turning_point", "after", "quote"),
    "person": ("name", "role", "ask_about"),
    "phrases": ("title",),
}
"""The texts of a block that readers see. A quiz isn't among them: who searches is not to meet its questions."""

MOST_WORDS = 8


def name_of(document: Mapping[str, Any]) -> str:
    """Return title and summary of a version, folded as searches are."""
    return fold(f"{document.get('title', '')}\n{document.get('summary', '')}")


def body_of(document: Mapping[str, Any]) -> str:
    """Return all other texts of a version that readers see, with the terms that it explains, folded."""
    terms = document.get("terms", {}).values()
    told = [text for term in terms for text in (term.get("word", ""), term.get("reading", ""))]
    return fold("\n".join([*_texts(document), *told]))


def _texts(document: Mapping[str, Any]) -> Iterator[str]:
    for block in document.get("blocks", []):
        data = block["data"]
        if block["kind"] == "text":
            yield richtext.plain(data["doc"])
        yield from (str(data.get(field) or "") for field in _FIELDS.get(block["kind"], ()))
        if block["kind"] == "phrases":
            yield from map(str, data.get("lines", ()))


def words_in(wanted: str) -> list[str]:
    """Return the words of a search, folded, eight at most."""
    return fold(wanted.replace("\0", "")).split()[:MOST_WORDS]


def is_kana(word: str) -> bool:
    """Say whether a folded word may be a reading: two letters of hiragana at least."""
    return len(word) > 1 and all("ぁ" <= letter <= "ゖ" or letter == "ー" for letter in word)


def pairs(word: str) -> set[str]:
    """Return the neighbouring letters of a word: of these a text holds some, however the word is misspelt."""
    return {word[at : at + 2] for at in range(len(word) - 1)}


def slips(word: str) -> int:
    """Return how many letters of a word of this length may be wrong, missing or too many."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def is_near(word: str, text: str) -> bool:
    """Say whether the text holds the word with no more slips than it may have.

    Sellers' algorithm (1980): the edit distance to the nearest part of the text.
    """
    allowed, above = slips(word), list(range(len(word) + 1))
    for letter in text:
        row = [0]
        for at, own in enumerate(word, start=1):
            row.append(min(above[at] + 1, row[-1] + 1, above[at - 1] + (own != letter)))
        if row[-1] <= allowed:
            return True
        above = row
    return above[-1] <= allowed
