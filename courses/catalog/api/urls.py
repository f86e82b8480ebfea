"""Addresses under `/api/v1/` for courses and modules."""

from django.urls import path

from courses.catalog.api import courses

urlpatterns = [
    path("courses", courses.Courses.as_view(), name="courses"),
    path("modules", courses.Modules.as_view(), name="modules"),
    path("modules/<uuid:module_id>", courses.OneModule.as_view(), name="module"),
]
