"""What points show in lower apps' pages, their places in the navigation, and their kinds of notices."""

import datetime as dt
import math
import uuid
from collections.abc import Sequence

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core import nav
from core.access import ROLES
from core.api import scopes
from core.slots import fill
from core.words import number
from courses.quizzes.models import Attempt
from courses.scenarios.models import Run
from gamification import badges, boards, levels, notices, points, ranking, words
from gamification.queries import own, rules, standings
from gamification.ranking import ALONE, Unit
from partners.models import Person

ON_THEIR_WAY = dt.timedelta(minutes=1)
"""How long after its scoring an attempt's points may still be on their way."""

scopes.register("points:read", gettext_lazy("Read points and rankings"))

nav.register(
    "rank", pgettext_lazy("place", "Ranking"), "rank", "gamification:ranking", roles=ROLES, order=40
)
nav.register(
    "record",
    pgettext_lazy("place", "Record"),
    "medal",
    "gamification:record",
    roles=ROLES,
    order=50,
)
notices.declare_all()


@fill("attempt.earned")
def attempt_earned(request: HttpRequest, *, attempt: Attempt) -> str:
    """Say what an attempt brought, inside the card of its result. Empty while its points are on the way.

    A later attempt brings no points; it says so only where it brought a badge.
    """
    found = _earned(request, attempt)
    if attempt.is_first and not _complete(attempt, found):
        return ""
    if not attempt.is_first and not found.badges:
        return ""
    context = {
        "earned": found if attempt.is_first else None,
        "lines": [
            {"label": words.line(entry.rule, entry.detail), "value": words.signed(entry.points)}
            for entry in found.entries
        ],
        "badges": [badges.BY_KEY[key] for key in found.badges if key in badges.BY_KEY],
    }
    return render_to_string("gamification/earned.html", context, request)


def _earned(request: HttpRequest, attempt: Attempt) -> own.Earned:
    """Return what an attempt brought; both places of its page ask for it, the database is asked once."""
    known: dict[uuid.UUID, own.Earned] = request.__dict__.setdefault("_earned", {})
    if attempt.pk not in known:
        known[attempt.pk] = own.earned(_person(request), attempt, rules.running_month())
    return known[attempt.pk]


def _complete(attempt: Attempt, found: own.Earned) -> bool:
    """Say whether all that the rules give for a first attempt has been booked, or should have been long ago."""
    now = timezone.now()
    if attempt.scored_at and now - attempt.scored_at > ON_THEIR_WAY:
        return True
    at, known = attempt.submitted_at or now, rules.kept_rules()
    right = points.rule_at(known, points.FIRST_CORRECT, at)
    finished = points.rule_at(known, points.FINISHED, at)
    due = right.earned(attempt.correct_count or 0) if right else 0
    return found.for_answers == due and (found.module_paid or finished is None)


@fill("run.earned")
def run_earned(request: HttpRequest, *, run: Run) -> str:
    """Say what a scenario's run brought, inside the card of its ending. Empty while its points are on the way.

    A later run brings no points, and says nothing.
    """
    if not run.is_first or run.ended_at is None:
        return ""
    entries = own.of_run(_person(request), run)
    if timezone.now() - run.ended_at < ON_THEIR_WAY and not _run_complete(run, entries):
        return ""
    lines = [
        {"label": words.line(entry.rule, entry.detail), "value": words.signed(entry.points)}
        for entry in entries
    ]
    total = {"points": sum(entry.points for entry in entries)}
    context = {"earned": total, "lines": lines, "badges": []}
    return render_to_string("gamification/earned.html", context, request)


def _run_complete(run: Run, entries: Sequence[own.Booked]) -> bool:
    """Say whether the best choices of a first run are booked, and, where it finished its module, that too."""
    at, known = run.ended_at or timezone.now(), rules.kept_rules()
    best = points.rule_at(known, points.FIRST_BEST, at)
    due = best.earned(sum(each == "best" for each in run.folded["forks"].values())) if best else 0
    booked = {entry.rule for entry in entries}
    finished = points.rule_at(known, points.FINISHED, at) is None or own.asks_quiz(run)
    return (not due or points.FIRST_BEST in booked) and (finished or points.FINISHED in booked)


@fill("attempt.standing")
def attempt_standing(request: HttpRequest, *, attempt: Attempt) -> str:
    """Show, below the card of a first attempt's result, the place in the month and the way to the next level."""
    if not attempt.is_first:
        return ""
    person, month = _person(request), rules.running_month()
    found = _earned(request, attempt)
    if found.month_points is None:
        return ""
    in_redis = standings.in_redis(month, frozenset({month} if found.stale else ()))
    view = standings.view(month, Unit.REP, person.pk, part=ALONE, from_redis=in_redis)
    standing = levels.standing_of(found.total)
    earned_now = sum(entry.points for entry in found.entries if entry.month == month)
    context = {
        "own": view.own,
        # With what was earned later the board says no more where one would stand without this.
        "risen": _risen(view, month, earned_now) if in_redis and found.is_last else 0,
        "standing": standing,
        "modules": math.ceil(standing.missing / _module_worth()),
    }
    return render_to_string("gamification/attempt_standing.html", context, request)


def _risen(view: ranking.View, month: dt.date, earned: int) -> int:
    """Return how many places these points were worth; 0 if nothing can be said about it."""
    if view.own is None or view.own.score <= earned:
        return 0  # without these points there was no place to rise from
    above = boards.count_above(month, Unit.REP, view.own.score - earned)
    return 0 if above is None else max(above - view.own.place, 0)


def _module_worth() -> int:
    """Return the most that one module can bring, to say how far a level is."""
    known = rules.shown_rules()
    finished, right = known.get(points.FINISHED), known.get(points.FIRST_CORRECT)
    most = (finished.points if finished else 0) + ((right.cap or right.points) if right else 0)
    return max(most, 1)


@fill("home.month")
def home_month(request: HttpRequest) -> str:
    """Show the month so far: points, place, level, and the days of the week that had learning in them."""
    person, month, today = _person(request), rules.running_month(), rules.today()
    monday = today - dt.timedelta(days=today.weekday())
    found = own.progress(person, month, monday)
    view = None
    if found.points is not None:
        in_redis = standings.in_redis(month, frozenset({month} if found.stale else ()))
        view = standings.view(month, Unit.REP, person.pk, part=ALONE, from_redis=in_redis)
    context = {
        "points": found.points or 0,
        "view": view,
        "standing": levels.standing_of(found.total),
        "days": len(found.days),
        "week": [_step(monday + dt.timedelta(days=n), today, found.days) for n in range(7)],
    }
    return render_to_string("gamification/home_month.html", context, request)


def _step(day: dt.date, today: dt.date, learnt: frozenset[dt.date]) -> dict[str, str]:
    """Return a day as a knot on the week's thread."""
    label = date_format(day, "D")
    if day in learnt:
        return {"label": label, "state": "done", "said": pgettext("day", "learnt")}
    if day == today:
        return {"label": label, "state": "now", "said": pgettext("day", "today")}
    return {"label": label, "state": "off" if day.weekday() >= 5 else "", "said": ""}


@fill("module.points")
def module_points(
    request: HttpRequest,
    *,
    module_id: uuid.UUID,
    items: int | None = None,
    plays: bool = False,
    paid: bool | None = None,
) -> str:
    """Say what a module brings before it is begun, or what it has brought.

    `items` is the number of its quiz's questions, `plays` whether its scenario finishes it, `paid` whether it is
    finished; each is optional.
    """
    if paid is not False:
        earned = own.earned_by_module(_person(request), module_id)
        if earned:
            return _("It has brought you %(points)s pt") % {"points": number(earned)}
    return words.brings(rules.shown_rules(), items, plays=plays)


def _person(request: HttpRequest) -> Person:
    person: Person = request.person  # type: ignore[attr-defined]
    return person
