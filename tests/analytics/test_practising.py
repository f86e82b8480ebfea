"""Who has finished a module and not understood it is asked to practise it again: whom no assignment would reach."""

import datetime as dt
import html
import re
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import Notice, OutgoingMail
from core.notices import kinds
from courses.catalog.models import Module
from partners.models import Organisation, Person
from tests.analytics.factories import catch_up, learn
from tests.courses.factories import make_module
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


def text(browser: Browser, url: str) -> str:
    return html.unescape(browser.get(url).content.decode())


def asked(person: Person | None = None) -> list[Notice]:
    found = Notice.objects.filter(kind="assignments.practise")
    return list(found.filter(person_id=person.pk) if person else found)


@pytest.fixture
def module() -> Module:
    return make_module(title="断り文句")


@pytest.fixture
def partner() -> Organisation:
    return make_partner("みらい営業")


@pytest.fixture
def people(partner: Organisation, module: Module) -> list[Person]:
    """Six people: four stumbled (one of them hasn't signed up), one understood, one hasn't begun."""
    found = [make_person(partner, sign_in=n != 3) for n in range(6)]
    for n, person in enumerate(found[:5]):
        learn(person, module, right=None if n == 4 else 0)
    cache.clear()
    catch_up()
    return found


def manager_of(partner: Organisation) -> Browser:
    boss = make_person(partner, roles=["manager"], family_name="西村", given_name="恵")
    return sign_in(Browser(), boss)


def test_those_who_stumbled_are_asked_from_the_weak_spot_once_a_week(
    partner: Organisation, module: Module, people: list[Person]
) -> None:
    rival = make_person(make_partner(), family_name="他社")
    learn(rival, module, right=0)
    manager, url = manager_of(partner), f"/team/modules/{module.pk}/practise/?team=all"
    team = text(manager, reverse("analytics:team") + "?team=all")
    assert "理解済みでない3人に" in team
    assert url in team
    answer = manager.post(url, follow=True)
    assert "3人に、もう一度の練習をお願いしました" in answer.content.decode()
    assert {each.person_id for each in asked()} == {each.pk for each in people[:3]}
    notice = asked(people[0])[0]
    assert (
        kinds.describe(notice)[1] == "西村 恵さんから：「断り文句」をもう一度練習してみてください"
    )
    assert OutgoingMail.objects.filter(key=notice.key, recipient=people[0].email).exists()
    assert sign_in(Browser(), people[0]).get(notice.url).status_code == 200
    assert notice.url == reverse("quizzes:quiz", args=[module.pk]) + "?retry=1"

    assert "この1週間のうちに練習をお願いしました" in answer.content.decode()
    again = manager.post(url, follow=True).content.decode()
    assert "今お願いできる方はいません" in again
    assert len(asked()) == 3
    learn(people[0], module, retry=True)
    assert kinds.settled([notice]) == {notice.key: "理解済みになりました"}
    with time_machine.travel(timezone.now() + dt.timedelta(days=8), tick=False):
        manager = manager_of(partner)
        assert "理解済みでない2人に" in text(manager, reverse("analytics:team") + "?team=all")
        manager.post(url)
    assert len(asked()) == 5
    assert not asked(rival)


def test_nobody_is_asked_by_who_may_not_or_for_what_is_not_theirs(
    partner: Organisation, module: Module, people: list[Person]
) -> None:
    rival = sign_in(Browser(), make_person(make_partner(), roles=["manager"]))
    company = reverse("analytics:practise_of", args=[partner.pk, module.pk])
    assert rival.post(company).status_code == 404
    rival.post(f"/team/modules/{module.pk}/practise/")
    stranger = sign_in(Browser(), make_person(make_client(), roles=["manager"]))
    page = reverse("analytics:module_of", args=[partner.pk, module.pk]) + "?state=finished"
    assert "理解済みでない" not in text(stranger, page), "whose people they may not ask"
    stranger.post(company)
    assert not asked()
    office = sign_in(Browser(), make_person(make_client(), roles=["admin"]))
    assert "理解済みでない3人に" in text(office, page)
    office.post(company)
    _icon, said = kinds.describe(asked(people[0])[0])
    assert said.startswith(f"{make_client().name}から：")


def test_where_everybody_has_finished_nobody_is_to_be_assigned(
    partner: Organisation, module: Module, people: list[Person], django_assert_num_queries: Any
) -> None:
    manager, team = manager_of(partner), reverse("analytics:team") + "?team=all"
    offer = rf"assignments/new/\?module={module.pk}"
    with CaptureQueriesContext(connection) as few:
        assert re.search(offer, text(manager, team))
    learn(people[5], module, right=0)
    for _ in range(5):
        learn(make_person(partner), module, right=0)
    cache.clear()
    catch_up()
    with django_assert_num_queries(len(few)):
        assert not re.search(offer, text(manager, team))
