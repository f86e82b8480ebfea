"""Who explains a choice: picked among the aces, by whose name and picture the explanation then goes."""

import uuid
from collections.abc import Mapping, Sequence

from courses.scenarios import aces
from courses.scenarios.document import Document, Explanation
from courses.scenarios.faults import FaultError
from partners.models import Person

MOST = 200


def options(person: Person) -> list[tuple[str, str]]:
    """Return the aces who can be picked: id and name, a partner's with where they work. One query."""
    return [
        (str(each.pk), each.name if each.of_client else f"{each.name} ({each.organisation.name})")
        for each in aces.candidates(person)[:MOST]
    ]


def with_names(
    person: Person, document: Document, sent: Mapping[str, Sequence[str]]
) -> dict[str, Sequence[str]]:
    """Return fields as they were sent; where another ace is picked, with their name. One query then.

    Raises FaultError for somebody who can't be picked.
    """
    found = dict(sent)
    for name, values in sent.items():
        kind, _colon, rest = name.partition(":")
        key, _colon, field = rest.partition(":")
        if kind != "why" or field != "ace" or not values:
            continue
        if values[-1] == (document.explanations.get(key, Explanation()).ace or ""):
            del found[name]  # a form without scripts sends all; a name that was typed stays
        elif values[-1]:
            found[f"why:{key}:name"] = [_picked(person, values[-1]).name]
    return found


def _picked(person: Person, said: str) -> Person:
    try:
        found = aces.candidates(person).filter(pk=uuid.UUID(said)).first()
    except ValueError:
        found = None
    if found is None:
        raise FaultError("bad_id", "ace")
    return found
