"""The course view: what sales did around completion, beside reps who hadn't completed the course yet."""

import dataclasses
import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from analytics.associations import figures, telling, words
from analytics.associations import studies as actions
from analytics.associations.listing import METHODS
from analytics.associations.models import CourseStudy
from analytics.associations.plot import Tick
from analytics.associations.queries import studies
from analytics.associations.views.around import Point, drawn
from analytics.associations.views.office import WHO, office
from core.access import allow
from core.months import before
from core.tables import sending, writing
from courses.catalog.models import Course
from partners.models import Person
from partners.requests import PersonRequest


@dataclasses.dataclass(frozen=True)
class Answer:
    """One measure of sales around completion."""

    sales: str
    grade: str
    sentence: str
    stands_on: str
    doubts: Sequence[str]
    points: Sequence[Point]
    y_ticks: Sequence[Tick]
    zero: str
    band_width: str


_NAME = "course"
_WIDTHS = (18, 28, 12, 12, 12, 10, 10, 8, 10, 18, 12, 24, 16, 18)

_POINTS = dict.fromkeys(words.SALES, "")
"""Every measure that is studied is a share: differences are percentage points."""


def names(course: Course) -> dict[str, str]:
    """Return what columns are called."""
    return {"treated": course.title, **{key: str(words.SALES[key]) for key in words.SALES}}


def answers(course: Course, result: Mapping[str, Any]) -> list[Answer]:
    """Return every measure's answer, in words and places."""
    called = names(course)
    return _together([_answer(each, result, called) for each in result["answers"]])


def _together(found: Sequence[Answer]) -> list[Answer]:
    """Say once what measures without a number have alike."""
    kept: dict[tuple[object, ...], Answer] = {}
    for each in found:
        alike = (each.sentence, each.stands_on, *each.doubts)
        key = (each.sales,) if each.points or each.grade != "E" else alike
        kept[key] = (
            dataclasses.replace(kept[key], sales=f"{kept[key].sales} · {each.sales}")
            if key in kept
            else each
        )
    return list(kept.values())


def _answer(
    told: Mapping[str, Any], result: Mapping[str, Any], called: Mapping[str, str]
) -> Answer:
    times = [
        each
        for each in result["estimates"]
        if each["method"] == "event_time" and each["sales"] == told["sales"]
    ]
    places = figures.digits(*(each["value"] for each in times))
    return Answer(
        sales=called[told["sales"]],
        grade=told["grade"],
        sentence=telling.sentence(told, called, _POINTS),
        stands_on=telling.stands_on(told, result["facts"], _POINTS),
        doubts=[telling.finding(each, called, "") for each in told["findings"]],
        **drawn(times, partial(figures.difference, digits=places)),
    )


@allow(*WHO)
@require_safe
def courses(request: PersonRequest) -> HttpResponse:
    """Every course, and whether it was looked at."""
    return render(request, "associations/courses.html", {"lines": studies.courses(office(request))})


@allow(*WHO)
@require_safe
def course(request: PersonRequest, course_id: uuid.UUID) -> HttpResponse:
    """One course: the answers first, then what they stand on; while they are computed, that they are."""
    viewer, found = office(request), get_object_or_404(Course, pk=course_id)
    study = _study(viewer, course_id, request.GET.get("study", ""))
    address = reverse("associations:course", args=[course_id])
    if study:
        address = f"{address}?study={study.pk}"
    context: dict[str, Any] = {"course": found, "study": study, "address": address}
    if study and study.state == CourseStudy.State.READY:
        result: dict[str, Any] = study.result or {}
        context["answers"] = answers(found, result)
        context["doubts"] = [
            telling.finding(each, names(found), "") for each in result.get("general", ())
        ]
        context["last"] = before(study.until) if study.until else None
    elif study and study.state == CourseStudy.State.WAITING:
        context["before"] = studies.before(study)
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return render(request, "associations/_course.html", context)
    return render(request, "associations/course.html", context)


def _study(viewer: Person, course_id: uuid.UUID, wanted: str) -> CourseStudy | None:
    """Return the course's newest study, or the one of a permanent link. Raises Http404 where that isn't there."""
    if not wanted:
        return studies.study(viewer, course_id)
    try:
        found = studies.study(viewer, course_id, uuid.UUID(wanted))
    except ValueError as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


@allow(*WHO)
@require_POST
def ask_course(request: PersonRequest, course_id: uuid.UUID) -> HttpResponse:
    """Let a course be looked at now."""
    actions.ask(actor=office(request), course=get_object_or_404(Course, pk=course_id))
    return redirect("associations:course", course_id)


@allow(*WHO)
@require_safe
def course_csv(request: PersonRequest, course_id: uuid.UUID) -> HttpResponse:
    """The numbers of a course as CSV."""
    study = _ready(request, course_id)
    return sending.as_csv(_table(study.course, study), _NAME, study.day)


@allow(*WHO)
@require_safe
def course_xlsx(request: PersonRequest, course_id: uuid.UUID) -> HttpResponse:
    """The numbers of a course as a workbook."""
    study = _ready(request, course_id)
    rows = _table(study.course, study)
    return sending.as_excel(rows, _NAME, study.day, title=_("Numbers"), widths=_WIDTHS)


def _ready(request: PersonRequest, course_id: uuid.UUID) -> CourseStudy:
    study = _study(office(request), course_id, request.GET.get("study", ""))
    if study is None or study.state != CourseStudy.State.READY:
        raise Http404
    return study


def _table(course: Course, study: CourseStudy) -> Iterator[list[writing.Cell]]:
    yield [
        pgettext("report", "Sales"),
        pgettext("report", "Number"),
        pgettext("report", "Value"),
        pgettext("report", "Interval from"),
        pgettext("report", "Interval to"),
        "p",
        "q",
        pgettext("report", "Reps"),
        pgettext("report", "Companies"),
        pgettext("report", "Looked at"),
        pgettext("report", "Evidence grade"),
        pgettext("report", "As of"),
        pgettext("report", "Rules"),
        pgettext("report", "Unit"),
    ]
    result, called = study.result or {}, names(course)
    grades = {each["sales"]: each["grade"] for each in result["answers"]}
    tests = result["facts"].get("tests", 1) or 1
    for each in result["estimates"]:
        yield [
            called.get(each["sales"], each["sales"]),
            _name(each),
            *(figures.short(each[name]) for name in ("value", "low", "high", "p", "q")),
            each["n_units"],
            each["n_groups"],
            _("1 of %(n)s tested") % {"n": tests},
            grades.get(each["sales"], "E"),
            words.stamp(study.as_of),
            study.engine,
            _("percentage points"),
        ]


def _name(told: Mapping[str, Any]) -> str:
    if told["method"] == "event_time":
        return _("Months since completion: %(n)s") % {"n": told["details"]["since"]}
    return str(METHODS[told["method"]])
