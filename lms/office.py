"""What the office sees first: people, invitations, content, and whatever needs a hand."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence

from django.urls import reverse

from analytics.figures import Share
from analytics.queries import modules, where
from core.models import Delivery
from courses.progress import queries as progress
from courses.progress.queries import Way
from partners import firststeps
from partners.firststeps import Step
from partners.models import Person
from partners.queries import people as directory

LISTED = 8
"""So many modules stand on the first page; all are one tap away."""

EVERYBODY, REPS, COMPANIES = "everybody", "reps", "companies"
"""Whom the way from the counts of people leads to."""


@dataclasses.dataclass(frozen=True)
class Content:
    """A published module, and how many of the reps in view have finished it; None where not theirs to see."""

    way: Way
    finished: Share | None


@dataclasses.dataclass(frozen=True)
class Office:
    """The office's first page. Counts are of the people whom this person may see; None where not theirs to see.

    `people_url` leads to them: one by one where `people_listed` is EVERYBODY, else only to the reps among them, one by
    one or company by company.
    """

    people: int
    people_url: str
    people_listed: str
    invited: int
    uninvited: int
    parked: int | None
    contents: Sequence[Content]
    steps: Sequence[Step]
    manages: bool
    writes: bool

    @property
    def open_steps(self) -> int:
        """How many of a new client's first steps are still to be done."""
        return firststeps.left(self.steps)


def office(person: Person) -> Office:
    """Return what this person's first page shows. At most 16 queries, whatever the number of people."""
    is_admin = person.has_role("admin") and person.of_client
    manages = is_admin or person.has_role("manager")
    active = _count(person, "active") if manages else 0
    url, listed = _way_to_people(person)
    newest = progress.newest_ways(person, LISTED)
    finished = _finished(person, newest) if manages else {}
    return Office(
        people=active,
        people_url=url,
        people_listed=listed,
        invited=_count(person, "invited") if manages else 0,
        uninvited=_count(person, "new") if manages else 0,
        parked=_parked() if is_admin else None,
        contents=[Content(way, finished.get(way.module_id)) for way in newest],
        steps=firststeps.steps(person) if is_admin else (),
        manages=manages,
        writes=person.of_client and person.has_role("author", "admin"),
    )


def _way_to_people(person: Person) -> tuple[str, str]:
    """Return where somebody finds those who are counted, and whom they find there.

    The directory holds everybody, the pages of all companies and of the own company's people hold reps.
    """
    if not person.of_client:
        return reverse("analytics:members") + "?team=all", REPS
    if person.has_role("admin"):
        return reverse("partners:people"), EVERYBODY
    return reverse("analytics:progress"), COMPANIES


def _count(person: Person, state: str) -> int:
    return directory.people(person, directory.Filter(state=state)).order_by().count()


def _finished(person: Person, ways: Sequence[Way]) -> Mapping[uuid.UUID, Share]:
    """Return how many finished these modules: of the person's organisation, or of everybody for the client's people."""
    place = None if person.of_client else where.where(person, None, "all")
    whom = modules.Whom(person, place)
    found = modules.lines_of(whom, [way.module_id for way in ways])
    return {line.module.pk: line.spread.finished for line in found}


def _parked() -> int:
    return Delivery.objects.filter(state=Delivery.State.PARKED).count()
