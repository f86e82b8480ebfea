"""The report in worlds whose truth is known: it tells what is there, and where it can't, it says so.

Facts are drawn from the demo's own generator: whose learning, which true rates. Five worlds each.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from functools import cache

import numpy as np
import pytest

from analytics.associations import measures, over_time_words, words
from analytics.associations.engine.correlation import Rows, parts
from analytics.associations.engine.result import result
from analytics.associations.question import Question
from analytics.associations.rows import MonthRow, Row, Unit
from lms.demo import plan, script, selling
from lms.demo.knobs import Effect, Settings
from lms.demo.world import World, draw

NOW = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
SEEDS = (plan.SEED, 1, 2, 3, 4)
MONTHS = range(5, 17)
QUESTION = Question(since=dt.date(2025, 11, 1), until=dt.date(2026, 11, 1))
ALONE = dict.fromkeys(("ability_to_learn", "busy", "ramp", "trend"), 0.0)
"""Nothing but the lessons makes colleagues sell differently with what they learned."""


@cache
def settings() -> Settings:
    return plan.plan("ja", NOW).world.settings


def world(seed: int, effects: tuple[Effect, ...] = script.EFFECTS, **knobs: float) -> World:
    usual = settings()
    changed = dataclasses.replace(
        usual, effects=effects, knobs=dataclasses.replace(script.KNOBS, **knobs)
    )
    return draw(changed, seed)


@dataclasses.dataclass(frozen=True)
class Drawn:
    """Rows as the product would count them, and the same people's true rates."""

    unit: Unit
    truth: Rows


def drawn(world: World, course: str | None = "talk") -> Drawn:
    """Let everybody call and make appointments by their true rates; learning is the lessons finished so far."""
    rng = np.random.default_rng(world.seed)
    learnt: dict[int, list[int]] = {}
    rates: dict[int, list[tuple[float, float]]] = {}
    firms: dict[int, int] = {}
    for rep, month, spell in world.rep_months():
        if month in MONTHS:
            rate = world.sales_rates(rep.number, month)
            learnt.setdefault(rep.number, []).append(world.finished(rep.number, month - 1, course))
            rates.setdefault(rep.number, []).append((rate.calls * selling.OURS, rate.appointment))
            firms[rep.number] = spell.firm
    rows, true = [], []
    for number in sorted(firms):
        calls = rng.poisson([each[0] for each in rates[number]])
        made = rng.binomial(calls, [each[1] for each in rates[number]])
        base, months = float(sum(each[0] for each in rates[number])), len(learnt[number])
        true.append(sum(a * b for a, b in rates[number]) / base)
        rows.append(
            Row(
                uuid.UUID(int=number),
                uuid.UUID(int=firms[number]),
                sum(learnt[number]),
                months,
                int(made.sum()),
                int(calls.sum()),
            )
        )
    x = np.array([row.learnt / row.learnt_of for row in rows])
    numbers = {firm: n for n, firm in enumerate(sorted(set(firms.values())))}
    group = np.array([numbers[firms[each]] for each in sorted(firms)])
    return Drawn(Unit(rows, {}), Rows(x, np.array(true), group))


def inside(found: list[float], truth: float, slack: float = 1.0) -> bool:
    """Say whether the truth lies in the interval, or in one wider by a factor."""
    value, low, high = found
    return value - slack * (value - low) <= truth <= value + slack * (high - value)


@pytest.fixture(scope="module")
def demo() -> list[tuple[dict, Drawn]]:
    worlds = [drawn(world(seed)) for seed in SEEDS]
    return [(result(QUESTION, each.unit, uuid.UUID(int=0)), each) for each in worlds]


def test_in_the_demo_world_the_pooled_figure_misleads(demo: list[tuple[dict, Drawn]]) -> None:
    for found, _drawn in demo:
        assert found["pooled"][0] < min(0.6 * found["within"][0], found["within"][1])
        assert found["between"][2] < 0 < found["within"][1]
        assert words.companies_differ(found)


def test_in_the_demo_world_colleagues_tell_what_is_true_of_them(
    demo: list[tuple[dict, Drawn]],
) -> None:
    hits = 0
    for found, each in demo:
        truth = float(parts(each.truth).slope_within[0])
        assert words.direction(found) == words.HIGHER
        assert inside(found["slope_within"], truth, slack=1.8)
        assert not inside(found["slope"], truth)
        hits += inside(found["slope_within"], truth)
    assert hits >= 4


def test_where_only_lessons_matter_colleagues_tell_the_planted_effect() -> None:
    planted = next(each.points for each in script.EFFECTS if each.course == "talk") / 100
    hits = 0
    for seed in SEEDS:
        found = result(QUESTION, drawn(world(seed, **ALONE)).unit, uuid.UUID(int=0))
        assert inside(found["slope_within"], planted, slack=1.8)
        assert "slope" not in found or not inside(found["slope"], planted)
        hits += inside(found["slope_within"], planted)
    assert hits >= 4


def test_without_an_effect_it_says_that_nothing_is_clear_and_what_it_would_have_seen() -> None:
    unclear = 0
    for seed in SEEDS:
        found = result(QUESTION, drawn(world(seed, effects=(), **ALONE)).unit, uuid.UUID(int=0))
        unclear += words.direction(found) == words.UNCLEAR
        assert abs(found["within"][0]) < found["smallest"]
        assert 0.1 < found["smallest"] < 0.3
    assert unclear >= 4


def test_the_wrong_course_is_told_from_the_right_one() -> None:
    for seed in SEEDS:
        one = world(seed, **ALONE)
        right, wrong = (
            result(QUESTION, drawn(one, course).unit, uuid.UUID(int=0))
            for course in ("talk", "honami")
        )
        assert right["slope_within"][0] > wrong["slope_within"][2]


# --- The same rep over time ----------------------------------------------------------------------


def by_month(world: World, course: str = "talk") -> list[MonthRow]:
    """Let everybody sell by their true rates, as `drawn` does, month by month."""
    rng = np.random.default_rng(world.seed)
    rows = []
    for rep, month, spell in world.rep_months():
        rate = world.sales_rates(rep.number, month)
        calls = int(rng.poisson(rate.calls * selling.OURS))
        made = int(rng.binomial(calls, rate.appointment))
        learnt = world.finished(rep.number, month, course)
        whose = uuid.UUID(int=rep.number), uuid.UUID(int=spell.firm)
        rows.append(MonthRow(*whose, month, learnt, 1, made, calls))
    return rows


def told_over_time(world: World) -> dict:
    unit = dataclasses.replace(drawn(world).unit, months=by_month(world))
    return result(QUESTION, unit, uuid.UUID(int=0))["over_time"]


def test_in_the_demo_world_the_same_rep_tells_the_planted_truth_at_its_lag() -> None:
    planted = next(each.points for each in script.EFFECTS if each.course == "talk") / 100
    asked = dataclasses.replace(QUESTION, sales=measures.APPOINTMENTS)
    for seed in SEEDS[:2]:
        told = told_over_time(world(seed))
        one = over_time_words.at(told, 1) or {}
        assert (told["grade"], told["doubts"]) == ("C", [])
        assert one["low"] <= planted <= one["high"]
        assert one["low"] > 0
        assert one["value"] == max(each["value"] for each in told["strip"])
        assert "高くなっていました" in over_time_words.sentence(asked, told)


def test_without_an_effect_the_same_rep_tells_that_nothing_is_clear() -> None:
    for seed in SEEDS[:2]:
        told = told_over_time(world(seed, effects=()))
        one = over_time_words.at(told, 1) or {}
        assert one["low"] <= 0 <= one["high"]
        assert "はっきりしません" in over_time_words.sentence(QUESTION, told)
        assert over_time_words.smallest(QUESTION, told)


def test_of_few_reps_nothing_is_told_over_time() -> None:
    one = world(plan.SEED)
    few = Unit(
        [row for row in drawn(one).unit.rows if row.person_id.int < 20],
        {},
        [row for row in by_month(one) if row.person_id.int < 20],
    )
    found = result(QUESTION, few, uuid.UUID(int=0))
    assert (found["grade"], found["reason"]) == ("E", measures.FEW)
    assert "over_time" not in found
