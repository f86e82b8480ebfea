"""How far people are: watched, read, finished, understood."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    """Progress, above catalogue and quizzes."""

    name = "courses.progress"
    label = "progress"
    verbose_name = "Progress"
