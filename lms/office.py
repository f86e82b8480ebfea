"""What the office sees first: people, invitations, content, and whatever needs a hand."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence

from django.core.cache import cache

from core.models import Delivery
from courses.progress import queries as progress
from courses.progress.queries import Way
from partners.models import Person
from partners.queries import organisations
from partners.queries import people as directory

_REMEMBERED = 300
"""Seconds for which the counts over everybody's progress are good enough."""


@dataclasses.dataclass(frozen=True)
class Content:
    """A published module, and how many of the people in view have finished it."""

    way: Way
    finished: int


@dataclasses.dataclass(frozen=True)
class Office:
    """The office's first page. Counts are of the people whom this person may see; None where not theirs to see."""

    people: int
    invited: int
    uninvited: int
    parked: int | None
    contents: Sequence[Content]
    open_steps: int
    manages: bool
    writes: bool


def office(person: Person) -> Office:
    """Return what this person's first page shows. At most nine queries, whatever the number of people."""
    is_admin = person.has_role("admin") and person.of_client
    manages = is_admin or person.has_role("manager")
    active = _count(person, "active") if manages else 0
    finished = _finished(person) if manages else {}
    return Office(
        people=active,
        invited=_count(person, "invited") if manages else 0,
        uninvited=_count(person, "new") if manages else 0,
        parked=_parked() if is_admin else None,
        contents=[Content(way, finished.get(way.module_id, 0)) for way in progress.ways(person)],
        open_steps=_open_steps(person) if is_admin else 0,
        manages=manages,
        writes=person.of_client and person.has_role("author", "admin"),
    )


def _count(person: Person, state: str) -> int:
    return directory.people(person, directory.Filter(state=state)).order_by().count()


def _finished(person: Person) -> Mapping[uuid.UUID, int]:
    """Count over the person's organisation, or over everybody for the client's people; remembered a while."""
    key = "office:finished:" + ("all" if person.of_client else str(person.organisation_id))
    known: dict[uuid.UUID, int] | None = cache.get(key)
    if known is None:
        known = progress.finished_counts(Person.objects.visible_to(person).active())
        cache.set(key, known, _REMEMBERED)
    return known


def _parked() -> int:
    return Delivery.objects.filter(state=Delivery.State.PARKED).count()


def _open_steps(person: Person) -> int:
    """Return how many of a new client's first steps are still to be done."""
    return sum(not done for done in organisations.first_steps(person).values())
