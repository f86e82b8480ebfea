"""People chosen together from a list, and whom of them an act concerns."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence

from partners.models import Membership, Organisation, Person, Team
from partners.queries.people import Filter, people, state_of, with_invitation

MOST = 200
"""How many are acted on at once: a page still lists them all, and one transaction still holds them."""


@dataclasses.dataclass(frozen=True)
class Sorted:
    """Of people who were chosen, whom an act concerns, and who is left out, by why.

    Why: left, stopped (their partner), signed_up, holds (an invitation that still works), there (in that team).
    """

    fit: Sequence[Person]
    left_out: dict[str, list[Person]]

    @property
    def mails(self) -> int:
        """How many of those who fit an invitation reaches by mail."""
        return sum(bool(person.email) for person in self.fit)

    @property
    def cards(self) -> int:
        """How many of them have no address, and get theirs on paper."""
        return len(self.fit) - self.mails


def chosen(viewer: Person, ids: Iterable[uuid.UUID]) -> list[Person]:
    """Return these people, as far as this viewer may see them, in the order of their readings. One query."""
    found = with_invitation(Person.objects.visible_to(viewer)).filter(pk__in=list(ids))
    return list(found.select_related("organisation", "team", "account").by_reading())


def listed(viewer: Person, wanted: Filter) -> list[uuid.UUID]:
    """Return the ids of all whom a list shows, page by page; no more than one above MOST. One query."""
    return list(people(viewer, wanted).values_list("pk", flat=True)[: MOST + 1])


def organisation_of(people: Iterable[Person]) -> Organisation | None:
    """Return the organisation to which all of these people belong, None where there are several, or no people."""
    found = {person.organisation_id: person.organisation for person in people}
    return next(iter(found.values())) if len(found) == 1 else None


def to_invite(people: Iterable[Person], *, again: bool) -> Sorted:
    """Sort out who can be invited; with `again` also those who hold an invitation, which a new one would end."""
    words = {"inactive": "left", "stopped": "stopped", "active": "signed_up"}
    if not again:
        words["invited"] = "holds"
    return _sort(people, lambda person: words.get(state_of(person), ""))


def to_move(people: Iterable[Person], team: Team | None) -> Sorted:
    """Sort out who can be moved to a team of their organisation; None: to some team."""

    def why(person: Person) -> str:
        if not person.is_active:
            return "left"
        return "there" if team is not None and person.team_id == team.pk else ""

    return _sort(people, why)


def come_later(people: Sequence[Person], on: dt.date) -> list[tuple[Person, dt.date]]:
    """Return who of these people came to where they are now after a day, and when: from it nobody moves. One query."""
    found = Membership.objects.filter(
        person__in=people, days__upper_inf=True, days__startswith__gt=on
    ).values_list("person_id", "days")
    since = {person_id: days.lower for person_id, days in found}
    return [(person, since[person.pk]) for person in people if person.pk in since]


def to_leave(people: Iterable[Person]) -> Sorted:
    """Sort out of whom it can be noted that they have left."""
    return _sort(people, lambda person: "" if person.is_active else "left")


def _sort(people: Iterable[Person], why: Callable[[Person], str]) -> Sorted:
    fit: list[Person] = []
    left_out: dict[str, list[Person]] = {}
    for person in people:
        reason = why(person)
        (left_out.setdefault(reason, []) if reason else fit).append(person)
    return Sorted(fit, left_out)
