"""Reads of notices."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from core.models import Notice
from core.notices import kinds


@dataclass(frozen=True)
class Shown:
    """A notice as its person reads it. `settled` says what became of what it asks for, empty while it asks."""

    icon: str
    text: str
    url: str
    created_at: datetime
    is_new: bool
    id: uuid.UUID
    settled: str = ""


def unread_count(person_id: uuid.UUID) -> int:
    """Return how many notices this person has not seen yet. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM core_notice WHERE person_id = %s AND read_at IS NULL", [person_id]
        )
        return int(cursor.fetchone()[0])


def latest(person_id: uuid.UUID, limit: int = 50) -> list[Notice]:
    """Return the newest notices first. One query."""
    return list(Notice.objects.filter(person_id=person_id).order_by("-created_at", "-pk")[:limit])


def shown(person_id: uuid.UUID, limit: int = 50) -> list[Shown]:
    """Return the newest notices first, in words of the current language. One query, and those of `kinds.settled`.

    A kind that no app declares any more is left away: it comes from another version.
    """
    found, told = [], latest(person_id, limit)
    settled = kinds.settled(told)
    for notice in told:
        if not kinds.is_declared(notice.kind):
            continue
        icon, text = kinds.describe(notice)
        is_new = notice.read_at is None
        word = settled.get(notice.key, "")
        found.append(Shown(icon, text, notice.url, notice.created_at, is_new, notice.pk, word))
    return found
