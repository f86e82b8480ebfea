"""Who waits for which news."""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

from core.events import Event

E = TypeVar("E", bound=Event)
Handler = Callable[[Any], None]
Subject = tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Subscription:
    """A handler, the event it waits for, the queue whose workers run it, what it computes anew, and whom it is for."""

    event: type[Event]
    handler: Handler
    name: str
    queue: str
    once_per: tuple[str, ...] = ()
    concerns: Callable[[Any], bool] | None = None

    def subject(self, event: Event) -> Subject | None:
        """Return what the handler computes anew for this event; None where each event counts."""
        if not self.once_per:
            return None
        return (self.name, *(str(getattr(event, name)) for name in self.once_per))


by_event: dict[type[Event], list[Subscription]] = {}
by_name: dict[str, Subscription] = {}


def subscribe(
    event: type[E],
    *,
    queue: str = "score",
    once_per: tuple[str, ...] = (),
    concerns: Callable[[E], bool] | None = None,
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a function for an event. Its dotted name is its address in stored deliveries.

    `once_per` names fields of the event: a handler that computes something anew for them runs once, after
    the other news of a chain, whatever the number of events about the same.

    `concerns` spares another queue's worker what has nothing to do: it is asked in the client's scope, at the end of
    the transaction of the chain that the news comes from, and where it says no, nothing is delivered. It may say yes
    for nothing, and isn't asked elsewhere; a no has to be as good as one after that transaction's commit.
    """

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        name = f"{handler.__module__}.{handler.__qualname__}"
        subscription = Subscription(event, handler, name, queue, once_per, concerns)
        by_event.setdefault(event, []).append(subscription)
        by_name[name] = subscription
        return handler

    return register


def subscriptions() -> list[Subscription]:
    """Return every subscription, for documentation and tests."""
    return list(by_name.values())
