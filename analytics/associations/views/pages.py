"""Pages of the report: asking, waiting, reading; and the reports of before."""

import uuid
from http import HTTPStatus

from django.core.paginator import Paginator
from django.db.models.fields.json import KT
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from analytics.associations import actions
from analytics.associations.forms import QuestionForm
from analytics.associations.models import OFFICE, Report
from analytics.associations.queries import reports
from analytics.associations.views.office import may_enter
from analytics.associations.views.shown import labelled, shown
from core.access import allow
from partners.queries.client import today
from partners.requests import PersonRequest

PAGE_SIZE = 20


@allow(*OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PersonRequest) -> HttpResponse:
    """Ask: which learning, which sales, of whom and when. Below it, what was asked before."""
    viewer, day = request.person, today()
    status = HTTPStatus.OK
    if request.method == "POST":
        form = QuestionForm(request.POST, viewer=viewer, today=day)
        if form.is_valid():
            return redirect(
                "associations:report", actions.ask(actor=viewer, question=form.question()).pk
            )
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        form = QuestionForm(viewer=viewer, today=day)
    found = (
        reports.reports(viewer)
        .defer("result")
        .annotate(grade=KT("result__grade"))
        .select_related("requested_by")
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": labelled(viewer, page.object_list),
        "is_office": may_enter(viewer),
    }
    return render(request, "associations/ask.html", context, status=status)


@allow(*OFFICE)
@require_safe
def report(request: PersonRequest, report_id: uuid.UUID) -> HttpResponse:
    """One report: the answer first, then what it stands on; while it is computed, that it is."""
    viewer = request.person
    try:
        found = reports.report(viewer, report_id)
    except Report.DoesNotExist as error:
        raise Http404 from error
    if found.pk != report_id:
        return redirect("associations:report", found.pk)
    context = {"report": found, "shown": shown(viewer, found)}
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return render(request, "associations/_report.html", context)
    form = QuestionForm(viewer=viewer, today=today(), question=found.asked)
    return render(request, "associations/report.html", {**context, "form": form})
