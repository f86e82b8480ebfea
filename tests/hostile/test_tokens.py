"""Tokens, links and sessions that are none: one answer for all, and no door learns why from the outside."""

import base64
import datetime as dt
import hmac
import json
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as live
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django.test import RequestFactory
from django.utils import timezone

from core.models import OutgoingMail
from core.scope import CLIENT, scoped
from partners import guessing
from partners.apitokens import actions, entering
from partners.apitokens.models import Token
from tests.api.programs import make_token
from tests.architecture.doors import doors
from tests.architecture.world import values_for
from tests.hostile.people import People, ask, fault_of, unchanged, wrong_with
from tests.partners.factories import sign_in

SECRET = "A" * 43


def _jwt(**head: str) -> str:
    parts = (head, {"sub": "admin", "iss": "tomoni", "aud": "tomoni", "exp": 9_999_999_999})
    words = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    )
    return ".".join([*words, ""])


NONE_OF_OURS = {
    "empty": "Bearer ",
    "no kind": SECRET,
    "another kind": "Basic YWRtaW46YWRtaW4=",
    "unknown": f"Bearer tomoni_abcdefgh_{SECRET}",
    "truncated": "Bearer tomoni_abcdefgh_AAAA",
    "100 KB": "Bearer tomoni_abcdefgh_" + "A" * 100_000,
    "two": f"Bearer tomoni_abcdefgh_{SECRET}, Bearer tomoni_abcdefgh_{SECRET}",
    "alg none": f"Bearer {_jwt(alg='none')}",
    "another algorithm": f"Bearer {_jwt(alg='HS256', typ='JWT')}x",
    "unknown kid": f"Bearer {_jwt(alg='RS256', kid='../../../../dev/null')}x",
    "NUL": "Bearer tomoni_abc\x00efgh_" + SECRET,
    "foreign letters": "Bearer tomoni_ａｂｃｄefgh_" + SECRET,
    "a line of its own": f"Bearer tomoni_abcdefgh_{SECRET}\r\nX-Person: 1",
}


def _bodies_of(people: People, headers: dict[str, str]) -> dict[str, Any]:
    answer = ask(Browser(raise_request_exception=False), "GET", "/api/v1/people", headers=headers)
    assert answer.status_code == 401, fault_of(answer)
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert wrong_with(answer) == ""
    told: dict[str, Any] = json.loads(answer.content)
    told.pop("request_id")
    return told


@pytest.fixture
def ended(people: People) -> dict[str, str]:
    """Tokens that were good once, and one whose last sign is wrong."""
    admin = people.ours.people["admin"]
    expired, revoked, cut = (make_token(admin, "people:read") for _ in range(3))
    with scoped(CLIENT):
        rows = list(Token.objects.filter(scopes=["people:read"]).order_by("created_at"))[-3:]
        past = timezone.now() - dt.timedelta(days=40)
        Token.objects.filter(pk=rows[0].pk).update(
            created_at=past, expires_at=timezone.now() - dt.timedelta(seconds=1)
        )
        assert actions.revoke_token(actor=admin, token_id=rows[1].pk)
    return {
        "expired": f"Bearer {expired}",
        "revoked": f"Bearer {revoked}",
        "cut short": f"Bearer {cut[:-1]}",
        "last sign wrong": f"Bearer {cut[:-1]}{'A' if cut[-1] != 'A' else 'B'}",
    }


def test_every_token_that_is_none_gets_the_same_answer(
    people: People, ended: dict[str, str]
) -> None:
    answers = []
    with unchanged():
        for sent in (*NONE_OF_OURS.values(), *ended.values()):
            value = sent.encode("utf-8").decode("latin-1")
            answers.append(_bodies_of(people, {"authorization": value}))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["code"] == "bad_token"


def test_a_token_is_compared_in_constant_time_also_where_there_is_none(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared, really = [], hmac.compare_digest

    def compare(one: str, other: str) -> bool:
        compared.append(len(other))
        return really(one, other)

    monkeypatch.setattr(entering, "hmac", SimpleNamespace(compare_digest=compare))
    _bodies_of(people, {"authorization": f"Bearer tomoni_abcdefgh_{SECRET}"})
    assert compared


@pytest.mark.parametrize("name", ["token", "access_token", "authorization", "session", "csrf"])
def test_a_token_in_an_address_opens_nothing(people: People, name: str) -> None:
    admin = people.ours.people["admin"]
    session = sign_in(Browser(), admin).cookies[live.SESSION_COOKIE_NAME].value
    for secret in (make_token(admin), session):
        stranger = Browser(raise_request_exception=False)
        answer = ask(stranger, "GET", f"/api/v1/people?{name}={secret}")
        assert answer.status_code == 401, fault_of(answer)
        assert ask(stranger, "GET", f"/people/?{name}={secret}").status_code == 302


def test_no_token_opens_another_door_than_the_interface(people: People) -> None:
    headers = {"authorization": f"Bearer {make_token(people.ours.people['admin'])}"}
    for door in doors():
        if door.access is None or door.access.admits(None) or door.route.startswith("api/v1/"):
            continue
        url = door.url(values_for(door.name, door.parameters, people.ours.ids))
        answer = ask(Browser(raise_request_exception=False), "GET", url, headers=headers, back=True)
        assert answer.status_code in {302, 401}, (door.name, fault_of(answer))


SECRETS_IN_PATHS = ("/i/{}/", "/accounts/link/{}/", "/accounts/password/reset/key/1-{}/")


@pytest.mark.parametrize("path", SECRETS_IN_PATHS)
def test_links_that_are_none_are_answered_alike(people: People, path: str) -> None:
    seen = set()
    with unchanged():
        for secret in (
            SECRET,
            "a",
            SECRET[:-1],
            "A" * 10_000,
            "%E2%80%AE",
            "1-set-password",
            "..%2F",
        ):
            for method in ("GET", "POST"):
                answer = ask(people.browser(), method, path.format(secret))
                assert answer.status_code in {200, 302, 403, 404, 410, 422}, (
                    secret,
                    fault_of(answer),
                )
                assert "session" not in answer.cookies, secret
                if len(secret) == 43 or secret == "a":
                    seen.add((method, answer.status_code))
    assert len(seen) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"expire_date": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
        {"session_data": "not signed by us"},
        {"session_data": ""},
        {"session_key": "0" * 32},
    ],
    ids=["expired", "forged", "emptied", "renamed"],
)
def test_a_session_that_is_over_asks_to_sign_in(people: People, change: dict[str, Any]) -> None:
    browser = sign_in(Browser(raise_request_exception=False), people.ours.people["admin"])
    assert browser.get("/people/").status_code == 200
    Session.objects.filter(pk=browser.session.session_key).update(**change)
    answer = ask(browser, "GET", "/people/")
    assert (answer.status_code, answer["Location"][:16]) == (302, "/accounts/login/")
    script = ask(browser, "GET", "/api/media/")
    assert (script.status_code, wrong_with(script)) == (401, "")


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "127.0.0.1@evil.example"},
        {"host": "127.0.0.1:80:80"},
        {"host": "\u0661\u0662"},
        {"host": "x" * 10_000},
    ],
)
def test_another_host_is_refused(people: People, headers: dict[str, str]) -> None:
    host = {"HTTP_HOST": headers["host"].encode().decode("latin-1")}
    for url in ("/accounts/login/", "/people/", "/api/v1/people"):
        answer = Browser(raise_request_exception=False).get(url, **host)
        assert answer.status_code == 400, (url, answer.status_code)
        assert "evil" not in answer.content.decode()


FORGED = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-forwarded-for": "10.0.0.1",
    "x-forwarded-port": "1",
    "x-forwarded-prefix": "/evil",
    "forwarded": "host=evil.example;proto=https",
    "x-original-url": "/people/",
    "x-rewrite-url": "/people/",
    "x-http-method-override": "DELETE",
    "x-real-ip": "10.0.0.1",
}


def test_what_a_proxy_would_say_is_not_believed_from_anybody(people: People) -> None:
    person = people.ours.people["admin"]
    stranger = Browser(headers=FORGED)
    page = stranger.post("/accounts/link/", {"login": person.email})
    assert page.status_code == 200
    assert "evil" not in page.content.decode()
    mail = OutgoingMail.objects.order_by("-created_at").first()
    assert mail is not None
    assert live.PUBLIC_URL in mail.text
    assert "evil" not in mail.text
    assert stranger.get("/offline/").wsgi_request.is_secure() is False
    assert stranger.get("/people/")["Location"].startswith("/accounts/login/")


def test_a_network_s_tries_are_counted_whatever_it_says_it_is() -> None:
    for n in range(3):
        said = FORGED | {"x-forwarded-for": f"10.0.0.{n}", "x-real-ip": f"10.0.1.{n}"}
        assert guessing.client_address(RequestFactory().get("/", headers=said)) == "127.0.0.1"


def test_somebody_else_s_work_is_not_taken(people: People) -> None:
    body: dict[str, Any] = {"beats": []}
    for named in (str(uuid.uuid4()), "x", "1" * 10_000):
        answer = ask(
            people.browser("rep"),
            "POST",
            "/api/heartbeats/",
            data=json.dumps(body),
            content_type="application/json",
            headers={"x-person": named},
        )
        assert (answer.status_code, wrong_with(answer)) == (401, "")
