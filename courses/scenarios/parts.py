"""A scenario as named parts, so that an edit is kept as what it changed, and two authors meet only where they do.

`meta`, `variables`, `order` (the outline), `scene:<key>` and `why:<key>` (an explanation). No Django.
"""

from collections.abc import Mapping
from typing import Any

from courses.scenarios import reading, writing
from courses.scenarios.document import FORMAT, SCHEMA, Document

Parts = Mapping[str, Any]
META = ("title", "summary", "language", "start", "settings")


def of(document: Document) -> dict[str, Any]:
    """Return all parts of a scenario."""
    raw = writing.dump(document)
    found: dict[str, Any] = {
        "meta": {name: raw[name] for name in META if name in raw},
        "variables": raw.get("variables", []),
        "order": [scene.key for scene in document.scenes],
    }
    found.update((f"scene:{scene['key']}", scene) for scene in raw["scenes"])
    found.update((f"why:{key}", why) for key, why in raw.get("explanations", {}).items())
    return found


def changes(before: Document, after: Document) -> dict[str, tuple[Any, Any]]:
    """Return each part that differs: what it was and what it is; None where it is not there."""
    old, new = of(before), of(after)
    return {
        name: (old.get(name), new.get(name))
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    }


def patched(document: Document, wanted: Parts) -> Document:
    """Return the scenario with these parts as given (None: gone). Raises FaultError where that is no scenario.

    Scenes that a given order doesn't name keep their place behind those that it does.
    """
    all_parts = {**of(document), **wanted}
    scenes = {
        name.removeprefix("scene:"): part
        for name, part in all_parts.items()
        if name.startswith("scene:") and part is not None
    }
    order = dict.fromkeys([*all_parts["order"], *(scene.key for scene in document.scenes), *scenes])
    raw = {
        "format": FORMAT,
        "schema": SCHEMA,
        **all_parts["meta"],
        "variables": all_parts["variables"],
        "scenes": [scenes[key] for key in order if key in scenes],
        "explanations": {
            name.removeprefix("why:"): part
            for name, part in all_parts.items()
            if name.startswith("why:") and part is not None
        },
    }
    return reading.parse(raw)


def only_text(before: Parts, after: Parts) -> tuple[str, ...] | None:
    """Return where the one text lies in which these parts differ; None where more differs, or something else."""
    found: list[tuple[str, ...]] = []
    for name in {**before, **after}:
        if not _differing((name,), before.get(name), after.get(name), found):
            return None
    return found[0] if len(found) == 1 else None


def _differing(at: tuple[str, ...], old: Any, new: Any, found: list[tuple[str, ...]]) -> bool:
    """Note where texts differ. False where anything else does."""
    if old == new:
        return True
    if isinstance(old, dict | None) and isinstance(new, dict | None):
        old, new = old or {}, new or {}
        return all(
            _differing((*at, name), old.get(name), new.get(name), found) for name in {**old, **new}
        )
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return all(_differing((*at, str(place)), *pair, found) for place, pair in pairs)
    found.append(at)
    return isinstance(old, str | None) and isinstance(new, str | None)
