"""Addresses of what people did in scenarios."""

from django.urls import path

from analytics.scenarios.views import files, pages

app_name = "scenario_figures"
_SCENARIO = "reports/scenarios/<uuid:scenario_id>/"
urlpatterns = [
    path("reports/scenarios/", pages.scenarios, name="scenarios"),
    path(_SCENARIO, pages.scenario, name="scenario"),
    path(f"{_SCENARIO}numbers.csv", files.numbers_csv, name="numbers_csv"),
    path(f"{_SCENARIO}runs/", pages.runs, name="runs"),
    path(f"{_SCENARIO}runs/<uuid:run_id>/", pages.run, name="run"),
]
