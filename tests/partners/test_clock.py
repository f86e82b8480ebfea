"""One clock: the client's time zone, wherever the server stands and whatever the installation proposes."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone

from core import kept
from courses.progress.beginning import learning_day
from gamification.queries import rules
from partners.actions.people import Details
from partners.actions.setup import Beginning, set_up
from partners.queries.client import here
from tests.partners.factories import PASSWORD, make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 4, 1, 2, 30, tzinfo=dt.UTC)
"""The evening of 31 March in New York, and late morning of 1 April in Tokyo."""


def test_before_set_up_it_is_the_installation_s_and_from_then_on_the_client_s(
    django_capture_on_commit_callbacks: Any,
):
    assert str(here()) == "Asia/Tokyo"
    with django_capture_on_commit_callbacks(execute=True):
        set_up(beginning=_beginning("America/New_York"))
    assert str(here()) == "America/New_York", "nobody waits a minute after set-up"


def _beginning(zone: str) -> Beginning:
    return Beginning(
        client_name="Acme",
        language="en",
        time_zone=zone,
        password=PASSWORD,
        partner_name="",
        team_name="",
        admin=Details(family_name="Mori", login_name="mori"),
    )


def test_a_zone_that_is_not_known_any_more_is_the_installation_s():
    make_client(time_zone="Asia/Nowhere")
    assert str(here()) == "Asia/Tokyo"


@time_machine.travel(AT, tick=False)
def test_days_and_months_of_learning_and_points_are_the_client_s():
    make_client(time_zone="America/New_York")
    assert learning_day(AT) == dt.date(2026, 3, 31)
    assert rules.running_month() == dt.date(2026, 3, 1)
    assert rules.today() == dt.date(2026, 3, 31)


@time_machine.travel(AT, tick=False)
def test_pages_show_the_client_s_time_to_its_people_and_to_partners(client: Browser):
    make_client(time_zone="America/New_York")
    rep = make_person(make_partner(), language="en")
    assert "March" in sign_in(client, rep).get("/ranking/").content.decode()
    assert str(timezone.get_current_timezone()) == "America/New_York"


def test_what_a_page_was_shown_in_is_not_the_next_one_s(client: Browser):
    make_client(time_zone="America/New_York")
    sign_in(client, make_person(make_partner())).get("/")
    kept.forget_all()
    make_client(time_zone="Asia/Seoul")
    client.get("/")
    assert str(timezone.get_current_timezone()) == "Asia/Seoul"
    Browser().get("/healthz")
    assert str(timezone.get_current_timezone()) == "Asia/Tokyo", "a stranger's page asks nobody"
