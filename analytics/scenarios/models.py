"""Figures of scenarios, as they are kept: added up by month and team from the logs, which stay the truth."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models

from courses.scenarios.models import Run, Scenario, ScenarioVersion

if TYPE_CHECKING:
    from partners.models import Person


class Counted(models.Model):
    """Up to which event a run is counted, and in which version. What differs from the run is counted anew."""

    run = models.OneToOneField(Run, primary_key=True, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    version = models.ForeignKey(
        ScenarioVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seq = models.PositiveIntegerField()
    left = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.run_id} up to {self.seq}"


class TallyQuerySet(models.QuerySet["Tally"]):
    """Figures, as somebody may see them."""

    def visible_to(self, person: "Person") -> "TallyQuerySet":
        """The client's people see everybody's, a partner's those of their own people."""
        if person.of_client:
            return self.all()
        return self.filter(organisation_id=person.organisation_id)


class Tally(models.Model):
    """What people did at a scene, or with a choice (empty: the scene itself), in the runs of one part.

    A part is a version, an organisation and team, a month of begin, and whether it was the person's first run.
    `figures` and `thought` are those of `counting.Figures`.
    """

    id = models.BigAutoField(primary_key=True)
    scenario = models.ForeignKey(
        Scenario, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    version = models.ForeignKey(
        ScenarioVersion, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    team = models.ForeignKey(
        "partners.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    month = models.DateField()
    is_first = models.BooleanField()
    scene = models.CharField(max_length=12)
    choice = models.CharField(max_length=12, blank=True)
    offered = models.PositiveIntegerField()
    chosen = models.PositiveIntegerField()
    first = models.PositiveIntegerField()
    runs = models.PositiveIntegerField()
    finished = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    gone = models.PositiveIntegerField()
    opened = models.PositiveIntegerField()
    watched = models.PositiveIntegerField()
    thought = ArrayField(models.PositiveIntegerField())

    objects = TallyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "organisation", "team", "month", "is_first", "scene", "choice"],
                nulls_distinct=False,
                name="tally_once",
            ),
            models.CheckConstraint(
                condition=models.Q(failed__lte=models.F("finished"))
                & models.Q(finished__lte=models.F("runs")),
                name="tally_failed_of_finished_of_runs",
            ),
        ]
        indexes = [models.Index(fields=["scenario", "month"], name="tally_of_scenario")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.month} {self.scene} {self.choice}"
