"""News of people and organisations that higher floors may act on."""

import dataclasses
import uuid

from core.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonMoved(Event):
    """A person belongs to another organisation or team from this day on."""

    person_id: uuid.UUID
    from_organisation_id: uuid.UUID
    from_team_id: uuid.UUID | None = None
    to_organisation_id: uuid.UUID
    to_team_id: uuid.UUID | None = None
    on: str  # ISO date


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonDeactivated(Event):
    """A person has left: they can't sign in any more and count among nobody's active people."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    team_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonReactivated(Event):
    """A person who had left is back."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    team_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    """A person was entered: they belong to an organisation from now on, whether or not they have signed up."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    team_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PeopleAdded(Event):
    """Many people were entered at once, as a table: one piece of news for all of them."""

    organisation_id: uuid.UUID
    count: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class RolesChanged(Event):
    """A person has other roles than before; who moves and gets others with it has moved."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrganisationStopped(Event):
    """Work with a partner was stopped: its people can't sign in, though none of them has left."""

    organisation_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrganisationResumed(Event):
    """Work with a partner was taken up again."""

    organisation_id: uuid.UUID
