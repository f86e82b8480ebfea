"""What authoring says in several places: states, audiences, templates, and the notices about planned publications."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.words import inner

OUT = "authoring.published_as_planned"
HELD = "authoring.plan_held"

STATES: dict[str, tuple[Promise, str, str]] = {
    "draft": (gettext_lazy("Draft"), "", "edit"),
    "published": (gettext_lazy("Published"), "ok", "check"),
    "changed": (gettext_lazy("Changed since"), "warn", "edit"),
    "scheduled": (gettext_lazy("Planned"), "primary", "calendar"),
    "expired": (gettext_lazy("Expired"), "", "clock"),
    "archived": (gettext_lazy("Archived"), "", "archive"),
}
"""How each state of a module reads: word, tone and symbol of its chip."""

AUDIENCES: dict[str, Promise] = {
    "everybody": gettext_lazy("Everybody, the client's people and all partners"),
    "client": gettext_lazy("The client's own people only"),
    "chosen": gettext_lazy("Chosen partners"),
}


def out_notice(data: dict[str, Any]) -> str:
    """Say that a module came out as planned."""
    return _("“%(title)s” is published, as you planned.") % {"title": inner(data["title"])}


def held_notice(data: dict[str, Any]) -> str:
    """Say that a module could not come out as planned."""
    return _("“%(title)s” could not be published as planned. Please see what is to be mended.") % {
        "title": inner(data["title"])
    }
