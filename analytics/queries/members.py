"""Reads of the people of a team or organisation: lists of them, searched, narrowed and sorted, and as a file."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet

from analytics import talk
from analytics.figures import Mean, Share
from analytics.models import PersonSummary
from analytics.queries.where import Where
from core import rounding
from gamification.queries import rules
from partners.folding import all_held
from partners.models import full_name
from partners.models.person import by_reading

PAGE_SIZE = 30
LISTED = 8
"""So many people stand on the team's own page; all are one tap away."""

STATES = ("late", "open", "done", "silent")
"""Late; with something required left; with all of it finished; without learning for a while."""

SORTS = ("due", "name", "quiz", "last")


def people_of(where: Where) -> "QuerySet[Any]":
    """Return the summaries of its people."""
    found = PersonSummary.objects.visible_to(where.viewer).filter(organisation=where.organisation)
    return found.filter(group_id=where.team.pk) if where.team else found


@dataclasses.dataclass(frozen=True)
class Member:
    """One person of a list: how far with what is required, how well, and when they last learnt."""

    person: Any
    required: Share
    quiz: Mean
    finished: int
    minutes: int
    due_on: dt.date | None
    overdue: int
    last_on: dt.date | None
    silent: int | None

    @property
    def left(self) -> int:
        """How much of what is required is left."""
        return self.required.whole - self.required.part


def member_of(row: Any, person: Any, today: dt.date) -> Member:
    """Return a person's summary as a line of a list."""
    return Member(
        person=person,
        required=Share(row.required_done, row.required),
        quiz=Mean(row.scored, row.score_sum),
        finished=row.finished,
        minutes=_minutes(row.seconds),
        due_on=row.due_on,
        overdue=_overdue(row.due_on, today),
        last_on=row.last_on,
        silent=(today - row.last_on).days if row.last_on else None,
    )


_ORDERS: dict[str, tuple[Any, ...]] = {
    "due": (F("due_on").asc(nulls_last=True), F("last_on").asc(nulls_first=True)),
    "name": (),
    "quiz": ((F("score_sum") * 1.0 / F("scored")).asc(nulls_last=True),),
    "last": (F("last_on").asc(nulls_first=True),),
}
_BY_NAME = by_reading("person__")


@dataclasses.dataclass(frozen=True)
class Wanted:
    """Which people a list is to show, and in which order."""

    words: str = ""
    state: str = ""
    sort: str = "due"


def first_members(where: Where) -> list[Member]:
    """Return the people who stand on the team's own page: those with something due first. One query."""
    rows = _sorted(people_of(where), "due")[:LISTED]
    return [member_of(row, row.person, rules.today()) for row in rows]


def members(where: Where, wanted: Wanted, number: str | None) -> "Page[Any]":
    """Return one page of people; its `object_list` holds Members. Three queries.

    Only what the order needs is sorted; the rows of the page are read in full after that.
    """
    page = Paginator(_wanted(where, wanted).values_list("pk", flat=True), PAGE_SIZE).get_page(
        number
    )
    ids = list(page.object_list)
    rows = people_of(where).select_related("person__team").in_bulk(ids)
    page.object_list = [
        member_of(rows[pk], rows[pk].person, rules.today()) for pk in ids if pk in rows
    ]
    return page


class Listed(NamedTuple):
    """One person of a file, as plain as a row: there may be tens of thousands."""

    name: str
    team: str
    required: int
    required_done: int
    due_on: dt.date | None
    overdue: int
    finished: int
    percent: int | None
    quizzes: int
    minutes: int
    last_on: dt.date | None


_LISTED = (
    *("person__family_name", "person__given_name", "person__team__name"),
    *(
        "required",
        "required_done",
        "due_on",
        "finished",
        "scored",
        "score_sum",
        "seconds",
        "last_on",
    ),
)


def all_members(where: Where, wanted: Wanted) -> Iterator[Listed]:
    """Yield all these people, for a file. One query; no more of each is read than stands in the file."""
    today, found = rules.today(), _at_home(_wanted(where, wanted), where)
    for row in found.values_list(*_LISTED):
        family, given, at, asked, done, due_on, finished, n, score, seconds, last_on = row
        yield Listed(
            name=full_name(family, given),
            team=at or "",
            required=asked,
            required_done=done,
            due_on=due_on,
            overdue=_overdue(due_on, today),
            finished=finished,
            percent=Mean(n, score).percent,
            quizzes=n,
            minutes=_minutes(seconds),
            last_on=last_on,
        )


def _overdue(due_on: dt.date | None, today: dt.date) -> int:
    return max((today - due_on).days, 0) if due_on else 0


def _minutes(seconds: int) -> int:
    return rounding.whole(seconds / 60)


def _wanted(where: Where, wanted: Wanted) -> "QuerySet[Any]":
    today = rules.today()
    found = people_of(where)
    if wanted.words:
        found = _at_home(found, where)
    found = found.filter(all_held("person__search", wanted.words))
    conditions = {
        "late": Q(due_on__lt=today),
        "open": Q(required__gt=F("required_done")),
        "done": Q(required__gt=0, required=F("required_done")),
        "silent": Q(last_on__lt=today - dt.timedelta(days=talk.SILENT_DAYS - 1))
        | Q(last_on__isnull=True),
    }
    if wanted.state in conditions:
        found = found.filter(conditions[wanted.state])
    return _sorted(found, wanted.sort)


def _at_home(found: "QuerySet[Any]", where: Where) -> "QuerySet[Any]":
    """Hold people to the organisation a second time, by their own rows: then only these are read, and not all."""
    return found.filter(person__organisation=where.organisation)


def _sorted(found: "QuerySet[Any]", sort: str) -> "QuerySet[Any]":
    if sort == "quiz":
        found = found.exclude(scored=0)
    return found.select_related("person__team").order_by(*_ORDERS.get(sort, ()), *_BY_NAME)
