"""The kinds of notices: each app declares its own with the words and the icon."""

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from core.models import Notice

Settled = Callable[[Sequence[Notice]], Mapping[str, str]]
"""Says of notices of one person which of them ask for nothing any more: their keys, each with what became of it."""


@dataclasses.dataclass(frozen=True)
class Kind:
    """How notices of this kind read. `words` makes the sentence from the notice's data."""

    name: str
    icon: str
    words: Callable[[dict[str, Any]], str]
    settled: Settled | None = None


_kinds: dict[str, Kind] = {}


def declare(
    name: str, icon: str, words: Callable[[dict[str, Any]], str], settled: Settled | None = None
) -> None:
    """Declare a kind of notice. Declaring it again replaces it. `settled` is asked once for all that declare it."""
    _kinds[name] = Kind(name, icon, words, settled)


def is_declared(name: str) -> bool:
    """Say whether an app has declared this kind."""
    return name in _kinds


def names() -> set[str]:
    """Return the names of all kinds."""
    return set(_kinds)


def describe(notice: Notice) -> tuple[str, str]:
    """Return icon and sentence of a notice, in the current language.

    Raises KeyError for a kind that no app declares.
    """
    kind = _kinds[notice.kind]
    return kind.icon, kind.words(notice.data)


def settled(notices: Collection[Notice]) -> dict[str, str]:
    """Return which of one person's notices ask for nothing any more, by key, and what became of each.

    As many queries as there are ways to find that out among their kinds, however many notices.
    """
    told: dict[Settled, list[Notice]] = {}
    for notice in notices:
        kind = _kinds.get(notice.kind)
        if kind is not None and kind.settled is not None:
            told.setdefault(kind.settled, []).append(notice)
    return {key: word for find, those in told.items() for key, word in find(those).items()}
