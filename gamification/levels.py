"""Levels: what all the points ever earned add up to. They never fall with a new month."""

import bisect
import dataclasses
from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclasses.dataclass(frozen=True)
class Level:
    """A level, and the points from which on somebody has it."""

    number: int
    name: "str | Promise"
    floor: int


LEVELS = (
    Level(1, pgettext_lazy("level", "Newcomer"), 0),
    Level(2, pgettext_lazy("level", "Companion"), 60),
    Level(3, pgettext_lazy("level", "Observer"), 180),
    Level(4, pgettext_lazy("level", "Preparer"), 360),
    Level(5, pgettext_lazy("level", "Asker"), 600),
    Level(6, pgettext_lazy("level", "Listener"), 1000),
    Level(7, pgettext_lazy("level", "Storyteller"), 1500),
    Level(8, pgettext_lazy("level", "Guide"), 2200),
    Level(9, pgettext_lazy("level", "Confidant"), 3200),
    Level(10, pgettext_lazy("level", "Bridge builder"), 4500),
    Level(11, pgettext_lazy("level", "Fellow runner"), 6200),
    Level(12, pgettext_lazy("level", "Connector"), 8500),
)

_FLOORS = [level.floor for level in LEVELS]


@dataclasses.dataclass(frozen=True)
class Standing:
    """Where somebody is between two levels. `following` is None on the last level."""

    total: int
    level: Level
    following: Level | None

    @property
    def missing(self) -> int:
        """The points to the next level; 0 on the last one."""
        return self.following.floor - self.total if self.following else 0

    @property
    def done(self) -> int:
        """The points earned since this level began."""
        return max(self.total, 0) - self.level.floor

    @property
    def span(self) -> int:
        """The points from this level to the next; as many as were earned on the last one."""
        return self.following.floor - self.level.floor if self.following else max(self.done, 1)


def level_of(total: int) -> Level:
    """Return the level of somebody with so many points; debts stay on the first one."""
    return LEVELS[max(bisect.bisect_right(_FLOORS, total) - 1, 0)]


def standing_of(total: int) -> Standing:
    """Return the level and how far the next one is."""
    level = level_of(total)
    following = LEVELS[level.number] if level.number < len(LEVELS) else None
    return Standing(total, level, following)


def reached(before: int, after: int) -> list[Level]:
    """Return the levels reached on the way from one total to another; none when it fell."""
    return [level for level in LEVELS[1:] if before < level.floor <= after]
