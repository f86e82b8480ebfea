"""Reads for the first page of who looks after selling: the month so far, and the wins of the months before."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from django.core.cache import cache
from django.utils import timezone

from core.months import before
from core.months import name as key_of
from partners.models import Person
from partners.queries.client import client, zone
from sales import measures
from sales.funnel import Cell
from sales.queries import funnel
from sales.queries.facts import Part

MONTHS = 6
"""So many months stand side by side, the running one last."""

_GLANCE, _KNOWN_FOR = "sales:glance:{}", 300


@dataclasses.dataclass(frozen=True)
class MonthWon:
    """How many deals were won in a month; None where too few people stand behind it."""

    month: dt.date
    won: int | None
    is_running: bool


@dataclasses.dataclass(frozen=True)
class Glance:
    """The running month up to and including `today`, the same days of the month before, and wins by month."""

    month: dt.date
    today: dt.date
    now: Cell
    then: Cell
    months: Sequence[MonthWon]


def glance(viewer: Person) -> Glance | None:
    """Return what somebody sees first of selling; None where nothing was told in all these months.

    The client's people see all companies, a partner's their own. Kept for five minutes, else five statements.
    """
    key = _GLANCE.format("client" if viewer.of_client else viewer.organisation_id)
    found: tuple[Glance | None] | None = cache.get(key)
    if found is None:
        found = (_glance(viewer, zone(client())),)
        cache.set(key, found, _KNOWN_FOR)
    return found[0]


def _glance(viewer: Person, here: dt.tzinfo) -> Glance | None:
    today = timezone.localdate(timezone=here)
    running = today.replace(day=1)
    months = [before(running, back) for back in reversed(range(MONTHS))]
    tomorrow = today + dt.timedelta(days=1)
    part = Part(since=months[0], until=tomorrow, zone=here)
    by_month = {group.label: group for group in funnel.figures(viewer, part, funnel.MONTH).groups}
    if not by_month:
        return None
    last = months[-2]
    same_days = Part(since=last, until=min(last + (tomorrow - running), running), zone=here)
    none = Cell(key="", people=0, counts={}, amounts={}, tops={}, own=not viewer.of_client)
    own = by_month.get(key_of(running))
    return Glance(
        month=running,
        today=today,
        now=own.cell if own else none,
        then=funnel.total(viewer, same_days),
        months=[
            MonthWon(month, _won(by_month.get(key_of(month))), month == running) for month in months
        ],
    )


def _won(group: funnel.Group | None) -> int | None:
    """Return how many deals a month's figures say were won; None where they may not be told."""
    if group is None:
        return 0
    return group.cell.counts.get(measures.WON, 0) if group.is_shown else None
