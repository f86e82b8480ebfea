"""Writes of what teams and partners add up to. They run in the client's scope, under the board's lock."""

import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Sequence

from django.db import connection

from gamification.models import GroupStanding
from gamification.queries import groups, rules
from gamification.ranking import Group

_GROUP_LOCK = 0x746F6D32


@dataclasses.dataclass(frozen=True)
class Change:
    """The groups whose figures are new, and whether some have nobody left and are gone."""

    groups: tuple[Group, ...] = ()
    some_gone: bool = False


@dataclasses.dataclass(frozen=True)
class Belonging:
    """Where a person belongs now, and whether they count among their groups' active reps."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    team_id: uuid.UUID | None
    of_client: bool
    is_active_rep: bool


def add(month: dt.date, person: Belonging, points: int) -> Change:
    """Add points that an active rep of a team and partner has gained, while the people stay the same.

    Where a group isn't known yet, all of the organisation's are computed.
    """
    _lock(month, person.organisation_id)
    own = [
        group
        for group in groups.stored(month, person.organisation_id)
        if group.team_id in {None, person.team_id}
    ]
    expected = int(person.team_id is not None) + int(not person.of_client)
    if len(own) < expected:
        return bring_up_to_date(month, person.organisation_id)
    gained = [dataclasses.replace(group, points=group.points + points) for group in own]
    _write(month, gained)
    return Change(groups=tuple(gained))


_WRITE = """
UPDATE gamification_groupstanding g SET points = t.points, tenths = t.tenths
  FROM jsonb_to_recordset(%(groups)s::jsonb) AS t(team uuid, points int, tenths int)
 WHERE g.month = %(month)s AND g.organisation_id = %(organisation)s AND g.team_id IS NOT DISTINCT FROM t.team
"""


def _write(month: dt.date, gained: Sequence[Group]) -> None:
    """Write the points of groups of one organisation that are known, and whose people stay the same."""
    if not gained:
        return
    rows = [
        {"team": str(g.team_id) if g.team_id else None, "points": g.points, "tenths": g.tenths}
        for g in gained
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "month": month,
                "organisation": gained[0].organisation_id,
                "groups": json.dumps(rows),
            },
        )


def bring_up_to_date(month: dt.date, organisation_id: uuid.UUID) -> Change:
    """Compute the groups of one organisation anew and say what changed."""
    _lock(month, organisation_id)
    expected = groups.compute(month, rules.today(), organisation_id)
    stored = groups.stored(month, organisation_id)
    store(month, expected, stored)
    return Change(
        groups=tuple(set(expected) - set(stored)),
        some_gone=bool({group.member for group in stored} - {group.member for group in expected}),
    )


def _lock(month: dt.date, organisation_id: uuid.UUID) -> None:
    """Let one at a time change the groups of an organisation, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
            [_GROUP_LOCK, f"{organisation_id}{month}"],
        )


def store(month: dt.date, expected: Sequence[Group], stored: Sequence[Group]) -> None:
    """Write the groups that differ, and take away those that have nobody any more."""
    GroupStanding.objects.bulk_create(
        [
            GroupStanding(
                month=month,
                organisation_id=group.organisation_id,
                team_id=group.team_id,
                points=group.points,
                people=group.people,
                tenths=group.tenths,
            )
            for group in set(expected) - set(stored)
        ],
        update_conflicts=True,
        unique_fields=["month", "organisation", "team"],
        update_fields=["points", "people", "tenths"],
        batch_size=1000,
    )
    still_there = {group.member for group in expected}
    for group in stored:
        if group.member in still_there:
            continue
        rows = GroupStanding.objects.filter(month=month, organisation_id=group.organisation_id)
        if group.team_id is None:
            rows.filter(team__isnull=True).delete()
        else:
            rows.filter(team_id=group.team_id).delete()
