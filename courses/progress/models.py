"""How far somebody is with a module, how long they really watched, and on which days they learnt."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from courses.catalog.models import Module

if TYPE_CHECKING:
    from partners.models import Person


class ModuleProgressQuerySet(models.QuerySet["ModuleProgress"]):
    """Progress, as somebody may see it."""

    def visible_to(self, person: "Person") -> "ModuleProgressQuerySet":
        """Everybody sees their own."""
        return self.filter(person_id=person.pk)


class ModuleProgress(models.Model):
    """One person's way through one module, summed up from heartbeats and scored attempts.

    `finished_at` is when the first attempt at its quiz was submitted (the moment that earns), `understood_at`
    when every item had been answered rightly once. `position_ms` is where the video goes on, as of `position_at` by the
    phone's clock; that and what was `watched` are of the file `video` (None: from before files were noted).
    `last_at` is when the person was at it last; a score that came later, or was corrected, moves `changed_at` only.
    """

    person = models.ForeignKey("partners.Person", on_delete=models.PROTECT, related_name="progress")
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="progress")
    started_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    position_ms = models.PositiveIntegerField(default=0)
    position_at = models.DateTimeField(null=True)
    video = models.UUIDField(null=True)
    watched_ms = models.PositiveIntegerField(default=0)
    watched = models.JSONField(default=list)
    active_seconds = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    understood = ArrayField(models.CharField(max_length=12), default=list)
    understood_at = models.DateTimeField(null=True)
    first_score = models.DecimalField(max_digits=4, decimal_places=3, null=True)

    objects = ModuleProgressQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "module"], name="progress_once"),
            models.CheckConstraint(
                condition=Q(first_score__isnull=True) | Q(first_score__gte=0, first_score__lte=1),
                name="progress_score_fraction",
            ),
            models.CheckConstraint(
                condition=Q(understood_at__isnull=True) | Q(finished_at__lte=F("understood_at")),
                name="progress_finished_before_understood",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-last_at"], name="progress_of_person"),
            models.Index(fields=["module", "finished_at"], name="progress_of_module"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.module_id}"


class Heartbeat(models.Model):
    """A few seconds of learning as the phone told them: the log from which time is summed.

    `session` (made of the person's id and the phone's own) and `seq` make each beat count once. `from_ms` to
    `to_ms` is the stretch of video that really played in this beat; `seconds` is active time, at most what a beat
    may last.
    """

    class Kind(models.TextChoices):
        """What the person was doing."""

        VIDEO = "video"
        READING = "reading"
        QUIZ = "quiz"

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("partners.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+")
    session = models.UUIDField()
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    seconds = models.PositiveSmallIntegerField(default=0)
    from_ms = models.PositiveIntegerField(null=True)
    to_ms = models.PositiveIntegerField(null=True)
    client_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "seq"], name="heartbeat_once"),
            models.CheckConstraint(condition=Q(seconds__lte=30), name="heartbeat_short"),
            models.CheckConstraint(
                condition=Q(to_ms__isnull=True) | Q(to_ms__gte=F("from_ms")),
                name="heartbeat_forward",
            ),
        ]
        indexes = [models.Index(fields=["person", "module"], name="heartbeat_of_module")]

    def __str__(self) -> str:
        return f"{self.session} {self.seq}"


class LearningDay(models.Model):
    """That a person learnt something on a day, in the client's time zone."""

    person = models.ForeignKey(
        "partners.Person", on_delete=models.PROTECT, related_name="learning_days"
    )
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="learning_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"
