"""Reads of organisations and their teams."""

import dataclasses
import uuid
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from partners.folding import holding, same
from partners.models import Organisation, Person, Team

PAGE_SIZE = 30

N = TypeVar("N", Organisation, Team)

_ACTIVE = Q(people__is_active=True)
_ACTIVE_TEAMS = Team.objects.filter(is_active=True)


def _count(rows: "QuerySet[Any]") -> Coalesce:
    """Count rows of an organisation in a query of their own, which only the rows shown pay for."""
    own = rows.filter(organisation=OuterRef("pk")).order_by().values("organisation")
    return Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0)


def organisations_page(viewer: Person, words: str, number: str | None) -> "Page[Organisation]":
    """Return one page of organisations, the client first, each with `people_count` and `team_count`.

    Two queries, whatever the number of rows.
    """
    found = holding(Organisation.objects.visible_to(viewer), words, "name")
    counted = found.annotate(
        people_count=_count(Person.objects.active()), team_count=_count(_ACTIVE_TEAMS)
    )
    return Paginator(counted.order_by("kind", "-is_active", "name", "pk"), PAGE_SIZE).get_page(
        number
    )


def organisation(viewer: Person, organisation_id: uuid.UUID) -> Organisation:
    """Return one organisation. Raises Organisation.DoesNotExist. One query."""
    return Organisation.objects.visible_to(viewer).get(pk=organisation_id)


def choices(viewer: Person) -> "QuerySet[Organisation]":
    """Return the active organisations to choose from, the client first. Lazy."""
    return Organisation.objects.visible_to(viewer).filter(is_active=True).order_by("kind", "name")


def teams(viewer: Person, organisation_id: uuid.UUID) -> list[Any]:
    """Return the teams of an organisation with `people_count`, the active ones first. One query."""
    found = Team.objects.visible_to(viewer).filter(organisation_id=organisation_id)
    return list(
        found.annotate(people_count=Count("people", filter=_ACTIVE)).order_by("-is_active", "name")
    )


def team_choices(viewer: Person) -> "QuerySet[Team]":
    """Return the active teams to choose from, by organisation. Lazy."""
    found = Team.objects.visible_to(viewer).filter(is_active=True, organisation__is_active=True)
    return found.select_related("organisation").order_by(
        "organisation__kind", "organisation__name", "name"
    )


def team(viewer: Person, team_id: uuid.UUID) -> Team:
    """Return one team with its organisation. Raises Team.DoesNotExist. One query."""
    return Team.objects.visible_to(viewer).select_related("organisation").get(pk=team_id)


def people_by_state(viewer: Person, organisation_id: uuid.UUID) -> dict[str, int]:
    """Return how many active people an organisation has, and how many of them signed up. One query."""
    found = Person.objects.visible_to(viewer).filter(organisation_id=organisation_id)
    return found.aggregate(
        people=Count("pk", filter=Q(is_active=True)),
        signed_up=Count("pk", filter=Q(is_active=True, account__isnull=False)),
    )


def namesake(name: str, *, but: uuid.UUID | None = None) -> Organisation | None:
    """Return an organisation whose name looks the same, width, case and blanks aside. One query."""
    return next(_alike(Organisation.objects.all(), name, but), None)


def team_namesake(
    organisation_id: uuid.UUID, name: str, *, but: uuid.UUID | None = None
) -> Team | None:
    """Return a team of this organisation whose name looks the same. One query."""
    found = Team.objects.filter(organisation_id=organisation_id)
    return next(_alike(found, name, but), None)


def _alike(rows: Iterable[N], name: str, but: uuid.UUID | None) -> Iterator[N]:
    key = same(name)
    return (row for row in rows if row.pk != but and same(row.name) == key)


def teams_by_key(organisation_id: uuid.UUID) -> dict[str, Team]:
    """Return the teams of an organisation by their compared names. One query."""
    return {same(t.name): t for t in Team.objects.filter(organisation_id=organisation_id)}


@dataclasses.dataclass(frozen=True)
class Gathered:
    """The first partner of a new client (None without any), and how many of partners are here, invited, signed up."""

    partner: uuid.UUID | None
    people: int
    invited: int
    signed_up: int


def gathered(viewer: Person) -> Gathered:
    """Return how far a new client's partners have come together. Two queries."""
    partners = Organisation.objects.visible_to(viewer).filter(
        kind=Organisation.Kind.PARTNER, is_active=True
    )
    seen = Person.objects.visible_to(viewer).filter(
        organisation__kind=Organisation.Kind.PARTNER, organisation__is_active=True, is_active=True
    )
    found = seen.aggregate(
        people=Count("pk", distinct=True),
        invited=Count("pk", filter=Q(invitations__isnull=False)),
        signed_up=Count("pk", filter=Q(account__isnull=False)),
    )
    return Gathered(partners.order_by("pk").values_list("pk", flat=True).first(), **found)
