"""The course view: who completed when, which courses are looked at by themselves, and what their page says."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import time_machine
from django.test import Client as Browser

from analytics.associations import studies as asking
from analytics.associations import telling
from analytics.associations.engine import course as engine
from analytics.associations.models import CourseStudy
from analytics.associations.queries import studies as queries
from analytics.associations.tasks import compute, night
from partners.models import Person
from tests.analytics.associations.copies import Line, of_course
from tests.analytics.associations.factories import (
    NOW,
    SEPTEMBER,
    finish,
    market,
    noon,
    ready_study,
    sell,
)
from tests.analytics.associations.test_months import ask_for
from tests.courses.factories import make_course, make_module
from tests.partners.factories import make_client, make_partner, make_person, sign_in

HERE = "/reports/learning-to-sales/courses/"
MONTHS = range(2025 * 12, 2025 * 12 + 18)


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def figures(
    *, points: float, partners: int = 12, reps: int = 12, seed: int = 1, leave: int = 0
) -> engine.Months:
    """Draw reps who complete in one of four months or never; from then on they make more appointments.

    The first so many `leave` before the last month.
    """
    rng = np.random.default_rng(seed)
    lines = []
    for number in range(partners * reps):
        begin = int(rng.choice([6, 8, 10, 12, 99]))
        ability = rng.normal(0, 0.02)
        completed = _month(MONTHS[begin]) if begin < 18 else None
        for n, month in enumerate(MONTHS[:-1] if number < leave else MONTHS):
            rate = 0.2 + ability + 0.003 * n + (points / 100 if n >= begin else 0.0)
            made = int(rng.binomial(300, rate))
            whose = 1 + number, 1 + number % partners
            lines.append(
                Line(*whose, _month(month), completed, made, 300, made // 2, made // 8, made // 4)
            )
    return engine.read(of_course(lines))


def _month(number: int) -> dt.date:
    return dt.date(number // 12, number % 12 + 1, 1)


def appointments(told: dict[str, Any]) -> dict[str, Any]:
    return next(each for each in told["answers"] if each["sales"] == "appointments")


def test_a_planted_effect_is_told_and_its_grade_fixes_the_verbs() -> None:
    told = engine.study(figures(points=4.0))
    answer = appointments(told)
    assert answer["grade"] == "B"
    assert answer["headline"]["low"] <= 4.0 <= answer["headline"]["high"]
    assert "not yet trained" in telling.sentence(answer, {}) or "まだ" in telling.sentence(
        answer, {}
    )
    since = [e["details"]["since"] for e in told["estimates"] if e["method"] == "event_time"]
    assert min(since) < 0 < max(since)


def test_without_an_effect_none_is_told() -> None:
    answer = appointments(engine.study(figures(points=0.0)))
    headline = answer["headline"]
    assert headline is None or headline["low"] <= 0 <= headline["high"]


@pytest.mark.django_db
def test_a_course_is_completed_in_the_month_of_its_last_module() -> None:
    market()
    rep, other = (make_person(make_partner(), sign_in=False) for _ in range(2))
    course = make_course("価格の対話")
    modules = [make_module(items=[], course=course) for _ in range(2)]
    for person in (rep, other):
        sell(person, {SEPTEMBER: {"calls": 10, "appointments": 1}})
        finish(person, modules[0], noon(dt.date(2026, 7, 3)))
    finish(rep, modules[1], noon(dt.date(2026, 8, 3)))
    night()
    rows = queries.figures(course.pk, dt.date(2025, 1, 1), dt.date(2026, 11, 1))
    found = engine.read(rows)
    august = {rep.pk: 2026 * 12 + 7, other.pk: 0}
    assert list(found.completed) == [august[pk] for pk in sorted(august)]
    assert (found.completions, found.partners) == (1, 1)


@pytest.mark.django_db
def test_courses_that_many_must_take_are_looked_at_by_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "LEAST_COMPLETIONS", 3)
    monkeypatch.setattr(queries, "LEAST_PARTNERS", 2)
    monkeypatch.setattr(queries, "MOST_A_NIGHT", 1)
    market()
    people = [make_person(make_partner(), sign_in=False) for _ in range(4)]
    asked, free, small = (make_module(items=[], course=make_course(f"コース{n}")) for n in range(3))
    for n, person in enumerate(people):
        for module in (asked, free, small)[: 3 if n < 2 else 2]:
            finish(person, module, noon(dt.date(2026, 8, 3)))
        ask_for(person, asked, noon(dt.date(2026, 7, 1)), None)
        ask_for(person, small, noon(dt.date(2026, 7, 1)), None)
    assert queries.many_must() == [asked.course_id]
    night()
    study = CourseStudy.objects.get()
    assert (study.course_id, study.state, study.requested_by) == (asked.course_id, "ready", None)
    with time_machine.travel(NOW + dt.timedelta(days=1), tick=False):
        night()
    again = CourseStudy.objects.get()
    assert (again.pk, again.as_of) == (study.pk, NOW)


@pytest.fixture
def office() -> Person:
    return make_person(make_client(), roles=["sales_manager"])


@pytest.mark.django_db
def test_a_course_is_looked_at_when_somebody_asks(office: Person) -> None:
    browser, course = sign_in(Browser(), office), make_course("価格の対話")
    url = f"{HERE}{course.pk}/"
    assert "まだ調べていません" in plain(browser.get(url).content.decode())
    for _ in range(2):
        assert browser.post(f"{url}compute/")["Location"] == url
    assert CourseStudy.objects.get().requested_by == office
    waiting = browser.get(url).content.decode()
    assert 'hx-trigger="every 2s, click"' in waiting
    assert "計算中" in plain(browser.get(HERE).content.decode())
    compute()
    study = CourseStudy.objects.get()
    assert (study.state, study.completions) == ("ready", 0)
    page = plain(browser.get(url).content.decode())
    assert "データが足りません" in page
    assert "30" in page
    assert browser.get(f"{url}numbers.csv").status_code == 200


@pytest.mark.django_db
def test_who_may_not_ask_any_more_gets_no_study(office: Person) -> None:
    course = make_course("対話のきほん")
    study = asking.ask(actor=office, course=course)
    Person.objects.filter(pk=office.pk).update(is_active=False)
    compute()
    study.refresh_from_db()
    assert (study.state, study.result) == (CourseStudy.State.FAILED, None)


@pytest.mark.django_db
def test_the_page_says_the_sentence_draws_it_and_keeps_it_as_a_table(office: Person) -> None:
    browser, course = sign_in(Browser(), office), make_course("価格の対話")
    found = figures(points=4.0)
    ready_study(office.organisation, course, engine.study(found))
    page = browser.get(f"{HERE}{course.pk}/").content.decode()
    said = plain(page)
    assert "「価格の対話」" in said
    assert re.search(r"（−?\d+\.\d〜−?\d+\.\dポイント）", said)
    assert not re.search(r"[（〜 ]-\d", said)
    assert page.count('<circle class="pt') >= 10
    assert page.index('class="answer') < page.index('<svg class="chart')
    lines = browser.get(f"{HERE}{course.pk}/numbers.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) > 20
    assert {"B", "D", "E"} & {line.split(",")[10] for line in lines[1:]}


@pytest.mark.django_db
def test_who_left_is_told_below_the_answers(office: Person) -> None:
    browser, course = sign_in(Browser(), office), make_course("価格の対話")
    ready_study(office.organisation, course, engine.study(figures(points=4.0, leave=36)))
    said = plain(browser.get(f"{HERE}{course.pk}/").content.decode())
    assert re.search(
        r"担当者36人（25%）は、最後の月に数字がありません。受講していたのは、数字のなくなった人の\d+%",
        said,
    )


@pytest.mark.django_db
def test_a_permanent_link_shows_the_same_numbers_later(office: Person) -> None:
    browser, course = sign_in(Browser(), office), make_course("価格の対話")
    first = ready_study(office.organisation, course, engine.study(figures(points=4.0)))
    link = f"{HERE}{course.pk}/?study={first.pk}"
    before = browser.get(f"{HERE}{course.pk}/").content.decode()
    assert f'href="{link}"' in before
    newer = ready_study(office.organisation, course)
    assert first.inputs[:16] in browser.get(link).content.decode()
    assert newer.inputs[:16] in browser.get(f"{HERE}{course.pk}/").content.decode()
    for csv, lines in (("", 1), (f"?study={first.pk}", 20)):
        told = browser.get(f"{HERE}{course.pk}/numbers.csv{csv}").content.decode("utf-8-sig")
        assert len(told.splitlines()) >= lines
    for nothing in ("x", uuid.uuid4(), ready_study(make_partner(), course).pk):
        assert browser.get(f"{HERE}{course.pk}/?study={nothing}").status_code == 404


@pytest.mark.django_db
def test_a_partners_people_have_no_way_in(office: Person) -> None:
    course = make_course("価格の対話")
    for role in ("manager", "sales_manager", "admin"):
        browser = sign_in(Browser(), make_person(make_partner(), roles=[role]))
        for rest in ("", "numbers.csv"):
            assert browser.get(f"{HERE}{course.pk}/{rest}").status_code == 404
        assert browser.get(HERE).status_code == 404
        assert browser.post(f"{HERE}{course.pk}/compute/").status_code == 404
    assert not CourseStudy.objects.exists()
