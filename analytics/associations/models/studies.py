"""The course view: what sales did around the completion of a course, as it was computed for the client."""

from django.db import models
from django.db.models import F, Q

from analytics.associations import steps
from analytics.associations.models.months import OwnQuerySet
from analytics.associations.models.stepping import Stepping, of_steps


class CourseStudy(Stepping):
    """An event study of one course: waiting for the worker, there, or given up. What is there never changes.

    Made at night for courses that many must take, or when somebody asks. `inputs` is a hash of all figures that went
    in, `engine` the version of the rules. `completions` and `partners` say how many reps completed it, and where.
    """

    class State(models.TextChoices):
        """Waiting to be computed, there, or given up."""

        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    PLAN = steps.STUDY

    course = models.ForeignKey(
        "catalog.Course", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    requested_by = models.ForeignKey(
        "partners.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    checked_at = models.DateTimeField(null=True)
    inputs = models.CharField(max_length=64, blank=True)
    engine = models.CharField(max_length=16, blank=True)
    completions = models.PositiveIntegerField(default=0)
    partners = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "course"],
                condition=Q(state="waiting"),
                name="course_study_waits_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "course", "since", "until", "inputs", "engine"],
                condition=Q(state="ready"),
                name="course_study_found_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "failed"], result__isnull=True)
                | Q(
                    ~Q(inputs=""),
                    ~Q(engine=""),
                    state="ready",
                    result__isnull=False,
                    as_of__isnull=False,
                    until__gt=F("since"),
                ),
                name="course_study_state_true",
            ),
            of_steps("course_study_step_of_steps"),
        ]
        indexes = [
            models.Index(fields=["course", "-created_at"], name="course_study_of_course"),
            models.Index(
                fields=["created_at"], condition=Q(state="waiting"), name="course_study_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.state}"
