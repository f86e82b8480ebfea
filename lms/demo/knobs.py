"""What a world is made of and how strongly its forces pull. Plain values, no database.

Months are numbered: 0 is the first month of learning, `months - 1` the current one; a negative month
lies before. Strengths on learning are log-odds, strengths on sales percentage points of a rate.
"""

import dataclasses
from collections.abc import Mapping

STAGES = ("key_person", "appointment", "qualified", "won")
"""The rates of the sales funnel that learning may change."""


@dataclasses.dataclass(frozen=True)
class Effect:
    """The truth that a report has to find: each finished lesson of a course adds to a rate for good.

    `points` are percentage points for each lesson; they are there from `lag` months after the month in
    which the lesson was finished.
    """

    course: str
    stage: str
    points: float
    lag: int = 1


@dataclasses.dataclass(frozen=True)
class Lesson:
    """A module as the world sees it: which course it is in, and the month from which it can be learnt."""

    key: str
    course: str
    opens: int = 0
    required: bool = False


@dataclasses.dataclass(frozen=True)
class Firm:
    """An organisation with reps: how many at once, in how many teams, and since which month.

    `quality` and `culture` (standard deviations) are drawn where they aren't given.
    """

    size: int
    teams: int = 1
    launch: int = -36
    mandate: bool = False
    quality: float | None = None
    culture: float | None = None


@dataclasses.dataclass(frozen=True)
class Role:
    """A seat that a known person holds from the month `hired` until now. `ability` in standard deviations."""

    key: str
    firm: int
    team: int
    hired: int
    ability: float


@dataclasses.dataclass(frozen=True)
class Knobs:
    """The forces. Every default is a plausible sales floor; a test turns one of them at a time."""

    ability_to_sales: float = 1.2
    ability_to_learn: float = 0.45
    quality_to_sales: float = 1.3
    partner_learn: float = 0.45
    culture: float = 0.35
    mandate: float = 0.9
    finishing: float = -1.7
    novelty: float = 0.9
    busy: float = 0.05
    dip_rule: float = 0.0
    attrition: float = 0.011
    rehired: float = 0.12
    team_moves: float = 0.006
    ramp: float = 1.5
    season: float = 1.0
    trend: float = 0.02
    rep_noise: float = 0.8
    partner_noise: float = 0.4


@dataclasses.dataclass(frozen=True)
class Settings:
    """A world to be drawn. `script` forces a known person's lesson into a month, or into never (None)."""

    firms: tuple[Firm, ...]
    lessons: tuple[Lesson, ...]
    effects: tuple[Effect, ...] = ()
    cast: tuple[Role, ...] = ()
    script: Mapping[tuple[str, str], int | None] = dataclasses.field(default_factory=dict)
    months: int = 18
    first_calendar_month: int = 1
    elapsed: float = 1.0
    knobs: Knobs = Knobs()
