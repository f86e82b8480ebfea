"""Reads of the shelf as authors see it: courses, their modules, and where each module stands."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Window
from django.db.models.functions import Coalesce, Now, RowNumber

from courses.authoring.models import PlannedPublication
from courses.authoring.queries.drafts import names
from courses.catalog.models import Course, Module, ModuleQuerySet
from courses.quizzes.models import QuizVersion
from partners.folding import holding
from partners.models import Person

COURSES_A_PAGE = 10
MODULES_A_PAGE = 30
SHOWN = 6
"""How many modules of a course stand in the list of courses; the course's own page has all."""

DRAFT, PUBLISHED, CHANGED, SCHEDULED, EXPIRED, ARCHIVED = STATES = (
    *("draft", "published", "changed", "scheduled", "expired", "archived"),
)


@dataclasses.dataclass(frozen=True)
class Row:
    """A module in a list. `state`: see `STATES`; `number` is the published version's; `had_quiz`: one was published."""

    id: uuid.UUID
    course_id: uuid.UUID
    course: str
    title: str
    language: str
    minutes: int
    form: str
    audience: str
    state: str
    number: int | None
    had_quiz: bool
    plan_at: dt.datetime | None
    touched_at: dt.datetime
    touched_by: str


@dataclasses.dataclass(frozen=True)
class Shelf:
    """A course with the first of its modules; `count` says how many it has."""

    course: Course
    rows: Sequence[Row]
    count: int

    @property
    def more(self) -> int:
        """How many modules are not among the rows."""
        return max(self.count - len(self.rows), 0)


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What a list of modules is narrowed to."""

    words: str = ""
    state: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.state)


def modules(person: Person) -> Any:
    """Return the modules that this author may edit, each with what `Row` says of it. Lazy."""
    waiting = PlannedPublication.objects.filter(module=OuterRef("pk"), state="waiting")
    return Module.objects.visible_to(person).annotate(
        plan_at=Subquery(waiting.values("at")[:1]),
        number=F("version__number"),
        had_quiz=Exists(QuizVersion.objects.filter(quiz__module=OuterRef("pk"))),
        touched_at=Coalesce("draft__saved_at", "created_at"),
        state=_state(),
    )


def _state() -> Case:
    return Case(
        When(Q(is_archived=True) | Q(course__is_archived=True), then=Value(ARCHIVED)),
        When(plan_at__isnull=False, then=Value(SCHEDULED)),
        When(version__isnull=True, then=Value(DRAFT)),
        When(expires_at__lte=Now(), then=Value(EXPIRED)),
        When(
            ~Q(draft__content_hash=F("draft__published_hash")) & Q(draft__isnull=False),
            then=Value(CHANGED),
        ),
        default=Value(PUBLISHED),
        output_field=CharField(),
    )


def courses(person: Person, *, archived: bool = False) -> QuerySet[Course]:
    """Return the courses that this author may edit, in the order of the shelf. Lazy."""
    if not person.of_client:
        return Course.objects.none()
    return Course.objects.filter(is_archived=archived).order_by("position", "pk")


def course(person: Person, course_id: uuid.UUID) -> Course | None:
    """Return one course that this author may edit. One query."""
    if not person.of_client:
        return None
    return Course.objects.filter(pk=course_id).first()


def shelves(person: Person, number: str | None) -> tuple[list[Shelf], "Page[Course]"]:
    """Return one page of courses with the first modules of each. Five queries at most."""
    page = Paginator(courses(person), COURSES_A_PAGE).get_page(number)
    ids = [each.pk for each in page]
    mine = modules(person).filter(course__in=ids, is_archived=False)
    counts = dict(mine.order_by().values_list("course").annotate(n=Count("pk")))
    place = Window(RowNumber(), partition_by=F("course"), order_by=["position", "pk"])
    found = rows_of(mine.annotate(place=place).filter(place__lte=SHOWN).order_by("position", "pk"))
    grouped: dict[uuid.UUID, list[Row]] = {}
    for row in found:
        grouped.setdefault(row.course_id, []).append(row)
    shown = [Shelf(each, grouped.get(each.pk, []), counts.get(each.pk, 0)) for each in page]
    return shown, page


def found(person: Person, wanted: Wanted, number: str | None) -> tuple[list[Row], "Page[Any]"]:
    """Return one page of the modules that were looked for, the last touched first. Three queries."""
    mine = modules(person)
    mine = mine.filter(state=wanted.state) if wanted.state else mine.exclude(state=ARCHIVED)
    mine = holding(mine, wanted.words, "title", "course__title")
    page = Paginator(mine.order_by("-touched_at", "pk"), MODULES_A_PAGE).get_page(number)
    return rows_of(page.object_list), page


def in_course(person: Person, of: Course, number: str | None) -> tuple[list[Row], "Page[Any]"]:
    """Return one page of a course's modules in their order. Three queries."""
    mine = modules(person).filter(course=of, is_archived=False).order_by("position", "pk")
    page = Paginator(mine, MODULES_A_PAGE).get_page(number)
    return rows_of(page.object_list), page


def lessons_of(course: Course) -> ModuleQuerySet:
    """Return the modules of a course that a copy of it gets, in their order: lessons in use. Lazy."""
    mine = course.modules.filter(form=Module.Form.LESSON, is_archived=False)
    return mine.order_by("position", "pk")


def archived_in(person: Person, of: Course) -> list[Row]:
    """Return the modules of a course that were put away, the newest first, fifty at most. Two queries."""
    mine = modules(person).filter(course=of, is_archived=True).order_by("-touched_at", "pk")
    return rows_of(mine[:50])


def rows_of(found_modules: Any) -> list[Row]:
    """Return these modules of `modules()` as rows. Two queries."""
    fields = ("pk", "course_id", "course__title", "title", "language", "minutes", "form")
    more = ("audience", "state", "number", "had_quiz", "plan_at", "touched_at")
    values: list[Mapping[str, Any]] = list(found_modules.values(*fields, *more, "draft__saved_by"))
    people = names(each["draft__saved_by"] for each in values)
    return [
        Row(
            id=each["pk"],
            course_id=each["course_id"],
            course=each["course__title"],
            title=each["title"],
            language=each["language"],
            minutes=each["minutes"],
            form=each["form"],
            audience=each["audience"],
            state=each["state"],
            number=each["number"],
            had_quiz=each["had_quiz"],
            plan_at=each["plan_at"],
            touched_at=each["touched_at"],
            touched_by=people.get(each["draft__saved_by"], ""),
        )
        for each in values
    ]
