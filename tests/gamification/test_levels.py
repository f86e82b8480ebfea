"""Levels by all points ever earned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamification import levels


@pytest.mark.parametrize(
    ("total", "number"), [(-10, 1), (0, 1), (59, 1), (60, 2), (1240, 6), (8500, 12), (99999, 12)]
)
def test_a_level_begins_at_its_floor(total, number):
    assert levels.level_of(total).number == number


def test_levels_are_numbered_and_rise():
    assert [level.number for level in levels.LEVELS] == list(range(1, len(levels.LEVELS) + 1))
    floors = [level.floor for level in levels.LEVELS]
    assert floors == sorted(set(floors))
    assert len({str(level.name) for level in levels.LEVELS}) == len(floors)


@given(st.integers(-100, 20_000))
def test_what_is_done_and_what_is_missing_make_the_whole_span(total):
    standing = levels.standing_of(total)
    assert 0 <= standing.done <= standing.span
    if standing.following:
        assert standing.missing == standing.following.floor - total > 0
        if total >= 0:
            assert standing.done + standing.missing == standing.span
    else:
        assert standing.missing == 0


@given(st.integers(-100, 20_000), st.integers(-100, 20_000))
def test_each_level_is_reached_once_on_the_way_up_and_never_on_the_way_down(before, after):
    reached = [level.number for level in levels.reached(before, after)]
    low, high = levels.level_of(before).number, levels.level_of(after).number
    assert reached == list(range(low + 1, high + 1))
