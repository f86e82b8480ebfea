"""What the desk's form sends: fields named by what they belong to, `choice:<key>:text`, as edits of the draft.

`scene:<key>:…`, `choice:<key>:…`, `why:<key>:…`, `variable:<key>:…`, `meta:…`. A field of rows is sent whole. The page
sends only what was changed; a form without scripts would send all, to the same end.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from courses.authoring.scenarios import rows
from courses.scenarios import editing, writing
from courses.scenarios.document import Document, Limit
from courses.scenarios.editing import Edited
from courses.scenarios.faults import FaultError

Sent = Mapping[str, Sequence[str]]
NEW = {"+scene": "scene", "+ending": "ending"}
"""What stands for a scene that is made and linked in one go."""

_IDS = frozenset(("face", "picture", "video", "ace"))
_WORDS = re.compile(r"[,、，\n]")


@dataclasses.dataclass
class _Work:
    """A document on its way, with what the edits so far were about."""

    document: Document
    targets: frozenset[str] = frozenset()
    made: tuple[str, ...] = ()

    def take(self, edited: Edited) -> None:
        self.document = edited.document
        self.targets |= edited.targets
        self.made += edited.made


def change(sent: Sent) -> Callable[[Document], Edited]:
    """Return the edit that these fields are. Raises FaultError when it is done."""

    def edit(document: Document) -> Edited:
        work = _Work(document)
        for (kind, key), values in _grouped(sent).items():
            _KINDS[kind](work, key, values)
        return Edited(work.document, work.targets, work.made)

    return edit


def _grouped(sent: Sent) -> dict[tuple[str, str], dict[str, Sequence[str]]]:
    found: dict[tuple[str, str], dict[str, Sequence[str]]] = {}
    for name, values in sent.items():
        parts = name.split(":")
        if parts[0] == "meta" and len(parts) == 2:
            found.setdefault(("meta", ""), {})[parts[1]] = values
        elif parts[0] in _KINDS and len(parts) >= 3:
            found.setdefault((parts[0], parts[1]), {})[":".join(parts[2:])] = values
    return found


def _plain(values: Mapping[str, Sequence[str]], names: Iterable[str]) -> dict[str, Any]:
    """Return single fields as they were typed; an empty id is none."""
    last = {name: values[name][-1] for name in names if values.get(name)}
    return {
        name: None if name in _IDS and not text else text.replace("\r\n", "\n")
        for name, text in last.items()
    }


def target(work: _Work, scene: str, said: str) -> str | None:
    """Return where a way goes to, which may be made on the spot: behind its scene, with the same speaker."""
    if said not in NEW:
        return said or None
    here = work.document.by_key.get(scene)
    fields: dict[str, Any] = {"kind": NEW[said]}
    if here is not None:
        fields["chapter"] = here.chapter
        if said == "+scene":
            fields |= {"speaker": here.speaker, "face": here.face}
    work.take(editing.add_scene(work.document, fields, after=scene if said == "+scene" else None))
    return work.made[-1]


_SCENE = (
    *("kind", "title", "chapter", "speaker", "mood", "face", "text"),
    *("picture", "alt", "video", "outcome", "message"),
)


def _scene(work: _Work, key: str, values: Mapping[str, Sequence[str]]) -> None:
    fields = _plain(values, _SCENE)
    if "score" in values:
        said = values["score"][-1].strip()
        fields["score"] = rows.number(said, "score", low=0, high=100) if said else None
    if "seconds" in values or "late" in values:
        fields["limit"] = _limit(work, key, values)
    if fields:
        work.take(editing.change_scene(work.document, key, fields))


def _limit(work: _Work, key: str, values: Mapping[str, Sequence[str]]) -> dict[str, Any] | None:
    scene = work.document.by_key.get(key)
    before = scene.limit if scene and scene.limit else Limit(30)
    seconds, to = before.seconds, before.to
    if "seconds" in values:
        said = values["seconds"][-1].strip()
        if not said:
            return None
        seconds = rows.number(said, "limit", low=1, high=600)
    if "late" in values:
        to = target(work, key, values["late"][-1])
    return {"seconds": seconds, "to": to}


def _choice(work: _Work, key: str, values: Mapping[str, Sequence[str]]) -> None:
    fields = _plain(values, ("text", "reaction", "quality"))
    found = work.document.choice.get(key)
    if found is None:
        raise FaultError("unknown_choice", f"choice.{key[:12]}")
    if "points" in values:
        fields["points"] = rows.number(values["points"][-1], "points", low=-1000, high=1000)
    if "to" in values:
        fields["to"] = target(work, found[0].key, values["to"][-1])
    if "skills" in values:
        fields["skills"] = [each for each in values["skills"] if each]
    if any(name.startswith("when") for name in values):
        join, sent = _rows(values, "when")
        fields["condition"] = rows.condition_of(join, sent, work.document)
    if any(name.startswith("effects") for name in values):
        sent = _rows(values, "effects")[1]
        fields["effects"] = [rows.effect_of(row, work.document) for row in sent]
    if any(name.startswith("routes") for name in values):
        fields["routes"] = _routes(work, key, values)
    if fields:
        work.take(editing.change_choice(work.document, key, fields))


def _rows(values: Mapping[str, Sequence[str]], prefix: str) -> tuple[str, list[dict[str, str]]]:
    """Return how rows are joined, and the rows: `<prefix>:join`, `<prefix>:0:what` and so on."""
    found: dict[int, dict[str, str]] = {}
    for name, said in values.items():
        place, _colon, field = name.removeprefix(f"{prefix}:").partition(":")
        if name.startswith(f"{prefix}:") and place.isdecimal() and field in _ROW and said:
            found.setdefault(int(place), {})[field] = said[-1]
    join = (values.get(f"{prefix}:join") or ["all"])[-1]
    return join, [found[place] for place in sorted(found)]


_ROW = frozenset(("what", "op", "value"))


def _routes(work: _Work, key: str, values: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Return the routes as sent; one whose condition is too deep for rows keeps it."""
    scene, choice = work.document.choice[key]
    routes = []
    places = sorted(
        {int(p[1]) for n in values if (p := n.split(":"))[0] == "routes" and p[-1] == "to"}
    )
    for place in places:
        prefix = f"routes:{place}"
        to = target(work, scene.key, values[f"{prefix}:to"][-1])
        join, sent = _rows(values, prefix)
        when = rows.condition_of(join, sent, work.document)
        if when is None and place < len(choice.routes):
            when = writing.dump_route(choice.routes[place])["when"]
        routes.append({"when": when, "to": to})
    return routes


def _why(work: _Work, key: str, values: Mapping[str, Sequence[str]]) -> None:
    fields = _plain(values, ("ace", "name", "why", "thinking", "words", "video", "transcript"))
    work.take(editing.put_explanation(work.document, key, fields))
    left = work.document.explanations[key]
    if not (left.says_something or left.name or left.transcript or left.ace):
        work.take(editing.put_explanation(work.document, key, None))


def _meta(work: _Work, _key: str, values: Mapping[str, Sequence[str]]) -> None:
    fields = _plain(values, ("title", "summary", "language", "start"))
    if "start" in fields:
        fields["start"] = fields["start"] or None
    settings: dict[str, Any] = _plain(values, ("mode", "points", "back"))
    if "pass_mark" in values:
        said = values["pass_mark"][-1].strip()
        settings["pass_mark"] = rows.number(said, "pass_mark", low=0, high=100) if said else None
    if settings:
        fields["settings"] = settings
    if fields:
        work.take(editing.set_meta(work.document, fields))


_FIRST: Mapping[str, Any] = {"int": 0, "bool": False, "enum": ""}


def _variable(work: _Work, key: str, values: Mapping[str, Sequence[str]]) -> None:
    known = work.document.variable.get(key)
    if known is None:
        raise FaultError("unknown_variable", "variables")
    raw = {**writing.dump_variable(known), **_plain(values, ("name", "kind"))}
    for name in ("low", "high"):
        if name in values:
            raw[name] = rows.number(values[name][-1], name)
    if "words" in values:
        said = (each.strip() for each in _WORDS.split(values["words"][-1]))
        raw["words"] = list(dict.fromkeys(each for each in said if each))
    if "skill" in values:
        raw["skill"] = values["skill"][-1] == "yes"
    raw["initial"] = _initial(raw, known.initial, values.get("initial"))
    work.take(editing.put_variable(work.document, raw))


def _initial(raw: Mapping[str, Any], before: Any, sent: Sequence[str] | None) -> Any:
    """Return what a variable begins with, in its own kind."""
    kind = raw.get("kind", "int")
    if kind == "bool":
        return sent[-1] == "yes" if sent else before is True
    if kind == "enum":
        words = raw.get("words") or ["-"]
        wanted = sent[-1] if sent else before
        return wanted if wanted in words else words[0]
    if sent:
        return rows.number(sent[-1], "initial")
    return before if isinstance(before, int) and not isinstance(before, bool) else 0


_KINDS: Mapping[str, Callable[[_Work, str, Mapping[str, Sequence[str]]], None]] = {
    "meta": _meta,
    "scene": _scene,
    "choice": _choice,
    "why": _why,
    "variable": _variable,
}
