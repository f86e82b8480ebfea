"""Scenarios: their drafts, their history, and what was published of them."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from core.ids import uuid7
from courses.catalog.models import Module

if TYPE_CHECKING:
    from partners.models import Person


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    """Scenarios, as somebody may see them."""

    def visible_to(self, person: "Person") -> "ScenarioQuerySet":
        """Whoever sees the module sees its scenario."""
        return self.filter(
            Exists(Module.objects.visible_to(person).filter(pk=OuterRef("module_id")))
        )


class Scenario(models.Model):
    """The lasting identity of a module's branching scenario, through all its versions: one a module.

    The module shows it through a block of kind `scenario`. `version` is what new runs begin with, null before it
    was first published and where all were withdrawn. `keys` tells what each key ever published named, so that none
    is used again for something else.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    module = models.OneToOneField(Module, on_delete=models.PROTECT, related_name="scenario")
    version = models.ForeignKey(
        "ScenarioVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    keys = models.JSONField(default=dict)
    made_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = ScenarioQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Scenario of {self.module_id}"


class ScenarioDraft(models.Model):
    """What the authors are writing: every saved edit raises `revision` by one.

    `touched` tells at which revision each part (see `parts`) was changed last: an edit that began from an earlier one
    is refused where it meets such a part, so two authors disturb each other only in the same scene.
    """

    scenario = models.OneToOneField(
        Scenario, primary_key=True, on_delete=models.CASCADE, related_name="draft"
    )
    revision = models.PositiveIntegerField(default=0)
    document = models.JSONField()
    doc_sha256 = models.CharField(max_length=64)
    touched = models.JSONField(default=dict)
    saved_by = models.UUIDField(null=True)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(doc_sha256=""), name="scenario_draft_has_a_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id} r{self.revision}"


class ScenarioEdit(models.Model):
    """One edit of a draft: the parts that it changed, as they were and as they became.

    `op` says what was done, in one of the words of `editing`. Taking back and doing again are edits too; `of` names the
    revision that they are about. An edit that was taken back can be done again until its author goes on otherwise.
    """

    class State(models.TextChoices):
        """Whether the edit stands, was taken back, or was taken back for good."""

        DONE = "done"
        UNDONE = "undone"
        DROPPED = "dropped"

    id = models.BigAutoField(primary_key=True)
    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="edits")
    revision = models.PositiveIntegerField()
    op = models.CharField(max_length=24)
    of = models.PositiveIntegerField(null=True)
    before = models.JSONField()
    after = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DONE)
    by = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scenario", "revision"], name="scenario_edit_once"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "undone", "dropped"]),
                name="scenario_edit_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id} r{self.revision} {self.op}"


class ScenarioVersion(models.Model):
    """What was published, for good: the document with its hashes and the validator's report. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    schema = models.PositiveSmallIntegerField()
    document = models.JSONField()
    doc_sha256 = models.CharField(max_length=64)
    graph_sha256 = models.CharField(max_length=64)
    report = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    published_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scenario", "number"], name="scenario_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="scenario_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id} v{self.number}"


class Withdrawal(models.Model):
    """That a version was taken back because it teaches something harmful: its open runs end, uncounted."""

    version = models.OneToOneField(
        ScenarioVersion, primary_key=True, on_delete=models.PROTECT, related_name="withdrawal"
    )
    reason = models.CharField(max_length=500)
    by = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="scenario_withdrawn_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} withdrawn"


class Proof(models.Model):
    """What a worker found out about a version's runs: whether all come to an end, and what random plays came to."""

    version = models.OneToOneField(
        ScenarioVersion, primary_key=True, on_delete=models.PROTECT, related_name="proof"
    )
    states = models.PositiveIntegerField()
    proven = models.BooleanField()
    findings = models.JSONField(default=list)
    sample = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.version_id} {'proven' if self.proven else 'not proven'}"
