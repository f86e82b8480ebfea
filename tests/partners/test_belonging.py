"""Where people belong: moving, leaving, coming back."""

import datetime as dt

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils.formats import date_format

from core.models import Asset
from partners.actions import belonging as writes
from partners.actions import invitations
from partners.actions.organisations import set_team_active
from partners.events import PersonDeactivated, PersonMoved
from partners.models import Invitation, Membership, Organisation, Person
from partners.problems import Problem
from partners.queries.client import today
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    """An administrator of the client."""
    return make_person(make_client(), roles=["admin"])


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is told to other floors, in order."""
    told: list[object] = []
    monkeypatch.setattr(writes, "publish", told.append)
    return told


def _spans(person: Person) -> list[tuple[Organisation, dt.date, dt.date | None]]:
    rows = Membership.objects.filter(person=person).order_by("days").select_related("organisation")
    return [(row.organisation, row.days.lower, row.days.upper) for row in rows]


def test_moving_keeps_the_history_in_step(admin: Person, published: list[object]) -> None:
    old, new = make_partner(), make_partner()
    person = make_person(old, joined_on=dt.date(2025, 4, 1))
    team = make_team(new)
    on = today() - dt.timedelta(days=3)
    assert writes.move_person(actor=admin, person_id=person.pk, organisation=new, team=team, on=on)
    person.refresh_from_db()
    assert (person.organisation, person.team) == (new, team)
    assert _spans(person) == [(old, dt.date(2025, 4, 1), on), (new, on, None)]
    (event,) = published
    assert isinstance(event, PersonMoved)
    assert (event.from_organisation_id, event.to_team_id) == (old.pk, team.pk)
    assert not writes.move_person(
        actor=admin, person_id=person.pk, organisation=new, team=team, on=on
    )
    assert len(published) == 1


def test_moving_on_the_first_day_corrects_it(admin: Person) -> None:
    old, new = make_partner(), make_partner()
    person = make_person(old, joined_on=dt.date(2025, 4, 1))
    writes.move_person(
        actor=admin, person_id=person.pk, organisation=new, team=None, on=dt.date(2025, 4, 1)
    )
    assert _spans(person) == [(new, dt.date(2025, 4, 1), None)]


@pytest.mark.parametrize("days", [-100_000, 1])
def test_a_day_out_of_bounds_moves_nobody(admin: Person, days: int) -> None:
    old = make_partner()
    person = make_person(old)
    with pytest.raises(Problem) as caught:
        writes.move_person(
            actor=admin,
            person_id=person.pk,
            organisation=make_partner(),
            team=None,
            on=today() + dt.timedelta(days=days),
        )
    assert caught.value.field == "on"
    assert _spans(person) == [(old, dt.date(2025, 4, 1), None)]


def test_who_leaves_the_client_leaves_its_roles(admin: Person) -> None:
    author = make_person(make_client(), roles=["author", "rep"])
    partner = make_partner()
    move = {"actor": admin, "person_id": author.pk, "organisation": partner, "team": None}
    with pytest.raises(Problem):
        writes.move_person(**move, on=today())
    assert writes.move_person(**move, on=today(), roles=["rep"])
    author.refresh_from_db()
    assert author.roles == ["rep"]


def test_a_foreign_or_closed_team_takes_nobody(admin: Person) -> None:
    partner = make_partner()
    person = make_person(partner)
    foreign = make_team(make_partner())
    closed = make_team(partner, is_active=False)
    for team in (foreign, closed):
        with pytest.raises(Problem):
            writes.move_person(
                actor=admin, person_id=person.pk, organisation=partner, team=team, on=today()
            )


def test_the_picture_comes_along(admin: Person) -> None:
    old, new = make_partner(), make_partner()
    asset = Asset.objects.create(kind="image", organisation_id=old.pk)
    person = make_person(old, picture_id=asset.pk)
    writes.move_person(actor=admin, person_id=person.pk, organisation=new, team=None, on=today())
    asset.refresh_from_db()
    assert asset.organisation_id == new.pk


def test_leaving_ends_sessions_invitations_and_links_for_good(
    admin: Person, client: Browser, published: list[object]
) -> None:
    person = make_person(make_partner())
    sign_in(client, person)
    (issued,) = invitations.invite(actor=admin, people=[person], by_mail=False)
    assert client.get(reverse("partners:profile")).status_code == 200
    assert writes.deactivate_person(actor=admin, person_id=person.pk)
    assert not writes.deactivate_person(actor=admin, person_id=person.pk)
    assert client.get(reverse("partners:profile")).status_code == 302
    assert not Invitation.objects.open().exists()
    assert Browser().get(reverse("partners:invitation", args=[issued.token])).status_code == 410
    assert isinstance(published[0], PersonDeactivated)
    writes.reactivate_person(actor=admin, person_id=person.pk)
    assert client.get(reverse("partners:profile")).status_code == 302
    person.refresh_from_db()
    assert person.left_on is None


def test_coming_back_on_the_same_day_leaves_no_gap(admin: Person) -> None:
    partner = make_partner()
    person = make_person(partner)
    writes.deactivate_person(actor=admin, person_id=person.pk)
    writes.reactivate_person(actor=admin, person_id=person.pk)
    assert _spans(person) == [(partner, dt.date(2025, 4, 1), None)]


def test_coming_back_on_the_same_day_without_the_team_leaves_the_history_alone(
    admin: Person,
) -> None:
    partner = make_partner()
    team = make_team(partner)
    person = make_person(partner, team=team)
    writes.deactivate_person(actor=admin, person_id=person.pk)
    set_team_active(actor=admin, team_id=team.pk, active=False)
    writes.reactivate_person(actor=admin, person_id=person.pk)
    rows = Membership.objects.filter(person=person).order_by("days")
    assert [(row.team, row.days.lower, row.days.upper) for row in rows] == [
        (team, dt.date(2025, 4, 1), today()),
        (None, today(), None),
    ]


def test_who_came_goes_and_comes_back_today_has_one_place(admin: Person) -> None:
    partner = make_partner()
    team = make_team(partner)
    person = make_person(partner, team=team, joined_on=today())
    writes.deactivate_person(actor=admin, person_id=person.pk)
    set_team_active(actor=admin, team_id=team.pk, active=False)
    writes.reactivate_person(actor=admin, person_id=person.pk)
    (row,) = Membership.objects.filter(person=person)
    assert (row.team, row.days.lower, row.days.upper) == (None, today(), None)


def test_who_has_left_is_moved_nowhere(admin: Person, client: Browser) -> None:
    old, new = make_partner(), make_partner()
    person = make_person(old)
    sign_in(client, admin)
    page, move = (
        reverse(f"partners:{name}", args=[person.pk]) for name in ("person", "move_person")
    )
    assert move in client.get(page).content.decode()
    writes.deactivate_person(actor=admin, person_id=person.pk)
    before = _spans(person)
    assert move not in client.get(page).content.decode()
    form = {"on": today().isoformat(), "roles": ["rep"]}
    refused = client.post(f"{move}?organisation={new.pk}", form)
    assert refused.status_code == 422
    assert "担当を離れた方は移せません" in refused.content.decode()
    person.refresh_from_db()
    assert (person.organisation, _spans(person)) == (old, before)


def test_who_was_moved_after_leaving_can_come_back(admin: Person) -> None:
    old, new = make_partner(), make_partner()
    person = make_person(new)
    writes.deactivate_person(actor=admin, person_id=person.pk)
    moved = today() - dt.timedelta(days=5)
    spans = [(old, dt.date(2025, 4, 1), moved), (new, moved, None)]
    Membership.objects.filter(person=person).delete()
    for organisation, first, end in spans:
        Membership.objects.create(person=person, organisation=organisation, days=(first, end))
    assert writes.reactivate_person(actor=admin, person_id=person.pk)
    person.refresh_from_db()
    assert person.is_active
    assert _spans(person) == spans


def test_coming_back_later_begins_anew(admin: Person) -> None:
    partner = make_partner()
    team = make_team(partner)
    person = make_person(partner, team=team)
    writes.deactivate_person(actor=admin, person_id=person.pk)
    row = Membership.objects.get(person=person)
    row.days = (dt.date(2025, 4, 1), dt.date(2025, 6, 1))
    row.save()
    team.is_active = False
    team.save()
    writes.reactivate_person(actor=admin, person_id=person.pk)
    assert _spans(person) == [
        (partner, dt.date(2025, 4, 1), dt.date(2025, 6, 1)),
        (partner, today(), None),
    ]
    person.refresh_from_db()
    assert person.team is None


def test_nobody_locks_themselves_or_everybody_out(admin: Person) -> None:
    with pytest.raises(Problem):
        writes.deactivate_person(actor=admin, person_id=admin.pk)
    other = make_person(make_client(), roles=["admin"])
    assert writes.deactivate_person(actor=admin, person_id=other.pk)
    with pytest.raises(Problem):
        writes.move_person(
            actor=admin,
            person_id=admin.pk,
            organisation=make_partner(),
            team=None,
            on=today(),
            roles=["rep"],
        )


def test_the_pages_move_and_note_leaving(admin: Person, client: Browser) -> None:
    partner, new = make_partner(), make_partner()
    person = make_person(partner)
    sign_in(client, admin)
    move = reverse("partners:move_person", args=[person.pk])
    assert client.get(move).status_code == 200
    address = f"{move}?organisation={new.pk}"
    assert client.get(address).status_code == 200
    wrong = client.post(address, {"on": "2999-01-01", "roles": ["rep"]})
    assert wrong.status_code == 422
    early = client.post(address, {"on": "1999-01-01", "roles": ["rep"]}).content.decode()
    assert "今の所属は2025年4月1日からです" in early
    client.post(address, {"on": today().isoformat(), "roles": ["rep"]})
    active = reverse("partners:person_active", args=[person.pk])
    assert client.get(active).status_code == 200
    client.post(active, {"active": "no"})
    person.refresh_from_db()
    assert (person.organisation, person.is_active) == (new, False)
    body = client.get(reverse("partners:person", args=[person.pk])).content.decode()
    ends = [f"– {date_format(today() + dt.timedelta(n), 'SHORT_DATE_FORMAT')}" for n in (-1, 0, 1)]
    assert [end in body for end in ends] == [True, True, False]
    assert client.get(active).status_code == 200
    client.post(active, {"active": "yes"})
    person.refresh_from_db()
    assert person.is_active
