"""Addresses under `/api/v1/` for assignments."""

from django.urls import path

from courses.assignments.api import assignments

urlpatterns = [
    path("assignments", assignments.Assignments.as_view(), name="assignments"),
    path(
        "assignments/<uuid:assignment_id>",
        assignments.OneAssignment.as_view(),
        name="assignment",
    ),
    path(
        "assignments/<uuid:assignment_id>/enrolments",
        assignments.Enrolments.as_view(),
        name="enrolments",
    ),
]
