"""Every cross-tab that can be taken out, of worlds with small cells: no line tells of fewer than five people."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from analytics.associations.engine import course as courses
from analytics.associations.engine import launched
from analytics.associations.models import Grid, Report
from analytics.associations.tasks import compute, night
from analytics.scenarios import actions as played
from partners.models import Person
from tests.analytics.anonymity import LEAST, k, lines
from tests.analytics.associations import test_courses, test_launches
from tests.analytics.associations.factories import (
    NOW,
    market,
    partners_that_differ,
    ready_study,
    seller,
)
from tests.analytics.associations.launch_factories import ready_launch
from tests.courses.factories import make_course
from tests.courses.scenarios.factories import make_scenario, play
from tests.partners.factories import make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

REPORT = "/reports/learning-to-sales/"
MONTHS = ["Sales from", "Sales until"]
PAIR = ["Learning", "Sales"]


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office() -> Person:
    """The client's sales manager; six companies of six reps, and tiny ones that stand out."""
    client, _product, modules = market()
    partners_that_differ(modules)
    for size in (1, 2, 3, 4):
        place = make_partner(f"カナリア{size}")
        for _ in range(size):
            seller(place, learnt=0, made=97, modules=[])
    return make_person(client, roles=["sales_manager"], language="en")


def taken(person: Person, address: str) -> list[dict[str, str]]:
    answer = sign_in(Browser(), person).get(address)
    assert answer.status_code == 200, address
    text = b"".join(answer) if answer.streaming else answer.content
    assert "カナリア".encode() not in text
    found = lines(text)
    assert found
    return found


def told(found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Leave out lines that say nothing: why, instead of a value."""
    return [line for line in found if line["Value"] not in {"", None}]


def test_a_report_and_a_grid_tell_of_many_and_name_no_small_company(office: Person) -> None:
    usual = {"learning": "finished", "sales": "appointments", "months": "3", "lag": "1"}
    sign_in(Browser(), office).post(REPORT, usual)
    compute()
    night()
    report, grid = Report.objects.get(), Grid.objects.get(organisation=office.organisation)
    for kind in ("csv", "xlsx"):
        found = told(taken(office, f"{REPORT}{report.pk}/numbers.{kind}"))
        assert k(found, ["Number", *MONTHS, *PAIR], "Reps") >= LEAST
        found = told(taken(office, reverse(f"associations:grid_{kind}", args=[grid.pk])))
        assert len(found) > 1
        assert k(found, [*PAIR, *MONTHS], "Reps") >= LEAST


def test_a_course_and_a_launch_tell_of_many(office: Person) -> None:
    course = make_course("価格の対話")
    ready_study(office.organisation, course, courses.study(test_courses.figures(points=4.0)))
    for kind in ("csv", "xlsx"):
        found = told(taken(office, reverse(f"associations:course_{kind}", args=[course.pk])))
        assert k(found, ["Sales", "Number"], "Reps") >= LEAST
    sizes = dict(enumerate(itertools.islice(itertools.cycle((1, 2, 8, 12)), 16)))
    figures = test_launches.figures(test_launches.STAGGERED, points=3.0, reps=sizes)
    study = ready_launch(office, course, launched.study(figures))
    for kind in ("csv", "xlsx"):
        found = told(taken(office, reverse(f"associations:launch_{kind}", args=[study.pk])))
        assert len(found) > 10
        assert k(found, ["Number", *MONTHS], "Reps") >= LEAST


def test_a_scenario_tells_of_many_or_is_not_given_out(office: Person) -> None:
    scenario, places = make_scenario(), [make_partner() for _ in range(3)]
    for place, size in zip(places, (8, 7, 2), strict=True):
        for n in range(size):
            play(make_person(place, sign_in=False), scenario, "wait", "flee" if n % 2 else "sign")
    played.mend()
    address = reverse("scenario_figures:numbers_csv", args=[scenario.pk])
    found = taken(office, address)
    begun = [line for line in found if line["Choice"] == ""][:1]
    assert k(begun, ["What is counted", "From", "Until"], "Runs") >= LEAST
    browser = sign_in(Browser(), office)
    for place in places[1:]:
        assert browser.get(address, {"organisation": place.pk}).status_code == 404
    one = taken(office, f"{address}?organisation={places[0].pk}")
    assert k(one[:1], ["What is counted", "From", "Until"], "Runs") >= LEAST


def test_the_check_notices_a_line_that_tells_of_one_person() -> None:
    rows = [
        {"Company": "A", "Month": "2026-09", "Reps": "12"},
        {"Company": "A", "Month": "2026-10", "Reps": "11"},
        {"Company": "B", "Month": "2026-09", "Reps": "7"},
    ]
    assert k(rows, ["Company", "Month"], "Reps") == 7
    planted = [*rows, {"Company": "B", "Month": "2026-10", "Reps": "1"}]
    assert k(planted, ["Company", "Month"], "Reps") == 1
    assert k(planted, ["Month"], "Reps") == 11
