"""Links by which an ace explains one choice, or one scene, of a draft."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from core.ids import uuid7
from courses.scenarios.models import Scenario

if TYPE_CHECKING:
    from partners.models import Person

VALID = dt.timedelta(days=14)


class AceLinkQuerySet(models.QuerySet["AceLink"]):
    """Links to aces, as somebody may see them."""

    def visible_to(self, person: "Person") -> "AceLinkQuerySet":
        """Whoever sees the scenario sees its links."""
        return self.filter(scenario__in=Scenario.objects.visible_to(person))


class AceLink(models.Model):
    """A secret address at which whoever holds it writes one explanation, without an account, until it expires.

    `about` is the key of a choice or scene. `upload` is the video that is on its way through this link.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="ace_links")
    about = models.CharField(max_length=12)
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    upload = models.UUIDField(null=True)

    objects = AceLinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["scenario", "-made_at"], name="ace_links_of_scenario")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="ace_link_lives_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.scenario_id} {self.about}"

    @property
    def is_open(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and self.expires_at > timezone.now()
