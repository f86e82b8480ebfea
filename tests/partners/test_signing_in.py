"""Sign-in by password: who comes in, who doesn't, and how often one may try."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client as Browser
from django.urls import reverse

from core.models import OutgoingMail
from partners.models import Account, Organisation, Person
from tests.concurrency.racing import race
from tests.partners.factories import PASSWORD, make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


@pytest.fixture
def partner() -> Organisation:
    """A partner of a client that is set up."""
    make_client()
    return make_partner()


@pytest.fixture
def misaki(partner: Organisation) -> Person:
    """Somebody who signs in by address or log-in name."""
    return make_person(
        partner, email="misaki@example.com", login_name="misaki.t", password=PASSWORD
    )


def _try(browser: Browser, login: str, password: str, **more: str) -> tuple[int, str]:
    response = browser.post(LOGIN, {"login": login, "password": password, **more})
    return response.status_code, response.content.decode()


@pytest.mark.parametrize(
    "name",
    ["misaki@example.com", "MISAKI@Example.com", " ｍisaki＠example.com ", "misaki.t", "Misaki.T"],
)
def test_address_and_log_in_name_open_in_any_case_and_width(
    misaki: Person, client: Browser, name: str
) -> None:
    response = client.post(LOGIN, {"login": name, "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.session[SESSION_KEY] == str(misaki.account_id)


def test_after_signing_in_one_is_where_one_wanted_to_be(misaki: Person, client: Browser) -> None:
    asked = client.get("/profile/")
    assert asked.headers["Location"] == f"{LOGIN}?next=/profile/"
    assert 'name="next" value="/profile/"' in client.get(asked.headers["Location"]).content.decode()
    response = client.post(LOGIN, {"login": "misaki.t", "password": PASSWORD, "next": "/profile/"})
    assert response.headers["Location"] == "/profile/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_away(misaki: Person, client: Browser, elsewhere: str) -> None:
    response = client.post(LOGIN, {"login": "misaki.t", "password": PASSWORD, "next": elsewhere})
    assert response.headers["Location"] == "/"


def test_a_session_is_new_after_signing_in(misaki: Person, client: Browser) -> None:
    client.get(LOGIN)
    session = client.session
    session["x"] = 1
    session.save()
    before = client.session.session_key
    client.cookies["session"] = str(before)
    _try(client, "misaki.t", PASSWORD)
    assert client.session.session_key != before


def _left(body: str) -> int:
    found = re.search(r"あと(\d+)回", body)
    return int(found[1]) if found else -1


@pytest.mark.parametrize(
    "login", ["misaki@example.com", "nobody@example.com", "misaki.t", "nobody"]
)
def test_known_and_unknown_names_are_answered_alike(misaki: Person, login: str) -> None:
    answers = [_try(Browser(), login, "wrong") for _ in range(12)]
    assert [status for status, _ in answers] == [422] * 10 + [429] * 2
    assert [_left(body) for _, body in answers[:10]] == [*range(9, 0, -1), -1]
    assert "15分" in answers[10][1]


def test_the_right_password_doesnt_open_while_trying_is_paused(misaki: Person) -> None:
    for _ in range(10):
        _try(Browser(), "misaki.t", "wrong")
    assert _try(Browser(), "misaki.t", PASSWORD)[0] == 429
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)):
        assert _try(Browser(), "misaki.t", PASSWORD)[0] == 429


def test_the_owner_isnt_locked_out_by_a_rival(misaki: Person) -> None:
    phone = Browser()
    _try(phone, "misaki.t", PASSWORD)
    phone.post("/accounts/logout/")
    for _ in range(12):
        _try(Browser(), "misaki.t", "wrong")
    assert _try(Browser(), "misaki.t", PASSWORD)[0] == 429
    assert _try(phone, "misaki.t", PASSWORD)[0] == 302
    phone.post("/accounts/logout/")
    answers = [_try(phone, "misaki.t", "wrong")[0] for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_forged_device_is_a_stranger(misaki: Person) -> None:
    forged = Browser()
    forged.cookies["device"] = f'["x","{misaki.account_id}"]:1abc:forged'
    assert [_try(forged, "misaki.t", "wrong")[0] for _ in range(11)][-1] == 429
    assert _try(Browser(), "misaki.t", PASSWORD)[0] == 429


def test_a_right_password_forgives_the_slips_before(misaki: Person) -> None:
    browser = Browser()
    for _ in range(9):
        _try(browser, "misaki.t", "wrong")
    assert _try(browser, "misaki.t", PASSWORD)[0] == 302
    assert _left(_try(Browser(), "misaki.t", "wrong")[1]) == 9


def test_who_has_left_learns_it_only_with_the_right_password(
    misaki: Person, client: Browser
) -> None:
    Person.objects.filter(pk=misaki.pk).update(is_active=False)
    assert _left(_try(client, "misaki.t", "wrong")[1]) == 9
    response = client.post(LOGIN, {"login": "misaki.t", "password": PASSWORD}, follow=True)
    assert "ご利用は終了しています" in response.content.decode()
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("", ""),
        ("\0", "x"),
        ("x" * 10_000, "x"),
        ("x", "x" * 100_000),
        ("a\r\nb", "\u202e"),
        ("x", "\ud7ff"),
    ],
)
def test_odd_input_is_a_wrong_try(
    misaki: Person, client: Browser, login: str, password: str
) -> None:
    assert _try(client, login, password)[0] == 422


def test_signing_out_takes_one_press(misaki: Person, client: Browser) -> None:
    sign_in(client, misaki)
    assert client.get("/accounts/logout/").status_code == 200
    assert SESSION_KEY in client.session
    assert client.post("/accounts/logout/").headers["Location"] == LOGIN
    assert SESSION_KEY not in client.session


def test_changing_the_password_ends_the_other_sessions(misaki: Person, client: Browser) -> None:
    elsewhere = sign_in(Browser(), misaki)
    _try(client, "misaki.t", PASSWORD)
    url = reverse("account_change_password")
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"oldpassword": "wrong", "password1": f"new {PASSWORD}"})
    assert wrong.status_code == 422
    easy = client.post(url, {"oldpassword": PASSWORD, "password1": "short"})
    assert easy.status_code == 422
    done = client.post(url, {"oldpassword": PASSWORD, "password1": f"new {PASSWORD}"})
    assert done.headers["Location"] == reverse("partners:profile")
    assert client.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302
    assert "パスワードが変わりました" in OutgoingMail.objects.get().subject


def test_the_old_password_cant_be_guessed_for_ever(misaki: Person, client: Browser) -> None:
    sign_in(client, misaki)
    url = reverse("account_change_password")
    bodies = [
        client.post(url, {"oldpassword": "wrong", "password1": f"new {PASSWORD}"}).content.decode()
        for _ in range(11)
    ]
    assert "回数を超えました" in bodies[-1]
    assert "回数を超えました" not in bodies[-2]


def test_a_first_password_can_be_chosen(partner: Organisation, client: Browser) -> None:
    person = make_person(partner)
    sign_in(client, person)
    assert client.get(reverse("account_change_password")).status_code == 302
    url = reverse("account_set_password")
    assert client.get(url).status_code == 200
    assert client.post(url, {"password1": PASSWORD}).status_code == 302
    assert client.get("/profile/").status_code == 200
    assert Account.objects.get(pk=person.account_id).check_password(PASSWORD)


def test_a_forgotten_password_is_chosen_anew_by_mail(misaki: Person, client: Browser) -> None:
    elsewhere = sign_in(Browser(), misaki)
    url = reverse("account_reset_password")
    assert client.get(url).status_code == 200
    known = client.post(url, {"email": "Ｍisaki@example.com"}, follow=True)
    unknown = Browser().post(url, {"email": "nobody@example.com"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    mail = OutgoingMail.objects.get()
    (path,) = re.findall(r"/accounts/password/reset/key/\S+", mail.text)
    page = client.get(path, follow=True)
    target = page.redirect_chain[-1][0]
    assert client.post(target, {"password1": "short"}).status_code == 422
    assert client.post(target, {"password1": f"new {PASSWORD}"}).headers["Location"] == "/"
    assert client.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302
    again = Browser().get(path, follow=True)
    assert "もう使えません" in again.content.decode()


def test_links_for_a_new_password_are_limited(misaki: Person) -> None:
    url = reverse("account_reset_password")
    answers = [Browser().post(url, {"email": "misaki@example.com"}).status_code for _ in range(8)]
    assert answers == [302] * 5 + [429] * 3
    assert OutgoingMail.objects.count() == 5


def test_who_has_left_gets_no_link_for_a_new_password(misaki: Person) -> None:
    Person.objects.filter(pk=misaki.pk).update(is_active=False)
    Browser().post(reverse("account_reset_password"), {"email": "misaki@example.com"})
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_haste_gains_no_more_guesses(partner: Organisation) -> None:
    make_person(partner, email="misaki@example.com", login_name="misaki.t", password=PASSWORD)

    def guess_thrice() -> list[int]:
        return [_try(Browser(), "misaki.t", "wrong")[0] for _ in range(3)]

    answers = [answer for three in race([guess_thrice] * 16) for answer in three]
    assert sorted(answers) == [422] * 10 + [429] * 38
