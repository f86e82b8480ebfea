"""Cookies of sessions: one that ended elsewhere never costs a newer one."""

import pytest
from django.conf import settings
from django.test import Client as Browser

from tests.partners.factories import make_client, make_person, sign_in

pytestmark = pytest.mark.django_db

NAME = settings.SESSION_COOKIE_NAME


@pytest.fixture
def browser() -> Browser:
    return sign_in(Browser(), make_person(make_client(), roles=["rep"]))


def test_an_answer_on_its_way_leaves_the_cookie_of_a_newer_session(browser: Browser) -> None:
    """A picture was asked for under the session before; its answer comes after somebody else signed in."""
    late = Browser()
    late.cookies[NAME] = browser.cookies[NAME].value
    browser.post("/accounts/logout/")
    assert late.get("/").status_code == 302
    assert late.cookies[NAME].value


def test_who_signs_out_gives_the_cookie_back(browser: Browser) -> None:
    answer = browser.post("/accounts/logout/")
    assert answer.cookies[NAME].value == ""
    assert answer.cookies[NAME]["max-age"] == 0
