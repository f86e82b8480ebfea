"""The launch view: sales of companies that launched a course, beside those of companies that had not."""

import hashlib

from django.db import models
from django.db.models import F, Q

from analytics.associations import measures, steps
from analytics.associations.models.asked import Asked
from analytics.associations.models.months import OwnQuerySet


class LaunchStudy(Asked):
    """A launch that was looked at, for the client's people: which course, which sales, of how many whole months.

    Of a `rollout` companies launched when they were drawn, and its months end before its last wave.
    `launched` and `partners` say how many companies launched it in these months, and of how many sales are known.
    """

    PLAN = steps.LAUNCH

    course = models.ForeignKey(
        "catalog.Course", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    sales = models.CharField(max_length=12)
    currency = models.CharField(max_length=3, blank=True)
    months = models.PositiveSmallIntegerField()
    rollout = models.ForeignKey(
        "associations.Rollout",
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    launched = models.PositiveIntegerField(default=0)
    partners = models.PositiveIntegerField(default=0)

    objects = OwnQuerySet.as_manager()

    class Meta(Asked.Meta):
        constraints = [
            *Asked.Meta.constraints,
            models.CheckConstraint(
                condition=Q(sales__in=measures.LAUNCHED)
                & (Q(currency="") ^ Q(sales__in=sorted(measures.OF_MONEY))),
                name="launchstudy_of_a_measure",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(until__gt=F("since"), launched__lte=F("partners")),
                name="launchstudy_of_months",
            ),
        ]

    @property
    def key(self) -> str:
        """A hash that only the same question has."""
        asked = (self.course_id, self.sales, self.currency, self.rollout_id or self.months)
        return hashlib.sha256(" ".join(map(str, asked)).encode()).hexdigest()
