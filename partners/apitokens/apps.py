"""Tokens of programs."""

from django.apps import AppConfig


class ApiTokensConfig(AppConfig):
    """Tokens of programs that act for an administrator."""

    name = "partners.apitokens"
    label = "apitokens"
    verbose_name = "Tokens"
