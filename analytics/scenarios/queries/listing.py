"""Which scenarios were played by people whose figures somebody may see."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q

from analytics.scenarios.findings import Rate
from analytics.scenarios.queries import people
from analytics.scenarios.queries.figures import Wanted
from courses.catalog.naming import public
from courses.scenarios.models import Run, Scenario
from partners.models import Person
from sales.funnel import LEAST_PEOPLE

PAGE_SIZE = 30


@dataclasses.dataclass(frozen=True)
class Line:
    """A scenario with how many played it, how many of their runs came to an end, and when the last one moved."""

    scenario_id: uuid.UUID
    title: str
    language: str
    people: int
    runs: int
    finished: Rate
    last_at: dt.datetime
    is_held: bool


def played(viewer: Person, number: str | None) -> "Page[Any]":
    """Return one page of played scenarios, the last played first; its `object_list` holds Lines. Two queries."""
    rows = (
        people.runs(viewer, Wanted())
        .filter(scenario__in=Scenario.objects.visible_to(viewer))
        .order_by()
        .values(
            "scenario_id",
            title=public("title", "scenario__module__"),
            language=public("language", "scenario__module__"),
        )
        .annotate(
            people=Count("person", distinct=True),
            runs=Count("pk"),
            finished=Count("pk", filter=Q(state=Run.State.FINISHED)),
            last_at=Max("last_at"),
        )
        .order_by("-last_at", "scenario_id")
    )
    page: Page[Any] = Paginator(rows, PAGE_SIZE).get_page(number)
    page.object_list = [
        Line(
            scenario_id=row["scenario_id"],
            title=row["title"],
            language=row["language"],
            people=row["people"],
            runs=row["runs"],
            finished=Rate(row["finished"], row["runs"]),
            last_at=row["last_at"],
            is_held=viewer.of_client and row["people"] < LEAST_PEOPLE,
        )
        for row in page.object_list
    ]
    return page
