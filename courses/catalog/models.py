"""The catalogue: courses made of modules, modules made of blocks, and published versions of them."""

from typing import TYPE_CHECKING

import pghistory
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Now, NullIf

from core.ids import uuid7
from partners.folding import Folded, all_held

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


class ModuleWords(models.Model):
    """What a published module is found by: the texts of its version, without width, case and the two kana."""

    module = models.OneToOneField(
        Module, primary_key=True, on_delete=models.CASCADE, related_name="words"
    )
    name = models.TextField()
    body = models.TextField()

    def __str__(self) -> str:
        return self.name[:40]


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
        SCENARIO = "scenario"

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
                    kind__in=[
                        "video",
                        "text",
                        "image",
                        "story",
                        "phrases",
                        "person",
                        "quiz",
                        "scenario",
                    ]
                ),
                name="block_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ModuleVersion(models.Model):
    """What was published, for good: a JSON document with a hash of its content. Never changed.

    `document` = `{"title", "summary", "minutes", "language", "picture", "blocks": [{key, kind, data}], "terms":
    {id: {word, reading, meaning}}}`; `terms` only where a text marks one. A quiz block holds only the quiz's id
    and its number of items; questions and keys stand in `quizzes.QuizVersion`. A scenario
    block holds nothing: which version of it is played is the scenario's own matter (`scenarios.Scenario`).
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


class TermQuerySet(models.QuerySet["Term"]):
    """Terms, as somebody may see them."""

    def visible_to(self, person: "Person") -> "TermQuerySet":
        """Those who write for the client see all; everybody else what is in the list."""
        if person.of_client and person.has_role("author", "admin"):
            return self
        return self.listed()

    def listed(self) -> "TermQuerySet":
        """Leave out what was put away."""
        return self.filter(is_archived=False)

    def matching(self, words: str) -> "TermQuerySet":
        """Keep those whose word or reading holds each of these words, in any width, kana and variant signs."""
        return self.filter(all_held("search", words))

    def by_reading(self) -> "TermQuerySet":
        """Sort as a Japanese list is sorted: by reading, and what begins with a Latin letter after it."""
        latin = models.ExpressionWrapper(Q(sort_key__lt="ぁ"), output_field=models.BooleanField())
        return self.order_by(latin, "sort_key", "pk")


@pghistory.track(exclude=["search", "sort_key"])
class Term(models.Model):
    """A word of the client's trade with its reading (よみ) and what it means, told where it is first used.

    Published modules keep the words that they were published with. Each word stands in the list once a
    language, whatever its width, case and kana.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    word = models.CharField(max_length=60)
    reading = models.CharField(max_length=80, blank=True)
    meaning = models.CharField(max_length=300)
    note = models.TextField(max_length=2000, blank=True)
    language = models.CharField(max_length=8, default="ja")
    is_archived = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    search = models.GeneratedField(
        expression=Folded(F("word"), Value(" "), F("reading")),
        output_field=models.TextField(),
        db_persist=True,
    )
    sort_key = models.GeneratedField(
        expression=Folded(Coalesce(NullIf(F("reading"), Value("")), F("word"))),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(F("language"), Folded(F("word")), name="term_word_once"),
            models.CheckConstraint(
                condition=~Q(word="") & ~Q(meaning=""), name="term_word_and_meaning"
            ),
        ]

    def __str__(self) -> str:
        return self.word
