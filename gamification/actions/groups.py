"""Writes of what teams and partners add up to. They run in the client's scope, under the board's lock."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import connection

from gamification.models import GroupStanding
from gamification.queries import groups, rules
from gamification.ranking import Group
from partners.models import Person

_GROUP_LOCK = 0x746F6D32


@dataclasses.dataclass(frozen=True)
class Change:
    """The groups whose figures are new, and whether some have nobody left and are gone."""

    groups: tuple[Group, ...] = ()
    some_gone: bool = False


def add(month: dt.date, person: Person, points: int) -> Change:
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
    store(month, gained, own)
    return Change(groups=tuple(gained))


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
