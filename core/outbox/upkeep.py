"""The outbox's upkeep: ringing again, parking, taking up again, forgetting."""

import datetime as dt

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import bell
from core.models import Delivery
from core.outbox.publishing import Due, ring_after_commit

log = structlog.get_logger(__name__)

MAX_TRIES = 8
"""Starts of a handler after which its delivery is parked for a human to look at."""


def backoff(tries: int) -> dt.timedelta:
    """Return the pause after this many starts: 1 s, 2 s, 4 s … at most 5 minutes."""
    return dt.timedelta(seconds=min(2 ** max(tries - 1, 0), 300))


def park(pk: int) -> None:
    """Put a delivery aside for a human to look at."""
    Delivery.objects.filter(pk=pk, state=Delivery.State.PENDING).update(
        state=Delivery.State.PARKED, tries=MAX_TRIES
    )
    log.error("delivery_parked", delivery=pk)


def pending_and_free() -> QuerySet[Delivery]:
    """Return what is to be done and what no worker is at, for this transaction alone."""
    rows = Delivery.objects.select_for_update(no_key=True, skip_locked=True)
    return rows.filter(state=Delivery.State.PENDING)


@transaction.atomic
def note_failure(pk: int, error: Exception) -> None:
    """Keep a handler's error and let the delivery wait; after its last try, park it.

    Where another worker has taken it over meanwhile, that one will say how it went.
    """
    row = pending_and_free().filter(pk=pk).first()
    if row is None:
        return
    Delivery.objects.filter(pk=pk).update(
        error=f"{type(error).__name__}: {error}"[:2000],
        next_at=timezone.now() + backoff(row.tries),
        state=Delivery.State.PARKED if row.tries >= MAX_TRIES else Delivery.State.PENDING,
    )


def sweep(limit: int = 2000) -> int:
    """Ring again for deliveries whose time has come. Returns how many bells' worth were found."""
    waiting = list(
        Delivery.objects.filter(
            state=Delivery.State.PENDING, next_at__lte=timezone.now() - dt.timedelta(seconds=2)
        )
        .order_by("next_at")
        .values_list("pk", "queue")[:limit]
    )
    queues: dict[str, list[int]] = {}
    for pk, queue in waiting:
        queues.setdefault(queue, []).append(pk)
    for queue, ids in queues.items():
        for start in range(0, len(ids), 50):
            bell.ring(queue, ids[start : start + 50])
    return len(waiting)


def retry(pk: int) -> bool:
    """Take a parked delivery up again, from its first try. Returns False if it was not parked."""
    with transaction.atomic():
        changed = Delivery.objects.filter(pk=pk, state=Delivery.State.PARKED).update(
            state=Delivery.State.PENDING, tries=0, next_at=timezone.now()
        )
        if changed:
            row = Delivery.objects.only("pk", "queue").get(pk=pk)
            ring_after_commit([Due(row.pk, row.queue)])
    return bool(changed)


def forget_done(older_than: dt.timedelta = dt.timedelta(days=14)) -> int:
    """Delete deliveries that were done long ago. Returns how many."""
    deleted, _ = Delivery.objects.filter(
        state=Delivery.State.DONE, done_at__lt=timezone.now() - older_than
    ).delete()
    return deleted
