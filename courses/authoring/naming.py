"""Says in words which block or field of a draft is meant."""

import dataclasses

from django.utils.translation import gettext as _

from courses.authoring.advice import Note
from courses.authoring.documents import Document
from courses.authoring.kinds import BY_NAME
from courses.catalog.blocks import Problem


@dataclasses.dataclass(frozen=True)
class Named:
    """A problem or a warning with the place it speaks of; `anchor` leads there in the editor."""

    place: str
    message: str
    anchor: str


class Naming:
    """Names the places of one draft."""

    def __init__(self, document: Document) -> None:
        self._places = {
            block.key: (number, block.kind) for number, block in enumerate(document.blocks, start=1)
        }

    def of(self, found: Problem | Note) -> Named:
        """Return a problem or warning with its place in words."""
        if found.block in self._places:
            number, kind = self._places[found.block]
            return Named(block_name(number, kind), found.message, f"#block-{found.block}")
        return Named(field_name(found.field), found.message, f"#doc-{found.field}")


def block_name(number: int, kind: str) -> str:
    """Return how a block is called: its place and its kind."""
    label = BY_NAME[kind].label if kind in BY_NAME else kind
    return _("%(n)d. %(kind)s") % {"n": number, "kind": label}


def field_name(field: str) -> str:
    """Return how a field of the module is called."""
    return {
        "title": _("Title"),
        "summary": _("Summary"),
        "minutes": _("Minutes"),
        "picture": _("Picture"),
        "blocks": _("Contents"),
    }.get(field, field)
