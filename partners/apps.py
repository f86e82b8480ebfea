"""Who: people, organisations, teams, roles, and how they sign in."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """The client and its partners."""

    name = "partners"
    verbose_name = "Partners"
