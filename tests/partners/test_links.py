"""Mailed sign-in links: once, for fifteen minutes, and the same answer for every address."""

import datetime as dt
import re
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client as Browser
from django.utils import timezone

from core.models import OutgoingMail
from partners import tokens
from partners.models import Organisation, Person, SignInLink
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db

ASK = "/accounts/link/"


@pytest.fixture
def misaki() -> Person:
    """Somebody who signs in by mailed links."""
    make_client()
    return make_person(make_partner(), email="misaki@example.com", language="en")


def _ask(login: str = "misaki@example.com", **more: str) -> str:
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    Browser().post(ASK, {"login": login, **more})
    mail = OutgoingMail.objects.exclude(pk__in=before).get()
    (path,) = re.findall(r"(/accounts/link/\S+)", mail.text)
    return str(path)


def test_a_link_signs_in_once(misaki: Person, client: Browser) -> None:
    path = _ask()
    assert client.get(path).status_code == 200
    assert client.get(path).status_code == 200
    assert SESSION_KEY not in client.session
    assert client.post(path).headers["Location"] == "/"
    assert client.session[SESSION_KEY] == str(misaki.account_id)
    other = Browser()
    assert other.post(path).status_code == 410
    assert SESSION_KEY not in other.session


def test_a_link_leads_to_where_one_wanted_to_be(misaki: Person, client: Browser) -> None:
    path = _ask(next="/profile/")
    assert path.endswith("?next=%2Fprofile%2F")
    assert client.post(path, {"next": "/profile/"}).headers["Location"] == "/profile/"
    assert "next" not in _ask(next="https://evil.example/")


def test_using_one_ends_the_others(misaki: Person) -> None:
    first, second = _ask(), _ask()
    assert Browser().post(second).status_code == 302
    assert Browser().post(first).status_code == 410


def test_only_a_hash_is_kept(misaki: Person) -> None:
    path = _ask()
    row = SignInLink.objects.get()
    assert row.token_hash == tokens.digest(path.split("/")[3])


def test_an_old_link_opens_nothing(misaki: Person) -> None:
    path = _ask()
    SignInLink.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    response = Browser().post(path)
    assert response.status_code == 410
    assert "15分の期限" in response.content.decode()


@pytest.mark.parametrize("broken", ["x", "a" * 43, "あ", "a" * 5000])
def test_an_unknown_link_opens_nothing(misaki: Person, broken: str) -> None:
    for method in ("get", "post"):
        assert getattr(Browser(), method)(f"{ASK}{broken}/").status_code == 410


def test_unknown_addresses_get_the_same_answer(misaki: Person) -> None:
    answers = [
        Browser().post(ASK, {"login": address})
        for address in ("misaki@example.com", "nobody@example.com")
    ]
    bodies = {
        re.sub(r"csrf\S+ value=\"\w+\"|misaki|nobody", "", answer.content.decode())
        for answer in answers
    }
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(bodies) == 1
    assert OutgoingMail.objects.get().recipient == "misaki@example.com"


def test_who_has_left_gets_no_link(misaki: Person) -> None:
    Person.objects.filter(pk=misaki.pk).update(is_active=False)
    Browser().post(ASK, {"login": "misaki@example.com"})
    assert not OutgoingMail.objects.exists()


def test_a_stopped_partner_gets_no_link(misaki: Person) -> None:
    Organisation.objects.filter(pk=misaki.organisation_id).update(is_active=False)
    Browser().post(ASK, {"login": "misaki@example.com"})
    assert not OutgoingMail.objects.exists()


def test_asking_is_limited(misaki: Person) -> None:
    answers = [Browser().post(ASK, {"login": "misaki@example.com"}).status_code for _ in range(7)]
    assert answers == [200] * 5 + [429] * 2
    assert OutgoingMail.objects.count() == 5


@pytest.mark.parametrize("typed", ["misaki.t", "x\0@y", "@" * 300])
def test_what_is_no_address_is_explained(misaki: Person, typed: str) -> None:
    assert Browser().post(ASK, {"login": typed}).status_code == 422


def test_the_button_of_the_sign_in_page_brings_the_address_along(misaki: Person) -> None:
    response = Browser().post(ASK, {"login": "Misaki@example.com", "password": "half typed"})
    assert response.status_code == 200
    assert OutgoingMail.objects.get().subject == "Your link to sign in to Tomoni"
    assert Browser().post(ASK, {"login": ""}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/i/{}/", "/ace/{}/", "/accounts/link/{}/", "/accounts/password/reset/key/{}/"]
)
def test_logs_hold_no_secrets(path: str) -> None:
    secret = tokens.make()
    line = {
        "request": f"GET {path.format(secret)}",
        "event": f"Gone: {path.format(secret)}?next=/x/",
        "n": 1,
    }
    masked = tokens.mask(None, "info", dict(line))
    assert secret not in str(masked)
    assert masked["event"] == f"Gone: {path.format('…')}?next=/x/"


def test_every_log_line_is_masked() -> None:
    formatters: Any = settings.LOGGING["formatters"]
    assert tokens.mask in formatters["json"]["foreign_pre_chain"]
    assert tokens.mask in structlog.get_config()["processors"]
