"""The roll-out planner: compared, drawn once, withdrawn in time, and looked at when it is over."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client as Browser

from analytics.associations import lot
from analytics.associations import rollouts as actions
from analytics.associations.engine import launched as engine
from analytics.associations.models import LaunchStudy, Rollout, RolloutPower
from analytics.associations.queries import rollouts as queries
from analytics.associations.tasks import compute, night
from courses.catalog.models import Course
from partners.models import Organisation, Person
from partners.problems import Problem
from tests.analytics.associations.factories import (
    NOW,
    SEPTEMBER,
    market,
    noon,
    sell,
)
from tests.analytics.associations.launch_factories import ready_power, ready_rollout
from tests.analytics.associations.test_launches import changed
from tests.analytics.associations.test_months import ask_for
from tests.analytics.associations.test_rollout_rules import world
from tests.courses.factories import make_course, make_module
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

HERE = "/reports/learning-to-sales/rollouts/"
FIRST = dt.date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office() -> Person:
    return make_person(make_client(time_zone="Asia/Tokyo"), roles=["sales_manager"])


@pytest.fixture
def partners() -> list[Organisation]:
    return [make_partner(f"会社{n}") for n in range(7)]


@pytest.fixture
def course() -> Course:
    return make_course("価格の対話")


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def compared(office: Person, course: Course, partners: list[Organisation]) -> RolloutPower:
    return ready_power(office, course, partners, first=FIRST)


def test_a_rollout_is_compared_drawn_and_withdrawn(office: Person) -> None:
    market()
    reps = [make_person(make_partner(f"会社{n}"), sign_in=False) for n in range(4)]
    for rep in reps:
        sell(rep, {SEPTEMBER: {"calls": 10, "appointments": 1}})
    night()
    browser, course = sign_in(Browser(), office), make_course("価格の対話")
    asked: dict[str, Any] = {"course": str(course.pk), "sales": "appointments", "first": "2027-01"}
    asked |= {"gap": "1", "partners": [str(each.organisation_id) for each in reps]}
    url = browser.post(HERE, asked)["Location"]
    assert browser.post(HERE, asked)["Location"] == url
    assert 'hx-trigger="every 2s, click"' in browser.get(url).content.decode()
    compute()
    page = plain(browser.get(url).content.decode())
    assert "比べる相手がいません" in page
    assert "6社より少なく" in page
    plan_url = browser.post(f"{url}draw/", {"waves": "2"})["Location"]
    assert browser.post(f"{url}draw/", {"waves": "4"})["Location"] == plan_url, "drawn once"
    plan = Rollout.objects.get()
    assert (plan.waves, plan.drawn_by, plan.last) == (2, office, dt.date(2027, 2, 1))
    sizes = queries.sizes([each.organisation_id for each in reps])
    drawn = lot.draw(plan.seed, sizes, 2)
    assert {each.partner_id: each.wave for each in plan.places.all()} == drawn
    page = browser.get(plan_url).content.decode()
    assert page.count("organisation%3A") == 4 or page.count("to=organisation") == 4
    assert "第2陣" in plain(page)
    assert "会社3" in plain(browser.get(plan_url).content.decode())
    browser.post(f"{plan_url}withdraw/")
    assert "取り下げました" in plain(browser.get(plan_url).content.decode())
    assert "取り下げ" in plain(browser.get(HERE).content.decode())


def test_every_change_of_a_plan_is_in_its_history(
    office: Person, course: Course, partners: list[Organisation]
) -> None:
    plan = actions.draw(actor=office, power=compared(office, course, partners), waves=3)
    actions.withdraw(actor=office, rollout_id=plan.pk)
    actions.withdraw(actor=office, rollout_id=plan.pk)
    history = apps.get_model("associations", "RolloutEvent").objects.filter(pgh_obj_id=plan.pk)
    told = history.order_by("pgh_id").values_list("withdrawn_by_id", "seed")
    assert list(told) == [(None, plan.seed), (office.pk, plan.seed)]


def test_seeds_are_drawn_anew_and_another_plan_needs_the_first_withdrawn(
    office: Person, course: Course, partners: list[Organisation]
) -> None:
    power, other = compared(office, course, partners), compared(office, course, partners[:5])
    plan = actions.draw(actor=office, power=power, waves=3)
    assert re.fullmatch("[0-9a-f]{32}", plan.seed)
    with pytest.raises(Problem, match="計画があります"):
        actions.draw(actor=office, power=other, waves=2)
    actions.withdraw(actor=office, rollout_id=plan.pk)
    assert actions.draw(actor=office, power=other, waves=2).seed != plan.seed
    assert Rollout.objects.count() == 2


def test_once_the_first_wave_has_begun_nothing_changes(
    office: Person, course: Course, partners: list[Organisation]
) -> None:
    power = compared(office, course, partners)
    plan = actions.draw(actor=office, power=power, waves=3)
    with time_machine.travel(dt.datetime(2026, 12, 31, 15, tzinfo=dt.UTC), tick=False):
        with pytest.raises(Problem, match="第1陣が始まった"):
            actions.withdraw(actor=office, rollout_id=plan.pk)
        late = ready_power(office, make_course(), partners, first=FIRST)
        with pytest.raises(Problem, match="もう始まっています"):
            actions.draw(actor=office, power=late, waves=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rollout.objects.filter(pk=plan.pk).update(withdrawn_on=FIRST, withdrawn_by=office)


@pytest.mark.parametrize("waves", ["", "1", "7", "8", "-2", "２", "x" * 40])
def test_a_number_of_waves_that_is_not_offered_draws_nothing(
    office: Person, course: Course, partners: list[Organisation], waves: str
) -> None:
    power = compared(office, course, partners)
    answer = sign_in(Browser(), office).post(f"{HERE}compared/{power.pk}/draw/", {"waves": waves})
    assert answer["Location"] == f"{HERE}compared/{power.pk}/"
    assert not Rollout.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"partners": ["x"], "gap": "0", "first": "2026-11"},
        {"partners": [str(uuid.uuid4())], "gap": "9" * 40, "first": "9999-12"},
        {"first": "2027-01", "gap": "1", "sales": "deal:JPY"},
    ],
)
def test_what_is_not_offered_is_refused_and_what_was_typed_stays(
    office: Person, course: Course, partners: list[Organisation], sent: dict[str, Any]
) -> None:
    chosen = {"course": str(course.pk), "partners": [str(partners[0].pk)], **sent}
    answer = sign_in(Browser(), office).post(HERE, chosen)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert re.search(rf'<option value="{course.pk}" selected', page)
    if "partners" not in sent:
        assert page.count("checked") == 1
        assert "2社以上" in plain(page)
    assert not RolloutPower.objects.exists()


def test_a_rollout_is_looked_at_when_its_last_wave_has_launched(
    office: Person, course: Course, partners: list[Organisation]
) -> None:
    power = ready_power(office, course, partners, first=dt.date(2026, 8, 1), gap=1)
    plan = ready_rollout(power, {each.pk: 1 + n % 3 for n, each in enumerate(partners)})
    browser = sign_in(Browser(), office)
    url = f"{HERE}{plan.pk}/"
    with time_machine.travel(dt.datetime(2026, 9, 30, 14, tzinfo=dt.UTC), tick=False):
        assert browser.post(f"{url}look/").status_code == 404
        assert "2026年10月から" in plain(browser.get(url).content.decode())
    market_sales(partners)
    found = browser.post(f"{url}look/")["Location"]
    compute()
    study = LaunchStudy.objects.get()
    assert (study.state, study.rollout, study.launched) == ("ready", plan, 5)
    assert (study.since, study.until) == (dt.date(2026, 2, 1), dt.date(2026, 10, 1))
    assert study.result
    assert study.result["strayed"] == 5
    assert "くじで決めた月と別の月" in plain(browser.get(found).content.decode())


def market_sales(partners: list[Organisation]) -> None:
    market()
    for each in partners:
        rep = make_person(each, sign_in=False)
        sell(rep, {SEPTEMBER: {"calls": 10, "appointments": 1}})
    night()


def test_who_began_in_another_month_than_was_drawn_has_strayed(
    office: Person, course: Course, partners: list[Organisation]
) -> None:
    power = ready_power(office, course, partners, first=dt.date(2026, 8, 1), gap=1)
    waves = {each.pk: 1 + n % 3 for n, each in enumerate(partners)}
    plan = ready_rollout(power, waves)
    market_sales(partners)
    module = make_module(items=[], course=course)
    for n, each in enumerate(partners):
        month = 8 + n % 3 - (n == 2)
        rep = Person.objects.get(organisation=each)
        ask_for(rep, module, noon(dt.date(2026, month, 9)), None)
    assert queries.strayed(plan) == [partners[2].pk]


def test_by_lot_the_grade_is_a_only_if_everybody_kept_to_their_wave() -> None:
    figures = world(3, months=12, points=6.0)
    assert engine.study(figures, 0)["grade"] == "A"
    told = engine.study(figures, 1)
    assert (told["grade"], told["strayed"]) == ("B", 1)
    assert {each["by"] for each in told["starts"]} == {"drawn", ""}
    assert engine.study(changed(figures, starts=figures.starts), None)["strayed"] is None


def test_a_partners_people_have_no_way_in(
    office: Person, course: Course, partners: list[Organisation]
) -> None:
    power = compared(office, course, partners)
    plan = ready_rollout(power, {each.pk: 1 for each in partners})
    for role in ("manager", "rep", "sales_manager", "admin"):
        browser = sign_in(Browser(), make_person(partners[0], roles=[role]))
        for rest in ("", f"compared/{power.pk}/", f"{plan.pk}/"):
            assert browser.get(f"{HERE}{rest}").status_code == 404
        for rest in ("", f"compared/{power.pk}/draw/", f"{plan.pk}/withdraw/", f"{plan.pk}/look/"):
            assert browser.post(f"{HERE}{rest}", {"waves": "2"}).status_code == 404
    plan.refresh_from_db()
    assert plan.withdrawn_on is None
