"""Addresses of scenarios."""

from django.urls import include, path

app_name = "scenarios"
urlpatterns = [
    path("", include("courses.scenarios.urls_play")),
]
