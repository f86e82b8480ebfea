"""The kinds of notices that quizzes bring."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.notices.kinds import declare

RESCORED = "quizzes.rescored"


def declare_all() -> None:
    """Say how our notices read."""
    declare(RESCORED, "check-circle", rescored_notice)


def rescored_notice(data: Mapping[str, Any]) -> str:
    """Say that a corrected key changed a result, and how."""
    if data.get("now") == data.get("before"):
        return _(
            "A right answer in “%(title)s” was corrected after you took it: your result was counted anew."
        ) % {"title": data.get("title", "")}
    return _(
        "A right answer in “%(title)s” was corrected after you took it: now %(now)s of %(of)s are right,"
        " before it was %(before)s."
    ) % {name: data.get(name, "") for name in ("title", "now", "of", "before")}
