"""Says in words which block or field of a draft is meant."""

import dataclasses
import re
import uuid
from collections.abc import Mapping

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.authoring.advice import Note
from courses.authoring.documents import Document
from courses.authoring.kinds import BY_NAME
from courses.catalog.blocks import Problem

_PART = re.compile(r"items\.(\d+)(?:\.options\.(\d+))?")


@dataclasses.dataclass(frozen=True)
class Named:
    """A problem or a warning with the place it speaks of; `url` leads there."""

    place: str
    message: str
    url: str


class Naming:
    """Names the places of one draft, and leads to them: in the editor, or on the scenario's desk."""

    def __init__(self, module_id: uuid.UUID, document: Document) -> None:
        self._editor = reverse("authoring:editor", args=[module_id])
        self._scenario = reverse("scenario_desk:of_module", args=[module_id])
        self._places = {
            block.key: (number, block.kind) for number, block in enumerate(document.blocks, start=1)
        }

    def of(self, found: Problem | Note) -> Named:
        """Return a problem or warning with its place in words."""
        if found.block in self._places:
            number, kind = self._places[found.block]
            part = part_name(found.field) if kind == "quiz" else label(kind, found.field)
            place = block_name(number, kind) + (_(": ") + str(part) if part else "")
            url = self._scenario if found.field == "scenario" else self._at("block", found.block)
            return Named(place, found.message, url)
        return Named(field_name(found.field), found.message, self._at("doc", found.field))

    def _at(self, kind: str, name: str) -> str:
        return f"{self._editor}#{kind}-{name}"


def block_name(number: int, kind: str) -> str:
    """Return how a block is called: its place and its kind."""
    label = BY_NAME[kind].label if kind in BY_NAME else kind
    return _("Block %(n)d, %(kind)s") % {"n": number, "kind": label}


def part_name(field: str) -> str:
    """Return how a part of a quiz is called, by the field of its problem; nothing for the quiz itself."""
    found = _PART.match(field)
    if found is None:
        return ""
    number, place = found.groups()
    if place is None:
        return _("Question {n}").format(n=number)
    return _("Question {n}, option {letter}").format(n=number, letter=chr(64 + int(place)))


def label(kind: str, field: str) -> str:
    """Return how the editor calls a field of a block; nothing where the block has just one."""
    found = _LABELS.get((kind, field)) or _LABELS.get(("", field))
    return str(found) if found else ""


_LABELS: Mapping[tuple[str, str], Promise] = {
    ("person", "name"): gettext_lazy("Name"),
    ("story", "name"): gettext_lazy("Who tells it"),
    ("video", "title"): gettext_lazy("Title"),
    ("", "title"): gettext_lazy("Heading"),
    ("", "role"): gettext_lazy("What they do"),
    ("", "ask_about"): gettext_lazy("Ask them about"),
    ("", "before"): gettext_lazy("What was hard before"),
    ("", "turning_point"): gettext_lazy("The turning point"),
    ("", "after"): gettext_lazy("What it is like now"),
    ("", "quote"): gettext_lazy("In their own words"),
    ("", "alt"): gettext_lazy("What the picture shows, for those who can't see it"),
    ("", "caption"): gettext_lazy("Caption"),
    ("", "picture"): gettext_lazy("Picture"),
}


def field_name(field: str) -> str:
    """Return how a field of the module is called."""
    return {
        "title": _("Title"),
        "summary": _("Summary"),
        "minutes": _("Minutes"),
        "picture": _("Picture"),
        "blocks": _("Contents"),
    }.get(field, field)
