"""The badges: each with its name, its rule in words, and the rule as a predicate on a person's facts.

A badge is given once and never taken back. Keys stand in the database and in the names of pictures.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import Promise

WEEKS_BACK = 5
"""Days before these weeks no longer count for a badge: it would have been given then."""


@dataclasses.dataclass(frozen=True)
class Facts:
    """What a person has done, as badges look at it.

    `perfect` counts quizzes of three questions or more that were all right at the first try, `comebacks`
    modules that had wrong answers first and were understood later, `courses` whole courses understood.
    """

    finished: int = 0
    understood: int = 0
    perfect: int = 0
    comebacks: int = 0
    courses: int = 0
    days: frozenset[dt.date] = frozenset()


@dataclasses.dataclass(frozen=True)
class Badge:
    """Something worth remembering. `earned` says whether these facts are enough; `of_days`: days alone earn it."""

    key: str
    name: "str | Promise"
    rule: "str | Promise"
    earned: Callable[[Facts], bool]
    of_days: bool = False

    @property
    def picture(self) -> str:
        """The name of its picture among the static files."""
        return f"gamification/badges/{self.key}.webp"


def weeks_of(days: Iterable[dt.date]) -> dict[dt.date, int]:
    """Return how many learning days each week had, weeks named by their Monday."""
    weeks: dict[dt.date, int] = {}
    for day in days:
        monday = day - dt.timedelta(days=day.weekday())
        weeks[monday] = weeks.get(monday, 0) + 1
    return weeks


def longest_run(days: Iterable[dt.date]) -> int:
    """Return the longest row of weeks with a learning day in each."""
    longest = run = 0
    previous: dt.date | None = None
    for monday in sorted(weeks_of(days)):
        run = run + 1 if previous == monday - dt.timedelta(days=7) else 1
        longest, previous = max(longest, run), monday
    return longest


BADGES = (
    Badge(
        "first_module",
        pgettext_lazy("badge", "First step"),
        _("Finish your first module."),
        lambda facts: facts.finished >= 1,
    ),
    Badge(
        "five_modules",
        pgettext_lazy("badge", "Five knots"),
        _("Finish five modules."),
        lambda facts: facts.finished >= 5,
    ),
    Badge(
        "twenty_modules",
        pgettext_lazy("badge", "Woven cloth"),
        _("Finish twenty modules."),
        lambda facts: facts.finished >= 20,
    ),
    Badge(
        "all_right_first",
        pgettext_lazy("badge", "Spot on"),
        _(
            "Get every question of a quiz right at the first try. The quiz needs at least three questions."
        ),
        lambda facts: facts.perfect >= 1,
    ),
    Badge(
        "five_perfect",
        pgettext_lazy("badge", "Clear eye"),
        _("Get every question right at the first try in five quizzes."),
        lambda facts: facts.perfect >= 5,
    ),
    Badge(
        "course_understood",
        pgettext_lazy("badge", "One whole thread"),
        _("Understand every module of a course. It needs two modules at least."),
        lambda facts: facts.courses >= 1,
    ),
    Badge(
        "three_days",
        pgettext_lazy("badge", "Three days a week"),
        _("Learn on three days of one week."),
        lambda facts: max(weeks_of(facts.days).values(), default=0) >= 3,
        of_days=True,
    ),
    Badge(
        "four_weeks",
        pgettext_lazy("badge", "Four weeks running"),
        _("Learn in each of four weeks in a row. One day a week is enough."),
        lambda facts: longest_run(facts.days) >= 4,
        of_days=True,
    ),
    Badge(
        "comeback",
        pgettext_lazy("badge", "Up again"),
        _("Get answers wrong in a quiz, then try again until you have understood all of it."),
        lambda facts: facts.comebacks >= 1,
    ),
    Badge(
        "five_comebacks",
        pgettext_lazy("badge", "Never lets go"),
        _("Try again until all is understood, in five modules."),
        lambda facts: facts.comebacks >= 5,
    ),
)

BY_KEY = {badge.key: badge for badge in BADGES}

OF_DAYS = tuple(badge for badge in BADGES if badge.of_days)
"""What one more day of learning may earn."""


def newly_earned(
    facts: Facts, held: Collection[str], among: Sequence[Badge] = BADGES
) -> list[Badge]:
    """Return the badges, among these, that these facts earn and that the person doesn't have yet."""
    return [badge for badge in among if badge.key not in held and badge.earned(facts)]
