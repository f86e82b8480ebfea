"""Builds the demo world in an empty database, in one transaction; media and rankings stand beside it."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from analytics import actions as summaries
from gamification import actions as standings
from gamification.models import Board
from gamification.queries import rules
from lms.demo import (
    banking,
    catalogue,
    earnings,
    news,
    people,
    places,
    posting,
    questions,
    records,
    rows,
    runs,
    selling,
    staging,
    truth,
)
from lms.demo.asking import Asking, notices
from lms.demo.media import Picture, Studio
from lms.demo.plan import Plan
from lms.demo.telling import Progress
from lms.demo.trade import WITHOUT_CRM, Trade
from partners.models import Client, Organisation

AUTHOR = "hasegawa"

_HISTORIES = (
    "partners_organisation", "partners_team", "partners_person", "catalog_course", "catalog_module",
    "catalog_term", "quizzes_bankitem",
    "assignments_assignment",
)  # fmt: skip


class RefusedError(Exception):
    """The demo world can't be built here; the message says why and what to do."""


def refuse_if_inhabited() -> None:
    """Raise RefusedError where there is a demo world, or a company, already."""
    client = Client.objects.first()
    if client is not None and client.is_demo:
        raise RefusedError("The demo world is there already: `manage.py demo --remove` ends it.")
    if client is not None or Organisation.objects.exists():
        raise RefusedError("A company is set up here: the demo world needs an empty database.")


def build(plan: Plan, progress: Progress) -> None:
    """Build the demo world of this plan, rankings and the planner's statistics included."""
    everybody = plan.census.everybody()
    faces = _faces(plan)
    pictures = [
        *catalogue.wanted_media(plan.content),
        *staging.wanted_media(plan.content),
        *posting.wanted_media(plan.content),
    ]
    with Studio([*pictures, *faces.values()]) as studio:
        with transaction.atomic():
            _Site(plan, everybody, studio, progress).write(faces)
        progress.done("committed")
    progress.done(f"rankings of {_show_rankings()} months")
    summaries.rebuild()
    progress.done("summaries of progress")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    progress.done("statistics for the planner")


def _faces(plan: Plan) -> dict[str, Picture]:
    ids = {place.text.key: place.id for place in plan.places}
    return {
        person.face: Picture(
            "faces",
            f"{person.face}.webp",
            f"{person.family_name} {person.given_name}",
            ids[person.organisation],
            square=True,
        )
        for person in plan.content.people
    }


def _show_rankings() -> int:
    """Sum up every month, and show those that Redis keeps; returns how many months have points."""
    months = list(Board.objects.order_by("month").values_list("month", flat=True))
    for month in months:
        standings.rebuild(month=month)
    return len(months)


@dataclasses.dataclass(frozen=True)
class _Site:
    """The building site: all that the rows are made from."""

    plan: Plan
    everybody: Sequence[people.Someone]
    studio: Studio
    progress: Progress

    def write(self, faces: Mapping[str, Picture]) -> None:
        """Write everything that stands in the database, except rankings."""
        self._found()
        lengths = catalogue.lengths(self.plan.content, self.studio)
        self.progress.done("videos taken in")
        ways = self.plan.ways(lengths)
        self.progress.done(f"{len(ways)} ways through lessons")
        self._people(faces)
        published = self._catalogue()
        staged = self._scenarios(published)
        self._posts()
        who = {each.rep.number: each.person.pk for each in self.everybody if each.rep is not None}
        where = places.teams_by_number(self.plan.places)
        trails = records.trails(ways, who, where, published)
        self._learning(trails)
        played = self._plays(staged, who, where, trails)
        self._earnings(trails, played)
        self._asking(published)
        self._sales(who, where)
        self._questions(published)
        self._date_history_back()

    def _found(self) -> None:
        client = self.plan.places[0]
        Client.objects.create(
            name=client.text.name,
            language=self.plan.content.language,
            time_zone=settings.TIME_ZONE,
            is_demo=True,
            created_at=client.created_at,
        )
        organisations = rows.insert(places.organisations(self.plan.places))
        teams = rows.insert(places.teams(self.plan.places))
        self.progress.done(f"{organisations} organisations, {teams} teams")

    def _people(self, faces: Mapping[str, Picture]) -> None:
        pictures = {face: self.studio.asset(picture).pk for face, picture in faces.items()}
        people.give_pictures(self.everybody, pictures)
        rows.insert(people.accounts(self.everybody))
        rows.insert(each.person for each in self.everybody)
        rows.insert(self.plan.census.memberships(self.everybody))
        self.progress.done(f"{len(self.everybody)} people")

    def _catalogue(self) -> Mapping[str, records.Published]:
        keys = [text.key for text in self.plan.content.people]
        author = self.everybody[keys.index(AUTHOR)].person.pk
        shelf = catalogue.Shelf(
            self.plan.content, self.plan.calendar, self.studio, author, self.plan.seed
        )
        published = shelf.fill()
        kept = rows.insert(
            banking.items(
                self.plan.content, self.plan.calendar, self.plan.seed, self.plan.places[0].id
            )
        )
        self.progress.done(f"{len(published)} modules published, {kept} questions in the bank")
        return published

    def _scenarios(self, published: Mapping[str, records.Published]) -> dict[str, staging.Staged]:
        known = zip(self.plan.content.people, self.everybody, strict=False)
        by_person = {text.key: one.person.pk for text, one in known}
        courses = {text.key: text.course for text in self.plan.content.modules}
        staged = staging.Stagehand(
            content=self.plan.content,
            calendar=self.plan.calendar,
            studio=self.studio,
            courses={courses[key]: each.course_id for key, each in published.items()},
            people=by_person,
            author=by_person[AUTHOR],
            seed=self.plan.seed,
        ).build()
        self.progress.done(f"{len(staged)} scenarios published")
        return staged

    def _plays(
        self,
        staged: Mapping[str, staging.Staged],
        who: Mapping[int, uuid.UUID],
        where: Mapping[tuple[int, int], Any],
        trails: Sequence[records.Trail],
    ) -> list[runs.Track]:
        drawn = self.plan.plays()
        self.progress.done("what was said in scenarios is drawn")
        played = runs.tracks(drawn, who, where, staged)
        count, events = runs.insert(played)
        rows.insert(runs.progress(played))
        days = records.days_of_people(trails, self.plan.calendar)
        rows.insert(runs.learning_days(played, days, self.plan.calendar))
        self.progress.done(f"{count} runs, {events} events")
        return played

    def _posts(self) -> None:
        known = zip(self.plan.content.people, self.everybody, strict=False)
        mornings = posting.Mornings(
            self.plan.content,
            self.plan.calendar,
            self.studio,
            {text.key: one.person.pk for text, one in known},
            self.plan.seed,
        )
        self.progress.done(f"{mornings.post()} posts")

    def _learning(self, trails: Sequence[records.Trail]) -> None:
        attempts = rows.insert(records.attempts(trails))
        answers = rows.insert(records.answers(trails))
        self.progress.done(f"{attempts} attempts, {answers} answers")
        rows.insert(records.progress(trails))
        beats = rows.insert(records.heartbeats(trails, self.plan.calendar, self.plan.seed))
        days = rows.insert(records.learning_days(trails, self.plan.calendar))
        self.progress.done(f"{beats} heartbeats, {days} learning days")

    def _earnings(self, trails: Sequence[records.Trail], played: Sequence[runs.Track]) -> None:
        calendar = self.plan.calendar
        known = rules.all_rules()
        booked = earnings.ledger(trails, known, calendar.zone)
        booked += earnings.of_runs(played, known, calendar.zone)
        days = records.days_of_people(trails, calendar)
        for one in runs.learning_days(played, days, calendar):
            days.setdefault(one.person_id, []).append(one.day)
        awards = list(earnings.badge_awards(trails, played, days, calendar.zone, self.plan.seed))
        rows.insert(booked)
        rows.insert(awards)
        rows.insert(
            Board(month=month, stale=True) for month in sorted({entry.month for entry in booked})
        )
        readers = {each.person.pk for each in self.everybody if each.is_played}
        rows.insert(news.notices(awards, booked, readers, calendar.now))
        self.progress.done(f"{len(booked)} ledger entries, {len(awards)} badges")

    def _asking(self, published: Mapping[str, records.Published]) -> None:
        known = zip(self.plan.content.people, self.everybody, strict=False)
        asking = Asking(
            calendar=self.plan.calendar,
            language=self.plan.content.language,
            seed=self.plan.seed,
            places=self.plan.places,
            people={text.key: (one.person.pk, one.person.organisation_id) for text, one in known},
        )
        modules = {text.key: text.course for text in self.plan.content.modules}
        courses = {modules[key]: each.course_id for key, each in published.items()}
        count = asking.ask(published, courses)
        readers = {each.person.pk for each in self.everybody if each.is_played}
        rows.insert(notices(readers, self.plan.calendar))
        self.progress.done(f"{count} assignments")

    def _sales(self, who: Mapping[int, uuid.UUID], where: Mapping[tuple[int, int], Any]) -> None:
        sold = selling.sell(self.plan.world, self.plan.calendar)
        self.progress.done("what was sold is drawn")
        Trade(
            sold=sold,
            language=self.plan.content.language,
            seed=self.plan.seed,
            calendar=self.plan.calendar,
            reps=self.plan.world.reps,
            who=who,
            where=where,
            by_hand={each.id for each in self.plan.places if each.text.key in WITHOUT_CRM},
        ).write()
        truth.write(self.plan, sold, truth.Ids(who, where))
        self.progress.done(f"{len(sold.counts)} counts of sales, {len(sold.deals)} deals")

    def _questions(self, published: Mapping[str, records.Published]) -> None:
        keys = [text.key for text in self.plan.content.people]
        actor = self.everybody[keys.index(questions.SALES_MANAGER)].person
        asked = questions.Questions(actor, self.plan.calendar.today, self.plan.seed)
        asked.ask(published[questions.STORY].course_id)
        asked.plan(published[questions.TALK].course_id, self.plan.places)

    @staticmethod
    def _date_history_back() -> None:
        """Let the history of people and content begin when they did, not when the demo was built."""
        with connection.cursor() as cursor:
            for table in _HISTORIES:
                # `now()` is the beginning of this transaction: these rows are its own.
                cursor.execute(
                    f"UPDATE {table}event SET pgh_created_at = created_at"  # noqa: S608 - names above
                    " WHERE pgh_created_at = now()"
                )
            cursor.execute(
                "UPDATE catalog_blockevent e SET pgh_created_at = m.created_at"
                " FROM catalog_module m WHERE m.id = e.module_id AND e.pgh_created_at = now()"
            )
