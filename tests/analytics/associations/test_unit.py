"""One row a rep: what the panel of sales says, held against what was learned the lag before."""

import dataclasses
import datetime as dt
import random
from collections import Counter
from fractions import Fraction

import pytest

from analytics.associations import measures
from analytics.associations.queries.over_time import months
from analytics.associations.queries.unit import unit
from analytics.associations.question import Question
from analytics.associations.rows import Row
from courses.assignments.models import Assignment, Enrolment
from partners.models import Person
from sales import measures as counted
from sales.queries.facts import Part
from sales.queries.panel import panel_of
from tests.analytics.associations.factories import OCTOBER, SEPTEMBER, finish, market, noon, sell
from tests.courses.factories import make_course, make_module
from tests.partners.factories import make_partner, make_person, make_team
from tests.sales.factories import make_product, moved

pytestmark = pytest.mark.django_db

QUESTION = Question(since=SEPTEMBER, until=dt.date(2026, 11, 1))


def of(person: Person, **asked: object) -> Row:
    found = unit(dataclasses.replace(QUESTION, **asked)).rows
    return next(row for row in found if row.person_id == person.pk)


@pytest.fixture
def rep() -> Person:
    market()
    return make_person(make_partner("みらい営業"), sign_in=False)


def test_sales_are_what_the_panel_says_person_by_person() -> None:
    market()
    rng = random.Random(5)
    people = [make_person(make_partner(), sign_in=False) for _ in range(6)]
    for person in people:
        days = [dt.date(2026, rng.randint(7, 11), rng.randint(1, 28)) for _ in range(5)]
        sell(person, {day: {name: rng.randint(0, 30) for name in counted.COUNTED} for day in days})
    panel: Counter[tuple[object, str]] = Counter()
    for line in panel_of(Part(since=QUESTION.since, until=QUESTION.until)):
        for name in (counted.CALLS, counted.APPOINTMENTS, counted.QUALIFIED):
            panel[line.person_id, name] += getattr(line, name)
    for sales, names in (
        (measures.APPOINTMENTS, (counted.APPOINTMENTS, counted.CALLS)),
        (measures.QUALIFIED, (counted.QUALIFIED, counted.APPOINTMENTS)),
    ):
        rows = unit(dataclasses.replace(QUESTION, sales=sales)).rows
        assert {row.person_id for row in rows} == {person.pk for person in people}
        for row in rows:
            assert (row.sold, row.sold_of) == tuple(panel[row.person_id, name] for name in names)


def test_learning_counts_from_the_lag_on_and_months_end_where_the_client_is(rep: Person) -> None:
    modules = [make_module(items=[]) for _ in range(3)]
    sell(rep, {day: {"calls": 10, "appointments": 1} for day in (SEPTEMBER, OCTOBER)})
    finish(
        rep, modules[0], dt.datetime(2026, 8, 31, 14, 59, tzinfo=dt.UTC)
    )  # still August in Tokyo
    finish(rep, modules[1], dt.datetime(2026, 8, 31, 15, 0, tzinfo=dt.UTC))  # September
    finish(rep, modules[2], dt.datetime(2026, 9, 30, 15, 0, tzinfo=dt.UTC))  # October
    assert of(rep).learning == Fraction(1 + 2, 2)
    assert of(rep, lag=0).learning == Fraction(2 + 3, 2)
    assert of(rep, lag=2).learning == Fraction(0 + 1, 2)


def test_only_months_in_which_somebody_sold_are_looked_at(rep: Person) -> None:
    sell(rep, {OCTOBER: {"calls": 10, "appointments": 1}})
    finish(rep, make_module(items=[]), noon(SEPTEMBER), seconds=120)
    finish(rep, make_module(items=[]), noon(dt.date(2026, 8, 2)), seconds=600)
    assert of(rep).learning == 2
    assert of(rep, learning=measures.MINUTES).learning == 120
    assert of(rep, learning=measures.QUIZ).learning == 800


def test_the_quiz_mean_is_of_first_attempts_in_these_months(rep: Person) -> None:
    sell(rep, {SEPTEMBER: {"calls": 10, "appointments": 1}})
    finish(rep, make_module(items=[]), noon(dt.date(2026, 8, 2)), score="0.500")
    finish(rep, make_module(items=[]), noon(dt.date(2026, 8, 20)), score="1.000")
    finish(rep, make_module(items=[]), noon(dt.date(2026, 5, 20)), score="0.100")
    assert of(rep, learning=measures.QUIZ).learning == 750


def test_required_learning_is_done_of_what_was_asked_by_then(rep: Person) -> None:
    sell(rep, {SEPTEMBER: {"calls": 10, "appointments": 1}})
    days = [(2, 20), (3, None), (4, 25)]
    for asked, done in days:
        _enrol(rep, noon(dt.date(2026, 8, asked)), done and noon(dt.date(2026, 8, done)))
    _enrol(rep, noon(dt.date(2026, 9, 2)), noon(dt.date(2026, 9, 3)))
    assert of(rep, learning=measures.REQUIRED).learning == Fraction(2, 3)
    _enrol(rep, noon(dt.date(2026, 8, 2)), None, necessity="optional")
    assert of(rep, learning=measures.REQUIRED).learning == Fraction(2, 3)


def _enrol(
    rep: Person, asked: dt.datetime, done: dt.datetime | None, necessity: str = "required"
) -> None:
    assignment = Assignment.objects.create(
        organisation_id=rep.organisation_id,
        module=make_module(items=[]),
        necessity=necessity,
        created_by=rep,
    )
    Enrolment.objects.create(
        assignment=assignment,
        person=rep,
        organisation_id=rep.organisation_id,
        assigned_at=asked,
        state="finished" if done else "open",
        finished_at=done,
    )


def test_who_lacks_a_base_is_there_and_not_complete(rep: Person) -> None:
    silent = make_person(make_partner(), sign_in=False)
    make_person(make_partner(), roles=["manager"], sign_in=False)
    sell(rep, {SEPTEMBER: {"calls": 10, "appointments": 0}})
    assert of(rep).complete
    assert of(rep).sales == 0
    assert not of(rep, sales=measures.QUALIFIED).complete
    assert not of(rep, learning=measures.QUIZ).complete
    assert not of(silent).complete
    assert len(unit(QUESTION).rows) == 2


def test_who_moved_stands_where_they_sold_last_with_the_sales_of_that_place(rep: Person) -> None:
    to = make_partner("あおば商事")
    sell(rep, {SEPTEMBER: {"calls": 10, "appointments": 1}})
    moved(rep, to, None, OCTOBER)
    sell(rep, {dt.date(2026, 10, 5): {"calls": 20, "appointments": 6}})
    found = of(rep)
    assert (found.organisation_id, found.sold, found.sold_of) == (to.pk, 6, 20)


def test_product_company_team_and_course_narrow_it_down(rep: Person) -> None:
    other, spare = make_person(make_partner(), sign_in=False), make_product("ホナミ保守")
    team = make_team(rep.organisation)
    colleague = make_person(rep.organisation, team=team, sign_in=False)
    for person in (rep, other, colleague):
        sell(person, {SEPTEMBER: {"calls": 10, "appointments": 1}})
    sell(rep, {SEPTEMBER: {"calls": 50, "appointments": 5}}, spare)
    assert of(rep).sold_of == 60
    assert of(rep, product_id=spare.pk).sold_of == 50
    own = unit(dataclasses.replace(QUESTION, organisation_id=rep.organisation_id))
    assert {row.person_id for row in own.rows} == {rep.pk, colleague.pk}
    assert own.names == {rep.organisation_id: "みらい営業"}
    of_team = unit(
        dataclasses.replace(QUESTION, organisation_id=rep.organisation_id, team_id=team.pk)
    )
    assert [row.person_id for row in of_team.rows] == [colleague.pk]
    course = make_course("価格の対話")
    finish(rep, make_module(items=[]), noon(dt.date(2026, 8, 2)))
    finish(rep, make_module(items=[], course=course), noon(dt.date(2026, 8, 2)))
    assert of(rep).learning == 2
    assert of(rep, course_id=course.pk).learning == 1


def test_each_figure_changes_the_print_and_nothing_else_does(rep: Person) -> None:
    sell(rep, {SEPTEMBER: {"calls": 10, "appointments": 1}})
    before = unit(QUESTION).print()
    assert unit(QUESTION).print() == before
    sell(rep, {SEPTEMBER: {"calls": 11, "appointments": 1}})
    assert unit(QUESTION).print() != before


@pytest.mark.parametrize("learning", measures.LEARNING)
def test_months_add_up_to_what_stands_in_a_row(rep: Person, learning: str) -> None:
    modules = [make_module(items=[]) for _ in range(3)]
    for month, module in zip((6, 8, 9), modules, strict=True):
        day = noon(dt.date(2026, month, 5))
        finish(rep, module, day, score=f"0.{month}00", seconds=60 * month)
        _enrol(rep, day, day if month == 8 else None)
    sell(
        rep,
        {SEPTEMBER: {"calls": 10, "appointments": 1}, OCTOBER: {"calls": 20, "appointments": 3}},
    )
    asked = dataclasses.replace(QUESTION, learning=learning, lag=1)
    found = {row.month: row for row in months(asked)}
    september = 2026 * 12 + 8
    assert sorted(found) == list(range(september - 3, september + 2))
    sold = [(row.sold, row.sold_of) for row in found.values() if row.sold_of]
    assert sold == [(1, 10), (3, 20)]
    learnt = [found[september - 1], found[september]]
    whole = of(rep, learning=learning)
    assert whole.learnt == sum(row.learnt for row in learnt)
    if learning in {measures.QUIZ, measures.REQUIRED}:
        assert whole.learnt_of == sum(row.learnt_of for row in learnt)
