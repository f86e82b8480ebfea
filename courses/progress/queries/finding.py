"""Finding modules by their words, also by misspelt ones."""

import dataclasses
import functools
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, F, Q, Value, When

from courses.catalog.finding import is_near, pairs, words_in
from courses.progress import asked
from courses.progress.queries.shelf import SHELF
from courses.progress.queries.ways import Rows, Way, rows_of, ways_of
from partners.models import Person

MOST = 30
"""So many are shown; who has more says more words."""

_LOOKED_AT = 1000
"""Among so many names that share letters with the words the near ones are looked for."""


@dataclasses.dataclass(frozen=True)
class Found:
    """What a search found, and whether the words were taken for misspelt ones."""

    ways: Sequence[Way]
    is_near: bool = False


def find_ways(person: Person, wanted: str) -> Found:
    """Return the lessons and posts that hold all these words; where none does, those named nearly so.

    What is named so comes first, then the order of the shelf. Nothing is found without a word. Three queries at
    most, and those of whoever knows what people are asked.
    """
    words = words_in(wanted)
    if not words:
        return Found([])
    rows = rows_of(person)
    named = _all(Q(words__name__contains=word) for word in words)
    told = _all(Q(words__name__contains=w) | Q(words__body__contains=w) for w in words)
    first = Case(When(named, then=Value(0)), default=Value(1))
    exact = list(rows.filter(told).order_by(first, *SHELF)[:MOST])
    if exact:
        return Found(ways_of(exact, asked.of(person)))
    return Found(ways_of(_near(rows, words), asked.of(person)), is_near=True)


def _all(conditions: Iterable[Q]) -> Q:
    return functools.reduce(operator.and_, conditions)


def _near(rows: Rows, words: Sequence[str]) -> list[dict[str, Any]]:
    """Return the modules whose names hold every word with a slip or two."""
    letters = sorted(set().union(*map(pairs, words)))
    if not letters:
        return []
    like = functools.reduce(operator.or_, (Q(words__name__contains=pair) for pair in letters))
    named = rows.filter(like).annotate(name=F("words__name")).order_by(*SHELF)[:_LOOKED_AT]
    return [row for row in named if all(is_near(word, row["name"]) for word in words)][:MOST]
