"""What an author does to a draft, as functions from scenario to scenario. No Django.

Each returns `Edited`: the new scenario, which parts the author was looking at (`targets`: where somebody else changed
one of them meanwhile, the edit is refused), the keys that were made, and links that were cut.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from courses.scenarios import reading, writing
from courses.scenarios.document import (
    MAX_CHOICES,
    MAX_SCENES,
    MAX_VARIABLES,
    Choice,
    Document,
    Route,
    Scene,
)
from courses.scenarios.faults import FaultError
from courses.scenarios.keys import new_key
from courses.scenarios.parts import META


@dataclass(frozen=True, slots=True)
class Link:
    """A way that led to a scene: of a choice, or (with an empty `choice`) of a time-out. `route` 0 is the else."""

    scene: str
    choice: str
    route: int = 0


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit made of a scenario."""

    document: Document
    targets: frozenset[str] = frozenset()
    made: tuple[str, ...] = ()
    cut: tuple[Link, ...] = ()


Edit = Callable[[Document], Edited]
"""What `actions.edit` takes: one of the functions below, its arguments given."""


def set_meta(document: Document, fields: Mapping[str, Any]) -> Edited:
    """Change title, summary, language, start or settings (those settings that are named)."""
    _known(fields, META)
    given = dict(fields)
    if isinstance(given.get("settings"), dict):
        given["settings"] = writing.dump_settings(document.settings) | given["settings"]
    changed = reading.parse({"schema": 1, "title": document.title, **given})
    after = dataclasses.replace(document, **{name: getattr(changed, name) for name in given})
    return Edited(after, frozenset({"meta"}))


def put_variable(document: Document, raw: Mapping[str, Any]) -> Edited:
    """Add a variable, or change the one with this key."""
    key = raw.get("key") or new_key(document.keys())
    made = () if raw.get("key") else (key,)
    variable = reading.variable_of({**raw, "key": key}, "variables")
    others = tuple(each for each in document.variables if each.key != variable.key)
    place = next(
        (n for n, each in enumerate(document.variables) if each.key == variable.key), len(others)
    )
    variables = (*others[:place], variable, *others[place:])
    return Edited(
        sized(dataclasses.replace(document, variables=variables)), frozenset({"variables"}), made
    )


def drop_variable(document: Document, key: str) -> Edited:
    """Remove a variable. What still asks about it is told of by the validator."""
    if key not in document.variable:
        raise FaultError("unknown_variable", "variables")
    variables = tuple(each for each in document.variables if each.key != key)
    after = dataclasses.replace(document, variables=variables)
    return Edited(after, frozenset({"variables"}))


def add_scene(
    document: Document,
    fields: Mapping[str, Any] | None = None,
    *,
    after: str | None = None,
    key: str = "",
) -> Edited:
    """Add a scene behind another one, else at the end. The first scene of all becomes the start."""
    made = key or new_key(document.keys())
    scene = reading.scene_of({**(fields or {}), "key": made}, "scenes")
    scenes = list(document.scenes)
    place = next((n for n, each in enumerate(scenes, start=1) if each.key == after), len(scenes))
    scenes.insert(place, scene)
    start = document.start or (None if scene.is_ending else made)
    changed = dataclasses.replace(document, scenes=tuple(scenes), start=start)
    return Edited(sized(changed), made=(made,))


def change_scene(document: Document, key: str, fields: Mapping[str, Any]) -> Edited:
    """Change fields of a scene (not its choices); None takes a field back to what it is at first."""
    _known(fields, reading.SCENE_FIELDS - {"key", "choices"})
    scene = _scene(document, key)
    raw = {**writing.dump_scene(scene), **fields}
    return _with(document, reading.scene_of(_said(raw), f"scene.{key}"))


def move_scene(document: Document, key: str, after: str | None) -> Edited:
    """Move a scene behind another one in the outline; to the top where `after` is None."""
    scene = _scene(document, key)
    others = [each for each in document.scenes if each.key != key]
    place = next((n for n, each in enumerate(others, start=1) if each.key == after), 0)
    others.insert(place, scene)
    return Edited(dataclasses.replace(document, scenes=tuple(others)))


def park(document: Document, key: str, *, parked: bool) -> Edited:
    """Put a scene on the shelf, or take it back. Ways that lead to it stay, and the validator tells of them."""
    return _with(document, dataclasses.replace(_scene(document, key), parked=parked))


def delete_scene(document: Document, key: str) -> Edited:
    """Remove a scene with its choices and explanations. Ways that led to it are cut, and told in `cut`."""
    gone = _scene(document, key)
    cut: list[Link] = []
    scenes = tuple(_cut(each, key, cut) for each in document.scenes if each.key != key)
    lost = {key, *(choice.key for choice in gone.choices)}
    after = dataclasses.replace(
        document,
        scenes=scenes,
        start=None if document.start == key else document.start,
        explanations={k: v for k, v in document.explanations.items() if k not in lost},
    )
    return Edited(after, frozenset({f"scene:{key}"}), cut=tuple(cut))


def _cut(scene: Scene, key: str, cut: list[Link]) -> Scene:
    if not any(link for link in _links(scene, key)):
        return scene
    cut.extend(_links(scene, key))
    choices = tuple(
        dataclasses.replace(
            choice,
            to=None if choice.to == key else choice.to,
            routes=tuple(
                Route(each.when, None) if each.to == key else each for each in choice.routes
            ),
        )
        for choice in scene.choices
    )
    limit = scene.limit
    if limit is not None and limit.to == key:
        limit = dataclasses.replace(limit, to=None)
    return dataclasses.replace(scene, choices=choices, limit=limit)


def _links(scene: Scene, key: str) -> Iterator[Link]:
    for choice in scene.choices:
        for place, route in enumerate(choice.routes, start=1):
            if route.to == key:
                yield Link(scene.key, choice.key, place)
        if choice.to == key:
            yield Link(scene.key, choice.key)
    if scene.limit is not None and scene.limit.to == key:
        yield Link(scene.key, "")


def links_to(document: Document, key: str) -> tuple[Link, ...]:
    """Return the ways that lead to a scene."""
    return tuple(link for scene in document.scenes for link in _links(scene, key))


def add_choice(
    document: Document,
    scene_key: str,
    fields: Mapping[str, Any] | None = None,
    *,
    new_scene: Mapping[str, Any] | None = None,
) -> Edited:
    """Add a choice to a scene; with `new_scene`, the scene that it goes to is made and linked in one go.

    `made` is the choice's key, then the scene's.
    """
    scene, taken = _scene(document, scene_key), set(document.keys())
    if len(scene.choices) >= MAX_CHOICES:
        raise FaultError("too_many", f"scene.{scene_key}.choices", {"most": MAX_CHOICES})
    key = new_key(taken)
    choice = reading.choice_of({**(fields or {}), "key": key}, f"scene.{scene_key}.choices")
    made: tuple[str, ...] = (key,)
    if new_scene is not None:
        document, target = _new_target(document, scene_key, new_scene, taken | {key})
        choice, made = dataclasses.replace(choice, to=target), (key, target)
    edited = _with(document, dataclasses.replace(scene, choices=(*scene.choices, choice)))
    return dataclasses.replace(edited, made=made)


def _new_target(
    document: Document, behind: str, fields: Mapping[str, Any], taken: Collection[str]
) -> tuple[Document, str]:
    key = new_key(taken)
    return add_scene(document, fields, after=behind, key=key).document, key


def change_choice(
    document: Document,
    key: str,
    fields: Mapping[str, Any],
    *,
    new_scene: Mapping[str, Any] | None = None,
) -> Edited:
    """Change fields of a choice; with `new_scene`, it goes to a scene that is made in one go (`made`)."""
    _known(fields, reading.CHOICE_FIELDS - {"key"})
    scene, choice = _choice(document, key)
    changed = reading.choice_of(_said({**writing.dump_choice(choice), **fields}), f"choice.{key}")
    made: tuple[str, ...] = ()
    if new_scene is not None:
        document, target = _new_target(document, scene.key, new_scene, set(document.keys()))
        changed, made = dataclasses.replace(changed, to=target), (target,)
    choices = tuple(changed if each.key == key else each for each in scene.choices)
    edited = _with(document, dataclasses.replace(scene, choices=choices))
    return dataclasses.replace(edited, made=made)


def move_choice(document: Document, key: str, place: int) -> Edited:
    """Move a choice to another place (from 0) of its scene."""
    scene, choice = _choice(document, key)
    others = [each for each in scene.choices if each.key != key]
    others.insert(max(place, 0), choice)
    return _with(document, dataclasses.replace(scene, choices=tuple(others)))


def delete_choice(document: Document, key: str) -> Edited:
    """Remove a choice with its explanation."""
    scene, _ = _choice(document, key)
    choices = tuple(each for each in scene.choices if each.key != key)
    edited = _with(document, dataclasses.replace(scene, choices=choices))
    why = {of: each for of, each in document.explanations.items() if of != key}
    after = dataclasses.replace(edited.document, explanations=why)
    return dataclasses.replace(edited, document=after)


def put_explanation(document: Document, key: str, fields: Mapping[str, Any] | None) -> Edited:
    """Change fields of the explanation of a choice or scene; None removes it. The graph stays as it is."""
    if key not in document.by_key and key not in document.choice:
        raise FaultError("unknown_scene", "explanations")
    explanations = dict(document.explanations)
    before = explanations.pop(key, None)
    if fields is not None:
        raw = {**(writing.dump_explanation(before) if before else {}), **fields}
        explanations[key] = reading.explanation_of(_said(raw), f"explanations.{key}")
    after = dataclasses.replace(document, explanations=explanations)
    return Edited(after, frozenset({f"why:{key}"}))


def replace_all(document: Document, wanted: Document) -> Edited:
    """Put another scenario in the place of this one: an import, a pasted table, an earlier version."""
    return Edited(wanted, frozenset({"meta", "variables", "order"}))


def _scene(document: Document, key: str) -> Scene:
    scene = document.by_key.get(key)
    if scene is None:
        raise FaultError("unknown_scene", f"scene.{key[:12]}")
    return scene


def _choice(document: Document, key: str) -> tuple[Scene, Choice]:
    found = document.choice.get(key)
    if found is None:
        raise FaultError("unknown_choice", f"choice.{key[:12]}")
    return found


def _with(document: Document, scene: Scene) -> Edited:
    scenes = tuple(scene if each.key == scene.key else each for each in document.scenes)
    after = dataclasses.replace(document, scenes=scenes)
    return Edited(after, frozenset({f"scene:{scene.key}"}))


def _said(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if value is not None}


def _known(fields: Mapping[str, Any], known: Collection[str]) -> None:
    for name in fields:
        if name not in known:
            raise FaultError("unknown_field", str(name)[:40], {"name": str(name)[:40]})


def sized(document: Document) -> Document:
    """Return the scenario if it is not too big. Raises FaultError."""
    if len(document.scenes) > MAX_SCENES:
        params = {"most": MAX_SCENES, "count": len(document.scenes)}
        raise FaultError("too_many", "scenes", params)
    if len(document.variables) > MAX_VARIABLES:
        raise FaultError("too_many", "variables", {"most": MAX_VARIABLES})
    return document
