"""How scenarios are written: their authors' pages, above authoring's."""

from django.apps import AppConfig


class ScenarioDeskConfig(AppConfig):
    """The authors' pages of scenarios, inside authoring."""

    name = "courses.authoring.scenarios"
    label = "scenario_desk"
    verbose_name = "Writing of scenarios"
