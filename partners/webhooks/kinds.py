"""The kinds of news that other systems may hear: each app declares its own with the words.

What a kind's payload holds is a contract: a field may come, none goes or is renamed. `docs/webhooks.md` shows each.
"""

import dataclasses
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import pgettext

TEST = "webhook.test"
"""The kind of a test message, which somebody sends by hand to one endpoint."""


@dataclasses.dataclass(frozen=True)
class Kind:
    """How a kind of news is called, and when it comes."""

    name: str
    label: "str | Promise"
    when: "str | Promise"


_kinds: dict[str, Kind] = {}


def declare(name: str, label: "str | Promise", when: "str | Promise") -> None:
    """Declare a kind of news. Declaring it again replaces it."""
    _kinds[name] = Kind(name, label, when)


def declared() -> Sequence[Kind]:
    """Return all kinds, by name."""
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def is_declared(name: str) -> bool:
    """Say whether an app has declared this kind."""
    return name in _kinds


def label_of(name: str) -> str:
    """Return how a kind is called in the current language; its name where no app declares it any more."""
    if name == TEST:
        return pgettext("webhook", "Test")
    return str(_kinds[name].label) if name in _kinds else name
