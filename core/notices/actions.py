"""Writes of notices."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.models import Notice


@transaction.atomic(savepoint=False)
def notify(
    *,
    key: str,
    person_id: uuid.UUID,
    organisation_id: uuid.UUID,
    kind: str,
    url: str,
    data: dict[str, Any],
) -> None:
    """Tell a person something, once: the same key again changes nothing."""
    Notice.objects.bulk_create(
        [
            Notice(
                key=key,
                person_id=person_id,
                organisation_id=organisation_id,
                kind=kind,
                url=url,
                data=data,
            )
        ],
        ignore_conflicts=True,
    )


@transaction.atomic(savepoint=False)
def notify_many(notices: Sequence[Notice]) -> None:
    """Tell many people something, each once: notices whose key is there already are left out."""
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=1000)


@transaction.atomic
def mark_read(*, person_id: uuid.UUID) -> int:
    """Mark all of a person's notices as seen. Returns how many were new."""
    return Notice.objects.filter(person_id=person_id, read_at__isnull=True).update(
        read_at=timezone.now()
    )
