"""Acting on several people at once: seen before it is done, done with all or with nobody, and said afterwards."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import OutgoingMail
from partners.actions import belonging, invitations
from partners.models import Invitation, Organisation, Person
from partners.queries.chosen import MOST
from partners.queries.client import today
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Browser) -> Person:
    """An administrator of the client, signed in."""
    admin = make_person(make_client(), roles=["admin"], family_name="白石", given_name="千尋")
    sign_in(client, admin)
    return admin


@pytest.fixture
def partner() -> Organisation:
    """A partner."""
    return make_partner("みらい営業")


def _send(client: Browser, what: str, people: Iterable[Person], **more: Any) -> Any:
    data = {"who": [str(person.pk) for person in people], "next": "/people/?q=x", **more}
    return client.post(f"/people/chosen/{what}", data)


def _said(client: Browser, answer: HttpResponse) -> str:
    """Return what the list says to which they were led back."""
    assert answer["Location"] == "/people/?q=x"
    return client.get(answer["Location"]).content.decode()


def _left_out(page: str) -> list[str]:
    """Return whom a page says to have been left out, in the order of its list."""
    return page.split("対象外：")[1].split("。", maxsplit=1)[0].split("、")


def _gone(admin: Person, partner: Organisation) -> Person:
    person = make_person(partner)
    belonging.deactivate_person(actor=admin, person_id=person.pk)
    return person


def test_the_choice_is_shown_with_how_many_each_act_concerns(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    people = [make_person(partner, sign_in=False), make_person(partner), _gone(admin, partner)]
    text = _send(client, "", people).content.decode()
    assert "選んだ3人" in text
    assert "まだ使い始めていない方 1人" in text
    assert all(str(person.pk) in text for person in people)
    mixed = _send(client, "", [*people, make_person(make_partner())]).content.decode()
    assert "2社に分かれています" in mixed
    assert "/people/chosen/move/" not in mixed
    refused = _send(
        client, "move/", [people[0], admin], step="do", team=uuid.uuid4(), on="2026-01-01"
    )
    assert "2社に分かれています" in refused.content.decode()


def test_invitations_go_to_whom_they_concern(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    by_mail = make_person(partner, sign_in=False)
    by_card = make_person(partner, sign_in=False, email=None, login_name="card.1")
    holds = make_person(partner, sign_in=False)
    (held,) = invitations.invite(actor=admin, people=[holds], by_mail=False)
    stopped = make_person(make_partner(is_active=False), sign_in=False)
    people = [by_mail, by_card, holds, stopped, make_person(partner), _gone(admin, partner)]
    text = _send(client, "invite/", people).content.decode()
    for words in (
        "2人に招待を送ります",
        "すでに利用中 1人",
        "離任済み 1人",
        "パートナーが停止中 1人",
    ):
        assert words in text
    assert "招待中の1人にも" in text
    assert Invitation.objects.count() == 1
    text = _send(client, "invite/", people, by="mail").content.decode()
    assert "card.1" in text
    assert set(_left_out(text)) == {
        *("招待中（まだ使えます） 1人", "パートナーが停止中 1人"),
        *("すでに利用中 1人", "離任済み 1人"),
    }
    assert set(OutgoingMail.objects.values_list("recipient", flat=True)) == {by_mail.email}
    assert Invitation.objects.open().filter(pk=held.invitation.pk).exists()


def test_who_holds_an_invitation_gets_a_new_one_if_asked_for(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    holds = make_person(partner, sign_in=False)
    (held,) = invitations.invite(actor=admin, people=[holds], by_mail=False)
    assert (
        'type="hidden" name="again" value="yes"'
        in _send(client, "invite/", [holds]).content.decode()
    )
    answer = _send(client, "invite/", [holds], by="mail", again="yes")
    assert "対象外" not in _said(client, answer)
    assert not Invitation.objects.open().filter(pk=held.invitation.pk).exists()
    assert Invitation.objects.open().filter(person=holds, expires_at__gt=timezone.now()).exists()


def test_a_move_is_seen_first_then_done_and_said(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    team, other = make_team(partner, "西日本チーム"), make_team(partner)
    people = [
        make_person(partner, team=other),
        make_person(partner),
        make_person(partner, team=team),
    ]
    people.append(_gone(admin, partner))
    wish = {"team": team.pk, "on": today().isoformat()}
    text = _send(client, "move/", people, step="look", **wish).content.decode()
    assert "2人を「西日本チーム」へ移します" in text
    assert "すでにこのチーム 1人" in text
    assert Person.objects.filter(team=team).count() == 1
    said = _said(client, _send(client, "move/", people, step="do", **wish))
    assert "2人を「西日本チーム」へ移しました。" in said
    assert sorted(_left_out(said)) == ["すでにこのチーム 1人", "離任済み 1人"]
    assert Person.objects.filter(team=team).count() == 3
    again = _said(client, _send(client, "move/", people, step="do", **wish))
    assert "何も変えていません" in again


def test_a_move_that_cant_be_of_one_is_of_nobody_and_the_choice_stays(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    team, late = make_team(partner), today() - dt.timedelta(days=3)
    people = [make_person(partner), make_person(partner, family_name="遅井", joined_on=late)]
    on = (late - dt.timedelta(days=1)).isoformat()
    answer = _send(client, "move/", people, step="do", team=team.pk, on=on)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f"{people[1].name}さん：今の所属は" in text
    assert all(f'name="who" value="{person.pk}"' in text for person in people)
    assert on in text
    assert not Person.objects.filter(team=team).exists()
    elsewhere = make_team(make_partner())
    assert _send(client, "move/", people, step="do", team=elsewhere.pk, on=on).status_code == 422
    assert _send(client, "move/", people, step="look", team="", on="").status_code == 422


def test_a_day_that_fits_not_all_is_told_before_anything_is_promised(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    team, late = make_team(partner), today() - dt.timedelta(days=3)
    people = [make_person(partner), make_person(partner, family_name="遅井", joined_on=late)]
    wish = {"step": "look", "team": team.pk}
    early = _send(client, "move/", people, on=(late - dt.timedelta(days=1)).isoformat(), **wish)
    text = early.content.decode()
    assert early.status_code == 422
    assert "うち1人は" in text
    assert people[1].name in text.split('id="late"')[1]
    assert people[0].name not in text.split('id="late"')[1]
    assert 'value="do"' not in text
    tomorrow = (today() + dt.timedelta(days=1)).isoformat()
    assert _send(client, "move/", people, on=tomorrow, **wish).status_code == 422
    assert (
        'value="do"' in _send(client, "move/", people, on=late.isoformat(), **wish).content.decode()
    )


def test_leaving_is_of_all_or_of_nobody(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    people = [make_person(partner), make_person(partner), _gone(admin, partner)]
    text = _send(client, "leave/", people).content.decode()
    assert "この2人は担当を離れましたか" in text
    assert Person.objects.active().filter(organisation=partner).count() == 2
    refused = _send(client, "leave/", [*people, admin], step="do")
    assert refused.status_code == 422
    assert "白石 千尋さん：" in refused.content.decode()
    assert Person.objects.active().filter(organisation=partner).count() == 2
    said = _said(client, _send(client, "leave/", people, step="do"))
    assert "2人の離任を登録しました。" in said
    assert "対象外：離任済み 1人。" in said
    assert not Person.objects.active().filter(organisation=partner).exists()


def test_all_whom_a_list_finds_can_be_chosen(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    here = [make_person(partner) for _ in range(31)]
    make_person(make_partner())
    query = f"?organisation={partner.pk}"
    assert "31人全員を選ぶ" in client.get(f"/people/{query}").content.decode()
    text = client.post(f"/people/chosen/{query}", {"all": "1"}).content.decode()
    assert text.count('name="who"') == len(here)


def test_nobody_and_too_many_lead_back_with_what_to_do(client: Browser, admin: Person) -> None:
    assert "まだ誰も選ばれていません" in _said(client, _send(client, "", []))
    answer = client.post(
        "/people/chosen/", {"who": ["x", str(uuid.uuid4())], "next": "//evil.example"}
    )
    assert answer["Location"] == "/people/"
    many = [str(uuid.uuid4()) for _ in range(MOST + 1)]
    answer = client.post("/people/chosen/leave/", {"who": many, "next": "/people/?q=x"})
    assert f"一度に選べるのは{MOST}人まで" in _said(client, answer)
    assert client.get("/people/chosen/move/")["Location"] == "/people/"


@pytest.mark.parametrize("what", ["", "invite/", "move/", "leave/"])
def test_looking_takes_as_many_queries_for_thirty(
    client: Browser, admin: Person, partner: Organisation, what: str
) -> None:
    people = [make_person(partner, sign_in=False) for _ in range(30)]
    _send(client, what, people)
    counts = []
    for chosen in (people[:1], people):
        with CaptureQueriesContext(connection) as found:
            assert _send(client, what, chosen).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_whom_nothing_concerns_is_told_why_at_each_act(
    client: Browser, admin: Person, partner: Organisation
) -> None:
    page = _send(client, "", [_gone(admin, partner)]).content.decode()
    assert page.count("離任済み 1人") == 3
    assert "formaction" not in page
