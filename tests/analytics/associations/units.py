"""Figures of a report with a known truth: reps of companies, month by month, in whole numbers."""

import uuid
from collections.abc import Callable
from typing import Any

import numpy as np

from analytics.associations.rows import MonthRow, Row, Unit

MONTHS = 10
ABLE, LEARNT, MADE, TENURE = "able", "learnt", "made", "tenure"


def unit(
    seed: int = 1,
    *,
    companies: int = 12,
    reps: int = 8,
    effect: float = 0.02,
    lag: int = 1,
    company: float = 0.0,
    ability: float = 0.0,
    change: Callable[[dict[str, Any], np.random.Generator], None] | None = None,
) -> Unit:
    """Let reps learn some modules a month, and sell by what they learned `lag` months before.

    `company` is by how much a company that learns more sells less; `ability` makes the able do both; `change` may
    change a rep's figures.
    """
    rng = np.random.default_rng(seed)
    rows, months = [], []
    for number in range(companies * reps):
        place, able = number % companies, rng.normal()
        usual = 3 + place / companies * 3 + ability * able
        learnt = rng.poisson(np.full(MONTHS + 3, max(usual, 0.5)))
        before = learnt[3 - lag : 3 - lag + MONTHS]
        rate = 0.3 + effect * (before - 4) - company * place / companies + 0.05 * ability * able
        calls = np.full(MONTHS, 200)
        made = rng.binomial(calls, np.clip(rate, 0.01, 0.99))
        rep: dict[str, Any] = {LEARNT: learnt, MADE: made, ABLE: able, TENURE: None, "calls": calls}
        if change:
            change(rep, rng)
        who = uuid.UUID(int=number + 1), uuid.UUID(int=place + 1)
        made, calls, learnt = rep[MADE], rep["calls"], rep[LEARNT]
        known = calls > 0
        seen = learnt[2 : 2 + MONTHS][known]
        rows.append(
            Row(
                *who,
                int(seen.sum()),
                int(known.sum()),
                int(made.sum()),
                int(calls.sum()),
                rep[TENURE],
            )
        )
        last = int(np.flatnonzero(known)[-1]) + 1
        for n in range(min(MONTHS, last + 1) + 3):
            sold = (int(made[n - 3]), int(calls[n - 3])) if n >= 3 else (0, 0)
            months.append(MonthRow(*who, 100 + n, int(learnt[n]), 1, *sold))
    return Unit(rows, {uuid.UUID(int=n + 1): f"会社{n}" for n in range(companies)}, months)
