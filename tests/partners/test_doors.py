"""Who gets which page, with how many queries, and what it remembers of who did what."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.scope import CLIENT, NONE, scoped
from partners.actions import invitations
from partners.models import Organisation, Person, Team
from partners.queries import history
from partners.queries import people as reads
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    """An administrator of the client."""
    return make_person(make_client(), roles=["admin"], family_name="白石", given_name="千尋")


def _admin_pages(person: Person, team: Team) -> list[str]:
    one, place = [person.pk], [person.organisation_id]
    return [
        reverse("partners:organisations"),
        reverse("partners:add_partner"),
        *(
            reverse(f"partners:{name}", args=place)
            for name in (
                *("organisation", "edit_organisation", "organisation_active"),
                *("paste_people", "invite_all", "add_team"),
            )
        ),
        reverse("partners:edit_team", args=[team.pk]),
        reverse("partners:people"),
        reverse("partners:add_person"),
        *(
            reverse(f"partners:{name}", args=one)
            for name in ("person", "edit_person", "change_roles", "move_person", "person_active")
        ),
        reverse("partners:first_steps"),
    ]


def test_every_page_opens_for_an_administrator(admin: Person, client: Browser) -> None:
    partner = make_partner()
    team = make_team(partner)
    person = make_person(partner, team=team)
    sign_in(client, admin)
    for language in ("ja", "en"):
        client.cookies["language"] = language
        for url in _admin_pages(person, team):
            response = client.get(url)
            assert response.status_code == 200, url
            body = response.content.decode()
            assert "style=" not in body, url
            assert body.count("<h1") == 1, url


@pytest.mark.parametrize("roles", [["manager"], ["rep"], ["ace"]])
def test_nobody_of_a_partner_finds_an_administrators_page(
    admin: Person, client: Browser, roles: list[str]
) -> None:
    partner = make_partner()
    team = make_team(partner)
    sign_in(client, make_person(partner, team=team, roles=roles))
    person = make_person(partner, team=team)
    for url in _admin_pages(person, team):
        assert client.get(url).status_code == 404, url
        assert client.post(url, {"active": "no"}).status_code == 404, url
    partner.refresh_from_db()
    assert partner.is_active


def test_a_partner_sees_only_its_own(admin: Person) -> None:
    mine, rival = make_partner(), make_partner()
    manager = make_person(mine, roles=["manager"])
    stranger = make_person(rival, team=make_team(rival))
    for model, own in ((Organisation, mine), (Person, manager)):
        assert list(model.objects.visible_to(manager)) == [own]
    assert not Team.objects.visible_to(manager).exists()
    with pytest.raises(Person.DoesNotExist):
        reads.person(manager, stranger.pk)
    with scoped(mine.pk):
        assert list(Person.objects.all()) == [manager]
        assert list(Organisation.objects.all()) == [mine]
    with scoped(NONE):
        assert not Person.objects.exists()


def test_a_request_leaves_no_scope_behind(client: Browser, settings) -> None:
    make_client()
    partner = make_partner()
    person = make_person(partner)
    with scoped(NONE):
        sign_in(client, person)
        assert client.get("/profile/").status_code == 200
        assert not Person.objects.exists()
    with scoped(CLIENT):
        assert Person.objects.count() == 1


def _queries(client: Browser, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.parametrize(
    "page", ["organisations", "organisation", "people", "person", "invite_all"]
)
def test_lists_take_the_same_queries_for_one_row_and_thirty(
    admin: Person, client: Browser, page: str
) -> None:
    partner = make_partner()
    person = make_person(partner, team=make_team(partner), sign_in=False)
    sign_in(client, admin)
    args = {"organisation": [partner.pk], "invite_all": [partner.pk], "person": [person.pk]}
    url = reverse(f"partners:{page}", args=args.get(page, []))
    one = _queries(client, url)
    for _ in range(30):
        make_person(make_partner(), team=None)
        make_person(partner, team=make_team(partner), sign_in=False)
        invitations.invite(actor=admin, people=[person], by_mail=False)
    assert _queries(client, url) == one
    assert one <= 14


def test_demo_people_take_the_same_queries_for_one_and_thirty(client: Browser) -> None:
    make_client(is_demo=True)
    make_person(make_partner(), login_name="demo", is_demo=True)
    one = _queries(client, "/demo/")
    for number in range(30):
        make_person(make_partner(), login_name=f"demo{number}", is_demo=True)
    assert _queries(client, "/demo/") == one


def test_the_list_has_pages_of_thirty(admin: Person, client: Browser) -> None:
    partner = make_partner()
    for _ in range(31):
        make_person(partner)
    sign_in(client, admin)
    url = f"{reverse('partners:people')}?organisation={partner.pk}"
    assert client.get(url).content.decode().count('class="rowlink"') == 30
    assert client.get(f"{url}&page=2").content.decode().count('class="rowlink"') == 1


def test_history_says_who_did_what(admin: Person, client: Browser) -> None:
    partner = make_partner("みらい営業")
    person = make_person(partner)
    sign_in(client, admin)
    client.post(reverse("partners:change_roles", args=[person.pk]), {"roles": ["manager"]})
    client.post(reverse("partners:invite", args=[person.pk]), {"by": "hand"})
    client.post(reverse("partners:person_active", args=[person.pk]), {"active": "no"})
    entries = history.of_person(admin, person)
    texts = [entry.text for entry in entries]
    assert any("担当を離れ" in text for text in texts)
    assert any("役割が 担当者 から マネージャー" in text for text in texts)
    done = [
        e for e in entries if any(word in e.text for word in ("役割が", "担当を離れ", "手渡し"))
    ]
    assert [entry.who for entry in done] == [admin.name] * 3
    assert entries == sorted(entries, key=lambda entry: entry.at, reverse=True)
    assert any("みらい営業 に登録" in text for text in texts)
    assert (
        "マネージャー" in client.get(reverse("partners:person", args=[person.pk])).content.decode()
    )


def test_history_keeps_no_names_and_addresses(admin: Person, client: Browser) -> None:
    person = make_person(make_partner())
    sign_in(client, admin)
    edit = reverse("partners:edit_person", args=[person.pk])
    client.post(edit, {"family_name": "秘密", "email": "secret@example.com", "territory": "金沢"})
    rows = list(person.events.values())  # type: ignore[attr-defined]
    assert len(rows) == 2
    assert "秘密" not in str(rows)
    assert "secret@" not in str(rows)


def test_what_nobody_did_is_noted_without_a_name(admin: Person) -> None:
    person = make_person(make_partner())
    Person.objects.filter(pk=person.pk).update(territory="北陸")
    assert [entry.who for entry in history.of_person(admin, person)] == ["", ""]
