"""Servers whose clocks differ by minutes, and phones whose clocks are wrong by days."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client

from core import health
from core.mediafiles import links
from core.models import Delivery
from core.outbox import process
from courses.quizzes.models import Attempt
from gamification.models import LedgerEntry
from partners.actions.links import send_link
from partners.models import SignInLink
from tests.api.programs import Program, make_token
from tests.core.broker import quiet_broker
from tests.core.waiting import rounds
from tests.courses.factories import make_module, single
from tests.partners.factories import make_client, make_person, sign_in

__all__ = ["quiet_broker"]  # a fixture

pytestmark = pytest.mark.django_db

SKEWS = [dt.timedelta(minutes=minutes) for minutes in (-5, -1, 1, 5)]
MONTH_ENDS = dt.datetime(
    2026, 10, 31, 15, 0, tzinfo=dt.UTC
)  # the first minute of November in Tokyo


@pytest.mark.parametrize("skew", SKEWS, ids=str)
@pytest.mark.parametrize("minute", [0, 1, 4, 5, 30, 55, 59])
def test_a_link_made_by_one_server_opens_at_another(skew: dt.timedelta, minute: int):
    person, file = uuid.uuid4(), str(uuid.uuid4())
    made = dt.datetime(2026, 11, 26, 9, minute, 30, tzinfo=dt.UTC)
    with time_machine.travel(made, tick=False):
        token = links.token(person, file)
    with time_machine.travel(made + skew, tick=False):
        assert links.is_good(token, person, file)
    with time_machine.travel(made + dt.timedelta(seconds=links.LIFE + 1), tick=False):
        assert not links.is_good(token, person, file)
    with time_machine.travel(made - dt.timedelta(hours=2), tick=False):
        assert not links.is_good(token, person, file)


@pytest.mark.parametrize("skew", SKEWS, ids=str)
def test_sessions_tokens_and_mailed_links_hold_at_a_server_with_another_clock(skew: dt.timedelta):
    admin = make_person(make_client(), roles=["admin"], email="a@example.com")
    browser, program = sign_in(Client(), admin), Program(make_token(admin))
    send_link(address="a@example.com")
    with time_machine.travel(dt.datetime.now(dt.UTC) + skew):
        assert browser.get("/profile/").status_code == 200
        assert program.get("people").status_code == 200
        assert SignInLink.objects.get().expires_at > dt.datetime.now(dt.UTC)


@pytest.mark.parametrize("skew", SKEWS, ids=str)
def test_a_worker_with_another_clock_is_neither_taken_for_dead_nor_kept_waiting(
    skew: dt.timedelta, client: Client, quiet_broker: None
):
    rep = make_person(make_client())
    sign_in(client, rep)
    with time_machine.travel(dt.datetime.now(dt.UTC) + skew):
        health.sing("score")
        send(client, make_module(items=[single("q001")]), at=dt.datetime.now(dt.UTC))
    assert health.singing()["score"]
    assert Delivery.objects.filter(state="pending").exists()
    drain_all()
    assert Attempt.objects.get().state == "scored"


@pytest.mark.parametrize("wrong_by", [-24, 24, 24 * 365])
@pytest.mark.parametrize("seconds", [-1, 1])
def test_points_fall_into_the_month_of_the_server_whatever_the_phone_believes(
    client: Client, quiet_broker: None, wrong_by: int, seconds: int
):
    rep = make_person(make_client())
    sign_in(client, rep)
    now = MONTH_ENDS + dt.timedelta(seconds=seconds)
    with time_machine.travel(now, tick=False):
        send(client, make_module(items=[single("q001")]), at=now + dt.timedelta(hours=wrong_by))
        drain_all()
    assert Attempt.objects.get().submitted_at == now
    months = set(LedgerEntry.objects.values_list("month", flat=True))
    assert months == {dt.date(2026, 10 if seconds < 0 else 11, 1)}


def drain_all() -> None:
    """Be the worker until nothing waits."""
    for some in rounds():
        for delivery in some:
            process(delivery.pk)


def send(browser: Client, module: Any, at: dt.datetime) -> None:
    """Hand in a quiz, as a phone that believes it is `at`."""
    given = {
        "item": "q001",
        "options": ["a"],
        "seq": int(at.timestamp() * 1000),
        "at": at.isoformat(),
    }
    body = {"module": str(module.pk), "answers": [given], "submit": True}
    answer = browser.post(
        f"/api/attempts/{uuid.uuid4()}/", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
