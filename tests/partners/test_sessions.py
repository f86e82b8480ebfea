"""A session brings its person along, and is believed in nothing that it doesn't say itself."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from core.sessions import SessionStore as Plain
from partners import backends, sessions
from partners.models import Account, Person
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    """Begin as a process that has seen nobody."""
    sessions._accounts.clear()
    yield
    sessions._accounts.clear()


@pytest.fixture
def rep() -> Person:
    make_client()
    return make_person(make_partner())


def read(browser: Browser) -> tuple[int, int]:
    """Ask for a page of one's own. Returns its status and how often sessions and people were asked for."""
    with CaptureQueriesContext(connection) as heard:
        status = browser.get("/notices/").status_code
    asked = [each["sql"] for each in heard.captured_queries]
    return status, sum("partners_enter" in sql or "FROM django_session" in sql for sql in asked)


def test_from_the_second_request_on_one_statement_reads_session_and_person(
    client: Browser, rep: Person
):
    sign_in(client, rep)
    assert read(client) == (200, 1), "who has signed in here is known"
    sessions._accounts.clear()
    assert [read(client) for _ in range(3)] == [(200, 2), (200, 1), (200, 1)], "another process"


def test_who_is_stopped_meanwhile_is_out_at_once(client: Browser, rep: Person):
    sign_in(client, rep)
    read(client)
    read(client)
    Person.objects.filter(pk=rep.pk).update(is_active=False)
    assert read(client)[0] == 302


def test_a_changed_password_ends_the_session(client: Browser, rep: Person):
    sign_in(client, rep)
    read(client)
    read(client)
    Account.objects.filter(pk=rep.account_id).update(password="!another")
    assert read(client)[0] == 302


def test_a_session_that_is_over_brings_nobody(client: Browser, rep: Person):
    sign_in(client, rep)
    read(client)
    Session.objects.update(expire_date="2020-01-01T00:00Z")
    assert read(client)[0] == 302


def test_what_is_stored_counts_and_not_what_is_remembered(client: Browser, rep: Person):
    other = make_person(make_partner())
    sign_in(client, rep)
    read(client)
    for key in sessions._accounts:
        assert other.account_id is not None
        sessions._accounts[key] = other.account_id
    answer = client.get("/record/")
    assert answer.wsgi_request.person == rep  # type: ignore[attr-defined]
    assert read(client) == (200, 1)


def test_only_a_request_enters_a_scope(client: Browser, rep: Person):
    sign_in(client, rep)
    read(client)
    key = client.cookies["session"].value
    with CaptureQueriesContext(connection) as heard:
        assert sessions.SessionStore(key).load() == Plain(key).load() != {}
    assert not any("partners_enter" in each["sql"] for each in heard.captured_queries)


@pytest.mark.parametrize(
    ("roles", "mode"),
    [
        (["rep"], "force_generic_plan"),
        (["ace", "rep"], "force_generic_plan"),
        (["rep", "manager"], "auto"),
        (["manager"], "auto"),
    ],
)
def test_what_only_learners_ask_is_planned_once(roles: list[str], mode: str):
    make_client()
    for each in (make_person(make_partner(), roles=roles), make_person(make_partner())):
        assert backends.enter(each.account_id)
        with connection.cursor() as cursor:
            cursor.execute("SHOW plan_cache_mode")
            assert cursor.fetchone()[0] == mode
        mode = "force_generic_plan"


def test_nobody_s_plans_stay_with_a_stranger():
    make_client()
    assert backends.enter(make_person(make_partner()).account_id)
    assert backends.enter("01a21ad4-66c5-7d49-bcd8-98483bb5ee8c") is None
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone()[0] == "auto"
