"""A run is its log: `state = fold(events, document)`. Deterministic, without clock, chance or database.

`decide` says which events an act causes, `apply` what an event changes. The state that a run's row keeps is
the one that `fold` makes of its log, always.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from courses.scenarios import conditions
from courses.scenarios.conditions import Value
from courses.scenarios.document import Choice, Document, Effect, Scene, Variable

KINDS = (
    "started",
    "scene_entered",
    "choice_made",
    "timed_out",
    "explanation_opened",
    "video_progress",
    "went_back",
    "version_adopted",
    "finished",
    "abandoned",
)
ASIDE = ("explanation_opened", "video_progress", "version_adopted")
"""What is noted and moves nothing."""


class DivergedError(Exception):
    """The log can't have happened in this document: `seq` is the first event that doesn't fit, `code` says why."""

    def __init__(self, seq: int, code: str) -> None:
        super().__init__(f"event {seq}: {code}")
        self.seq = seq
        self.code = code


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a run's log. `at` is the server's time in milliseconds since 1970."""

    seq: int
    kind: str
    scene: str = ""
    choice: str = ""
    at: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """Where a run stands. Its size is bounded by the document, not by the run's length.

    `turn` is the number of the event with which the present scene was entered: what a choice names as
    `expected_seq`. `marks` are the points that count by scene, `forks` the quality that counts by scene. `pending` is
    where a decision that was just made leads to, before the scene is entered.
    """

    seq: int = 0
    turn: int = 0
    scene: str = ""
    pending: str = ""
    status: str = "new"
    attempt: int = 1
    entered_at: int = 0
    values: Mapping[str, Value] = field(default_factory=dict)
    visits: Mapping[str, int] = field(default_factory=dict)
    chosen: Mapping[str, int] = field(default_factory=dict)
    marks: Mapping[str, int] = field(default_factory=dict)
    forks: Mapping[str, str] = field(default_factory=dict)

    @property
    def points(self) -> int:
        """The points that count so far."""
        return sum(self.marks.values())

    def to_json(self) -> dict[str, Any]:
        """Return the state as a run's row keeps it."""
        return {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}

    @classmethod
    def of_json(cls, raw: Mapping[str, Any]) -> "State":
        """Return a kept state."""
        return cls(**raw)


def fold(events: Iterable[Event], document: Document) -> State:
    """Return where a run stands after these events. Raises DivergedError where they can't have happened."""
    state = State()
    before: list[State] = []
    rewinds = document.settings.back == "rewind"
    for event in events:
        back = event.kind == "went_back"
        state = _go_back(state, event, document, before) if back else apply(state, event, document)
        if rewinds:
            before.append(state)
    return state


def apply(state: State, event: Event, document: Document) -> State:
    """Return the state after one more event (going back needs the log: see `fold`). Raises DivergedError."""
    if event.seq != state.seq + 1:
        raise DivergedError(event.seq, "out_of_order")
    if (state.status == "new") != (event.kind == "started"):
        raise DivergedError(event.seq, "not_started" if state.status == "new" else "started_twice")
    if state.status not in {"new", "running"} and event.kind not in ASIDE:
        raise DivergedError(event.seq, "over")
    handler = _HANDLERS.get(event.kind)
    if handler is None:
        raise DivergedError(event.seq, "unknown_event")
    return handler(state, event, document)


def _started(state: State, event: Event, document: Document) -> State:
    values = {variable.key: variable.initial for variable in document.variables}
    return dataclasses.replace(
        state,
        seq=event.seq,
        status="running",
        pending=document.start or "",
        attempt=int(event.data.get("attempt", 1)),
        values=values,
    )


def _entered(state: State, event: Event, document: Document) -> State:
    if not state.pending or event.scene != state.pending or event.scene not in document.by_key:
        raise DivergedError(event.seq, "other_scene")
    return dataclasses.replace(
        state,
        seq=event.seq,
        turn=event.seq,
        scene=event.scene,
        pending="",
        entered_at=event.at,
        visits=_one_more(state.visits, event.scene),
    )


def _chose(state: State, event: Event, document: Document) -> State:
    scene = _here(state, event, document)
    choice = next((each for each in scene.choices if each.key == event.choice), None)
    if choice is None or not conditions.holds(choice.condition, state):
        raise DivergedError(event.seq, "not_offered")
    rule = document.settings.points
    after = dataclasses.replace(
        state,
        seq=event.seq,
        values=_affected(state.values, choice.effects, document.variable),
        chosen=_one_more(state.chosen, choice.key),
        marks=_marked(state.marks, scene.key, choice.points, rule),
        forks=_judged(state.forks, scene.key, choice.quality, rule),
    )
    return _lead(after, event, target(choice, after))


def _timed_out(state: State, event: Event, document: Document) -> State:
    """Nothing was said in time: that is the poorest answer, and brings no points."""
    scene = _here(state, event, document)
    if scene.limit is None:
        raise DivergedError(event.seq, "no_limit")
    rule = document.settings.points
    after = dataclasses.replace(
        state,
        seq=event.seq,
        marks=_marked(state.marks, scene.key, 0, rule),
        forks=_judged(state.forks, scene.key, "poor", rule),
    )
    return _lead(after, event, scene.limit.to)


def _lead(state: State, event: Event, to: str | None) -> State:
    if to is None:
        raise DivergedError(event.seq, "goes_nowhere")
    return dataclasses.replace(state, pending=to)


def _here(state: State, event: Event, document: Document) -> Scene:
    scene = document.by_key.get(state.scene)
    if scene is None or state.pending or event.scene != state.scene:
        raise DivergedError(event.seq, "other_scene")
    return scene


def _aside(state: State, event: Event, document: Document) -> State:
    return dataclasses.replace(state, seq=event.seq)


def _finished(state: State, event: Event, document: Document) -> State:
    if not _here(state, event, document).is_ending:
        raise DivergedError(event.seq, "no_ending")
    return dataclasses.replace(state, seq=event.seq, status="finished")


def _abandoned(state: State, event: Event, document: Document) -> State:
    return dataclasses.replace(state, seq=event.seq, status="abandoned")


def _go_back(state: State, event: Event, document: Document, before: Sequence[State]) -> State:
    """Return to how things stood on entering a scene; what was counted stays counted, so nothing is gained."""
    to = int(event.data.get("to", 0))
    if document.settings.back != "rewind" or event.seq != state.seq + 1:
        raise DivergedError(event.seq, "no_way_back")
    if state.status != "running" or state.pending or not 0 < to < state.turn:
        raise DivergedError(event.seq, "no_way_back")
    then = before[to - 1]
    if then.turn != to or then.scene != event.scene:
        raise DivergedError(event.seq, "no_way_back")
    return dataclasses.replace(
        then,
        seq=event.seq,
        turn=event.seq,
        entered_at=event.at,
        marks=state.marks,
        forks=state.forks,
    )


_HANDLERS = {
    "started": _started,
    "scene_entered": _entered,
    "choice_made": _chose,
    "timed_out": _timed_out,
    "finished": _finished,
    "abandoned": _abandoned,
    **dict.fromkeys(ASIDE, _aside),
}


def _one_more(counts: Mapping[str, int], key: str) -> dict[str, int]:
    return {**counts, key: counts.get(key, 0) + 1}


def _marked(marks: Mapping[str, int], scene: str, points: int, rule: str) -> dict[str, int]:
    """Return the points by scene; each scene counts once: its first, its last or its best answer."""
    if scene not in marks or rule == "last":
        return {**marks, scene: points}
    return {**marks, scene: max(marks[scene], points)} if rule == "best" else dict(marks)


_RANK = {"poor": 0, "ok": 1, "best": 2}


def _judged(forks: Mapping[str, str], scene: str, quality: str, rule: str) -> dict[str, str]:
    if scene not in forks or rule == "last":
        return {**forks, scene: quality}
    better = rule == "best" and _RANK[quality] > _RANK[forks[scene]]
    return {**forks, scene: quality} if better else dict(forks)


def _affected(
    values: Mapping[str, Value], effects: Iterable[Effect], variables: Mapping[str, Variable]
) -> dict[str, Value]:
    """Return the values after these effects, one after the other; what doesn't fit a variable changes nothing."""
    after = dict(values)
    for effect in effects:
        variable = variables.get(effect.var)
        if variable is None or not variable.fits(effect.value):
            continue
        if variable.kind != "int":
            if effect.op == "set":
                after[variable.key] = effect.value
            continue
        before = after[variable.key] if effect.op == "add" else 0
        total = int(before) + int(effect.value)
        after[variable.key] = min(max(total, variable.low), variable.high)
    return after


def available(document: Document, state: State) -> tuple[Choice, ...]:
    """Return the choices that are offered now, in their order."""
    scene = document.by_key.get(state.scene)
    if scene is None or state.status != "running":
        return ()
    return tuple(each for each in scene.choices if conditions.holds(each.condition, state))


def target(choice: Choice, state: State) -> str | None:
    """Return where a choice leads to, its effects being in `state` already: the first route that holds, or else."""
    for route in choice.routes:
        if conditions.holds(route.when, state):
            return route.to
    return choice.to
