"""Pages of progress: a team's, its people's and modules', and for the client's people all companies'."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from analytics.figures import LEAST, MOST
from analytics.queries import companies as all_companies
from analytics.queries import learners, modules, team
from analytics.queries import members as listing
from analytics.queries.members import Wanted
from analytics.queries.modules import Whom
from analytics.queries.where import OFFICE, Where
from analytics.queries.where import where as find_where
from core.access import allow
from courses.assignments.actions import telling
from courses.catalog.models import Module
from gamification import export
from gamification.queries import rules
from partners.models import Organisation, Person

TARGET = 90
"""How many percent should have finished what is required, until targets can be set."""


def _person(request: HttpRequest) -> Person:
    person: Person = request.person  # type: ignore[attr-defined]
    return person


def _where(request: HttpRequest, organisation_id: uuid.UUID | None) -> Where:
    try:
        return find_where(_person(request), organisation_id, request.GET.get("team", ""))
    except Organisation.DoesNotExist as error:
        raise Http404 from error


def _of_client(request: HttpRequest) -> Person:
    """Return the person, who must belong to the client."""
    if not _person(request).of_client:
        raise Http404
    return _person(request)


def _wanted(request: HttpRequest) -> Wanted:
    state, sort = request.GET.get("state", ""), request.GET.get("sort", "")
    return Wanted(
        words=request.GET.get("q", "").strip(),
        state=state if state in listing.STATES else "",
        sort=sort if sort in listing.SORTS else "due",
    )


@allow(*OFFICE)
@require_safe
def team_page(request: HttpRequest, organisation_id: uuid.UUID | None = None) -> HttpResponse:
    """A team, or a whole organisation: how far, who, whom to talk to, and where it stumbles."""
    if organisation_id is None and _person(request).of_client:
        return redirect("analytics:progress")
    where = _where(request, organisation_id)
    context = {
        "where": where,
        "figures": team.figures(where),
        "members": listing.first_members(where),
        "talk": team.to_talk_to(where),
        "weak": modules.weak(Whom(where.viewer, where)),
        "teams": team.teams(where) if not where.team and len(where.teams) > 1 else [],
        "target": TARGET,
        "now": timezone.now(),
    }
    return render(request, "analytics/team.html", context)


@allow(*OFFICE)
@require_POST
def remind(request: HttpRequest, organisation_id: uuid.UUID | None = None) -> HttpResponse:
    """Remind everybody of a team or organisation who is late with something required, once a day each."""
    where = _where(request, organisation_id)
    count = telling.remind(actor=where.viewer, enrolments=team.late_enrolments(where))
    said = ngettext("%(n)s person was reminded.", "%(n)s people were reminded.", count)
    if count:
        messages.success(request, said % {"n": count})
    else:
        messages.info(request, _("Everybody who is late has been reminded today already."))
    query = f"?team={where.team.pk}" if where.team else "?team=all"
    if organisation_id is None:
        return redirect(reverse("analytics:team") + query)
    return redirect(reverse("analytics:team_of", args=[organisation_id]) + query)


@allow(*OFFICE)
@require_safe
def members(request: HttpRequest, organisation_id: uuid.UUID | None = None) -> HttpResponse:
    """All people of a team or organisation, to be searched, sorted and narrowed down."""
    where, wanted = _where(request, organisation_id), _wanted(request)
    context = {
        "where": where,
        "wanted": wanted,
        "page": listing.members(where, wanted, request.GET.get("page")),
        "states": listing.STATES,
        "sorts": listing.SORTS,
    }
    return render(request, "analytics/members.html", context)


@allow(*OFFICE)
@require_safe
def person_page(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """One person: how far with what is required, and every module with date, score and time."""
    try:
        one = learners.one(_person(request), person_id)
    except Person.DoesNotExist as error:
        raise Http404 from error
    context = {"one": one, "page": learners.modules_of(one.person, request.GET.get("page"))}
    return render(request, "analytics/person.html", context)


@allow(*OFFICE)
@require_safe
def modules_page(request: HttpRequest, organisation_id: uuid.UUID | None = None) -> HttpResponse:
    """Every module: who of these people finished it, how well, and how soon."""
    where = _where(request, organisation_id)
    return _modules(request, where)


@allow(*OFFICE)
@require_safe
def modules_of_everybody(request: HttpRequest) -> HttpResponse:
    """Every module over all companies."""
    _of_client(request)
    return _modules(request, None)


def _modules(request: HttpRequest, where: Where | None) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    found = modules.lines(Whom(_person(request), where), words, request.GET.get("page"))
    context = {"where": where, "page": found, "words": words, "most": MOST, "least": LEAST}
    return render(request, "analytics/modules.html", context)


@allow(*OFFICE)
@require_safe
def module_page(
    request: HttpRequest, module_id: uuid.UUID, organisation_id: uuid.UUID | None = None
) -> HttpResponse:
    """One module: who finished it and who hasn't, and its questions, the hardest first."""
    where = _where(request, organisation_id)
    context = _module(request, where, module_id)
    finished = request.GET.get("state") == "finished"
    context |= {
        "finished": finished,
        "page": learners.learners(
            where, module_id, finished=finished, number=request.GET.get("page")
        ),
    }
    return render(request, "analytics/module.html", context)


@allow(*OFFICE)
@require_safe
def module_of_everybody(request: HttpRequest, module_id: uuid.UUID) -> HttpResponse:
    """One module, company by company."""
    person = _of_client(request)
    context = _module(request, None, module_id)
    line = context["line"]
    context["page"] = all_companies.companies_of(
        person, line.module, line.published, request.GET.get("page")
    )
    return render(request, "analytics/module_companies.html", context)


def _module(request: HttpRequest, where: Where | None, module_id: uuid.UUID) -> dict[str, Any]:
    whom = Whom(_person(request), where)
    try:
        line = modules.line(whom, module_id)
    except Module.DoesNotExist as error:
        raise Http404 from error
    items = modules.items(whom, line.module)
    return {"where": where, "line": line, "items": items, "most": MOST, "least": LEAST}


@allow(*OFFICE)
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """For the client's people: all companies together, and one by one."""
    person = _of_client(request)
    words, sort = request.GET.get("q", "").strip(), request.GET.get("sort", "name")
    found = all_companies.everybody(person)
    context = {
        "everybody": found,
        "figures": found.figures,
        "page": all_companies.companies(person, words, sort, request.GET.get("page")),
        "weak": modules.weak(Whom(person)),
        "news": modules.lines(Whom(person), "", None).object_list[:5],
        "words": words,
        "sort": sort if sort in all_companies.SORTS else "name",
        "sorts": all_companies.SORTS,
        "target": TARGET,
        "most": MOST,
        "least": LEAST,
        "now": timezone.now(),
    }
    return render(request, "analytics/progress.html", context)


def _file(name: str, header: Sequence[str], rows: Iterable[Sequence[export.Cell]]) -> HttpResponse:
    response = HttpResponse(export.csv_file(header, rows), content_type="text/csv; charset=utf-8")
    filename = f"tomoni-{name}-{rules.today():%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    patch_cache_control(response, private=True, no_store=True)
    return response


@allow(*OFFICE)
@require_safe
def members_csv(request: HttpRequest, organisation_id: uuid.UUID | None = None) -> HttpResponse:
    """The same people as a file for a spreadsheet."""
    where = _where(request, organisation_id)
    rows = (
        [
            each.name,
            each.team,
            each.required,
            each.required_done,
            _day(each.due_on),
            each.overdue,
            each.finished,
            each.percent,
            each.quizzes,
            each.minutes,
            _day(each.last_on),
        ]
        for each in listing.all_members(where, _wanted(request))
    )
    header = [
        pgettext("column", "Name"),
        pgettext("column", "Team"),
        pgettext("column", "Required"),
        pgettext("column", "Required and finished"),
        pgettext("column", "Next due"),
        pgettext("column", "Days late"),
        pgettext("column", "Modules finished"),
        pgettext("column", "Quiz mean, first attempts (%)"),
        pgettext("column", "Quizzes"),
        pgettext("column", "Active minutes in finished modules"),
        pgettext("column", "Last learning"),
    ]
    return _file("members", header, rows)


@allow(*OFFICE)
@require_safe
def modules_csv(request: HttpRequest, organisation_id: uuid.UUID | None = None) -> HttpResponse:
    """The same modules as a file for a spreadsheet."""
    return _modules_file(Whom(_person(request), _where(request, organisation_id)))


@allow(*OFFICE)
@require_safe
def modules_csv_of_everybody(request: HttpRequest) -> HttpResponse:
    """Every module over all companies, as a file."""
    return _modules_file(Whom(_of_client(request)))


def _modules_file(whom: Whom) -> HttpResponse:
    rows = (
        [
            line.module.title,
            line.module.course__title,
            _day(line.published),
            line.spread.finished.whole,
            line.spread.finished.part,
            line.spread.finished.percent,
            line.spread.days,
            line.quiz.percent,
            line.quiz.n,
            line.minutes,
        ]
        for line in modules.all_lines(whom)
    )
    header = [
        pgettext("column", "Module"),
        pgettext("column", "Course"),
        pgettext("column", "Published"),
        pgettext("column", "People"),
        pgettext("column", "Finished by"),
        pgettext("column", "Finished by (%)"),
        pgettext("column", "Days until 80% had finished"),
        pgettext("column", "Quiz mean, first attempts (%)"),
        pgettext("column", "Quizzes"),
        pgettext("column", "Active minutes, mean"),
    ]
    return _file("modules", header, rows)


@allow(*OFFICE)
@require_safe
def companies_csv(request: HttpRequest) -> HttpResponse:
    """All companies as a file for a spreadsheet."""
    rows = (
        [
            each.organisation.name,
            each.people,
            each.learning,
            each.required.whole,
            each.required.part,
            each.late,
            each.quiz.percent if each.quiz.n >= LEAST else None,
            each.quiz.n,
            each.finished,
            each.days if each.finished >= LEAST else None,
        ]
        for each in all_companies.all_companies(_of_client(request))
    )
    header = [
        pgettext("column", "Company"),
        pgettext("column", "People"),
        pgettext("column", "Have learnt"),
        pgettext("column", "With something required"),
        pgettext("column", "All of it finished"),
        pgettext("column", "People late"),
        pgettext("column", "Quiz mean this month (%)"),
        pgettext("column", "Quizzes this month"),
        pgettext("column", "Finishes this month"),
        pgettext("column", "Median days from publication to finish"),
    ]
    return _file("companies", header, rows)


def _day(day: dt.date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
