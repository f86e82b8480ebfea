"""What is sold, where figures come from, and which source is believed for which measure."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from core.ids import uuid7
from sales import measures


class Product(models.Model):
    """Something that the client sells. `code` names it in files, whatever the case."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    is_archived = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("code"), name="product_code_once"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="product_named"),
        ]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """Where figures come from: a CRM, or what people enter by hand. One is by hand, always.

    Whether a CRM's figures come as a file or over the API is no matter: they are the same figures.
    """

    class Kind(models.TextChoices):
        """Another system, or people."""

        CRM = "crm"
        HAND = "hand"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.CRM)
    name = models.CharField(max_length=80)
    is_archived = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="source_name_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="hand"), name="source_one_by_hand"
            ),
            models.CheckConstraint(condition=Q(kind__in=["crm", "hand"]), name="source_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="source_named"),
            models.CheckConstraint(
                condition=Q(is_archived=False) | ~Q(kind="hand"), name="source_by_hand_stays"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """What it is called on pages."""
        return str(_("Entered by hand")) if self.kind == self.Kind.HAND else self.name


class Record(models.Model):
    """Which source, and which grain of its facts, is the record for a measure: exactly one for each.

    Facts of other sources are kept and not counted, so that nothing is counted from both.
    """

    class Measure(models.TextChoices):
        """What is counted."""

        CALLS = measures.CALLS
        KEY_PERSONS = measures.KEY_PERSONS
        LEADS = measures.LEADS
        APPOINTMENTS = measures.APPOINTMENTS
        QUALIFIED = measures.QUALIFIED
        WON = measures.WON
        LOST = measures.LOST
        AMOUNT = measures.AMOUNT

    class Grain(models.TextChoices):
        """Counts of a day, or deals."""

        ACTIVITY = measures.ACTIVITY
        OPPORTUNITY = measures.OPPORTUNITY

    measure = models.CharField(max_length=12, primary_key=True, choices=Measure.choices)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="records")
    grain = models.CharField(max_length=12, choices=Grain.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(grain=measures.ACTIVITY, measure__in=measures.COUNTED)
                | Q(grain=measures.OPPORTUNITY, measure__in=measures.OF_DEALS),
                name="record_grain_tells_measure",
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.source_id}"


class LocalRecord(models.Model):
    """That for one organisation another source is the record for a measure than for the rest.

    A partner without a CRM enters calls by hand, whatever the client's CRM tells of the others. The grain is
    the measure's own: what is counted is the same everywhere, only who tells it differs.
    """

    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    measure = models.CharField(max_length=12, choices=Record.Measure.choices)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "measure"], name="local_record_once"),
            models.CheckConstraint(
                condition=Q(measure__in=measures.ALL), name="local_record_measure_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.measure}: {self.source_id}"
