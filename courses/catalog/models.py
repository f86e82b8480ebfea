"""The catalogue: courses made of modules, modules made of blocks, and published versions of them."""

from typing import TYPE_CHECKING

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import uuid7

if TYPE_CHECKING:
    from partners.models import Person


@pghistory.track()
class Course(models.Model):
    """A shelf of modules on one theme."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_archived = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.title


class ModuleQuerySet(models.QuerySet["Module"]):
    """Modules, as somebody may see them."""

    def visible_to(self, person: "Person") -> "ModuleQuerySet":
        """The client's authors and admins see all; everybody else what is published for them."""
        if person.has_role("author", "admin") and person.of_client:
            return self
        published = self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=Now()),
            version__isnull=False,
            is_archived=False,
            course__is_archived=False,
        )
        chosen = ModuleReader.objects.filter(
            module=models.OuterRef("pk"), organisation_id=person.organisation_id
        )
        if person.of_client:
            return published.filter(~Q(audience=Module.Audience.CHOSEN) | models.Exists(chosen))
        return published.filter(
            Q(audience=Module.Audience.EVERYBODY)
            | Q(models.Exists(chosen), audience=Module.Audience.CHOSEN)
        )


@pghistory.track()
class Module(models.Model):
    """A lesson on one topic, three to five minutes: its blocks are the draft, `version` is what reps see.

    A *post* is a module in its shortest form: a phone video or a few lines, which may expire (`expires_at`) or
    be promoted to a lesson. Nothing expired is shown any more; what was learnt from it stays.
    """

    class Form(models.TextChoices):
        """A lesson, or a quick post."""

        LESSON = "lesson"
        POST = "post"

    class Audience(models.TextChoices):
        """Whom a published module is for. `chosen`: the organisations that `ModuleReader` names."""

        EVERYBODY = "everybody"
        CLIENT = "client"
        CHOSEN = "chosen"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="modules")
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(default=3)
    language = models.CharField(max_length=8, default="ja")
    picture_id = models.UUIDField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    form = models.CharField(max_length=8, choices=Form.choices, default=Form.LESSON)
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.EVERYBODY)
    expires_at = models.DateTimeField(null=True, blank=True)
    version = models.ForeignKey(
        "ModuleVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_archived = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = ModuleQuerySet.as_manager()

    class Meta:
        ordering = ("course__position", "position", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(1, 60)), name="module_minutes_plausible"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["everybody", "client", "chosen"]),
                name="module_audience_known",
            ),
            models.CheckConstraint(
                condition=Q(form__in=["lesson", "post"]), name="module_form_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class ModuleReader(models.Model):
    """That a module whose audience is `chosen` is for this organisation."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="readers")
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["module", "organisation"], name="module_reader_once"),
        ]

    def __str__(self) -> str:
        return f"{self.module_id} for {self.organisation_id}"


@pghistory.track()
class Block(models.Model):
    """One piece of a module's draft, addressed by its random key and never by its position."""

    class Kind(models.TextChoices):
        """What a block holds; `courses.catalog.blocks` knows the shape of each kind's data."""

        VIDEO = "video"
        TEXT = "text"
        IMAGE = "image"
        STORY = "story"
        PHRASES = "phrases"
        PERSON = "person"
        QUIZ = "quiz"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="blocks")
    key = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    data = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["module", "key"], name="block_key_once"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["video", "text", "image", "story", "phrases", "person", "quiz"]
                ),
                name="block_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ModuleVersion(models.Model):
    """What was published, for good: a JSON document with a hash of its content. Never changed.

    `document` = `{"title", "summary", "minutes", "language", "picture", "blocks": [{key, kind, data}]}`. A quiz block
    holds only the quiz's id and its number of items; questions and keys stand in `quizzes.QuizVersion`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    published_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], name="module_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="module_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.module_id} v{self.number}"
