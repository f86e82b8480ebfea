"""Copying a scene with all that hangs on it, under new keys. No Django."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from courses.scenarios import graph, reading, writing
from courses.scenarios.document import Document, Scene
from courses.scenarios.editing import Edited, sized
from courses.scenarios.faults import FaultError
from courses.scenarios.keys import new_key


def duplicate(document: Document, key: str) -> Edited:
    """Copy a scene with all that is reached through it alone; ways out of the copy lead where they led before.

    `made` are the copies' keys, the copied scene's first.
    """
    if key not in document.by_key:
        raise FaultError("unknown_scene", f"scene.{key[:12]}")
    inside = _behind(document, key)
    taken = set(document.keys())
    renamed: dict[str, str] = {}
    for scene in inside:
        for old in (scene.key, *(choice.key for choice in scene.choices)):
            renamed[old] = new_key(taken)
            taken.add(renamed[old])
    copies = [_copied(scene, renamed) for scene in inside]
    place = next(n for n, each in enumerate(document.scenes, start=1) if each.key == key)
    scenes = (*document.scenes[:place], *copies, *document.scenes[place:])
    whys = {renamed[k]: why for k, why in document.explanations.items() if k in renamed}
    after = dataclasses.replace(
        document, scenes=scenes, explanations={**document.explanations, **whys}
    )
    made = (renamed[key], *(each.key for each in copies if each.key != renamed[key]))
    return Edited(sized(after), made=made)


def _behind(document: Document, key: str) -> list[Scene]:
    net = graph.of(document)
    root = net.number[key]
    without = [[] if node == root else targets for node, targets in enumerate(net.out)]
    others = graph.reached(without, [net.start] if net.start != root else [])
    reached = graph.reached(net.out, [root])
    return [
        scene
        for node, scene in enumerate(document.scenes)
        if node == root or (reached[node] and not others[node])
    ]


def _copied(scene: Scene, renamed: Mapping[str, str]) -> Scene:
    """Return a copy under new keys, by way of JSON, in which every key of the copied part is renamed."""
    raw = _renamed(writing.dump_scene(scene), renamed)
    return reading.scene_of(raw, f"scene.{scene.key}")


_NAMES = ("key", "to", "visited", "visits", "chose")


def _renamed(raw: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(raw, dict):
        return {
            name: renamed.get(value, value)
            if name in _NAMES and isinstance(value, str)
            else _renamed(value, renamed)
            for name, value in raw.items()
        }
    return [_renamed(each, renamed) for each in raw] if isinstance(raw, list) else raw
