"""Figures as bad as they come, put through the engine: left out and told, never filled in, never made up."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.associations.engine import estimate, findings
from analytics.associations.engine.analysis import Analysis, analyse
from analytics.associations.engine.panel import Panel
from bench.worlds.case import codes
from bench.worlds.drawing import draw
from bench.worlds.knobs import World
from bench.worlds.panels import frame

SMALL = World(reps=80, months=8, partners=12, effect=1.0)
COLUMNS = {"unit": "rep", "group": "partner", "time": "month"}
FIGURES = {"learning": ["hours"], "sales": ["rate"]}


@pytest.fixture(scope="module")
def clean() -> pd.DataFrame:
    return frame(draw(SMALL, 1)).drop(columns="start")


def analysed(told: pd.DataFrame, **more: object) -> Analysis:
    return analyse(Panel.of(told, **(COLUMNS | FIGURES | more)))


def numbers(analysis: Analysis) -> list[tuple[object, ...]]:
    """Return every number that is told."""
    return [
        (each.method, each.learning, each.sales, each.lag, each.value, each.low, each.high, each.p)
        for each in analysis.estimates
    ]


def same(one: Analysis, other: Analysis) -> bool:
    """Say whether two analyses tell the same numbers and grade."""
    pairs = zip(numbers(one), numbers(other), strict=True)
    return one.grade == other.grade and all(
        a == pytest.approx(b, rel=1e-9, abs=1e-12, nan_ok=True) if isinstance(a, float) else a == b
        for left, right in pairs
        for a, b in zip(left, right, strict=True)
    )


@pytest.fixture(scope="module")
def right(clean: pd.DataFrame) -> Analysis:
    return analysed(clean)


def test_the_clean_figures_tell_the_effect(right: Analysis) -> None:
    found = right.find(estimate.FIXED_EFFECTS, lag=1)
    assert abs(found.value - 1) < 3.5 * found.se


def test_rows_that_stand_twice_count_once(clean: pd.DataFrame, right: Analysis) -> None:
    told = analysed(pd.concat([clean, clean.iloc[::7]], ignore_index=True))
    assert same(told, right)
    assert findings.TWICE in codes(told)


def test_rows_that_contradict_each_other_go_both(clean: pd.DataFrame) -> None:
    some = clean.iloc[::7]
    told = analysed(pd.concat([clean, some.assign(rate=99.0)], ignore_index=True))
    assert same(told, analysed(clean.drop(some.index)))
    assert findings.TWICE_OTHERWISE in codes(told)


def test_what_lies_in_the_future_is_left_out(clean: pd.DataFrame, right: Analysis) -> None:
    later = clean[clean["month"] == 7].assign(month=12, rate=99.0)
    told = analysed(pd.concat([clean, later], ignore_index=True), now=7)
    assert same(told, right)
    assert findings.FUTURE in codes(told)


def test_an_infinite_figure_is_a_missing_one(clean: pd.DataFrame) -> None:
    which = clean.index % 9 == 4
    endless, missing = (
        clean.assign(rate=clean["rate"].mask(which, value)) for value in (math.inf, math.nan)
    )
    told = analysed(endless)
    assert same(told, analysed(missing))
    assert findings.INFINITE in codes(told)


def test_amounts_of_the_rarer_currency_are_left_out(clean: pd.DataFrame, right: Analysis) -> None:
    spare = clean.iloc[::5].assign(currency="USD", rate=9_000.0)
    both = pd.concat([clean.assign(currency="JPY"), spare], ignore_index=True)
    told = analysed(both, currency="currency")
    assert same(told, right)
    assert findings.CURRENCIES in codes(told)


def test_with_half_of_the_figures_missing_the_effect_is_still_told_and_that_they_are_missing() -> (
    None
):
    drawn = draw(dataclasses.replace(SMALL, reps=200, missing=0.55), 2)
    told = analysed(frame(drawn))
    found = told.find(estimate.FIXED_EFFECTS, lag=1)
    assert abs(found.value - 1) < 3.5 * found.se
    assert findings.MUCH_MISSING in codes(told)


@pytest.mark.parametrize("value", [0.0, 7.0])
@pytest.mark.parametrize("column", ["hours", "rate"])
def test_what_is_the_same_everywhere_tells_nothing(clean: pd.DataFrame, column, value) -> None:
    told = analysed(clean.assign(**{column: value}))
    assert (told.grade, told.answers[0].headline) == ("E", None)
    assert findings.CONSTANT in codes(told)
    assert not any(each.points for each in told.estimates)


def test_a_control_that_is_the_same_everywhere_changes_nothing(
    clean: pd.DataFrame, right: Analysis
) -> None:
    told = analysed(clean.assign(tenure=3.0), controls=["tenure"])
    assert same(told, right)
    assert findings.CONSTANT_CONTROL in codes(told)


def test_of_one_partner_nothing_is_said_within_or_between_partners(clean: pd.DataFrame) -> None:
    told = analysed(clean.assign(partner=0))
    assert findings.ONE_GROUP in codes(told)
    assert told.find(estimate.BETWEEN) is None
    assert told.grade in "CDE"


def test_one_whale_is_told(clean: pd.DataFrame) -> None:
    amounts = clean.assign(rate=clean["rate"].mask(clean.index == 3, 1e9))
    assert findings.ONE_WHALE in codes(analysed(amounts))


def test_sales_in_yen_or_in_millions_of_them_are_the_same(
    clean: pd.DataFrame, right: Analysis
) -> None:
    large = analysed(clean.assign(rate=clean["rate"] * 2.0**40)).find(estimate.FIXED_EFFECTS)
    plain = right.find(estimate.FIXED_EFFECTS)
    assert large.value / 2.0**40 == pytest.approx(plain.value, rel=1e-12)
    assert (large.p, large.se / 2.0**40) == pytest.approx((plain.p, plain.se), rel=1e-9)


def test_neither_the_order_of_rows_nor_names_of_people_matter(
    clean: pd.DataFrame, right: Analysis
) -> None:
    mixed = clean.sample(frac=1, random_state=3)
    renamed = mixed.assign(rep=mixed["rep"].map("担当{:04}".format))
    assert same(analysed(renamed), right)


_values = st.sampled_from([0.0, 1.0, -1.0, 2.5, 1e-12, 1e15, math.inf, -math.inf, math.nan])
_rows = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(0, 3), _values, _values),
    max_size=25,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_rows, st.booleans())
def test_whatever_comes_in_no_number_that_is_told_is_none(rows, timed: bool) -> None:
    told = pd.DataFrame(rows, columns=["rep", "partner", "month", "hours", "rate"]).astype(
        {"hours": float, "rate": float}
    )
    columns = COLUMNS if timed else {"group": "partner"}
    found = analyse(Panel.of(told, **columns, **FIGURES))
    assert found.grade in "CDE"
    for each in found.estimates:
        known = [n for n in (each.value, each.se, each.low, each.high, each.p) if n is not None]
        assert np.isfinite(known).all()
        if each.low is not None and each.high is not None:
            assert each.low <= each.high
