"""Addresses of the desk on which a scenario is written."""

from django.urls import path

from courses.authoring.scenarios.views import desk, edit

urlpatterns = [
    path("authoring/modules/<uuid:module_id>/scenario/", desk.of_module, name="of_module"),
    path("authoring/scenarios/<uuid:scenario_id>/", desk.desk, name="desk"),
    path("authoring/scenarios/<uuid:scenario_id>/map/", desk.scenario_map, name="map"),
    path("authoring/scenarios/<uuid:scenario_id>/edit/", edit.edit, name="edit"),
]
