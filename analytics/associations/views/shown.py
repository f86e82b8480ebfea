"""What a report's page shows: the result in words, places and drawings."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from analytics.associations import grid_words, measures, result_words, words
from analytics.associations.models import Report
from analytics.associations.plot import Axis, Bars, Field, Plot, axis, bars, plot
from analytics.associations.queries import grids
from analytics.associations.queries.kept import kept
from analytics.associations.queries.reports import differs
from analytics.associations.question import Question
from analytics.associations.views import dots
from analytics.associations.views.same import Same, same
from core.words import month
from courses.catalog.models import Course
from partners.models import Organisation, Person, Team
from sales.models import Product

_WHERE = {
    "organisation_id": Organisation,
    "team_id": Team,
    "product_id": Product,
    "course_id": Course,
}


@dataclasses.dataclass(frozen=True)
class Line:
    """A report in a list: what was asked, and of whom."""

    report: Report
    learning: str
    sales: str
    where: Sequence[str]
    months: str


@dataclasses.dataclass(frozen=True)
class Shown:
    """Everything that the page of a report draws."""

    line: Line
    question: Question
    result: dict[str, Any]
    sentence: str = ""
    stands_on: str = ""
    differ: str = ""
    smallest: str = ""
    plot: Plot | None = None
    bars: Bars | None = None
    estimates: Sequence[tuple[str, Sequence[float | None]]] = ()
    pooled_is_hidden: bool = False
    equally_long: tuple[str, str] = ("", "")
    same: Same | None = None
    dots_of: Sequence[dots.Company] = ()
    needed: str = ""
    instead: str = ""
    one_of: str = ""
    open: Sequence[str] = ()
    late: Sequence[str] = ()
    changed: Sequence[str] = ()
    refused: Sequence[str] = ()
    doubted: Sequence[str] = ()


def labelled(viewer: Person, found: Iterable[Report]) -> list[Line]:
    """Return reports as lines of a list. Four queries at most, however many they are."""
    found = list(found)
    asked = [each.asked for each in found]
    names = {
        name: _names(viewer, model, {getattr(each, name) for each in asked} - {None})
        for name, model in _WHERE.items()
    }
    return [
        Line(
            report=report,
            learning=str(words.LEARNING[question.learning]),
            sales=_sales(question),
            where=[
                str(names[name].get(getattr(question, name), "…"))
                for name in _WHERE
                if getattr(question, name) is not None
            ],
            months=words.months(question.since, question.until),
        )
        for report, question in zip(found, asked, strict=True)
    ]


def _sales(question: Question) -> str:
    money = f" ({question.currency})" if question.currency else ""
    return f"{words.SALES[question.sales]}{money}"


def _names(viewer: Person, model: Any, ids: set[Any]) -> dict[Any, str]:
    if not ids:
        return {}
    rows = model.objects.visible_to(viewer) if model in {Organisation, Team} else model.objects
    return {
        row.pk: getattr(row, "name", "") or getattr(row, "title", "")
        for row in rows.filter(pk__in=ids)
    }


def shown(viewer: Person, report: Report) -> Shown:
    """Return what the page of this report shows."""
    line, question = labelled(viewer, [report])[0], report.asked
    result: dict[str, Any] = report.result or {}
    if not result:
        return Shown(line, question, result)
    found = Shown(
        line,
        question,
        result,
        sentence=words.sentence(question, result),
        smallest=words.smallest(result),
        needed=words.needed(question, result),
        instead=words.instead(question, result) if "reason" in result else "",
        one_of=grid_words.one_of(grids.cell_of(viewer, question)),
        refused=result_words.findings(question, result, "refusal"),
        doubted=result_words.findings(question, result, "warning"),
        **_fixed(viewer, report),
    )
    if "reason" in result:
        return found
    estimates = [(name, result[name]) for name in ("pooled", "within", "between") if name in result]
    if result.get("headline") == "pooled":
        estimates = estimates[:1]
    hidden, seen = differs(result), dots.names(viewer, result)
    estimates = [each for each in estimates if not (hidden and each[0] == "pooled")]
    return dataclasses.replace(
        found,
        stands_on=words.stands_on(question, result),
        differ=words.companies_differ(result),
        plot=_plot(question, result, dots.leads(result, seen)) if result["places"] else None,
        dots_of=dots.companies(question, result, seen),
        bars=bars(estimates, lambda value: f"{value:g}".replace("-", "−")),
        estimates=estimates,
        pooled_is_hidden=hidden,
        equally_long=words.equally_long(result),
        same=same(question, result["over_time"]) if "over_time" in result else None,
    )


def _fixed(viewer: Person, report: Report) -> dict[str, Any]:
    """Return how far the figures are fixed, in words. Two queries."""
    question = report.asked
    found = kept(viewer, question.learning_since, question.until)
    changed = found.changed_since(report.as_of) if report.as_of else []
    return {
        "open": [month(each) for each in found.open],
        "late": grid_words.told_late(found.revisions),
        "changed": [month(each) for each in changed],
    }


def _plot(question: Question, result: dict[str, Any], urls: Sequence[str] = ()) -> Plot:
    cloud = result.get("dots") or [(0, x, y) for x, y, _n in result.get("bins", [])]
    xs = [each[1] for each in cloud] or [result["middle"][0]]
    ys = [each[2] for each in cloud] or [result["middle"][1]]
    field = Field(
        _axis(question.learning, xs, from_zero=question.learning != measures.QUIZ),
        _axis(question.sales, ys, from_zero=True),
    )
    return plot(
        result,
        field,
        (
            lambda value: words.tick(question.learning, value),
            lambda value: words.tick(question.sales, value, question.currency),
        ),
        urls,
    )


def _axis(measure: str, values: Sequence[float], *, from_zero: bool) -> Axis:
    if measure == measures.MINUTES:  # ticks at whole minutes
        minutes = axis(min(values) / 60, max(values) / 60, from_zero=from_zero)
        return Axis(minutes.low * 60, minutes.high * 60, [60 * each for each in minutes.ticks])
    whole = 1000.0 if measure == measures.QUIZ else 1.0
    most = whole if measure in measures.SHARES else float("inf")
    return axis(min(values), max(values), from_zero=from_zero, most=most)
