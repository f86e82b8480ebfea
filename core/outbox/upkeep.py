"""The outbox's upkeep: ringing again, parking, taking up again, forgetting."""

import datetime as dt
from itertools import takewhile

import structlog
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import bell
from core.models import Delivery
from core.outbox.publishing import Due, ring_after_commit

log = structlog.get_logger(__name__)

MAX_TRIES = 8
"""Starts of a handler after which its delivery is parked for a human to look at."""

RINGS_AGAIN = dt.timedelta(seconds=30)
"""How long after the sweep rang for a delivery it believes that the bell was lost."""


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


def sweep(limit: int = 1000) -> int:
    """Ring again for deliveries whose time has come, the `limit` oldest of each queue. Returns for how many.

    What it rang for already it leaves alone for half a minute, unless its time came anew: a queue that nobody works
    off doesn't fill the broker. What no broker heard was not rung for.
    """
    queues: dict[str, list[int]] = {}
    for queue, pk in _noted_as_rung(limit):
        queues.setdefault(queue, []).append(pk)
    heard = list(takewhile(lambda each: bell.ring(*each), queues.items()))
    unheard = [pk for ids in list(queues.values())[len(heard) :] for pk in ids]
    if unheard:
        with transaction.atomic():
            free = pending_and_free().filter(pk__in=unheard)
            Delivery.objects.filter(pk__in=free.values("pk")).update(rung_at=None)
    return sum(len(ids) for _queue, ids in heard)


# The queues by hopping over the index, from each to the next; then the oldest of each. Only the row that is locked is
# looked at anew once it is: so each condition on what another sweep writes stands where the rows are locked.
_RING = """
WITH RECURSIVE queues (queue) AS (
    (SELECT queue FROM core_delivery WHERE state = 'pending' ORDER BY queue LIMIT 1)
    UNION ALL
    SELECT (SELECT d.queue FROM core_delivery d WHERE d.state = 'pending' AND d.queue > q.queue
             ORDER BY d.queue LIMIT 1)
      FROM queues q WHERE q.queue IS NOT NULL
), oldest AS MATERIALIZED (
    SELECT o.id FROM queues q CROSS JOIN LATERAL (
        SELECT d.id FROM core_delivery d
         WHERE d.state = 'pending' AND d.queue = q.queue
           AND d.next_at <= statement_timestamp() - interval '2 seconds'
         ORDER BY d.next_at LIMIT %(limit)s) o
), rung AS (
    UPDATE core_delivery SET rung_at = statement_timestamp()
     WHERE id = ANY (ARRAY (
        SELECT d.id FROM core_delivery d
         WHERE d.id = ANY (ARRAY (SELECT id FROM oldest)) AND d.state = 'pending'
           AND d.next_at <= statement_timestamp() - interval '2 seconds'
           AND (d.rung_at IS NULL OR d.rung_at < d.next_at
                OR d.rung_at <= statement_timestamp() - make_interval(secs => %(pause)s))
           FOR NO KEY UPDATE SKIP LOCKED))
    RETURNING queue, next_at, id
)
SELECT queue, id FROM rung ORDER BY queue, next_at, id
"""


def _noted_as_rung(limit: int) -> list[tuple[str, int]]:
    """Choose what is to be rung for, of each queue the oldest first, and note that it is."""
    with connection.cursor() as cursor:
        cursor.execute(_RING, {"limit": limit, "pause": RINGS_AGAIN.total_seconds()})
        return list(cursor.fetchall())


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
