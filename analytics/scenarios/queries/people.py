"""Whose runs the figures stand on, and what is held back because it would tell about single people.

Counts read the runs themselves, of the organisations that somebody may see.
"""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.db.models import Count, Q, QuerySet

from analytics.scenarios.queries.figures import Wanted
from core import months
from courses.scenarios.models import Run
from partners.models import Person
from partners.queries.client import here
from sales.funnel import Cell, shown

ROLES = ("author", "manager", "sales_manager", "admin")
"""Roles that see what people did; of a partner it is managers of their own people."""

NAMED = ("manager", "sales_manager", "admin")
"""Of them those who see names: the same that see people's progress."""


def runs(viewer: Person, wanted: Wanted) -> QuerySet[Run]:
    """Return the runs that figures are about: the client's people see all, a partner's those of their own people."""
    found = Run.objects.all()
    if not viewer.of_client:
        found = found.filter(organisation_id=viewer.organisation_id)
    zone = here()
    named = {
        "version_id": wanted.version_id,
        "organisation_id": wanted.organisation_id,
        "team_id": wanted.team_id,
        "started_at__gte": _begin(wanted.since, zone),
        "started_at__lt": _begin(wanted.until and months.after(wanted.until), zone),
    }
    found = found.filter(**{name: value for name, value in named.items() if value is not None})
    if wanted.first is None:
        return found
    return found.filter(attempt=1) if wanted.first else found.exclude(attempt=1)


def _begin(month: dt.date | None, zone: dt.tzinfo) -> dt.datetime | None:
    return dt.datetime.combine(month, dt.time(), tzinfo=zone) if month else None


@dataclasses.dataclass(frozen=True)
class Base:
    """What the figures stand on: so many people and runs, of which so many came to an end; or held back."""

    people: int
    runs: int
    finished: int
    is_held: bool


def base(viewer: Person, scenario_id: uuid.UUID, wanted: Wanted) -> Base:
    """Return what the figures stand on. Three queries at most.

    Others' figures are held back below five people; and where a company or team is, so that it can't be found by
    taking the others from the sum, so is the next smallest (as in the funnel).
    """
    found = runs(viewer, wanted).filter(scenario_id=scenario_id)
    told = found.aggregate(
        people=Count("person", distinct=True),
        runs=Count("pk"),
        finished=Count("pk", filter=Q(state=Run.State.FINISHED)),
    )
    return Base(**told, is_held=_is_held(viewer, scenario_id, wanted, told["people"]))


def is_own(viewer: Person, wanted: Wanted) -> bool:
    """Say whether only the viewer's own organisation is meant."""
    return not viewer.of_client or wanted.organisation_id == viewer.organisation_id


def _is_held(viewer: Person, scenario_id: uuid.UUID, wanted: Wanted, people: int) -> bool:
    if is_own(viewer, wanted):
        return False
    if Cell(key="", people=people, counts={}, amounts={}, tops={}).too_few:
        return people > 0
    ways = []
    if wanted.organisation_id:
        wider = dataclasses.replace(wanted, organisation_id=None, team_id=None)
        ways.append(("organisation_id", wider, wanted.organisation_id))
    if wanted.team_id:
        ways.append(("team_id", dataclasses.replace(wanted, team_id=None), wanted.team_id))
    return any(
        str(key) not in shown(_cells(viewer, scenario_id, wider, by)) for by, wider, key in ways
    )


def _cells(viewer: Person, scenario_id: uuid.UUID, wanted: Wanted, by: str) -> list[Cell]:
    rows: Any = (
        runs(viewer, wanted)
        .filter(scenario_id=scenario_id)
        .order_by()
        .values_list(by)
        .annotate(Count("person", distinct=True))
    )
    return [
        Cell(
            key=str(key),
            people=people,
            counts={},
            amounts={},
            tops={},
            own=by == "organisation_id" and key == viewer.organisation_id,
        )
        for key, people in rows
    ]
