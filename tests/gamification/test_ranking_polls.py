"""The ranking asked again: 304, and no query, until something has changed."""

import pytest
from django.test import Client as Browser

from partners.models import Person, Team
from tests.gamification.factories import book, build, give
from tests.gamification.queries import queries_of
from tests.partners.factories import make_partner, make_person, make_team, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team(make_partner())


@pytest.fixture
def me(team) -> Person:
    return make_person(team.organisation, team=team)


@pytest.fixture
def browser(client, me) -> Browser:
    return sign_in(client, me)


def test_a_poll_is_answered_with_304_until_something_changes(browser, me):
    book(me, 20)
    build()
    first = browser.get("/ranking/", headers={"HX-Request": "true"})
    assert "<html" not in first.content.decode()
    etag = first["ETag"]
    again = {"HX-Request": "true", "If-None-Match": etag}
    assert browser.get("/ranking/", headers=again).status_code == 304
    give(me, 20)
    changed = browser.get("/ranking/", headers=again)
    assert changed.status_code == 200
    assert changed["ETag"] != etag


def test_the_page_carries_what_the_poll_sends(browser, me):
    book(me, 20)
    build()
    response = browser.get("/ranking/")
    page = response.content.decode()
    assert response["ETag"].strip('"') in page
    assert "hx-headers" in page


def test_a_304_is_for_one_person_one_unit_and_one_language_only(browser, me, team):
    book(me, 20)
    build()
    etag = browser.get("/ranking/")["ETag"]
    other = {"HX-Request": "true", "If-None-Match": etag}
    assert browser.get("/ranking/?by=team", headers=other).status_code == 200
    browser.cookies["language"] = "en"
    assert browser.get("/ranking/", headers=other).status_code == 200
    colleague = sign_in(Browser(), make_person(team.organisation))
    assert colleague.get("/ranking/", headers=other).status_code == 200


def test_a_304_costs_no_queries_of_its_own(browser, me):
    book(me, 20)
    build()
    headers = {"HX-Request": "true", "If-None-Match": browser.get("/ranking/")["ETag"]}
    assert queries_of(lambda: browser.get("/ranking/", headers=headers)) <= 3


def test_without_redis_a_poll_is_never_told_that_nothing_changed(browser, me, settings):
    book(me, 20)
    build()
    etag = browser.get("/ranking/")["ETag"]
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=1"
    response = browser.get("/ranking/", headers={"HX-Request": "true", "If-None-Match": etag})
    assert response.status_code == 200
    assert "ETag" not in response
