"""Finding modules by their words, also by misspelt ones."""

import dataclasses
import functools
import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Case, F, Q, Value, When

from courses.catalog.finding import is_kana, is_near, pairs, words_in
from courses.catalog.queries import written
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

    A word in kana also stands for those that the glossary reads so. What is named so comes first, then the order of
    the shelf. Nothing is found without a word. Four queries at most, and those of whoever knows what people are asked.
    """
    words = words_in(wanted)
    if not words:
        return Found([])
    rows = rows_of(person)
    read = written(word for word in words if is_kana(word))
    exact = _exact(rows, {word: [word, *read.get(word, ())] for word in words})
    if exact:
        return Found(ways_of(exact, asked.of(person)))
    return Found(ways_of(_near(rows, words), asked.of(person)), is_near=True)


def _exact(rows: Rows, wanted: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Return the modules that hold each of the words in one of its writings, those named so first."""
    named = _all(_any(Q(words__name__contains=each) for each in ways) for ways in wanted.values())
    told = _all(
        _any(Q(words__name__contains=each) | Q(words__body__contains=each) for each in ways)
        for ways in wanted.values()
    )
    first = Case(When(named, then=Value(0)), default=Value(1))
    return list(rows.filter(told).order_by(first, *SHELF)[:MOST])


def _all(conditions: Iterable[Q]) -> Q:
    return functools.reduce(operator.and_, conditions)


def _any(conditions: Iterable[Q]) -> Q:
    return functools.reduce(operator.or_, conditions)


def _near(rows: Rows, words: Sequence[str]) -> list[dict[str, Any]]:
    """Return the modules whose names hold every word with a slip or two."""
    letters = sorted(set().union(*map(pairs, words)))
    if not letters:
        return []
    like = functools.reduce(operator.or_, (Q(words__name__contains=pair) for pair in letters))
    named = rows.filter(like).annotate(name=F("words__name")).order_by(*SHELF)[:_LOOKED_AT]
    return [row for row in named if all(is_near(word, row["name"]) for word in words)][:MOST]
