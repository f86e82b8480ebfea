"""Writes of the ledger and of badges."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from core.notices.actions import notify_many
from core.outbox import publish
from core.written import written_once
from gamification import badges, months, points
from gamification.badges import Badge
from gamification.events import PointsAwarded
from gamification.models import BadgeAward
from gamification.queries import facts, rules

_BOOK = """
INSERT INTO gamification_ledgerentry (person_id, organisation_id, team_id, source_key, rule, rule_number, points, month,
       caused_at, module_id, attempt_id, detail)
VALUES (%(person)s, %(organisation)s, %(team)s, %(source_key)s, %(rule)s, %(rule_number)s, %(points)s, %(month)s,
        %(caused_at)s, %(module)s, %(attempt)s, %(detail)s::jsonb)
ON CONFLICT (source_key) DO NOTHING
RETURNING id
"""


@transaction.atomic(savepoint=False)
def award_points(*, event: points.News) -> bool:
    """Book the points that this news earns, once. Returns False where it earns none, or had them already."""
    entry = points.entry_for(event, rules.all_rules())
    if entry is None:
        return False
    month = months.booking_month(entry.caused_at, timezone.now(), rules.zone())
    if not _book(event, entry, month):
        return False
    publish(
        PointsAwarded(
            person_id=event.person_id,
            organisation_id=event.organisation_id,
            month=month.isoformat(),
            cause=entry.source_key,
        )
    )
    return True


def _book(event: points.News, entry: points.Entry, month: dt.date) -> bool:
    """Add an entry to the ledger; False if its cause has paid already."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BOOK,
            {
                "person": event.person_id,
                "organisation": event.organisation_id,
                "team": event.team_id,
                "source_key": entry.source_key,
                "rule": entry.rule,
                "rule_number": entry.rule_number,
                "points": entry.points,
                "month": month,
                "caused_at": entry.caused_at,
                "module": entry.module_id,
                "attempt": entry.attempt_id,
                "detail": json.dumps(entry.detail),
            },
        )
        return cursor.fetchone() is not None


@written_once
def _held(person_id: uuid.UUID) -> QuerySet[BadgeAward, str]:
    return BadgeAward.objects.filter(person_id=person_id).values_list("badge", flat=True)


@transaction.atomic(savepoint=False)
def award_badges(
    *,
    person_id: uuid.UUID,
    organisation_id: uuid.UUID,
    cause: str,
    among: Sequence[Badge] = badges.BADGES,
) -> list[str]:
    """Give the badges, among these, that the person has earned by now, each once, with a notice. Returns their keys."""
    held = set(_held(person_id))
    if held.issuperset(badge.key for badge in among):
        return []
    earned = badges.newly_earned(facts.facts_of(person_id, rules.today()), held, among)
    if not earned:
        return []
    now = timezone.now()
    BadgeAward.objects.bulk_create(
        [
            BadgeAward(
                person_id=person_id,
                organisation_id=organisation_id,
                badge=badge.key,
                awarded_at=now,
                cause=cause,
            )
            for badge in earned
        ],
        ignore_conflicts=True,
    )
    notify_many(
        [
            Notice(
                key=f"badge:{person_id}:{badge.key}",
                person_id=person_id,
                organisation_id=organisation_id,
                kind="gamification.badge_earned",
                url=f"{reverse('gamification:record')}#badges",
                data={"badge": badge.key},
            )
            for badge in earned
        ]
    )
    return [badge.key for badge in earned]
