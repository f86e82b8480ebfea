"""Reads of reports, for pages and for the API: as somebody may see them."""

import datetime as dt
import uuid
from typing import Any, cast

from django.db.models import Q, QuerySet

from analytics.associations import apart
from analytics.associations.apart import Earlier
from analytics.associations.models import Report
from analytics.associations.question import Question
from partners.models import Person


def reports(viewer: Person) -> "QuerySet[Report]":
    """Return the reports that somebody may see, the newest first, without those that only found another one."""
    return Report.objects.visible_to(viewer).told().order_by("-created_at", "-pk")


def report(viewer: Person, report_id: uuid.UUID) -> Report:
    """Return one report; one that found another one's result is that one. Raises Report.DoesNotExist. One query."""
    found = Report.objects.visible_to(viewer).select_related("same_as").get(pk=report_id)
    return cast("Report | None", found.same_as) or found


def told(found: Report) -> dict[str, Any]:
    """Return a report as others read it: question, state, as of when, and every number with its interval and n."""
    result: dict[str, Any] = found.result or {}
    numbers = []
    for name in ("pooled", "within", "between", "partial", "slope", "slope_within"):
        if name in result and not (name in {"pooled", "slope"} and differs(result)):
            value, low, high = result[name]
            numbers.append(
                {"name": name, "value": value, "low": low, "high": high, "n": result["reps"]}
            )
    if same := over_time(result, found.asked.lag):
        numbers.append(same)
    return {
        "id": str(found.pk),
        "state": found.state,
        "question": found.question,
        "as_of": _moment(found.as_of),
        "inputs": found.inputs,
        "engine": found.engine,
        "grade": result.get("grade"),
        "reason": result.get("reason"),
        "reps": result.get("reps"),
        "partners": result.get("partners"),
        "missing": result.get("no_sales", 0) + result.get("no_learning", 0) if result else None,
        "smallest": result.get("smallest"),
        "numbers": numbers,
    }


def earlier(than: Report) -> list[Earlier]:
    """Return what the same organisation's reports on other questions show, of months that overlap. One query.

    The same question, asked again, isn't among them: its figures change with what is told late, not with who asks.
    """
    asked = than.asked
    same = Q(question__sales=asked.sales, question__currency=asked.currency)
    found = Report.objects.filter(
        same | Q(question__learning=asked.learning),
        organisation_id=than.organisation_id,
        state=Report.State.READY,
        question__since__lt=str(asked.until),
        question__until__gt=str(asked.since),
    ).exclude(question_key=than.question_key)
    kept = found.values_list("question", "result__marks", "result__dots", "result__people_of_dots")
    return [
        Earlier(
            Question.read(question),
            apart.shown_by({"marks": marks, "dots": dots, "people_of_dots": people}),
        )
        for question, marks, dots, people in kept
    ]


def over_time(result: dict[str, Any], lag: int) -> dict[str, Any] | None:
    """Return the number of the same rep over time at the lag that was asked for; None where its checks failed."""
    one = same_rep(result, lag)
    if one is None:
        return None
    said = {name: one[name] for name in ("value", "low", "high")}
    return {"name": "slope_same_rep", **said, "n": one["reps"]}


def same_rep(result: dict[str, Any], lag: int) -> dict[str, Any] | None:
    """Return that number as it was computed: with the reps, their companies and months that it stands on."""
    told = result.get("over_time")
    if not told or told["grade"] not in {"A", "B", "C"}:
        return None
    return next((each for each in told["strip"] if each["lag"] == lag), None)


def differs(result: dict[str, Any]) -> bool:
    """Say whether all companies together point another way than colleagues do: then no pooled number is told.

    Of results that don't say it themselves, since older rules made them, the figures do.
    """
    if "findings" in result:
        return any(each["code"] == "sign_differs" for each in result["findings"])
    pooled, within = (result.get(name, [0.0])[0] for name in ("pooled", "within"))
    return bool(pooled * within < 0)


def _moment(value: dt.datetime | None) -> str | None:
    return value.isoformat() if value else None
