"""Whom an assignment names, as plain values that stand in addresses and forms: `team:<id>`, `role:ace`."""

import dataclasses
import uuid
from collections.abc import Iterable

from core import ids
from courses.assignments.models import AssignmentTarget

ORGANISATION, TEAM, ROLE, PERSON = (
    AssignmentTarget.Kind.ORGANISATION.value,
    AssignmentTarget.Kind.TEAM.value,
    AssignmentTarget.Kind.ROLE.value,
    AssignmentTarget.Kind.PERSON.value,
)


@dataclasses.dataclass(frozen=True)
class Target:
    """Whom an assignment is to name. `organisation` only narrows a role; a team's or person's is looked up."""

    kind: str
    id: uuid.UUID | None = None
    role: str = ""
    organisation: uuid.UUID | None = None

    def __str__(self) -> str:
        """Return the target as `parse` reads it."""
        parts = [self.kind, self.role or str(self.id)]
        return ":".join([*parts, str(self.organisation)] if self.organisation else parts)


def take_in(targets: Iterable[Target]) -> bool:
    """Say whether these stand for whoever belongs there, so that who joins later is asked too."""
    return any(target.kind != PERSON for target in targets)


def parse(text: str) -> Target | None:
    """Return the target that a form names, None for what names none."""
    kind, _, rest = text.partition(":")
    name, _, organisation = rest.partition(":")
    try:
        if kind == ROLE:
            return Target(
                ROLE,
                role=name,
                organisation=ids.parse(organisation or "") if organisation else None,
            )
        if kind in {ORGANISATION, TEAM, PERSON} and not organisation:
            return Target(kind, ids.parse(name))
    except ValueError:
        return None
    return None
