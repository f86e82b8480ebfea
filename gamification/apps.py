"""What learning earns: points, levels, badges, rankings."""

from django.apps import AppConfig


class GamificationConfig(AppConfig):
    """Points and what follows from them."""

    name = "gamification"
    verbose_name = "Motivation"
