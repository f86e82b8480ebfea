"""Writes of points, standings and badges. Each can be repeated, in any order, and changes nothing then."""

from gamification.actions.awards import award_badges, award_points
from gamification.actions.standings import (
    mend,
    rebuild,
    recount,
    recount_groups,
    refresh_standing,
)

__all__ = [
    "award_badges",
    "award_points",
    "mend",
    "rebuild",
    "recount",
    "recount_groups",
    "refresh_standing",
]
