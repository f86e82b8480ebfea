"""The kinds of notices that assignments bring."""

import uuid
from collections.abc import Sequence
from functools import partial

from django.utils.translation import gettext as _

from core.models import Notice
from core.notices.kinds import declare
from courses.assignments import words
from courses.assignments.queries import own

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
        declare(f"assignments.{kind}", icon, partial(words.notice, kind), _settled)


def _settled(notices: Sequence[Notice]) -> dict[str, str]:
    """Say which of these ask for what is finished by now. One query."""
    said = _("You have finished it")
    finished = own.finished_among(enrolment for each in notices if (enrolment := _about(each)))
    return {each.key: said for each in notices if _about(each) in finished}


def _about(notice: Notice) -> uuid.UUID | None:
    """Return the enrolment that a notice is about, as its key names it: see `actions.telling.key_of`."""
    try:
        return uuid.UUID(notice.key.removeprefix("enrolment:").partition(":")[0])
    except ValueError:
        return None
