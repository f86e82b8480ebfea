"""Worlds are what they say they are: their forces pull, and the obvious reading is misled."""

import dataclasses

import numpy as np
import pytest

from bench.worlds import naive
from bench.worlds.drawing import NEVER, draw
from bench.worlds.knobs import Cohort, World

SMALL = World(reps=200, months=12, partners=10)


def test_the_same_world_and_seed_are_the_same_and_another_seed_is_not():
    one, again, other = (draw(SMALL, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.appointments, again.appointments)
    assert not np.array_equal(one.appointments, other.appointments)


def test_rates_are_those_of_the_knobs():
    drawn = draw(dataclasses.replace(SMALL, level=25.0), 1)
    assert drawn.sales.mean() == pytest.approx(25, abs=0.2)
    assert drawn.calls.mean() == pytest.approx(200, abs=1)
    assert not drawn.treated.any()


def test_what_a_cohort_gains_is_what_its_knobs_say():
    cohorts = (Cohort(0.5, 4, 1.0, 0.5), Cohort(0.25, 8, 3.0))
    drawn = draw(dataclasses.replace(SMALL, cohorts=cohorts), 1)
    early, late, never = (drawn.start == month for month in (4, 8, NEVER))
    assert (early.sum(), late.sum(), never.sum()) == (100, 50, 50)
    assert drawn.gain[early][0].tolist() == [0, 0, 0, 0, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5]
    assert drawn.gain[late][0].tolist() == [0] * 8 + [3] * 4
    assert drawn.truth == pytest.approx((100 * 22 + 50 * 12) / (100 * 8 + 50 * 4))
    sold = drawn.sales[early].mean(axis=0) - drawn.sales[never].mean(axis=0)
    assert sold[:4] == pytest.approx(0, abs=2)
    assert sold[4:] == pytest.approx(drawn.gain[early][0][4:] - drawn.gain[never][0][4:], abs=2)


def test_learning_works_the_lag_later_and_luck_keeps_the_busy_from_it():
    drawn = draw(dataclasses.replace(SMALL, effect=1.0, lag=2), 1)
    found = [naive.pooled(drawn, lag) for lag in range(4)]
    assert found.index(max(found)) == 2
    assert found[2] == pytest.approx(1, abs=0.3)
    lazy = draw(dataclasses.replace(SMALL, busy=0.3), 1)
    luck = lazy.sales[:, :-1] - lazy.sales.mean()
    assert np.corrcoef(luck.ravel(), lazy.hours[:, 1:].ravel())[0, 1] < -0.5


def test_only_after_bad_months_is_anybody_sent_and_half_of_those_are():
    drawn = draw(dataclasses.replace(SMALL, dip_cut=3.5), 1)
    sent = np.flatnonzero(drawn.start != NEVER)
    before = drawn.sales[sent, drawn.start[sent] - 1]
    assert (before < 30 - 3).all()
    assert 0.2 < len(sent) / SMALL.reps < 0.8
    assert naive.month_before(drawn) > 4


def test_weak_reps_leave_for_good_and_nothing_is_told_of_them_then():
    drawn = draw(dataclasses.replace(SMALL, attrition=1.0), 1)
    gone = ~drawn.there[:, -1]
    assert drawn.ability[gone].mean() < drawn.ability[~gone].mean() - 0.3
    assert (np.diff(drawn.there.astype(int), axis=1) <= 0).all()
    assert np.isnan(drawn.sales[~drawn.there]).all()


def test_completions_told_wrongly_are_as_many_as_asked():
    cohorts = (Cohort(0.6, 5),)
    drawn = draw(dataclasses.replace(SMALL, cohorts=cohorts, mislabelled=0.1), 1)
    wrong = (drawn.told != drawn.start)[drawn.start != NEVER]
    assert 8 <= wrong.sum() <= 12
    assert (drawn.told != NEVER).sum() == 120


def test_partners_are_taken_over_in_the_middle_and_months_go_missing():
    drawn = draw(dataclasses.replace(SMALL, mergers=0.3, missing=0.5, missing_bad=0.2), 1)
    assert len(np.unique(drawn.partner[:, 0])) == 10
    assert len(np.unique(drawn.partner[:, -1])) == 7
    assert 0.5 < np.isnan(drawn.sales).mean() < 0.65
