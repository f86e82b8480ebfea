"""Media: pictures, videos and captions, stored once under the hash of their content."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import uuid7


class Asset(models.Model):
    """A picture or a video that somebody gave us, checked before anybody else gets it.

    The file itself stands in its renditions. `organisation_id` is empty for what belongs to the
    client's content; otherwise only that organisation and the client may see it. A worker that
    processes it counts the start in `tries` and renews `lease_until` as long as it lives; one that waits
    for another start does so at least until then.
    """

    class Kind(models.TextChoices):
        """What it is."""

        IMAGE = "image"
        VIDEO = "video"

    class State(models.TextChoices):
        """How far its processing is."""

        WAITING = "waiting"
        WORKING = "working"
        READY = "ready"
        FAILED = "failed"

    COMING = (State.WAITING, State.WORKING)
    """The states of what will be ready, or fail, by itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    name = models.CharField(max_length=200, blank=True)
    alt = models.CharField(max_length=300, blank=True)
    organisation_id = models.UUIDField(null=True)
    uploaded_by = models.UUIDField(null=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    source_path = models.CharField(max_length=200, blank=True)
    duration_ms = models.PositiveIntegerField(null=True)
    progress = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["waiting", "working"]),
                name="asset_to_process",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["image", "video"]), name="asset_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "working", "ready", "failed"]),
                name="asset_state_known",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="asset_progress_percent"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)


class Rendition(models.Model):
    """One file of an asset: `main`, `saver` (less data), `poster`, or a picture's size."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=20)
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "name"], name="rendition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.content_type} {self.size} B"


class Caption(models.Model):
    """Captions of a video in one language, as WebVTT."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(max_length=8)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "language"], name="caption_once"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} {self.language}"
