"""Scoring: from answers and keys to credits. Pure functions over plain values, no database.

Single choice and true/false: all or nothing. Multiple choice: right ones chosen minus wrong ones
chosen, over the number of right ones, never below nothing (each wrong mark takes back a right one, so
that marking everything earns nothing more than chance). Only full credit counts as *correct*.
"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_THOUSANDTH = Decimal("0.001")
_NOTHING, _ALL = Decimal(0), Decimal(1)


@dataclasses.dataclass(frozen=True)
class Item:
    """What scoring needs to know of a question."""

    key: str
    kind: str
    weight: int
    option_keys: frozenset[str]
    correct_keys: frozenset[str]


@dataclasses.dataclass(frozen=True)
class Score:
    """The outcome of an attempt: `credits` by item (0 to 1), and their weighted sum."""

    credits: Mapping[str, Decimal]
    score: Decimal
    max_score: Decimal

    @property
    def correct(self) -> list[str]:
        """The keys of the items with full credit."""
        return [key for key, credit in self.credits.items() if credit == _ALL]

    @property
    def fraction(self) -> Decimal:
        """The score as a part of the most that could be had, 0 to 1, to three decimals."""
        return fraction(self.score, self.max_score)


def fraction(score: Decimal, most: Decimal) -> Decimal:
    """Return a score as a part of the most that could be had, 0 to 1, to three decimals."""
    return (score / most).quantize(_THOUSANDTH, ROUND_HALF_UP) if most else _NOTHING


def items_of(
    document: Mapping[str, Any], corrections: Mapping[str, Iterable[str]] | None = None
) -> list[Item]:
    """Return the items of a published quiz document, with corrected keys (item → option keys) put in."""
    corrected = {key: frozenset(right) for key, right in (corrections or {}).items()}
    return [
        Item(
            key=raw["key"],
            kind=raw["kind"],
            weight=raw.get("weight", 1),
            option_keys=frozenset(option["key"] for option in raw["options"]),
            correct_keys=corrected.get(
                raw["key"],
                frozenset(option["key"] for option in raw["options"] if option["correct"]),
            ),
        )
        for raw in document["items"]
    ]


def as_credit(stored: Any) -> Decimal:
    """Return a stored credit as scoring computes it."""
    return Decimal(str(stored))


def credit(item: Item, chosen: Collection[str]) -> Decimal:
    """Return the credit (0 to 1, three decimals) of one answer. Options that don't exist count as wrong."""
    picks = set(chosen)
    if not picks:
        return _NOTHING
    if item.kind != "multiple":
        return _ALL if picks == item.correct_keys else _NOTHING
    right = len(picks & item.correct_keys)
    wrong = len(picks - item.correct_keys)
    if not wrong and right == len(item.correct_keys):
        return _ALL
    part = Decimal(max(right - wrong, 0)) / Decimal(len(item.correct_keys))
    return part.quantize(_THOUSANDTH, ROUND_HALF_UP)


def score(items: Sequence[Item], answers: Mapping[str, Collection[str]]) -> Score:
    """Score an attempt at these items; an item without an answer earns nothing."""
    earned = {item.key: credit(item, answers.get(item.key, ())) for item in items}
    total = sum((earned[item.key] * item.weight for item in items), _NOTHING)
    return Score(earned, total, Decimal(sum(item.weight for item in items)))
