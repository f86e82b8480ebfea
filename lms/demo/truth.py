"""The demo world's hidden truth in a file: true effects and the generator's own totals. The product never reads it.

Only the checks of the demo do, to hold what the product counts against what was drawn.
"""

import dataclasses
import json
import uuid
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from lms.demo.plan import Plan
from lms.demo.selling import OURS, Sold
from lms.demo.trade import CODES

Key = tuple[str, str, str, str, str, str]
"""Ids of person, organisation and team, a product's code, the month, and a measure or currency."""


def path() -> Path:
    """Return where the truth is kept."""
    return Path(settings.STATE_DIR) / "demo" / "truth.json"


@dataclasses.dataclass(frozen=True)
class Ids:
    """Which ids the world's numbers got in the database."""

    people: Mapping[int, uuid.UUID]
    places: Mapping[tuple[int, int], tuple[uuid.UUID, uuid.UUID]]


def write(plan: Plan, sold: Sold, ids: Ids) -> None:
    """Keep the truth of this world."""
    lines: dict[tuple[int, ...], dict[str, int]] = {}
    for (*whose, measure), n in sold.totals.items():
        if n:
            lines.setdefault(tuple(whose), {})[measure] = n
    told = {
        "now": plan.calendar.now.isoformat(),
        "language": plan.content.language,
        "share_of_time": OURS,
        "world": plan.world.truth(),
        "people": {rep: str(pk) for rep, pk in ids.people.items()},
        "places": [[*place, *map(str, pks)] for place, pks in ids.places.items()],
        "months": [
            f"{plan.calendar.first_day(month):%Y-%m}" for month in range(plan.calendar.months)
        ],
        "products": CODES,
        "totals": [[*whose, figures] for whose, figures in lines.items()],
    }
    path().parent.mkdir(parents=True, exist_ok=True)
    path().write_text(json.dumps(told), encoding="utf-8")


def totals() -> "Counter[Key]":
    """Return the generator's own totals. Raises FileNotFoundError where no demo world was built."""
    told: dict[str, Any] = json.loads(path().read_text(encoding="utf-8"))
    places = {(firm, team): (place, group) for firm, team, place, group in told["places"]}
    found: Counter[Key] = Counter()
    for rep, firm, team, product, month, figures in told["totals"]:
        whose = told["people"][str(rep)], *places[firm, team]
        for measure, n in figures.items():
            found[*whose, told["products"][product], told["months"][month], measure] = n
    return found


def forget() -> None:
    """Throw the truth away with its world."""
    path().unlink(missing_ok=True)
