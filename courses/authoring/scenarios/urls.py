"""Addresses of the authors' pages of scenarios."""

from courses.authoring.scenarios import urls_around, urls_desk

app_name = "scenario_desk"

urlpatterns = [*urls_desk.urlpatterns, *urls_around.urlpatterns]
