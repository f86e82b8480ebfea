"""Correlations: SciPy's to the last digit, the same under whatever must not matter, none where nothing differs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics.associations.engine import bins, power, resampling
from analytics.associations.engine.correlation import Rows, Sample, parts

Values = list[tuple[int, int, int]]

some = st.lists(
    st.tuples(st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 4)), min_size=2, max_size=40
)


def rows_of(values: Values) -> Rows:
    numbers = {group: n for n, group in enumerate(sorted({each[2] for each in values}))}
    x, y = (np.array([float(each[n]) for each in values]) for n in (0, 1))
    return Rows(x, y, np.array([numbers[each[2]] for each in values]))


def drawn(n: int, groups: int, seed: int = 1) -> Rows:
    rng = np.random.default_rng(seed)
    group = np.r_[np.arange(groups), rng.integers(0, groups, n - groups)]
    level = rng.normal(size=groups)
    x = np.round(level[group] + rng.normal(size=n), 1)
    return Rows(x, np.round(0.4 * x - 2 * level[group] + rng.normal(size=n), 1), group)


def figures(rows: Rows) -> list[float]:
    return [float(each[0]) for each in vars(parts(rows)).values()]


def same(one: list[float], other: list[float]) -> bool:
    return bool(np.allclose(one, other, rtol=1e-9, atol=1e-9, equal_nan=True))


@pytest.mark.parametrize(("n", "groups"), [(30, 3), (320, 17), (20_000, 200)])
def test_the_pooled_one_is_scipys_spearman(n: int, groups: int) -> None:
    rows = drawn(n, groups)
    assert abs(parts(rows).pooled[0] - stats.spearmanr(rows.x, rows.y).statistic) < 1e-12


def test_within_and_between_are_correlations_of_what_is_left_and_of_the_means() -> None:
    rows = drawn(320, 17)
    rank = [stats.rankdata(each) for each in (rows.x, rows.y)]
    means = [np.array([each[rows.group == group].mean() for group in rows.group]) for each in rank]
    found = parts(rows)
    within = stats.pearsonr(rank[0] - means[0], rank[1] - means[1]).statistic
    assert found.within[0] == pytest.approx(within, abs=1e-12)
    assert found.between[0] == pytest.approx(stats.pearsonr(*means).statistic, abs=1e-12)
    assert found.slope[0] == pytest.approx(stats.linregress(rows.x, rows.y).slope, abs=1e-12)


def test_the_paradox_is_seen() -> None:
    pooled, within, between, slope, slope_within = figures(drawn(320, 17))
    assert within > 0.2
    assert pooled < within
    assert between < 0
    assert slope < 0.2 < slope_within


@given(some)
def test_a_rising_scale_changes_no_correlation_and_a_falling_one_its_sign(values: Values) -> None:
    rows = rows_of(values)
    before = figures(rows)[:3]
    rising = Rows(np.exp(rows.x / 3), rows.y**3, rows.group)
    assert same(figures(rising)[:3], before)
    falling = Rows(-rows.x, rows.y, rows.group)
    assert same(figures(falling)[:3], [-each for each in before])


@given(some, st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_what_groups_are_called_matters(values, random) -> None:
    rows = rows_of(values)
    names = list(range(rows.groups))
    random.shuffle(names)
    order = list(range(len(rows.x)))
    random.shuffle(order)
    renamed = Rows(rows.x[order], rows.y[order], np.array(names)[rows.group][order])
    assert same(figures(renamed), figures(rows))


@given(some)
def test_everything_is_between_minus_one_and_one_or_can_not_be_said(values: Values) -> None:
    assert all(math.isnan(each) or -1 <= each <= 1 for each in figures(rows_of(values))[:3])


@given(some)
def test_a_row_that_counts_twice_is_two_rows(values: Values) -> None:
    rows = rows_of(values)
    times = np.arange(len(rows.x)) % 3
    if times.sum() < 2:
        return
    sample = Sample(rows)
    order = np.argsort(rows.group, kind="stable")
    weighted = sample.parts(times[order][None, :].astype(float))
    kept = [(int(x), int(y), int(g)) for x, y, g in zip(rows.x, rows.y, rows.group, strict=True)]
    copied = [each for each, n in zip(kept, times, strict=True) for _ in range(n)]
    assert same([float(each[0]) for each in vars(weighted).values()], figures(rows_of(copied)))


def test_where_nothing_differs_there_is_no_correlation() -> None:
    same_x = Rows(np.ones(40), np.arange(40.0), np.arange(40) % 4)
    assert all(math.isnan(each) for each in figures(same_x))
    one_group = Rows(np.arange(9.0), np.arange(9.0), np.zeros(9, dtype=int))
    pooled, within, between, *_ = figures(one_group)
    assert (pooled, within) == pytest.approx((1, 1))
    assert math.isnan(between)
    alone = Rows(np.arange(9.0), np.arange(9.0), np.arange(9))
    assert math.isnan(figures(alone)[1])


# --- Intervals ------------------------------------------------------------------------------------


def test_the_interval_is_scipys_bootstrap_over_groups_with_the_same_seed() -> None:
    rows = drawn(120, 12)

    def spearman(groups: np.ndarray) -> float:
        chosen = np.concatenate([np.flatnonzero(rows.group == group) for group in groups])
        return float(stats.spearmanr(rows.x[chosen], rows.y[chosen]).statistic)

    wanted = stats.bootstrap(
        (np.arange(rows.groups),),
        spearman,
        vectorized=False,
        method="percentile",
        n_resamples=300,
        rng=np.random.default_rng(7),
    ).confidence_interval
    found = resampling.by_groups(rows, 7, 300)["pooled"]
    assert found.low == pytest.approx(wanted.low, abs=1e-12)
    assert found.high == pytest.approx(wanted.high, abs=1e-12)


def test_draws_in_pieces_are_the_same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = drawn(90, 10)
    whole = resampling.by_groups(rows, 3, 200)
    monkeypatch.setattr(resampling, "_AT_ONCE", 90 * 7)
    assert resampling.by_groups(rows, 3, 200) == whole


def test_drawing_reps_within_groups_is_surer_than_drawing_groups_that_differ() -> None:
    rows = drawn(320, 17)
    width = {
        draw.__name__: (found := draw(rows, 5)["pooled"]).high - found.low
        for draw in (resampling.by_groups, resampling.within_groups)
    }
    assert width["within_groups"] < 0.7 * width["by_groups"]


def test_without_differences_there_is_no_interval() -> None:
    rows = Rows(np.r_[np.zeros(30), 1.0], np.arange(31.0), np.zeros(31, dtype=int))
    assert resampling.within_groups(rows, 1)["pooled"] == resampling.Interval(None, None)


# --- What could have been seen, and many dots -----------------------------------------------------


@pytest.mark.parametrize(
    ("n", "wanted"),
    [(10, 0.77), (20, 0.58), (30, 0.49), (50, 0.38), (84, 0.30), (200, 0.20), (500, 0.125)],
)
def test_the_smallest_correlation_is_the_published_one(n: int, wanted: float) -> None:
    assert power.smallest(n) == pytest.approx(wanted, abs=0.006)


def test_the_power_is_that_of_pwr() -> None:
    assert power.power(0.3, 84.07364) == pytest.approx(0.8, abs=1e-6)
    assert power.power(0.3, 50) == pytest.approx(0.5715558, abs=1e-6)
    assert power.smallest(4) is None
    assert power.smallest_by(-0.1, 0.1) == pytest.approx(0.1 * 2.8016 / 1.96, abs=1e-4)


def test_a_honeycomb_holds_every_rep_near_where_they_are() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 5000))
    found = bins.honeycomb(x, y)
    assert sum(n for *_, n in found) == 5000
    assert len(found) < 1000
    middles = np.array([each[:2] for each in found])
    far = np.abs(x[:200, None] - middles[:, 0]).min(axis=1)
    assert far.max() <= np.ptp(x) / bins.ACROSS
