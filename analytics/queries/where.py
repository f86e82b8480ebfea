"""Whose progress a page is about: an organisation, or one of its teams, that somebody may look at."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from analytics.models import Level
from courses.assignments import targets as kinds
from courses.assignments.queries import rights
from courses.assignments.targets import Target
from gamification.queries import rules
from partners.models import Organisation, Person, Team

OFFICE = ("manager", "sales_manager", "admin")
"""Roles that see progress; of a partner only managers exist among them."""


@dataclasses.dataclass(frozen=True)
class Where:
    """An organisation with its teams, and the team that was chosen (None: the whole organisation)."""

    viewer: Person
    organisation: Organisation
    teams: Sequence[Team]
    team: Team | None

    @property
    def level(self) -> Level:
        """The level of its summaries."""
        return Level.TEAM if self.team else Level.ORGANISATION

    @property
    def group_id(self) -> uuid.UUID:
        """The id of its summaries."""
        return self.team.pk if self.team else self.organisation.pk

    @property
    def is_own(self) -> bool:
        """Whether it is the viewer's own organisation."""
        return self.organisation.pk == self.viewer.organisation_id

    @property
    def name(self) -> str:
        """What it is called: organisation and team."""
        return (
            f"{self.organisation.name} · {self.team.name}" if self.team else self.organisation.name
        )

    @property
    def target(self) -> Target:
        """It as whom an assignment names."""
        return Target(kinds.TEAM if self.team else kinds.ORGANISATION, self.group_id)

    @property
    def may_assign(self) -> bool:
        """Whether the viewer may ask its people to learn something."""
        everywhere = rights.assigns_everywhere(self.viewer)
        return everywhere or (self.is_own and rights.may_assign(self.viewer))


def known_since(organisation: Organisation, published: dt.date) -> dt.date:
    """Return from when on an organisation could learn something: since it was published, or since it is here itself."""
    return max(published, organisation.created_at.astimezone(rules.zone()).date())


def where(viewer: Person, organisation_id: uuid.UUID | None, team: str) -> Where:
    """Return where somebody looks: at an organisation as a whole, or at one of its teams.

    `team` is a team's id, "all", or empty; where no organisation is named, empty is their own team.
    Raises Organisation.DoesNotExist for what is not theirs to see.
    Two queries.
    """
    organisation = Organisation.objects.visible_to(viewer).get(
        pk=organisation_id or viewer.organisation_id
    )
    teams = list(
        Team.objects.visible_to(viewer)
        .filter(organisation=organisation, is_active=True)
        .order_by("name")
    )
    wanted = team or (str(viewer.team_id) if organisation_id is None and viewer.team_id else "")
    chosen = next((each for each in teams if str(each.pk) == wanted), None)
    return Where(viewer, organisation, teams, chosen)
