"""The kinds of notices that points bring."""

from core.notices.kinds import declare
from gamification import words

BADGE = "gamification.badge_earned"
LEVEL = "gamification.level_reached"


def declare_all() -> None:
    """Say how our notices read."""
    declare(BADGE, "medal", words.badge_notice)
    declare(LEVEL, "star", words.level_notice)
