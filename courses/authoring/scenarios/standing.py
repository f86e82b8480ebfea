"""What stands in a field of a draft, to be shown beside what somebody wanted to write there."""

from typing import Any

from courses.authoring.scenarios.naming import Names
from courses.scenarios.document import Document, Explanation


def is_plain(name: str) -> bool:
    """Say whether a field holds one text or pick; rows are told of as a whole by what they belong to."""
    return name.count(":") <= 2


def value(document: Document, name: str) -> str:
    """Return what stands there now, as text; empty where it is gone."""
    kind, _colon, rest = name.partition(":")
    key, _colon, field = rest.partition(":")
    owner: Any = None
    if kind == "meta":
        owner, field = (document.settings if hasattr(document.settings, key) else document), key
    elif kind == "scene":
        owner = document.by_key.get(key)
        if field in {"seconds", "late"}:
            owner, field = (owner and owner.limit), {"late": "to"}.get(field, field)
    elif kind == "choice":
        owner = document.choice[key][1] if key in document.choice else None
    elif kind == "why":
        owner = document.explanations.get(key, Explanation())
    elif kind == "variable":
        owner = document.variable.get(key)
    found = getattr(owner, field, None)
    return "" if found is None else str(found)


def told(document: Document, name: str, said: str) -> str:
    """Return a value for people: a scene by its name."""
    if name.endswith((":to", ":late", ":start")):
        return Names(document).scene(said) or said
    return said


def place(document: Document, name: str) -> str:
    """Return where a field is: scene and choice in words; empty for the scenario's own."""
    kind, _colon, rest = name.partition(":")
    key = rest.partition(":")[0]
    if key in document.choice:
        return Names(document).place(document.choice[key][0].key, key)
    return Names(document).place(key) if kind in {"scene", "why"} and key in document.by_key else ""
