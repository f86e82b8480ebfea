"""Partners and teams: adding, renaming, stopping."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client as Browser
from django.urls import reverse

from partners.actions import organisations as writes
from partners.models import Client, Organisation, Person
from partners.problems import Problem
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    """An administrator of the client."""
    return make_person(make_client(), roles=["admin"], family_name="白石", given_name="千尋")


@pytest.mark.parametrize("name", ["みらい営業", "ﾐﾗｲ営業", " みらい　営業 ", "ミライ営業"])
def test_two_partners_cant_look_alike(admin: Person, name: str) -> None:
    writes.add_partner(actor=admin, name="みらい営業")
    with pytest.raises(Problem) as caught:
        writes.add_partner(actor=admin, name=name)
    assert caught.value.field == "name"
    assert Organisation.objects.filter(kind="partner").count() == 1


def test_a_homoglyph_is_no_name_of_its_own(admin: Person) -> None:
    writes.add_partner(actor=admin, name="Aqua")
    with pytest.raises(Problem):
        writes.add_partner(actor=admin, name="Аqua")
    writes.add_partner(actor=admin, name="Аква")
    assert Organisation.objects.filter(kind="partner").count() == 2


@pytest.mark.parametrize("name", ["", " \u3000", "\u202e\u200b", "x" * 121])
def test_a_name_that_cant_be_kept_changes_nothing(admin: Person, name: str) -> None:
    with pytest.raises(Problem):
        writes.add_partner(actor=admin, name=name)
    assert not Organisation.objects.filter(kind="partner").exists()


def test_only_an_administrator_of_the_client_may(admin: Person) -> None:
    partner = make_partner()
    impostor = make_person(partner, roles=["admin"])
    seller = make_person(make_client(), roles=["rep"])
    for actor in (impostor, seller):
        with pytest.raises(PermissionDenied):
            writes.add_partner(actor=actor, name="x")


def test_stopping_work_signs_its_people_out_for_good(admin: Person, client: Browser) -> None:
    partner = make_partner()
    sign_in(client, make_person(partner))
    assert client.get(reverse("partners:profile")).status_code == 200
    writes.set_organisation_active(actor=admin, organisation_id=partner.pk, active=False)
    assert client.get(reverse("partners:profile")).status_code == 302
    writes.set_organisation_active(actor=admin, organisation_id=partner.pk, active=True)
    assert client.get(reverse("partners:profile")).status_code == 302


def test_the_client_cant_be_stopped(admin: Person) -> None:
    with pytest.raises(Problem):
        writes.set_organisation_active(
            actor=admin, organisation_id=admin.organisation_id, active=False
        )


def test_a_team_with_people_cant_be_closed(admin: Person) -> None:
    partner = make_partner()
    team = make_team(partner)
    person = make_person(partner, team=team)
    with pytest.raises(Problem):
        writes.set_team_active(actor=admin, team_id=team.pk, active=False)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert writes.set_team_active(actor=admin, team_id=team.pk, active=False)
    assert not writes.set_team_active(actor=admin, team_id=team.pk, active=False)


def test_the_pages_add_rename_and_close(admin: Person, client: Browser) -> None:
    sign_in(client, admin)
    client.post(reverse("partners:add_partner"), {"name": "北陸セールス", "area": "金沢"})
    partner = Organisation.objects.get(name="北陸セールス")
    page = reverse("partners:organisation", args=[partner.pk])
    client.post(reverse("partners:add_team", args=[partner.pk]), {"name": "第1チーム"})
    team = partner.teams.get()
    client.post(reverse("partners:edit_team", args=[team.pk]), {"name": "富山チーム"})
    client.post(
        reverse("partners:edit_organisation", args=[partner.pk]), {"name": "北陸", "area": ""}
    )
    client.post(reverse("partners:team_active", args=[team.pk]), {"active": "no"})
    body = client.get(page).content.decode()
    assert "北陸" in body
    assert "富山チーム" in body
    team.refresh_from_db()
    assert not team.is_active
    assert client.get(reverse("partners:organisation_active", args=[partner.pk])).status_code == 200
    client.post(reverse("partners:organisation_active", args=[partner.pk]), {"active": "no"})
    partner.refresh_from_db()
    assert not partner.is_active


def test_the_client_changes_its_name_language_and_time_zone(admin: Person, client: Browser) -> None:
    sign_in(client, admin)
    home = admin.organisation
    partner = make_partner()
    address = reverse("partners:edit_organisation", args=[home.pk])
    assert 'name="time_zone"' in client.get(address).content.decode()
    other = reverse("partners:edit_organisation", args=[partner.pk])
    assert 'name="time_zone"' not in client.get(other).content.decode()
    typed = {"name": "ホナミ", "area": "", "language": "en", "time_zone": "Europe/Berlin"}
    wrong = client.post(address, typed | {"time_zone": "Europe/Atlantis"})
    assert wrong.status_code == 422
    client.post(address, typed)
    found = Client.objects.get()
    assert (found.name, found.language, found.time_zone) == ("ホナミ", "en", "Europe/Berlin")
    assert Organisation.objects.get(pk=home.pk).name == "ホナミ"


def test_a_wrong_form_keeps_what_was_typed(admin: Person, client: Browser) -> None:
    sign_in(client, admin)
    long = "株式会社" * 3000
    response = client.post(reverse("partners:add_partner"), {"name": long, "area": "東京"})
    assert response.status_code == 422
    assert long in response.content.decode()
    assert 'value="東京"' in response.content.decode()
    assert "120文字" in response.content.decode()


def test_what_isnt_there_yet_is_cancelled_and_not_left_as_it_is(
    admin: Person, client: Browser
) -> None:
    sign_in(client, admin)
    partner = make_partner()
    team = make_team(partner)
    adding = [
        reverse("partners:add_partner"),
        reverse("partners:add_team", args=[partner.pk]),
        reverse("partners:add_person"),
        f"{reverse('partners:add_person')}?organisation={partner.pk}",
        reverse("partners:paste_people", args=[partner.pk]),
        reverse("apitokens:new"),
        reverse("webhooks:new"),
    ]
    changing = [
        reverse("partners:edit_organisation", args=[partner.pk]),
        reverse("partners:edit_team", args=[team.pk]),
        reverse("partners:edit_person", args=[admin.pk]),
    ]
    for address in [*adding, *changing]:
        body = client.get(address).content.decode()
        assert (">取りやめる</a>" in body) is (address in adding), address
        assert (">何も変えない</a>" in body) is (address in changing), address
