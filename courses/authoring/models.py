"""What authoring keeps beside the draft: how often it was saved, what it said before, when it is to come out."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.ids import uuid7
from courses.catalog.models import Module, ModuleVersion


class Draft(models.Model):
    """How far a module's draft is: every saved change raises `revision` by one.

    The draft itself is the module's fields and its blocks. A module that was never touched here has no row and
    stands at revision 0. `published_hash` is the hash of the draft that was published last, empty if none was.
    """

    module = models.OneToOneField(
        Module, on_delete=models.CASCADE, primary_key=True, related_name="draft"
    )
    revision = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    published_hash = models.CharField(max_length=64, blank=True)
    saved_at = models.DateTimeField(db_default=Now())
    saved_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(content_hash=""), name="draft_has_a_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.module_id} r{self.revision}"


class Snapshot(models.Model):
    """What a draft said at one revision. An author's saves within some minutes share one: the newest state.

    `origin` says how the state came about; a restored one names the revision it was taken from. `version` is
    what was published of it; from then on the snapshot stays as it is.
    """

    class Origin(models.TextChoices):
        """How the state came about: written, made from a template, taken back, or found already there."""

        SAVED = "saved"
        MADE = "made"
        RESTORED = "restored"
        FOUND = "found"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="snapshots")
    revision = models.PositiveIntegerField()
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.SAVED)
    restored_from = models.PositiveIntegerField(null=True, blank=True)
    version = models.OneToOneField(
        ModuleVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="snapshot"
    )
    saved_by = models.UUIDField(null=True)
    began_at = models.DateTimeField(db_default=Now())
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["module", "revision"], name="snapshot_once"),
            models.CheckConstraint(
                condition=Q(origin__in=["saved", "made", "restored", "found"]),
                name="snapshot_origin_known",
            ),
            models.CheckConstraint(
                condition=Q(origin="restored", restored_from__isnull=False)
                | (~Q(origin="restored") & Q(restored_from__isnull=True)),
                name="snapshot_restored_from",
            ),
            models.CheckConstraint(
                condition=Q(saved_at__gte=F("began_at")), name="snapshot_times_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module_id} r{self.revision}"


class PlannedPublication(models.Model):
    """That a module's draft, as it stands then, is to be published at a moment. At most one waits per module."""

    class State(models.TextChoices):
        """Waiting for its moment, done, called off, or kept back by problems of the draft."""

        WAITING = "waiting"
        DONE = "done"
        CANCELLED = "cancelled"
        HELD = "held"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="plans")
    at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    version = models.ForeignKey(
        ModuleVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    planned_by = models.UUIDField(null=True)
    planned_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["module"], condition=Q(state="waiting"), name="plan_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done", "cancelled", "held"]),
                name="plan_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="plan_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(version__isnull=False), name="plan_done_has_version"
            ),
        ]
        indexes = [
            models.Index(fields=["at"], condition=Q(state="waiting"), name="plan_due"),
        ]

    def __str__(self) -> str:
        return f"{self.module_id} {self.at:%Y-%m-%d %H:%M} ({self.state})"
