"""The launch view: sales of companies that launched a course, beside those of companies that had not."""

import uuid
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from analytics.associations import figures, launch_words, words
from analytics.associations import launches as actions
from analytics.associations.forms import LaunchForm
from analytics.associations.listing import METHODS
from analytics.associations.models import LaunchStudy
from analytics.associations.queries import launches as queries
from analytics.associations.views.launch_shown import shown
from analytics.associations.views.office import WHO, office
from core.access import allow
from core.months import before
from core.tables import sending, writing
from partners.models import Person
from partners.requests import PersonRequest

PAGE_SIZE = 20

_NAME = "launch"
_WIDTHS = (28, 12, 12, 12, 10, 8, 10, 12, 18, 28, 12, 12, 24, 16)


@allow(*WHO)
@require_http_methods(["GET", "HEAD", "POST"])
def launches(request: PersonRequest) -> HttpResponse:
    """Ask for the launch of a course; below it, what was asked before."""
    viewer, status = office(request), HTTPStatus.OK
    if request.method == "POST":
        form = LaunchForm(request.POST, viewer=viewer)
        if form.is_valid():
            return redirect("associations:launch", actions.ask(actor=viewer, **form.wish()).pk)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        form = LaunchForm(viewer=viewer)
    page = Paginator(queries.studies(viewer), PAGE_SIZE).get_page(request.GET.get("page"))
    lines = [(each, launch_words.measure(each.sales, each.currency)) for each in page.object_list]
    context = {"form": form, "page": page, "lines": lines}
    return render(request, "associations/launches.html", context, status=status)


def _study(viewer: Person, study_id: uuid.UUID) -> LaunchStudy:
    try:
        return queries.study(viewer, study_id)
    except LaunchStudy.DoesNotExist as error:
        raise Http404 from error


@allow(*WHO)
@require_safe
def launch(request: PersonRequest, study_id: uuid.UUID) -> HttpResponse:
    """One launch: the answer first, then what it stands on; while it is computed, that it is."""
    study = _study(office(request), study_id)
    if study.pk != study_id:
        return redirect("associations:launch", study.pk)
    context: dict[str, Any] = {"study": study, "shown": shown(request.person, study)}
    if study.state == LaunchStudy.State.WAITING:
        context["ahead"] = queries.ahead(study)
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return render(request, "associations/_launch.html", context)
    context["form"] = LaunchForm(viewer=request.person, study=study)
    return render(request, "associations/launch.html", context)


@allow(*WHO)
@require_safe
def launch_csv(request: PersonRequest, study_id: uuid.UUID) -> HttpResponse:
    """The numbers of a launch as CSV."""
    study = _ready(request, study_id)
    return sending.as_csv(_table(study), _NAME, study.day)


@allow(*WHO)
@require_safe
def launch_xlsx(request: PersonRequest, study_id: uuid.UUID) -> HttpResponse:
    """The numbers of a launch as a workbook."""
    study = _ready(request, study_id)
    rows = _table(study)
    return sending.as_excel(rows, _NAME, study.day, title=_("Numbers"), widths=_WIDTHS)


def _ready(request: PersonRequest, study_id: uuid.UUID) -> LaunchStudy:
    study = _study(office(request), study_id)
    if study.state != LaunchStudy.State.READY:
        raise Http404
    return study


def _table(study: LaunchStudy) -> Iterator[list[writing.Cell]]:
    """Yield the header and a row for each number; where nothing is said, one row that says why."""
    yield [
        pgettext("report", "Number"),
        pgettext("report", "Value"),
        pgettext("report", "Interval from"),
        pgettext("report", "Interval to"),
        "p",
        pgettext("report", "Reps"),
        pgettext("report", "Companies"),
        pgettext("report", "Evidence grade"),
        pgettext("report", "Sales"),
        pgettext("report", "Course"),
        pgettext("report", "Sales from"),
        pgettext("report", "Sales until"),
        pgettext("report", "As of"),
        pgettext("report", "Rules"),
    ]
    result: dict[str, Any] = study.result or {}
    facts = result["facts"]
    common: list[writing.Cell] = [
        result["grade"],
        launch_words.measure(study.sales, study.currency),
        study.course.title,
        f"{study.since:%Y-%m}" if study.since else "",
        f"{before(study.until):%Y-%m}" if study.until else "",
        words.stamp(study.as_of),
        study.engine,
    ]
    if not result["estimates"]:
        said = launch_words.sentence(result["answer"], study.course.title, study.currency)
        yield [said, "", "", "", "", facts["units"], facts["groups"], *common]
    for each in result["estimates"]:
        numbers = [figures.short(each[name]) for name in ("value", "low", "high", "p")]
        yield [_name(each), *numbers, each["n_units"], each["n_groups"], *common]
    for name, value, reps, companies in _means(result):
        yield [name, figures.short(value), "", "", "", reps, companies, *common]


def _means(result: dict[str, Any]) -> Iterator[tuple[str, float, int, int]]:
    sides = {
        "launched": _("Mean of who launched, %(month)s"),
        "others": _("Mean of who had not, %(month)s"),
    }
    for each in result["drawn"]["months"] if result["drawn"] else ():
        for side, name in sides.items():
            if each[side]:
                yield (name % {"month": each["month"]}, *each[side])


def _name(told: dict[str, Any]) -> str:
    if told["method"] == "event_time":
        return _("Months since the launch: %(n)s") % {"n": told["details"]["since"]}
    return str(METHODS[told["method"]])
