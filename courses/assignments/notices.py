"""The kinds of notices that assignments bring."""

import uuid
from collections.abc import Sequence
from functools import partial

from django.utils.translation import gettext as _

from core.models import Notice
from core.notices.kinds import declare
from courses.assignments import words
from courses.assignments.models import Enrolment
from courses.assignments.queries import own, practising
from courses.assignments.queries.practising import module_in

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
    declare(
        f"assignments.{words.PRACTISE}", "again", partial(words.notice, words.PRACTISE), _practised
    )


def _settled(notices: Sequence[Notice]) -> dict[str, str]:
    """Say which of these ask for what is finished by now, or asked no longer. One query."""
    said: dict[str, str] = {
        Enrolment.State.FINISHED: _("You have finished it"),
        Enrolment.State.ENDED: _("No longer asked of you"),
    }
    about = {each.key: enrolment for each in notices if (enrolment := _about(each))}
    states = own.settled_among(about.values())
    return {key: said[states[one]] for key, one in about.items() if one in states}


def _practised(notices: Sequence[Notice]) -> dict[str, str]:
    """Say which of these, all of one person, ask to practise what is understood by now. One query."""
    said, about = _("You have understood it"), {each: module_in(each.key) for each in notices}
    wanted = [module for module in about.values() if module]
    done = practising.understood_among(notices[0].person_id, wanted)
    return {each.key: said for each, module in about.items() if module in done}


def _about(notice: Notice) -> uuid.UUID | None:
    """Return the enrolment that a notice is about, as its key names it: see `actions.telling.key_of`."""
    try:
        return uuid.UUID(notice.key.removeprefix("enrolment:").partition(":")[0])
    except ValueError:
        return None
