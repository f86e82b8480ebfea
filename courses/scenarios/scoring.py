"""What a run comes to: points, the most that could be had, the score in percent, whether it is passed. No Django.

Points count once a scene (`Settings.points`), so going round brings nothing. The most is that of the best way
from start to end: what a short bad way didn't meet still counts against it. Where scenes lie on a circle the most
is an upper bound, the sum of their best answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core import rounding
from courses.scenarios import graph
from courses.scenarios.document import Document, Scene
from courses.scenarios.fold import State

_OF_OUTCOME = {"success": 100, "neutral": 100, "partial": 50, "fail": 0}


@dataclass(frozen=True, slots=True)
class Attainable:
    """The most points: on any way that ends, and by the ending (those that can be reached)."""

    points: int
    by_ending: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Result:
    """What a finished run came to. `score` is a whole number of percent."""

    ending: str
    outcome: str
    points: int
    attainable: int
    score: int
    passed: bool


def attainable(document: Document) -> Attainable:
    """Return the most points that can be had. Linear."""
    net = graph.of(document)
    if net.start < 0:
        return Attainable(0, {})
    of_node, found = graph.components(net.out)
    turns = graph.circles(net.out, found)
    best: list[int | None] = [None] * len(found)
    best[of_node[net.start]] = 0
    for number in range(len(found) - 1, -1, -1):  # a component before those that it leads to
        sofar = best[number]
        if sofar is None:
            continue
        if turns[number]:
            sofar += sum(_most(document.scenes[node]) for node in found[number])
            best[number] = sofar
        for node in found[number]:
            for to, gain in _ways(document.scenes[node], net.number):
                there = of_node[to]
                if there == number:
                    continue
                value = sofar + (0 if turns[number] else gain)
                known = best[there]
                best[there] = value if known is None else max(known, value)
    reached = {
        net.keys[node]: worth for node in net.endings if (worth := best[of_node[node]]) is not None
    }
    return Attainable(max(reached.values(), default=0), reached)


def _most(scene: Scene) -> int:
    return max((choice.points for choice in scene.choices), default=0)


def _ways(scene: Scene, number: Mapping[str, int]) -> list[tuple[int, int]]:
    ways = [
        (number[to], choice.points)
        for choice in scene.choices
        for to in choice.targets()
        if to is not None and to in number
    ]
    late = scene.limit.to if scene.limit else None
    if late is not None and late in number:
        ways.append((number[late], 0))
    return ways


def score_of(ending: Scene, points: int, most: int) -> int:
    """Return a score in percent: the ending's own, else points of the most, else what the outcome stands for."""
    if ending.score is not None:
        return ending.score
    if most <= 0:
        return _OF_OUTCOME[ending.outcome]
    return min(max(rounding.divided(100 * points, most), 0), 100)


def result(document: Document, state: State, most: Attainable) -> Result | None:
    """Return what a run has come to; None before its end."""
    scene = document.by_key.get(state.scene)
    if state.status != "finished" or scene is None:
        return None
    score = score_of(scene, state.points, most.points)
    return Result(
        ending=scene.key,
        outcome=scene.outcome,
        points=state.points,
        attainable=most.points,
        score=score,
        passed=is_passed(document, scene.outcome, score),
    )


def is_passed(document: Document, outcome: str, score: int) -> bool:
    """Say whether this is a pass: a success that reaches the pass mark, where there is one."""
    mark = document.settings.pass_mark
    return outcome == "success" and (mark is None or score >= mark)
