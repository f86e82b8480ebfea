"""Targets in words, and finding them."""

import dataclasses
import uuid
from collections.abc import Iterable, Mapping, Sequence

from courses.assignments import targets as kinds
from courses.assignments import words
from courses.assignments.queries.rights import (
    assigns_everywhere,
    organisations_of,
    teams_of,
    within_reach,
)
from courses.assignments.targets import Target
from partners.folding import holding
from partners.models import Organisation, Person, Team

FOUND = 8
"""So many of each kind are found by a search; a longer word finds fewer."""

FEW = 20
"""So many companies or teams can be chosen from without a search."""


@dataclasses.dataclass(frozen=True)
class Named:
    """A target with its name. Nobody is named whom the viewer may not see."""

    target: Target
    name: str
    detail: str = ""
    organisation_id: uuid.UUID | None = None


def named(person: Person, targets: Iterable[Target]) -> list[Named]:
    """Return these targets with their names, without those that this person may not ask. Three queries at most."""
    return _named(person, targets, ended=False)


def shown(person: Person, targets: Iterable[Target]) -> list[Named]:
    """Return these targets with their names as `named` does, but also those that have ended since. Three queries."""
    return _named(person, targets, ended=True)


def _named(person: Person, targets: Iterable[Target], *, ended: bool) -> list[Named]:
    known = _Names.of(person, list(dict.fromkeys(targets)), ended=ended)
    return [found for target in known.wanted if (found := known.name(target)) is not None]


@dataclasses.dataclass(frozen=True)
class _Names:
    """What is needed to name targets."""

    everywhere: bool
    wanted: Sequence[Target]
    organisations: Mapping[uuid.UUID, Organisation]
    teams: Mapping[uuid.UUID, Team]
    people: Mapping[uuid.UUID, Person]

    @classmethod
    def of(cls, person: Person, wanted: Sequence[Target], *, ended: bool) -> "_Names":
        firms = [
            t.organisation or t.id for t in wanted if t.kind in {kinds.ORGANISATION, kinds.ROLE}
        ]
        organisations = organisations_of(person, ended=ended)
        organisations = organisations.filter(pk__in=[firm for firm in firms if firm])
        teams = teams_of(person, ended=ended)
        teams = teams.filter(pk__in=[t.id for t in wanted if t.kind == kinds.TEAM])
        people = (
            within_reach(person, ended=ended)
            .filter(pk__in=[t.id for t in wanted if t.kind == kinds.PERSON])
            .select_related("organisation", "team")
        )
        return cls(
            assigns_everywhere(person),
            wanted,
            {row.pk: row for row in organisations},
            {row.pk: row for row in teams},
            {row.pk: row for row in people},
        )

    def name(self, target: Target) -> Named | None:
        """Return the target with its name; None where it is none, or not to be asked by this person."""
        if target.kind == kinds.ROLE:
            return self._role(target)
        if target.id is None:
            return None
        if target.kind == kinds.TEAM:
            team = self.teams.get(target.id)
            return _team(team) if team else None
        if target.kind == kinds.PERSON:
            one = self.people.get(target.id)
            return _person(one) if one else None
        firm = self.organisations.get(target.id)
        return _learners(firm) if firm else None

    def _role(self, target: Target) -> Named | None:
        if target.role not in words.PEOPLE:
            return None
        if target.organisation is None:
            return Named(target, words.role_everywhere(target.role)) if self.everywhere else None
        firm = self.organisations.get(target.organisation)
        return Named(target, words.role_of(target.role, firm.name)) if firm else None


def find(person: Person, text: str) -> list[Named]:
    """Return what may be meant by these words: companies with their managers, teams, people. Three queries."""
    firms = holding(organisations_of(person), text, "name")
    teams = holding(teams_of(person), text, "name", "organisation__name")
    people = within_reach(person).matching(text).select_related("organisation").by_reading()
    return [
        *(named for firm in firms[:FOUND] for named in (_learners(firm), _managers(firm))),
        *(_team(team) for team in teams[:FOUND]),
        *(_person(one) for one in people[:FOUND]),
    ]


def suggested(person: Person) -> list[Named]:
    """Return whom one may ask without searching: everybody, and companies or teams where they are few. One query."""
    if not assigns_everywhere(person):
        own = Target(kinds.ORGANISATION, person.organisation_id)
        teams = teams_of(person)[:FEW]
        return [Named(own, words.learners_of(person.organisation.name)), *map(_team, teams)]
    everybody = Named(Target(kinds.ROLE, role="rep"), words.role_everywhere("rep"))
    firms = list(organisations_of(person)[: FEW + 1])
    return [everybody, *(map(_learners, firms) if len(firms) <= FEW else ())]


def _learners(firm: Organisation) -> Named:
    detail = "" if firm.is_active else words.stopped()
    return Named(Target(kinds.ORGANISATION, firm.pk), words.learners_of(firm.name), detail)


def _managers(firm: Organisation) -> Named:
    target = Target(kinds.ROLE, role="manager", organisation=firm.pk)
    return Named(target, words.role_of("manager", firm.name))


def _team(team: Team) -> Named:
    target = Target(kinds.TEAM, team.pk)
    return Named(target, team.name, team.organisation.name, team.organisation_id)


def _person(one: Person) -> Named:
    target = Target(kinds.PERSON, one.pk)
    return Named(target, one.name, one.organisation.name, one.organisation_id)
