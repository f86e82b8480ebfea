"""Writing news into the outbox, in the transaction that makes it true."""

import dataclasses
import datetime as dt
import json
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction

from core import bell, scope
from core.events import Event
from core.outbox.registry import Subject, Subscription, by_event

LEASE = dt.timedelta(seconds=20)
"""How long a worker that took a delivery is left alone with it before the sweep rings again."""


@dataclasses.dataclass(frozen=True)
class Due:
    """A delivery that a worker has in hand. A claimed one has its first start counted already.

    One that is done within a chain's only transaction brings its `event` and `scope` along, and its row is written when
    the chain is through: till then its `pk` is 0. `apart` names the news of one that was told apart.
    """

    pk: int
    queue: str
    subject: Subject | None = None
    claimed: bool = False
    handler: str = ""
    event: Event | None = None
    scope: str = ""
    apart: str = ""


@dataclasses.dataclass(frozen=True)
class Told:
    """News for a subscriber, with the scope that it was told in, and the queue that does it: `here`, in this chain."""

    event: Event
    target: Subscription
    scope: str
    queue: str
    here: bool
    apart: str


@dataclasses.dataclass
class Chain:
    """What a worker is at: the queue it serves, the deliveries it still has to do, and what its handler published.

    `fresh` joins `waiting` when the handler is through, and is forgotten with it if it fails. `together` says that
    all links share one transaction; then all that was `told` is written at its end.
    """

    queue: str
    waiting: list[Due]
    together: bool = False
    fresh: list[Due] = dataclasses.field(default_factory=list)
    told: list[Told] = dataclasses.field(default_factory=list)


current_chain: ContextVar[Chain | None] = ContextVar("outbox_chain", default=None)

_AWAITED = "score"
"""The queue that learners wait for: no other queue's work gives it any."""

_AT_ONCE = 2000
"""So many deliveries are written by one statement: a corrected key may bring a hundred thousand."""

# A link of a chain is counted as started, with a lease, from birth; in a chain of one transaction it is done
# from birth: if anything of the chain fails, the row is never there.
_INSERT = """
INSERT INTO core_delivery
       (event, handler, queue, payload, scope, state, tries, next_at, created_at, done_at, error)
SELECT t.event, t.handler, t.queue, t.payload, coalesce(t.scope, current_setting('app.scope', true), ''),
       CASE WHEN t.done THEN 'done' ELSE 'pending' END, CASE WHEN t.here THEN 1 ELSE 0 END,
       statement_timestamp() + CASE WHEN t.here THEN make_interval(secs => %(lease)s) ELSE interval '0' END,
       statement_timestamp(),
       CASE WHEN t.done THEN statement_timestamp() END, ''
  FROM jsonb_to_recordset(%(rows)s::jsonb)
       AS t(event text, handler text, queue text, payload jsonb, scope text, here boolean, done boolean)
RETURNING id, handler, queue, state = 'done'
"""


def publish(event: Event, *, apart: bool = False) -> None:
    """Write the news for all its subscribers; workers are rung after the commit.

    Must be called in a transaction: the news is true exactly when what caused it is committed. Raises
    TransactionManagementError otherwise.

    News told `apart` isn't done by the chain that tells it, but after it, by bells of its own: the next part of a long
    work, or what comes in hundreds and holds locks that others wait for.

    A handler that takes a part of its own work back (an inner `atomic()` whose failure it catches) mustn't publish in
    that part: what it tells is written at the end of the chain, and would be told all the same.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "publish() belongs into the action's transaction"
        )
    targets = by_event.get(type(event), [])
    if not targets:
        return
    chain = current_chain.get()
    if chain is None:
        ring_after_commit(_write(event, targets, chain, apart=apart))
    elif chain.together:
        _note(event, targets, chain, apart=apart)
    else:
        chain.fresh.extend(_write(event, targets, chain, apart=apart))


def _told(
    event: Event, target: Subscription, chain: Chain | None, *, held: str, apart: bool
) -> Told:
    """Say which queue does it, and whether this chain itself: what is for its own queue, unless it is told apart."""
    stays = chain is not None and target.queue in (chain.queue, _AWAITED)
    queue = chain.queue if chain is not None and stays else target.queue
    name = type(event).__name__ if apart else ""
    return Told(event, target, held, queue, stays and not apart, name)


def _note(event: Event, targets: Sequence[Subscription], chain: Chain, *, apart: bool) -> None:
    """Have a chain of one transaction do what is for its own queue; what was told is written at its end."""
    held = scope.noted()
    for target in targets:
        told = _told(event, target, chain, held=held, apart=apart)
        chain.told.append(told)
        if told.here:
            chain.fresh.append(
                Due(0, told.queue, target.subject(event), True, target.name, event, held)
            )


def _write(
    event: Event, targets: Sequence[Subscription], chain: Chain | None, *, apart: bool
) -> list[Due]:
    """Insert a delivery for each of these subscribers, in one statement."""
    told = [_told(event, target, chain, held="", apart=apart) for target in targets]
    rows = [_row(each, scope=None, here=each.here) for each in told]
    written = {handler: pk for pk, handler, _queue, _done in _insert(rows)}
    return [
        Due(
            written[each.target.name],
            each.queue,
            each.target.subject(event),
            claimed=each.here,
            apart=each.apart,
        )
        for each in told
    ]


def write_told(chain: Chain) -> list[Due]:
    """Insert what a chain of one transaction was told, and return what others have to do of it.

    What it did itself is written as done; what is for another queue, or told apart, only where it concerns anybody, and
    once for what is computed anew. Enters the client's scope, until the end of the transaction.
    """
    elsewhere = [each for each in chain.told if not each.here]
    if any(each.target.concerns for each in elsewhere):
        scope.enter(scope.CLIENT)
    wanted: dict[Any, Told] = {}
    for number, each in enumerate(elsewhere):
        concerns = each.target.concerns
        if concerns is None or concerns(each.event):
            wanted.setdefault(each.target.subject(each.event) or number, each)
    rows = [_row(each, here=True, done=True) for each in chain.told if each.here]
    rows += [_row(each) for each in wanted.values()]
    written = [
        row
        for start in range(0, len(rows), _AT_ONCE)
        for row in _insert(rows[start : start + _AT_ONCE])
    ]
    apart = {each.target.name: each.apart for each in wanted.values() if each.apart}
    return [
        Due(pk, queue, apart=apart.get(handler, ""))
        for pk, handler, queue, done in written
        if not done
    ]


def _row(told: Told, **more: Any) -> dict[str, Any]:
    payload = told.event.to_payload()
    named = {
        "event": type(told.event).__name__,
        "handler": told.target.name,
        "queue": told.queue,
        "scope": told.scope,
    }
    return {**named, "payload": payload, "here": False, "done": False, **more}


def _insert(rows: Sequence[dict[str, Any]]) -> list[tuple[int, str, str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {"lease": LEASE.total_seconds(), "rows": json.dumps(rows)})
        return list(cursor.fetchall())


def ring_after_commit(rows: Sequence[Due]) -> None:
    """Ring for these deliveries, once they are committed."""
    transaction.on_commit(lambda: ring(rows), robust=True)


def ring(rows: Sequence[Due]) -> None:
    """Ring one bell per queue for these deliveries, and one of its own for each kind of news that was told apart."""
    bells: dict[tuple[str, str], list[int]] = {}
    for due in rows:
        bells.setdefault((due.queue, due.apart), []).append(due.pk)
    for (queue, _apart), ids in bells.items():
        bell.ring(queue, ids)
