"""The runs behind a number, and the way that one of them took."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet

from analytics.scenarios.counting import Name
from analytics.scenarios.models import Counted
from analytics.scenarios.queries import people
from analytics.scenarios.queries.figures import Wanted
from courses.scenarios import debrief, frozen, scoring
from courses.scenarios.fold import State
from courses.scenarios.models import Run, RunEvent
from courses.scenarios.queries import Ended, log_of
from partners.models import Person
from sales.funnel import LEAST_PEOPLE

PAGE_SIZE = 30

CAME, FAILED, LEFT = "came", "failed", "left"
KINDS = (CAME, FAILED, LEFT)
"""All runs that came to a scene or made a choice; those of them that failed; those that were left in the scene."""


@dataclasses.dataclass(frozen=True)
class Asked:
    """Which number of the page: of a scene, or a choice of it; without a scene, all runs."""

    wanted: Wanted
    name: Name
    kind: str
    versions: Sequence[uuid.UUID]


def runs(viewer: Person, scenario_id: uuid.UUID, asked: Asked) -> QuerySet[Run]:
    """Return the runs that a number counts, the newest first."""
    found = people.runs(viewer, asked.wanted).filter(
        scenario_id=scenario_id, version_id__in=asked.versions
    )
    scene, choice = asked.name
    log = RunEvent.objects.filter(run_id=OuterRef("pk"), scene=scene)
    if choice:
        found = found.filter(Exists(log.filter(kind="choice_made", choice=choice)))
    elif scene:
        found = found.filter(Exists(log.filter(kind="scene_entered")))
    if asked.kind == FAILED:
        found = found.filter(state=Run.State.FINISHED, outcome="fail")
    if asked.kind == LEFT:
        gone = Counted.objects.filter(run_id=OuterRef("pk"), left=True)
        found = found.filter(Exists(gone))
        if scene:
            found = found.filter(folded__scene=scene)
    return found.order_by("-started_at", "-pk")


@dataclasses.dataclass(frozen=True)
class Line:
    """A run of a list. `person` is None where the viewer may not know who it was."""

    run: Any
    person: Person | None


@dataclasses.dataclass(frozen=True)
class Listed:
    """One page of runs, of how many people; None where it would tell about too few."""

    page: "Page[Any] | None"
    people: int


def listed(viewer: Person, scenario_id: uuid.UUID, asked: Asked, number: str | None) -> Listed:
    """Return one page of the runs behind a number; its `object_list` holds Lines. Three queries.

    Who sees no names sees runs of others only where they are of five people at least.
    """
    found = runs(viewer, scenario_id, asked)
    told = found.order_by().aggregate(n=Count("pk"), people=Count("person", distinct=True))
    is_named = viewer.has_role(*people.NAMED)
    if not is_named and told["people"] < LEAST_PEOPLE:
        return Listed(None, told["people"])
    rows = found.select_related("version", "organisation", "team").defer(
        "folded", "version__document", "version__report"
    )
    paginator: Paginator[Any] = Paginator(rows, PAGE_SIZE)
    paginator.count = told["n"]
    page = paginator.get_page(number)
    own = list(page.object_list)
    who = _people(viewer, own)
    page.object_list = [Line(run, who.get(run.person_id)) for run in own]
    return Listed(page, told["people"])


def _people(viewer: Person, found: Sequence[Run]) -> Mapping[uuid.UUID, Person]:
    """Return who played, of those whom the viewer may know: who went to another company is not among them."""
    if not viewer.has_role(*people.NAMED):
        return {}
    return Person.objects.visible_to(viewer).in_bulk({run.person_id for run in found})


@dataclasses.dataclass(frozen=True)
class Way:
    """One run with the way that it took."""

    run: Run
    person: Person | None
    ended: Ended


def way(viewer: Person, scenario_id: uuid.UUID, run_id: uuid.UUID) -> Way:
    """Return the way of one run, as far as it went. Raises Run.DoesNotExist. Three queries, four for a new version."""
    found = (
        people.runs(viewer, Wanted())
        .filter(scenario_id=scenario_id)
        .select_related("version", "organisation", "team")
        .defer("version__document", "version__report")
        .get(pk=run_id)
    )
    version = frozen.played(found.version_id)
    state = State.of_json(found.folded)
    ended = Ended(
        run=found,
        document=version.document,
        state=state,
        debrief=debrief.of(log_of(found.pk), version.document),
        result=scoring.result(version.document, state, version.attainable),
    )
    return Way(found, _people(viewer, [found]).get(found.person_id), ended)
