"""What the desk's buttons do, by name: `add_choice:<scene>`, `drop_effect:<choice>:2`. Each gives an edit."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from courses.scenarios import copying, editing, writing
from courses.scenarios.document import MAX_CHOICES, Choice, Document, Scene
from courses.scenarios.editing import Edit, Edited
from courses.scenarios.faults import FaultError
from courses.scenarios.keys import new_key

Given = Sequence[str]


@dataclass(frozen=True)
class Act:
    """One thing that a button does. `opens`: whether the page goes to the first scene that it made."""

    make: Callable[[Given], Edit]
    opens: bool = False


def _at(given: Given, place: int) -> str:
    return given[place] if place < len(given) else ""


def _add(kind: str) -> Callable[[Given], Edit]:
    def make(given: Given) -> Edit:
        return lambda document: editing.add_scene(
            document, {"kind": kind}, after=_at(given, 0) or None
        )

    return make


def _group(scene: Scene) -> tuple[bool, bool]:
    return scene.parked, scene.is_ending


def _step(way: int) -> Callable[[Given], Edit]:
    """Move a scene past its neighbour in the same list of the outline."""

    def make(given: Given) -> Edit:
        def edit(document: Document) -> Edited:
            key = _at(given, 0)
            here = document.by_key.get(key)
            if here is None:
                raise FaultError("unknown_scene", "scene")
            alike = [each.key for each in document.scenes if _group(each) == _group(here)]
            place = alike.index(key) + way
            if not 0 <= place < len(alike):
                return Edited(document)
            return _put(document, key, alike[place], behind=way > 0)

        return edit

    return make


def _put(document: Document, key: str, other: str, *, behind: bool) -> Edited:
    rest = [each.key for each in document.scenes if each.key != key]
    place = rest.index(other)
    after = rest[place] if behind else (rest[place - 1] if place else None)
    return editing.move_scene(document, key, after)


def _drag(given: Given) -> Edit:
    """Move a scene before or behind another: `drag:<key>:<other>:before`."""

    def edit(document: Document) -> Edited:
        key, other = _at(given, 0), _at(given, 1)
        if key == other or not {key, other} <= document.by_key.keys():
            return Edited(document)
        return _put(document, key, other, behind=_at(given, 2) != "before")

    return edit


def _simple(do: Callable[[Document, str], Edited]) -> Callable[[Given], Edit]:
    return lambda given: lambda document: do(document, _at(given, 0))


def _choice_step(way: int) -> Callable[[Given], Edit]:
    def do(document: Document, key: str) -> Edited:
        scene, choice = _found(document, key)
        return editing.move_choice(document, key, scene.choices.index(choice) + way)

    return _simple(do)


def _found(document: Document, key: str) -> tuple[Scene, Choice]:
    found = document.choice.get(key)
    if found is None:
        raise FaultError("unknown_choice", "choice")
    return found


def _copy_choice(document: Document, key: str) -> Edited:
    """Copy a choice below itself, with its explanation."""
    scene, choice = _found(document, key)
    raw = {k: v for k, v in writing.dump_choice(choice).items() if k != "key"}
    added = editing.add_choice(document, scene.key, raw)
    copy = added.made[0]
    place = scene.choices.index(choice) + 1
    moved = editing.move_choice(added.document, copy, place)
    why = document.explanations.get(key)
    after = moved.document
    if why is not None:
        after = dataclasses.replace(after, explanations={**after.explanations, copy: why})
    return Edited(after, added.targets, added.made)


def _move_choice(given: Given) -> Edit:
    """Move a choice into another scene; its key, and so its explanation, go with it."""

    def edit(document: Document) -> Edited:
        scene, choice = _found(document, _at(given, 0))
        there = document.by_key.get(_at(given, 1))
        if there is None or there.key == scene.key:
            return Edited(document)
        if there.is_ending or len(there.choices) >= MAX_CHOICES:
            raise FaultError("too_many", "choices", {"most": MAX_CHOICES})
        rest = tuple(each for each in scene.choices if each.key != choice.key)
        after = {
            scene.key: dataclasses.replace(scene, choices=rest),
            there.key: dataclasses.replace(there, choices=(*there.choices, choice)),
        }
        scenes = tuple(after.get(each.key, each) for each in document.scenes)
        targets = frozenset(f"scene:{key}" for key in after)
        return Edited(dataclasses.replace(document, scenes=scenes), targets)

    return edit


# --- Rows --------------------------------------------------------------------------------------------
def _with_variable(document: Document) -> tuple[Document, str, tuple[str, ...], frozenset[str]]:
    """Return a variable's key to begin a row with; where there is none, trust is made."""
    if document.variables:
        return document, document.variables[0].key, (), frozenset()
    made = editing.put_variable(document, {"name": _("Trust"), "low": 0, "high": 5, "initial": 0})
    return made.document, made.made[0], made.made, made.targets


def _row(document: Document, key: str, field: str) -> Edited:
    _found(document, key)
    document, name, made, targets = _with_variable(document)
    raw = writing.dump_choice(document.choice[key][1])
    variable = document.variable[name]
    const = {"bool": True, "enum": (variable.words or ("-",))[0]}.get(variable.kind, 1)
    is_number = variable.kind == "int"
    asked = {"var": name, "op": ">=" if is_number else "=", "const": const}
    if field == "effects":
        effect = {"var": name, "op": "add" if is_number else "set", "value": const}
        change: Any = [*raw.get("effects", []), effect]
    elif field == "routes":
        change = [*raw.get("routes", []), {"when": asked, "to": None}]
    else:
        change = _joined(raw.get("condition"), asked)
    edited = editing.change_choice(document, key, {field: change})
    return dataclasses.replace(edited, made=made, targets=edited.targets | targets)


def _joined(before: Any, asked: Any) -> Any:
    if before is None:
        return asked
    for name in ("all", "any"):
        if name in before:
            return {name: [*before[name], asked]}
    return {"all": [before, asked]}


def _without(condition: Any, place: int) -> Any:
    """Return a condition without one of its rows; the last one leaves none."""
    for name in ("all", "any"):
        if condition and name in condition:
            left = [each for n, each in enumerate(condition[name]) if n != place]
            return left[0] if len(left) == 1 else {name: left} if left else None
    return None


def _number(given: Given, place: int) -> int:
    said = _at(given, place)
    return int(said) if said.isdecimal() and len(said) < 4 else -1


def _drop(field: str) -> Callable[[Given], Edit]:
    def make(given: Given) -> Edit:
        def edit(document: Document) -> Edited:
            key = _at(given, 0)
            raw = writing.dump_choice(_found(document, key)[1])
            place = _number(given, 1)
            if field == "condition":
                whole = len(given) < 2
                change: Any = None if whole else _without(raw.get("condition"), place)
            else:
                change = [each for n, each in enumerate(raw.get(field, [])) if n != place]
            return editing.change_choice(document, key, {field: change})

        return edit

    return make


def _add_route_row(given: Given) -> Edit:
    def edit(document: Document) -> Edited:
        key, place = _at(given, 0), _number(given, 1)
        _found(document, key)
        routes = writing.dump_choice(document.choice[key][1]).get("routes", [])
        if not 0 <= place < len(routes):
            raise FaultError("unknown_choice", "routes")
        asked = {"visited": document.start or document.scenes[0].key}
        routes[place] = {**routes[place], "when": _joined(routes[place]["when"], asked)}
        return editing.change_choice(document, key, {"routes": routes})

    return edit


def _drop_route_row(given: Given) -> Edit:
    def edit(document: Document) -> Edited:
        key, place, row = _at(given, 0), _number(given, 1), _number(given, 2)
        routes = writing.dump_choice(_found(document, key)[1]).get("routes", [])
        if not 0 <= place < len(routes):
            raise FaultError("unknown_choice", "routes")
        when = _without(routes[place]["when"], row)
        kept = [{**routes[place], "when": when}] if when is not None else []
        changed = [*routes[:place], *kept, *routes[place + 1 :]]
        return editing.change_choice(document, key, {"routes": changed})

    return edit


def _add_variable(given: Given) -> Edit:
    skill = _at(given, 0) == "skill"
    raw = {"name": "", "low": 0, "high": 10 if skill else 5, "initial": 0, "skill": skill}
    return lambda document: editing.put_variable(document, {**raw, "key": new_key(document.keys())})


def _limited(seconds: int | None) -> Callable[[Document, str], Edited]:
    limit = None if seconds is None else {"seconds": seconds, "to": None}
    return lambda document, key: editing.change_scene(document, key, {"limit": limit})


ACTS: Mapping[str, Act] = {
    "add_scene": Act(_add("scene"), opens=True),
    "add_ending": Act(_add("ending"), opens=True),
    "up": Act(_step(-1)),
    "down": Act(_step(1)),
    "drag": Act(_drag),
    "park": Act(_simple(lambda d, key: editing.park(d, key, parked=True))),
    "unpark": Act(_simple(lambda d, key: editing.park(d, key, parked=False))),
    "delete": Act(_simple(editing.delete_scene)),
    "duplicate": Act(_simple(copying.duplicate), opens=True),
    "start": Act(_simple(lambda d, key: editing.set_meta(d, {"start": key}))),
    "limit": Act(_simple(_limited(30))),
    "drop_limit": Act(_simple(_limited(None))),
    "add_choice": Act(_simple(editing.add_choice)),
    "choice_up": Act(_choice_step(-1)),
    "choice_down": Act(_choice_step(1)),
    "copy_choice": Act(_simple(_copy_choice)),
    "move_choice": Act(_move_choice),
    "delete_choice": Act(_simple(editing.delete_choice)),
    "add_effect": Act(_simple(lambda d, key: _row(d, key, "effects"))),
    "add_when": Act(_simple(lambda d, key: _row(d, key, "condition"))),
    "add_route": Act(_simple(lambda d, key: _row(d, key, "routes"))),
    "drop_effect": Act(_drop("effects")),
    "drop_when": Act(_drop("condition")),
    "drop_route": Act(_drop("routes")),
    "add_route_row": Act(_add_route_row),
    "drop_route_row": Act(_drop_route_row),
    "add_variable": Act(_add_variable),
    "drop_variable": Act(_simple(editing.drop_variable)),
}
