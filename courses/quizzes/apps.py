"""What is asked: quizzes, attempts, scoring."""

from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    """Quizzes, above the catalogue and below progress."""

    name = "courses.quizzes"
    label = "quizzes"
    verbose_name = "Quizzes"
