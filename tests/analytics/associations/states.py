"""Every state in which pages of learning and sales can be, made at once: for those who look at pages."""

import datetime as dt
from typing import Any

from analytics.associations import measures
from analytics.associations.models import Cell, CourseStudy, Grid, Report
from analytics.associations.question import Question
from partners.models import Person
from tests.analytics.associations.factories import found, ready_grid, ready_report, ready_study
from tests.courses.factories import make_course
from tests.partners.factories import make_partner, make_person

ASK = "/reports/learning-to-sales/"
_MONTH = dt.date(2025, 11, 1)


def states(viewer: Person) -> dict[str, str]:
    """Make one of each for the organisation of this person; returns their addresses by name."""
    reports = {name: ready_report(viewer, result, **asked) for name, result, asked in _results()}
    others = {name: _other(viewer, name) for name in (Report.State.WAITING, Report.State.FAILED)}
    courses = {
        name: make_course(f"価格の対話 {name}") for name in ("told", "few", "waiting", "never")
    }
    ready_study(viewer.organisation, courses["told"], study())
    ready_study(viewer.organisation, courses["few"], study(few=True))
    CourseStudy.objects.create(
        organisation=viewer.organisation, course=courses["waiting"], requested_by=viewer
    )
    every_pair(ready_grid(viewer.organisation))
    return {
        "ask": ASK,
        "grid": f"{ASK}grid/",
        "courses": f"{ASK}courses/",
        **{name: f"{ASK}{report.pk}/" for name, report in {**reports, **others}.items()},
        **{f"course {name}": f"{ASK}courses/{each.pk}/" for name, each in courses.items()},
    }


def _results() -> list[tuple[str, dict[str, Any] | None, dict[str, Any]]]:
    few = {"people": 30, "reps": 12, "partners": 2, "no_sales": 18, "no_learning": 0, "grade": "E"}
    bins = [[600.0 * x, 200_000.0 * y, 1 + x * y] for x in range(9) for y in range(9)]
    heaps = {key: value for key, value in found().items() if key != "dots"} | {
        "bins": bins,
        "places": [
            {**place, "learning": 2400.0, "sales": 800_000.0 + 9e4 * n, "from": 600.0, "to": 4200.0}
            for n, place in enumerate(found()["places"])
        ],
        "middle": [2400.0, 800_000.0],
        "span": [0.0, 4800.0],
        "slope": [40.0, 10.0, 70.0],
        "slope_within": [90.0, 60.0, 120.0],
        "pooled": [0.3, 0.1, 0.5],
    }
    unclear = {**found(), "within": [0.05, -0.1, 0.2], "pooled": [0.1, -0.1, 0.3], "smallest": 0.2}
    alone = {
        key: value
        for key, value in found(partners=1).items()
        if key not in {"within", "slope_within"}
    }
    return [
        ("told", whose({**found(), "grade": "C", "over_time": over_time()}), {}),
        ("money", heaps, {"sales": measures.AMOUNT, "currency": "JPY", "learning": measures.MINUTES}),
        ("unclear", {**unclear, "over_time": over_time("D", ["lead"])}, {"sales": measures.WIN}),
        ("one company", alone, {"sales": measures.QUALIFIED}),
        ("few", {**few, "reason": measures.FEW, "smallest": 0.72}, {"lag": 0}),
        ("alike", {**few, "reason": measures.SAME_LEARNING}, {"lag": 2}),
    ]  # fmt: skip


def whose(result: dict[str, Any]) -> dict[str, Any]:
    """Give each dot a rep."""
    place = make_partner()
    people = [make_person(place, sign_in=False) for _ in result["dots"]]
    return {**result, "people_of_dots": [str(each.pk) for each in people]}


def over_time(grade: str = "C", doubts: list[str] | None = None) -> dict[str, Any]:
    """Return what the same reps tell over time, at four lags, with the check."""
    stands = {"p": 0.001, "smallest": 0.004, "months": 3456, "reps": 36, "partners": 6}
    strip = [
        {"lag": lag, "value": value, "low": value - 0.003, "high": value + 0.003, **stands}
        for lag, value in enumerate((0.002, 0.008, 0.004, 0.001))
    ]
    lead = {**strip[3], "lag": -1}
    return {"grade": grade, "doubts": doubts or [], "strip": strip, "lead": lead}


def _other(viewer: Person, state: str) -> Report:
    question = Question(since=_MONTH, until=dt.date(2026, 11, 1), lag=3)
    return Report.objects.create(
        organisation_id=viewer.organisation_id,
        requested_by=viewer,
        question=question.told(),
        question_key=f"{question.key[:50]}{state}",
        state=state,
    )


def every_pair(grid: Grid) -> None:
    """Give a grid all of its cells: some marked, some pale, and a currency whose cells say too little."""
    have = {(cell.learning, cell.sales) for cell in grid.cells.all()}
    pairs = [(x, y) for x in measures.LEARNING for y in measures.SALES if (x, y) not in have]
    for n, (learning, sales) in enumerate(pairs):
        value = round(0.45 - 0.06 * n, 2)
        said = {
            "value": value,
            "low": value - 0.2,
            "high": value + 0.2,
            "p": 0.01,
            "q": 0.03 + 0.01 * n,
        }
        nothing = {"reason": measures.SAME_SALES if n % 2 else measures.FEW}
        Cell.objects.create(
            grid=grid,
            organisation_id=grid.organisation_id,
            learning=learning,
            sales=sales,
            currency="JPY" if sales in measures.OF_MONEY else "",
            reps=36,
            partners=6,
            **(nothing if sales == measures.DEAL else {**said, "smallest": 0.4}),
        )  # fmt: skip
    grid.tested = grid.cells.filter(reason="").count()
    grid.save()


def study(*, few: bool = False) -> dict[str, Any]:
    """Return a course's study: the first measure told, the second refused after a dip, the third of too few."""
    times = [_time(since, 0.1 if since < 0 else 1.2 + since / 5) for since in range(-6, 7)]
    first = {**_time(0, 2.1), "method": "event_study", "details": {}}
    doubt = {"code": "pre_trend_power", "kind": "warning", "about": "", "values": {"drift": 1.4}}
    dip = {"code": "dip", "kind": "refusal", "about": "", "values": {}}
    nobody = {
        "code": "few_units",
        "kind": "refusal",
        "about": "",
        "values": {"units": 12, "least": 30},
    }
    told = [
        _answer("appointments", "B", first, [doubt]),
        _answer("qualified", "D", None, [dip]),
        _answer("win", "E", None, [nobody], reasons=["few_units"]),
    ]  # fmt: skip
    return {
        "answers": [{**told[2], "sales": each} for each in ("appointments", "qualified", "win")]
        if few
        else told,
        "estimates": [] if few else [first, *times],
        "findings": [],
        "facts": {
            "units": 320, "groups": 17, "times": 24, "lag": 0, "missing": 0.03, "period": "month",
            "grouped": True, "timed": True, "tests": 3,
        },
        "grade": "E" if few else "B",
    }  # fmt: skip


def _time(since: int, value: float) -> dict[str, Any]:
    return {
        "method": "event_time", "learning": "treated", "sales": "appointments", "value": value,
        "se": 0.5, "low": value - 1.0, "high": value + 1.0, "p": 0.01, "q": None, "n_rows": 900,
        "n_units": 320, "n_groups": 17, "lag": 0, "unit_of_measure": "sales", "errors": "company",
        "details": {"since": since},
    }  # fmt: skip


def _answer(
    sales: str,
    grade: str,
    headline: dict[str, Any] | None,
    findings: list[dict[str, Any]],
    *,
    reasons: list[str] | None = None,
) -> dict[str, Any]:
    return {
        "learning": "treated", "sales": sales, "grade": grade, "reasons": reasons or [],
        "headline": headline, "smallest": None if grade == "E" else 1.1, "findings": findings,
    }  # fmt: skip
