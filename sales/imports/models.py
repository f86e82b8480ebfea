"""Files of sales figures, what was found in them, and what is remembered of their sources."""

from typing import TYPE_CHECKING

import pghistory
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from core.ids import uuid7
from sales import measures
from sales.imports import columns

if TYPE_CHECKING:
    from partners.models import Person

KEEPERS = ("sales_manager", "admin")
"""Who takes figures in, among the client's people."""

GRAINS = [(measures.OPPORTUNITY, "opportunity"), (measures.ACTIVITY, "activity")]
KINDS = [(kind, kind) for kind in columns.KINDS]


def takes_in(person: "Person") -> bool:
    """Say whether somebody may take figures in and see what was taken in."""
    return person.of_client and person.has_role(*KEEPERS)


class ImportQuerySet(models.QuerySet["Import"]):
    """Imports, as somebody may see them."""

    def visible_to(self, person: "Person") -> "ImportQuerySet":
        """The client's sales managers and administrators see all; everybody else nothing."""
        return self if takes_in(person) else self.none()


@pghistory.track(
    fields=["state", "source", "grain", "brought_by", "counts", "finished_at", "undone_by"]
)
class Import(models.Model):
    """A file of one source and grain, from its arrival until it is taken in, and maybe taken back.

    `mapping` = `{"columns": {key: index}, "currency", "product", "until"}`, the last being the end of the year in
    which days without a year lie. `counts` = rows by `"new"`, `"changed"`, `"same"`, `"left"`, and `"troubles"`.
    `companies`: the ids of the organisations of whose people its rows tell. A worker that is at it holds the row's
    lock: where nobody holds it, nobody is at it.
    """

    class State(models.TextChoices):
        """How far it is; the states of a worker end in -ing."""

        READING = "reading"
        MAPPING = "mapping"
        CHECKING = "checking"
        CHECKED = "checked"
        APPLYING = "applying"
        APPLIED = "applied"
        UNDOING = "undoing"
        UNDONE = "undone"
        FAILED = "failed"
        CANCELLED = "cancelled"

    WORKING = (State.READING, State.CHECKING, State.APPLYING, State.UNDOING)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    source = models.ForeignKey("sales.Source", on_delete=models.PROTECT, related_name="imports")
    grain = models.CharField(max_length=12, choices=GRAINS)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=120, blank=True)
    size = models.BigIntegerField(default=0)
    is_lines = models.BooleanField(default=False)
    encoding = models.CharField(max_length=10, blank=True)
    delimiter = models.CharField(max_length=5, blank=True)
    rows = models.PositiveIntegerField(default=0)
    head = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    examples = models.JSONField(default=dict)
    companies = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    error = models.JSONField(default=dict)
    undone = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)
    brought_by = models.UUIDField()
    started_by = models.UUIDField(null=True)
    undone_by = models.UUIDField(null=True)
    brought_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(grain__in=[measures.OPPORTUNITY, measures.ACTIVITY]),
                name="import_grain_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["applied", "undoing", "undone"])
                | Q(finished_at__isnull=False),
                name="import_finished_when_applied",
            ),
        ]
        indexes = [
            models.Index(fields=["-brought_at"], name="import_newest"),
            models.Index(
                fields=["brought_at"],
                condition=Q(state__in=["reading", "checking", "applying", "undoing"]),
                name="import_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"

    @property
    def header(self) -> list[str]:
        """The names of the file's columns."""
        return list(self.head[0]) if self.head else []

    @property
    def is_working(self) -> bool:
        """Whether a worker is, or will be, at it."""
        return self.state in self.WORKING


class OfImport(models.Model):
    """Something that was found in a file; the client's, as the file is."""

    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    file = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        abstract = True


class Trouble(OfImport):
    """A cell, or a whole row (no column), that can't be taken in, with what stands there and why not."""

    row = models.PositiveIntegerField()
    column = models.CharField(max_length=16, blank=True)
    value = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=24)
    more = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [models.Index(fields=["file", "row", "id"], name="trouble_of_import")]

    def __str__(self) -> str:
        return f"{self.row} {self.column}: {self.code}"


class Name(OfImport):
    """A word in a file for a person, product, stage or measure: how often it stands there, and whether it is known."""

    kind = models.CharField(max_length=8, choices=KINDS)
    text = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    first_row = models.PositiveIntegerField()
    several = models.BooleanField(default=False)
    word = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "kind", "text"], name="import_name_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"

    @property
    def is_known(self) -> bool:
        """Whether it means something."""
        return bool(self.word)


class Layout(models.Model):
    """What is remembered of a source's files of one grain: which column means what, by its folded name."""

    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    source = models.ForeignKey("sales.Source", on_delete=models.CASCADE, related_name="+")
    grain = models.CharField(max_length=12, choices=GRAINS)
    columns = models.JSONField(default=dict)
    currency = models.CharField(max_length=3, default="JPY")
    product = models.ForeignKey(
        "sales.Product", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "grain"], name="layout_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.grain}"


class Match(models.Model):
    """What a source means by a word: a rep, a product, a stage or a measure. Remembered for its next files."""

    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    source = models.ForeignKey("sales.Source", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=KINDS)
    text = models.CharField(max_length=200)
    rep = models.ForeignKey(
        "partners.Person", null=True, on_delete=models.CASCADE, related_name="+"
    )
    product = models.ForeignKey(
        "sales.Product", null=True, on_delete=models.CASCADE, related_name="+"
    )
    word = models.CharField(max_length=12, blank=True)

    class Meta:
        verbose_name_plural = "matches"
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "text"], name="match_once"),
            models.CheckConstraint(
                condition=Q(kind="person", rep__isnull=False, product__isnull=True, word="")
                | Q(kind="product", rep__isnull=True, product__isnull=False, word="")
                | Q(kind__in=["stage", "measure"], rep__isnull=True, product__isnull=True)
                & ~Q(word=""),
                name="match_means_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.text}"
