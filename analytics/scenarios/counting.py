"""What one run adds to the figures of its scenes and choices: a function of its document and log, nothing else."""

import bisect
import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from courses.scenarios import fold
from courses.scenarios.document import Document
from courses.scenarios.fold import Event, State

BOUNDS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 90, 120, 180, 300, 600)
"""Seconds between the buckets of decision times: 0 to 1, 1 to 2, … and 600 and more."""

BUCKETS = len(BOUNDS) + 1

Name = tuple[str, str]
"""A scene and one of its choices; the choice is empty for the scene itself."""

COUNTED = ("offered", "chosen", "first", "runs", "finished", "failed", "gone", "opened", "watched")


@dataclasses.dataclass
class Figures:
    """What is counted of a scene or choice.

    `offered`: how often a scene was entered, or a choice could be made there. `chosen`: how often anything, or this,
    was decided. `first`: in how many runs this was the first decision in its scene. `runs`: how many came there, or
    made it; of these `finished` came to an ending and `failed` to a bad one. `gone`: how many were left there.
    `opened`, `watched`: how often an explanation was. `thought`: decision times, by `BOUNDS`.
    """

    offered: int = 0
    chosen: int = 0
    first: int = 0
    runs: int = 0
    finished: int = 0
    failed: int = 0
    gone: int = 0
    opened: int = 0
    watched: int = 0
    thought: list[int] = dataclasses.field(default_factory=lambda: [0] * BUCKETS)

    def add(self, other: "Figures") -> None:
        """Add what another one counted."""
        self.offered += other.offered
        self.chosen += other.chosen
        self.first += other.first
        self.runs += other.runs
        self.finished += other.finished
        self.failed += other.failed
        self.gone += other.gone
        self.opened += other.opened
        self.watched += other.watched
        if any(other.thought):
            self.thought = [a + b for a, b in zip(self.thought, other.thought, strict=True)]


def count(document: Document, log: Sequence[Event], *, left: bool) -> dict[Name, Figures]:
    """Return what this run adds. `left`: it came to no ending, and nobody has gone on with it for a day."""
    found: dict[Name, Figures] = {}

    def of(scene: str, choice: str = "") -> Figures:
        return found.setdefault((scene, choice), Figures())

    state = State()
    decided: set[str] = set()
    for place, event in enumerate(log):
        state = _after(state, event, log, place, document)
        if event.kind in {"scene_entered", "went_back"}:
            of(event.scene).offered += 1
            for choice in fold.available(document, state):
                of(event.scene, choice.key).offered += 1
        elif event.kind in {"choice_made", "timed_out"}:
            names = {(event.scene, ""), (event.scene, event.choice)}
            _decide(event, decided, [of(*name) for name in sorted(names)])
        elif event.kind in {"explanation_opened", "video_progress"} and event.scene:
            for figures in _about(found, event):
                figures.opened += event.kind == "explanation_opened"
                figures.watched += event.kind == "video_progress"
    end = next((each.scene for each in log if each.kind == "finished"), "")
    _close(found, log, document.by_key[end].outcome if end else "")
    if left and not end and state.scene:
        of(state.scene).gone += 1
    return found


def _after(
    state: State, event: Event, log: Sequence[Event], place: int, document: Document
) -> State:
    """Return the state after an event; going back needs all that was before."""
    if event.kind == "went_back":
        return fold.fold(log[: place + 1], document)
    return fold.apply(state, event, document)


def _decide(event: Event, decided: set[str], both: Iterable[Figures]) -> None:
    """Count a decision for its scene and its choice; a time-out is one without a choice."""
    bucket = bisect.bisect_right(BOUNDS, int(event.data.get("ms", 0)) / 1000)
    for figures in both:
        figures.chosen += 1
        figures.first += event.scene not in decided
        figures.thought[bucket] += 1
    decided.add(event.scene)


def _about(found: dict[Name, Figures], event: Event) -> list[Figures]:
    """Return the figures of what an explanation is about: a choice with its scene, or a scene."""
    names = {(event.scene, ""), (event.scene, event.choice)}
    return [found.setdefault(name, Figures()) for name in sorted(names)]


def _close(found: Mapping[Name, Figures], log: Sequence[Event], outcome: str) -> None:
    """Count the run itself once for each scene that it came to and each choice that it made."""
    came = {(each.scene, "") for each in log if each.kind == "scene_entered"}
    made = {(each.scene, each.choice) for each in log if each.kind == "choice_made"}
    for name in came | made:
        found[name].runs += 1
        found[name].finished += bool(outcome)
        found[name].failed += outcome == "fail"


def median(thought: Sequence[int]) -> float | None:
    """Return the median of decision times in seconds, drawn straight through its bucket; None of none.

    It is as exact as its bucket is narrow: to the second below 8 s, to 10 s around a minute.
    """
    total = sum(thought)
    reached = 0
    for place, n in enumerate(thought):
        if n and 2 * (reached + n) >= total:
            low = BOUNDS[place - 1] if place else 0
            high = BOUNDS[place] if place < len(BOUNDS) else 2 * BOUNDS[-1]
            return low + (high - low) * (total / 2 - reached) / n
        reached += n
    return None
