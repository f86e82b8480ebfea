"""Addresses under `/api/v1/` for progress."""

from django.urls import path

from courses.progress.api import records

urlpatterns = [path("progress", records.Progress.as_view(), name="progress")]
