"""Reads of a team's or organisation's page: its figures, whom to talk to, its teams."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from analytics import talk
from analytics.figures import TARGET, Mean, Share
from analytics.models import GroupSummary, Level, MonthSummary, PersonSummary
from analytics.queries.members import people_of
from analytics.queries.modules import Whom
from analytics.queries.where import Where
from analytics.talk import Reason
from core import months, rounding
from courses.assignments.models import Enrolment, EnrolmentQuerySet
from courses.assignments.queries import rights
from courses.catalog.models import Module
from courses.catalog.naming import public
from gamification.queries import rules

LISTED_TEAMS = 50
"""So many teams stand on the page of their organisation."""

_CANDIDATES = 40
"""Among so many of the most overdue, silent or struggling people those to talk to are chosen."""


@dataclasses.dataclass(frozen=True)
class Figures:
    """The head of a page: who finished what is required, how well, who is late, how long a module takes."""

    people: int
    learning: int
    required: Share
    quiz: Mean
    quiz_before: Mean
    late: int
    finished: int
    finished_ever: int
    seconds: int
    month: dt.date

    @property
    def minutes(self) -> int | None:
        """Active minutes for one finished module, on average; None without any."""
        return rounding.whole(self.seconds / 60 / self.finished) if self.finished else None


def figures(where: Where) -> Figures:
    """Return the figures of a team or organisation. Three queries."""
    month = rules.running_month()
    before = months.before(month)
    group = GroupSummary.objects.visible_to(where.viewer).filter(
        level=where.level, group_id=where.group_id
    )
    row = group.first() or GroupSummary(level=where.level, group_id=where.group_id)
    found = MonthSummary.objects.visible_to(where.viewer).filter(
        level=where.level, group_id=where.group_id, month__in=[month, before]
    )
    by_month = {each.month: each for each in found}
    now, then = (by_month.get(each, MonthSummary(month=each)) for each in (month, before))
    return Figures(
        people=row.people,
        learning=row.learning,
        required=Share(row.done, row.asked, TARGET),
        quiz=Mean(now.scored, now.score_sum),
        quiz_before=Mean(then.scored, then.score_sum),
        late=people_of(where).filter(due_on__lt=rules.today()).count(),
        finished=now.finished,
        finished_ever=row.finished,
        seconds=now.seconds,
        month=month,
    )


@dataclasses.dataclass(frozen=True)
class Reminders:
    """How many late people the viewer would remind now, of the others how many have been reminded today by hand,
    and how many no reminder reaches, since they haven't signed up.
    """

    left: int
    done: int
    waiting: int


def reminders(where: Where) -> Reminders:
    """Return how many of those who are late could be reminded. One query."""
    viewer, today = where.viewer, rules.today()
    each = _late(where).order_by().values("person")
    each = each.annotate(
        anew=Count("pk", filter=rights.to_remind(viewer, today)),
        told=Count("pk", filter=rights.reminded(viewer, today)),
        unreached=Count("pk", filter=rights.waiting(viewer)),
    )
    found = each.aggregate(
        left=Count("person", filter=Q(anew__gt=0)),
        done=Count("person", filter=Q(anew=0, told__gt=0)),
        waiting=Count("person", filter=Q(anew=0, told=0, unreached__gt=0)),
    )
    return Reminders(**found)


def late_enrolments(where: Where) -> list[uuid.UUID]:
    """Return what is required of its people and should be finished by now. One query."""
    return list(_late(where).values_list("pk", flat=True))


def _late(where: Where) -> EnrolmentQuerySet:
    found = Enrolment.objects.visible_to(where.viewer).late(timezone.now())
    found = found.filter(
        assignment__necessity="required",
        assignment__cancelled_at__isnull=True,
        person__organisation=where.organisation,
    )
    if where.team:
        found = found.filter(person__team=where.team)
    return found


@dataclasses.dataclass(frozen=True)
class Word:
    """Somebody to talk to today, and why; `module` is what they are stuck at."""

    person: Any
    reason: Reason
    module: str


def to_talk_to(where: Where) -> list[Word]:
    """Return a few people to talk to today. Three queries.

    That they haven't begun is a reason only for those who can: they have signed up, and there is something to learn.
    """
    begins = Whom(where.viewer, where).modules().exists()
    new = Q(last_on__isnull=True, person__account__isnull=False) if begins else Q(pk__in=[])
    today = rules.today()
    since = today - dt.timedelta(days=talk.LONG_AGO)
    rows = (
        people_of(where)
        .filter(
            Q(due_on__lt=today)
            | Q(stuck_on__gte=today - dt.timedelta(days=talk.RECENT_DAYS))
            | Q(last_on__range=(since, today - dt.timedelta(days=talk.SILENT_DAYS)))
            | Q(last_on__lt=since, required__gt=F("required_done"))
            | new
        )
        .select_related("person")
        .order_by(
            F("stuck_on").desc(nulls_last=True),
            F("due_on").asc(nulls_last=True),
            F("last_on").desc(nulls_last=True),
            "person_id",
        )[:_CANDIDATES]
    )
    found = [(row, reason) for row in rows if (reason := talk.reason(_state(row, today)))]
    chosen: Sequence[Any] = talk.first(found)
    titles = _titles(row.stuck_module_id for row, _reason in chosen)
    return [Word(row.person, reason, titles.get(row.stuck_module_id, "")) for row, reason in chosen]


def _state(row: PersonSummary, today: dt.date) -> talk.State:
    return talk.state_of(
        due_on=row.due_on,
        last_on=row.last_on,
        stuck_on=row.stuck_on,
        tries=row.stuck_tries,
        finished=row.finished,
        is_open=row.required > row.required_done,
        today=today,
    )


def _titles(ids: Any) -> dict[uuid.UUID, str]:
    named = Module.objects.filter(pk__in=[each for each in ids if each])
    return dict(named.values_list("pk", public("title")))


@dataclasses.dataclass(frozen=True)
class TeamLine:
    """A team among those of its organisation; `team` is None for the people who have none."""

    team: Any
    people: int
    required: Share
    quiz: Mean
    late: int


def teams(where: Where) -> list[TeamLine]:
    """Return the organisation's teams with their figures, and last the people without one, if any. Three queries."""
    viewer, own = where.viewer, where.organisation.pk
    ids = [*(team.pk for team in where.teams[:LISTED_TEAMS]), own]
    groups = GroupSummary.objects.visible_to(viewer).filter(level=Level.TEAM, group_id__in=ids)
    known = {row.group_id: row for row in groups}
    month = MonthSummary.objects.visible_to(viewer).filter(
        level=Level.TEAM, group_id__in=ids, month=rules.running_month()
    )
    quizzes = {row.group_id: Mean(row.scored, row.score_sum) for row in month}
    late = dict(
        people_of(where)
        .filter(due_on__lt=rules.today())
        .order_by()
        .values_list("group_id")
        .annotate(Count("pk"))
    )
    named = {team.pk: team for team in where.teams}
    nobody = GroupSummary()
    lines = [
        TeamLine(
            team=named.get(pk),
            people=row.people,
            required=Share(row.done, row.asked, TARGET),
            quiz=quizzes.get(pk, Mean(0, 0)),
            late=late.get(pk, 0),
        )
        for pk in ids
        for row in [known.get(pk, nobody)]
    ]
    return [line for line in lines if line.team or line.people]
