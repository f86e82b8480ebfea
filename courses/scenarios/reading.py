"""From JSON to a scenario: every field is looked at, sizes and depth are bounded. No Django.

A scenario may be unfinished (no start, a choice that goes nowhere: the validator's business), never broken:
what could not be shown or edited again raises FaultError with its place.
"""

import re
from typing import Any

from courses.scenarios import conditions, take
from courses.scenarios.document import (
    BACK,
    FORMAT,
    KINDS,
    MAX_CHOICES,
    MAX_SCENES,
    MAX_VARIABLES,
    MODES,
    MOODS,
    OUTCOMES,
    POINTS,
    QUALITIES,
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

MAX_POINTS = 1_000
MAX_SECONDS = 600
MAX_ROUTES = 8
MAX_EFFECTS = 8
TEXTS = {
    "title": 160,
    "summary": 500,
    "chapter": 80,
    "speaker": 80,
    "text": 4_000,
    "choice": 500,
    "reaction": 2_000,
    "alt": 300,
    "message": 2_000,
    "name": 80,
    "why": 4_000,
    "thinking": 4_000,
    "words": 4_000,
    "transcript": 20_000,
}


def parse(raw: Any) -> Document:
    """Return the scenario that this JSON describes. Raises FaultError, and names the place."""
    fields = take.an_object(raw, _DOCUMENT, "")
    if fields.get("format", FORMAT) != FORMAT:
        raise FaultError("bad_format", "format")
    if fields.get("schema") != SCHEMA or isinstance(fields.get("schema"), bool):
        raise FaultError("bad_schema", "schema", {"known": SCHEMA})
    language = take.text(fields.get("language", "ja"), "language", 8)
    if not re.fullmatch(r"[a-z]{2}(-[A-Za-z]{2,4})?", language):
        raise FaultError("bad_language", "language")
    return Document(
        title=take.text(fields.get("title"), "title", TEXTS["title"]),
        summary=take.text(fields.get("summary"), "summary", TEXTS["summary"]),
        language=language,
        start=take.link(fields.get("start"), "start"),
        settings=_settings(fields.get("settings", {}), "settings"),
        variables=take.each(fields.get("variables"), "variables", MAX_VARIABLES, variable_of),
        scenes=take.each(fields.get("scenes"), "scenes", MAX_SCENES, scene_of),
        explanations=_explanations(fields.get("explanations", {})),
    )


_DOCUMENT = frozenset(
    [
        "format",
        "schema",
        "title",
        "summary",
        "language",
        "start",
        "settings",
        "variables",
        "scenes",
        "explanations",
    ]
)
_SETTINGS = frozenset(("mode", "points", "back", "pass_mark"))
_VARIABLE = frozenset(("key", "name", "kind", "initial", "low", "high", "words", "skill"))
SCENE_FIELDS = frozenset(
    [
        "key",
        "kind",
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
        "limit",
        "choices",
        "outcome",
        "score",
        "message",
    ]
)
CHOICE_FIELDS = frozenset(
    [
        "key",
        "text",
        "reaction",
        "quality",
        "condition",
        "effects",
        "points",
        "skills",
        "routes",
        "to",
    ]
)
_EXPLANATION = frozenset(("ace", "name", "why", "thinking", "words", "video", "transcript"))


def _settings(raw: Any, path: str) -> Settings:
    fields = take.an_object(raw, _SETTINGS, path)
    mark = fields.get("pass_mark")
    return Settings(
        mode=take.one_of(fields.get("mode", "practice"), f"{path}.mode", MODES),
        points=take.one_of(fields.get("points", "first"), f"{path}.points", POINTS),
        back=take.one_of(fields.get("back", "none"), f"{path}.back", BACK),
        pass_mark=None if mark is None else take.number(mark, f"{path}.pass_mark", 0, 100),
    )


def variable_of(raw: Any, path: str) -> Variable:
    """Read one variable."""
    fields = take.an_object(raw, _VARIABLE, path)
    most = conditions.MAX_COUNT
    words = take.each(fields.get("words"), f"{path}.words", 20, _word)
    return Variable(
        key=take.key(fields.get("key"), f"{path}.key"),
        name=take.text(fields.get("name"), f"{path}.name", TEXTS["name"]),
        kind=take.one_of(fields.get("kind", "int"), f"{path}.kind", KINDS),
        initial=conditions.value_of(fields.get("initial", 0), f"{path}.initial"),
        low=take.number(fields.get("low", 0), f"{path}.low", -most, most),
        high=take.number(fields.get("high", 10), f"{path}.high", -most, most),
        words=words,
        is_skill=take.flag(fields.get("skill", False), f"{path}.skill"),
    )


def _word(raw: Any, path: str) -> str:
    value = conditions.value_of(raw, path)
    if not isinstance(value, str):
        raise FaultError("not_a_text", path)
    return value


def scene_of(raw: Any, path: str) -> Scene:
    """Read one scene or ending."""
    fields = take.an_object(raw, SCENE_FIELDS, path)
    texts = {
        name: take.text(fields.get(name), f"{path}.{name}", TEXTS[name])
        for name in ("title", "chapter", "speaker", "text", "alt", "message")
    }
    score = fields.get("score")
    return Scene(
        key=take.key(fields.get("key"), f"{path}.key"),
        kind=take.one_of(fields.get("kind", "scene"), f"{path}.kind", ("scene", "ending")),
        mood=take.one_of(fields.get("mood", "neutral"), f"{path}.mood", MOODS),
        face=take.an_id(fields.get("face"), f"{path}.face"),
        picture=take.an_id(fields.get("picture"), f"{path}.picture"),
        video=take.an_id(fields.get("video"), f"{path}.video"),
        parked=take.flag(fields.get("parked", False), f"{path}.parked"),
        limit=_limit(fields.get("limit"), f"{path}.limit"),
        choices=take.each(fields.get("choices"), f"{path}.choices", MAX_CHOICES, choice_of),
        outcome=take.one_of(fields.get("outcome", "neutral"), f"{path}.outcome", OUTCOMES),
        score=None if score is None else take.number(score, f"{path}.score", 0, 100),
        **texts,
    )


def _limit(raw: Any, path: str) -> Limit | None:
    if raw is None:
        return None
    fields = take.an_object(raw, ("seconds", "to"), path)
    seconds = take.number(fields.get("seconds"), f"{path}.seconds", 1, MAX_SECONDS)
    return Limit(seconds, take.link(fields.get("to"), f"{path}.to"))


def choice_of(raw: Any, path: str) -> Choice:
    """Read one choice."""
    fields = take.an_object(raw, CHOICE_FIELDS, path)
    return Choice(
        key=take.key(fields.get("key"), f"{path}.key"),
        text=take.text(fields.get("text"), f"{path}.text", TEXTS["choice"]),
        reaction=take.text(fields.get("reaction"), f"{path}.reaction", TEXTS["reaction"]),
        quality=take.one_of(fields.get("quality", "ok"), f"{path}.quality", QUALITIES),
        condition=conditions.parse(fields.get("condition"), f"{path}.condition"),
        effects=take.each(fields.get("effects"), f"{path}.effects", MAX_EFFECTS, _effect),
        points=take.number(fields.get("points", 0), f"{path}.points", -MAX_POINTS, MAX_POINTS),
        skills=take.each(fields.get("skills"), f"{path}.skills", MAX_VARIABLES, take.key),
        routes=take.each(fields.get("routes"), f"{path}.routes", MAX_ROUTES, _route),
        to=take.link(fields.get("to"), f"{path}.to"),
    )


def _effect(raw: Any, path: str) -> Effect:
    fields = take.an_object(raw, ("var", "op", "value"), path)
    return Effect(
        var=take.key(fields.get("var"), f"{path}.var"),
        op=take.one_of(fields.get("op"), f"{path}.op", ("set", "add")),
        value=conditions.value_of(fields.get("value"), f"{path}.value"),
    )


def _route(raw: Any, path: str) -> Route:
    fields = take.an_object(raw, ("when", "to"), path)
    when = conditions.parse(fields.get("when"), f"{path}.when")
    if when is None:
        raise FaultError("bad_condition", f"{path}.when")
    return Route(when, take.link(fields.get("to"), f"{path}.to"))


def _explanations(raw: Any) -> dict[str, Explanation]:
    if not isinstance(raw, dict):
        raise FaultError("not_an_object", "explanations")
    if len(raw) > MAX_SCENES * (MAX_CHOICES + 1):
        raise FaultError("too_many", "explanations", {"most": MAX_SCENES, "count": len(raw)})
    return {
        take.key(key, "explanations"): explanation_of(raw[key], f"explanations.{key}")
        for key in raw
    }


def explanation_of(raw: Any, path: str) -> Explanation:
    """Read what an ace says of a choice or scene."""
    fields = take.an_object(raw, _EXPLANATION, path)
    texts = {
        name: take.text(fields.get(name), f"{path}.{name}", TEXTS[name])
        for name in ("name", "why", "thinking", "words", "transcript")
    }
    ace, video = (
        take.an_id(fields.get("ace"), f"{path}.ace"),
        take.an_id(fields.get("video"), f"{path}.video"),
    )
    return Explanation(ace=ace, video=video, **texts)
