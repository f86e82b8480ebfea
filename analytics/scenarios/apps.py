"""What people did in scenarios, counted from their logs: which ways they took, and where they left."""

from django.apps import AppConfig


class ScenarioFiguresConfig(AppConfig):
    """Figures of scenarios, inside analytics."""

    name = "analytics.scenarios"
    label = "scenario_figures"
    verbose_name = "Scenario figures"
