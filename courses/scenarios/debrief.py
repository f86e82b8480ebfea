"""What is said at the end: the way that was taken, and what the ace would have done at each fork. No Django."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from courses.scenarios import fold
from courses.scenarios.document import Choice, Document, Scene
from courses.scenarios.fold import Event, State

RANK: Mapping[str, int] = {"poor": 0, "ok": 1, "best": 2}


@dataclass(frozen=True, slots=True)
class Fork:
    """A scene of the way with what was decided in it. `choice` is empty where the time ran out.

    `best` are the keys of what would have been best among what was offered then, `again` says that the scene
    had been decided before, `undone` that the person went back behind it.
    """

    seq: int
    scene: str
    choice: str
    quality: str
    points: int
    offered: tuple[str, ...]
    best: tuple[str, ...]
    ms: int
    again: bool = False
    undone: bool = False

    @property
    def was_best(self) -> bool:
        """Whether nothing better was offered."""
        return self.choice in self.best


@dataclass(frozen=True, slots=True)
class Skill:
    """How a skill was exercised: at how many forks that ask for it the best move was made, of how many."""

    key: str
    best: int
    forks: int


@dataclass(frozen=True, slots=True)
class Debrief:
    """The whole way. `try_next` is the fork of the way as it counts where a better answer matters most."""

    forks: tuple[Fork, ...]
    skills: tuple[Skill, ...]
    try_next: Fork | None


def best_of(offered: Sequence[Choice]) -> tuple[str, ...]:
    """Return the keys of the best of these: those marked so, else the highest by quality and points."""
    marked = tuple(each.key for each in offered if each.quality == "best")
    if marked or not offered:
        return marked
    top = max((RANK[each.quality], each.points) for each in offered)
    return tuple(each.key for each in offered if (RANK[each.quality], each.points) == top)


def of(events: Iterable[Event], document: Document) -> Debrief:
    """Return the debriefing of a log. Raises DivergedError where the log isn't one of this document."""
    forks: list[Fork] = []
    log: list[Event] = []
    state = State()
    for event in events:
        log.append(event)
        if event.kind in {"choice_made", "timed_out"}:
            forks.append(_fork(event, state, document, forks))
        elif event.kind == "went_back":
            forks = [_undone(fork, int(event.data["to"])) for fork in forks]
            state = fold.fold(log, document)
            continue
        state = fold.apply(state, event, document)
    counting = [fork for fork in forks if not fork.undone]
    better = (fork for fork in counting if fork.best and not fork.was_best)
    worst = min(better, key=lambda fork: (RANK[fork.quality], -_loss(fork, document)), default=None)
    return Debrief(tuple(forks), skills(document, state), worst)


def _loss(fork: Fork, document: Document) -> int:
    """Return how many points the best answer would have brought more."""
    choices = document.by_key[fork.scene].choices
    return max(each.points for each in choices if each.key in fork.best) - fork.points


def _fork(event: Event, state: State, document: Document, sofar: Sequence[Fork]) -> Fork:
    offered = fold.available(document, state)
    made = next((each for each in offered if each.key == event.choice), None)
    return Fork(
        seq=event.seq,
        scene=event.scene,
        choice=event.choice,
        quality=made.quality if made else "poor",
        points=made.points if made else 0,
        offered=tuple(each.key for each in offered),
        best=best_of(offered),
        ms=int(event.data.get("ms", 0)),
        again=any(fork.scene == event.scene for fork in sofar),
    )


def _undone(fork: Fork, back_to: int) -> Fork:
    if fork.seq < back_to or fork.undone:
        return fork
    return Fork(**{name: getattr(fork, name) for name in _FIELDS}, undone=True)


_FIELDS = ("seq", "scene", "choice", "quality", "points", "offered", "best", "ms", "again")


def skills(document: Document, state: State) -> tuple[Skill, ...]:
    """Return how each skill was exercised, by the answers that count. A fork asks for what its choices name."""
    found = []
    for variable in document.variables:
        if not variable.is_skill:
            continue
        qualities = [
            quality
            for key, quality in state.forks.items()
            if variable.key in asked_for(document.by_key.get(key))
        ]
        if qualities:
            found.append(Skill(variable.key, qualities.count("best"), len(qualities)))
    return tuple(found)


def asked_for(scene: Scene | None) -> frozenset[str]:
    """Return the skills that a fork asks for."""
    if scene is None:
        return frozenset()
    return frozenset(key for choice in scene.choices for key in choice.skills)
