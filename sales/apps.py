"""What was sold: activities and opportunities, from which every figure of sales follows."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Sales figures, above courses."""

    name = "sales"
    verbose_name = "Sales"
