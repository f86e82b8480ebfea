"""What people are asked to learn, by when: assignments, enrolments, reminders."""

from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    """Assignments, above progress."""

    name = "courses.assignments"
    label = "assignments"
    verbose_name = "Assignments"
