"""The points ledger, the rules behind it, badges, and standings summed from it."""

from typing import TYPE_CHECKING

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.ids import uuid7

if TYPE_CHECKING:
    from partners.models import Person


@pghistory.track()
class PointRule(models.Model):
    """What earns how many points, from when on: reps read these rows on the page of rules.

    `key` names the rule for good, `number` counts its changes: the newest one whose `active_from` has come counts.
    `cap` bounds what one cause (one quiz, one module) can earn by this rule.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=40)
    number = models.PositiveIntegerField(default=1)
    points = models.PositiveSmallIntegerField()
    cap = models.PositiveSmallIntegerField(null=True, blank=True)
    active_from = models.DateTimeField()
    active_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "number"], name="point_rule_once"),
            models.CheckConstraint(
                condition=Q(active_until__isnull=True) | Q(active_until__gt=F("active_from")),
                name="point_rule_span",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.points} pt"


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    """Ledger entries, as somebody may see them."""

    def visible_to(self, person: "Person") -> "LedgerEntryQuerySet":
        """Everybody sees their own."""
        return self.filter(person_id=person.pk)


class LedgerEntry(models.Model):
    """Points that a person was given or, by a reversal, that were taken back. Never changed, never deleted.

    `source_key` is made of the cause and the rule's name (`attempt:<uuid>:first_correct`), so that the same cause
    can't pay twice. `month` is the first day of the month it counts in; the totals of a person, a team
    or a partner are sums of this table and of nothing else.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("partners.Person", on_delete=models.PROTECT, related_name="ledger")
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(
        "partners.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source_key = models.CharField(max_length=160, unique=True)
    rule = models.CharField(max_length=40)
    rule_number = models.PositiveIntegerField(default=1)
    points = models.IntegerField()
    month = models.DateField()
    caused_at = models.DateTimeField()
    booked_at = models.DateTimeField(db_default=Now())
    module_id = models.UUIDField(null=True)
    attempt_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(points=0), name="ledger_not_empty"),
            models.CheckConstraint(condition=Q(month__day=1), name="ledger_month_first_day"),
        ]
        indexes = [
            models.Index(fields=["person", "month"], name="ledger_of_person"),
            models.Index(fields=["person", "-caused_at"], name="ledger_newest"),
            models.Index(fields=["month", "person"], name="ledger_of_month"),
        ]

    def __str__(self) -> str:
        return f"{self.source_key}: {self.points:+d}"


class Standing(models.Model):
    """A person's points of one month, as summed from the ledger.

    Redis' sorted sets hold the same absolute values; this table is what they are rebuilt from. Organisation
    and team are the person's while the month is open, and stay as they were then.
    """

    person = models.ForeignKey("partners.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(
        "partners.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    month = models.DateField()
    points = models.IntegerField()
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "month"], name="standing_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="standing_month_first_day"),
        ]
        indexes = [
            models.Index(
                fields=["month", "points", "person"],
                include=["organisation"],  # what row security looks at
                name="standing_by_points",
            ),
            models.Index(
                fields=["month", "organisation", "points"], name="standing_of_organisation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.month:%Y-%m}: {self.points}"


class GroupStanding(models.Model):
    """A team's month, or (without a team) a partner's: the points of its active reps, and how many they are.

    `tenths` is the mean per head in tenths, by which groups rank; empty below `ranking.LEAST_PEOPLE` people.
    Rows follow people and points while the month is open; when it has closed they stay.
    """

    month = models.DateField()
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(
        "partners.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    points = models.IntegerField()
    people = models.PositiveIntegerField()
    tenths = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "organisation", "team"],
                name="group_standing_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="group_standing_first_day"),
            models.CheckConstraint(condition=Q(people__gte=1), name="group_standing_has_people"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id or self.organisation_id} {self.month:%Y-%m}: {self.points}/{self.people}"


class Board(models.Model):
    """That a month has a ranking. `stale` says that Redis may differ from the ledger, and asks for a rebuild."""

    month = models.DateField(primary_key=True)
    stale = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}{' (stale)' if self.stale else ''}"


class BadgeAward(models.Model):
    """That a person earned a badge. `badge` is a key of `gamification.badges`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey("partners.Person", on_delete=models.PROTECT, related_name="badges")
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    badge = models.CharField(max_length=40)
    awarded_at = models.DateTimeField()
    cause = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "badge"], name="badge_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.badge}"
