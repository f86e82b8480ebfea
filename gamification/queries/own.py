"""Reads of what one person earned: a month, an attempt, the record of everything."""

import dataclasses
import datetime as dt
import json
import uuid
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject

from courses.catalog.models import Module
from courses.catalog.naming import public
from courses.progress.models import ModuleProgress
from courses.quizzes.models import Answer, Attempt, QuizVersion
from courses.scenarios.models import Run
from courses.scenarios.queries import SHOWN
from gamification import points
from gamification.models import BadgeAward, LedgerEntry
from gamification.queries import rules
from gamification.ranking import Group
from partners.models import Person


@dataclasses.dataclass(frozen=True)
class Source:
    """What a rule brought in a month: how many times, and how many points."""

    rule: str
    times: int
    points: int


@dataclasses.dataclass(frozen=True)
class OwnMonth:
    """A person's month: `points` is None for who has none yet.

    `team` and `partner` are the figures of the person's own groups, also where they are too small to rank.
    """

    points: int | None
    sources: tuple[Source, ...]
    team: Group | None
    partner: Group | None


@dataclasses.dataclass(frozen=True)
class Months:
    """The months that have a ranking, newest first, and those whose board in Redis may be wrong."""

    known: tuple[dt.date, ...]
    stale: frozenset[dt.date]


_MONTH = """
SELECT (SELECT s.points FROM gamification_standing s WHERE s.person_id = %(person)s AND s.month = %(month)s),
  ARRAY(SELECT json_build_array(l.rule, count(*), sum(l.points)) FROM gamification_ledgerentry l
         WHERE l.person_id = %(person)s AND l.month = %(month)s GROUP BY l.rule),
  (SELECT json_build_array(g.points, g.people) FROM gamification_groupstanding g WHERE g.month = %(month)s
      AND g.organisation_id = %(organisation)s AND g.team_id = %(team)s),
  (SELECT json_build_array(g.points, g.people) FROM gamification_groupstanding g WHERE g.month = %(month)s
      AND g.organisation_id = %(organisation)s AND g.team_id IS NULL),
  ARRAY(SELECT b.month FROM gamification_board b WHERE b.month <= %(running)s),
  ARRAY(SELECT b.month FROM gamification_board b WHERE b.month <= %(running)s AND b.stale)
"""


def own_month(person: Person, month: dt.date) -> tuple[OwnMonth, Months]:
    """Return what the person and their groups reached in a month, and which months one can look at. One query.

    The running month is always among these.
    """
    running = rules.running_month()
    wanted: dict[str, Any] = {
        "month": month,
        "running": running,
        "person": person.pk,
        "organisation": person.organisation_id,
        "team": person.team_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MONTH, wanted)
        mine, sources, team, partner, known, stale = cursor.fetchone()
    own = OwnMonth(
        points=mine,
        sources=tuple(
            sorted((Source(*row) for row in sources), key=lambda each: points.order(each.rule))
        ),
        team=Group(person.organisation_id, person.team_id, *team) if team else None,
        partner=Group(person.organisation_id, None, *partner) if partner else None,
    )
    return own, Months(tuple(sorted({running, *known}, reverse=True)), frozenset(stale))


def _total() -> Coalesce:
    """Return, as part of a query about a person, the sum of all their points."""
    ledger = LedgerEntry.objects.filter(person=OuterRef("pk")).order_by().values("person")
    return Coalesce(Subquery(ledger.annotate(sum=Sum("points")).values("sum")), 0)


@dataclasses.dataclass(frozen=True)
class Progress:
    """What home shows: points of the month (None: none yet) and of all time, and the days of learning."""

    points: int | None
    total: int
    days: frozenset[dt.date]
    stale: bool


_PROGRESS = """
SELECT (SELECT s.points FROM gamification_standing s WHERE s.person_id = %(person)s AND s.month = %(month)s),
       (SELECT coalesce(sum(l.points), 0) FROM gamification_ledgerentry l WHERE l.person_id = %(person)s),
       ARRAY(SELECT d.day FROM progress_learningday d
              WHERE d.person_id = %(person)s AND d.day BETWEEN %(monday)s AND %(sunday)s),
       EXISTS (SELECT FROM gamification_board b WHERE b.month = %(month)s AND b.stale)
"""


def progress(person: Person, month: dt.date, monday: dt.date) -> Progress:
    """Return how the person's month and week stand. One query."""
    wanted: dict[str, Any] = {
        "person": person.pk,
        "month": month,
        "monday": monday,
        "sunday": monday + dt.timedelta(days=6),
    }
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, wanted)
        month_points, total, learnt, stale = cursor.fetchone()
    return Progress(month_points, total, frozenset(learnt), stale)


@dataclasses.dataclass(frozen=True)
class Booked:
    """A line of the ledger as one attempt's page shows it."""

    source_key: str
    rule: str
    points: int
    month: dt.date
    detail: dict[str, int]


@dataclasses.dataclass(frozen=True)
class Earned:
    """What an attempt brought: its entries, the badges that came with them, and all points since.

    `is_last` says that the person has earned nothing with anything else since.
    """

    entries: tuple[Booked, ...]
    module_paid: bool
    badges: tuple[str, ...]
    total: int
    month_points: int | None
    stale: bool
    is_last: bool

    @property
    def points(self) -> int:
        """The sum of the entries."""
        return sum(entry.points for entry in self.entries)

    @property
    def for_answers(self) -> int:
        """The points for right answers, corrections included."""
        return sum(entry.points for entry in self.entries if entry.rule != points.FINISHED)


_EARNED = """
SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('key', l.source_key, 'rule', l.rule, 'points', l.points,
                 'month', l.month, 'detail', l.detail, 'own', l.attempt_id IS NOT DISTINCT FROM %(attempt)s)
                 ORDER BY l.id), '[]')
          FROM gamification_ledgerentry l
         WHERE l.person_id = %(person)s AND (l.attempt_id = %(attempt)s OR l.source_key = %(finished)s)),
       ARRAY(SELECT b.badge FROM gamification_badgeaward b
              WHERE b.person_id = %(person)s AND b.cause = ANY (%(causes)s) ORDER BY b.id),
       (SELECT coalesce(sum(l.points), 0) FROM gamification_ledgerentry l WHERE l.person_id = %(person)s),
       (SELECT s.points FROM gamification_standing s WHERE s.person_id = %(person)s AND s.month = %(month)s),
       EXISTS (SELECT FROM gamification_board b WHERE b.month = %(month)s AND b.stale),
       NOT EXISTS (SELECT FROM gamification_ledgerentry l
                    WHERE l.person_id = %(person)s AND l.attempt_id IS DISTINCT FROM %(attempt)s
                      AND l.id > (SELECT min(o.id) FROM gamification_ledgerentry o
                                   WHERE o.person_id = %(person)s AND o.attempt_id = %(attempt)s))
"""


def earned(person: Person, attempt: Attempt, month: dt.date) -> Earned:
    """Return what the person's attempt at a quiz brought so far. One query."""
    module_id = attempt.quiz.module_id
    finished = points.finished_key(module_id, person.pk)
    causes = [attempt_cause(attempt.pk)]
    if attempt.submitted_at:
        causes.append(understood_cause(module_id, attempt.submitted_at))
    wanted: dict[str, Any] = {
        "person": person.pk,
        "attempt": attempt.pk,
        "finished": finished,
        "causes": causes,
        "month": month,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EARNED, wanted)
        entries, given, total, month_points, stale, is_last = cursor.fetchone()
    booked = json.loads(entries)
    own = [raw for raw in booked if raw["own"]]
    return Earned(
        entries=tuple(
            _booked(raw) for raw in sorted(own, key=lambda raw: points.order(raw["rule"]))
        ),
        module_paid=any(raw["key"] == finished for raw in booked),
        badges=tuple(given),
        total=total,
        month_points=month_points,
        stale=stale,
        is_last=is_last,
    )


def of_run(person: Person, run: Run) -> list[Booked]:
    """Return what the person's first run of a scenario brought so far. One query."""
    finished = points.finished_key(run.scenario.module_id, person.pk)
    rows = LedgerEntry.objects.visible_to(person).filter(
        Q(attempt_id=run.pk) | Q(source_key=finished, attempt_id=None)
    )
    found = [Booked(e.source_key, e.rule, e.points, e.month, e.detail) for e in rows]
    return sorted(found, key=lambda each: points.order(each.rule))


def asks_quiz(run: Run) -> bool:
    """Say whether a run's module is finished by a quiz, whatever is played in it. One query."""
    return QuizVersion.objects.filter(
        quiz__module_id=run.scenario.module_id, module_version_id=F("quiz__module__version_id")
    ).exists()


def attempt_cause(attempt_id: uuid.UUID) -> str:
    """Return by what cause a badge is given that came with an attempt."""
    return f"attempt:{attempt_id}"


def understood_cause(module_id: uuid.UUID, at: dt.datetime) -> str:
    """Return by what cause a badge is given that came with understanding a module."""
    return f"module:{module_id}:understood:{at.astimezone(dt.UTC).isoformat()}"


def day_cause(person_id: uuid.UUID, day: str) -> str:
    """Return by what cause a badge is given that came with a day of learning."""
    return f"person:{person_id}:day:{day}"


def _booked(raw: dict[str, Any]) -> Booked:
    month = dt.date.fromisoformat(raw["month"])
    return Booked(raw["key"], raw["rule"], raw["points"], month, raw["detail"])


def earned_by_module(person: Person, module_id: uuid.UUID) -> int:
    """Return the points that a module has brought the person so far. One query."""
    entries = LedgerEntry.objects.visible_to(person).filter(module_id=module_id)
    return int(entries.aggregate(sum=Coalesce(Sum("points"), 0))["sum"])


@dataclasses.dataclass(frozen=True)
class Summary:
    """The head of the record: all points, modules begun, finished and understood, and active seconds."""

    total: int
    entries: int
    started: int
    finished: int
    understood: int
    seconds: int


def summary(person: Person) -> Summary:
    """Return what the person has done in all. One query."""
    mine = ModuleProgress.objects.filter(person=OuterRef("pk")).order_by().values("person")
    entries = LedgerEntry.objects.filter(person=OuterRef("pk")).order_by().values("person")
    done = mine.annotate(
        json=JSONObject(
            started=Count("pk"),
            finished=Count("pk", filter=Q(finished_at__isnull=False)),
            understood=Count("pk", filter=Q(understood_at__isnull=False)),
            seconds=Coalesce(Sum("active_seconds"), 0),
        )
    )
    row = (
        Person.objects.filter(pk=person.pk)
        .annotate(
            all_points=_total(),
            entries=Coalesce(Subquery(entries.annotate(n=Count("pk")).values("n")), 0),
            done=Subquery(done.values("json")),
        )
        .values("all_points", "entries", "done")
        .get()
    )
    done_row = row["done"] or {"started": 0, "finished": 0, "understood": 0, "seconds": 0}
    return Summary(total=row["all_points"], entries=row["entries"], **done_row)


def learnt(person: Person) -> Any:
    """Return the person's modules, the latest first; with the module in the same query.

    `plays` says that a module is finished by its scenario, `partly` that answers that were right in part are in its
    first score, `is_post` that there is nothing to finish: a post is read.
    """
    in_part = Answer.objects.filter(
        attempt__person_id=person.pk,
        attempt__is_first=True,
        attempt__quiz__module_id=OuterRef("module_id"),
        credit__gt=0,
        credit__lt=1,
    )
    quiz = QuizVersion.objects.filter(module_version_id=OuterRef("module__version_id"))
    return (
        ModuleProgress.objects.visible_to(person)
        .select_related("module")
        .annotate(plays=Q(module__version__document__contains=SHOWN) & ~Exists(quiz))
        .annotate(partly=Exists(in_part))
        .annotate(is_post=Q(module__form=Module.Form.POST, finished_at__isnull=True))
        .annotate(title=public("title", "module__"), language=public("language", "module__"))
        .only(
            "module__is_archived", "module__version_id",
            "started_at", "last_at", "finished_at", "understood_at", "first_score", "active_seconds",
        )
        .order_by("-last_at", "-pk")
    )  # fmt: skip


def booked(person: Person) -> QuerySet[LedgerEntry]:
    """Return the person's ledger, the latest cause first; each with its module's title in the same query."""
    named = Module.objects.filter(pk=OuterRef("module_id")).annotate(public=public("title"))
    title = named.values("public")
    return (
        LedgerEntry.objects.visible_to(person)
        .annotate(module_title=Subquery(title))
        .order_by("-caused_at", "-pk")
    )


def badges_of(person: Person) -> dict[str, dt.datetime]:
    """Return when the person got which badge. One query."""
    return dict(BadgeAward.objects.filter(person=person).values_list("badge", "awarded_at"))
