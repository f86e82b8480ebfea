"""Sales figures from files: a CRM's CSV or Excel, looked at first, then taken in as a whole."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Files of sales figures, inside sales."""

    name = "sales.imports"
    label = "imports"
    verbose_name = "Imports of sales figures"
