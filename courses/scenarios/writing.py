"""From a scenario to JSON, to its hashes, and to the file that carries it elsewhere and back. No Django.

There is one way to write a scenario: fields that say nothing are left out, names are sorted. So equal scenarios
are equal to the byte, and what was exported and imported is what it was.
"""

import hashlib
import json
from typing import Any

from courses.scenarios import conditions
from courses.scenarios.document import (
    FORMAT,
    SCHEMA,
    Choice,
    Document,
    Effect,
    Explanation,
    Limit,
    Route,
    Scene,
    Settings,
    Variable,
)
from courses.scenarios.faults import FaultError
from courses.scenarios.reading import parse

MAX_BYTES = 16 * 1024 * 1024

_PLAIN_SCENE = Scene("")
_PLAIN_CHOICE = Choice("")
_PLAIN_VARIABLE = Variable("")
_SCENE = [
    "title",
    "chapter",
    "speaker",
    "mood",
    "face",
    "text",
    "picture",
    "alt",
    "video",
    "parked",
    "outcome",
    "score",
    "message",
]
_CHOICE = ["text", "reaction", "quality", "points", "to"]
_VARIABLE = ["name", "kind", "initial", "low", "high"]
_EXPLANATION = ["ace", "name", "why", "thinking", "words", "video", "transcript"]


def canonical(value: Any) -> str:
    """Return JSON in one form only, so that equal values have equal texts."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def dump(document: Document) -> dict[str, Any]:
    """Return a scenario as JSON; `reading.parse` makes an equal one of it."""
    found: dict[str, Any] = {
        "format": FORMAT,
        "schema": SCHEMA,
        "title": document.title,
        "language": document.language,
        "start": document.start,
        "scenes": [dump_scene(scene) for scene in document.scenes],
    }
    if document.summary:
        found["summary"] = document.summary
    if document.settings != Settings():
        found["settings"] = dump_settings(document.settings)
    if document.variables:
        found["variables"] = [dump_variable(variable) for variable in document.variables]
    if document.explanations:
        found["explanations"] = {
            key: dump_explanation(each) for key, each in document.explanations.items()
        }
    return found


def _told(value: object, plain: object, names: list[str]) -> dict[str, Any]:
    """Return the fields that say something else than nothing."""
    told = ((name, getattr(value, name)) for name in names)
    return {name: said for name, said in told if not _same(said, getattr(plain, name))}


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def dump_settings(settings: Settings) -> dict[str, Any]:
    """Return settings as JSON."""
    return _told(settings, Settings(), ["mode", "points", "back", "pass_mark"])


def dump_variable(variable: Variable) -> dict[str, Any]:
    """Return a variable as JSON."""
    found = {"key": variable.key, **_told(variable, _PLAIN_VARIABLE, _VARIABLE)}
    if variable.words:
        found["words"] = list(variable.words)
    if variable.is_skill:
        found["skill"] = True
    return found


def dump_scene(scene: Scene) -> dict[str, Any]:
    """Return a scene as JSON."""
    found = {"key": scene.key, "kind": scene.kind, **_told(scene, _PLAIN_SCENE, _SCENE)}
    if scene.limit is not None:
        found["limit"] = _limit(scene.limit)
    if scene.choices:
        found["choices"] = [dump_choice(choice) for choice in scene.choices]
    return found


def _limit(limit: Limit) -> dict[str, Any]:
    return {"seconds": limit.seconds, "to": limit.to}


def dump_choice(choice: Choice) -> dict[str, Any]:
    """Return a choice as JSON."""
    found = {"key": choice.key, **_told(choice, _PLAIN_CHOICE, _CHOICE)}
    if choice.condition is not None:
        found["condition"] = conditions.dump(choice.condition)
    if choice.effects:
        found["effects"] = [dump_effect(effect) for effect in choice.effects]
    if choice.skills:
        found["skills"] = list(choice.skills)
    if choice.routes:
        found["routes"] = [dump_route(route) for route in choice.routes]
    return found


def dump_effect(effect: Effect) -> dict[str, Any]:
    """Return an effect as JSON."""
    return {"var": effect.var, "op": effect.op, "value": effect.value}


def dump_route(route: Route) -> dict[str, Any]:
    """Return a route as JSON."""
    return {"when": conditions.dump(route.when), "to": route.to}


def dump_explanation(explanation: Explanation) -> dict[str, Any]:
    """Return what an ace says as JSON."""
    return _told(explanation, Explanation(), _EXPLANATION)


def doc_sha256(document: Document) -> str:
    """Return the hash of everything that a scenario says."""
    return _sha256(dump(document))


def graph_sha256(document: Document) -> str:
    """Return the hash of what a run goes by: keys, routes, conditions, effects, points, limits and settings.

    Wording, media, explanations and the outline's order are not in it.
    """
    graph = {
        "start": document.start,
        "settings": dump_settings(document.settings),
        "variables": sorted(
            (_without(dump_variable(each), "name") for each in document.variables),
            key=lambda each: str(each["key"]),
        ),
        "scenes": {scene.key: _bones(scene) for scene in document.scenes},
    }
    return _sha256(graph)


def _bones(scene: Scene) -> dict[str, Any]:
    if scene.is_ending:
        return {"outcome": scene.outcome, "score": scene.score}
    return {
        "limit": _limit(scene.limit) if scene.limit else None,
        "choices": {
            each.key: _without(dump_choice(each), "text", "reaction") for each in scene.choices
        },
    }


def _without(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}


def _sha256(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def export(document: Document) -> bytes:
    """Return the file that carries a scenario: canonical JSON in UTF-8 with a line's end."""
    return canonical(dump(document)).encode() + b"\n"


def take_in(data: bytes) -> Document:
    """Return the scenario of a file. Raises FaultError for one that isn't ours, is too big or nested too deeply."""
    if len(data) > MAX_BYTES:
        raise FaultError("file_too_big", "", {"most": MAX_BYTES // 1024 // 1024})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FaultError("not_utf8", "") from error
    try:
        raw = json.loads(
            text, parse_float=_no_float, parse_int=_short_int, parse_constant=_no_float
        )
    except RecursionError as error:
        raise FaultError("too_deep", "") from error
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise FaultError("not_json", "", place) from error
    return parse(raw)


def _no_float(text: str) -> int:
    raise FaultError("not_whole", "", {"number": text[:20]})


def _short_int(text: str) -> int:
    if len(text) > 10:
        raise FaultError("not_whole", "", {"number": text[:20]})
    return int(text)
