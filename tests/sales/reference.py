"""What the panel should say, counted the plainest way from what was told. Shares no code with the product."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
Spells = Mapping[uuid.UUID, Sequence[tuple[dt.date, Any]]]
"""Person → (first day, place), in order; the last place holds until the next begins."""


def place(spells: Spells, person: uuid.UUID, day: dt.date) -> Any:
    """Walk through the spells."""
    found = spells[person][0][1]
    for first, where in spells[person]:
        if first <= day:
            found = where
    return found


def owner(owners: Mapping[dt.datetime, uuid.UUID], at: dt.datetime) -> uuid.UUID:
    """Walk through the owners."""
    order = sorted(owners)
    found = owners[order[0]]
    for since in order:
        if since <= at:
            found = owners[since]
    return found


def panel(spells: Spells, counts: Iterable[Any], told: Iterable[Any]) -> Counter[tuple[Any, ...]]:
    """Return figures by (person, place, product, month, measure or currency)."""
    sums: Counter[tuple[Any, ...]] = Counter()

    def add(person: uuid.UUID, product: uuid.UUID, day: dt.date, measure: str, n: int) -> None:
        if n:
            where = place(spells, person, day)
            sums[person, where, product, (day.year, day.month), measure] += n

    for each in latest(counts):
        add(each.person_id, each.product_id, each.day, each.measure, each.count)
    for state in folded(told).values():
        product, owners = state["product_id"], state["owners"]
        for stage, measure in (("appointment", "appointments"), ("qualified", "qualified")):
            if at := state["stages"].get(stage):
                add(owner(owners, at), product, day_of(at), measure, 1)
        if state["outcome"] in {"won", "lost"}:
            at = state["closed_at"]
            add(owner(owners, at), product, day_of(at), state["outcome"], 1)
        if state["outcome"] == "won":
            add(owner(owners, at), product, day_of(at), state["currency"], state["amount"])
    return sums


def latest(counts: Iterable[Any]) -> Iterable[Any]:
    """Keep the last count of each thing; one that says None says nothing."""
    found = {
        (c.person_id, c.product_id, c.day, c.measure): c for c in counts if c.count is not None
    }
    return found.values()


def folded(told: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """Lay what was told over each other; what says None says nothing."""
    states: dict[str, dict[str, Any]] = {}
    for each in told:
        state = states.setdefault(each.external_id, {"owners": {}, "stages": {}, "outcome": "open"})
        for name in ("product_id", "outcome", "closed_at", "amount", "currency"):
            if getattr(each, name) is not None:
                state[name] = getattr(each, name)
        state["owners"].update(each.owners)
        state["stages"].update(each.stages)
    return states


def day_of(at: dt.datetime) -> dt.date:
    """Return the day in Tokyo."""
    return at.astimezone(TOKYO).date()
