"""The composition of the floors below."""

from django.apps import AppConfig


class LmsConfig(AppConfig):
    """Pages that several floors make together, and the demo world."""

    name = "lms"
    verbose_name = "Tomoni"
