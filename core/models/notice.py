"""Notices: short news for one person, shown under the bell."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import uuid7


class Notice(models.Model):
    """Something that one person should know. Its words are made from `kind` and `data` when shown.

    `core` knows no people, so the person and the organisation are plain ids. `key` makes it unique.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=200, unique=True)
    person_id = models.UUIDField()
    organisation_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-created_at"], name="notice_of_person"),
            models.Index(
                fields=["person_id"], condition=Q(read_at__isnull=True), name="notice_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.person_id}"
