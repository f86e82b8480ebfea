"""Reads of a team's or organisation's page: its figures, its people, whom to talk to, where it stumbles."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from analytics import talk
from analytics.figures import Mean, Share
from analytics.models import GroupSummary, Level, MonthSummary, PersonSummary
from analytics.queries.where import Where
from analytics.talk import Reason
from courses.assignments.models import Enrolment
from courses.catalog.models import Module
from gamification import months
from gamification.queries import rules
from partners.models import full_name

PAGE_SIZE = 30
LISTED = 8
"""So many people stand on the team's own page; all are one tap away."""

STATES = ("late", "open", "done", "silent")
"""Late; with something required left; with all of it finished; without learning for a while."""

SORTS = ("due", "name", "quiz", "last")

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
        return round(self.seconds / 60 / self.finished) if self.finished else None


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
        required=Share(row.done, row.asked),
        quiz=Mean(now.scored, now.score_sum),
        quiz_before=Mean(then.scored, then.score_sum),
        late=people_of(where).filter(due_on__lt=rules.today()).count(),
        finished=now.finished,
        finished_ever=row.finished,
        seconds=now.seconds,
        month=month,
    )


def people_of(where: Where) -> "QuerySet[Any]":
    """Return the summaries of its people."""
    found = PersonSummary.objects.visible_to(where.viewer).filter(organisation=where.organisation)
    return found.filter(group_id=where.team.pk) if where.team else found


def late_enrolments(where: Where) -> list[uuid.UUID]:
    """Return what is required of its people and should be finished by now. One query."""
    found = Enrolment.objects.visible_to(where.viewer).late(timezone.now())
    found = found.filter(
        assignment__necessity="required",
        assignment__cancelled_at__isnull=True,
        person__organisation=where.organisation,
    )
    if where.team:
        found = found.filter(person__team=where.team)
    return list(found.values_list("pk", flat=True))


@dataclasses.dataclass(frozen=True)
class Member:
    """One person of a list: how far with what is required, how well, and when they last learnt."""

    person: Any
    required: Share
    quiz: Mean
    finished: int
    minutes: int
    due_on: dt.date | None
    overdue: int
    last_on: dt.date | None
    silent: int | None

    @property
    def left(self) -> int:
        """How much of what is required is left."""
        return self.required.whole - self.required.part


def member_of(row: Any, person: Any, today: dt.date) -> Member:
    """Return a person's summary as a line of a list."""
    return Member(
        person=person,
        required=Share(row.required_done, row.required),
        quiz=Mean(row.scored, row.score_sum),
        finished=row.finished,
        minutes=round(row.seconds / 60),
        due_on=row.due_on,
        overdue=max((today - row.due_on).days, 0) if row.due_on else 0,
        last_on=row.last_on,
        silent=(today - row.last_on).days if row.last_on else None,
    )


_ORDERS: dict[str, tuple[Any, ...]] = {
    "due": (F("due_on").asc(nulls_last=True), F("last_on").asc(nulls_first=True)),
    "name": (),
    "quiz": ((F("score_sum") * 1.0 / F("scored")).asc(nulls_last=True),),
    "last": (F("last_on").asc(nulls_first=True),),
}
_BY_NAME = (
    *("person__family_reading", "person__given_reading"),
    *("person__family_name", "person__given_name", "person_id"),
)


@dataclasses.dataclass(frozen=True)
class Wanted:
    """Which people a list is to show, and in which order."""

    words: str = ""
    state: str = ""
    sort: str = "due"


def first_members(where: Where) -> list[Member]:
    """Return the people who stand on the team's own page: those with something due first. One query."""
    rows = _sorted(people_of(where), "due")[:LISTED]
    return [member_of(row, row.person, rules.today()) for row in rows]


def members(where: Where, wanted: Wanted, number: str | None) -> "Page[Any]":
    """Return one page of people; its `object_list` holds Members. Two queries."""
    page = Paginator(_wanted(where, wanted), PAGE_SIZE).get_page(number)
    page.object_list = [member_of(row, row.person, rules.today()) for row in page.object_list]
    return page


@dataclasses.dataclass(frozen=True)
class Listed:
    """One person of a file."""

    name: str
    team: str
    figures: Member


_LISTED = (
    *("person__family_name", "person__given_name", "person__team__name"),
    *(
        "required",
        "required_done",
        "scored",
        "score_sum",
        "finished",
        "seconds",
        "due_on",
        "last_on",
    ),
)


def all_members(where: Where, wanted: Wanted) -> Iterator[Listed]:
    """Yield all these people, for a file. One query; no more of each is read than stands in the file."""
    today, found = rules.today(), _at_home(_wanted(where, wanted), where)
    for row in found.values_list(*_LISTED, named=True):
        name = full_name(row.person__family_name, row.person__given_name)
        yield Listed(name, row.person__team__name or "", member_of(row, None, today))


def _wanted(where: Where, wanted: Wanted) -> "QuerySet[Any]":
    today = rules.today()
    found = people_of(where)
    if wanted.words:
        found = _at_home(found, where)
    for word in wanted.words.split():
        found = found.filter(person__search__contains=word)
    conditions = {
        "late": Q(due_on__lt=today),
        "open": Q(required__gt=F("required_done")),
        "done": Q(required__gt=0, required=F("required_done")),
        "silent": Q(last_on__lt=today - dt.timedelta(days=talk.SILENT_DAYS - 1))
        | Q(last_on__isnull=True),
    }
    if wanted.state in conditions:
        found = found.filter(conditions[wanted.state])
    return _sorted(found, wanted.sort)


def _at_home(found: "QuerySet[Any]", where: Where) -> "QuerySet[Any]":
    """Hold people to the organisation a second time, by their own rows: then only these are read, and not all."""
    return found.filter(person__organisation=where.organisation)


def _sorted(found: "QuerySet[Any]", sort: str) -> "QuerySet[Any]":
    if sort == "quiz":
        found = found.exclude(scored=0)
    return found.select_related("person__team").order_by(*_ORDERS.get(sort, ()), *_BY_NAME)


@dataclasses.dataclass(frozen=True)
class Word:
    """Somebody to talk to today, and why; `module` is what they are stuck at."""

    person: Any
    reason: Reason
    module: str


def to_talk_to(where: Where) -> list[Word]:
    """Return a few people to talk to today. Two queries."""
    today = rules.today()
    since = today - dt.timedelta(days=talk.LONG_AGO)
    rows = (
        people_of(where)
        .filter(
            Q(due_on__lt=today)
            | Q(stuck_on__gte=today - dt.timedelta(days=talk.RECENT_DAYS))
            | Q(last_on__range=(since, today - dt.timedelta(days=talk.SILENT_DAYS)))
            | Q(last_on__isnull=True)
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
        today=today,
    )


def _titles(ids: Any) -> dict[uuid.UUID, str]:
    return dict(
        Module.objects.filter(pk__in=[each for each in ids if each]).values_list("pk", "title")
    )


@dataclasses.dataclass(frozen=True)
class TeamLine:
    """A team among those of its organisation."""

    team: Any
    people: int
    required: Share
    quiz: Mean
    late: int


def teams(where: Where) -> list[TeamLine]:
    """Return the organisation's teams with their figures. Three queries."""
    viewer, ids = where.viewer, [team.pk for team in where.teams]
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
    return [
        TeamLine(
            team=team,
            people=known[team.pk].people if team.pk in known else 0,
            required=Share(known[team.pk].done, known[team.pk].asked)
            if team.pk in known
            else Share(0, 0),
            quiz=quizzes.get(team.pk, Mean(0, 0)),
            late=late.get(team.pk, 0),
        )
        for team in where.teams
    ]
