"""Addresses under `/api/v1/` for points and rankings."""

from django.urls import path

from gamification.api import points

urlpatterns = [
    path("points", points.Points.as_view(), name="points"),
    path("rankings", points.Ranking.as_view(), name="rankings"),
]
