"""Reads for the first page of who looks after selling: the month so far, and the wins of the months before."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.core.cache import cache
from django.utils import timezone

from core.months import before
from core.months import name as key_of
from partners.models import Organisation, Person
from partners.queries.client import client, zone
from sales import measures
from sales.funnel import LEAST_PEOPLE, Cell
from sales.queries import funnel
from sales.queries.facts import Part

MONTHS = 6
"""So many months stand side by side, the running one last."""

_GLANCE, _KNOWN_FOR = "sales:glance:2:{}", 300


@dataclasses.dataclass(frozen=True)
class MonthWon:
    """How many deals were won in a month; None where too few people stand behind it."""

    month: dt.date
    won: int | None
    is_running: bool


@dataclasses.dataclass(frozen=True)
class Glance:
    """The running month up to and including `today`, the same days of the month before, and wins by month.

    `at`: when it was counted.
    """

    at: dt.datetime = dataclasses.field(compare=False)
    month: dt.date
    today: dt.date
    now: Cell
    then: Cell
    months: Sequence[MonthWon]


def glance(viewer: Person) -> Glance | None:
    """Return what somebody sees first of selling; None where nothing was told in all these months.

    The client's people see all companies, a partner's their own. Kept for five minutes; else four statements, and two
    more where few people won something.
    """
    key = _GLANCE.format("client" if viewer.of_client else viewer.organisation_id)
    found: tuple[Glance | None] | None = cache.get(key)
    if found is None:
        found = (_glance(viewer, zone(client())),)
        cache.set(key, found, _KNOWN_FOR)
    return found[0]


def forget(organisations: Iterable[object] | None = None) -> None:
    """Have figures counted anew where they are next looked at: all together, and these companies' (None: all)."""
    if organisations is None:
        organisations = Organisation.objects.values_list("pk", flat=True)
    cache.delete_many([_GLANCE.format(each) for each in ("client", *organisations)])


def _glance(viewer: Person, here: dt.tzinfo) -> Glance | None:
    today = timezone.localdate(timezone=here)
    running = today.replace(day=1)
    months = [before(running, back) for back in reversed(range(MONTHS))]
    tomorrow = today + dt.timedelta(days=1)
    last = months[-2]
    same_days = Part(since=last, until=min(last + (tomorrow - running), running), zone=here)
    now = funnel.happened(viewer, Part(since=running, until=tomorrow, zone=here))
    then = funnel.happened(viewer, same_days)
    part = Part(since=months[0], until=tomorrow, zone=here)
    least = {key_of(running): now.people, key_of(last): then.people}
    keys = [key_of(month) for month in months]
    won = _of_deals(viewer, part, keys, least) or _of_all(viewer, part)
    if not won:
        return None
    return Glance(
        at=timezone.now(),
        month=running,
        today=today,
        now=now,
        then=then,
        months=[
            MonthWon(month, won.get(key, 0), month == running)
            for month, key in zip(months, keys, strict=True)
        ],
    )


def _of_deals(
    viewer: Person, part: Part, months: Sequence[str], least: Mapping[str, int]
) -> dict[str, int | None]:
    """Return wins by month from the deals alone; nothing where they don't say enough. One statement.

    They do where each month has LEAST_PEOPLE who won something, or of whom it is known otherwise that so many told
    something (`least`): then none is held back. One's own figures never are.
    """
    found = funnel.wins(viewer, part)
    if viewer.of_client:
        people = (max(least.get(key, 0), found.get(key, (0, 0))[1]) for key in months)
        if min(people) < LEAST_PEOPLE:
            return {}
    return {key: won for key, (won, _winners) in found.items()}


def _of_all(viewer: Person, part: Part) -> dict[str, int | None]:
    """Return wins by month from all that was told, None where they may not be told. Two statements.

    With 100,000 reps that is millions of rows.
    """
    groups = funnel.figures(viewer, part, funnel.MONTH).groups
    return {
        group.label: group.cell.counts.get(measures.WON, 0) if group.is_shown else None
        for group in groups
    }
