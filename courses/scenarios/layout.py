"""Where each scene lies on the map: layers by distance from the start, ordered so that few lines cross. No Django.

Positions are numbers of layer and place and pixels made of them; the page draws them. Deterministic.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.scenarios import graph
from courses.scenarios.document import Document

WIDTH, HEIGHT = 104, 40
GAP_X, GAP_Y = 16, 40
MARGIN = 16
_SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Node:
    """A scene on the map: its upper left corner in pixels. What isn't reached lies in rows below the others."""

    key: str
    layer: int
    x: int
    y: int
    reached: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """A line from scene to scene. `choices` are the keys of the choices that it stands for, empty for a time-out.

    `back` says that it leads up or stays in its layer: such a line is drawn round the side.
    """

    source: str
    target: str
    choices: tuple[str, ...]
    points: tuple[tuple[int, int], ...]
    back: bool


@dataclass(frozen=True, slots=True)
class Map:
    """The whole picture, and its size in pixels."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int


def layout(document: Document) -> Map:
    """Return the map of a scenario. Linear but for sorting."""
    net = graph.of(document)
    rank = graph.ranks(net.out, net.start)
    layers = _layers(rank)
    _untangle(layers, net.out, rank)
    lost = [node for node, level in enumerate(rank) if level < 0]
    widest = max((len(layer) for layer in layers), default=0)
    per_row = max(widest, 6)
    rows = layers + [lost[at : at + per_row] for at in range(0, len(lost), per_row)]
    nodes = _placed(net.keys, rows, len(layers))
    width = MARGIN * 2 + max((len(row) for row in rows), default=1) * (WIDTH + GAP_X) - GAP_X
    height = MARGIN * 2 + max(len(rows), 1) * (HEIGHT + GAP_Y) - GAP_Y
    edges = _edges(document, {node.key: node for node in nodes}, width)
    by_place = {node.key: node for node in nodes}
    return Map(tuple(by_place[key] for key in dict.fromkeys(net.keys)), edges, width, height)


def _layers(rank: Sequence[int]) -> list[list[int]]:
    layers: list[list[int]] = [[] for _ in range(max(rank, default=-1) + 1)]
    for node, level in enumerate(rank):
        if level >= 0:
            layers[level].append(node)
    return layers


def _untangle(layers: list[list[int]], out: Sequence[Sequence[int]], rank: Sequence[int]) -> None:
    """Sort each layer by the mean place of its neighbours above, then below, some times."""
    down = [[to for to in out[n] if rank[to] == rank[n] + 1] for n in range(len(out))]
    up = graph.reverse(down)
    place = [0.0] * len(out)
    for layer in layers:
        _number(layer, place)
    for sweep in range(_SWEEPS):
        neighbours = up if sweep % 2 == 0 else down
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            weight = {
                n: sum(place[each] for each in neighbours[n]) / len(neighbours[n])
                if neighbours[n]
                else place[n]
                for n in layer
            }
            layer.sort(key=weight.__getitem__)
            _number(layer, place)


def _number(layer: Sequence[int], place: list[float]) -> None:
    """Give places from 0 to 1, so that layers of different width compare."""
    for index, node in enumerate(layer):
        place[node] = (index + 0.5) / len(layer)


def _placed(keys: Sequence[str], rows: Sequence[Sequence[int]], known: int) -> list[Node]:
    widest = max((len(row) for row in rows), default=1)
    nodes = []
    for level, row in enumerate(rows):
        inset = (widest - len(row)) * (WIDTH + GAP_X) // 2 if level < known else 0
        for index, node in enumerate(row):
            x = MARGIN + inset + index * (WIDTH + GAP_X)
            y = MARGIN + level * (HEIGHT + GAP_Y)
            nodes.append(Node(keys[node], level, x, y, level < known))
    return nodes


def _edges(document: Document, at: dict[str, Node], width: int) -> tuple[Edge, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for scene in document.scenes:
        for choice in scene.choices:
            for to in dict.fromkeys(choice.targets()):
                if to in at:
                    found.setdefault((scene.key, str(to)), []).append(choice.key)
        if scene.limit is not None and scene.limit.to in at:
            found.setdefault((scene.key, str(scene.limit.to)), [])
    return tuple(
        _edge(at[source], at[target], tuple(choices), width)
        for (source, target), choices in found.items()
    )


def _edge(source: Node, target: Node, choices: tuple[str, ...], width: int) -> Edge:
    begin = source.x + WIDTH // 2, source.y + HEIGHT
    if target.layer > source.layer:
        end = target.x + WIDTH // 2, target.y
        return Edge(source.key, target.key, choices, (begin, end), back=False)
    side = source.x + WIDTH + GAP_X // 2 if source.x < width // 2 else source.x - GAP_X // 2
    start = source.x + (WIDTH if side > source.x else 0), source.y + HEIGHT // 2
    end = target.x + (WIDTH if side > target.x else 0), target.y + HEIGHT // 2
    points = (start, (side, start[1]), (side, end[1]), end)
    return Edge(source.key, target.key, choices, points, back=True)
