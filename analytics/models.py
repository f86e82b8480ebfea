"""Summaries of learning, kept by events: what pages of progress are read from, equal to a recount at any time.

Who counts is an *active rep*: somebody with the role who has not left. They count where they belong today,
with all that they have ever learnt. `queries.recount` says how each row follows from the records.
"""

from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from partners.models import Person


M = TypeVar("M", bound=models.Model)


class SummaryQuerySet(models.QuerySet[M]):
    """Summaries, as somebody may see them."""

    def visible_to(self, person: "Person") -> "SummaryQuerySet[M]":
        """The client's people see all; a partner's people those of their organisation."""
        if person.of_client:
            return self
        return self.filter(organisation_id=person.organisation_id)


class Level(models.TextChoices):
    """Whose figures a summary holds.

    `team`: of one team; people without a team form one of their own, under their organisation's id.
    `organisation`: the sum of its teams. `everybody`: the sum of all, which belongs to the client.
    """

    TEAM = "team"
    ORGANISATION = "organisation"
    EVERYBODY = "everybody"


class Group(models.Model):
    """What the summaries of groups have in common: whose they are. `group_id` is the team's or organisation's id."""

    level = models.CharField(max_length=12, choices=Level.choices)
    group_id = models.UUIDField()
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.CASCADE, related_name="+", db_index=False
    )

    objects = SummaryQuerySet.as_manager()

    class Meta:
        abstract = True


class PersonSummary(models.Model):
    """How far one active rep is: one row for each of them, none for anybody else.

    `score_sum` adds up first scores in thousandths, `seconds` the active time in finished modules. `stuck_*` is
    the module with most tries among those that they tried and haven't understood. `required`, `required_done`
    and `due_on` (the earliest open one) follow from what they were asked to learn.
    """

    person = models.OneToOneField(
        "partners.Person", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    organisation = models.ForeignKey(
        "partners.Organisation", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    group_id = models.UUIDField()
    finished = models.PositiveIntegerField(default=0)
    scored = models.PositiveIntegerField(default=0)
    score_sum = models.PositiveBigIntegerField(default=0)
    seconds = models.PositiveBigIntegerField(default=0)
    last_on = models.DateField(null=True)
    stuck_module_id = models.UUIDField(null=True)
    stuck_tries = models.PositiveIntegerField(default=0)
    stuck_on = models.DateField(null=True)
    required = models.PositiveIntegerField(default=0)
    required_done = models.PositiveIntegerField(default=0)
    due_on = models.DateField(null=True)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scored__lte=F("finished")), name="person_summary_scored"
            ),
            models.CheckConstraint(
                condition=Q(required_done__lte=F("required")), name="person_summary_required"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "group_id"], name="person_summary_of_group"),
            models.Index(
                fields=["due_on", "organisation"],
                condition=Q(due_on__isnull=False),
                name="person_summary_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.finished} finished"


class GroupSummary(Group):
    """How many people a group has, and how far they are with what is required of them."""

    people = models.PositiveIntegerField(default=0)
    learning = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    required = models.PositiveIntegerField(default=0)
    required_done = models.PositiveIntegerField(default=0)
    finished = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "group_id"], name="group_summary_once"),
            models.CheckConstraint(
                condition=Q(done__lte=F("asked"), asked__lte=F("people")), name="group_summary_done"
            ),
        ]
        indexes = [models.Index(fields=["organisation"], name="group_summary_of")]

    def __str__(self) -> str:
        return f"{self.level} {self.group_id}: {self.people} people"


class MonthSummary(Group):
    """What a group's people of today finished in one month of the client's calendar.

    `delays` counts finishes by the days from when a person could have learnt it: {"3": 12}.
    """

    month = models.DateField()
    finished = models.PositiveIntegerField(default=0)
    scored = models.PositiveIntegerField(default=0)
    score_sum = models.PositiveBigIntegerField(default=0)
    seconds = models.PositiveBigIntegerField(default=0)
    delays = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["level", "group_id", "month"], name="month_summary_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="month_summary_first_day"),
        ]
        indexes = [
            models.Index(fields=["organisation"], name="month_summary_of"),
            models.Index(fields=["month", "level"], name="month_summary_all"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.group_id} {self.month:%Y-%m}: {self.finished} finished"


class ModuleSummary(Group):
    """What a group has made of one module.

    `days` counts finishes by day: {"2026-11-03": 12}; `items` holds for each question how often it was answered
    in first attempts, and how often rightly: {"q001": [12, 7]}. The sum for everybody is made a little later
    than the others: `stale` says that it is due.
    """

    module = models.ForeignKey(
        "catalog.Module", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    finished = models.PositiveIntegerField(default=0)
    scored = models.PositiveIntegerField(default=0)
    score_sum = models.PositiveBigIntegerField(default=0)
    seconds = models.PositiveBigIntegerField(default=0)
    days = models.JSONField(default=dict)
    items = models.JSONField(default=dict)
    stale = models.BooleanField(db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["module", "level", "group_id"], name="module_summary_once"
            ),
            models.CheckConstraint(
                condition=Q(stale=False) | Q(level="everybody"), name="module_summary_stale"
            ),
        ]
        indexes = [
            models.Index(fields=["level", "group_id"], name="module_summary_of_group"),
            models.Index(fields=["organisation"], name="module_summary_of"),
            models.Index(fields=["module"], condition=Q(stale=True), name="module_summary_to_mend"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.group_id} {self.module_id}: {self.finished} finished"


class Uncounted(models.Model):
    """A note that a person got on with a module since the summaries last counted them.

    Many wait for each other and are counted once. Notes are only ever added and taken away, so nobody waits to
    write one; two about the same are as good as one.
    """

    person_id = models.UUIDField()
    module_id = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.person_id} {self.module_id}"
