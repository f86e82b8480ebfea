"""The kinds of notices that assignments bring."""

from functools import partial

from core.notices.kinds import declare
from courses.assignments import words

_ICONS = {
    words.ASSIGNED: "target",
    words.CHANGED: "calendar",
    words.BEFORE: "clock",
    words.LATE: "clock",
    words.NUDGE: "bell",
}


def declare_all() -> None:
    """Say how our notices read."""
    for kind, icon in _ICONS.items():
        declare(f"assignments.{kind}", icon, partial(words.notice, kind))
