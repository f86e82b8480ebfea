"""Grids: made at night for each organisation, as it may see its figures, and when somebody asks for other months."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from analytics.associations import measures, steps, waiting
from analytics.associations.models import AskedGrid, Cell, Grid
from analytics.associations.queries import grids
from analytics.associations.queries.grids import Figures
from core.months import before
from core.scope import CLIENT, scoped
from partners.models import Organisation, Person

Found = Mapping[tuple[str, str, str], Any]
"""For learning, sales and currency what was found."""

Engine = Callable[[Figures], tuple[int, int, Found]]
"""Says how many reps and companies there are, and what was found."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which grid: sales of these months, learning so many months before each."""

    since: dt.date
    until: dt.date
    lag: int


def wanted(today: dt.date, months: int, lag: int) -> Wanted:
    """Return the grid of the last whole months."""
    until = today.replace(day=1)
    return Wanted(since=before(until, months), until=until, lag=lag)


def ask(*, actor: Person, which: Wanted) -> AskedGrid:
    """Return the grid that is waited for; one that waits already is not asked for twice."""
    return waiting.ask(AskedGrid, actor, dataclasses.asdict(which))


def compute_waiting(*, engine: Engine, version: str) -> int:
    """Compute every grid that waits; returns how many. In the client's scope."""
    return waiting.work_off(AskedGrid, lambda row, tell: _compute(row, engine, version, tell))


def _compute(row: AskedGrid, engine: Engine, version: str, tell: steps.Tell) -> None:
    which = Wanted(since=row.since, until=row.until, lag=row.lag)
    row.grid = _made(row.organisation, which, engine, version, tell)
    row.state, row.step, row.as_of = AskedGrid.State.READY, row.steps, timezone.now()
    row.save()


def keep(organisation: Organisation, today: dt.date, *, engine: Engine, version: str) -> Grid:
    """Keep an organisation's grid of the last whole months; figures that made one already find it again."""
    which = wanted(today, measures.USUAL_LENGTH, measures.USUAL_LAG)
    return _made(organisation, which, engine, version, steps.nobody)


def _made(
    organisation: Organisation, which: Wanted, engine: Engine, version: str, tell: steps.Tell
) -> Grid:
    of_client = organisation.kind == Organisation.Kind.CLIENT
    tell(steps.READING)
    with scoped(CLIENT if of_client else organisation.pk):
        figures = grids.figures(
            which.since, which.until, which.lag, None if of_client else organisation.pk
        )
    now = timezone.now()
    key = {
        "organisation_id": organisation.pk,
        **dataclasses.asdict(which),
        "inputs": figures.print,
        "engine": version,
    }
    if Grid.objects.filter(**key).update(checked_at=now):
        return Grid.objects.get(**key)
    tell(steps.LOOKING)
    found = engine(figures)
    tell(steps.WRITING)
    return _written(key, figures.people, found, now)


@transaction.atomic
def _written(
    key: dict[str, Any], people: int, told: tuple[int, int, Found], now: dt.datetime
) -> Grid:
    reps, partners, found = told
    grid, is_new = Grid.objects.get_or_create(
        **key,
        defaults={
            "as_of": now,
            "checked_at": now,
            "people": people,
            "reps": reps,
            "partners": partners,
            "tested": sum(not each.reason for each in found.values()),
        },
    )
    if is_new:
        Cell.objects.bulk_create(
            Cell(
                grid=grid,
                organisation_id=key["organisation_id"],
                learning=learning,
                sales=sales,
                currency=currency,
                **vars(each),
            )
            for (learning, sales, currency), each in found.items()
        )
    return grid
