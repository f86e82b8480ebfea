"""People's runs through scenarios, and the logs of them."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import uuid7
from courses.scenarios.models.contents import Scenario, ScenarioVersion

if TYPE_CHECKING:
    from partners.models import Person


class RunQuerySet(models.QuerySet["Run"]):
    """Runs, as somebody may see them."""

    def visible_to(self, person: "Person") -> "RunQuerySet":
        """Everybody sees their own runs; managers see more through reports, not here."""
        return self.filter(person_id=person.pk)


class Run(models.Model):
    """One person's way through a scenario, pinned to a version.

    `folded` is what `fold` makes of its log, kept so that a choice costs the same whatever went before. `attempt`
    counts a person's runs of the scenario from 1; `is_first` marks the first that was finished: it pays points. A run
    of a withdrawn version doesn't count. `offered` is a newer version that the person may move to, `diverged_at` since
    when its log doesn't fit the newest.
    """

    class State(models.TextChoices):
        """Where a run stands."""

        OPEN = "open"
        FINISHED = "finished"
        ABANDONED = "abandoned"
        SUPERSEDED = "superseded"

    class Mode(models.TextChoices):
        """Practice, or an exam, which is played online only."""

        PRACTICE = "practice"
        EXAM = "exam"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="runs")
    version = models.ForeignKey(ScenarioVersion, on_delete=models.PROTECT, related_name="runs")
    person = models.ForeignKey(
        "partners.Person", on_delete=models.PROTECT, related_name="scenario_runs"
    )
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(
        "partners.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    mode = models.CharField(max_length=8, choices=Mode.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    pace = models.CharField(max_length=6, default="normal")
    attempt = models.PositiveIntegerField()
    counts = models.BooleanField(default=True)
    is_first = models.BooleanField(default=False)
    seq = models.PositiveIntegerField(default=0)
    folded = models.JSONField(default=dict)
    offered = models.ForeignKey(
        ScenarioVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    diverged_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=12, blank=True)
    outcome = models.CharField(max_length=8, blank=True)
    points = models.IntegerField(null=True)
    attainable = models.PositiveIntegerField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    passed = models.BooleanField(null=True)
    reason = models.CharField(max_length=12, blank=True)
    started_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "scenario"], condition=Q(state="open"), name="run_one_open"
            ),
            models.UniqueConstraint(
                fields=["person", "scenario"], condition=Q(is_first=True), name="run_one_first"
            ),
            models.UniqueConstraint(
                fields=["person", "scenario", "attempt"],
                condition=Q(counts=True),
                name="run_attempt_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "finished", "abandoned", "superseded"]),
                name="run_state_known",
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["practice", "exam"]), name="run_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(pace__in=["normal", "slow", "off"]), name="run_pace_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="run_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="finished",
                    score__range=(0, 100),
                    points__isnull=False,
                    passed__isnull=False,
                    outcome__in=["success", "partial", "fail", "neutral"],
                )
                | (~Q(state="finished") & Q(score__isnull=True, ending="", is_first=False)),
                name="run_finished_has_result",
            ),
            models.CheckConstraint(
                condition=Q(counts=True) | Q(state="superseded"), name="run_uncounted_superseded"
            ),
            models.CheckConstraint(condition=Q(seq__gte=1, attempt__gte=1), name="run_has_begun"),
        ]
        indexes = [
            models.Index(fields=["person", "-started_at"], name="run_of_person"),
            models.Index(fields=["version"], condition=Q(state="open"), name="run_open_of_version"),
            models.Index(fields=["scenario", "started_at"], name="run_of_scenario"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.scenario_id} ({self.state})"


class RunEvent(models.Model):
    """One line of a run's log, never changed. `key` is the phone's: what is sent twice is written once.

    `at` is our clock, to the millisecond; `data` holds what else belongs to the kind (`ms`: how long was thought).
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="events")
    person = models.ForeignKey("partners.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=18)
    scene = models.CharField(max_length=12, blank=True)
    choice = models.CharField(max_length=12, blank=True)
    key = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "seq"], name="run_event_seq_once"),
            models.UniqueConstraint(fields=["run", "key"], name="run_event_key_once"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="run_event_from_one"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "started",
                        "scene_entered",
                        "choice_made",
                        "timed_out",
                        "explanation_opened",
                        "video_progress",
                        "went_back",
                        "version_adopted",
                        "finished",
                        "abandoned",
                    ]
                ),
                name="run_event_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="choice_made") | (~Q(choice="") & ~Q(scene="")),
                name="run_event_choice_named",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="run_event_at")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.seq} {self.kind}"
