"""The kinds of notices that authoring brings."""

from core.notices.kinds import declare
from courses.authoring import words


def declare_all() -> None:
    """Say how our notices read."""
    declare(words.OUT, "check-circle", words.out_notice)
    declare(words.HELD, "alert", words.held_notice)
    declare(words.SCENARIO_TAKEN_BACK, "alert", words.taken_back_notice)
