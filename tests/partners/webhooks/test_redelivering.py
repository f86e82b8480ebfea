"""Sending again because somebody asks for it."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core import scope
from partners.models import Person
from partners.problems import Problem
from partners.webhooks import kinds
from partners.webhooks.actions.endpoints import add_endpoint, edit_endpoint, set_state
from partners.webhooks.actions.redelivering import redeliver, redeliver_failed
from partners.webhooks.models import Endpoint, Message
from tests.partners.factories import make_client, make_partner, make_person
from tests.partners.webhooks.factories import add_sending, make_endpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def admin() -> Person:
    """An admin of the client, whose scope is entered."""
    scope.enter(scope.CLIENT)
    return make_person(make_client(), roles=["admin"])


@pytest.mark.parametrize("state", ["failed", "delivered"])
def test_a_settled_message_goes_out_again_from_its_first_try(admin: Person, state: str):
    row = add_sending(make_endpoint(), state=state, tries=8)
    assert redeliver(actor=admin, sending_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.tries, row.settled_at, row.took_ms) == ("waiting", 0, None, None)
    assert not redeliver(actor=admin, sending_id=row.pk), "it waits already"


def test_what_failed_since_a_moment_goes_out_again(admin: Person):
    endpoint, now = make_endpoint(), timezone.now()
    old, new = (add_sending(endpoint, state="failed") for _ in range(2))
    taken = add_sending(endpoint, state="delivered")
    other = add_sending(make_endpoint(), state="failed")
    test = add_sending(endpoint, state="failed", kind=kinds.TEST)
    Message.objects.filter(sendings=old).update(created_at=now - dt.timedelta(days=2))
    since = now - dt.timedelta(days=1)
    assert redeliver_failed(actor=admin, endpoint_id=endpoint.pk, since=since) == 1
    states = {}
    for row in (old, new, taken, other, test):
        row.refresh_from_db()
        states[row.pk] = row.state
    assert list(states.values()) == ["failed", "waiting", "delivered", "failed", "failed"]


@pytest.mark.parametrize("state", ["disabled", "archived"])
def test_nothing_is_sent_again_to_an_endpoint_that_is_off(admin: Person, state: str):
    row = add_sending(make_endpoint(state=state), state="failed")
    with pytest.raises(Problem):
        redeliver(actor=admin, sending_id=row.pk)
    with pytest.raises(Problem):
        redeliver_failed(actor=admin, endpoint_id=row.endpoint_id, since=row.created_at)


def test_an_endpoint_that_is_switched_on_forgets_its_failures(admin: Person):
    row = make_endpoint(state="disabled", failures=9, failing_since=timezone.now())
    assert set_state(actor=admin, endpoint_id=row.pk, state="active")
    assert not set_state(actor=admin, endpoint_id=row.pk, state="active")
    row.refresh_from_db()
    assert (row.state, row.failures, row.failing_since) == ("active", 0, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://hooks.example.com/"),
        ("url", "https://10.0.0.1/"),
        ("url", "https://a:b@hooks.example.com/"),
        ("name", " "),
        ("name", "x" * 81),
        ("kinds", []),
        ("kinds", ["no.such"]),
    ],
)
def test_an_endpoint_that_makes_no_sense_is_refused_beside_its_field(
    admin: Person, field: str, value: Any
):
    good = {"name": "CRM", "url": "https://hooks.example.com/", "kinds": ["module.finished"]}
    with pytest.raises(Problem) as problem:
        add_endpoint(actor=admin, **{**good, field: value})
    assert problem.value.field == field
    row = add_endpoint(actor=admin, **good)
    with pytest.raises(Problem):
        edit_endpoint(actor=admin, endpoint_id=row.pk, **{**good, field: value})


@pytest.mark.parametrize(
    ("of_client", "roles"), [(True, ["author"]), (True, ["sales_manager"]), (False, ["admin"])]
)
def test_only_the_client_s_admins_write(of_client: bool, roles: list[str]):
    person = make_person(make_client() if of_client else make_partner(), roles=roles)
    row = add_sending(make_endpoint(), state="failed")
    with pytest.raises(PermissionDenied):
        add_endpoint(actor=person, name="x", url="https://hooks.example.com/", kinds=[])
    with pytest.raises(PermissionDenied):
        set_state(actor=person, endpoint_id=row.endpoint_id, state="paused")
    with pytest.raises(PermissionDenied):
        redeliver(actor=person, sending_id=row.pk)
    assert Endpoint.objects.get().state == "active"
