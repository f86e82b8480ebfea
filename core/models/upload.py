"""Uploads that arrive in pieces."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.models.media import Asset


class Upload(models.Model):
    """A file on its way in: `received` of `size` bytes lie in the spool, and were synced before they count.

    `organisation_id` is the sender's. Once all has arrived, the file has become an `asset`, or was
    refused for the reason in `error`; both can be asked for until the upload expires. `kind` is what the
    sender means to send; empty for whatever it turns out to be.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField()
    person_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Asset.Kind.choices, blank=True)
    name = models.CharField(max_length=200, blank=True)
    alt = models.CharField(max_length=300, blank=True)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, null=True, related_name="+")
    error = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["person_id", "-created_at"], name="upload_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["", "image", "video"]), name="upload_kind_known"
            ),
            models.CheckConstraint(condition=Q(size__gte=1), name="upload_not_empty"),
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="upload_within_size"),
            models.CheckConstraint(
                condition=Q(asset=None) | Q(received=F("size"), error=""),
                name="upload_asset_when_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.id}: {self.received} of {self.size} B"

    @property
    def is_open(self) -> bool:
        """Whether more bytes may come."""
        return self.asset_id is None and not self.error

    @property
    def is_whole(self) -> bool:
        """Whether all bytes are there."""
        return self.received == self.size

    @property
    def percent(self) -> int:
        """How much of it is there."""
        return 100 * self.received // self.size
