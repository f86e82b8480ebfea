"""The numbers of a scenario as a file: n and interval in every row."""

import uuid
from collections.abc import Iterator

from django.http import Http404, HttpResponse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from analytics.scenarios import words
from analytics.scenarios.counting import median
from analytics.scenarios.findings import LEAST, Rate
from analytics.scenarios.queries.people import ROLES
from analytics.scenarios.views.asked import Asked, asked
from analytics.scenarios.views.shown import Row, rows
from core import rounding
from core.access import allow
from core.months import name
from core.tables import sending
from core.tables.writing import Cell
from partners.queries.client import today
from partners.requests import PersonRequest


@allow(*ROLES)
@require_safe
def numbers_csv(request: PersonRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """Every scene and choice with what people did there, as the page's filters say."""
    found = asked(request, scenario_id)
    if not found.base.runs or found.base.is_held:
        raise Http404
    return sending.as_csv(_rows(found), "scenario", today())


def _rows(found: Asked) -> Iterator[list[Cell]]:
    yield [
        pgettext("column", "Scene"),
        pgettext("column", "Choice"),
        pgettext("column", "Quality"),
        pgettext("column", "Offered"),
        pgettext("column", "Chosen"),
        pgettext("column", "Runs"),
        *_of(pgettext("column", "Came or chose")),
        *_of(pgettext("column", "Failed")),
        *_of(pgettext("column", "Left here")),
        pgettext("column", "Median time to decide (s)"),
        pgettext("column", "From"),
        pgettext("column", "Until"),
        pgettext("column", "What is counted"),
    ]
    wanted = found.wanted
    for row in rows(found):
        yield [
            row.scene_name,
            row.choice.text if row.choice else "",
            str(words.QUALITIES[row.choice.quality]) if row.choice else "",
            row.figures.offered,
            row.figures.chosen,
            row.figures.runs,
            *_rate(row.came),
            *_rate(row.failed),
            *_rate(row.left),
            _seconds(row),
            name(wanted.since) if wanted.since else "",
            name(wanted.until) if wanted.until else "",
            found.where,
        ]


def _of(label: str) -> list[str]:
    return [
        label,
        pgettext("column", "%(what)s: n") % {"what": label},
        pgettext("column", "%(what)s: share (%%)") % {"what": label},
        pgettext("column", "%(what)s: 95%% interval from") % {"what": label},
        pgettext("column", "%(what)s: until") % {"what": label},
    ]


def _rate(rate: Rate | None) -> list[Cell]:
    """Return a share with what it stands on; of fewer than five runs only the counts."""
    if rate is None:
        return ["", "", "", "", ""]
    if not rate.enough:
        return [rate.part, rate.n, "", "", ""]
    return [
        rate.part,
        rate.n,
        *(float(rounding.rounded(100 * each, 1)) for each in (rate.share, *rate.interval)),
    ]


def _seconds(row: Row) -> Cell:
    seconds = median(row.figures.thought) if sum(row.figures.thought) >= LEAST else None
    return None if seconds is None else float(rounding.rounded(seconds, 1))
