"""Doors by which a file of items comes in: choose it, see what would happen, enter all or nothing."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core.access import allow
from core.mediafiles.uploads import receives
from core.tables.decoding import ENCODINGS
from core.tables.errors import TableError
from courses.quizzes.bank import columns, importing, queries
from courses.quizzes.bank.actions import TroublesError
from courses.quizzes.bank.forms import EncodingForm, FileForm
from courses.quizzes.bank.importing import Plan
from courses.quizzes.bank.models import KEEPERS, BankFile
from courses.quizzes.bank.views import file_response, keeper_or_404
from courses.quizzes.bank.words import explain, label
from partners.requests import PersonRequest

_SHOWN = 100
"""How many rows of each outcome a page shows; all problems are in the file of them."""


@allow(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@receives("table_bytes", file=importing.LIMITS.bytes)
def choose(request: PersonRequest) -> HttpResponse:
    """Take a file in and go on to what entering it would do."""
    keeper_or_404(request)
    form = FileForm()
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            arrived = form.cleaned_data["file"]
            try:
                file = importing.bring_file(
                    actor=request.person,
                    name=arrived.name or "",
                    content=arrived.incoming.file.read(),
                )
            except TableError as error:
                form.add_error("file", ValidationError(error.message, code=error.code))
            else:
                return redirect("quizzes:bank_file", file.pk)
    context = {"form": form, "columns": [label(column) for column in columns.order()[:6]]}
    status = 422 if form.errors else 200
    return render(request, "quizzes/bank/import.html", context, status=status)


def _file(request: PersonRequest, file_id: uuid.UUID) -> BankFile:
    try:
        return queries.file(request.person, file_id)
    except BankFile.DoesNotExist:
        raise Http404 from None


def _encoding(request: PersonRequest) -> str:
    asked = (request.POST if request.method == "POST" else request.GET).get("encoding", "")
    return asked if asked in ENCODINGS else ""


def _plan(request: PersonRequest, file: BankFile) -> Plan:
    language = (translation.get_language() or "ja")[:2]
    return importing.plan(
        actor=request.person, file=file, encoding=_encoding(request), language=language
    )


@allow(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: PersonRequest, file_id: uuid.UUID) -> HttpResponse:
    """Show what entering a file would do, row by row, and enter it once that is confirmed."""
    file = _file(request, file_id)
    if file.entered_at is not None:
        return render(request, "quizzes/bank/entered.html", {"file": file})
    context: dict[str, Any] = {"file": file, "encoding": _encoding(request)}
    if request.method == "POST":
        try:
            done = importing.enter_file(
                actor=request.person,
                file=file,
                encoding=context["encoding"],
                language=(translation.get_language() or "ja")[:2],
            )
        except (TroublesError, TableError):
            context["changed"] = True  # somebody was faster: look at it anew
        else:
            return _entered(request, done)
    return _render_plan(request, file, context)


def _entered(request: PersonRequest, file: BankFile) -> HttpResponse:
    count = file.outcome["new"] + file.outcome["changed"]
    text = ngettext("%(n)s item entered.", "%(n)s items entered.", count) % {"n": count}
    messages.success(request, text if count else _("Nothing to enter: it is all here already."))
    return redirect("quizzes:bank")


def _render_plan(request: PersonRequest, file: BankFile, context: dict[str, Any]) -> HttpResponse:
    context["choose"] = EncodingForm(initial={"encoding": context["encoding"]})
    try:
        plan = _plan(request, file)
    except TableError as error:
        asks = error.code in {"encoding", "encoding_wrong"}
        is_text = error.code != "broken" and importing.is_text(file)
        context |= {"unreadable": error.message, "asks_letters": asks, "is_text": is_text}
        return render(request, "quizzes/bank/plan.html", context, status=422)
    problems = importing.problems(plan)
    language = translation.get_language() or "en"
    context |= {
        "plan": plan,
        "encoding_name": ENCODINGS.get(plan.table.encoding, ""),
        "counts": plan.counts(),
        "problems": [(row.number, explain(trouble)) for row, trouble in problems[:_SHOWN]],
        "more_problems": max(len(problems) - _SHOWN, 0),
        "new": plan.having("new")[:_SHOWN],
        "changed_rows": [
            (row, [(label(column), old, new) for column, old, new in row.changes(language)])
            for row in plan.having("changed")[:_SHOWN]
        ],
        "preview": [row.cells[:6] for row in plan.table.rows[:6]],
    }
    status = 422 if problems else 200
    return render(request, "quizzes/bank/plan.html", context, status=status)


@allow(*KEEPERS)
@require_safe
def problems(request: PersonRequest, file_id: uuid.UUID) -> HttpResponse:
    """What is to be mended in a file, as a file: row, column, what stands there, problem, how to mend it."""
    file = _file(request, file_id)
    if file.entered_at is not None:
        raise Http404
    try:
        plan = _plan(request, file)
    except TableError:
        raise Http404 from None
    heads = [_("Row"), _("Column"), _("What stands there"), _("Problem"), _("How to mend it")]
    rows = [heads]
    for row, trouble in importing.problems(plan):
        told = explain(trouble)
        rows.append([str(row.number), told.column, told.value, told.what, told.mend])
    return file_response("csv", rows, _("problems"))
