"""The same figures as files for a spreadsheet."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from analytics.figures import LEAST
from analytics.queries import companies, members, modules
from analytics.queries.modules import Whom
from analytics.queries.where import OFFICE
from analytics.views.asked import of_client, wanted_of, where_of
from core.access import allow
from gamification import export
from gamification.queries import rules
from partners.requests import PersonRequest


@allow(*OFFICE)
@require_safe
def members_csv(request: PersonRequest, organisation_id: uuid.UUID | None = None) -> HttpResponse:
    """The same people as a file for a spreadsheet."""
    where = where_of(request, organisation_id)
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
        for each in members.all_members(where, wanted_of(request))
    )
    header = [
        pgettext("column", "Name"),
        pgettext("column", "Team"),
        pgettext("column", "Number required"),
        pgettext("column", "Required and finished"),
        pgettext("column", "Next due"),
        pgettext("column", "Days late"),
        pgettext("column", "Modules finished"),
        pgettext("column", "First scores, mean (%)"),
        pgettext("column", "First scores"),
        pgettext("column", "Active minutes in finished modules"),
        pgettext("column", "Last learning"),
    ]
    return _file("members", header, rows)


@allow(*OFFICE)
@require_safe
def modules_csv(request: PersonRequest, organisation_id: uuid.UUID | None = None) -> HttpResponse:
    """The same modules as a file for a spreadsheet."""
    return _modules_file(Whom(request.person, where_of(request, organisation_id)))


@allow(*OFFICE)
@require_safe
def modules_csv_of_everybody(request: PersonRequest) -> HttpResponse:
    """Every module over all companies, as a file."""
    return _modules_file(Whom(of_client(request)))


def _modules_file(whom: Whom) -> HttpResponse:
    rows = (
        [
            line.title,
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
        pgettext("column", "First scores, mean (%)"),
        pgettext("column", "First scores"),
        pgettext("column", "Active minutes, mean"),
    ]
    return _file("modules", header, rows)


@allow(*OFFICE)
@require_safe
def companies_csv(request: PersonRequest) -> HttpResponse:
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
        for each in companies.all_companies(of_client(request))
    )
    header = [
        pgettext("column", "Company"),
        pgettext("column", "People"),
        pgettext("column", "Have learnt"),
        pgettext("column", "With something required"),
        pgettext("column", "All of it finished"),
        pgettext("column", "People late"),
        pgettext("column", "First scores this month, mean (%)"),
        pgettext("column", "First scores this month"),
        pgettext("column", "Finishes this month"),
        pgettext("column", "Median days from publication to finish"),
    ]
    return _file("companies", header, rows)


def _file(name: str, header: Sequence[str], rows: Iterable[Sequence[export.Cell]]) -> HttpResponse:
    response = HttpResponse(export.csv_file(header, rows), content_type="text/csv; charset=utf-8")
    filename = f"tomoni-{name}-{rules.today():%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    patch_cache_control(response, private=True, no_store=True)
    return response


def _day(day: dt.date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
