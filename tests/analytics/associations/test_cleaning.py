"""Bad data: each kind has its rule, and what was left out is told."""

import numpy as np
import pandas as pd
import pytest

from analytics.associations.engine.analysis import analyse
from analytics.associations.engine.cleaning import GROUP, TIME, TREATED, UNIT
from analytics.associations.engine.panel import Panel


def rows(n: int = 40, **columns: object) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    made = {
        "rep": np.arange(n),
        "place": np.arange(n) % 8,
        "x": rng.normal(size=n),
        "y": rng.normal(size=n),
    }
    return pd.DataFrame({**made, **columns})


def panel(data: pd.DataFrame, **named: object) -> Panel:
    return Panel.of(
        data, **{"unit": "rep", "group": "place", "learning": ["x"], "sales": ["y"], **named}
    )


def told(panel: Panel) -> dict[str, dict]:
    return {each.code: each.values for each in panel.findings}


def test_infinite_and_missing_figures_are_counted_and_left_out() -> None:
    data = rows()
    data.loc[0, "x"], data.loc[1, "y"] = np.inf, np.nan
    found = panel(data)
    assert told(found)["infinite"] == {"rows": 1}
    assert told(found)["missing"]["rows"] == 1
    assert np.isfinite(found.frame["x"].dropna()).all()
    assert analyse(found, draws=50).find("within").n_units == 38


def test_half_missing_is_doubted() -> None:
    data = rows()
    data.loc[:19, "y"] = np.nan
    assert told(panel(data))["much_missing"]["share"] == 0.5


def test_a_row_that_stands_twice_counts_once_and_two_that_differ_not_at_all() -> None:
    data = rows()
    other = data.iloc[[3]].assign(y=99.0)
    found = panel(pd.concat([data, data.iloc[[0, 1]], other]))
    assert told(found)["twice"] == {"rows": 2}
    assert told(found)["twice_otherwise"] == {"rows": 2}
    assert found.units == 39


def test_future_times_and_other_currencies_are_left_out() -> None:
    data = pd.concat([rows(month=n, money="JPY") for n in range(4)])
    data.iloc[:5, data.columns.get_loc("money")] = "USD"
    found = panel(data, time="month", currency="money", now=2)
    assert told(found)["future"] == {"rows": 40}
    assert told(found)["currencies"] == {"rows": 5}
    assert found.times == 3


@pytest.mark.parametrize("column", ["x", "y"])
def test_a_constant_figure_has_grade_e(column: str) -> None:
    found = analyse(panel(rows(**{column: 0.0})), draws=50)
    assert found.grade == "E"
    assert "constant" in found.answers[0].reasons


def test_one_partner_only_has_no_within_and_no_between() -> None:
    found = analyse(panel(rows(place="one")), draws=50)
    assert {"one_group"} <= {each.code for each in found.findings}
    assert found.find("between") is None
    assert found.answers[0].headline.method == "pooled"


def test_one_rep_who_sold_everything_is_named_and_ranks_stand() -> None:
    data = rows(n=60)
    data["y"] = data["y"].abs()
    data.loc[0, ["x", "y"]] = [9.0, 1e6]
    found = analyse(panel(data), draws=50)
    assert "one_whale" in {each.code for each in found.findings}
    assert found.find("pearson").value > 0.7
    assert abs(found.find("within").value) < 0.5


def test_a_ceiling_is_told_and_one_that_most_reach_hides_the_correlation() -> None:
    x = np.r_[np.arange(15), np.full(25, 100)]
    found = analyse(panel(rows(x=x.astype(float))), draws=50)
    assert found.grade == "E"
    assert found.find("within") is None


def test_first_treated_times_are_read_from_times_and_from_yes_and_no() -> None:
    data = pd.concat([rows(month=n) for n in range(2000, 2006)])
    data["first"] = np.where(data["rep"] < 12, 2003, 0)
    data["now"] = ((data["rep"] < 12) & (data["month"] >= 2003)).astype(int)
    one, other = (panel(data, time="month", treated=each) for each in ("first", "now"))
    pd.testing.assert_frame_equal(one.frame, other.frame)
    assert one.frame[TREATED].dropna().unique().tolist() == [2003.0]
    data.loc[data["rep"] == 0, "first"] = np.arange(6) + 2000
    assert told(panel(data, time="month", treated="first"))["treated_varies"] == {"rows": 6}


def test_a_rep_who_moves_hangs_together_with_where_they_are_last() -> None:
    data = pd.concat([rows(month=n) for n in range(3)])
    data.loc[(data["rep"] == 0) & (data["month"] == 2), "place"] = 7
    found = panel(data, time="month")
    assert set(found.homes[found.frame[UNIT] == 0]) == {7}
    assert found.frame[[GROUP, TIME]].dtypes.astype(str).tolist() == ["int64", "int64"]


def test_few_reps_have_grade_e_and_no_numbers() -> None:
    found = analyse(panel(rows(n=29)), draws=50)
    assert found.grade == "E"
    assert found.estimates == ()
    assert found.answers[0].headline is None
    assert analyse(panel(rows(n=29)), draws=50, anyway=True).estimates


def test_rows_of_one_month_are_a_cross_section() -> None:
    found = panel(rows(month=24_315), time="month")
    assert (found.timed, found.times) == (False, 1)
    assert analyse(found, draws=50).grade == "D"


def test_leavers_are_told() -> None:
    data = pd.concat([rows(month=n) for n in range(4)])
    gone = data[(data["rep"] >= 8) | (data["month"] < 2)]
    found = analyse(panel(gone, time="month"), draws=50)
    assert [each.values["units"] for each in found.findings if each.code == "leavers"] == [8]


def test_leavers_are_told_with_who_of_them_had_had_it() -> None:
    data = pd.concat([rows(month=n) for n in range(4)])
    data["from"] = np.where(data["rep"] % 2 == 0, 1.0, np.nan)
    data.loc[data["rep"].isin([0, 2]), "from"] = 3.0  # they were gone before
    gone = data[(data["rep"] >= 8) | (data["month"] < 2)]
    found = analyse(panel(gone, time="month", learning=[], treated="from"), draws=50)
    [told] = [each.values for each in found.general if each.code == "leavers_treated"]
    assert told == {"units": 8, "share": 0.2, "had_gone": 0.25, "had_stayed": 0.5}


def test_the_frame_is_as_it_was() -> None:
    data = rows()
    before = data.copy()
    analyse(panel(data), draws=50)
    pd.testing.assert_frame_equal(data, before)
