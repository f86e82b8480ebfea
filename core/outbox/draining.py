"""Working the outbox off: a delivery, and all that it causes in the same queue.

What one bell starts for the first time runs in one transaction, with all that it causes: twenty commits become one,
and what it causes needs no row that waits. What is for another queue, or told apart, is written at its end, and only
where it concerns anybody. If anything of it fails, nothing has happened, and each link is done in a transaction of its
own, so that one bad handler keeps nobody else's work back. A delivery that was started before (its worker may have died
of it) goes link by link at once: the link that kills is the one that is parked in the end.
"""

import json
from collections.abc import Iterable, Sequence

import structlog
from django.db import connection, transaction
from django.utils import timezone

from core import bell, scope
from core.models import Delivery
from core.outbox.publishing import LEASE, Chain, Due, current_chain, ring, write_told
from core.outbox.registry import Subscription, by_name
from core.outbox.upkeep import MAX_TRIES, note_failure, park, pending_and_free

log = structlog.get_logger(__name__)

_MOST_TOGETHER = 8
"""So many deliveries share a transaction: what one piece of news, or one action, is told to in a queue."""

_EVER = 32_000
"""More starts than any delivery has."""


def drain(ids: Iterable[int], queue: str) -> int:
    """Process these deliveries and what they cause in the same queue. Returns how many were done.

    What belongs to another queue is rung there.
    """
    wanted = list(ids)
    # One that was started before may have killed its worker: it is claimed alone, so that those beside it aren't
    # counted as started as often as it is.
    fresh = _claimed(wanted, begun=0) if len(wanted) <= _MOST_TOGETHER else {}
    begun = [Due(pk, queue, claimed=True) for pk in wanted if pk in fresh]
    done = _together(begun, queue) if begun else 0
    left = [Due(pk, queue) for pk in wanted if pk not in fresh]
    if done is None:
        return _one_by_one([*begun, *left], queue)
    return done + _one_by_one(left, queue)


def _together(begun: Sequence[Due], queue: str) -> int | None:
    """Do claimed deliveries and all that follows in one transaction; None if that failed and nothing has happened."""
    chain = Chain(queue, [], together=True)
    token = current_chain.set(chain)
    done = 0
    try:
        with transaction.atomic():
            chain.waiting.extend(_take_up([due.pk for due in begun], queue))
            now_in = chain.waiting[0].scope if len(chain.waiting) == 1 else None
            scope.note(now_in or scope.NONE)
            while chain.waiting:
                due, _same = _next(chain.waiting)
                if due.scope != now_in:
                    scope.enter(due.scope)
                    now_in = due.scope
                _subscription(due.handler).handler(due.event)
                done += 1
                chain.waiting.extend(chain.fresh)
                chain.fresh.clear()
            elsewhere = write_told(chain)
    except Exception:
        log.exception("chain_failed", deliveries=[due.pk for due in begun])
        return None
    finally:
        current_chain.reset(token)
    ring(elsewhere)
    return done


def _one_by_one(waiting: list[Due], queue: str) -> int:
    """Do deliveries and what they cause, each in a transaction of its own. Returns how many were done."""
    done, chain = 0, Chain(queue, waiting)
    token = current_chain.set(chain)
    try:
        while waiting:  # grows while handlers publish
            due, same = _next(waiting)
            if due.queue != queue:
                bell.ring(due.queue, [due.pk, *(other.pk for other in same)])
                continue
            chain.fresh.clear()
            is_done = _run(due.pk, claimed=due.claimed)
            if is_done is None:
                waiting.extend(same)  # whoever has it may have begun before these were told
            else:
                _mark_done(same)
            if is_done:
                done += 1
                ring([each for each in chain.fresh if each.apart])
                waiting.extend(each for each in chain.fresh if not each.apart)
    finally:
        current_chain.reset(token)
    return done


def _next(waiting: list[Due]) -> tuple[Due, list[Due]]:
    """Take the next delivery, and those it stands for.

    What computes something anew comes last, and once for all that ask for it.
    """
    index = next((i for i, due in enumerate(waiting) if due.subject is None), 0)
    due = waiting.pop(index)
    if due.subject is None:
        return due, []
    same = [other for other in waiting if other.subject == due.subject]
    for other in same:
        waiting.remove(other)
    return due, same


def _mark_done(same: list[Due]) -> None:
    """Mark deliveries done that another one stands for: if that one fails, its own row brings it back.

    What another worker is at is left to it.
    """
    if not same:
        return
    ids = [other.pk for other in same]
    with transaction.atomic():
        free = pending_and_free().filter(pk__in=ids)
        Delivery.objects.filter(pk__in=free.values("pk")).update(
            state=Delivery.State.DONE, done_at=timezone.now()
        )


def process(pk: int, *, claimed: bool = False) -> bool:
    """Run one delivery. Returns whether it was done now; False where there was nothing to do."""
    return bool(_run(pk, claimed=claimed))


def _run(pk: int, *, claimed: bool) -> bool | None:
    """Run one delivery. Returns whether it was done now or failed; None where there was nothing to do.

    The start is counted and committed first (unless it was `claimed` when it was written), so that a handler
    which kills its worker is parked in the end. A handler's error is kept in the row and never raised.
    """
    if not claimed and not _claim(pk):
        return None
    try:
        with transaction.atomic():
            taken = _take_up([pk], "")
            if not taken:
                return None
            _subscription(taken[0].handler).handler(taken[0].event)
    except Exception as error:
        log.exception("delivery_failed", delivery=pk)
        note_failure(pk, error)
        return False
    return True


def _subscription(handler: str) -> Subscription:
    found = by_name.get(handler)
    if found is None:
        raise LookupError(f"No handler {handler}")
    return found


def _claim(pk: int) -> bool:
    """Count the start of one delivery. False if another worker has it, or if it is parked: it was started too often."""
    tries = _claimed([pk]).get(pk)
    if tries is not None and tries > MAX_TRIES:
        park(pk)
        return False
    return tries is not None


def _claimed(ids: Sequence[int], *, begun: int = _EVER) -> dict[int, int]:
    """Count the start of those that were started so often or less, and keep the sweep away from them for a while.

    Returns which start of each it is. What another worker has is left out and never waited for: one that is at work
    longer than its lease is rung for again, together with others.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_delivery SET tries = tries + 1,"
            " next_at = statement_timestamp() + make_interval(secs => %s)"
            " WHERE id = ANY (ARRAY (SELECT id FROM core_delivery"
            " WHERE id = ANY (%s) AND tries <= %s AND state = 'pending' AND next_at <= statement_timestamp()"
            " FOR NO KEY UPDATE SKIP LOCKED)) RETURNING id, tries",
            [LEASE.total_seconds(), list(ids), begun],
        )
        return dict(cursor.fetchall())


def _take_up(ids: Sequence[int], queue: str) -> list[Due]:
    """Mark deliveries done, first thing in their transaction (that is also the lock), and enter the scope of one.

    Returns those that were not done before, as they were written; what another worker took over meanwhile is left to
    it. The scope goes with the transaction's end. Raises LookupError where a handler is gone.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_delivery SET state = 'done', done_at = statement_timestamp(), error = ''"
            " WHERE id = ANY (ARRAY (SELECT id FROM core_delivery"
            " WHERE id = ANY (%s) AND state = 'pending' FOR NO KEY UPDATE SKIP LOCKED))"
            " RETURNING id, handler, payload::text, scope, set_config('app.scope', scope, true)",
            [list(ids)],
        )
        rows = sorted(cursor.fetchall())
    return [_due(queue, *row[:-1]) for row in rows]


def _due(queue: str, pk: int, handler: str, payload: str, held: str) -> Due:
    subscription = _subscription(handler)
    event = subscription.event.from_payload(json.loads(payload))
    subject = subscription.subject(event)
    return Due(pk, queue, subject, claimed=True, handler=handler, event=event, scope=held)
