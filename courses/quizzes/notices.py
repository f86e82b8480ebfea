"""The kinds of notices that quizzes bring."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.notices.kinds import declare
from core.words import inner

RESCORED = "quizzes.rescored"


def declare_all() -> None:
    """Say how our notices read."""
    declare(RESCORED, "check-circle", rescored_notice)


def rescored_notice(data: Mapping[str, Any]) -> str:
    """Say that a corrected key changed a result, and how."""
    title = inner(data.get("title", ""))
    if data.get("now") == data.get("before"):
        return _(
            "A right answer in “%(title)s” was corrected after you took it: your result was counted anew."
        ) % {"title": title}
    return _(
        "A right answer in “%(title)s” was corrected after you took it: now %(now)s of %(of)s are right,"
        " before it was %(before)s."
    ) % {"title": title, **{name: data.get(name, "") for name in ("now", "of", "before")}}
