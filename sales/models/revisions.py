"""What facts were before something wrote them, so that it can be taken back."""

from django.db import models
from django.db.models import Q


class Revision(models.Model):
    """That something (an import) wrote a fact, and what the fact was before; None where it was new.

    A fact's own `cause` says what wrote it last: only what is still the last word is taken back. The log holds
    figures of all organisations, so it is the client's.
    """

    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    cause = models.UUIDField()
    activity_id = models.BigIntegerField(null=True)
    opportunity_id = models.UUIDField(null=True)
    before = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(activity_id__isnull=True, opportunity_id__isnull=False)
                | Q(activity_id__isnull=False, opportunity_id__isnull=True),
                name="revision_of_one_fact",
            )
        ]
        indexes = [models.Index(fields=["cause", "id"], name="revision_of_cause")]

    def __str__(self) -> str:
        return f"{self.cause}: {self.activity_id or self.opportunity_id}"
