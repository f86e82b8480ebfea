"""Doors for setting up sales: products, sources, and which source counts."""

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import allow
from partners.models import Organisation
from partners.problems import Problem
from partners.queries.client import today
from partners.requests import PersonRequest
from sales import measures, words
from sales.actions import setup as writes
from sales.actions.setup import ROLES
from sales.forms.setup import OffersForm, PlaceForm, ProductForm, RecordForm, SourceForm
from sales.models import Product, Record, Source
from sales.queries import setup as reads

_View = Callable[..., HttpResponse]


def _of_client(view: _View) -> _View:
    """Let only the client's people in: for others there is nothing here."""

    @functools.wraps(view)
    def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.person.of_client:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


_forms = require_http_methods(["GET", "HEAD", "POST"])


@allow(*ROLES)
@_of_client
@require_safe
def setup(request: PersonRequest) -> HttpResponse:
    """What is sold, where figures come from, and which source counts for what."""
    context = {
        "records": reads.records(),
        "products": reads.products(request.GET.get("page")),
        "sources": reads.sources(),
    }
    return render(request, "sales/setup.html", context)


def _asked(
    request: PersonRequest,
    form: forms.Form,
    context: dict[str, Any],
    act: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    """Run a form of a few texts: show it, or act, say what was done and go back."""
    if request.method == "POST" and form.is_valid():
        try:
            said = act(form.cleaned_data)
        except Problem as problem:
            field = problem.field if problem.field in form.fields else None
            form.add_error(field, str(problem.message))
        else:
            messages.success(request, said)
            return redirect("sales:setup")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "sales/setup_ask.html", context | {"form": form}, status=status)


@allow(*ROLES)
@_of_client
@_forms
def add_product(request: PersonRequest) -> HttpResponse:
    """Add a product."""

    def act(data: dict[str, Any]) -> str:
        row = writes.add_product(actor=request.person, **data)
        return _("Added %(name)s.") % {"name": row.name}

    context = {"heading": _("Add a product"), "action": _("Add this product")}
    return _asked(request, ProductForm(request.POST or None), context, act)


@allow(*ROLES)
@_of_client
@_forms
def product(request: PersonRequest, product_id: uuid.UUID) -> HttpResponse:
    """Change a product; from here it can be archived, too."""
    row = _row(Product, product_id)

    def act(data: dict[str, Any]) -> str:
        writes.edit_product(actor=request.person, product_id=row.pk, **data)
        return _("Saved.")

    form = ProductForm(request.POST or None, initial={"name": row.name, "code": row.code})
    context = {"heading": row.name, "action": _("Save"), "product": row}
    return _asked(request, form, context, act)


@allow(*ROLES)
@_of_client
@_forms
def add_source(request: PersonRequest) -> HttpResponse:
    """Add a source of figures."""

    def act(data: dict[str, Any]) -> str:
        row = writes.add_source(actor=request.person, **data)
        return _("Added %(name)s.") % {"name": row.name}

    context = {"heading": _("Add a source"), "action": _("Add this source")}
    return _asked(request, SourceForm(request.POST or None), context, act)


@allow(*ROLES)
@_of_client
@_forms
def source(request: PersonRequest, source_id: uuid.UUID) -> HttpResponse:
    """Rename a source; from here it can be archived, too."""
    row = _row(Source, source_id)

    def act(data: dict[str, Any]) -> str:
        writes.rename_source(actor=request.person, source_id=row.pk, **data)
        return _("Saved.")

    form = SourceForm(request.POST or None, initial={"name": row.label})
    context = {"heading": row.label, "action": _("Save"), "source": row}
    return _asked(request, form, context, act)


def _row(model: Any, pk: uuid.UUID) -> Any:
    try:
        return model.objects.get(pk=pk)
    except model.DoesNotExist:
        raise Http404 from None


@allow(*ROLES)
@_of_client
@require_POST
def archive_product(request: PersonRequest, product_id: uuid.UUID) -> HttpResponse:
    """Archive a product, or bring it back."""
    row = _row(Product, product_id)
    archived = request.POST.get("archived") == "yes"
    writes.set_product_archived(actor=request.person, product_id=row.pk, archived=archived)
    return _archived(request, row.name, archived)


@allow(*ROLES)
@_of_client
@require_POST
def archive_source(request: PersonRequest, source_id: uuid.UUID) -> HttpResponse:
    """Archive a source, or bring it back."""
    row = _row(Source, source_id)
    archived = request.POST.get("archived") == "yes"
    try:
        writes.set_source_archived(actor=request.person, source_id=row.pk, archived=archived)
    except Problem as problem:
        messages.error(request, str(problem.message))
        return redirect("sales:source", row.pk)
    return _archived(request, row.label, archived)


def _archived(request: PersonRequest, name: str, archived: bool) -> HttpResponse:
    said = _("%(name)s is archived. Its figures stay.") if archived else _("%(name)s is back.")
    messages.success(request, said % {"name": name})
    return redirect("sales:setup")


@allow(*ROLES)
@_of_client
@_forms
def counted(request: PersonRequest, measure: str) -> HttpResponse:
    """Choose which source counts for a figure: first what would change, then saved."""
    if measure not in measures.ALL:
        raise Http404
    row = Record.objects.select_related("source").get(measure=measure)
    data = request.POST or (request.GET if "to" in request.GET else None)
    initial = {"to": f"{row.source_id}.{row.grain}"}
    form = RecordForm(
        data, initial=initial, viewer=request.person, measure=measure, grain=row.grain
    )
    choice = form.choice if form.is_bound and form.is_valid() else None
    if request.method == "POST" and choice:
        try:
            _choose(request, choice)
        except Problem as problem:
            form.add_error("to", str(problem.message))
        else:
            messages.success(request, _("Saved. All figures follow at once, also past ones."))
            return redirect("sales:counted", measure)
    day = today()
    context = {
        "record": row,
        "form": form,
        "local": reads.local_records(measure),
        "changes": reads.compared(request.person, choice, day) if choice else [],
        "choice": choice,
        "is_same": choice == reads.Choice(measure, row.source_id, row.grain),
        "measure": words.LABELS[measure],
        "now": timezone.now(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "sales/setup_counted.html", context, status=status)


@allow(*ROLES)
@_of_client
@_forms
def count_source(request: PersonRequest, source_id: uuid.UUID) -> HttpResponse:
    """Choose what is counted from a source: all its figures as they are and as they would be, saved at once."""
    row = _row(Source, source_id)
    places = PlaceForm(request.POST or request.GET, viewer=request.person)
    if not places.is_valid():
        raise Http404
    offered = reads.offers(request.person, row, places.organisation_id, today())
    ticked = request.GET.getlist("what") or reads.to_choose(offered)
    form = OffersForm(
        request.POST if request.method == "POST" else None,
        initial={"what": ticked},
        offered=offered,
    )
    if request.method == "POST" and form.is_valid():
        try:
            writes.choose_source(
                actor=request.person,
                source_id=row.pk,
                grains=form.cleaned_data["what"],
                organisation_id=places.organisation_id,
            )
        except Problem as problem:
            form.add_error("what", str(problem.message))
        else:
            messages.success(request, _("Saved. All figures follow at once, also past ones."))
            return redirect("sales:setup")
    context = {
        "source": row,
        "places": places,
        "form": form,
        "offered": offered,
        "ticked": form["what"].value() or [],
        "months": [change.month for change in offered[0].by_month],
    }
    status = 422 if form.errors else 200
    return render(request, "sales/setup_source.html", context, status=status)


def _choose(request: PersonRequest, choice: reads.Choice) -> None:
    if choice.organisation_id is None:
        writes.choose_record(
            actor=request.person,
            measure=choice.measure,
            source_id=choice.source_id,
            grain=choice.grain,
        )
        return
    try:
        writes.choose_local_record(
            actor=request.person,
            measure=choice.measure,
            organisation_id=choice.organisation_id,
            source_id=choice.source_id,
        )
    except Organisation.DoesNotExist:
        raise Http404 from None
