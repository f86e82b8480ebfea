"""Writes of standings: the database sums up the ledger, Redis is shown the result.

A board's lock is shared by all who refresh a part of it and exclusive to who rebuilds it. Redis is written
while the locks are held, so that the order of its values is the order of the sums behind them.
"""

import dataclasses
import datetime as dt
import time
import uuid
from collections.abc import Sequence

import structlog
from django.core.cache import cache
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from core import bell
from core.notices.actions import notify
from core.scope import CLIENT, scoped
from gamification import boards, levels, months
from gamification.actions import groups as groups_of
from gamification.actions.groups import Belonging, Change
from gamification.models import Board
from gamification.queries import groups, rules
from gamification.ranking import Group, Points
from partners.models import Person

log = structlog.get_logger(__name__)

MEND = "gamification.mend_standings"
MENDING_SECONDS = 5.0
"""How long one run of `mend()` begins new rebuilds: scores wait in the same queue."""

PEOPLE_SECONDS = 60
"""How often `mend()` looks through all people for changes that no news told of."""

_BOARD_LOCK = 0x746F6D31
_SHARE = "SELECT pg_advisory_xact_lock_shared(%s, %s)"
_EXCLUDE = "SELECT pg_advisory_xact_lock(%s, %s)"

_SUM_UP = """
INSERT INTO gamification_standing (person_id, organisation_id, team_id, month, points, updated_at)
SELECT %(person)s, %(organisation)s, %(team)s, %(month)s, sum(l.points), now()
  FROM gamification_ledgerentry l WHERE l.person_id = %(person)s AND l.month = %(month)s
HAVING count(*) > 0
ON CONFLICT (person_id, month) DO UPDATE
   SET points = excluded.points, updated_at = now(),
       organisation_id = CASE WHEN %(open)s THEN excluded.organisation_id
                              ELSE gamification_standing.organisation_id END,
       team_id = CASE WHEN %(open)s THEN excluded.team_id ELSE gamification_standing.team_id END
 WHERE gamification_standing.points <> excluded.points OR (%(open)s AND
       (gamification_standing.organisation_id, gamification_standing.team_id)
       IS DISTINCT FROM (excluded.organisation_id, excluded.team_id))
RETURNING points, organisation_id,
  (SELECT json_build_array(s.points, s.organisation_id, s.team_id)
     FROM gamification_standing s WHERE s.person_id = %(person)s AND s.month = %(month)s),
  (SELECT coalesce(sum(s.points), 0) FROM gamification_standing s WHERE s.person_id = %(person)s)
"""


@transaction.atomic(savepoint=False)
def refresh_standing(*, person_id: uuid.UUID, month: dt.date) -> bool:
    """Sum up a person's month anew and show it. Returns False where nothing had changed.

    It runs in the client's scope: somebody who changed companies earned points in both.
    """
    with scoped(CLIENT):
        _lock_board(month, shared=True)
        person = _lock_person(person_id)
        summed = _sum_up(person, month)
        if summed is None:
            return False
        _tell_levels(person, summed.total, summed.total + summed.gained)
        shown = Points(person_id, summed.organisation_id, summed.points)
        _show(month, shown, _groups_after(person, month, summed))
    return True


# One refresh of a person at a time, and nobody moves them to another team meanwhile.
_LOCK_PERSON = """
SELECT p.id, p.organisation_id, p.team_id, o.kind = 'client', 'rep' = ANY (p.roles) AND p.is_active
  FROM partners_person p JOIN partners_organisation o ON o.id = p.organisation_id
 WHERE p.id = %s FOR NO KEY UPDATE OF p
"""


def _lock_person(person_id: uuid.UUID) -> Belonging:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_PERSON, [person_id])
        return Belonging(*cursor.fetchone())


@dataclasses.dataclass(frozen=True)
class _Summed:
    """A standing that has changed: its points, how many they are more, and what all of them were before.

    `total` is what had been summed up until then: points of another month that still wait for it come with that one.
    `moved` says that the points stood with another organisation or team before.
    """

    points: int
    organisation_id: uuid.UUID
    gained: int
    total: int
    moved: bool


def _sum_up(person: Belonging, month: dt.date) -> _Summed | None:
    """Write the standing and say what changed; None if nothing did."""
    values = {
        "person": person.person_id,
        "organisation": person.organisation_id,
        "team": person.team_id,
        "month": month,
        "open": not months.is_closed(month, timezone.now(), rules.zone()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUM_UP, values)
        row = cursor.fetchone()
    if row is None:
        return None
    points, organisation_id, before, total = row
    place = [str(person.organisation_id), str(person.team_id) if person.team_id else None]
    if before is None:
        return _Summed(points, organisation_id, points, total, moved=False)
    gained = points - before[0]
    return _Summed(points, organisation_id, gained, total, moved=before[1:] != place)


def _groups_after(person: Belonging, month: dt.date, summed: _Summed) -> Change:
    """Bring team and partner up to date. People who come and go are counted by `recount()` and `mend()`."""
    if not person.is_active_rep:
        return Change()
    if summed.moved:
        return groups_of.bring_up_to_date(month, person.organisation_id)
    return groups_of.add(month, person, summed.gained)


def _tell_levels(person: Belonging, before: int, after: int) -> None:
    for level in levels.reached(before, after):
        notify(
            key=f"level:{person.person_id}:{level.number}",
            person_id=person.person_id,
            organisation_id=person.organisation_id,
            kind="gamification.level_reached",
            url=reverse("gamification:record"),
            data={"level": level.number},
        )


@transaction.atomic
def recount(*, person_id: uuid.UUID, organisation_ids: Sequence[uuid.UUID]) -> None:
    """Bring open months up to date with somebody who came, left or changed places."""
    for month in months.open_months(timezone.now(), rules.zone()):
        with scoped(CLIENT):
            _lock_board(month, shared=True)
            Person.objects.select_for_update(no_key=True).get(pk=person_id)
            # In one order, so that nobody waits in a ring.
            for organisation_id in sorted(set(organisation_ids)):
                _show(month, None, groups_of.bring_up_to_date(month, organisation_id))
        refresh_standing(person_id=person_id, month=month)


@transaction.atomic
def recount_groups(*, organisation_id: uuid.UUID) -> None:
    """Bring the groups of an organisation up to date in open months: work with it was stopped, or taken up again."""
    for month in months.open_months(timezone.now(), rules.zone()):
        with scoped(CLIENT):
            _lock_board(month, shared=True)
            _show(month, None, groups_of.bring_up_to_date(month, organisation_id))


def _show(month: dt.date, person: Points | None, change: Change) -> None:
    """Write to Redis; where it can't be, or a group is gone, note that the board needs a rebuild."""
    if month not in months.kept_months(timezone.now(), rules.zone()):
        _know(month)
        return
    if change.some_gone:
        _mark_stale(month)
    if person is None and not change.groups:
        return
    try:
        boards.put(month, person, change.groups)
    except boards.BoardLostError as error:
        log.warning("board_lost", month=months.name(month), error=str(error)[:200])
        _mark_stale(month)


def _know(month: dt.date) -> None:
    Board.objects.bulk_create([Board(month=month, stale=False)], ignore_conflicts=True)


# A mark that is there already is not touched: refreshes would queue for its row while Redis is away.
_MARK = """
INSERT INTO gamification_board (month, stale)
SELECT %(month)s, true
 WHERE NOT EXISTS (SELECT FROM gamification_board WHERE month = %(month)s AND stale)
ON CONFLICT (month) DO UPDATE SET stale = true
"""


def _mark_stale(month: dt.date) -> None:
    """Ask for a rebuild, and ring for it the first time."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"month": month})
        if not cursor.rowcount:
            return
    transaction.on_commit(lambda: bell.call(MEND, "score"), robust=True)


_SYNC = """
WITH sums AS (
  SELECT person_id, sum(points) AS points, (array_agg(organisation_id ORDER BY id DESC))[1] AS organisation,
         (array_agg(team_id ORDER BY id DESC))[1] AS team
    FROM gamification_ledgerentry WHERE month = %(month)s GROUP BY person_id
)
INSERT INTO gamification_standing AS s (person_id, organisation_id, team_id, month, points, updated_at)
SELECT sums.person_id, CASE WHEN %(open)s THEN p.organisation_id ELSE sums.organisation END,
       CASE WHEN %(open)s THEN p.team_id ELSE sums.team END, %(month)s, sums.points, now()
  FROM sums JOIN partners_person p ON p.id = sums.person_id
ON CONFLICT (person_id, month) DO UPDATE
   SET points = excluded.points, updated_at = now(),
       organisation_id = CASE WHEN %(open)s THEN excluded.organisation_id ELSE s.organisation_id END,
       team_id = CASE WHEN %(open)s THEN excluded.team_id ELSE s.team_id END
 WHERE s.points <> excluded.points OR (%(open)s AND
       (s.organisation_id, s.team_id) IS DISTINCT FROM (excluded.organisation_id, excluded.team_id))
"""

_FORGET = """
DELETE FROM gamification_standing s WHERE s.month = %(month)s AND NOT EXISTS (
  SELECT FROM gamification_ledgerentry l WHERE l.person_id = s.person_id AND l.month = s.month)
"""


@transaction.atomic
def rebuild(*, month: dt.date) -> bool:
    """Sum up the whole month from the ledger and build its board anew, while nobody else writes to it.

    Returns False where Redis could not take it: the board stays marked for another try.
    """
    now = timezone.now()
    with scoped(CLIENT):
        _lock_board(month, shared=False)
        is_open = not months.is_closed(month, now, rules.zone())
        with connection.cursor() as cursor:
            cursor.execute(_SYNC, {"month": month, "open": is_open})
            cursor.execute(_FORGET, {"month": month})
        stored = groups.stored(month)
        if is_open or not stored:
            expected = groups.compute(month, rules.today())
            groups_of.store(month, expected, stored)
            stored = expected
        done = _replace(month, stored)
        Board.objects.update_or_create(month=month, defaults={"stale": not done})
    return done


def _replace(month: dt.date, its_groups: Sequence[Group]) -> bool:
    if month not in months.kept_months(timezone.now(), rules.zone()):
        return True  # so old a month is read from the database
    try:
        boards.replace(month, groups.people_of(month), its_groups)
    except boards.BoardLostError as error:
        log.warning("board_not_rebuilt", month=months.name(month), error=str(error)[:200])
        return False
    return True


def mend() -> list[dt.date]:
    """Rebuild the boards that are stale or lost, and those whose people have changed. Returns their months.

    The running month comes first; what takes too long is left to the next run.
    """
    began, mended = time.monotonic(), []
    for month in _to_mend():
        if time.monotonic() - began > MENDING_SECONDS:
            break
        if rebuild(month=month):
            mended.append(month)
    return mended


def _to_mend() -> list[dt.date]:
    now = timezone.now()
    kept = months.kept_months(now, rules.zone())
    stale = set(Board.objects.filter(stale=True).values_list("month", flat=True))
    known = set(Board.objects.filter(month__in=kept).values_list("month", flat=True)) - stale
    try:
        lost = set(boards.lost(sorted(known)))
    except boards.BoardLostError:
        return []  # no Redis: the pages ask the database, and the marks stay
    still_open = set(months.open_months(now, rules.zone())) & (known - lost)
    changed = {month for month in still_open if _is_due(month) and _people_changed(month)}
    return sorted(stale | lost | changed, reverse=True)


def _is_due(month: dt.date) -> bool:
    """Say whether the people of a month should be looked through, which takes long where there are many."""
    key = f"gamification.people_of.{months.name(month)}"
    return bool(cache.add(key, True, PEOPLE_SECONDS))


def _people_changed(month: dt.date) -> bool:
    """Say whether somebody came, left, moved or changed roles without the standings having heard of it."""
    with scoped(CLIENT):
        if groups.moved_people(month):
            return True
        return set(groups.compute(month, rules.today())) != set(groups.stored(month))


def _lock_board(month: dt.date, *, shared: bool) -> None:
    """Hold the board's lock until the transaction ends."""
    lock = _SHARE if shared else _EXCLUDE
    with connection.cursor() as cursor:
        cursor.execute(lock, [_BOARD_LOCK, month.year * 100 + month.month])
