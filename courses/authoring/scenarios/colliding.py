"""What an author wrote while somebody else changed the same, beside what stands there now."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from courses.authoring.scenarios import standing, words
from courses.scenarios import parts
from courses.scenarios.document import Document
from courses.scenarios.models import ScenarioEdit

_PICKED = frozenset(
    ("to", "late", "mood", "quality", "outcome", "start", "language", "mode", "back", "meta:points")
)
_TYPED = frozenset(
    (
        *("title", "chapter", "speaker", "text", "alt", "message", "reaction", "summary"),
        *("name", "why", "thinking", "words", "transcript"),
        *("points", "score", "seconds", "pass_mark"),
    )
)


@dataclass(frozen=True)
class Row:
    """A field that was written twice. `mine` is as it was sent, the others are in words."""

    name: str
    label: str
    place: str
    mine: str
    mine_said: str
    theirs: str
    is_typed: bool


def rows(
    scenario_id: uuid.UUID, base: int, document: Document, sent: Mapping[str, Sequence[str]]
) -> list[Row]:
    """Return what was changed since the revision `base` by who sent this, and stands otherwise now. One query.

    A form without scripts sends all of its fields: those that it left as they were at `base` are not its author's.
    """
    then = _then(scenario_id, base, document)
    found = []
    for name, values in sent.items():
        field = name if name in _PICKED else name.rpartition(":")[2]
        if not standing.is_plain(name) or field not in _PICKED | _TYPED:
            continue
        mine, now = values[-1].replace("\r\n", "\n"), standing.value(document, name)
        if mine not in {now, standing.value(then, name)}:
            found.append(
                Row(
                    name=name,
                    label=words.field(name),
                    place=standing.place(document, name),
                    mine=mine,
                    mine_said=standing.told(document, name, mine),
                    theirs=standing.told(document, name, now),
                    is_typed=field in _TYPED,
                )
            )
    return found


def _then(scenario_id: uuid.UUID, base: int, document: Document) -> Document:
    """Return the draft as it was at a revision, by what every later edit changed."""
    later = ScenarioEdit.objects.filter(scenario_id=scenario_id, revision__gt=base)
    first: dict[str, object] = {}
    for before in later.order_by("-revision").values_list("before", flat=True):
        first.update(before)
    return parts.patched(document, first)
