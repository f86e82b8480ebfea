"""What a world is made of. Every force is off unless it is turned on. Plain values.

Sales are a rate in percentage points: appointments of a hundred calls. Learning is hours a month.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Cohort:
    """Reps who take the course in the same month: their share, when, and what it truly does to them.

    The course adds `points`, and `growth` more with each month after the first.
    """

    share: float
    month: int
    points: float = 0.0
    growth: float = 0.0


@dataclasses.dataclass(frozen=True)
class World:
    """One world. With a seed it says everything."""

    reps: int = 600
    months: int = 18
    partners: int = 30
    calls: int = 200
    level: float = 30.0
    hours: float = 10.0

    effect: float = 0.0
    """The truth: points of the rate for each hour of learning, `lag` months later."""
    lag: int = 1

    ability_to_learn: float = 0.0
    ability_to_sales: float = 0.0
    quality_to_learn: float = 0.0
    quality_to_sales: float = 0.0
    busy: float = 0.0
    """Hours less in the month after each point of good luck."""
    shock: float = 0.0
    """Standard deviation of what a whole partner has in a month, good or bad."""
    season: float = 0.0
    trend: float = 0.0

    cohorts: tuple[Cohort, ...] = ()
    launch: int | None = None
    """The month in which half of the partners launch the course."""
    dip_cut: float = 0.0
    """So many points below what was to be expected are a bad month, after which half are sent to the course."""
    dip_points: float = 0.0

    courses: bool = False
    """Learning is the number of courses taken so far, one every other month, instead of hours."""
    attrition: float = 0.0
    """How much likelier weak reps leave than strong ones, in log-odds for a standard deviation."""

    mislabelled: float = 0.0
    """The share of completions that are told of somebody else, or months off."""
    mergers: float = 0.0
    """The share of partners that another one takes over in the middle of the time."""
    missing: float = 0.0
    """The share of reps' months of which no sales are told."""
    missing_bad: float = 0.0
    """The same, of the months below what was to be expected alone."""
