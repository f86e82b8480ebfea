"""Two hundred guesses at once, at every door by which one comes in; and nobody locks somebody else out."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from core.models import Notice, OutgoingMail
from core.notices.queries import shown
from partners.actions import invitations
from partners.guessing import TRIES
from partners.models import Person
from tests.api.programs import make_token
from tests.concurrency.racing import race
from tests.partners.factories import PASSWORD, make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

KNOWN, UNKNOWN = "misaki@example.com", "nobody@example.com"
THREADS, EACH, FEW = 10, 20, 3


@pytest.fixture
def misaki() -> Person:
    """Somebody whose account is guessed at."""
    make_client()
    return make_person(make_partner(), email=KNOWN, login_name="misaki.t", password=PASSWORD)


def plain(response: Any) -> tuple[int, str]:
    """Return an answer without what differs from request to request, and without what was typed."""
    text = re.sub(
        r"value=\"[\w-]+\"|[\w.-]+@example\.com|\"request_id\": \"[^\"]*\"",
        "",
        response.content.decode(),
    )
    return response.status_code, text


def at_once(ask: Callable[[], Any], each: int = EACH) -> list[tuple[int, str]]:
    """Ask two hundred times, ten at a time, from one starting shot."""
    found = race([lambda: [plain(ask()) for _ in range(each)]] * THREADS)
    assert not [each for each in found if isinstance(each, Exception)], found
    return [answer for some in found for answer in some]


DOORS: dict[str, tuple[str, dict[str, str], str, int]] = {
    "password": ("account_login", {"password": "wrong"}, "login", TRIES),
    "mailed link": ("account_mail_link", {}, "login", 5),
    "forgotten password": ("account_reset_password", {}, "email", 5),
}
"""The address, what is sent beside the name, the name's field, and how many tries there are."""


@pytest.mark.parametrize("door", sorted(DOORS))
@pytest.mark.parametrize(("name", "each"), [(KNOWN, EACH), (UNKNOWN, FEW)])
def test_two_hundred_at_once_get_no_more_tries_than_there_are(
    misaki: Person, door: str, name: str, each: int
):
    address, more, field, tries = DOORS[door]
    url = reverse(address)
    # One network address may ask a hundred times an hour; a rival has many.
    numbers = iter(range(1, 10_000))

    def ask() -> Any:
        return Browser(REMOTE_ADDR=f"10.0.0.{next(numbers) % 250}").post(url, {field: name, **more})

    answers = at_once(ask, each)
    refused = [answer for answer in answers if answer[0] == 429]
    assert len(refused) == THREADS * each - tries
    other = {KNOWN: UNKNOWN, UNKNOWN: KNOWN}[name]
    for _ in range(tries):
        Browser().post(url, {field: other, **more})
    last = plain(Browser().post(url, {field: other, **more}))
    assert set(refused) == {last}
    assert OutgoingMail.objects.count() <= tries


def test_two_hundred_wrong_tokens_are_refused_alike_and_a_right_one_still_opens(misaki: Person):
    admin = make_person(make_client(), roles=["admin"])
    token = make_token(admin, "people:read")
    wrong = {
        "prefix": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "none": f"tomoni_abcdefgh_{'A' * 43}",
    }

    def ask(which: str) -> Any:
        return Browser(headers={"authorization": f"Bearer {wrong[which]}"}).get("/api/v1/people")

    answers = at_once(lambda: ask("prefix"))
    assert sorted(status for status, _ in answers) == [401] * 100 + [429] * 100
    assert {plain(ask("none"))} == {answer for answer in answers if answer[0] == 429}
    assert ask("none")["Retry-After"]
    right = Browser(headers={"authorization": f"Bearer {token}"}).get("/api/v1/people")
    assert right.status_code == 200


@pytest.mark.parametrize("path", ["/i/{}/", "/accounts/password/reset/key/1-{}/"])
def test_secret_addresses_can_not_be_tried_out(misaki: Person, path: str, monkeypatch: Any):
    monkeypatch.setattr("partners.guessing._OPENINGS", 3)
    answers = [Browser().get(path.format(f"{n:043}")) for n in range(5)]
    assert [answer.headers.get("Location") == "/accounts/login/" for answer in answers] == [
        *[False] * 3,
        *[True] * 2,
    ]


def test_a_rival_who_never_stops_locks_nobody_out(misaki: Person):
    phone = sign_in(Browser(), misaki)
    known = Browser()
    known.post("/accounts/login/", {"login": "misaki.t", "password": PASSWORD})
    known.post("/accounts/logout/")
    for _ in range(2 * TRIES):
        Browser().post("/accounts/login/", {"login": "misaki.t", "password": "wrong"})
    right = {"login": "misaki.t", "password": PASSWORD}
    assert Browser().post("/accounts/login/", right).status_code == 429
    # Whoever is signed in stays so, a device that was here before opens, so does a mailed link and an invitation.
    assert phone.get("/profile/").status_code == 200
    assert known.post("/accounts/login/", right).status_code == 302
    assert _opens(re.findall(r"/accounts/link/\S+", _mailed("/accounts/link/", "login"))[0])
    admin = make_person(make_client(), roles=["admin"])
    (issued,) = invitations.invite(actor=admin, people=[misaki], by_mail=False)
    assert Browser().get(f"/i/{issued.token}/").status_code == 200


def _mailed(path: str, field: str) -> str:
    Browser().post(path, {field: KNOWN})
    return OutgoingMail.objects.get().text


def _opens(path: str) -> bool:
    return Browser().post(path).headers["Location"] == "/"


def test_the_owner_is_told_once_a_day(misaki: Person):
    for _ in range(3 * TRIES):
        Browser().post("/accounts/login/", {"login": "misaki.t", "password": "wrong"})
    Browser().post("/accounts/login/", {"login": UNKNOWN, "password": "wrong"})
    assert Notice.objects.get().person_id == misaki.pk
    (notice,) = shown(misaki.pk)
    assert "10回" in notice.text
