"""Learning held against sales: associations with what they stand on, computed apart and kept for good."""

from django.apps import AppConfig


class AssociationsConfig(AppConfig):
    """The report of learning and sales, inside analytics."""

    name = "analytics.associations"
    label = "associations"
    verbose_name = "Associations"
