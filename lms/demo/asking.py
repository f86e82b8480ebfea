"""What the demo's people are asked to learn: some of it due soon, some late, some only suggested."""

import dataclasses
import datetime as dt
import random
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db.models import DateTimeField, F, OuterRef, Subquery
from django.db.models.functions import Cast, Greatest
from django.urls import reverse

from core.models import Notice
from courses.assignments import due, words
from courses.assignments.actions import enrolling, telling
from courses.assignments.models import Assignment, AssignmentTarget, Enrolment
from lms.demo import rows
from lms.demo.calendar import Calendar
from lms.demo.chance import stream, uuid_at
from lms.demo.places import Place
from lms.demo.records import Published
from partners.models import Membership


@dataclasses.dataclass(frozen=True)
class Ask:
    """One assignment: by whom, what (a lesson's or a course's key), of whom, when, and by when in days from today.

    `firms`: partners by key, none for all reps; `team`: one team of the asker's own place.
    """

    key: str
    by: str
    days_ago: float
    lesson: str = ""
    course: str = ""
    firms: tuple[str, ...] = ()
    team: str = ""
    due_in: int | None = None
    required: bool = True
    opens: Mapping[str, str] = dataclasses.field(default_factory=dict)
    message: Mapping[str, str] = dataclasses.field(default_factory=dict)


ASKS = (
    Ask(
        "price",
        by="okada",
        days_ago=9,
        lesson="price",
        due_in=2,
        opens={"ja": "自分で見積もりを出す", "en": "give quotes on your own"},
    ),
    Ask(
        "complaint",
        by="hasegawa",
        days_ago=1.03,
        lesson="complaint",
        due_in=9,
        message={
            "ja": "先週あったことから作りました。電話の前に、ぜひ。",
            "en": "Made from what happened last week. Worth three minutes before your next call.",
        },
    ),
    Ask(
        "handover",
        by="okada",
        days_ago=18,
        lesson="handover",
        firms=("hokuto", "saikai", "mirai"),
        due_in=-4,
    ),
    Ask("first", by="nishimura", days_ago=6, course="honami", team="first", required=False),
    Ask(
        "story-1",
        by="okada",
        days_ago=275,
        course="honami",
        firms=("higashiyama", "wakabano", "suzuran", "hinoki", "minamo"),
        required=False,
    ),
    Ask(
        "story-2",
        by="okada",
        days_ago=150,
        course="honami",
        firms=("tsukimizaka", "shiokaze", "akebono", "tsumugi", "kodama"),
        required=False,
    ),
)
"""The last two are a launch in two waves, at companies without anybody who can be played."""


@dataclasses.dataclass(frozen=True)
class Asking:
    """Writes the assignments of a world. `people`: those with a face, by key, and where they belong."""

    calendar: Calendar
    language: str
    seed: int
    places: Sequence[Place]
    people: Mapping[str, tuple[uuid.UUID, uuid.UUID]]

    def ask(self, published: Mapping[str, Published], courses: Mapping[str, uuid.UUID]) -> int:
        """Insert the assignments, enrol everybody as the product does, and note that all were told then."""
        made = [(each, self._assignment(each, published, courses)) for each in ASKS]
        rows.insert(row for _, row in made)
        rows.insert(target for each, row in made for target in self._targets(each, row))
        for _, row in made:
            enrolling.begin(assignment_id=row.pk, at=row.created_at)
        self._since_there()
        self._told()
        return len(ASKS)

    def _assignment(
        self, ask: Ask, published: Mapping[str, Published], courses: Mapping[str, uuid.UUID]
    ) -> Assignment:
        person, organisation = self.people[ask.by]
        created = self.calendar.now - dt.timedelta(days=ask.days_ago)
        day = self.calendar.today + dt.timedelta(days=ask.due_in or 0)
        return Assignment(
            id=uuid_at(stream(self.seed, "ask", ask.key), created),
            organisation_id=organisation,
            module_id=published[ask.lesson].module_id if ask.lesson else None,
            course_id=courses[ask.course] if ask.course else None,
            necessity="required" if ask.required else "optional",
            due_at=None if ask.due_in is None else due.end_of(day, self.calendar.zone),
            remind_days=None if ask.due_in is None else 3,
            opens=ask.opens.get(self.language, ""),
            message=ask.message.get(self.language, ""),
            created_by_id=person,
            created_at=created,
        )

    def _targets(self, ask: Ask, row: Assignment) -> Iterator[AssignmentTarget]:
        kinds = AssignmentTarget.Kind
        if ask.team:
            home = next(place for place in self.places if place.id == row.organisation_id)
            yield AssignmentTarget(
                assignment_id=row.pk,
                kind=kinds.TEAM,
                organisation_id=home.id,
                team_id=home.team(ask.team),
            )
        for place in self.places:
            if place.text.key in ask.firms:
                yield AssignmentTarget(
                    assignment_id=row.pk, kind=kinds.ORGANISATION, organisation_id=place.id
                )
        if not ask.team and not ask.firms:
            yield AssignmentTarget(assignment_id=row.pk, kind=kinds.ROLE, role="rep")

    @staticmethod
    def _since_there() -> None:
        """Let those who came later have been asked when they came, as the product does."""
        came = Membership.objects.filter(person=OuterRef("person_id"), days__endswith__isnull=True)
        Enrolment.objects.update(
            assigned_at=Greatest(
                "assigned_at",
                Cast(Subquery(came.values("days__startswith")[:1]), DateTimeField()),
            )
        )

    def _told(self) -> None:
        """Note what everybody has been told by now, so that nobody is told it all again."""
        now = self.calendar.now
        soon = now + dt.timedelta(days=3)
        Enrolment.objects.update(told_at=F("assigned_at"), told_due_at=F("due_at"))
        Enrolment.objects.filter(due_at__lt=soon).update(reminded_due_at=F("due_at"))
        Enrolment.objects.late(now).update(late_due_at=F("due_at"))


def notices(readers: Collection[uuid.UUID], calendar: Calendar) -> Iterator[Notice]:
    """Return what those who can sign in were told of what they still have to do."""
    found = Enrolment.objects.open().filter(person__in=readers).select_related("assignment")
    for row in found.select_related("assignment__module", "assignment__course").order_by("pk"):
        made = row.assignment
        rng = random.Random(f"enrolment:{made.pk}:{row.person_id}:assigned")
        title = made.module.title if made.module else made.course.title if made.course else ""
        url = (
            reverse("courses:module", args=[made.module_id])
            if made.module_id
            else f"{reverse('courses:learn')}?course={made.course_id}#c{made.course_id}"
        )
        day = due.day_of(row.due_at, calendar.zone).isoformat() if row.due_at else ""
        yield Notice(
            id=uuid_at(rng, row.assigned_at),
            key=telling.key_of(words.ASSIGNED, row, row.assigned_at),
            person_id=row.person_id,
            organisation_id=row.organisation_id,
            kind="assignments.assigned",
            url=url,
            data={"title": title, "required": made.required, "due": day},
            created_at=row.assigned_at,
            read_at=min(row.assigned_at + dt.timedelta(hours=3), calendar.now),
        )
