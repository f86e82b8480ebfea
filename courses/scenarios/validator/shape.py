"""Each scene for itself: its words, its choices, and whether what it leads to is there."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from courses.scenarios.document import (
    MAX_CHOICES,
    MAX_SCENES,
    MAX_VARIABLES,
    Choice,
    Document,
    Scene,
)
from courses.scenarios.validator.findings import Finding

LONG_CHOICE = 140
FEW_CHOICES = 4


def check(document: Document, number: Mapping[str, int]) -> Iterator[Finding]:
    """Yield what is wrong with single scenes. Parked ones are on a shelf and may be as they are."""
    if not document.title.strip():
        yield Finding("no_title")
    yield from _sizes(document)
    parked = {scene.key for scene in document.scenes if scene.parked}
    for scene in document.scenes:
        if scene.parked:
            continue
        if scene.kind == "ending":
            yield from _ending(scene)
            continue
        if not (scene.text or scene.video or scene.picture):
            yield Finding("scene_without_words", scene.key)
        if scene.limit is not None:
            yield from _limit(scene, number, parked)
        if scene.choices:
            yield from _choices(document, scene, number, parked)
        else:
            yield Finding("scene_without_choices", scene.key)


def _ending(scene: Scene) -> Iterator[Finding]:
    if scene.choices:
        yield Finding("ending_with_choices", scene.key)
    if not (scene.text or scene.message or scene.video):
        yield Finding("ending_without_words", scene.key)


def _choices(
    document: Document, scene: Scene, number: Mapping[str, int], parked: set[str]
) -> Iterator[Finding]:
    best, explained = [], document.explanations
    for choice in scene.choices:
        if choice.quality == "best":
            best.append(choice)
            if choice.key not in explained and scene.key not in explained:
                yield Finding("best_unexplained", scene.key, choice.key)
        if not choice.text or len(choice.text) > LONG_CHOICE:
            yield _words(scene, choice)
        # What is usual is looked at here, what is not in `_ways`: this runs for every keystroke.
        if choice.routes or choice.to not in number or choice.to in parked:
            yield from _ways(scene, choice, number, parked)
    if len(scene.choices) > 1:
        yield from _several(scene, best)


def _sizes(document: Document) -> Iterator[Finding]:
    if not document.scenes:
        yield Finding("no_scenes")
    if len(document.scenes) > MAX_SCENES:
        params = {"count": len(document.scenes), "most": MAX_SCENES}
        yield Finding("too_many_scenes", params=params)
    if len(document.variables) > MAX_VARIABLES:
        params = {"count": len(document.variables), "most": MAX_VARIABLES}
        yield Finding("too_many_variables", params=params)


def _words(scene: Scene, choice: Choice) -> Finding:
    if not choice.text:
        return Finding("choice_without_words", scene.key, choice.key)
    params = {"length": len(choice.text), "most": LONG_CHOICE}
    return Finding("choice_too_long", scene.key, choice.key, params)


def _limit(scene: Scene, number: Mapping[str, int], parked: set[str]) -> Iterator[Finding]:
    to = scene.limit.to if scene.limit else None
    if to is None:
        yield Finding("no_timeout_route", scene.key)
    elif to not in number:
        yield Finding("route_nowhere", scene.key, params={"to": to})
    elif to in parked:
        yield Finding("leads_to_parked", scene.key, params={"to": to})


def _ways(
    scene: Scene, choice: Choice, number: Mapping[str, int], parked: set[str]
) -> Iterator[Finding]:
    if choice.to is None:
        code = "no_else" if choice.routes else "goes_nowhere"
        yield Finding(code, scene.key, choice.key)
    for place, route in enumerate(choice.routes, start=1):
        if route.to is None:
            yield Finding("goes_nowhere", scene.key, choice.key, {"route": place})
    for to in dict.fromkeys(choice.targets()):
        if to is not None and to not in number:
            yield Finding("route_nowhere", scene.key, choice.key, {"to": to})
        elif to in parked:
            yield Finding("leads_to_parked", scene.key, choice.key, {"to": to})


def _several(scene: Scene, best: Sequence[Choice]) -> Iterator[Finding]:
    if not best:
        yield Finding("no_best_choice", scene.key)
    # Under conditions each way may have a best choice of its own.
    elif len(best) > 1 and not any(choice.condition for choice in best):
        yield Finding("several_best_choices", scene.key, params={"count": len(best)})
    count = len(scene.choices)
    if count > MAX_CHOICES:
        yield Finding("too_many_choices", scene.key, params={"count": count, "most": MAX_CHOICES})
    elif count > FEW_CHOICES:
        yield Finding("too_many_to_choose", scene.key, params={"count": count, "most": FEW_CHOICES})


def keys(document: Document, history: Mapping[str, str]) -> Iterator[Finding]:
    """Yield keys that stand twice, or that named something else in a published version."""
    all_keys = [variable.key for variable in document.variables]
    all_keys += [scene.key for scene in document.scenes]
    all_keys += [choice.key for scene in document.scenes for choice in scene.choices]
    known = set(all_keys)
    if len(known) != len(all_keys):
        yield from _twice(document, all_keys)
    if history:
        yield from _recycled(document, history)
    for key in document.explanations:
        if key not in known:
            yield Finding("explanation_of_nothing", params={"key": key})


def _twice(document: Document, all_keys: list[str]) -> Iterator[Finding]:
    twice = {key for key, count in Counter(all_keys).items() if count > 1}
    for scene in document.scenes:
        if scene.key in twice:
            yield Finding("duplicate_key", scene.key, params={"key": scene.key})
        for choice in scene.choices:
            if choice.key in twice:
                yield Finding("duplicate_key", scene.key, choice.key, {"key": choice.key})
    for variable in document.variables:
        if variable.key in twice:
            yield Finding("duplicate_key", params={"key": variable.key})


def _recycled(document: Document, history: Mapping[str, str]) -> Iterator[Finding]:
    for key, kind in document.keys().items():
        if history.get(key, kind) != kind:
            scene = key if kind == "scene" else ""
            choice = key if kind == "choice" else ""
            if choice:
                scene = document.choice[key][0].key
            yield Finding("recycled_key", scene, choice, {"key": key, "was": history[key]})
