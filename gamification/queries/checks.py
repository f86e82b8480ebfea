"""Proof that ledger, standings and boards say the same, row for row."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator, Mapping

from django.db.models import Sum
from django.utils import timezone

from core.scope import CLIENT, scoped
from gamification import boards, months
from gamification.models import Board, LedgerEntry
from gamification.queries import groups, rules
from gamification.ranking import Points, Unit


@dataclasses.dataclass(frozen=True)
class Difference:
    """That two places say different things about the same row."""

    month: dt.date
    what: str
    row: str
    expected: object
    found: object

    def __str__(self) -> str:
        where = f"{months.name(self.month)} {self.what} {self.row}"
        return f"{where}: expected {self.expected}, found {self.found}"


def all_months() -> list[dt.date]:
    """Return every month that has points or a board, oldest first."""
    with scoped(CLIENT):
        booked = set(LedgerEntry.objects.order_by().values_list("month", flat=True).distinct())
        return sorted(booked | set(Board.objects.values_list("month", flat=True)))


def differences(month: dt.date) -> list[Difference]:
    """Return every row of the month in which ledger, standings and Redis differ.

    Redis is looked at for the months that it keeps. Raises BoardLostError where it can't be reached.
    """
    with scoped(CLIENT):
        ledger = dict(
            LedgerEntry.objects.filter(month=month)
            .order_by()
            .values_list("person_id")
            .annotate(Sum("points"))
        )
        rows = {each.person_id: each for each in groups.people_of(month)}
        standings = {pk: each.points for pk, each in rows.items()}
        found = [*_compare(month, "standing", ledger, standings)]
        if not months.is_closed(month, timezone.now(), rules.zone()):
            found += _compare(month, "group", _expected_groups(month), _stored_groups(month))
        if month in months.kept_months(timezone.now(), rules.zone()):
            found += _board_differences(month, rows)
    return found


def _expected_groups(month: dt.date) -> dict[uuid.UUID, tuple[int, int]]:
    return {g.member: (g.points, g.people) for g in groups.compute(month, rules.today())}


def _stored_groups(month: dt.date) -> dict[uuid.UUID, tuple[int, int]]:
    return {g.member: (g.points, g.people) for g in groups.stored(month)}


def _board_differences(
    month: dt.date, standings: Mapping[uuid.UUID, Points]
) -> Iterator[Difference]:
    held = boards.contents(month)
    if held is None:
        yield Difference(month, "board", "Redis", "a whole board", "none")
        return
    people = {pk: each.points for pk, each in standings.items()}
    among = {pk: (each.organisation_id, each.points) for pk, each in standings.items()}
    yield from _compare(month, "board", people, held.people)
    yield from _compare(month, "board by company", among, held.colleagues)
    yield from _compare(month, "board group", _stored_groups(month), held.groups)
    for unit, shown in ((Unit.TEAM, held.teams), (Unit.PARTNER, held.partners)):
        ranked = {
            group.member: group.tenths
            for group in groups.stored(month)
            if group.unit is unit and group.tenths is not None
        }
        yield from _compare(month, f"board {unit}", ranked, shown)


def _compare(
    month: dt.date,
    what: str,
    expected: Mapping[uuid.UUID, object],
    found: Mapping[uuid.UUID, object],
) -> Iterator[Difference]:
    for row in sorted(expected.keys() | found.keys()):
        if expected.get(row) != found.get(row):
            yield Difference(month, what, str(row), expected.get(row), found.get(row))
