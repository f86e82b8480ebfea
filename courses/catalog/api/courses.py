"""Courses and modules, for programs."""

import uuid
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from core.access import allow
from core.api.doors import Door
from core.api.paging import Paged
from core.api.schema import example, operation, paged
from core.api.shapes import Choice, Flag, Id, Shape
from courses.catalog.models import Course, Module
from partners.models import Person

SCOPE = "learning:read"


class CourseShape(Shape):
    """A shelf of modules on one theme."""

    id = serializers.UUIDField(help_text="Stays the same for good.")
    title = serializers.CharField(help_text="Its title.")
    summary = serializers.CharField(help_text="What it is about; may be empty.")
    position = serializers.IntegerField(help_text="Its place on the shelf.")
    is_archived = serializers.BooleanField(help_text="True once it has been put away.")


class ModuleShape(Shape):
    """A lesson on one topic of three to five minutes, or a quick post; as it was published."""

    id = serializers.UUIDField(help_text="Stays the same for good, through all versions.")
    course = serializers.UUIDField(help_text="Its course.")
    title = serializers.CharField(help_text="Its title.")
    summary = serializers.CharField(help_text="What it is about; may be empty.")
    minutes = serializers.IntegerField(help_text="How long it takes.")
    language = serializers.CharField(help_text="Its language: `ja`, `en`.")
    form = serializers.ChoiceField(choices=Module.Form.values, help_text="A lesson, or a post.")
    version = serializers.IntegerField(
        allow_null=True, help_text="The number of its published version; null before the first."
    )
    published_at = serializers.DateTimeField(
        allow_null=True, help_text="When that version was published."
    )
    expires_at = serializers.DateTimeField(
        allow_null=True, help_text="When a post ends to be shown; null: never."
    )
    is_archived = serializers.BooleanField(help_text="True once it has been put away.")


class CoursesQuery(Paged):
    """Which courses."""

    is_archived = Flag(required=False, help_text="Whether it has been put away.")


class ModulesQuery(Paged):
    """Which modules."""

    course = Id(required=False, help_text="Of this course.")
    form = Choice(required=False, choices=Module.Form.values, help_text="Lessons, or posts.")
    is_archived = Flag(required=False, help_text="Whether it has been put away.")


_COURSE = {
    "id": "019a9c4e-8f00-7b1c-a4de-91b6d2a7c001",
    "title": "ホナミ点検の基本",
    "summary": "はじめての提案まで",
    "position": 1,
    "is_archived": False,
}
_MODULE = {
    "id": "019a9c4e-9111-7c02-8a57-3b1f0c5de101",
    "course": _COURSE["id"],
    "title": "点検の三つの約束",
    "summary": "お客様に最初に伝えること",
    "minutes": 4,
    "language": "ja",
    "form": "lesson",
    "version": 3,
    "published_at": "2026-10-01T01:00:00Z",
    "expires_at": None,
    "is_archived": False,
}
_COLUMNS = (
    *("pk", "course_id", "form", "expires_at", "is_archived", "title", "summary", "minutes"),
    *("language", "version__number", "version__published_at", "version__document__title"),
    *("version__document__summary", "version__document__minutes", "version__document__language"),
)


def _courses(person: Person) -> "QuerySet[Course]":
    """Return the courses in which this person may see anything; those who write see all."""
    if person.of_client and person.has_role("author", "admin"):
        return Course.objects.all()
    seen = Module.objects.visible_to(person).filter(course=OuterRef("pk"))
    return Course.objects.filter(Exists(seen))


def _as_course(row: Course) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": row.title,
        "summary": row.summary,
        "position": row.position,
        "is_archived": row.is_archived,
    }


def _as_module(row: dict[str, Any]) -> dict[str, Any]:
    """Return a module as it was published; its fields are the draft, which readers don't see."""
    is_published = row["version__number"] is not None
    said = {
        name: row[f"version__document__{name}"] if is_published else row[name]
        for name in ("title", "summary", "minutes", "language")
    }
    return {
        "id": row["pk"],
        "course": row["course_id"],
        **said,
        "form": row["form"],
        "version": row["version__number"],
        "published_at": row["version__published_at"],
        "expires_at": row["expires_at"],
        "is_archived": row["is_archived"],
    }


@allow("person")
class Courses(Door):
    """Courses."""

    scope = SCOPE
    query = CoursesQuery

    @operation("listCourses", tag="Learning", answer=paged(CourseShape), examples=[
        example("A page of one", {"items": [_COURSE], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List courses in which there is something for whoever asks."""
        return self.page(self.narrowed(_courses(self.person), "is_archived"), _as_course)


@allow("person")
class Modules(Door):
    """Modules."""

    scope = SCOPE
    query = ModulesQuery

    @operation("listModules", tag="Learning", answer=paged(ModuleShape), examples=[
        example("A page of one", {"items": [_MODULE], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List modules that are published for whoever asks.

        Authors and administrators of the client also see those that are not published yet, or have been put away.
        """
        rows = Module.objects.visible_to(self.person).values(*_COLUMNS)
        return self.page(self.narrowed(rows, "course", "form", "is_archived"), _as_module)


@allow("person")
class OneModule(Door):
    """One module."""

    scope = SCOPE

    @operation("getModule", tag="Learning", answer=ModuleShape, examples=[
        example("A lesson", _MODULE),
    ])  # fmt: skip
    def get(self, _request: Request, module_id: uuid.UUID) -> HttpResponse:
        """Read one module."""
        found = Module.objects.visible_to(self.person).filter(pk=module_id)
        row = found.values(*_COLUMNS).first()
        if row is None:
            raise Http404
        return self.answer(_as_module(row))
