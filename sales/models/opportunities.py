"""Deals: from when they were opened until they were decided, with who had them when."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.ids import uuid7
from sales.models.facts import Credited
from sales.models.setup import Product, Source


class Opportunity(Credited):
    """One possible deal of a customer, as its source tells it now.

    It is credited to whoever had it when it was decided; while it is open, to whoever has it. A deal that was
    opened again is open, as if it had never been decided; a refunded one is neither won nor lost. `cause` is the
    import that wrote it last, its owners and stages included, if it was one.
    """

    class Outcome(models.TextChoices):
        """What became of it."""

        OPEN = "open"
        WON = "won"
        LOST = "lost"
        REFUNDED = "refunded"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="opportunities", db_index=False
    )
    external_id = models.CharField(max_length=80)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="opportunities", db_index=False
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    reason = models.CharField(max_length=120, blank=True)
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    updated_at = models.DateTimeField(db_default=Now())
    cause = models.UUIDField(null=True)

    class Meta:
        verbose_name_plural = "opportunities"
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="opportunity_once"),
            # What the entries of stages repeat is held equal by a foreign key on all three.
            models.UniqueConstraint(
                fields=["id", "source", "product"], name="opportunity_with_source_and_product"
            ),
            models.CheckConstraint(condition=~Q(external_id=""), name="opportunity_has_an_id"),
            models.CheckConstraint(
                condition=Q(outcome__in=["open", "won", "lost", "refunded"]),
                name="opportunity_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", closed_at__isnull=True)
                | (~Q(outcome="open") & Q(closed_at__isnull=False)),
                name="opportunity_closed_when_decided",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="opportunity_closed_after_opened",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(outcome="lost"), name="opportunity_reason_of_lost"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True, currency="")
                | Q(amount__isnull=False, amount__gte=0, currency__regex="^[A-Z]{3}$"),
                name="opportunity_amount_with_currency",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "opened_at"], name="opportunity_opened"),
            models.Index(
                fields=["organisation", "closed_at"],
                condition=Q(closed_at__isnull=False),
                name="opportunity_closed",
            ),
            models.Index(fields=["person"], name="opportunity_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.external_id}: {self.outcome}"


class Ownership(Credited):
    """That a person has had an opportunity since a moment, until the next one did."""

    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.CASCADE, related_name="ownerships", db_index=False
    )
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "since"], name="ownership_once"),
        ]
        indexes = [models.Index(fields=["person"], name="ownership_of_person")]

    def __str__(self) -> str:
        return f"{self.opportunity_id}: {self.person_id} since {self.since}"


class StageEntry(Credited):
    """When an opportunity first came to a stage, credited to whoever had it then.

    Source and product are the opportunity's (the database holds them equal), so that an organisation that has
    passed a deal on still sees what its people did for it, and no more.
    """

    class Stage(models.TextChoices):
        """How far a deal is."""

        APPOINTMENT = "appointment"
        QUALIFIED = "qualified"
        PROPOSAL = "proposal"

    # The foreign key on deal, source and product holds this one as well.
    opportunity = models.ForeignKey(
        Opportunity,
        on_delete=models.CASCADE,
        related_name="entries",
        db_index=False,
        db_constraint=False,
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    stage = models.CharField(max_length=12, choices=Stage.choices)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "stage entries"
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "stage"], name="stage_entry_once"),
            models.CheckConstraint(
                condition=Q(stage__in=["appointment", "qualified", "proposal"]),
                name="stage_entry_stage_known",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "at"], name="stage_entry_of_day"),
            models.Index(fields=["person"], name="stage_entry_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id}: {self.stage}"
