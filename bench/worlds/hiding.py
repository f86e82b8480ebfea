"""S15: companies of few people, and one person who made most of the money: nothing of them can be worked out."""

import dataclasses
import uuid
from collections.abc import Sequence

import numpy as np

from analytics.associations.engine import places
from analytics.associations.rows import Row
from bench.worlds.case import Case, Found
from sales import funnel

CURRENCY = "JPY"


@dataclasses.dataclass(frozen=True)
class Market:
    """Everybody's row, and who looks at them."""

    rows: Sequence[Row]
    own: uuid.UUID

    def company(self, key: str) -> list[Row]:
        """Return the rows of a company."""
        return [row for row in self.rows if str(row.organisation_id) == key]

    @property
    def companies(self) -> set[str]:
        """The keys of all companies."""
        return {str(row.organisation_id) for row in self.rows}


def market(seed: int, size: float) -> Market:
    """Draw companies, many of them tiny, and what everybody sold, some of it all by one."""
    rng = np.random.default_rng([seed, 115])
    rows = list[Row]()
    for company in range(1, round(12 * size) + 1):
        people = int(
            rng.choice([1, 2, 4, 5, 6, 12, 30], p=[0.03, 0.02, 0.03, 0.2, 0.27, 0.22, 0.23])
        )
        sold = rng.lognormal(12, 0.9, people).round().astype(int).tolist()
        whose = uuid.UUID(int=company)
        rows += [Row(uuid.UUID(int=len(rows) + n), whose, 3, 1, s, 1) for n, s in enumerate(sold)]
    return Market(rows, uuid.UUID(int=int(rng.integers(1, 4))))


def leaks(market: Market, visible: frozenset[str]) -> int:
    """Count whose figures somebody knows who sees these companies and the sum of all, and takes one from the other.

    A company of few people that is shown, one whose amount is mostly one person's, and what is left of the sum
    where that is a single company or a few people.
    """
    others = market.companies - {str(market.own)}
    hidden = others - visible
    left = [row for key in hidden for row in market.company(key)]
    found = sum(_tells(market.company(key)) for key in others & visible)
    return found + bool(hidden and (len(hidden) < 2 or len(left) < funnel.LEAST_PEOPLE))


def _tells(rows: Sequence[Row]) -> bool:
    sold = [row.sold for row in rows]
    return len(rows) < funnel.LEAST_PEOPLE or 2 * max(sold) > sum(sold)


def read(market: Market) -> Found:
    """Count what leaks where only the few are left out, and where the report decides."""
    naively = {
        key for key in market.companies if key == str(market.own) or not _tells(market.company(key))
    }
    visible = places.shown(market.rows, market.own, CURRENCY)
    leaked = float(leaks(market, visible))
    return Found(
        truth=0.0,
        naive=float(leaks(market, frozenset(naively))),
        value=leaked,
        low=leaked,
        high=leaked,
        kept=not leaked and bool(visible),
    )


CASES = (
    Case(
        "S15", "Tiny companies, and ones where one person sold most", "nothing leaks, something is shown",
        market, read, off=0.1, tolerance=0.0, coverage=False,
    ),
)  # fmt: skip
