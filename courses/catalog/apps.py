"""What can be learnt: courses, modules, blocks, published versions."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """The catalogue, below quizzes and progress."""

    name = "courses.catalog"
    label = "catalog"
    verbose_name = "Catalogue"
