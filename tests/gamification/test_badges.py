"""Badges: their rules, and that their pictures are those of the code."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

import gamification
from gamification import badge_art, badges
from gamification.badges import BADGES, Facts

STATIC = Path(gamification.__file__).parent / "static"
MONDAY = dt.date(2026, 11, 23)
DAYS = st.frozensets(st.dates(dt.date(2026, 9, 1), dt.date(2026, 11, 30)))


def earned(**facts) -> set[str]:
    return {badge.key for badge in badges.newly_earned(Facts(**facts), held=())}


def days(*offsets: int) -> frozenset[dt.date]:
    return frozenset(MONDAY + dt.timedelta(days=offset) for offset in offsets)


def test_who_has_done_nothing_has_no_badge():
    assert earned() == set()


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"finished": 1}, "first_module"),
        ({"finished": 5}, "five_modules"),
        ({"finished": 20}, "twenty_modules"),
        ({"perfect": 1}, "all_right_first"),
        ({"perfect": 5}, "five_perfect"),
        ({"courses": 1}, "course_understood"),
        ({"days": days(0, 3, 6)}, "three_days"),
        ({"days": days(-21, -11, -1, 0)}, "four_weeks"),
        ({"comebacks": 1}, "comeback"),
        ({"comebacks": 5}, "five_comebacks"),
    ],
)
def test_each_badge_is_earned_by_its_own_rule(facts, key):
    assert key in earned(**facts)


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"finished": 4}, "five_modules"),
        ({"finished": 19}, "twenty_modules"),
        ({"perfect": 4}, "five_perfect"),
        ({"days": days(-1, 0, 1)}, "three_days"),
        ({"days": days(-28, -14, -7, 0)}, "four_weeks"),
        ({"comebacks": 4}, "five_comebacks"),
    ],
)
def test_just_short_of_a_rule_earns_nothing(facts, key):
    assert key not in earned(**facts)


def test_a_badge_that_somebody_has_is_not_earned_again():
    found = badges.newly_earned(Facts(finished=5), held={"first_module"})
    assert [badge.key for badge in found] == ["five_modules"]


@given(DAYS)
def test_the_longest_run_of_weeks_is_that_of_a_walk_from_week_to_week(learnt):
    weeks = {day.isocalendar()[:2] for day in learnt}
    longest, run, day = 0, 0, dt.date(2026, 8, 3)
    while day < dt.date(2026, 12, 31):
        run = run + 1 if day.isocalendar()[:2] in weeks else 0
        longest, day = max(longest, run), day + dt.timedelta(weeks=1)
    assert badges.longest_run(learnt) == longest


@given(DAYS, st.integers(0, 30))
def test_more_facts_never_lose_a_badge(learnt, finished):
    more = Facts(finished=finished + 1, days=learnt | {MONDAY})
    less = Facts(finished=finished, days=learnt)
    kept = {badge.key for badge in badges.newly_earned(less, held=())}
    assert kept <= {badge.key for badge in badges.newly_earned(more, held=())}


def test_badges_have_names_rules_and_keys_of_their_own():
    assert len(BADGES) == len({badge.key for badge in BADGES}) == 10
    assert len({str(badge.name) for badge in BADGES}) == 10
    assert all(str(badge.rule) for badge in BADGES)


@pytest.mark.parametrize("badge", BADGES, ids=lambda badge: badge.key)
def test_the_committed_picture_is_the_one_that_the_code_draws(badge):
    path = STATIC / badge.picture
    with Image.open(path) as committed:
        assert committed.format == "WEBP"
        drawn = badge_art.draw(badge.key)
        assert committed.size == drawn.size == (badge_art.SIZE, badge_art.SIZE)
        difference = ImageChops.difference(committed.convert("RGBA"), drawn)
    assert max(difference.tobytes()) <= 2, "run: manage.py draw_badges"
    assert path.stat().st_size < 20_000


def test_no_picture_lies_about_that_no_badge_has():
    lying = {path.stem for path in (STATIC / "gamification" / "badges").iterdir()}
    assert lying == {badge.key for badge in BADGES}
