"""The roll-out planner's rules: the lot is fair and the same for ever, and what it will see is what it sees."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.associations import lot
from analytics.associations.engine import launched, power, rollouts
from analytics.associations.engine.correlation import Floats
from analytics.associations.launch_rows import Figures, Line, Start
from core.months import after

SINCE = dt.date(2024, 11, 1)
COMPANIES = st.dictionaries(st.uuids(), st.integers(0, 60), min_size=2, max_size=40)
SEEDS = st.binary(min_size=16, max_size=16).map(bytes.hex)


@given(COMPANIES, st.integers(2, 6), SEEDS)
def test_each_company_is_in_one_wave_and_waves_differ_by_one_at_most(
    sizes: dict[uuid.UUID, int], waves: int, seed: str
) -> None:
    waves = min(waves, len(sizes))
    drawn = lot.draw(seed, sizes, waves)
    assert drawn.keys() == sizes.keys()
    counts = Counter(drawn.values())
    assert set(counts) == set(range(1, waves + 1))
    assert max(counts.values()) - min(counts.values()) <= 1
    assert sorted(counts.values(), reverse=True) == rollouts.sizes_of(len(sizes), waves)


@given(COMPANIES, SEEDS)
def test_the_same_seed_draws_the_same_whatever_the_order(
    sizes: dict[uuid.UUID, int], seed: str
) -> None:
    turned = dict(reversed(list(sizes.items())))
    assert lot.draw(seed, sizes, 2) == lot.draw(seed, turned, 2)


def test_every_wave_is_as_likely_for_each_company_and_sizes_are_spread() -> None:
    sizes = {uuid.UUID(int=n): 5 * n for n in range(9)}
    counts = {key: Counter[int]() for key in sizes}
    for n in range(600):
        drawn = lot.draw(f"{n:032x}", sizes, 3)
        for round_ in lot.rounds(sizes, 3):
            assert sorted(drawn[key] for key in round_) == [1, 2, 3]
        for key, wave in drawn.items():
            counts[key][wave] += 1
    assert all(150 < counts[key][wave] < 250 for key in sizes for wave in (1, 2, 3))


def test_a_lot_that_was_drawn_once_stays_the_same_for_ever() -> None:
    sizes = {uuid.UUID(int=n): n for n in range(7)}
    drawn = lot.draw("0" * 32, sizes, 3)
    assert [drawn[key] for key in sorted(sizes, key=str)] == FIRST_DRAW


FIRST_DRAW = [3, 2, 1, 3, 3, 2, 1]


@pytest.mark.parametrize("waves", [0, 1, 8])
def test_what_can_t_be_drawn_is_refused(waves: int) -> None:
    with pytest.raises(ValueError, match="waves"):
        lot.draw("0" * 32, {uuid.UUID(int=n): n for n in range(7)}, waves)


def alike(length: int, *, level: float, noise: float) -> Floats:
    """Covariance of months that share a company's level and differ by chance."""
    return level * np.ones((length, length)) + noise * np.eye(length)


@given(
    st.integers(2, 6), st.integers(1, 4), st.integers(1, 6),
    st.floats(0, 50), st.floats(0.01, 50),
)  # fmt: skip
def test_more_companies_or_months_never_see_less(
    waves: int, gap: int, each: int, level: float, noise: float
) -> None:
    def spread(each: int, gap: int) -> float:
        months = alike((waves - 1) * gap + 1, level=level, noise=noise)
        return rollouts.spread(months, [each] * waves, gap)

    here = spread(each, gap)
    assert spread(each + 1, gap) <= here * (1 + 1e-9)
    assert spread(each, gap + 1) <= here * (1 + 1e-9)
    assert here == pytest.approx(
        rollouts.spread(alike((waves - 1) * gap + 1, level=0, noise=noise), [each] * waves, gap)
    ), "the level of a company falls out"


def test_weights_of_each_month_add_up_to_nothing_and_of_the_launched_to_one() -> None:
    found = rollouts.weights([4, 3, 3], 2)
    assert found.sum(axis=0) == pytest.approx(np.zeros(5))
    assert found[0, 1:].sum() + found[1, 3:].sum() == pytest.approx(1 + found[1, 1:3].sum() * 0)


def past(companies: int, months: int, seed: int) -> rollouts.Past:
    rng = np.random.default_rng(seed)
    means = (
        rng.normal(0, 2, (companies, 1)) + rng.normal(0, 1, (companies, months)).cumsum(axis=1) / 3
    )
    keys = [uuid.UUID(int=n) for n in range(companies)]
    return rollouts.Past(keys, means + rng.normal(0, 1, means.shape), np.full(means.shape, 8.0))


def test_the_formula_is_the_spread_over_every_draw_there_is() -> None:
    told = past(6, 5, 1)
    length = 3
    found = []
    for waves in {*itertools.permutations([1, 1, 2, 2, 3, 3])}:
        drawn = dict(zip(told.companies, waves, strict=True))
        found.append(rollouts.placebo(told, drawn, 1))
    last = told.means[:, -length:] - told.means[:, -length:].mean(axis=0)
    covariance = last.T @ last / 5
    wanted = rollouts.spread(covariance, [2, 2, 2], 1)
    assert np.mean(found) == pytest.approx(0, abs=1e-9)
    assert np.var(found) == pytest.approx(wanted)


def test_the_formula_is_the_spread_over_draws_of_this_lot() -> None:
    told = past(13, 3, 2)
    sizes = dict.fromkeys(told.companies, 8)
    found = [rollouts.placebo(told, lot.draw(f"{n:032x}", sizes, 3), 1) for n in range(1500)]
    smallest = rollouts.smallest(told, 3, 1)
    assert smallest == pytest.approx(power.seen(len(told.companies) - 3) * np.std(found), rel=0.12)


def test_all_at_once_or_too_short_a_past_sees_nothing() -> None:
    assert rollouts.smallest(past(12, 2, 1), 3, 1) is None
    assert rollouts.smallest(past(3, 24, 1), 3, 1) is None
    assert rollouts.smallest(past(12, 24, 1), 3, 1) is not None


def world(seed: int, *, months: int, points: float = 0.0, gap: int = 2, waves: int = 3) -> Figures:
    """Draw 24 companies of 8 reps; where `points` are given they launch in waves drawn by lot."""
    rng = np.random.default_rng(seed)
    homes = [uuid.UUID(int=10_000 + n) for n in range(24)]
    drawn = lot.draw(f"{seed:032x}", dict.fromkeys(homes, 8), waves)
    lines = []
    begin = months - (waves - 1) * gap
    for n, home in enumerate(homes):
        rates = 20 + rng.normal(0, 2) + rng.normal(0, 1, months) + 0.3 * np.arange(months)
        launch = begin + (drawn[home] - 1) * gap
        for rep in range(8):
            able = rng.normal(0, 1)
            for month in range(months):
                rate = rates[month] + able + (points if month >= launch else 0.0)
                made = int(rng.binomial(300, min(max(rate / 100, 0.0), 1.0)))
                lines.append(
                    Line(uuid.UUID(int=100 * n + rep), home, after(SINCE, month), made, 300)
                )
    starts = [
        Start(home, after(SINCE, begin + (wave - 1) * gap), None) for home, wave in drawn.items()
    ]
    until = after(SINCE, months)
    return Figures("appointments", "", SINCE, until, starts if points else [], lines)


def test_the_number_is_the_one_that_the_launch_view_tells() -> None:
    """The weighted sum of waves' means is what diff-diff computes of the same rows."""
    figures = world(3, months=12, points=1.4)
    told = rollouts.past_of(figures)
    drawn = lot.draw(f"{3:032x}", dict.fromkeys(told.companies, 8), 3)
    found = launched.study(figures, 0)["answer"]["headline"]
    assert found["method"] == "event_study"
    assert rollouts.placebo(told, drawn, 2) == pytest.approx(found["value"], abs=1e-9)


def test_what_a_rollout_would_see_it_sees_about_four_times_out_of_five() -> None:
    """The planner's number, planted, is seen by the launch view (160 worlds: 76 of 100 that it tells)."""
    told = rollouts.compare(world(0, months=18), 2, 24)
    three = next(each for each in told["waves"] if each["waves"] == 3)
    studies = [
        launched.study(world(seed, months=12, points=three["smallest"]), 0)
        for seed in range(1, WORLDS + 1)
    ]
    heads = [each["answer"]["headline"] for each in studies if each["answer"]["headline"]]
    assert len(heads) >= WORLDS - 3
    assert 0.6 <= sum(each["low"] > 0 for each in heads) / len(heads) <= 0.95


WORLDS = 15


def test_who_lacks_figures_is_not_reckoned_with() -> None:
    figures = world(0, months=6)
    gone = figures.lines[0].organisation_id
    kept = [x for x in figures.lines if x.organisation_id != gone or x.month > SINCE]
    told = rollouts.compare(Figures("appointments", "", SINCE, figures.until, [], kept), 1, 26)
    assert (told["companies"], told["left_out"], told["months"]) == (23, 3, 6)
    assert [each["waves"] for each in told["waves"]] == [2, 3, 4, 5, 6]
    assert [(each["least"], each["most"]) for each in told["waves"]][:2] == [(13, 13), (8, 9)]
    assert all(each["enough"] for each in told["waves"])
