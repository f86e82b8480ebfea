"""What learning and selling show: progress of teams, reports, statistics."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Reports, above points."""

    name = "analytics"
    verbose_name = "Analytics"
