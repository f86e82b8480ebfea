"""Units taken together give an event study the numbers that they give one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.associations.engine import alike, staggered
from analytics.associations.engine.panel import Panel


def a_panel(*, missing: bool, partners: int = 24, reps: int = 20) -> Panel:
    """Draw reps who are first treated at one of three times or never; some join late, some months are unknown."""
    rng = np.random.default_rng(11)
    rows = []
    for unit in range(partners * reps):
        first, joins = rng.choice([4, 6, 8, np.nan]), rng.choice([1, 1, 1, 3])
        level = rng.normal()
        for time in range(1, 11):
            lacks = missing and (time < joins or (unit % 10 == 0 and time == 5))
            y = level + 0.1 * time + rng.normal() + (time >= first) * 0.5
            rows.append((unit, unit % partners, time, first, np.nan if lacks else y))
    frame = pd.DataFrame(rows, columns=["unit", "place", "time", "treated", "y"])
    return Panel.of(frame, unit="unit", group="place", time="time", sales=["y"], treated="treated")


def numbers(found: staggered.Study) -> list[Any]:
    """Return every number of a study."""
    assert found.overall is not None
    told = [found.overall, *found.times]
    values = [v for e in told for v in (e.value, e.se, e.low, e.high, e.p)]
    details = found.overall.details
    bounds = [each[side] for each in details["honest"] for side in ("low", "high")]
    return [*values, details["pre_trend_p"], details["unseen_trend"], *bounds]


@pytest.mark.parametrize("missing", [False, True])
def test_together_they_say_what_they_say_one_by_one(
    missing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = a_panel(missing=missing)
    rows, _ = staggered._rows(panel, "y", ())
    few = alike.together(rows.frame)
    assert few is not None
    assert len(few) < len(rows.frame) / 2
    assert few[alike.WEIGHT].sum() == len(rows.frame)
    quick = staggered.study(panel, "y")
    monkeypatch.setattr(alike, "together", lambda _frame: None)
    one_by_one = staggered.study(panel, "y")
    assert [each.code for each in quick.findings] == [each.code for each in one_by_one.findings]
    assert np.allclose(numbers(quick), numbers(one_by_one), rtol=1e-7, atol=1e-9, equal_nan=True)


def test_where_hardly_any_are_alike_they_stay_as_they_are() -> None:
    frame = a_panel(missing=False, partners=80, reps=3)
    assert alike.together(staggered._rows(frame, "y", ())[0].frame) is None
