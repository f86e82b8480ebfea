"""Events, their subscribers, and the outbox between them.

`publish()` writes one `Delivery` per subscriber in the transaction of the news, and rings a worker
after the commit. `drain()` runs the handlers and marks their deliveries done *in the transaction of
their effects*. `sweep()` rings again for whatever has waited too long. So an event is delivered at least once
and in no promised order: handlers recompute rather than add up, and every effect has a unique key.
"""

from core.outbox.draining import drain, process
from core.outbox.publishing import LEASE, publish
from core.outbox.registry import Subscription, subscribe, subscriptions
from core.outbox.upkeep import MAX_TRIES, backoff, forget_done, retry, sweep

__all__ = [
    "LEASE",
    "MAX_TRIES",
    "Subscription",
    "backoff",
    "drain",
    "forget_done",
    "process",
    "publish",
    "retry",
    "subscribe",
    "subscriptions",
    "sweep",
]
