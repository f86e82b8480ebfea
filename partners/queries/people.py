"""Reads of people: lists, one person, and what happened to them."""

import dataclasses
import uuid
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone

from core.access import ROLES
from partners.models import Invitation, Membership, Person
from partners.models.person import PersonQuerySet

PAGE_SIZE = 30

STATES = ("active", "invited", "new", "stopped", "inactive")
"""Signed up; invited and not yet here; not invited (or the invitation has expired); of a stopped partner; left."""


@dataclasses.dataclass(frozen=True)
class Filter:
    """Which people a list is to show; empty fields filter nothing."""

    words: str = ""
    organisation: uuid.UUID | None = None
    team: uuid.UUID | None = None
    state: str = ""
    role: str = ""

    def count(self) -> int:
        """Return how many filters are set, the words aside."""
        return sum(bool(value) for value in (self.organisation, self.team, self.state, self.role))


def with_invitation(people: PersonQuerySet) -> PersonQuerySet:
    """Add `invited_until`: when the open invitation ends, None where there is none."""
    open_ones = Invitation.objects.open().filter(person=OuterRef("pk"))
    return people.annotate(invited_until=Subquery(open_ones.values("expires_at")[:1]))


def state_of(person: Any) -> str:
    """Return one of STATES, or "expired", for a person read by `with_invitation`, with their organisation."""
    if not person.is_active:
        return "inactive"
    if not person.organisation.is_active:
        return "stopped"
    if person.account_id is not None:
        return "active"
    if person.invited_until is None:
        return "new"
    return "invited" if person.invited_until > timezone.now() else "expired"


def _in_state(people: PersonQuerySet, state: str) -> PersonQuerySet:
    if state == "inactive":
        return people.filter(is_active=False)
    people = people.active().filter(organisation__is_active=state != "stopped")
    if state == "stopped":
        return people
    if state == "active":
        return people.filter(account__isnull=False)
    waiting = people.filter(account__isnull=True)
    now = timezone.now()
    if state == "invited":
        return waiting.filter(Q(invited_until__gt=now))
    return waiting.filter(Q(invited_until__isnull=True) | Q(invited_until__lte=now))


def people(viewer: Person, wanted: Filter) -> PersonQuerySet:
    """Return the people this viewer may see, filtered, in the order of their readings."""
    found = with_invitation(Person.objects.visible_to(viewer)).matching(wanted.words)
    if wanted.organisation:
        found = found.filter(organisation_id=wanted.organisation)
    if wanted.team:
        found = found.filter(team_id=wanted.team)
    if wanted.role in ROLES:
        found = found.filter(roles__contains=[wanted.role])
    if wanted.state in STATES:
        found = _in_state(found, wanted.state)
    return found.select_related("organisation", "team").by_reading()


def people_page(viewer: Person, wanted: Filter, number: str | None) -> tuple["Page[Person]", int]:
    """Return one page of people, and how many of all that are listed have left: other pages count who is here.

    An unknown page number gives the first or the last. Two queries.
    """
    found = people(viewer, wanted)
    left = Count("pk", filter=Q(is_active=False))
    counts = found.order_by().aggregate(n=Count("pk"), left=left)
    pages = Paginator(found, PAGE_SIZE)
    pages.count = counts["n"]  # it would ask for this alone
    return pages.get_page(number), counts["left"]


def person(viewer: Person, person_id: uuid.UUID) -> Person:
    """Return one person with organisation, team and account. Raises Person.DoesNotExist. One query."""
    found = with_invitation(Person.objects.visible_to(viewer))
    return found.select_related("organisation", "team", "account").get(pk=person_id)


def acting(person_id: uuid.UUID) -> Person | None:
    """Return for whom a job works that was asked for earlier; None if they have left meanwhile. One query.

    What they may still do is the job's matter: it asks again when it runs, not only when it was asked for.
    """
    there = Person.objects.filter(is_active=True, organisation__is_active=True)
    return there.filter(pk=person_id).select_related("organisation").first()


def memberships(viewer: Person, person_id: uuid.UUID) -> list[Membership]:
    """Return where a person belonged when, the newest first. One query."""
    mine = Person.objects.visible_to(viewer).filter(pk=person_id)
    return list(
        Membership.objects.filter(person__in=mine)
        .select_related("organisation", "team")
        .order_by("-days")
    )


def holders(email: str | None, login_name: str | None) -> list[Person]:
    """Return who already has this address or log-in name, whoever asks. One query."""
    wanted = Q()
    if email:
        wanted |= Q(email=email)
    if login_name:
        wanted |= Q(login_name=login_name)
    return list(Person.objects.filter(wanted).select_related("organisation")) if wanted else []


def known_names(emails: set[str], login_names: set[str]) -> dict[str, Person]:
    """Return who has these addresses and log-in names, by them. One query."""
    found = Person.objects.filter(Q(email__in=emails) | Q(login_name__in=login_names))
    known: dict[str, Person] = {}
    for each in found.select_related("organisation", "team"):
        known |= {name: each for name in (each.email, each.login_name) if name}
    return known
