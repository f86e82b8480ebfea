"""What is played: branching scenarios, their versions, and people's runs through them."""

from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    """Scenarios, above the catalogue and below progress."""

    name = "courses.scenarios"
    label = "scenarios"
    verbose_name = "Scenarios"
