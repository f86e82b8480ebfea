"""A scenario as a graph of numbers: who leads to whom, what is reached, which scenes lie on a circle.

All of it is linear in scenes and choices and iterative, so that 50,000 scenes in a row are no depth.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from courses.scenarios.document import Document


@dataclass(frozen=True, slots=True)
class Graph:
    """The scenes in their order, as numbers. `out` holds each target once; what leads nowhere is left out."""

    keys: tuple[str, ...]
    number: dict[str, int]
    out: list[list[int]]
    start: int
    endings: list[int]


def of(document: Document) -> Graph:
    """Return the graph of a scenario; of scenes with the same key the first counts. `start` is -1 without one."""
    scenes = document.scenes
    number: dict[str, int] = {}
    for place, scene in enumerate(scenes):
        number.setdefault(scene.key, place)
    out: list[list[int]] = []
    endings: list[int] = []
    find = number.get
    for place, scene in enumerate(scenes):
        if scene.kind == "ending":
            endings.append(place)
            out.append([])
            continue
        targets: list[int] = []
        for choice in scene.choices:
            if choice.routes:
                targets += [find(route.to, -1) for route in choice.routes if route.to]
            targets.append(find(choice.to, -1) if choice.to else -1)
        if scene.limit is not None and scene.limit.to:
            targets.append(find(scene.limit.to, -1))
        out.append([each for each in dict.fromkeys(targets) if each >= 0])
    start = number.get(document.start, -1) if document.start else -1
    return Graph(tuple(scene.key for scene in scenes), number, out, start, endings)


def reached(out: Sequence[Sequence[int]], starts: Iterable[int]) -> list[bool]:
    """Say of each node whether it can be reached from one of the starts."""
    seen = [False] * len(out)
    waiting = [each for each in starts if each >= 0]
    for each in waiting:
        seen[each] = True
    while waiting:
        for to in out[waiting.pop()]:
            if not seen[to]:
                seen[to] = True
                waiting.append(to)
    return seen


def ranks(out: Sequence[Sequence[int]], start: int) -> list[int]:
    """Return how many steps each node is away from the start; -1 where it isn't reached."""
    rank = [-1] * len(out)
    if start < 0:
        return rank
    rank[start] = 0
    level = [start]
    while level:
        following = []
        for node in level:
            for to in out[node]:
                if rank[to] < 0:
                    rank[to] = rank[node] + 1
                    following.append(to)
        level = following
    return rank


def reverse(out: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the graph with every edge turned round."""
    back: list[list[int]] = [[] for _ in out]
    for node, targets in enumerate(out):
        for to in targets:
            back[to].append(node)
    return back


def components(out: Sequence[Sequence[int]]) -> tuple[list[int], list[list[int]]]:
    """Return the number of each node's component, and the components: a component's targets come before it.

    Tarjan's algorithm, with a stack of its own instead of Python's.
    """
    count = len(out)
    index, low = [-1] * count, [0] * count
    of_node, found = [-1] * count, list[list[int]]()
    stack: list[int] = []
    clock = 0
    for root in range(count):
        if index[root] >= 0:
            continue
        index[root] = low[root] = clock
        clock += 1
        stack.append(root)
        path = [(root, iter(out[root]))]
        while path:
            node, targets = path[-1]
            for to in targets:
                if index[to] < 0:
                    index[to] = low[to] = clock
                    clock += 1
                    stack.append(to)
                    path.append((to, iter(out[to])))
                    break
                if of_node[to] < 0 and index[to] < low[node]:
                    low[node] = index[to]
            else:
                path.pop()
                if path and low[node] < low[path[-1][0]]:
                    low[path[-1][0]] = low[node]
                if low[node] == index[node]:
                    _close(node, stack, of_node, found)
    return of_node, found


def _close(node: int, stack: list[int], of_node: list[int], found: list[list[int]]) -> None:
    members = []
    while True:
        member = stack.pop()
        of_node[member] = len(found)
        members.append(member)
        if member == node:
            break
    found.append(members)


def circles(out: Sequence[Sequence[int]], found: Sequence[Sequence[int]]) -> list[bool]:
    """Say of each component whether one can go round in it."""
    return [len(members) > 1 or members[0] in out[members[0]] for members in found]
