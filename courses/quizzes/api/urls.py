"""Addresses under `/api/v1/` for results."""

from django.urls import path

from courses.quizzes.api import results

urlpatterns = [path("results", results.Results.as_view(), name="results")]
