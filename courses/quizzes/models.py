"""Quizzes, attempts at them, and answers."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.ids import uuid7
from courses.catalog.models import Module, ModuleVersion
from courses.quizzes.bank.models import BankFile, BankItem

if TYPE_CHECKING:
    from partners.models import Person

__all__ = [
    "Answer",
    "Attempt",
    "BankFile",
    "BankItem",
    "KeyCorrection",
    "LateAnswer",
    "Quiz",
    "QuizVersion",
]


class Quiz(models.Model):
    """The lasting identity of a module's quiz, through all its versions."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="quizzes")
    block_key = models.CharField(max_length=12)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["module", "block_key"], name="quiz_of_block_once"),
        ]

    def __str__(self) -> str:
        return f"Quiz {self.block_key} of {self.module_id}"


class QuizVersion(models.Model):
    """The questions as published, with their key. Never changed: a wrong key is mended by a `KeyCorrection`.

    `document` = `{"items": [{key, kind, stem, weight, explanation, options: [{key, text, correct, explanation}]}]}`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="versions")
    module_version = models.ForeignKey(
        ModuleVersion, on_delete=models.PROTECT, related_name="quiz_versions"
    )
    number = models.PositiveIntegerField()
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quiz", "number"], name="quiz_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id} v{self.number}"


class KeyCorrection(models.Model):
    """That an item's right answer was corrected after publication. The newest one counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    quiz_version = models.ForeignKey(
        QuizVersion, on_delete=models.PROTECT, related_name="corrections"
    )
    number = models.PositiveIntegerField()
    item_key = models.CharField(max_length=12)
    correct_keys = ArrayField(models.CharField(max_length=12))
    note = models.CharField(max_length=300)
    corrected_by = models.UUIDField(null=True)
    corrected_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quiz_version", "number"], name="key_correction_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_version_id} {self.item_key} correction {self.number}"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Attempts, as somebody may see them."""

    def visible_to(self, person: "Person") -> "AttemptQuerySet":
        """Everybody sees their own attempts; managers see more through reports, not here."""
        return self.filter(person_id=person.pk)


class Attempt(models.Model):
    """One person's go at a quiz, pinned to the version it began with.

    The phone may mint the id, so that an attempt can begin offline; state, order and time are the
    server's. The first attempt that is submitted (`is_first`) pays points and feeds statistics; later
    ones only move what is understood. An attempt that began on a second phone is `superseded` by the
    one that arrived first (`merged_into`).
    """

    class State(models.TextChoices):
        """Where an attempt stands."""

        OPEN = "open"
        SUBMITTED = "submitted"
        SCORED = "scored"
        SUPERSEDED = "superseded"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("partners.Person", on_delete=models.PROTECT, related_name="attempts")
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(
        "partners.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    quiz_version = models.ForeignKey(QuizVersion, on_delete=models.PROTECT, related_name="attempts")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    is_first = models.BooleanField(default=False)
    item_keys = ArrayField(models.CharField(max_length=12))
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded"
    )
    started_at = models.DateTimeField(db_default=Now())
    submitted_at = models.DateTimeField(null=True)
    scored_at = models.DateTimeField(null=True)
    scoring = models.PositiveSmallIntegerField(default=0)
    correct_count = models.PositiveSmallIntegerField(null=True)
    score = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    max_score = models.DecimalField(max_digits=7, decimal_places=3, null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "quiz"], condition=Q(state="open"), name="attempt_one_open"
            ),
            models.UniqueConstraint(
                fields=["person", "quiz"], condition=Q(is_first=True), name="attempt_one_first"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "submitted", "scored", "superseded"]),
                name="attempt_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "superseded"]) | Q(submitted_at__isnull=False),
                name="attempt_submitted_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="scored")
                | Q(
                    scored_at__isnull=False,
                    score__gte=0,
                    score__lte=F("max_score"),
                    correct_count__isnull=False,
                ),
                name="attempt_scored_has_score",
            ),
            models.CheckConstraint(
                condition=Q(state="superseded", merged_into__isnull=False)
                | (~Q(state="superseded") & Q(merged_into__isnull=True)),
                name="attempt_superseded_has_heir",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-started_at"], name="attempt_of_person"),
            models.Index(fields=["quiz_version"], name="attempt_of_version"),
            models.Index(
                fields=["submitted_at"], condition=Q(state="submitted"), name="attempt_unscored"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.quiz_id} ({self.state})"


class Answer(models.Model):
    """What a person chose for one item. `client_at` and `client_seq` are the phone's word, kept as data.

    `credit` is set by scoring: 0 to 1, where 1 is right.
    """

    id = models.BigAutoField(primary_key=True)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="answers")
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    item_key = models.CharField(max_length=12)
    option_keys = ArrayField(models.CharField(max_length=12), default=list)
    client_seq = models.PositiveBigIntegerField(default=0)
    client_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(db_default=Now())
    credit = models.DecimalField(max_digits=4, decimal_places=3, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "item_key"], name="answer_once"),
            models.CheckConstraint(
                condition=Q(credit__isnull=True) | Q(credit__gte=0, credit__lte=1),
                name="answer_credit_fraction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.item_key}"


class LateAnswer(models.Model):
    """An answer that came after its attempt was closed, or lost against one given on another phone.

    It is kept and shown, and it never counts.
    """

    id = models.BigAutoField(primary_key=True)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="late_answers")
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    source_attempt_id = models.UUIDField()
    item_key = models.CharField(max_length=12)
    option_keys = ArrayField(models.CharField(max_length=12), default=list)
    client_seq = models.PositiveBigIntegerField(default=0)
    client_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_attempt_id", "item_key", "client_seq"], name="late_answer_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_attempt_id} {self.item_key} (late)"
