"""Numbers that a second library or another way computes too, and published ones."""

import numpy as np
import pandas as pd
import pytest
from linearmodels.panel import PanelOLS

from analytics.associations.engine import published, regression
from analytics.associations.engine.regression import Fit
from tests.analytics.associations import panels


def fit(data: pd.DataFrame, y: str, x: str, **how: object) -> Fit:
    """Return one coefficient."""
    found = regression.fit(data, y, [x], **how)
    assert found is not None
    return found[x]


@pytest.mark.parametrize("case", published.CASES)
def test_published_numbers_are_ours(case: str) -> None:
    assert published.there(case)
    for each in published.numbers(case):
        assert each.holds, each


def test_two_way_fixed_effects_are_those_of_another_library_where_rows_lack() -> None:
    data = panels.learnt(1).sample(4000, random_state=1).reset_index(drop=True)
    two_ways = {"absorbed": ["rep", "month"], "groups": "partner", "errors": "CRV1"}
    ours = fit(data, "sales", "learning", **two_ways)
    indexed = data.set_index(["rep", "month"])
    other = PanelOLS(
        indexed["sales"], indexed[["learning"]], entity_effects=True, time_effects=True
    ).fit(
        cov_type="clustered",
        clusters=indexed[["partner"]],
        debiased=False,
        auto_df=False,
        count_effects=False,
    )
    assert ours.value == pytest.approx(other.params["learning"], abs=1e-8)
    # Counted: groups, and what isn't within them, the slope and the months.
    freedom = 30 / 29 * 3999 / (4000 - 19)
    plain = other.std_errors["learning"]
    assert ours.se == pytest.approx(plain * np.sqrt(freedom), rel=1e-3)


def test_errors_of_few_groups_are_those_of_leaving_each_out() -> None:
    data = panels.learnt(1)[:900].assign(place=lambda each: each["rep"] % 5)
    ours = fit(data, "sales", "learning", groups="place")
    assert ours.errors == "CRV3"
    left = [
        np.polyfit(kept["learning"], kept["sales"], 1)[0]
        for kept in (data[data["place"] != n] for n in range(5))
    ]
    assert ours.se == pytest.approx(np.sqrt(0.8 * ((np.array(left) - ours.value) ** 2).sum()))


def test_columns_that_fixed_effects_know_already_say_nothing() -> None:
    data = panels.learnt(1)
    assert (
        regression.fit(data, "sales", ["able"], absorbed=["rep", "month"], groups="partner") is None
    )
    assert regression.fit(data.assign(same=1.0), "sales", ["same"]) is None
