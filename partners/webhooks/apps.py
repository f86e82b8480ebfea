"""Webhooks: news of all floors, signed and sent to the client's other systems."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Webhooks, above partners; higher floors announce to it from their handlers."""

    name = "partners.webhooks"
    label = "webhooks"
    verbose_name = "Webhooks"
