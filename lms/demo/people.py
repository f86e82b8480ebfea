"""Everybody of the demo world as rows: people with faces and log-ins, and the many others."""

import dataclasses
import datetime as dt
import random
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from lms.demo import names
from lms.demo.calendar import Calendar
from lms.demo.chance import stream, uuid_at
from lms.demo.content import CLIENT, Content, PersonText
from lms.demo.places import Place, territories
from lms.demo.population import Rep
from partners.models import Account, Membership, Person


@dataclasses.dataclass(frozen=True)
class Someone:
    """A person with what the world knows of them; nothing is known of the many managers."""

    person: Person
    rep: Rep | None = None
    face: str = ""

    @property
    def has_account(self) -> bool:
        """Whether they have accepted their invitation: whoever learns has."""
        return bool(self.face) or self.person.is_active

    @property
    def is_played(self) -> bool:
        """Whether a visitor can sign in as them."""
        return bool(self.face)


@dataclasses.dataclass(frozen=True)
class Census:
    """Makes the people of a world from those who learn."""

    content: Content
    learners: Sequence[Rep]
    seed: int
    calendar: Calendar
    places: Sequence[Place]

    def everybody(self) -> list[Someone]:
        """Return all people: those with faces in their order, the managers, the many."""
        rng = stream(self.seed, "names")
        rest = [rep for rep in self.learners if rep.key is None]
        managed = {text.organisation for text in self.content.people if "manager" in text.roles}
        unmanaged = [place for place in self.places if place.text.key not in managed]
        drawn = iter(self._names(rng, len(rest) + len(unmanaged)))
        reps = {rep.key: rep for rep in self.learners if rep.key is not None}
        return [
            *(
                self._known(n, text, reps.get(text.key))
                for n, text in enumerate(self.content.people)
            ),
            *(self._manager(place, next(drawn)) for place in unmanaged),
            *(self._one_of_many(rep, next(drawn)) for rep in rest),
        ]

    def _names(self, rng: random.Random, count: int) -> list[names.Name]:
        """Return names that nobody with a face has."""
        taken = {(text.family_name, text.given_name) for text in self.content.people}
        drawn = names.draw(rng, count + len(taken))
        free = [name for name in drawn if not {_written(name, True), _written(name, False)} & taken]
        return free[:count]

    def _known(self, order: int, text: PersonText, rep: Rep | None) -> Someone:
        """Return somebody with a face. They were entered in the order of the file."""
        place = next(place for place in self.places if place.text.key == text.organisation)
        joined = self.calendar.first_day(rep.hired if rep else -24)
        entered = max(place.created_at, self.calendar.at(joined, 9)) + dt.timedelta(minutes=order)
        person = Person(
            id=uuid_at(stream(self.seed, "person", text.key), entered),
            organisation_id=place.id,
            team_id=place.team(text.team),
            roles=list(text.roles),
            family_name=text.family_name,
            given_name=text.given_name,
            family_reading=text.family_reading,
            given_reading=text.given_reading,
            email=f"{text.login}@{_domain(place)}",
            login_name=text.login,
            territory=text.territory,
            joined_on=joined,
            is_demo=True,
            created_at=entered,
        )
        return Someone(person, rep, text.face)

    def _manager(self, place: Place, name: names.Name) -> Someone:
        joined = place.created_at.astimezone(self.calendar.zone).date().replace(day=1)
        person = self._unknown(f"manager:{place.text.key}", place, name, joined)
        person.team_id, person.roles = place.teams[0], ["manager"]
        person.territory = place.text.area
        return Someone(person)

    def _one_of_many(self, rep: Rep, name: names.Name) -> Someone:
        last = rep.spells[-1]
        place = self.places[last.firm]
        joined = self.calendar.first_day(rep.hired)
        person = self._unknown(f"rep:{rep.number}", place, name, joined)
        rng = stream(self.seed, "territory", rep.number)
        person.team_id, person.roles = place.teams[last.team], ["rep"]
        person.territory = rng.choice(territories(place, self.content.language))
        if rep.left is not None:
            person.left_on, person.is_active = self.calendar.last_day(rep.left), False
        return Someone(person, rep)

    def _unknown(self, key: str, place: Place, name: names.Name, joined: dt.date) -> Person:
        """Return somebody who has been entered with an address, and has no face."""
        family, given = _written(name, latin=self.content.language != "ja")
        is_japanese = self.content.language == "ja"
        entered = max(place.created_at, self.calendar.at(joined, 9.5))
        return Person(
            id=uuid_at(stream(self.seed, "person", key), entered),
            organisation_id=place.id,
            family_name=family,
            given_name=given,
            family_reading=name.family_reading if is_japanese else "",
            given_reading=name.given_reading if is_japanese else "",
            email=f"{name.address}@{_domain(place)}",
            joined_on=joined,
            is_demo=True,
            created_at=entered,
        )

    def memberships(self, everybody: Iterable[Someone]) -> Iterator[Membership]:
        """Return where everybody belonged when: one row for each spell."""
        for someone in everybody:
            rng = stream(self.seed, "membership", someone.person.pk)
            for organisation, team, first, last in self._spells(someone):
                yield Membership(
                    id=uuid_at(rng, someone.person.created_at),
                    person_id=someone.person.pk,
                    organisation_id=organisation,
                    team_id=team,
                    days=DateRange(first, last),
                )

    def _spells(
        self, someone: Someone
    ) -> Iterator[tuple[uuid.UUID, uuid.UUID | None, dt.date, dt.date | None]]:
        """Return organisation, team, first day, and the day after the last one."""
        person = someone.person
        if someone.rep is None:
            yield person.organisation_id, person.team_id, person.joined_on or dt.date.min, None
            return
        for spell in someone.rep.spells:
            place = self.places[spell.firm]
            after = None if spell.last is None else self.calendar.first_day(spell.last + 1)
            yield place.id, place.teams[spell.team], self.calendar.first_day(spell.first), after


def _domain(place: Place) -> str:
    return f"{'honami' if place.text.key == CLIENT else place.text.key}.example"


def _written(name: names.Name, latin: bool) -> tuple[str, str]:
    return (name.family_latin, name.given_latin) if latin else (name.family, name.given)


def accounts(everybody: Iterable[Someone]) -> Iterator[Account]:
    """Return accounts for all who still work here, and name them in their people. No password works."""
    for someone in everybody:
        if someone.has_account:
            person = someone.person
            rng = stream(0, "account", person.pk)
            person.account_id = uuid_at(rng, person.created_at)
            yield Account(
                id=person.account_id,
                email=person.email,
                login_name=person.login_name,
                password=make_password(None),
                created_at=person.created_at,
            )


def give_pictures(everybody: Iterable[Someone], faces: Mapping[str, uuid.UUID]) -> None:
    """Name their faces (by key) in people that are not saved yet."""
    for someone in everybody:
        if someone.face:
            someone.person.picture_id = faces[someone.face]
