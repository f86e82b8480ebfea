"""Addresses of points and rankings."""

from django.urls import path

from gamification import views

app_name = "gamification"
urlpatterns = [
    path("ranking/", views.ranking, name="ranking"),
    path("record/", views.record, name="record"),
    path("record/<str:view>.csv", views.record_csv, name="record_csv"),
    path("points/", views.point_rules, name="rules"),
]
