"""The engine in panels whose truth is known: it finds it, or says that it can't; naive numbers miss."""

import numpy as np
import pandas as pd
import pytest

from analytics.associations.engine.analysis import analyse
from analytics.associations.engine.panel import Panel
from tests.analytics.associations import panels

seeds = pytest.mark.parametrize("seed", [1, 2])


def within(estimate, truth: float, errors: float = 3.5) -> bool:
    return abs(estimate.value - truth) <= errors * estimate.se


@seeds
def test_the_same_rep_over_time_tells_the_effect_where_the_raw_slope_misses_it(seed: int) -> None:
    found = analyse(panels.panel(panels.learnt(seed)), draws=100)
    same = found.find("fixed_effects", lag=1)
    assert within(same, 1.0)
    assert found.find("slope").value > 2.5
    assert found.grade == "C"
    assert found.answers[0].headline == same
    strip = {each.lag: each.value for each in found.estimates if each.method == "fixed_effects"}
    assert max(strip, key=lambda lag: abs(strip[lag])) == 1


@seeds
def test_without_an_effect_it_says_what_it_would_have_seen(seed: int) -> None:
    found = analyse(panels.panel(panels.learnt(seed, effect=0.0)), draws=100)
    same = found.find("fixed_effects", lag=1)
    assert within(same, 0.0)
    assert found.find("slope").points == 1
    assert 0.05 < found.answers[0].smallest < 0.2


def test_a_wrong_lag_lowers_the_grade_and_is_named() -> None:
    found = analyse(panels.panel(panels.learnt(1)), lag=0, draws=100)
    assert found.grade == "D"
    assert {"lag": 1, "asked": 0} in [
        each.values for each in found.findings if each.code == "other_lag"
    ]


@seeds
def test_learning_that_follows_sales_lowers_the_grade(seed: int) -> None:
    data = panels.frame(seed)
    data["sales"] = data["able"] + panels.noise(seed, len(data))
    before = data.groupby("rep")["sales"].shift(1).fillna(0)
    data["learning"] = -0.1 * before + panels.noise(seed + 9, len(data), 1.0)
    found = analyse(panels.panel(data), draws=100)
    assert found.grade == "D"
    assert "lead" in found.answers[0].reasons


def test_where_partners_turn_the_sign_round_the_pooled_number_is_withheld() -> None:
    data = panels.frame(1)
    weak = np.linspace(-1, 1, panels.PARTNERS)[data["partner"]]
    data["learning"] = 1.5 * weak + panels.noise(3, len(data), 1.0)
    data["sales"] = (
        data.groupby("rep")["learning"].shift(1).fillna(0) - 5 * weak + panels.noise(1, len(data))
    )
    found = analyse(panels.panel(data), draws=100)
    assert within(found.find("fixed_effects", lag=1), 1.0)
    assert "sign_differs" in {each.code for each in found.findings}
    assert found.find("pooled") is None
    assert analyse(panels.panel(data), draws=100, anyway=True).find("pooled").value < 0


@seeds
def test_an_effect_that_grows_is_told_by_the_event_study_alone(seed: int) -> None:
    data, truth = panels.staggered(seed)
    found = analyse(panels.panel(data, learning=(), treated="first"))
    assert within(found.find("event_study"), truth)
    assert found.grade == "B"
    assert found.answers[0].headline.method == "event_study"
    assert found.find("did") is None
    details = found.find("event_study").details
    assert [each["M"] for each in details["honest"]] == [0.25, 0.5, 1.0, 1.5, 2.0]
    assert details["unseen_trend"] > 0


@seeds
def test_a_course_after_a_bad_month_is_refused_and_compared_with_equally_bad_months(
    seed: int,
) -> None:
    found = analyse(panels.panel(panels.dipped(seed), learning=(), treated="first"))
    assert found.grade == "D"
    assert found.answers[0].reasons == ("dip",)
    assert found.find("event_study") is None
    assert within(found.answers[0].headline, 0.0)
    naive = analyse(panels.panel(panels.dipped(seed), learning=(), treated="first"), anyway=True)
    assert naive.find("event_study").value > 3


def test_a_launch_in_few_partners_tells_nothing_beyond_them() -> None:
    data = panels.frame(1, partners=8)
    shocks = np.random.default_rng(1).normal(size=(8, panels.MONTHS))
    data["sales"] = (
        data["able"] + shocks[data["partner"], data["month"]] + panels.noise(1, len(data))
    )
    data["first"] = np.where(data["partner"] < 4, 9, 0)
    found = analyse(panels.panel(data, learning=(), treated="first"))
    assert found.grade == "E"
    assert found.answers[0].headline is None
    assert found.estimates == ()
    anyway = analyse(panels.panel(data, learning=(), treated="first"), anyway=True).find("did")
    assert anyway.errors == "CRV3"


def test_errors_hang_together_within_partners() -> None:
    rejected = 0
    for seed in range(12):
        data = panels.frame(seed, partners=8, reps=160)
        shocks = np.random.default_rng(seed).normal(size=(8, panels.MONTHS))
        data["sales"] = shocks[data["partner"], data["month"]] + panels.noise(seed, len(data), 1.0)
        data["first"] = np.where(data["partner"] < 4, 9, 0)
        found = analyse(panels.panel(data, learning=(), treated="first"), anyway=True).find("did")
        rejected += found.points != 0
    assert rejected <= 2


def test_before_and_after_without_anybody_to_compare_has_a_banner() -> None:
    data = panels.frame(1)
    data["sales"] = 0.2 * data["month"] + panels.noise(1, len(data))
    data["first"] = 9
    found = analyse(panels.panel(data, learning=(), treated="first"))
    assert found.grade == "D"
    assert {"no_comparison", "nobody_left"} <= {each.code for each in found.findings}
    assert found.find("before_after").points == 1


def test_a_launch_beside_partners_that_had_not_launched_tells_nothing_where_there_is_nothing() -> (
    None
):
    data = panels.frame(2, partners=40)
    data["sales"] = data["able"] + 0.2 * data["month"] + panels.noise(2, len(data))
    data["first"] = np.where(data["partner"] < 20, 9, 0)
    found = analyse(panels.panel(data, learning=(), treated="first"))
    assert within(found.find("did"), 0.0)
    assert within(found.find("event_study"), 0.0)


def test_a_grid_without_signal_has_hits_by_luck_and_none_after_correction() -> None:
    rng = np.random.default_rng(5)
    learning, sales = [f"x{n}" for n in range(10)], [f"y{n}" for n in range(4)]
    data = pd.DataFrame(rng.normal(size=(300, 14)), columns=[*learning, *sales])
    data["partner"] = np.arange(300) % 15
    found = analyse(Panel.of(data, group="partner", learning=learning, sales=sales), draws=20)
    assert found.facts["tests"] == 40
    assert found.facts["by_luck"] == 2.0
    assert found.facts["hits"] >= 1
    assert found.facts["found"] == 0
    told = [each for each in found.estimates if each.method == "within"]
    assert all(each.points == 0 for each in told)
    assert all(each.q >= each.p for each in told)
