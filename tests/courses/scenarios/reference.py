"""A validator of ways that is slow and obvious: what the fast one is compared with."""

from collections.abc import Iterable, Iterator

from courses.scenarios.document import Choice, Document, Scene

Said = tuple[str, str, str]


def _leads(document: Document, key: str) -> set[str]:
    scene = document.by_key[key]
    if scene.kind == "ending":
        return set()
    ways = [to for choice in scene.choices for to in choice.targets()]
    ways += [scene.limit.to] if scene.limit else []
    return {to for to in ways if to in document.by_key}


def _reached(document: Document, keys: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    waiting = set(keys)
    while waiting:
        seen |= waiting
        waiting = {to for each in waiting for to in _leads(document, each)} - seen
    return seen


def of_ways(document: Document) -> set[Said]:
    """Say what is wrong with the ways of a scenario; of scenes with the same key the first is played."""
    first = dict(reversed([(scene.key, scene) for scene in document.scenes]))
    document.__dict__["by_key"] = first
    found = {*_twice(document), *_start(document)}
    reached = _reached(document, [document.start]) if document.start in first else set(first)
    for scene in document.scenes:
        if scene.parked:
            continue
        if scene.key not in reached:
            found.add(("unreachable", scene.key, ""))
        found |= {*_scene(document, scene)}
    return found


def _twice(document: Document) -> Iterator[Said]:
    every_key = list(_keys(document))
    for scene in document.scenes:
        if every_key.count(scene.key) > 1:
            yield "duplicate_key", scene.key, ""
        for choice in scene.choices:
            if every_key.count(choice.key) > 1:
                yield "duplicate_key", scene.key, choice.key


def _keys(document: Document) -> Iterator[str]:
    for scene in document.scenes:
        yield scene.key
        yield from (choice.key for choice in scene.choices)


def _start(document: Document) -> Iterator[Said]:
    if document.start is None:
        yield "no_start", "", ""
    elif document.start not in document.by_key:
        yield "start_unknown", "", ""
    elif document.by_key[document.start].kind == "ending":
        yield "start_is_ending", document.start, ""
    elif document.by_key[document.start].parked:
        yield "start_parked", document.start, ""


def _scene(document: Document, scene: Scene) -> Iterator[Said]:
    if scene.kind == "ending":
        if scene.choices:
            yield "ending_with_choices", scene.key, ""
        return
    if not scene.choices:
        yield "scene_without_choices", scene.key, ""
    if scene.limit:
        yield from _way(document, "no_timeout_route", scene.limit.to, scene, None)
    for choice in scene.choices:
        yield from _way(
            document, "no_else" if choice.routes else "goes_nowhere", choice.to, scene, choice
        )
        for route in choice.routes:
            yield from _way(document, "goes_nowhere", route.to, scene, choice)


def _way(
    document: Document, none: str, to: str | None, scene: Scene, choice: Choice | None
) -> Iterator[Said]:
    where = (scene.key, choice.key if choice else "")
    if to is None:
        yield none, *where
    elif to not in document.by_key:
        yield "route_nowhere", *where
    elif any(each.parked for each in document.scenes if each.key == to):
        yield "leads_to_parked", *where


def dead_ends(document: Document) -> set[frozenset[str]]:
    """Return the circles without a way out that are reached, by looking round from every scene."""
    dead = set()
    start = [document.start] if document.start in document.by_key else []
    for key in _reached(document, start):
        behind = _reached(document, _leads(document, key))
        if key in behind and all(
            key in _reached(document, _leads(document, each)) for each in behind
        ):
            dead.add(frozenset(behind))
    return dead
