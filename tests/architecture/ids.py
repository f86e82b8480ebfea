"""Values for the parameters of doors: what the world knows, and words for the rest."""

import uuid
from typing import Any

WORDS = {
    "name": "medium.webp",
    "language": "ja",
    "form": "vtt",
    "size": "small",
    "view": "points",
    "token": "no-such-token",
    "uidb36": "1",
    "key": "no-such-key",
    "revision": 1,
    "seq": 3,
    "number": 1,
    "measure": "calls",
}


def values_for(name: str, parameters: tuple[str, ...], ids: dict[str, Any]) -> dict[str, Any]:
    """Return a value for each parameter of a door; KeyError where the world knows none."""
    found = {}
    for parameter in parameters:
        if parameter == "pk":
            found[parameter] = ids[name]
        else:
            found[parameter] = ids.get(parameter) or WORDS[parameter]
    return found


def unknown(ids: dict[str, Any]) -> dict[str, Any]:
    """Return ids of the same form that name nothing."""
    return {
        key: uuid.uuid4() if isinstance(value, uuid.UUID) else 2**31 - 7
        for key, value in ids.items()
    }
