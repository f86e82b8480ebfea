"""The notices of the last days: badges and levels of those who can sign in."""

import datetime as dt
import random
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.urls import reverse

from core.models import Notice
from gamification import levels
from gamification.models import BadgeAward, LedgerEntry
from lms.demo.chance import uuid_at

_KEPT = dt.timedelta(days=7)
_UNREAD = dt.timedelta(hours=20)
"""What is older has been read."""


def notices(
    awards: Iterable[BadgeAward],
    ledger: Iterable[LedgerEntry],
    readers: Collection[uuid.UUID],
    now: dt.datetime,
) -> Iterator[Notice]:
    """Return the notices that the readers have got in the last days."""
    for award in awards:
        if award.person_id in readers and award.awarded_at > now - _KEPT:
            yield _notice(
                award.person_id,
                award.organisation_id,
                award.awarded_at,
                now,
                key=f"badge:{award.person_id}:{award.badge}",
                kind="gamification.badge_earned",
                url=f"{reverse('gamification:record')}#badges",
                data={"badge": award.badge},
            )
    totals: dict[uuid.UUID, int] = defaultdict(int)
    for entry in ledger:
        before = totals[entry.person_id]
        totals[entry.person_id] += entry.points
        for level in levels.reached(before, before + entry.points):
            if entry.person_id in readers and entry.booked_at > now - _KEPT:
                yield _notice(
                    entry.person_id,
                    entry.organisation_id,
                    entry.booked_at,
                    now,
                    key=f"level:{entry.person_id}:{level.number}",
                    kind="gamification.level_reached",
                    url=reverse("gamification:record"),
                    data={"level": level.number},
                )


def _notice(
    person: uuid.UUID,
    organisation: uuid.UUID,
    at: dt.datetime,
    now: dt.datetime,
    *,
    key: str,
    kind: str,
    url: str,
    data: dict[str, str | int],
) -> Notice:
    was_read = at < now - _UNREAD
    return Notice(
        id=uuid_at(random.Random(key), at),
        key=key,
        person_id=person,
        organisation_id=organisation,
        kind=kind,
        url=url,
        data=data,
        created_at=at,
        read_at=min(at + dt.timedelta(hours=2), now) if was_read else None,
    )
