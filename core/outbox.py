"""Events, their subscribers, and the outbox between them.

`publish()` writes one `Delivery` per subscriber in the transaction of the news, and rings a worker
after the commit. `process()` runs one handler and marks its delivery done *in the same transaction*.
`sweep()` rings again for whatever has waited too long. So an event is delivered at least once and in
no promised order: handlers recompute rather than add up, and every effect has a unique key.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, TypeVar

import structlog
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from core import bell, scope
from core.events import Event
from core.models import Delivery

log = structlog.get_logger(__name__)

MAX_TRIES = 8
"""Starts of a handler after which its delivery is parked for a human to look at."""

LEASE = dt.timedelta(seconds=20)
"""How long a worker that took a delivery is left alone with it before the sweep rings again."""

E = TypeVar("E", bound=Event)
Handler = Callable[[Any], None]


@dataclasses.dataclass(frozen=True)
class Subscription:
    """A handler, the event it waits for, the queue whose workers run it, and what it computes anew."""

    event: type[Event]
    handler: Handler
    name: str
    queue: str
    once_per: tuple[str, ...] = ()

    def subject(self, event: Event) -> "tuple[str, ...] | None":
        """Return what the handler computes anew for this event; None where each event counts."""
        if not self.once_per:
            return None
        return (self.name, *(str(getattr(event, name)) for name in self.once_per))


@dataclasses.dataclass(frozen=True)
class _Due:
    """A delivery that a worker has in hand. A claimed one has its first start counted already."""

    pk: int
    queue: str
    subject: "tuple[str, ...] | None" = None
    claimed: bool = False


@dataclasses.dataclass(frozen=True)
class _Chain:
    """What a worker is at: the queue it serves, the deliveries it still has to do, and what its handler published.

    `fresh` joins `waiting` when the handler's transaction is over, and is forgotten with it if it fails.
    """

    queue: str
    waiting: list[_Due]
    fresh: list[_Due] = dataclasses.field(default_factory=list)


_by_event: dict[type[Event], list[Subscription]] = {}
_by_name: dict[str, Subscription] = {}
_chain: ContextVar["_Chain | None"] = ContextVar("outbox_chain", default=None)


def subscribe(
    event: type[E], *, queue: str = "score", once_per: tuple[str, ...] = ()
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a function for an event. Its dotted name is its address in stored deliveries.

    `once_per` names fields of the event: a handler that computes something anew for them runs once, after
    the other news of a chain, whatever the number of events about the same.
    """

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        name = f"{handler.__module__}.{handler.__qualname__}"
        subscription = Subscription(event, handler, name, queue, once_per)
        _by_event.setdefault(event, []).append(subscription)
        _by_name[name] = subscription
        return handler

    return register


def subscriptions() -> list[Subscription]:
    """Return every subscription, for documentation and tests."""
    return list(_by_name.values())


def publish(event: Event) -> None:
    """Write the news for all its subscribers; workers are rung after the commit.

    Must be called in a transaction: the news is true exactly when what caused it is committed.
    Raises TransactionManagementError otherwise.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "publish() belongs into the action's transaction"
        )
    targets = _by_event.get(type(event), [])
    if not targets:
        return
    chain, payload = _chain.get(), event.to_payload()
    at_once = [chain is not None and chain.queue == target.queue for target in targets]
    rows = Delivery.objects.bulk_create(
        Delivery(
            event=type(event).__name__,
            handler=target.name,
            queue=target.queue,
            payload=payload,
            scope=scope.CurrentScope(),
            # The worker that is at it goes on with these: counted as started, with a lease, from birth.
            tries=1 if here else 0,
            next_at=Now() + LEASE if here else Now(),
        )
        for target, here in zip(targets, at_once, strict=True)
    )
    _ring_after_commit(
        [
            _Due(row.pk, row.queue, target.subject(event), claimed=here)
            for row, target, here in zip(rows, targets, at_once, strict=True)
        ]
    )


def _ring_after_commit(rows: list[_Due]) -> None:
    """Hand new deliveries to the worker that is at it already, or ring one bell per queue."""
    chain = _chain.get()
    if chain is not None:
        chain.fresh.extend(rows)
        return
    queues: dict[str, list[int]] = {}
    for due in rows:
        queues.setdefault(due.queue, []).append(due.pk)
    for queue, ids in queues.items():
        transaction.on_commit(lambda q=queue, i=ids: bell.ring(q, i), robust=True)  # type: ignore[misc]


def drain(ids: Iterable[int], queue: str) -> int:
    """Process these deliveries and what they cause in the same queue. Returns how many were done.

    What belongs to another queue is rung there. Each delivery has a transaction of its own.
    """
    waiting = [_Due(pk, queue) for pk in ids]
    done, chain = 0, _Chain(queue, waiting)
    token = _chain.set(chain)
    try:
        while waiting:  # grows while handlers publish
            due = _next(waiting)
            if due.queue != queue:
                bell.ring(due.queue, [due.pk])
                continue
            chain.fresh.clear()
            if process(due.pk, claimed=due.claimed):
                done += 1
                waiting.extend(chain.fresh)
    finally:
        _chain.reset(token)
    return done


def _next(waiting: list[_Due]) -> _Due:
    """Take the next delivery; what computes something anew comes last, and once for all that ask for it.

    Those it stands for are marked done before it runs: if it fails, its own row brings it back.
    """
    index = next((i for i, due in enumerate(waiting) if due.subject is None), 0)
    due = waiting.pop(index)
    if due.subject is not None:
        same = [other for other in waiting if other.subject == due.subject]
        for other in same:
            waiting.remove(other)
        if same:
            Delivery.objects.filter(
                pk__in=[other.pk for other in same], state=Delivery.State.PENDING
            ).update(state=Delivery.State.DONE, done_at=timezone.now())
    return due


def process(pk: int, *, claimed: bool = False) -> bool:
    """Run one delivery. Returns whether it was done now; False where there was nothing to do.

    The start is counted and committed first (unless it was `claimed` when it was written), so that a handler
    which kills its worker is parked in the end. A handler's error is kept in the row and never raised.
    """
    if not claimed and not _claim(pk):
        return False
    try:
        with transaction.atomic():
            taken = _take(pk)
            if taken is None:
                return False
            handler, payload, held = taken
            scope.enter(held)  # goes back with the end of the transaction
            _run(handler, payload)
    except Exception as error:
        log.exception("delivery_failed", delivery=pk)
        _note_failure(pk, error)
        return False
    return True


def _run(handler: str, payload: dict[str, Any]) -> None:
    subscription = _by_name.get(handler)
    if subscription is None:
        raise LookupError(f"No handler {handler}")
    subscription.handler(subscription.event.from_payload(payload))


def _claim(pk: int) -> bool:
    """Count the start and keep the sweep away for a while; False if another worker has it."""
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
        return False
    if found[0] > MAX_TRIES:
        _park(pk)
        return False
    return True


def _take(pk: int) -> tuple[str, dict[str, Any], str] | None:
    """Mark the delivery done, first thing in its transaction: that is also the lock.

    Returns handler, payload and scope; None if it was done before.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_delivery SET state = 'done', done_at = statement_timestamp(), error = ''"
            " WHERE id = %s AND state = 'pending' RETURNING handler, payload::text, scope",
            [pk],
        )
        found = cursor.fetchone()
    return (found[0], json.loads(found[1]), found[2]) if found else None


def _park(pk: int) -> None:
    Delivery.objects.filter(pk=pk, state=Delivery.State.PENDING).update(
        state=Delivery.State.PARKED, tries=MAX_TRIES
    )
    log.error("delivery_parked", delivery=pk)


def backoff(tries: int) -> dt.timedelta:
    """Return the pause after this many starts: 1 s, 2 s, 4 s … at most 5 minutes."""
    return dt.timedelta(seconds=min(2 ** max(tries - 1, 0), 300))


def _note_failure(pk: int, error: Exception) -> None:
    row = Delivery.objects.filter(pk=pk, state=Delivery.State.PENDING).first()
    if row is None:
        return
    Delivery.objects.filter(pk=pk, state=Delivery.State.PENDING).update(
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
            _ring_after_commit([_Due(row.pk, row.queue)])
    return bool(changed)


def forget_done(older_than: dt.timedelta = dt.timedelta(days=14)) -> int:
    """Delete deliveries that were done long ago. Returns how many."""
    deleted, _ = Delivery.objects.filter(
        state=Delivery.State.DONE, done_at__lt=timezone.now() - older_than
    ).delete()
    return deleted
