"""The kinds of notices: each app declares its own with the words and the icon."""

import dataclasses
from collections.abc import Callable
from typing import Any

from core.models import Notice


@dataclasses.dataclass(frozen=True)
class Kind:
    """How notices of this kind read. `words` makes the sentence from the notice's data."""

    name: str
    icon: str
    words: Callable[[dict[str, Any]], str]


_kinds: dict[str, Kind] = {}


def declare(name: str, icon: str, words: Callable[[dict[str, Any]], str]) -> None:
    """Declare a kind of notice. Declaring it again replaces it."""
    _kinds[name] = Kind(name, icon, words)


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
