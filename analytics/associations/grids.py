"""Keeping grids: made at night for each organisation, as it may see its figures."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from analytics.associations import measures
from analytics.associations.models import Cell, Grid
from analytics.associations.queries import grids
from analytics.associations.queries.grids import Figures
from core.months import before
from core.scope import CLIENT, scoped
from partners.models import Organisation

Engine = Callable[[Figures], Mapping[tuple[str, str, str], Any]]
"""Says for learning, sales and currency what was found."""


def keep(organisation: Organisation, today: dt.date, *, engine: Engine, version: str) -> Grid:
    """Keep an organisation's grid of the last whole months; figures that made one already find it again."""
    until = today.replace(day=1)
    since, lag = before(until, measures.USUAL_LENGTH), measures.USUAL_LAG
    of_client = organisation.kind == Organisation.Kind.CLIENT
    with scoped(CLIENT if of_client else organisation.pk):
        figures = grids.figures(since, until, lag, None if of_client else organisation.pk)
    now = timezone.now()
    key = {
        "organisation_id": organisation.pk,
        "since": since,
        "until": until,
        "lag": lag,
        "inputs": figures.print,
        "engine": version,
    }
    if Grid.objects.filter(**key).update(checked_at=now):
        return Grid.objects.get(**key)
    found = engine(figures)
    return _written(key, figures, found, now)


@transaction.atomic
def _written(
    key: dict[str, Any],
    figures: Figures,
    found: Mapping[tuple[str, str, str], Any],
    now: dt.datetime,
) -> Grid:
    grid, is_new = Grid.objects.get_or_create(
        **key,
        defaults={
            "as_of": now,
            "checked_at": now,
            "people": figures.people,
            "reps": len(figures.rows),
            "partners": len({row.organisation_id for row in figures.rows}),
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
