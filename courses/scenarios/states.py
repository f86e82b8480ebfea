"""Whether every run comes to an end, variables included: all (scene, world) pairs, as far as a bound allows.

Beyond the bound nothing is claimed: *not proven*. `sample` then plays at random, from a seed, and tells how likely
each ending is and between which scores it lies.
"""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from courses.scenarios import graph, scoring
from courses.scenarios.document import Document
from courses.scenarios.machine import Machine, World
from courses.scenarios.validator.findings import Finding

MOST = 200_000
PLAYS = 10_000


@dataclass(frozen=True, slots=True)
class Search:
    """What the search found. `proven`: all was looked at. `stuck` and `trapped` name scenes, roots only.

    In a *stuck* scene nothing can be chosen; from a *trapped* one no ending is reached.
    """

    states: int
    proven: bool
    stuck: tuple[str, ...]
    trapped: tuple[str, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be said about it."""
        found = [Finding("stuck_state", key) for key in self.stuck]
        found += [Finding("trapped_state", key) for key in self.trapped]
        if not self.proven:
            found.append(Finding("not_proven", params={"states": self.states}))
        return tuple(found)


def search(document: Document, most: int = MOST) -> Search:
    """Look at every scene in every world that a run can come to, breadth first, at most so many."""
    machine = Machine(document)
    seen: dict[tuple[int, World], int] = {}
    order: list[tuple[int, World]] = []
    out: list[list[int]] = []
    full = _add(machine.starts(), seen, order, most)[1]
    while len(out) < len(order):
        scene, world = order[len(out)]
        found, over = _add(_ways(machine, scene, world), seen, order, most)
        full = full or over
        out.append(found)
    ends = [place for place, (scene, _) in enumerate(order) if machine.is_ending[scene]]
    return _judged(document, order, out, ends, proven=not full)


def _add(
    ways: Iterable[tuple[int, World]],
    seen: dict[tuple[int, World], int],
    order: list[tuple[int, World]],
    most: int,
) -> tuple[list[int], bool]:
    """Number these states; says, too, whether some were left out. -1 is a state that was left out."""
    found, over = [], False
    for state in ways:
        place = seen.get(state)
        if place is None:
            if len(order) >= most:
                over = True
                found.append(-1)
                continue
            place = seen[state] = len(order)
            order.append(state)
        found.append(place)
    return list(dict.fromkeys(found)), over


def _ways(machine: Machine, scene: int, world: World) -> Iterable[tuple[int, World]]:
    if machine.is_ending[scene]:
        return
    for move in machine.open(scene, world):
        to, after = machine.made(move, world)
        if to >= 0:
            yield to, after
    late = machine.timeout[scene]
    if late >= 0 and machine.open(scene, world):
        yield late, machine.entered(late, world)


def _judged(
    document: Document,
    order: list[tuple[int, World]],
    out: list[list[int]],
    ends: list[int],
    *,
    proven: bool,
) -> Search:
    """Tell the roots: states without a way on, and circles of states that nobody gets out of."""
    inner = [[to for to in targets if to >= 0] for targets in out]
    ending = set(ends)
    stuck = [place for place, targets in enumerate(out) if not targets and place not in ending]
    unknown = [place for place, targets in enumerate(out) if -1 in targets]
    fine = graph.reached(graph.reverse(inner), [*ends, *stuck, *unknown])
    trapped: list[int] = []
    if not all(fine):
        _, groups = graph.components(inner)
        for members in groups:
            inside = set(members)
            if not fine[members[0]] and all(to in inside for n in members for to in inner[n]):
                trapped.append(min(members))
    scenes = document.scenes
    return Search(
        states=len(order),
        proven=proven,
        stuck=tuple(dict.fromkeys(scenes[order[place][0]].key for place in stuck)),
        trapped=tuple(dict.fromkeys(scenes[order[place][0]].key for place in sorted(trapped))),
    )


@dataclass(frozen=True, slots=True)
class Sample:
    """What random plays came to: how many ended where, between which scores. `unended` were broken off."""

    plays: int
    unended: int
    endings: dict[str, tuple[int, int, int]]

    def to_json(self) -> dict[str, Any]:
        """Return it as a version's proof keeps it."""
        return {
            "plays": self.plays,
            "unended": self.unended,
            "endings": {
                key: {"count": count, "low": low, "high": high}
                for key, (count, low, high) in self.endings.items()
            },
        }


def sample(document: Document, *, seed: int = 1, plays: int = PLAYS) -> Sample:
    """Play so often at random. The same seed gives the same plays."""
    chance = random.Random(seed)  # noqa: S311 - plays, not secrets
    machine, most = Machine(document), scoring.attainable(document)
    counts: Counter[str] = Counter()
    spans: dict[str, tuple[int, int]] = {}
    longest = 20 * len(document.scenes) + 100
    for _ in range(plays):
        end, points = _play(machine, chance, longest)
        if end < 0:
            continue
        ending = document.scenes[end]
        score = scoring.score_of(ending, points, most.points)
        low, high = spans.get(ending.key, (score, score))
        spans[ending.key] = min(low, score), max(high, score)
        counts[ending.key] += 1
    endings = {key: (counts[key], *spans[key]) for key in sorted(counts)}
    return Sample(plays, plays - counts.total(), endings)


def _play(machine: Machine, chance: random.Random, longest: int) -> tuple[int, int]:
    """Return the ending's place and the points; -1 for a play that came to no end."""
    rule = machine.document.settings.points
    marks: dict[int, int] = {}
    scene, world = next(machine.starts(), (-1, ()))
    for _ in range(longest):
        if scene < 0 or machine.is_ending[scene]:
            break
        moves = machine.open(scene, world)
        if not moves:
            return -1, 0
        move = moves[int(chance.random() * len(moves))]
        gained = move.choice.points
        if scene not in marks or rule == "last" or (rule == "best" and gained > marks[scene]):
            marks[scene] = gained
        scene, world = machine.made(move, world)
    ended = scene >= 0 and machine.is_ending[scene]
    return (scene if ended else -1), sum(marks.values())
