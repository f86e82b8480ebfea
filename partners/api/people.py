"""People, teams and companies, for programs."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from core.access import ROLES, allow
from core.api.doors import Door
from core.api.paging import Paged
from core.api.schema import example, operation, paged
from core.api.shapes import Choice, Flag, Id, Shape, Text
from partners.models import Organisation, Person, Team
from partners.reporting import OFFICE

SCOPE = "people:read"


class PersonShape(Shape):
    """Somebody who learns, sells, teaches or manages, for the client or for one partner."""

    id = serializers.UUIDField(help_text="Stays the same for good.")
    name = serializers.CharField(help_text="Full name, in the order of its language.")
    family_name = serializers.CharField(help_text="Family name.")
    given_name = serializers.CharField(help_text="Given name; may be empty.")
    family_reading = serializers.CharField(help_text="Reading of the family name; may be empty.")
    given_reading = serializers.CharField(help_text="Reading of the given name; may be empty.")
    email = serializers.EmailField(
        allow_null=True,
        help_text="Mail address; null where there is none, or for others than administrators.",
    )
    login_name = serializers.CharField(
        allow_null=True, help_text="Log-in name; null as with `email`."
    )
    organisation = serializers.UUIDField(help_text="The company they belong to today.")
    team = serializers.UUIDField(allow_null=True, help_text="Their team today; null without one.")
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=ROLES), help_text="What they may do."
    )
    territory = serializers.CharField(help_text="Where they sell; may be empty.")
    joined_on = serializers.DateField(allow_null=True, help_text="When they joined, if known.")
    left_on = serializers.DateField(allow_null=True, help_text="When they left; null while here.")
    is_active = serializers.BooleanField(help_text="False once they have left.")


class TeamShape(Shape):
    """A group of people inside one company."""

    id = serializers.UUIDField(help_text="Stays the same for good.")
    name = serializers.CharField(help_text="Unique inside its company.")
    organisation = serializers.UUIDField(help_text="Its company.")
    is_active = serializers.BooleanField(help_text="False once it has been closed.")


class OrganisationShape(Shape):
    """The client itself, or one of its partners."""

    id = serializers.UUIDField(help_text="Stays the same for good.")
    kind = serializers.ChoiceField(
        choices=Organisation.Kind.values,
        help_text="`client` is one company, the others are partners.",
    )
    name = serializers.CharField(help_text="Unique.")
    area = serializers.CharField(help_text="Where it is at home; may be empty.")
    is_active = serializers.BooleanField(help_text="False while work with it is stopped.")


class PeopleQuery(Paged):
    """Which people."""

    q = Text(
        required=False,
        max_length=80,
        help_text="Words of a name, reading or address, in any width and kana.",
    )
    organisation = Id(required=False, help_text="Of this company.")
    team = Id(required=False, help_text="Of this team.")
    role = Choice(required=False, choices=ROLES, help_text="With this role.")
    email = Text(
        required=False,
        max_length=254,
        help_text="With exactly this mail address; administrators only.",
    )
    is_active = Flag(
        required=False, help_text="`true`: only who is here; `false`: only who has left."
    )


class PlacesQuery(Paged):
    """Which teams."""

    organisation = Id(required=False, help_text="Of this company.")
    is_active = Flag(required=False, help_text="Whether it is open.")


class OrganisationsQuery(Paged):
    """Which companies."""

    kind = Choice(
        required=False, choices=Organisation.Kind.values, help_text="The client, or partners."
    )
    is_active = Flag(required=False, help_text="Whether work with it goes on.")


_PERSON = {
    "id": "019a9c4e-7d0a-7c55-9d2b-5f0f6f1f2a10",
    "name": "高橋 美咲",
    "family_name": "高橋",
    "given_name": "美咲",
    "family_reading": "たかはし",
    "given_reading": "みさき",
    "email": "misaki.takahashi@example.com",
    "login_name": None,
    "organisation": "019a9c4e-6a11-7d21-8c3c-0b9a5f3b7e01",
    "team": "019a9c4e-6b02-7a90-b1d4-2f5c1f9e4402",
    "roles": ["rep"],
    "territory": "関東",
    "joined_on": "2025-04-01",
    "left_on": None,
    "is_active": True,
}


def as_person(row: Person, viewer: Person) -> dict[str, Any]:
    """Return what a program is told of a person; addresses are for the client's administrators."""
    is_admin = viewer.of_client and viewer.has_role("admin")
    return {
        "id": row.pk,
        "name": row.name,
        "family_name": row.family_name,
        "given_name": row.given_name,
        "family_reading": row.family_reading,
        "given_reading": row.given_reading,
        "email": row.email if is_admin else None,
        "login_name": row.login_name if is_admin else None,
        "organisation": row.organisation_id,
        "team": row.team_id,
        "roles": row.roles,
        "territory": row.territory,
        "joined_on": row.joined_on,
        "left_on": row.left_on,
        "is_active": row.is_active,
    }


@allow(*OFFICE)
class People(Door):
    """People."""

    scope = SCOPE
    query = PeopleQuery

    @operation("listPeople", tag="People", answer=paged(PersonShape), examples=[
        example("A page of one", {"items": [_PERSON], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List people.

        The client's office sees everybody, a partner's managers their own company.
        """
        seen = Person.objects.visible_to(self.person).matching(self.asked.get("q", ""))
        rows = self.narrowed(seen, "organisation", "team", "is_active")
        if "role" in self.asked:
            rows = rows.filter(roles__contains=[self.asked["role"]])
        if "email" in self.asked:
            rows = rows.filter(email__iexact=self.asked["email"]) if self._is_admin else rows.none()
        return self.page(rows, lambda row: as_person(row, self.person))

    @property
    def _is_admin(self) -> bool:
        return bool(self.person.of_client and self.person.has_role("admin"))


@allow(*OFFICE)
class OnePerson(Door):
    """One person."""

    scope = SCOPE

    @operation("getPerson", tag="People", answer=PersonShape, examples=[example("A rep", _PERSON)])
    def get(self, _request: Request, person_id: uuid.UUID) -> HttpResponse:
        """Read one person."""
        row = Person.objects.visible_to(self.person).filter(pk=person_id).first()
        if row is None:
            raise Http404
        return self.answer(as_person(row, self.person))


_TEAM = {
    "id": _PERSON["team"],
    "name": "東京第1",
    "organisation": _PERSON["organisation"],
    "is_active": True,
}


def _as_team(row: Team) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "organisation": row.organisation_id,
        "is_active": row.is_active,
    }


@allow(*OFFICE)
class Teams(Door):
    """Teams."""

    scope = SCOPE
    query = PlacesQuery

    @operation("listTeams", tag="People", answer=paged(TeamShape), examples=[
        example("A page of one", {"items": [_TEAM], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List teams."""
        rows = Team.objects.visible_to(self.person)
        return self.page(self.narrowed(rows, "organisation", "is_active"), _as_team)


_ORGANISATION = {
    "id": _PERSON["organisation"],
    "kind": "partner",
    "name": "みらい営業",
    "area": "関東",
    "is_active": True,
}


def _as_organisation(row: Organisation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "name": row.name,
        "area": row.area,
        "is_active": row.is_active,
    }


@allow(*OFFICE)
class Organisations(Door):
    """Companies."""

    scope = SCOPE
    query = OrganisationsQuery

    @operation("listOrganisations", tag="People", answer=paged(OrganisationShape), examples=[
        example("A page of one", {"items": [_ORGANISATION], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List companies: the client and its partners."""
        rows = Organisation.objects.visible_to(self.person)
        return self.page(self.narrowed(rows, "kind", "is_active"), _as_organisation)
