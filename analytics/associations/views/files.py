"""The numbers of a report as files: n and interval in every row."""

import dataclasses
import uuid
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from analytics.associations import figures, result_words, words
from analytics.associations.models import OFFICE, Report
from analytics.associations.queries import grids, reports
from analytics.associations.question import Question
from analytics.associations.views.shown import labelled
from core.access import allow
from core.months import before
from core.tables import sending
from core.tables.writing import Cell
from partners.models import Person
from partners.requests import PersonRequest

_WIDTHS = (28, 14, 14, 14, 8, 12, 14, 10, 20, 20, 8, 12, 28, 28, 24, 8, 10, 18, 28, 60)

_NAME = "learning-to-sales"

_SAID = ("value", "low", "high")


@allow(*OFFICE)
@require_safe
def numbers_csv(request: PersonRequest, report_id: uuid.UUID) -> HttpResponse:
    """The numbers as CSV."""
    found = _ready(request.person, report_id)
    return sending.as_csv(_rows(request.person, found), _NAME, found.day)


@allow(*OFFICE)
@require_safe
def numbers_xlsx(request: PersonRequest, report_id: uuid.UUID) -> HttpResponse:
    """The numbers as a workbook."""
    found = _ready(request.person, report_id)
    rows = _rows(request.person, found)
    return sending.as_excel(rows, _NAME, found.day, title=_("Numbers"), widths=_WIDTHS)


def _ready(viewer: Person, report_id: uuid.UUID) -> Report:
    try:
        found = reports.report(viewer, report_id)
    except Report.DoesNotExist as error:
        raise Http404 from error
    if found.state != Report.State.READY:
        raise Http404
    return found


def _header() -> list[Cell]:
    return [
        pgettext("report", "Number"),
        pgettext("report", "Value"),
        pgettext("report", "Interval from"),
        pgettext("report", "Interval to"),
        pgettext("report", "Reps"),
        pgettext("report", "Companies"),
        _("Months of reps"),
        pgettext("report", "Missing (%)"),
        pgettext("report", "Sales from"),
        pgettext("report", "Sales until"),
        pgettext("report", "Lag"),
        pgettext("report", "Evidence grade"),
        pgettext("report", "Learning"),
        pgettext("report", "Sales"),
        pgettext("report", "As of"),
        pgettext("report", "Rules"),
        "q",
        pgettext("report", "Looked at"),
        pgettext("report", "Among"),
        _("Doubts"),
    ]


def _rows(viewer: Person, found: Report) -> Iterator[list[Cell]]:
    """Yield the header and a row for each number; where nothing is said, one row that says why."""
    yield _header()
    told = reports.told(found)
    line, question = labelled(viewer, [found])[0], found.asked
    result: dict[str, Any] = found.result or {}
    names = words.numbers()
    cell = grids.cell_of(viewer, question)
    doubts = " ".join(result_words.findings(question, result))
    among = ", ".join(line.where) or _("everybody")
    for each in _lines(told, result, question):
        of_cell = cell if each.number[0] == names[str(result.get("headline", "within"))] else None
        yield [
            *each.number,
            *_stands_on(each.stands_on),
            float(words.missing(result)),
            f"{question.since:%Y-%m}",
            f"{before(question.until):%Y-%m}",
            f"t+{each.lag}",
            each.grade,
            line.learning,
            line.sales,
            words.stamp(found.as_of),
            found.engine,
            figures.short(of_cell.q) if of_cell else None,
            _("1 of %(n)s tested") % {"n": of_cell.grid.tested} if of_cell else "",
            among,
            doubts,
        ]


@dataclasses.dataclass(frozen=True)
class _Line:
    """A number with its name and interval, what it stands on, its lag and its own grade."""

    number: list[Cell]
    stands_on: dict[str, Any]
    lag: int
    grade: str


def _lines(told: dict[str, Any], result: dict[str, Any], question: Question) -> Iterator[_Line]:
    """Yield the numbers of a report, then what would have been seen, then the same rep at the other lags."""
    names, grade = words.numbers(), told["grade"]
    unit = words.scale(question.sales, question.currency) / words.scale(question.learning)
    same = reports.same_rep(result, question.lag)
    for n in told["numbers"]:
        scale = unit if "slope" in n["name"] else 1
        number: list[Cell] = [names[n["name"]], *(figures.short(n[end], scale) for end in _SAID)]
        is_same = n["name"] == "slope_same_rep"
        stands_on = same if is_same and same else told
        yield _Line(number, stands_on, question.lag, _grade(grade, same_rep=is_same))
    own = _grade(grade, same_rep=False)
    if not told["numbers"]:
        yield _Line([words.nothing(result), "", "", ""], told, question.lag, own)
    smallest = [words.smallest_short(), figures.short(told["smallest"]), "", ""]
    yield _Line(smallest, told, question.lag, own)
    if "reason" in result:  # of too few nothing is told
        return
    for each in (result.get("over_time") or {}).get("strip", ()):
        if each is not same:  # what stands beside it on the page, and has no grade of its own
            value = [figures.short(each[end], unit) for end in _SAID]
            yield _Line([names["slope_same_rep"], *value], each, each["lag"], "")


def _stands_on(told: dict[str, Any]) -> list[Cell]:
    """Return how many reps and companies a number stands on, and of the same rep over time how many months."""
    return [told["reps"], told["partners"], told.get("months", "")]


def _grade(told: str, *, same_rep: bool) -> str:
    """Return a number's own grade: reps beside each other never have more than D, the same rep over time has C."""
    if same_rep:
        return "C"
    return "D" if told == "C" else str(told)
