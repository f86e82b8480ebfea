"""Writes of notices."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, Subquery
from django.utils import timezone

from core.models import Notice
from core.notices import kinds


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
def mark_read(*, person_id: uuid.UUID, shown: Sequence[uuid.UUID]) -> int:
    """Mark what was shown to a person as seen, and all before it: it is shown no more. Returns how many were new.

    What came while the list was drawn stays new.
    """
    seen = Notice.objects.filter(pk__in=shown)
    earlier = Q(created_at__lt=Subquery(seen.order_by("created_at").values("created_at")[:1]))
    unread = Notice.objects.filter(person_id=person_id, read_at__isnull=True)
    never_shown = ~Q(kind__in=kinds.names())
    return unread.filter(Q(pk__in=shown) | earlier | never_shown).update(read_at=timezone.now())
