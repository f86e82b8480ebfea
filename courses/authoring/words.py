"""What authoring says in several places: states, audiences, templates, and the notices about planned publications."""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.words import inner, listed

OUT = "authoring.published_as_planned"
HELD = "authoring.plan_held"
SCENARIO_TAKEN_BACK = "authoring.scenario_taken_back"

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


_MOST_NAMED = 5


def audience(kind: str, names: Sequence[str]) -> str:
    """Say in a sentence who sees a module once it is published; `names` are the partners that were chosen."""
    if kind == "everybody":
        return _("Everybody will see it: the client's people and all partners.")
    if kind == "client":
        return _("Only the client's own people will see it.")
    if not names:
        return _("Nobody will see it: no partner is chosen yet.")
    said = listed(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    if more <= 0:
        return _("Only these will see it: %(names)s") % {"names": said}
    words = ngettext(
        "Only these will see it: %(names)s and %(n)d more",
        "Only these will see it: %(names)s and %(n)d more",
        more,
    )
    return words % {"names": said, "n": more}


def copied(modules: int) -> str:
    """Say that a course was duplicated, with so many modules."""
    told = ngettext(
        "This is the copy. Its %(n)s module is a draft: nobody sees it before you publish it.",
        "This is the copy. Its %(n)s modules are drafts: nobody sees them before you publish them.",
        modules,
    )
    return told % {"n": modules}


def left_out(*, archived: int, posts: int) -> list[str]:
    """Say what of a course its copy hasn't got: a sentence for each kind, none where nothing is missing."""
    of_archived = ngettext(
        "%(n)s archived module was not copied.", "%(n)s archived modules were not copied.", archived
    )
    of_posts = ngettext(
        "%(n)s post was not copied: posts can't be duplicated.",
        "%(n)s posts were not copied: posts can't be duplicated.",
        posts,
    )
    return [said % {"n": n} for said, n in ((of_archived, archived), (of_posts, posts)) if n]


def out_notice(data: dict[str, Any]) -> str:
    """Say that a module came out as planned."""
    return _("“%(title)s” is published, as you planned.") % {"title": inner(data["title"])}


def taken_back_notice(data: dict[str, Any]) -> str:
    """Say that a version of a scenario was taken back, and why."""
    return _("Version %(number)s of the scenario in “%(title)s” was taken back: %(reason)s") % {
        "number": data["number"],
        "title": inner(data["title"]),
        "reason": data["reason"],
    }


def held_notice(data: dict[str, Any]) -> str:
    """Say that a module could not come out as planned."""
    return _("“%(title)s” could not be published as planned. Please see what is to be mended.") % {
        "title": inner(data["title"])
    }
