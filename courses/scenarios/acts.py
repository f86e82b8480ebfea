"""What a person can do in a run, as the events that it causes. Pure: the caller brings the time and keeps the log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from courses.scenarios import fold
from courses.scenarios.document import Document
from courses.scenarios.fold import DivergedError, Event, State

GRACE_MS = 5_000
"""How much later than the limit an answer may arrive: the way takes time."""

PACES = {"normal": 1, "slow": 3, "off": 0}
"""How much longer than the author's limit somebody takes; 0 is no limit at all."""

LONGEST_MS = 24 * 3_600 * 1_000


class RefusedError(Exception):
    """This can't be done here and now; nothing was written. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Step:
    """What an act brought: new events, and the state after them."""

    events: tuple[Event, ...]
    state: State


def begin(document: Document, *, attempt: int, at: int, version: str = "") -> Step:
    """Start a run: into the first scene. Raises DivergedError for a document that has none."""
    data = {"attempt": attempt, "version": version}
    return _go(document, State(), Event(1, "started", at=at, data=data))


def choose(
    document: Document,
    state: State,
    *,
    scene: str,
    choice: str,
    at: int,
    ms: int | None = None,
    pace: str = "normal",
) -> Step:
    """Make a choice. In an exam one that comes after the limit is a time-out. Raises RefusedError.

    `ms` is how long the person thought, where the phone played without us; else it is what our clock says.
    """
    _expect(state, scene)
    if choice not in {each.key for each in fold.available(document, state)}:
        raise RefusedError("not_offered")
    if document.settings.mode == "exam" and is_over(document, state, at, pace):
        return time_out(document, state, scene=scene, at=at, pace=pace)
    data: dict[str, Any] = {"ms": _thought(state, at, ms)}
    return _go(document, state, Event(state.seq + 1, "choice_made", scene, choice, at, data))


def time_out(
    document: Document,
    state: State,
    *,
    scene: str,
    at: int,
    ms: int | None = None,
    pace: str = "normal",
) -> Step:
    """Let the time be over. Raises RefusedError where there is no limit, or time is left by our clock.

    `ms`: what the phone's clock says, where it played without us.
    """
    _expect(state, scene)
    limit = document.by_key[scene].limit
    if limit is None or not PACES[pace]:
        raise RefusedError("no_limit")
    if ms is None and at - state.entered_at < limit.seconds * PACES[pace] * 1000 - GRACE_MS:
        raise RefusedError("time_left")
    data = {"ms": _thought(state, at, ms)}
    return _go(document, state, Event(state.seq + 1, "timed_out", scene, at=at, data=data))


def is_over(document: Document, state: State, at: int, pace: str) -> bool:
    """Say whether the time for this scene was over at that moment, the way here allowed for."""
    limit = document.by_key[state.scene].limit
    if limit is None or not PACES[pace]:
        return False
    return at - state.entered_at > limit.seconds * PACES[pace] * 1000 + GRACE_MS


def go_back(document: Document, log: Sequence[Event], *, to: int, at: int) -> Step:
    """Go back to where event `to` entered a scene, everything being as it was then. Raises RefusedError."""
    then = next((each for each in log if each.seq == to and each.kind == "scene_entered"), None)
    if then is None:
        raise RefusedError("no_way_back")
    event = Event(len(log) + 1, "went_back", then.scene, at=at, data={"to": to})
    try:
        return Step((event,), fold.fold([*log, event], document))
    except DivergedError as error:
        raise RefusedError("no_way_back") from error


def note(
    document: Document, state: State, *, kind: str, about: str, at: int, data: Mapping[str, Any]
) -> Step:
    """Note something that moves nothing: an explanation was opened, a video watched."""
    if kind not in fold.ASIDE:
        raise RefusedError("unknown_event")
    in_choice = about in document.choice
    scene = document.choice[about][0].key if in_choice else about
    if not in_choice and about and about not in document.by_key:
        raise RefusedError("unknown_scene")
    event = Event(state.seq + 1, kind, scene, about if in_choice else "", at, data)
    return Step((event,), fold.apply(state, event, document))


def abandon(document: Document, state: State, *, at: int, reason: str) -> Step:
    """Give a run up. Raises RefusedError where it is over."""
    if state.status != "running":
        raise RefusedError("over")
    event = Event(state.seq + 1, "abandoned", state.scene, at=at, data={"reason": reason})
    return Step((event,), fold.apply(state, event, document))


def _expect(state: State, scene: str) -> None:
    if state.status != "running":
        raise RefusedError("over")
    if scene != state.scene:
        raise RefusedError("other_scene")


def _thought(state: State, at: int, told: int | None) -> int:
    return min(max(at - state.entered_at if told is None else told, 0), LONGEST_MS)


def _go(document: Document, state: State, event: Event) -> Step:
    """Return an event with what follows from it: the next scene, and the end where that is one."""
    events = [event]
    now = fold.apply(state, event, document)
    entered = Event(now.seq + 1, "scene_entered", now.pending, at=event.at)
    now = fold.apply(now, entered, document)
    events.append(entered)
    if document.by_key[now.scene].is_ending:
        end = Event(now.seq + 1, "finished", now.scene, at=event.at)
        now = fold.apply(now, end, document)
        events.append(end)
    return Step(tuple(events), now)


def replays(events: Iterable[Event], document: Document) -> State | None:
    """Return the state that a log leads to in a document; None where it can't have happened there."""
    try:
        return fold.fold(events, document)
    except DivergedError:
        return None
