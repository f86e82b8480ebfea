"""Pages of the bank: finding, writing, archiving items, and taking them all away."""

import dataclasses
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import allow
from core.tables import writing
from courses.quizzes.bank import actions, columns, queries
from courses.quizzes.bank.actions import TroublesError
from courses.quizzes.bank.forms import FindForm, ItemForm
from courses.quizzes.bank.items import Draft, Option
from courses.quizzes.bank.models import KEEPERS, BankItem, keeps_bank
from partners.requests import PersonRequest

_WIDTHS = {"stem": 50, "code": 14, "explanation": 40}


def keeper_or_404(request: PersonRequest) -> None:
    """Raise Http404 for whoever does not work on the client's bank."""
    if not keeps_bank(request.person):
        raise Http404


def _item(request: PersonRequest, item_id: uuid.UUID) -> BankItem:
    try:
        return queries.item(request.person, item_id)
    except BankItem.DoesNotExist:
        raise Http404 from None


@allow(*KEEPERS)
@require_safe
def bank(request: PersonRequest) -> HttpResponse:
    """List the items, with search and filters. Five queries."""
    keeper_or_404(request)
    skills, products = queries.tags(request.person)
    form = FindForm(request.GET, skills=skills, products=products)
    form.is_valid()
    data = form.cleaned_data
    wanted = queries.Filter(
        words=data.get("q") or "",
        tag=data.get("tag") or "",
        kind=data.get("kind") or "",
        archived=bool(data.get("archived")),
    )
    page, rows = queries.items_page(request.person, wanted, request.GET.get("page"))
    context = {"find": form, "active": wanted.count(), "words": wanted.words, "page": page}
    return render(request, "quizzes/bank/list.html", context | {"rows": rows})


@allow(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PersonRequest) -> HttpResponse:
    """Write a new item; `?kind=truefalse` begins with its two options, neither of them right yet."""
    keeper_or_404(request)
    blank = _blank(request.GET.get("kind", ""))
    form = ItemForm(request.POST if request.method == "POST" else None, initial=ItemForm.of(blank))
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_item(actor=request.person, draft=form.draft())
        except TroublesError as error:
            form.mend(error)
        else:
            messages.success(request, _("Added to the bank."))
            return redirect("quizzes:bank")
    return _render_form(request, {"form": form, "item": None})


def _blank(kind: str) -> Draft:
    language = translation.get_language() or "ja"
    truefalse = (Option(_("That's right")), Option(_("That's not right")))
    options = truefalse if kind == "truefalse" else ()
    kind = kind if kind in BankItem.Kind.values else "single"
    return Draft("", kind, "", options, language=language[:2])


@allow(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PersonRequest, item_id: uuid.UUID) -> HttpResponse:
    """Change an item; says where it is used. What was typed stays when something is to be mended."""
    item = _item(request, item_id)
    seen = item.changed_at.isoformat()
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        initial=ItemForm.of(item.draft, seen=seen),
    )
    context: dict[str, Any] = {"form": form, "item": item}
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_item(
                actor=request.person,
                item_id=item.pk,
                draft=form.draft(),
                seen=form.cleaned_data["seen"],
            )
        except TroublesError as error:
            form.mend(error)
            if any(trouble.code == "changed_meanwhile" for trouble in error.troubles):
                context |= {"theirs": item, "seen": seen}
        else:
            messages.success(request, _("Saved."))
            return redirect("quizzes:bank")
    context["modules"] = queries.modules_using(request.person, item.pk)
    return _render_form(request, context)


def _render_form(request: PersonRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render(request, "quizzes/bank/item.html", context, status=status)


@allow(*KEEPERS)
@require_POST
def archive(request: PersonRequest, item_id: uuid.UUID) -> HttpResponse:
    """Take an item out of lists and searches, or back in; quizzes keep their copies."""
    try:
        item = actions.archive_item(
            actor=request.person, item_id=item_id, archived=request.POST.get("archived") == "yes"
        )
    except BankItem.DoesNotExist:
        raise Http404 from None
    said = _("Archived. Quizzes keep their copies.") if item.is_archived else _("Back in use.")
    messages.success(request, said)
    return redirect("quizzes:bank")


@allow(*KEEPERS)
@require_safe
def as_csv(request: PersonRequest) -> HttpResponse:
    """The whole bank as CSV; brought back unchanged, it changes nothing."""
    keeper_or_404(request)
    return file_response("csv", _table(item.draft for item in _all(request)), _("item-bank"))


@allow(*KEEPERS)
@require_safe
def as_excel(request: PersonRequest) -> HttpResponse:
    """The whole bank as an Excel workbook; brought back unchanged, it changes nothing."""
    keeper_or_404(request)
    return file_response("xlsx", _table(item.draft for item in _all(request)), _("item-bank"))


@allow(*KEEPERS)
@require_safe
def sample(request: PersonRequest) -> HttpResponse:
    """A workbook with one question of each kind, to be filled in."""
    keeper_or_404(request)
    return file_response("xlsx", _table(_examples()), _("example"))


def _all(request: PersonRequest) -> Iterable[BankItem]:
    return queries.everything(request.person).iterator(chunk_size=500)


def _table(drafts: Iterable[Draft]) -> Iterator[list[str]]:
    language = translation.get_language() or "en"
    yield [columns.label(column, language) for column in columns.order()]
    for draft in drafts:
        yield columns.write(draft, language)


def _examples() -> Iterator[Draft]:
    right, wrong = _("A right option"), _("A wrong option")
    why = _("Why this is so")
    options = (Option(right, correct=True, explanation=why), Option(wrong, explanation=why))
    language = (translation.get_language() or "ja")[:2]
    more = (Option(_("Another right option"), correct=True), Option(_("Another wrong option")))
    one = Draft(
        code="Q-001",
        kind="single",
        stem=_("A question with one right option"),
        options=options,
        explanation=_("What is to be remembered"),
        language=language,
    )
    yield one
    yield dataclasses.replace(
        one,
        code="Q-002",
        kind="multiple",
        stem=_("A question with several right options"),
        options=(*options, *more),
    )
    said = _blank("truefalse")
    true, false = said.options
    yield dataclasses.replace(
        said,
        code="Q-003",
        stem=_("A statement"),
        options=(dataclasses.replace(true, correct=True), false),
    )


def file_response(form: str, rows: Iterable[Sequence[str]], name: str) -> HttpResponse:
    """Return rows as a CSV or Excel file with today's date in its name."""
    if form == "xlsx":
        widths = [_WIDTHS.get(column, 22) for column in columns.order()]
        content, kind = writing.to_excel(rows, title=name, widths=widths), writing.EXCEL_TYPE
    else:
        content, kind = writing.to_csv(rows), writing.CSV_TYPE
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{name}-{timezone.localdate().isoformat()}.{form}"
    )
    return response
