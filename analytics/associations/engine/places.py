"""Companies of a report: how many reps each has, what they have in the middle, and which may be shown. Pure.

Others' companies are held back as in the funnel: fewer than 5 people, an amount of which one person made more
than half, and so many more that nothing is what is left of the sum.
"""

import uuid
from collections.abc import Container, Mapping, Sequence
from typing import Any

import numpy as np

from analytics.associations.engine.correlation import Floats, Ints
from analytics.associations.rows import Row
from sales import funnel

Place = dict[str, Any]

COLOURED = 4
"""So many companies get a colour and a line of their own."""


def numbered(rows: Sequence[Row]) -> tuple[list[uuid.UUID], Ints]:
    """Return the companies in order, and the number of each row's."""
    ids = sorted({row.organisation_id for row in rows})
    numbers = {each: number for number, each in enumerate(ids)}
    return ids, np.array([numbers[row.organisation_id] for row in rows], dtype=np.int64)


def shown(
    rows: Sequence[Row], own: uuid.UUID, currency: str, held: Container[str] = ()
) -> frozenset[str]:
    """Return the keys of the companies that may be shown to people of `own`; those of `held` may not."""
    made: dict[uuid.UUID, list[int]] = {}
    for row in rows:
        made.setdefault(row.organisation_id, []).append(row.sold)
    cells = [
        funnel.Cell(
            key=str(key),
            people=len(each),
            counts={},
            amounts={currency: sum(each)} if currency and sum(each) else {},
            tops={currency: max(each)} if currency else {},
            own=key == own,
        )
        for key, each in made.items()
    ]
    visible = funnel.shown(cells, held)
    amounts = {
        cell.key
        for cell in funnel.with_amounts_held(cells, visible)
        if any(amount.hidden for amount in cell.won_amounts)
    }
    return visible - amounts


def described(
    ids: Sequence[uuid.UUID],
    names: Mapping[uuid.UUID, str],
    group: Ints,
    values: tuple[Floats, Floats],
    may_be_shown: frozenset[str],
) -> list[Place]:
    """Return what is told of the companies that may be shown, the largest first."""
    found = []
    for number, each in enumerate(ids):
        if str(each) not in may_be_shown:
            continue
        x, y = (whole[group == number] for whole in values)
        found.append(
            {
                "number": number,
                "name": names.get(each, ""),
                "reps": len(x),
                "learning": float(x.mean()),
                "sales": float(y.mean()),
                "from": float(x.min()),
                "to": float(x.max()),
            }
        )
    return sorted(found, key=lambda place: (-place["reps"], place["name"], place["number"]))
