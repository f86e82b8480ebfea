"""How far the work on an answer is: steps by name, told as each begins. Pure."""

from collections.abc import Callable

READING, CHECKING, LOOKING, OVER_TIME = "reading", "checking", "looking", "over_time"
STUDYING, DOUBTING, WRITING = "studying", "doubting", "writing"

REPORT = (READING, LOOKING, OVER_TIME, WRITING)
STUDY = (READING, CHECKING, *(STUDYING, DOUBTING) * 3, WRITING)
"""Every measure of sales is studied, and then doubted."""

LAUNCH = (READING, CHECKING, STUDYING, DOUBTING, WRITING)
ROLLOUT = (READING, LOOKING, WRITING)
GRID = (READING, LOOKING, WRITING)

Tell = Callable[[str], None]
"""Takes the name of the step that begins."""


def nobody(_step: str) -> None:
    """Tell nobody."""


def onward(plan: tuple[str, ...], at: int, step: str) -> int:
    """Return where in a plan the step that begins stands, seen from `at`; what comes no more is no way back."""
    later = (n for n, each in enumerate(plan) if n > at and each == step)
    return next(later, at)
