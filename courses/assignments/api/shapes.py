"""What programs are told of assignments, and what they say to make one."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.access import ROLES
from core.api.paging import Paged
from core.api.shapes import Choice, Day, Flag, Id, Moment, Shape, Text, Whole
from courses.assignments import targets as kinds
from courses.assignments.models import AssignmentTarget, Enrolment


class TargetShape(Shape):
    """Whom an assignment names. Who comes to fit it later is asked then."""

    kind = serializers.ChoiceField(
        choices=AssignmentTarget.Kind.values,
        help_text="The reps and aces of a company or team, those of a role, or one person.",
    )
    id = serializers.UUIDField(allow_null=True, help_text="The company, team or person.")
    role = serializers.CharField(help_text="The role; empty for other kinds.")
    organisation = serializers.UUIDField(
        allow_null=True, help_text="Where a role is meant; null: everywhere."
    )


class CountsShape(Shape):
    """How many people in view are asked."""

    people = serializers.IntegerField(help_text="How many are asked.")
    finished = serializers.IntegerField(help_text="How many of them have finished.")
    late = serializers.IntegerField(help_text="How many are late.")


class AssignmentShape(Shape):
    """What somebody asks others to learn, by when."""

    id = serializers.UUIDField(help_text="Stays the same for good.")
    module = serializers.UUIDField(allow_null=True, help_text="The module that is asked for, or:")
    course = serializers.UUIDField(allow_null=True, help_text="The course that is asked for.")
    title = serializers.CharField(help_text="The title of either.")
    is_required = serializers.BooleanField(help_text="False for a suggestion.")
    due_at = serializers.DateTimeField(allow_null=True, help_text="The last second of its day.")
    message = serializers.CharField(help_text="A word to those who are asked; may be empty.")
    opens = serializers.CharField(help_text="What it lets them do afterwards; may be empty.")
    organisation = serializers.UUIDField(help_text="The company of whoever asked.")
    created_at = serializers.DateTimeField(help_text="When it was made.")
    cancelled_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was taken back; null while it runs."
    )
    targets = TargetShape(many=True, help_text="Whom it names, as far as one may see them.")
    counts = CountsShape(help_text="How far the people in view are.")


class EnrolmentShape(Shape):
    """That one person is asked to finish an assignment."""

    person = serializers.UUIDField(help_text="Who.")
    organisation = serializers.UUIDField(help_text="Where they belong; finished, where they did.")
    state = serializers.ChoiceField(
        choices=Enrolment.State.values, help_text="Still to do, done, or asked no longer."
    )
    due_at = serializers.DateTimeField(allow_null=True, help_text="When it is due for them.")
    assigned_at = serializers.DateTimeField(help_text="Since when they are asked.")
    finished_at = serializers.DateTimeField(allow_null=True, help_text="When they finished.")


class AssignmentsQuery(Paged):
    """Which assignments."""

    is_cancelled = Flag(required=False, help_text="Whether it was taken back.")
    created_since = Moment(required=False, help_text="Made at or after this moment.")


class EnrolmentsQuery(Paged):
    """Which people of an assignment."""

    state = Choice(required=False, choices=Enrolment.State.values, help_text="In this state.")


class NewTarget(Shape):
    """Whom to ask: `id` for a company, team or person, `role` (and perhaps `organisation`) for a role."""

    kind = Choice(choices=AssignmentTarget.Kind.values, help_text="What it names.")
    id = Id(required=False, help_text="The company, team or person.")
    role = Choice(required=False, choices=ROLES, help_text="The role.")
    organisation = Id(required=False, help_text="Where the role is meant; without it, everywhere.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold each kind to what it needs."""
        is_role = attrs["kind"] == kinds.ROLE
        fits = ("role" in attrs) == is_role and ("id" in attrs) != is_role
        if not fits or ("organisation" in attrs and not is_role):
            message = _("A role is named by its role, anything else by its id.")
            raise serializers.ValidationError(message, code="misfit")
        return attrs


class NewAssignment(Shape):
    """What is to be learnt, by whom and by when: a module, or a course."""

    key = Id(help_text="An id of yours (UUID): the same one again makes no second assignment.")
    module = Id(required=False, help_text="The module to learn, or:")
    course = Id(required=False, help_text="The course to learn.")
    targets = NewTarget(many=True, allow_empty=False, max_length=200, help_text="Whom to ask.")  # type: ignore[call-arg]
    is_required = Flag(required=False, default=True, help_text="False for a suggestion.")
    due_on = Day(required=False, help_text="The day it is due; the whole day counts.")
    remind_days = Whole(
        required=False, min_value=1, max_value=30, help_text="So many days before, remind of it."
    )
    message = Text(
        required=False, allow_blank=True, max_length=500, help_text="A word to those asked."
    )
    opens = Text(
        required=False,
        allow_blank=True,
        max_length=80,
        help_text="What they can do afterwards; begins with a verb.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold it to one thing to learn."""
        if ("module" in attrs) == ("course" in attrs):
            message = _("Name a module or a course.")
            raise serializers.ValidationError({"module": [message]}, code="misfit")
        return attrs
