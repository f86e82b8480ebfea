"""The demo world as it is drawn: always the same, alive at any moment, and true to its truth."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from lms.demo import places, plan, script
from lms.demo.knobs import Knobs
from lms.demo.world import World, draw
from partners.models import Person

NOW = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
RECOVERED_FROM = 6
"""Months after which a rep is no longer new: before, learning and settling in rise together."""


# --- Without a database --------------------------------------------------------------------------


def world(seed: int = plan.SEED, **knobs: float) -> World:
    usual = plan.plan("ja", NOW).world.settings
    return draw(dataclasses.replace(usual, knobs=Knobs(**knobs)), seed)


def short_clips() -> dict[str, int]:
    return dict.fromkeys(script.SCHEDULE, 45_000)


def test_the_same_seed_draws_the_same_world_and_another_one_another() -> None:
    assert world() == world()
    assert world().finishes != world(seed=7).finishes


def test_every_seat_is_taken_now_and_people_come_move_and_leave() -> None:
    drawn = world()
    here = [rep for rep in drawn.reps if rep.left is None]
    partners = Counter(rep.spells[-1].firm for rep in here)
    assert len(partners) == 17
    assert sum(count for firm, count in partners.items() if firm) == 320
    assert max(partners.values()) > 4 * min(partners.values())
    assert sum(rep.left is not None for rep in drawn.reps) > 20
    assert any(len({spell.firm for spell in rep.spells}) > 1 for rep in drawn.reps)
    for rep in drawn.reps:
        for before, after in itertools.pairwise(rep.spells):
            assert before.last is not None
            assert before.last < after.first


def test_no_lesson_is_finished_by_everybody() -> None:
    drawn = world()
    done = Counter(lesson for _, lesson in drawn.finishes)
    assert set(done) == set(script.SCHEDULE)
    assert all(30 < count < len(drawn.reps) - 20 for count in done.values())


def test_rates_are_known_for_months_of_employment_only() -> None:
    drawn = world()
    rates = [drawn.sales_rates(rep.number, month) for rep, month, _ in drawn.rep_months()]
    assert all(0 < rate.won < 1 and rate.appointment < rate.key_person for rate in rates)
    newcomer = next(rep for rep in drawn.reps if rep.hired > 3)
    with pytest.raises(LookupError):
        drawn.sales_rates(newcomer.number, newcomer.hired - 1)
    with pytest.raises(LookupError):
        drawn.sales_rates(newcomer.number, script.MONTHS)


def test_the_truth_can_be_written_down_and_says_what_each_course_does() -> None:
    truth = json.loads(json.dumps(world().truth()))
    assert {(each["course"], each["stage"]) for each in truth["effects"]} == {
        ("talk", "appointment"),
        ("together", "won"),
    }
    assert len(truth["reps"]) == len(world().reps)


def test_naive_comparisons_are_wrong_and_the_same_reps_months_find_the_truth() -> None:
    rows = panel(world())
    naive = slope([(row.learnt["talk"], row.appointment) for row in rows])
    no_effect = slope([(row.learnt["honami"], row.appointment) for row in rows])
    among_colleagues = slope(centred(rows, lambda row: row.firm))
    within_reps = fixed_effects(rows, ("talk", "honami", "together"))
    assert naive > 0.8 + 0.5
    assert no_effect > 0.5
    assert naive > among_colleagues + 0.2
    assert within_reps["talk"] == pytest.approx(0.8, abs=0.12)
    assert within_reps["honami"] == pytest.approx(0, abs=0.12)
    assert within_reps["together"] == pytest.approx(0, abs=0.12)


def test_without_ability_and_quality_behind_both_even_the_naive_comparison_comes_close() -> None:
    rows = panel(world(ability_to_learn=0, partner_learn=0, trend=0))
    found = slope(centred(rows, lambda row: row.month))
    assert found == pytest.approx(0.8, abs=0.35)


def test_the_effect_is_there_from_the_next_month_on() -> None:
    drawn = world()
    rep = next(r.number for r in drawn.reps if drawn.finishes.get((r.number, "price"), 99) == 16)
    without = {key: month for key, month in drawn.finishes.items() if key != (rep, "price")}
    untaught = dataclasses.replace(drawn, finishes=without)
    gains = [
        100
        * (drawn.sales_rates(rep, month).appointment - untaught.sales_rates(rep, month).appointment)
        for month in (15, 16, 17)
    ]
    assert gains == pytest.approx([0, 0, 0.8])


def test_the_english_world_has_no_japanese_in_names_and_titles() -> None:
    drawn = plan.plan("en", NOW)
    everybody, text = drawn.census.everybody(), drawn.content
    shown = [
        *(name_and_place(someone.person) for someone in everybody),
        *(f"{row.name} {row.area}" for row in places.organisations(drawn.places)),
        *(row.name for row in places.teams(drawn.places)),
        *(f"{course.title} {course.summary}" for course in text.courses),
        *(f"{module.title} {module.summary}" for module in text.modules),
    ]
    assert len(everybody) > 350
    assert not [each for each in shown if JAPANESE.search(each)]


def name_and_place(person: Person) -> str:
    reading = f"{person.family_reading} {person.given_reading}"
    return f"{person.family_name} {person.given_name} {reading} {person.territory}"


@pytest.mark.parametrize(("day", "hour"), [(1, 0), (1, 12), (2, 7), (17, 23), (28, 9)])
def test_whenever_it_is_built_nothing_lies_ahead_and_today_is_alive(day: int, hour: int) -> None:
    zone = ZoneInfo(settings.TIME_ZONE)
    now = dt.datetime(2026, 6, day, hour, 40, tzinfo=zone)
    walked = plan.plan("ja", now).ways(short_clips())
    assert max(way.last for way in walked) < now
    assert sum(way.last > now - dt.timedelta(hours=24) for way in walked) >= 5
    watching = next(w for w in walked if (w.rep.key, w.lesson) == ("takahashi", "price"))
    assert not watching.goes
    assert 0 < watching.position_ms < 45_000


def test_a_way_is_a_plausible_one() -> None:
    for way in plan.plan("ja", NOW).ways(short_clips()):
        goes = way.goes
        assert way.started <= min([go.started for go in goes], default=way.last)
        assert [go.is_first for go in goes if go.score] == [
            n == 0 for n, go in enumerate(goes) if go.score
        ]
        for before, after in itertools.pairwise(goes):
            assert before.submitted < after.started
            assert set(after.asked) <= set(before.asked)


# --- Small statistics ------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Row:
    rep: int
    firm: int
    month: int
    appointment: float
    learnt: dict[str, int]


def panel(drawn: World) -> list[Row]:
    courses = {lesson.course for lesson in drawn.settings.lessons}
    return [
        Row(
            rep.number,
            spell.firm,
            month,
            100 * drawn.sales_rates(rep.number, month).appointment,
            {course: drawn.finished(rep.number, month - 1, course) for course in courses},
        )
        for rep, month, spell in drawn.rep_months()
        if month - rep.hired >= RECOVERED_FROM
    ]


def slope(pairs: Sequence[tuple[float, float]]) -> float:
    middle_x = sum(x for x, _ in pairs) / len(pairs)
    middle_y = sum(y for _, y in pairs) / len(pairs)
    along = sum((x - middle_x) * (y - middle_y) for x, y in pairs)
    return along / sum((x - middle_x) ** 2 for x, _ in pairs)


def centred(rows: Sequence[Row], group: Callable[[Row], int]) -> list[tuple[float, float]]:
    keys = [group(row) for row in rows]
    xs = less_means([float(row.learnt["talk"]) for row in rows], keys)
    return list(zip(xs, less_means([row.appointment for row in rows], keys), strict=True))


def less_means(values: Sequence[float], keys: Sequence[int]) -> list[float]:
    sums: dict[int, float] = defaultdict(float)
    counts = Counter(keys)
    for key, value in zip(keys, values, strict=True):
        sums[key] += value
    return [value - sums[key] / counts[key] for key, value in zip(keys, values, strict=True)]


def fixed_effects(rows: Sequence[Row], names: Sequence[str]) -> dict[str, float]:
    """Regress on what was learnt, within reps and months: demean by turns, then solve."""
    columns = [[row.appointment for row in rows]]
    columns += [[float(row.learnt[name]) for row in rows] for name in names]
    for number, column in enumerate(columns):
        values = column
        for _ in range(25):
            values = less_means(values, [row.rep for row in rows])
            values = less_means(values, [row.month for row in rows])
        columns[number] = values
    outcome, known = columns[0], columns[1:]
    matrix = [[dot(a, b) for b in known] + [dot(a, outcome)] for a in known]
    for pivot in range(len(names)):
        matrix[pivot] = [value / matrix[pivot][pivot] for value in matrix[pivot]]
        for other in range(len(names)):
            if other != pivot:
                factor = matrix[other][pivot]
                pairs = zip(matrix[other], matrix[pivot], strict=True)
                matrix[other] = [value - factor * taken for value, taken in pairs]
    return {name: matrix[number][-1] for number, name in enumerate(names)}


def dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))
