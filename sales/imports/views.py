"""Pages of imports: the list, a new file, and one file from its arrival to its undo."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import allow
from core.mediafiles.errors import MediaError
from core.mediafiles.uploads import receives
from core.tables.decoding import ENCODINGS
from partners.requests import PersonRequest
from sales.imports import actions, files, queries, words
from sales.imports.actions import NotNowError
from sales.imports.forms import ColumnsForm, EncodingForm, ExportForm, FileForm
from sales.imports.models import KEEPERS, Import, takes_in
from sales.models import Product

State = Import.State


def keeper_or_404(request: PersonRequest) -> None:
    """Raise Http404 for whoever doesn't take figures in."""
    if not takes_in(request.person):
        raise Http404


def file_or_404(request: PersonRequest, import_id: uuid.UUID) -> Import:
    """Return an import. Raises Http404 for one that the person may not see."""
    try:
        return queries.one(request.person, import_id)
    except Import.DoesNotExist:
        raise Http404 from None


@allow(*KEEPERS)
@require_safe
def imports(request: PersonRequest) -> HttpResponse:
    """List the imports, the newest first, and offer to take figures out. Six queries."""
    keeper_or_404(request)
    sources = queries.sources()
    context = {
        "page": queries.imports_page(request.person, request.GET.get("page")),
        "export": ExportForm(sources=sources) if sources else None,
    }
    return render(request, "imports/list.html", context)


@allow(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@receives("import_bytes", file=files.CSV_LIMITS.bytes)
def new(request: PersonRequest) -> HttpResponse:
    """Take a file and go on to its page, where a worker reads it."""
    keeper_or_404(request)
    form = FileForm(sources=queries.sources())
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES, sources=queries.sources())
        if form.is_valid() and (file := _bring(request, form)):
            return redirect("imports:import", file.pk)
    return render(request, "imports/new.html", {"form": form}, status=422 if form.errors else 200)


def _bring(request: PersonRequest, form: FileForm) -> Import | None:
    data = form.cleaned_data
    try:
        source = (
            data.get("source")
            or actions.add_source(actor=request.person, name=data["new_source"]).pk
        )
        return actions.bring(
            actor=request.person, source_id=source, grain=data["grain"], arrived=data["file"]
        )
    except MediaError as error:
        form.add_error("file", ValidationError(error.message, code=error.code))
    return None


@allow(*KEEPERS)
@require_safe
def show(request: PersonRequest, import_id: uuid.UUID) -> HttpResponse:
    """Show a file as far as it is; while a worker is at it the page asks for its middle again."""
    file = file_or_404(request, import_id)
    return _render(request, file, _context(request, file))


def _render(
    request: PersonRequest, file: Import, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    label, tone = words.state(file)
    context |= {"file": file, "state_label": label, "state_tone": tone}
    context |= {"grain_label": words.GRAINS[file.grain], "failure": words.failure(file)}
    htmx = bool(request.htmx)  # type: ignore[attr-defined]
    template = "imports/_import.html" if htmx and request.method == "GET" else "imports/import.html"
    return render(request, template, context, status=status)


def _context(request: PersonRequest, file: Import) -> dict[str, Any]:
    if file.is_working:
        return {"done": queries.progress(file), "step": _STEP[file.state]}
    if file.state == State.MAPPING:
        form = ColumnsForm(file=file, products=queries.all_products())
        return {"form": form, "step": 1, "lacking": words.lacking(file), **_letters(file)}
    if file.state == State.CHECKED:
        lacking = words.lacking(file) if file.counts["left"] else ""
        return {"step": 2, "lacking": lacking, **_found(file), **_letters(file)}
    if file.state in {State.APPLIED, State.UNDONE}:
        people = queries.persons(request.person, [file.brought_by])
        return {"step": 4, "by": people.get(file.brought_by), **_found(file)}
    return {"step": 1, **_letters(file)} if file.state == State.FAILED else {"step": 1}


_STEP: dict[str, int] = {State.READING: 1, State.CHECKING: 2, State.APPLYING: 3, State.UNDOING: 4}


def _found(file: Import) -> dict[str, Any]:
    page = queries.troubles_page(file, "1")
    told, uncounted = queries.told(file)
    return {
        "uncounted": uncounted,
        "none_counts": len(uncounted) == len(told) and not any(u.companies for u in uncounted),
        "unused": words.unused(file),
        "troubles": [words.explain(each, file) for each in page.object_list[:10]],
        "troubles_kept": page.paginator.count,
        "unknown": queries.unknown_page(file, "1"),
        "understood": queries.understood(file),
        "new": _shown(file, "new"),
        "changed": _shown(file, "changed"),
    }


def _shown(file: Import, kind: str) -> list[tuple[int, str, list[tuple[str, str, str]]]]:
    return [
        (
            each["row"],
            each["key"],
            [
                (str(words.COLUMNS[column]), _said(column, old), _said(column, now))
                for column, old, now in each["changes"]
            ],
        )
        for each in file.examples.get(kind, [])
    ]


def _said(column: str, value: str) -> str:
    return str(words.STAGES[value]) if column == "stage" and value else value


def _letters(file: Import) -> dict[str, Any]:
    """How the letters were read, to be looked at and changed; Excel files need no asking."""
    if file.is_lines or not file.path:
        return {}
    asked = file.encoding or "cp932"
    return {
        "letters": EncodingForm(initial={"encoding": asked}),
        "encoding_name": ENCODINGS.get(file.encoding, ""),
        "preview": file.head or files.preview(file, asked),
        "asks_letters": file.state == State.FAILED
        and file.error.get("code") in {"encoding", "encoding_wrong"},
    }


@allow(*KEEPERS)
@require_POST
def recolumn(request: PersonRequest, import_id: uuid.UUID) -> HttpResponse:
    """Go back to the columns of a file that was looked at."""
    return _done(request, file_or_404(request, import_id), actions.change_columns)


@allow(*KEEPERS)
@require_POST
def columns(request: PersonRequest, import_id: uuid.UUID) -> HttpResponse:
    """Say which column means what, and have every row looked at."""
    file = file_or_404(request, import_id)
    if file.state not in {State.MAPPING, State.CHECKED}:
        return _not_now(request, file)
    form = ColumnsForm(request.POST, file=file, products=queries.all_products())
    if not form.is_valid():
        context = {"form": form, "step": 1, **_letters(file)}
        file.state = State.MAPPING
        return _render(request, file, context, status=422)
    return _done(
        request,
        file,
        actions.map_columns,
        chosen=form.chosen,
        currency=form.cleaned_data.get("currency") or "JPY",
        product_id=form.product_id,
        until=form.until,
    )


def _not_now(request: PersonRequest, file: Import) -> HttpResponse:
    messages.warning(request, _("Something has changed meanwhile. Please look once more."))
    return redirect("imports:import", file.pk)


def _done(request: PersonRequest, file: Import, action: Any, **values: Any) -> HttpResponse:
    """Do something with a file, then show it as it is."""
    try:
        action(actor=request.person, import_id=file.pk, **values)
    except NotNowError:
        return _not_now(request, file)
    except Product.DoesNotExist:
        raise Http404 from None
    return redirect("imports:import", file.pk)


@allow(*KEEPERS)
@require_POST
def letters(request: PersonRequest, import_id: uuid.UUID) -> HttpResponse:
    """Have the file read in another encoding."""
    file = file_or_404(request, import_id)
    form = EncodingForm(request.POST)
    if not form.is_valid():
        raise Http404
    return _done(request, file, actions.read_as, encoding=form.cleaned_data["encoding"])


@allow(*KEEPERS)
@require_POST
def check(request: PersonRequest, import_id: uuid.UUID) -> HttpResponse:
    """Have all rows looked at once more."""
    return _done(request, file_or_404(request, import_id), actions.check_again)


@allow(*KEEPERS)
@require_POST
def start(request: PersonRequest, import_id: uuid.UUID) -> HttpResponse:
    """Have the good rows taken in."""
    return _done(request, file_or_404(request, import_id), actions.start)


@allow(*KEEPERS)
@require_POST
def cancel(request: PersonRequest, import_id: uuid.UUID) -> HttpResponse:
    """Put a file aside that wasn't taken in."""
    file = file_or_404(request, import_id)
    try:
        actions.cancel(actor=request.person, import_id=file.pk)
    except NotNowError:
        return _not_now(request, file)
    messages.success(request, _("Put aside. Nothing was changed."))
    return redirect("imports:imports")


@allow(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: PersonRequest, import_id: uuid.UUID) -> HttpResponse:
    """Ask whether an import shall be taken back, then have it done."""
    file = file_or_404(request, import_id)
    if request.method == "POST":
        return _done(request, file, actions.undo)
    if file.state not in {State.APPLIED, State.UNDONE}:
        return redirect("imports:import", file.pk)
    return render(request, "imports/undo.html", {"file": file})
