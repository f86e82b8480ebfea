"""Writes of attempts: taking answers in, handing in, scoring, correcting a key and scoring again."""

from courses.quizzes.actions.correcting import correct_key, rescore_part
from courses.quizzes.actions.deliveries import (
    Delivered,
    GivenAnswer,
    MisfitError,
    Receipt,
    UnknownAttemptError,
)
from courses.quizzes.actions.scoring import rescore_attempt, score_attempt
from courses.quizzes.actions.starting import understood_items
from courses.quizzes.actions.taking import take_answers

__all__ = [
    "Delivered",
    "GivenAnswer",
    "MisfitError",
    "Receipt",
    "UnknownAttemptError",
    "correct_key",
    "rescore_attempt",
    "rescore_part",
    "score_attempt",
    "take_answers",
    "understood_items",
]
