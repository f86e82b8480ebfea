"""The tables of summaries: for each the statement that says what it should hold, and how a part of it is found."""

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial

from analytics.queries import recount
from analytics.queries.recount import Part

_FIGURES = ("finished", "scored", "score_sum", "seconds")
_GROUP = ("level", "group_id")


@dataclasses.dataclass(frozen=True)
class Table:
    """One level of one table. `select` counts from the records; `columns` say where a part lies in the stored rows."""

    name: str
    what: str
    keys: Sequence[str]
    figures: Sequence[str]
    select: Callable[[Part], str]
    columns: dict[str, str]
    level: str = ""

    def stored(self, part: Part) -> str:
        """Return the condition for the stored rows `s` of this part."""
        level = f"s.level = '{self.level}'" if self.level else "true"
        return level + part.where(**self.columns)

    def narrowed(self, part: Part) -> Part:
        """Return the part without what this table doesn't know."""
        return dataclasses.replace(
            part,
            **{
                field.name: None
                for field in dataclasses.fields(part)
                if field.name not in self.columns
            },
        )


PEOPLE = Table(
    name="analytics_personsummary",
    what="person",
    keys=("person_id",),
    figures=(
        *("organisation_id", "group_id", *_FIGURES, "last_on"),
        *("stuck_module_id", "stuck_tries", "stuck_on", "required", "required_done", "due_on"),
    ),
    select=recount.people,
    columns={"people": "s.person_id", "organisations": "s.organisation_id"},
)

_PEOPLE_OF_GROUP = (
    *("organisation_id", "people", "learning", "asked", "done"),
    *("required", "required_done", "finished"),
)
TEAMS = Table(
    name="analytics_groupsummary",
    what="team",
    keys=_GROUP,
    figures=_PEOPLE_OF_GROUP,
    select=partial(recount.groups, level="team"),
    columns={"organisations": "s.organisation_id", "groups": "s.group_id"},
    level="team",
)
ORGANISATIONS = dataclasses.replace(
    TEAMS,
    what="organisation",
    select=partial(recount.groups, level="organisation"),
    columns={"organisations": "s.organisation_id"},
    level="organisation",
)

TEAM_MONTHS = Table(
    name="analytics_monthsummary",
    what="month of a team",
    keys=(*_GROUP, "month"),
    figures=("organisation_id", *_FIGURES, "delays"),
    select=recount.months_of_teams,
    columns={
        "organisations": "s.organisation_id",
        "groups": "s.group_id",
        "months": "s.month",
    },
    level="team",
)
ORGANISATION_MONTHS = dataclasses.replace(
    TEAM_MONTHS,
    what="month of an organisation",
    select=recount.months_of_organisations,
    columns={"organisations": "s.organisation_id", "months": "s.month"},
    level="organisation",
)

TEAM_MODULES = Table(
    name="analytics_modulesummary",
    what="module of a team",
    keys=("module_id", *_GROUP),
    figures=("organisation_id", *_FIGURES, "days", "items"),
    select=recount.modules_of_teams,
    columns={
        "organisations": "s.organisation_id",
        "groups": "s.group_id",
        "modules": "s.module_id",
    },
    level="team",
)
ORGANISATION_MODULES = dataclasses.replace(
    TEAM_MODULES,
    what="module of an organisation",
    select=recount.modules_of_organisations,
    columns={"organisations": "s.organisation_id", "modules": "s.module_id"},
    level="organisation",
)
MODULES = dataclasses.replace(
    TEAM_MODULES,
    what="module of everybody",
    select=recount.modules_of_everybody,
    columns={"modules": "s.module_id"},
    level="everybody",
)

IN_ORDER = (
    *(PEOPLE, TEAMS, ORGANISATIONS, TEAM_MONTHS, ORGANISATION_MONTHS),
    *(TEAM_MODULES, ORGANISATION_MODULES, MODULES),
)
"""Each after those it is summed up from."""
