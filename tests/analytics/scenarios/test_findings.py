"""What is said of a fork: from five runs on, with its interval, and only of what is still worded as it was."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.scenarios.counting import Figures
from analytics.scenarios.findings import LEAST, Rate, around, forks, merged, says_the_same
from tests.courses.scenarios.factories import changed
from tests.courses.scenarios.samples import price


def done(finished: int, failed: int) -> Figures:
    return Figures(runs=finished, finished=finished, failed=failed)


def test_a_choice_is_held_against_its_scene_from_five_runs_on() -> None:
    figures = {
        ("open", ""): done(30, 6),
        ("open", "cut1"): done(10, 5),
        ("open", "ask1"): done(16, 0),
        ("open", "wait"): done(4, 1),
    }
    fork = forks(price(), figures)[0]
    excess = {turn.choice.key: turn.excess for turn in fork.turns}
    assert excess["cut1"] == pytest.approx(0.3)
    assert excess["ask1"] == pytest.approx(-0.2)
    assert excess["wait"] is None
    assert fork.worst is not None
    assert (fork.worst.choice.key, fork.worst.rate) == ("cut1", Rate(5, 10))
    assert forks(price(), {})[0].worst is None


def test_chance_after_a_best_answer_is_no_finding() -> None:
    by_chance = {("open", ""): done(30, 8), ("open", "ask1"): done(16, 6)}
    assert forks(price(), by_chance)[0].worst is None
    surely = {("open", ""): done(60, 20), ("open", "ask1"): done(40, 36)}
    worst = forks(price(), surely)[0].worst
    assert worst is not None
    assert worst.choice.key == "ask1"


@given(n=st.integers(0, 500), part=st.floats(0, 1))
def test_the_interval_holds_the_share_and_stays_between_nobody_and_all(n: int, part: float) -> None:
    rate = Rate(int(n * part), n)
    low, high = rate.interval
    assert 0 <= low <= rate.share + 1e-9
    assert rate.share - 1e-9 <= high <= 1


def test_three_of_ten_lie_between_eleven_and_sixty_in_a_hundred() -> None:
    assert Rate(3, 10).interval == pytest.approx((0.1078, 0.6032), abs=1e-4)


def test_versions_are_merged_only_while_the_wording_is_the_same() -> None:
    old = price()
    first = old.by_key["open"].choices[0]
    reworded = dataclasses.replace(first, text="何とくらべてですか。")
    new = changed(old, "open", choices=(reworded, *old.by_key["open"].choices[1:]))
    figures = {("open", ""): done(9, 3), ("open", "ask1"): done(5, 1), ("open", "cut1"): done(4, 2)}
    total = merged(new, [(old, figures), (new, figures)])
    assert total["open", ""].finished == 18
    assert total["open", "cut1"].failed == 4
    assert total["open", "ask1"].finished == 5
    assert figures["open", ""].finished == 9


def test_a_share_is_one_of_those_who_could_in_the_versions_that_say_the_same() -> None:
    old = price()
    first = old.by_key["open"].choices[0]
    reworded = dataclasses.replace(first, text="何とくらべてですか。")
    new = changed(old, "open", choices=(reworded, *old.by_key["open"].choices[1:]))
    began = {("open", ""): Figures(runs=9, first=9, finished=9, failed=3), ("deal", ""): done(6, 2)}
    whole = around(new, [(old, began), (new, began)])
    assert whole["open", "ask1"].runs == 9
    assert whole["open", "cut1"].runs == 18
    assert whole["deal", ""].runs == 18
    assert whole["deal", "sign"].runs == 12
    assert says_the_same(new, old, ("open", "cut1"))
    assert not says_the_same(new, old, ("open", "ask1"))
    assert not says_the_same(new, old, ("nowhere", ""))
    made = {("open", "ask1"): Figures(first=LEAST), ("open", "cut1"): Figures(first=6)}
    fork = forks(new, began | made, whole)[0]
    assert fork.best == Rate(LEAST, 9)
    assert fork.usual is not None
    assert (fork.usual.choice.key, fork.usual.taken) == ("ask1", Rate(LEAST, 9))


def test_the_most_telling_fork_is_the_surest_not_the_largest_difference() -> None:
    few = {("open", ""): done(40, 10), ("open", "cut1"): done(5, 4)}
    many = {("open", ""): done(400, 100), ("open", "cut1"): done(90, 60)}
    small, large = (forks(price(), each)[0] for each in (few, many))
    assert small.worst is not None
    assert large.worst is not None
    assert (small.worst.excess or 0) > (large.worst.excess or 0)
    assert large.telling > small.telling > 0
    assert large.is_clear
    assert not forks(price(), {("open", ""): done(40, 18), ("open", "cut1"): done(5, 3)})[
        0
    ].is_clear
    assert forks(price(), {("open", ""): done(3, 1)})[0].telling < forks(price(), {
        ("open", ""): Figures(first=9, finished=9), ("open", "ask1"): Figures(first=7)})[0].telling < 0  # fmt: skip
