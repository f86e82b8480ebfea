"""Pages of points: the ranking, one's own record, the rules."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language, pgettext
from django.views.decorators.http import require_safe

from core import rounding
from core.access import allow
from courses.assignments.queries.own import opened
from gamification import badges, boards, export, levels, months, words
from gamification.queries import own, page, rules, runs
from gamification.ranking import LEAST_PEOPLE, Unit
from partners.models import Person

PAGE_SIZE = 20
VIEWS: dict[str, tuple[Callable[[Person], Any], Callable[[Person, own.Summary], int]]] = {
    "learning": (own.learnt, lambda _person, summary: summary.started),
    "runs": (runs.played, lambda person, _summary: runs.count(person)),
    "points": (own.booked, lambda _person, summary: summary.entries),
}
"""What the record lists: how it is read, and how many there are."""


@allow("person", shared=("place", "points"))
@require_safe
def ranking(request: HttpRequest) -> HttpResponse:
    """The month's ranking. Asked again by htmx, it answers 304 while nothing has changed."""
    person = _person(request)
    unit = _unit(request.GET.get("by", ""))
    month = months.parse(request.GET.get("month", ""))
    asked = request.headers.get("If-None-Match")
    at = month or rules.running_month()
    number = int(request.GET.get("page") or 1) if page.goes_through(person) else None
    if asked and asked == _etag(person, unit, at, number, boards.version(at, unit)):
        return HttpResponseNotModified(headers={"ETag": asked})
    found = page.ranking_page(person, unit, month, number)
    etag = _etag(person, unit, at, number, found.view.version) if found.month == at else None
    context = {
        "page": found,
        "now": timezone.now(),
        "poll_headers": json.dumps({"If-None-Match": etag}) if etag else "",
    }
    name = "standing" if request.htmx else "ranking"  # type: ignore[attr-defined]
    response = render(request, f"gamification/{name}.html", context)
    if etag:
        response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["HX-Request", "Cookie", "Accept-Language"])
    return response


def _unit(text: str) -> Unit:
    return Unit(text) if text in list(Unit) else Unit.REP


def _etag(
    person: Person, unit: Unit, month: dt.date, number: int | None, version: str | None
) -> str | None:
    """Return what changes whenever this page would; None where Redis can't tell."""
    if version is None:
        return None
    parts = [version, person.pk, person.organisation_id, unit, month, number]
    parts += [rules.today(), get_language()]
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


@allow("person")
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """What I did and what it earned: every module, run of a scenario, point with its cause; badges, level."""
    person = _person(request)
    summary = own.summary(person)
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "learning"
    rows, length = VIEWS[view]
    paginator = Paginator(rows(person), PAGE_SIZE)
    paginator.count = length(person, summary)
    context = {
        "summary": summary,
        "standing": levels.standing_of(summary.total),
        "badges": _badges(own.badges_of(person)),
        "opened": opened(person),
        "view": view,
        "page": paginator.get_page(request.GET.get("page")),
        "zone": rules.zone(),
    }
    return render(request, "gamification/record.html", context)


def _badges(given: dict[str, dt.datetime]) -> list[dict[str, Any]]:
    """Return all badges, the earned ones first, the latest of these at the front."""
    rows = [{"badge": badge, "at": given.get(badge.key)} for badge in badges.BADGES]
    return sorted(rows, key=lambda row: -row["at"].timestamp() if row["at"] else 0.0)


@allow("person")
@require_safe
def record_csv(request: HttpRequest, view: str) -> HttpResponse:
    """The same as a file: `learning.csv`, `runs.csv` or `points.csv`, for a spreadsheet."""
    person = _person(request)
    if view == "learning":
        content = export.csv_file(_learning_header(), _learning_rows(person))
    elif view == "runs":
        content = export.csv_file(_runs_header(), _runs_rows(person))
    elif view == "points":
        content = export.csv_file(_points_header(), _points_rows(person))
    else:
        raise Http404
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"tomoni-{view}-{rules.today():%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(response, private=True, no_store=True)
    return response


def _learning_header() -> list[str]:
    return [
        pgettext("column", "Module"),
        pgettext("column of moments", "Begun"),
        pgettext("column of moments", "Finished"),
        pgettext("column", "First score (%)"),
        pgettext("column", "Understood"),
        pgettext("column", "Learning time (min)"),
        pgettext("column", "Read (posts)"),
    ]


def _learning_rows(person: Person) -> Iterator[list[export.Cell]]:
    for row in own.learnt(person):
        score = (
            None if row.first_score is None else float(rounding.rounded(100 * row.first_score, 1))
        )
        yield [
            row.title,
            _moment(row.started_at),
            _moment(row.finished_at),
            score,
            _moment(row.understood_at),
            float(rounding.rounded(row.active_seconds / 60, 1)),
            _moment(row.started_at if row.is_post else None),
        ]


def _runs_header() -> list[str]:
    return [
        pgettext("column", "Scenario"),
        pgettext("column of moments", "Begun"),
        pgettext("column of moments", "Ended"),
        pgettext("column", "Outcome"),
        pgettext("column", "Ending"),
        pgettext("column", "Score (%)"),
        pgettext("column", "Points"),
    ]


def _runs_rows(person: Person) -> Iterator[list[export.Cell]]:
    for row in runs.played(person).iterator():
        is_over = row.state == row.State.FINISHED
        yield [
            row.title,
            _moment(row.started_at),
            _moment(row.ended_at),
            words.run_state(row.state, row.outcome),
            row.ending_title,
            row.score,
            row.earned if is_over else None,
        ]


def _points_header() -> list[str]:
    return [
        pgettext("column", "When"),
        pgettext("column", "Counts in"),
        pgettext("column", "Why"),
        pgettext("column", "Points"),
    ]


def _points_rows(person: Person) -> Iterator[list[export.Cell]]:
    for row in own.booked(person):
        title = getattr(row, "module_title", None)
        yield [
            _moment(row.caused_at),
            months.name(row.month),
            words.cause(row.rule, row.detail, title),
            row.points,
        ]


def _moment(moment: dt.datetime | None) -> str:
    """Return a moment as a spreadsheet reads it, in the client's time zone."""
    return f"{moment.astimezone(rules.zone()):%Y-%m-%d %H:%M}" if moment else ""


@allow("person")
@require_safe
def point_rules(request: HttpRequest) -> HttpResponse:
    """How points work: what earns, what doesn't, when a month closes, who sees whose name."""
    month, zone = rules.running_month(), rules.zone()
    known = rules.all_rules()
    context = {
        "rules": [rule for rule in rules.holding(known, timezone.now()) if words.has_words(rule)],
        "coming": [rule for rule in rules.coming(known, timezone.now()) if words.has_words(rule)],
        "month": month,
        "closes_at": months.closes_at(month, zone),
        "least_people": LEAST_PEOPLE,
        "levels": levels.LEVELS,
        "badges": badges.BADGES,
    }
    return render(request, "gamification/rules.html", context)


def _person(request: HttpRequest) -> Person:
    person: Person = request.person  # type: ignore[attr-defined]
    return person
