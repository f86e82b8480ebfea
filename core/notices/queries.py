"""Reads of notices."""

import uuid

from core.models import Notice


def unread_count(person_id: uuid.UUID) -> int:
    """Return how many notices this person has not seen yet. One query."""
    return Notice.objects.filter(person_id=person_id, read_at__isnull=True).count()


def latest(person_id: uuid.UUID, limit: int = 50) -> list[Notice]:
    """Return the newest notices first. One query."""
    return list(Notice.objects.filter(person_id=person_id).order_by("-created_at")[:limit])
