"""Addresses of assignments."""

from django.urls import path

from courses.assignments import views

app_name = "assignments"
urlpatterns = [
    path("assignments/", views.assignments, name="assignments"),
    path("assignments/new/", views.new, name="new"),
    path("assignments/new/reach/", views.reach, name="reach"),
    path("assignments/<uuid:assignment_id>/", views.assignment, name="assignment"),
    path("assignments/<uuid:assignment_id>/due/", views.change_due, name="change_due"),
    path("assignments/<uuid:assignment_id>/cancel/", views.cancel, name="cancel"),
    path("assignments/<uuid:assignment_id>/remind/", views.remind, name="remind"),
]
