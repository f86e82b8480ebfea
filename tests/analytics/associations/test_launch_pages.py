"""The launch view: what a launch is, how it is asked for and kept, its pages, and who may see them."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client as Browser

from analytics.associations import launches as asking
from analytics.associations.engine import launched as engine
from analytics.associations.launch_rows import Figures
from analytics.associations.models import LaunchStudy
from analytics.associations.queries import launches as queries
from analytics.associations.tasks import compute, night
from courses.catalog.models import Course
from partners.models import Person
from tests.analytics.associations.factories import (
    NOW,
    SEPTEMBER,
    finish,
    market,
    noon,
    sell,
)
from tests.analytics.associations.launch_factories import ready_launch
from tests.analytics.associations.test_launches import STAGGERED, figures
from tests.analytics.associations.test_months import ask_for
from tests.courses.factories import make_course, make_module
from tests.partners.factories import make_client, make_partner, make_person, sign_in

HERE = "/reports/learning-to-sales/launches/"


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def office() -> Person:
    return make_person(make_client(), roles=["sales_manager"])


@pytest.mark.django_db
def test_a_launch_is_the_first_assignment_else_the_first_finish() -> None:
    market()
    course = make_course("価格の対話")
    module, other = make_module(items=[], course=course), make_module(items=[])
    asked, both, done, neither = (make_person(make_partner(), sign_in=False) for _ in range(4))
    for person in (asked, both, done, neither):
        sell(person, {SEPTEMBER: {"calls": 10, "appointments": 1}})
    finish(both, module, noon(dt.date(2026, 6, 30)))
    finish(done, module, noon(dt.date(2026, 8, 3)))
    finish(neither, other, noon(dt.date(2026, 8, 3)))
    night()
    june, july, august = (dt.date(2026, month, 1) for month in (6, 7, 8))
    assert launches_of(course) == {
        both.organisation_id: (june, False),
        done.organisation_id: (august, False),
    }
    idle = make_person(make_partner(), sign_in=False)
    for person, day in ((asked, 31), (both, 1), (idle, 1)):
        ask_for(person, module, noon(dt.date(2026, 7, day)), None)
    assert launches_of(course) == {
        asked.organisation_id: (july, False),
        both.organisation_id: (july, True),
        done.organisation_id: (None, True),
    }


def launches_of(course: Course) -> dict[uuid.UUID, tuple[dt.date | None, bool]]:
    found = Figures("", "", SEPTEMBER, SEPTEMBER, queries.starts(course.pk), [])
    return {each.organisation_id: (found.month(each), found.early(each)) for each in found.starts}


@pytest.mark.django_db
def test_figures_are_those_of_partners_who_sell() -> None:
    client, _product, _modules = market()
    rep, own = make_person(make_partner(), sign_in=False), make_person(client, sign_in=False)
    for person in (rep, own):
        sell(person, {SEPTEMBER: {"calls": 10, "appointments": 1}})
    night()
    months = dt.date(2026, 1, 1), dt.date(2026, 11, 1)
    lines = queries.lines("appointments", "", *months)
    assert [(line.person_id, line.part, line.base) for line in lines] == [(rep.pk, 1, 10)]
    assert [(line.part, line.base) for line in queries.lines("amount", "JPY", *months)] == [(0, 1)]


@pytest.mark.django_db
def test_a_launch_is_asked_for_waits_for_the_months_and_is_kept(office: Person) -> None:
    browser, course = sign_in(Browser(), office), make_course("価格の対話")
    asked = {"course": str(course.pk), "sales": "appointments", "months": "12"}
    urls = {browser.post(HERE, asked)["Location"] for _ in range(2)}
    assert len(urls) == 1
    url = urls.pop()
    assert 'hx-trigger="every 2s, click"' in browser.get(url).content.decode()
    compute()
    assert LaunchStudy.objects.get().state == "waiting", "no month is counted yet"
    market()
    sell(make_person(make_partner(), sign_in=False), {SEPTEMBER: {"calls": 9, "appointments": 1}})
    night()
    compute()
    study = LaunchStudy.objects.get()
    assert (study.state, study.launched, study.partners) == ("ready", 0, 1)
    page = plain(browser.get(url).content.decode())
    assert "データが足りません" in page
    assert "少なくとも6社" in page
    assert browser.get(f"{url}numbers.csv").status_code == 200
    again = browser.post(HERE, asked)["Location"]
    compute()
    assert browser.get(again)["Location"] == url
    assert "価格の対話" in plain(browser.get(HERE).content.decode())


@pytest.mark.django_db
def test_the_page_says_it_draws_it_and_keeps_it_as_a_table(office: Person) -> None:
    browser, course = sign_in(Browser(), office), make_course("価格の対話")
    study = ready_launch(
        office, course, engine.study(figures(STAGGERED, points=4.0)), launched=8, partners=14
    )
    url = f"{HERE}{study.pk}/"
    page = browser.get(url).content.decode()
    assert "効果があったという見方と矛盾しません" in page
    assert page.count('class="mark"') == 2
    assert page.count('<rect class="m"') == 18
    assert page.index('class="answer') < page.index('<svg class="chart')
    assert "14社のうち8社が導入" in plain(page)
    lines = browser.get(f"{url}numbers.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) > 25
    assert all(line.split(",")[7] == "B" and "2026-11-20" in line for line in lines[1:])


@pytest.mark.django_db
def test_without_a_comparison_a_banner_says_so(office: Person) -> None:
    study = ready_launch(office, make_course(), engine.study(figures([9] * 9)), partners=9)
    page = sign_in(Browser(), office).get(f"{HERE}{study.pk}/").content.decode()
    assert "banner-warn" in page
    assert "比べる相手がありません" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"course": "x", "sales": "appointments", "months": "12"},
        {"course": str(uuid.uuid4()), "sales": "deal:JPY", "months": "13"},
        {"course": "\x00", "sales": "amount:", "months": "9" * 50},
    ],
)
def test_what_is_not_offered_is_refused_and_nothing_is_asked(
    office: Person, sent: dict[str, str]
) -> None:
    answer = sign_in(Browser(), office).post(HERE, sent)
    assert answer.status_code in {400, 422}
    assert not LaunchStudy.objects.exists()


@pytest.mark.django_db
def test_a_partners_people_have_no_way_in(office: Person) -> None:
    course = make_course("価格の対話")
    study = ready_launch(office, course)
    for role in ("manager", "rep", "sales_manager", "admin"):
        browser = sign_in(Browser(), make_person(make_partner(), roles=[role]))
        for rest in ("", f"{study.pk}/", f"{study.pk}/numbers.csv"):
            assert browser.get(f"{HERE}{rest}").status_code == 404
        assert browser.post(HERE, {"course": str(course.pk)}).status_code == 404


@pytest.mark.django_db
def test_who_may_not_ask_any_more_gets_no_answer(office: Person) -> None:
    market()
    sell(make_person(make_partner(), sign_in=False), {SEPTEMBER: {"calls": 9, "appointments": 1}})
    night()
    study = asking.ask(actor=office, course=make_course(), sales="win", currency="", months=12)
    Person.objects.filter(pk=office.pk).update(is_active=False)
    compute()
    study.refresh_from_db()
    assert (study.state, study.result) == (LaunchStudy.State.FAILED, None)
