"""How courses are made: drafts, their history, publishing."""

from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    """Authoring, above assignments."""

    name = "courses.authoring"
    label = "authoring"
    verbose_name = "Authoring"
