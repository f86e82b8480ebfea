"""Reads of a shelf of any length: what stands first, one page of it, and what comes next."""

import dataclasses
import functools
import math
import operator
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Q, QuerySet, Subquery, Value, When

from core.written import written_once
from courses.catalog.models import Module
from courses.progress import asked
from courses.progress.models import ModuleProgress
from courses.progress.queries.ways import DOING, Rows, Way, published, rows_of, ways_of
from partners.models import Person

SHELF = ("course__position", "position", "pk")
"""The order of the shelf."""

PAGE_SIZE = 60

_PRACTISED = 5
"""Among so many that are finished and not understood the one to practise is chosen."""


@dataclasses.dataclass(frozen=True)
class Shortlist:
    """What a first page shows of a shelf of any length: a few ways in its order, and how many there are.

    Among the ways are all that is asked, what was begun last, the first to do and what to practise, so that
    `next_way` and `to_practise` choose as among all.
    """

    ways: Sequence[Way]
    done: int
    total: int


def shortlist(person: Person, first: int) -> Shortlist:
    """Return the short list with so many that are to do and not asked.

    Two queries at most, and those of whoever knows what people are asked (see `courses.progress.asked`).
    """
    wanted = asked.of(person)
    found = _shortlisted(person, first, tuple(wanted))
    done, total = (found[0]["done"], found[0]["total"]) if found else (0, 0)
    return Shortlist(ways_of(found, wanted), done or 0, total)


@written_once
def _shortlisted(person: Person, first: int, wanted: Sequence[uuid.UUID]) -> Rows:
    rows = _lessons(person)
    practised = rows.filter(mine__finished_at__isnull=False, mine__understood_at__isnull=True)
    chosen = [
        *(_begun(rows), _first(_unasked(rows, person, wanted), first)),
        *(
            _latest(practised, _PRACTISED),
            _first(rows, 1),
            wanted,
        ),  # the first one carries the counts
    ]
    found: Rows = _among(rows, chosen).annotate(**_counts(person)).order_by(*SHELF)
    return found


def _counts(person: Person) -> dict[str, Subquery]:
    """Return, as parts of a query, how many lessons there are for a person, and how many they have finished."""
    shelf = published(person).filter(form=Module.Form.LESSON).order_by()
    done = ModuleProgress.objects.visible_to(person).filter(
        finished_at__isnull=False, module__in=shelf
    )
    return {"total": _count(shelf), "done": _count(done.order_by())}


def _count(rows: "QuerySet[Any]") -> Subquery:
    return Subquery(rows.values(one=Value(1)).annotate(n=Count("pk")).values("n"))


def ways_page(person: Person, number: str | None, course: uuid.UUID | None) -> "Page[Any]":
    """Return one page of the shelf, of a number or where a course begins; its `object_list` holds Ways.

    Four queries at most, and those of whoever knows what people are asked.
    """
    rows = _lessons(person)
    paginator = Paginator(rows.order_by(*SHELF), PAGE_SIZE)
    if course and (first := rows.filter(course_id=course).order_by(*SHELF).first()):
        number = str(rows.exclude(_behind(first)).exclude(pk=first["pk"]).count() // PAGE_SIZE + 1)
    page: Page[Any] = paginator.get_page(number)
    page.object_list = ways_of(page.object_list, asked.of(person))
    return page


def asked_ways(person: Person) -> list[Way]:
    """Return what this person is asked and has not finished, by its date. Two queries, and those of who asks."""
    wanted = asked.of(person)
    found = ways_of(_among(_lessons(person), [wanted]).order_by(*SHELF), wanted) if wanted else []
    return in_order([way for way in found if way.to_do])


def newest_ways(person: Person, count: int) -> list[Way]:
    """Return what was published last. Two queries, and those of whoever knows what people are asked."""
    rows = _lessons(person).order_by("-version__published_at", "pk")
    return ways_of(rows[:count], asked.of(person))


def next_way(found: Sequence[Way]) -> Way | None:
    """Return the one next thing; None if all is done.

    What is required and due soon comes first, then what was begun last, then what is asked, then the first to do.
    """
    open_ones = [way for way in found if way.to_do]
    if pressing := [way for way in open_ones if way.asked and way.asked.presses]:
        return in_order(pressing)[0]
    if begun := [way for way in open_ones if way.state == DOING]:
        return max(begun, key=_when)
    return next(iter(in_order(open_ones)), None)


def to_practise(found: Sequence[Way]) -> Way | None:
    """Return what to practise: of what was finished and not understood the one that was worked at last."""
    missed = [way for way in found if way.to_practise]
    return max(missed, key=_when, default=None)


def _when(way: Way) -> float:
    return way.last_at.timestamp() if way.last_at else 0.0


def in_order(found: Sequence[Way]) -> list[Way]:
    """Put what is asked first, by its date; the rest stays in the order of the shelf."""
    return sorted(found, key=lambda way: way.asked.rank if way.asked else math.inf)


def following(person: Person, module_id: uuid.UUID) -> Way | None:
    """Return what comes after this module: the next open one behind it, else any open one.

    Two queries at most, and those of whoever knows what people are asked.
    """
    wanted = asked.of(person)
    return next_way(ways_of(_followers(person, module_id, tuple(wanted)), wanted))


@written_once
def _followers(person: Person, module_id: uuid.UUID, wanted: Sequence[uuid.UUID]) -> Rows:
    rows = _lessons(person).exclude(pk=module_id)
    here = Module.objects.filter(pk=module_id)
    behind = _behind({name: Subquery(here.values(name)) for name in SHELF})
    todo = _unasked(rows, person, wanted)
    chosen = [_begun(rows), _first(todo.filter(behind), 1), _first(todo, 1), wanted]
    place = Case(When(behind, then=Value(0)), default=Value(1))
    return _among(rows, chosen).order_by(place, *SHELF)


def _lessons(person: Person) -> Rows:
    """Return what stands on the shelf; posts are no lessons."""
    return rows_of(person).filter(form=Module.Form.LESSON)


def _unasked(rows: Rows, person: Person, wanted: Sequence[uuid.UUID]) -> Rows:
    """Return what is to do and asked by nobody. Named by id, so that the database expects most of the shelf."""
    finished = ModuleProgress.objects.visible_to(person).filter(finished_at__isnull=False)
    return rows.exclude(pk__in=finished.values("module_id")).exclude(pk__in=list(wanted))


def _first(rows: Rows, count: int) -> Rows:
    return rows.order_by(*SHELF)[:count]


def _begun(rows: Rows) -> Rows:
    """Return the one that was begun last and is still to do."""
    begun = Q(answering=True) | Q(playing=True) | Q(mine__last_at__isnull=False)
    return _latest(rows.filter(begun, mine__finished_at__isnull=True), 1)


def _latest(rows: Rows, count: int) -> Rows:
    return rows.order_by(F("mine__last_at").desc(nulls_last=True), *SHELF)[:count]


def _among(rows: Rows, chosen: Sequence[Any]) -> Rows:
    """Keep the rows that are among some of these: queries, or modules' ids."""
    ids = [each.values("pk") if isinstance(each, QuerySet) else list(each) for each in chosen]
    return rows.filter(functools.reduce(operator.or_, (Q(pk__in=each) for each in ids)))


def _behind(row: Mapping[str, Any]) -> Q:
    """Hold modules to those that stand behind this one on the shelf."""
    course, place, pk = (row[name] for name in SHELF)
    return (
        Q(course__position__gt=course)
        | Q(course__position=course, position__gt=place)
        | Q(course__position=course, position=place, pk__gt=pk)
    )
