"""Pages on which words of a file are matched with people, products, stages and measures."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import ids
from core.access import allow
from partners.models import Person
from partners.requests import PersonRequest
from sales.imports import actions, queries, words
from sales.imports.actions import NotNowError
from sales.imports.columns import PERSON
from sales.imports.forms import NamesForm
from sales.imports.models import KEEPERS, Import, Match, Name
from sales.imports.views import file_or_404, keeper_or_404

if TYPE_CHECKING:
    from django.core.paginator import Page


@allow(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: PersonRequest, import_id: uuid.UUID) -> HttpResponse:
    """List words that mean nothing yet, and say what they mean; people are looked for on their own pages.

    Its buttons all keep what was chosen, then lead on: to a person's page, to more words, or to another look at all
    rows.
    """
    file = _checked(request, import_id)
    page = queries.unknown_page(file, request.GET.get("page"))
    understood = queries.understood(file)
    listed = [*page.object_list, *understood]
    form = NamesForm(request.POST or None, names=listed, products=queries.all_products())
    if request.method == "POST" and form.is_valid():
        then = request.POST.get("then", "")
        people = {str(each.pk): each for each in page.object_list if each.kind == PERSON}
        leads = _Leads(then == "check", people.get(then), _page_after(page, form.meanings, then))
        return _match(request, file, form.meanings, leads)
    context = {
        "file": file,
        "page": page,
        "form": form,
        "lines": [_line(each, form) for each in page.object_list],
        "understood": [_line(each, form) for each in understood if each.word != "matched"],
        "has_choices": any(each.kind != PERSON for each in listed),
    }
    return render(request, "imports/names.html", context, status=422 if form.errors else 200)


@dataclasses.dataclass(frozen=True)
class _Leads:
    """Where a button leads: to another look at all rows, to a person's page, or to a page of the list."""

    looks: bool = False
    name: Name | None = None
    page: int = 1


def _page_after(page: "Page[Name]", meanings: Mapping[int, Any], then: str) -> int:
    """Return which page a button of the pages leads to, once what was chosen is off the list.

    What follows moves up by as much as was chosen: nothing may slip to a page that was left.
    """
    wanted = {"back": page.number - 1, "on": page.number + 1}.get(then)
    if wanted is None:
        return 1
    size = page.paginator.per_page
    gone = sum(each.pk in meanings for each in page.object_list) if then == "on" else 0
    return ((wanted - 1) * size - gone) // size + 1


def _line(name: Name, form: NamesForm) -> dict[str, Any]:
    return {"name": name, "kind": words.KINDS[name.kind], "bound": form.bound_of(name)}


def _checked(request: PersonRequest, import_id: uuid.UUID) -> Import:
    file = file_or_404(request, import_id)
    if file.state != Import.State.CHECKED:
        raise Http404
    return file


def _match(
    request: PersonRequest,
    file: Import,
    meanings: Mapping[int, Any],
    leads: _Leads,
) -> HttpResponse:
    """Keep what was chosen, then go where the button leads.

    Once everything means something, all rows are looked at anew in any case.
    """
    try:
        actions.match(actor=request.person, import_id=file.pk, meanings=meanings)
        if leads.name:
            return redirect("imports:person", file.pk, leads.name.pk)
        if leads.looks or not queries.unknown_page(file, "1").paginator.count:
            actions.check_again(actor=request.person, import_id=file.pk)
            return redirect("imports:import", file.pk)
    except NotNowError:
        messages.warning(request, _("Something has changed meanwhile. Please look once more."))
        return redirect("imports:import", file.pk)
    if meanings:
        messages.success(request, _("Matched, and remembered for the next file."))
    address = reverse("imports:names", args=[file.pk])
    return redirect(f"{address}?page={leads.page}" if leads.page > 1 else address)


@allow(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: PersonRequest, import_id: uuid.UUID, name_id: int) -> HttpResponse:
    """Look for the person whom a word of the file means."""
    file = _checked(request, import_id)
    try:
        name = queries.name(file, name_id)
    except Name.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        return _match(request, file, {name.pk: _chosen(request)}, _Leads())
    asked = request.GET.get("q", "").strip()[:120]
    looks = queries.candidates if asked else queries.likely
    found = looks(request.person, asked or name.text)
    context = {"file": file, "name": name, "words": asked, "people": found}
    return render(request, "imports/person.html", context)


def _chosen(request: PersonRequest) -> Person:
    try:
        wanted = ids.parse(request.POST.get("person", ""))
        return queries.persons(request.person, [wanted])[wanted]
    except (KeyError, ValueError):
        raise Http404 from None


@allow(*KEEPERS)
@require_safe
def remembered(request: PersonRequest) -> HttpResponse:
    """List what is remembered of the sources' words. Two queries."""
    keeper_or_404(request)
    page = queries.remembered_page(request.person, request.GET.get("page"))
    return render(request, "imports/remembered.html", {"page": page})


@allow(*KEEPERS)
@require_POST
def forget(request: PersonRequest, match_id: int) -> HttpResponse:
    """Forget a word, so that the next file asks for it anew."""
    keeper_or_404(request)
    try:
        found = actions.unlearn(actor=request.person, match_id=match_id)
    except Match.DoesNotExist:
        raise Http404 from None
    said = _("“%(word)s” is forgotten. The next file of %(source)s will ask what it means.")
    messages.success(request, said % {"word": found.text, "source": found.source.label})
    return redirect("imports:remembered")
