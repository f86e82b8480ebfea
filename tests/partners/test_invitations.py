"""Invitations: made, mailed, printed, opened, accepted, and everything that can be wrong with one."""

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from core.models import OutgoingMail
from partners import tokens
from partners.actions import invitations as writes
from partners.models import Account, Invitation, Organisation, Person
from partners.problems import Problem
from partners.queries import invitations as reads
from tests.partners.factories import PASSWORD, make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    """An administrator of the client."""
    return make_person(
        make_client("ホナミ"), roles=["admin"], family_name="白石", given_name="千尋"
    )


@pytest.fixture
def partner() -> Organisation:
    """A partner."""
    return make_partner("みらい営業")


def _invite(admin: Person, person: Person, *, by_mail: bool = False) -> str:
    (issued,) = writes.invite(actor=admin, people=[person], by_mail=by_mail)
    return issued.token


def _open(token: str) -> tuple[int, str]:
    response = Browser().get(reverse("partners:invitation", args=[token]))
    return response.status_code, response.content.decode()


def test_only_a_hash_is_kept(admin: Person, partner: Organisation) -> None:
    token = _invite(admin, make_person(partner, sign_in=False))
    row = Invitation.objects.get()
    assert row.token_hash == tokens.digest(token)
    assert token not in str(Invitation.objects.values().get())
    assert row.created_by == admin


def test_the_mail_speaks_the_persons_language(admin: Person, partner: Organisation) -> None:
    for language, words in (("ja", "招待"), ("en", "invites you")):
        person = make_person(partner, sign_in=False, language=language)
        token = _invite(admin, person, by_mail=True)
        mail = OutgoingMail.objects.get(recipient=person.email)
        assert words in mail.subject
        assert f"/i/{token}/" in mail.text


def test_a_new_invitation_ends_the_one_before(admin: Person, partner: Organisation) -> None:
    person = make_person(partner, sign_in=False)
    first, second = _invite(admin, person), _invite(admin, person)
    assert _open(first)[0] == 410
    assert _open(second)[0] == 200
    assert Invitation.objects.open().count() == 1


def test_opening_uses_nothing_up(admin: Person, partner: Organisation) -> None:
    token = _invite(admin, make_person(partner, sign_in=False))
    for _ in range(3):
        assert _open(token)[0] == 200
    assert Browser().head(reverse("partners:invitation", args=[token])).status_code == 200
    assert not Account.objects.exclude(pk=admin.account_id).exists()


def test_the_page_says_who_invites_whom(admin: Person, partner: Organisation) -> None:
    person = make_person(partner, sign_in=False, family_name="高橋", given_name="美咲")
    status, body = _open(_invite(admin, person))
    assert status == 200
    for words in ("ホナミからの招待", "高橋 美咲さん、ようこそ", "みらい営業", "白石 千尋さん"):
        assert words in body


def test_accepting_with_a_password_signs_in(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    person = make_person(partner, sign_in=False, email="misaki@example.com")
    url = reverse("partners:invitation", args=[_invite(admin, person)])
    response = client.post(url, {"language": "en", "how": "password", "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.get(reverse("partners:profile")).status_code == 200
    person.refresh_from_db()
    assert person.language == "en"
    assert person.account is not None
    assert person.account.check_password(PASSWORD)
    again = {"language": "en", "how": "password", "password": f"other {PASSWORD}"}
    assert Browser().post(url, again).status_code == 410
    assert client.post(url, again).headers["Location"] == "/", "a double tap"
    person.account.refresh_from_db()
    assert person.account.check_password(PASSWORD)


def test_accepting_with_mailed_links_needs_no_password(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    person = make_person(partner, sign_in=False)
    url = reverse("partners:invitation", args=[_invite(admin, person)])
    assert client.post(url, {"language": "ja", "how": "link"}).status_code == 302
    person.refresh_from_db()
    assert person.account is not None
    assert not person.account.has_usable_password()


def test_without_an_address_a_password_is_needed(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    person = make_person(partner, sign_in=False, email=None, login_name="ogawa.t")
    url = reverse("partners:invitation", args=[_invite(admin, person)])
    assert "ogawa.t" in client.get(url).content.decode()
    assert client.post(url, {"language": "ja", "how": "link"}).status_code == 422
    assert client.post(url, {"language": "ja", "password": PASSWORD}).status_code == 302
    person.refresh_from_db()
    assert person.account is not None
    assert (person.account.email, person.account.login_name) == (None, "ogawa.t")


@pytest.mark.parametrize(
    "password", ["", "short", "password123", "misaki@example.com", "あ\0" * 9, "x" * 201]
)
def test_a_password_that_is_too_easy_changes_nothing(
    admin: Person, partner: Organisation, client: Browser, password: str
) -> None:
    person = make_person(partner, sign_in=False, email="misaki@example.com")
    url = reverse("partners:invitation", args=[_invite(admin, person)])
    response = client.post(url, {"language": "ja", "how": "password", "password": password})
    assert response.status_code == 422
    assert Invitation.objects.open().count() == 1
    assert not Account.objects.filter(email="misaki@example.com").exists()


@pytest.mark.parametrize("broken", ["", "x", "あ", "%00", "a" * 43, "a" * 5000, "../../etc/passwd"])
def test_an_unknown_secret_opens_nothing(broken: str) -> None:
    make_client()
    response = Browser().get(f"/i/{broken}/")
    assert response.status_code == 404


def test_a_truncated_secret_opens_nothing(admin: Person, partner: Organisation) -> None:
    token = _invite(admin, make_person(partner, sign_in=False))
    assert _open(token[:-1])[0] == 404
    assert _open(token.swapcase())[0] == 404


def test_each_end_is_explained(admin: Person, partner: Organisation) -> None:
    expired = make_person(partner, sign_in=False)
    tokens_of = {"expired": _invite(admin, expired)}
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    revoked = make_person(partner, sign_in=False)
    tokens_of["revoked"] = _invite(admin, revoked)
    writes.revoke_invitation(actor=admin, person_id=revoked.pk)
    used = make_person(partner, sign_in=False)
    tokens_of["accepted"] = _invite(admin, used)
    writes.accept_invitation(token=tokens_of["accepted"], password=None, language="ja")
    words = {"expired": "14日の期限", "revoked": "取り消し", "accepted": "受け取り済み"}
    for state, token in tokens_of.items():
        status, body = _open(token)
        assert (status, words[state] in body) == (410, True), state
        with pytest.raises(writes.Closed) as caught:
            writes.accept_invitation(token=token, password=None, language="ja")
        assert caught.value.state == state


def test_who_accepted_and_is_signed_in_comes_home(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    person = make_person(partner, sign_in=False)
    url = reverse("partners:invitation", args=[_invite(admin, person)])
    client.post(url, {"language": "ja", "how": "link"})
    assert client.get(url).headers["Location"] == reverse("home")
    assert sign_in(Browser(), admin).get(url).status_code == 410


def test_who_forgot_everything_gets_back_in(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    person = make_person(partner, email=None, login_name="ogawa.t", password=PASSWORD)
    elsewhere = sign_in(Browser(), person)
    url = reverse("partners:invitation", args=[_invite(admin, person)])
    client.post(url, {"language": "ja", "password": f"new {PASSWORD}"})
    person.refresh_from_db()
    assert person.account is not None
    assert person.account.check_password(f"new {PASSWORD}")
    assert client.get(reverse("partners:profile")).status_code == 200
    assert elsewhere.get(reverse("partners:profile")).status_code == 302


def test_accepting_signs_another_person_out(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    sign_in(client, admin)
    person = make_person(partner, sign_in=False, family_name="高橋")
    url = reverse("partners:invitation", args=[_invite(admin, person)])
    assert "白石 千尋さんがログイン中" in client.get(url).content.decode()
    client.post(url, {"language": "ja", "how": "link"})
    assert "高橋" in client.get(reverse("partners:profile")).content.decode()


def test_who_has_left_cant_be_invited(admin: Person, partner: Organisation) -> None:
    with pytest.raises(Problem):
        _invite(admin, make_person(partner, is_active=False))


def test_the_pages_invite_hand_over_and_revoke(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    sign_in(client, admin)
    person = make_person(partner, sign_in=False)
    invite = reverse("partners:invite", args=[person.pk])
    assert client.get(invite).status_code == 302
    assert client.post(invite, {"by": "mail"}).status_code == 302
    assert OutgoingMail.objects.count() == 1
    body = client.post(invite, {"by": "hand"}).content.decode()
    assert '<svg role="img"' in body
    assert "style=" not in body
    (url,) = set(re.findall(r"/i/[\w-]{43}/", body))
    assert Browser().get(url).status_code == 200
    client.post(reverse("partners:revoke", args=[person.pk]))
    assert Browser().get(url).status_code == 410


def test_a_whole_organisation_is_invited_at_once(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    sign_in(client, admin)
    here = make_person(partner)
    by_mail = make_person(partner, sign_in=False)
    on_paper = make_person(partner, sign_in=False, email=None, login_name="ogawa.t")
    url = reverse("partners:invite_all", args=[partner.pk])
    assert "2人" in client.get(url).content.decode()
    body = client.post(url, {"by": "mail"}).content.decode()
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == [by_mail.email]
    assert "ogawa.t" in body
    assert body.count("<article") == 1
    assert not Invitation.objects.filter(person=here).exists()
    assert set(Invitation.objects.open().values_list("person", flat=True)) == {
        by_mail.pk,
        on_paper.pk,
    }


@pytest.mark.parametrize("door", ["invite", "invite_all", "invite_several"])
def test_a_form_that_is_sent_again_ends_no_card_and_offers_new_ones(
    admin: Person, partner: Organisation, client: Browser, door: str
) -> None:
    sign_in(client, admin)
    one = make_person(partner, sign_in=False, email=None, login_name="ogawa.t")
    path = {"invite": [one.pk], "invite_all": [partner.pk]}.get(door, [])
    url, data = reverse(f"partners:{door}", args=path), {"who": str(one.pk), "next": "/people/"}
    opened = {
        "invite": lambda: client.get(reverse("partners:person", args=[one.pk])),
        "invite_all": lambda: client.get(url),
        "invite_several": lambda: client.post(url, data),
    }[door]()
    (key,) = re.findall(r'name="key" value="([\w-]{36})"', opened.content.decode())
    sent = data | {"key": key, "by": "hand"}
    cards = client.post(url, sent).content.decode()
    (link,) = set(re.findall(r"/i/[\w-]{43}/", cards))
    again = client.post(url, sent).content.decode()
    assert "作成済みです" in again
    assert Browser().get(link).status_code == 200
    assert Invitation.objects.count() == 1
    (address,) = re.findall(r'method="post" action="(/people/[^"]+)"', again)
    (key,) = re.findall(r'name="key" value="([\w-]{36})"', again)
    more = client.post(address, sent | {"key": key, "again": "yes"}).content.decode()
    assert "<article" in more
    assert Browser().get(link).status_code == 410
    assert "手渡しを待っている招待は、もうありません" in client.post(url, sent).content.decode()


def test_each_card_speaks_the_language_of_its_person(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    sign_in(client, admin)
    for name, language in (("ana.s", "en"), ("ogawa.t", "ja"), ("mori.k", "")):
        make_person(partner, sign_in=False, email=None, login_name=name, language=language)
    url = reverse("partners:invite_all", args=[partner.pk])
    for code in ("ja", "en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = code
        body = client.post(url, {"by": "hand", "who": "all"}).content.decode()
        cards = {
            name: next(card for card in body.split("<article") if name in card)
            for name in ("ana.s", "ogawa.t", "mori.k")
        }
        for name, card in cards.items():
            assert ("Choose a password." in card) is (name == "ana.s")
            assert ("Or hand over this link" in card) is (code == "en")
        assert '<div class="stack stack-s" lang="en">' in cards["ana.s"]


def test_a_large_organisation_is_invited_in_batches(
    admin: Person, partner: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "BATCH", 2)
    people = {make_person(partner, sign_in=False).pk for _ in range(5)}
    invited: set[object] = set()
    for _ in range(3):
        found = reads.waiting(admin, partner, again=True)
        assert (len(found.people), found.total) == (2, 5)
        writes.invite(actor=admin, people=found.people, by_mail=False)
        invited |= {person.pk for person in found.people}
    assert invited == people


def test_who_holds_an_invitation_keeps_it_unless_a_new_one_is_asked_for(
    admin: Person, partner: Organisation, client: Browser
) -> None:
    sign_in(client, admin)
    url = reverse("partners:invite_all", args=[partner.pk])
    early = make_person(partner, sign_in=False)
    client.post(url, {"by": "mail", "who": "new"})
    first = Invitation.objects.open().get(person=early)
    late = make_person(partner, sign_in=False)
    assert "まだ招待していない（1）" in client.get(url).content.decode()
    client.post(url, {"by": "mail", "who": "new"})
    assert Invitation.objects.open().get(person=early) == first
    assert Invitation.objects.open().filter(person=late).exists()
    assert "もう一度招待する" in client.get(url).content.decode()
    assert "もう一度招待する" in client.post(url, {"by": "hand", "who": "new"}).content.decode()
    client.post(url, {"by": "hand", "who": "all"})
    assert Invitation.objects.open().get(person=early) != first


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("http://localhost:8000", "localhost"),
        ("http://[::1]:8000", "::1"),
        ("https://192.168.0.7:8443", ""),
        ("https://learn.example.com", ""),
    ],
)
def test_cards_say_where_their_codes_open_nothing_for_a_phone(
    client: Browser, admin: Person, partner: Organisation, settings: Any, address: str, host: str
) -> None:
    settings.PUBLIC_URL = address
    sign_in(client, admin)
    person = make_person(partner, sign_in=False)
    body = client.post(reverse("partners:invite", args=[person.pk]), {"by": "hand"}).content
    assert ("./run --lan" in body.decode()) is bool(host)
    assert (f"このコードの行き先は {host} " in body.decode()) is bool(host)


def test_who_is_entered_needs_an_address_or_a_name_and_is_told_so(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    sign_in(client, admin)
    body = client.get(reverse("partners:add_person"), {"organisation": partner.pk}).content.decode()
    for label in ("メールアドレス", "ログイン名"):
        assert f"{label} <span" not in body
    assert "どちらかが必要です" in body


def test_people_of_a_stopped_partner_are_said_to_be_just_that(
    admin: Person, client: Browser
) -> None:
    partner = make_partner("みらい営業")
    signed_up, invited = make_person(partner), make_person(partner, sign_in=False)
    writes.invite(actor=admin, people=[invited], by_mail=False)
    browser = sign_in(client, admin)
    home = browser.get("/").content.decode()
    Organisation.objects.filter(pk=partner.pk).update(is_active=False)
    organisation = browser.get(reverse("partners:organisation", args=[partner.pk]))
    assert "1人が利用中" not in organisation.content.decode()
    for one in (signed_up, invited):
        page = browser.get(reverse("partners:person", args=[one.pk])).content.decode()
        assert "パートナーが停止中" in page
        assert reverse("partners:invite", args=[one.pk]) not in page
        assert reverse("partners:revoke", args=[one.pk]) not in page
        for state, listed in (("active", False), ("invited", False), ("stopped", True)):
            people = browser.get(f"/people/?state={state}").content.decode()
            assert (reverse("partners:person", args=[one.pk]) in people) is listed
        answer = browser.post(reverse("partners:invite", args=[one.pk]), follow=True)
        assert "取り組みは止まっているため、招待できません" in answer.content.decode()
        assert "担当を離れた方" not in answer.content.decode()
    all_of_them = browser.get(reverse("partners:invite_all", args=[partner.pk]))
    assert "取り組みは止まっているため、招待できません" in all_of_them.content.decode()
    assert _tile(home, "招待中") == 1
    assert _tile(browser.get("/").content.decode(), "招待中") == 0


def test_who_invites_where_nobody_is_entered_is_led_to_entering_people(
    admin: Person, client: Browser
) -> None:
    partner = make_partner()
    browser, address = sign_in(client, admin), reverse("partners:invite_all", args=[partner.pk])
    page = browser.get(address).content.decode()
    assert "全員が使い始めています" not in page
    assert reverse("partners:paste_people", args=[partner.pk]) in page
    make_person(partner)
    assert "全員が使い始めています" in browser.get(address).content.decode()


def _tile(page: str, label: str) -> int:
    """Return the figure of a tile of the office's first page; 0 where it isn't there."""
    found = re.search(rf">{label}<.*?(\d+)", page, re.DOTALL)
    return int(found[1]) if found else 0
