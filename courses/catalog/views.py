"""Pages of the glossary: for readers, and for those who write it."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.access import allow
from courses.catalog import actions, queries
from courses.catalog.forms import TermForm
from courses.catalog.keeping import keepable
from courses.catalog.models import Term
from courses.catalog.reading import LANGUAGES
from courses.catalog.syllabary import ROWS
from partners.problems import Problem
from partners.requests import PersonRequest

_LONGEST_SEARCH = 80


@allow("person")
@keepable
def words(request: PersonRequest) -> HttpResponse:
    """Show the words by reading, those of one language and, where asked, of one row or with these letters."""
    asked = _asked(request)
    spoken = queries.languages(request.person)
    language = _language(request.GET.get("language", ""), spoken)
    found = queries.listed(asked, language)
    all_rows = queries.rows(found)
    row = request.GET.get("row", "")
    if row in all_rows and row in ROWS:
        low, high = ROWS[row]
        found = found.filter(sort_key__gte=low, sort_key__lt=chr(ord(high) + 1))
    page = queries.page_of(found, request.GET.get("page"))
    context = {
        "page": page,
        "groups": queries.by_row(page),
        "q": asked,
        "rows": [each for each in all_rows if each in ROWS],
        "row": row,
        "languages": [(code, LANGUAGES.get(code, code)) for code in spoken],
        "language": language,
        "may_edit": request.person.of_client and request.person.has_role("author", "admin"),
    }
    return render(request, "catalog/words.html", context)


def _asked(request: PersonRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:_LONGEST_SEARCH]


def _language(wanted: str, spoken: list[str]) -> str:
    """Return which language's words are shown: the one asked for, else the reader's, else the only one."""
    for each in (wanted, get_language() or ""):
        if each in spoken:
            return each
    return spoken[0] if spoken else ""


def _only_ours(request: PersonRequest) -> None:
    """The words are the client's: for others who write, their pages are not there."""
    if not request.person.of_client:
        raise Http404


def _term(request: PersonRequest, term_id: uuid.UUID) -> Term:
    _only_ours(request)
    try:
        return queries.term(request.person, term_id)
    except Term.DoesNotExist:
        raise Http404 from None


@allow("author", "admin")
def word_list(request: PersonRequest) -> HttpResponse:
    """List the words for those who write them; what was put away stands apart."""
    _only_ours(request)
    asked, archived = _asked(request), request.GET.get("archived") == "1"
    page = queries.page_of(
        queries.to_edit(request.person, asked, archived=archived), request.GET.get("page")
    )
    mixed = len(queries.languages(request.person)) > 1
    context = {"page": page, "q": asked, "archived": archived, "mixed": mixed}
    return render(request, "catalog/word_list.html", context)


@allow("author", "admin")
def add_word(request: PersonRequest) -> HttpResponse:
    """Add a word."""
    _only_ours(request)
    initial = {"language": get_language(), "word": request.GET.get("word", "")}
    form = TermForm(request.POST or None, initial=initial)
    return _asked_for(request, form, None, lambda: actions.add_term(details=form.details()))


@allow("author", "admin")
def edit_word(request: PersonRequest, term_id: uuid.UUID) -> HttpResponse:
    """Change a word; from here it can be put away, too."""
    term = _term(request, term_id)
    initial = {field: getattr(term, field) for field in TermForm.base_fields}
    form = TermForm(request.POST or None, initial=initial)
    return _asked_for(
        request,
        form,
        term,
        lambda: actions.edit_term(actor=request.person, term_id=term.pk, details=form.details()),
    )


def _asked_for(
    request: PersonRequest, form: TermForm, term: Term | None, act: Callable[[], Term]
) -> HttpResponse:
    """Show the form, or write, say so and go back to the list."""
    taken: Term | None = None
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except actions.WordTakenError as problem:
            form.add_error("word", str(problem.message))
            taken = problem.term
        except Problem as problem:
            form.add_error(problem.field, str(problem.message))
        else:
            messages.success(request, _("“%(word)s” is in the glossary.") % {"word": done.word})
            return redirect("catalog:word_list")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "term": term, "taken": taken}
    return render(request, "catalog/word.html", context, status=status)


@allow("author", "admin")
@require_POST
def archive_word(request: PersonRequest, term_id: uuid.UUID) -> HttpResponse:
    """Put a word away, or take it back."""
    term = _term(request, term_id)
    archived = request.POST.get("archived") != "no"
    actions.set_archived(actor=request.person, term_id=term.pk, archived=archived)
    said = _("“%(word)s” was put away.") if archived else _("“%(word)s” is in the glossary again.")
    messages.success(request, said % {"word": term.word})
    return redirect("catalog:word_list")
