"""Working the outbox off: a delivery, and all that it causes in the same queue.

A chain that starts for the first time runs in one transaction: twenty commits become one, and what it causes
needs no row that waits. If anything of it fails, nothing has happened, and each link is done in a transaction of its
own, so that one bad handler keeps nobody else's work back. A delivery that was started before (its worker may
have died of it) goes link by link at once: the link that kills is the one that is parked in the end.
"""

import json
from collections.abc import Iterable
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone

from core import bell, scope
from core.events import Event
from core.models import Delivery
from core.outbox.publishing import LEASE, Chain, Due, by_queue, current_chain
from core.outbox.registry import Subscription, by_name
from core.outbox.upkeep import MAX_TRIES, note_failure, park

log = structlog.get_logger(__name__)


def drain(ids: Iterable[int], queue: str) -> int:
    """Process these deliveries and what they cause in the same queue. Returns how many were done.

    What belongs to another queue is rung there.
    """
    wanted = list(ids)
    if len(wanted) != 1:
        return _one_by_one([Due(pk, queue) for pk in wanted], queue)
    tries = _claim(wanted[0])
    if tries is None:
        return 0
    first = Due(wanted[0], queue, claimed=True)
    done = _together(first) if tries == 1 else None
    return _one_by_one([first], queue) if done is None else done


def _together(first: Due) -> int | None:
    """Do a claimed delivery and all that follows in one transaction; None if it failed and nothing has happened."""
    chain = Chain(first.queue, [first], together=True)
    elsewhere: list[Due] = []
    token = current_chain.set(chain)
    done = 0
    try:
        with transaction.atomic():
            now_in = ""
            while chain.waiting:
                due, _same = _next(chain.waiting)
                if due.queue != chain.queue:
                    elsewhere.append(due)
                    continue
                now_in, ran = _link(due, now_in)
                done += ran
                chain.waiting.extend(chain.fresh)
                chain.fresh.clear()
    except Exception:
        log.exception("chain_failed", delivery=first.pk)
        return None
    finally:
        current_chain.reset(token)
    for queue, ids in by_queue(elsewhere).items():
        bell.ring(queue, ids)
    return done


def _link(due: Due, now_in: str) -> tuple[str, bool]:
    """Run one link of a chain; `now_in` is the connection's scope. Returns the scope, and whether it ran."""
    if due.event is not None:
        if due.scope != now_in:
            scope.enter(due.scope)
        _subscription(due.handler).handler(due.event)
        return due.scope, True
    taken = _take(due.pk)
    if taken is None:
        return now_in, False
    handler, payload, held = taken
    _run(handler, payload)
    return held, True


def _one_by_one(waiting: list[Due], queue: str) -> int:
    """Do deliveries and what they cause, each in a transaction of its own. Returns how many were done."""
    done, chain = 0, Chain(queue, waiting)
    token = current_chain.set(chain)
    try:
        while waiting:  # grows while handlers publish
            due, same = _next(waiting)
            _mark_done(same)
            if due.queue != queue:
                bell.ring(due.queue, [due.pk])
                continue
            chain.fresh.clear()
            if process(due.pk, claimed=due.claimed):
                done += 1
                waiting.extend(chain.fresh)
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
    """Mark deliveries done that another one stands for: if that one fails, its own row brings it back."""
    if same:
        Delivery.objects.filter(
            pk__in=[other.pk for other in same], state=Delivery.State.PENDING
        ).update(state=Delivery.State.DONE, done_at=timezone.now())


def process(pk: int, *, claimed: bool = False) -> bool:
    """Run one delivery. Returns whether it was done now; False where there was nothing to do.

    The start is counted and committed first (unless it was `claimed` when it was written), so that a handler
    which kills its worker is parked in the end. A handler's error is kept in the row and never raised.
    """
    if not claimed and _claim(pk) is None:
        return False
    try:
        with transaction.atomic():
            taken = _take(pk)
            if taken is None:
                return False
            handler, payload, _held = taken
            _run(handler, payload)
    except Exception as error:
        log.exception("delivery_failed", delivery=pk)
        note_failure(pk, error)
        return False
    return True


def _run(handler: str, payload: dict[str, Any]) -> None:
    subscription = _subscription(handler)
    event: Event = subscription.event.from_payload(payload)
    subscription.handler(event)


def _subscription(handler: str) -> Subscription:
    found = by_name.get(handler)
    if found is None:
        raise LookupError(f"No handler {handler}")
    return found


def _claim(pk: int) -> int | None:
    """Count the start and keep the sweep away for a while. Returns which start it is.

    None if another worker has it, or if it was started too often: it is parked then.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_delivery SET tries = tries + 1,"
            " next_at = statement_timestamp() + make_interval(secs => %s)"
            " WHERE id = %s AND state = 'pending' AND next_at <= statement_timestamp()"
            " RETURNING tries",
            [LEASE.total_seconds(), pk],
        )
        found = cursor.fetchone()
    if found is None:
        return None
    if found[0] > MAX_TRIES:
        park(pk)
        return None
    return int(found[0])


def _take(pk: int) -> tuple[str, dict[str, Any], str] | None:
    """Mark the delivery done, first thing in its transaction (that is also the lock), and enter its scope.

    Returns handler, payload and scope; None if it was done before. The scope goes with the transaction's end.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_delivery SET state = 'done', done_at = statement_timestamp(), error = ''"
            " WHERE id = %s AND state = 'pending'"
            " RETURNING handler, payload::text, scope, set_config('app.scope', scope, true)",
            [pk],
        )
        found = cursor.fetchone()
    return (found[0], json.loads(found[1]), found[2]) if found else None
