"""The scenario as a whole: where it starts, what is reached, and whether everything comes to an end."""

from collections.abc import Iterator

from courses.scenarios import graph, scoring
from courses.scenarios.document import Document
from courses.scenarios.graph import Graph
from courses.scenarios.validator.findings import Finding


def check(document: Document, net: Graph) -> Iterator[Finding]:
    """Yield what is wrong with the ways through the scenario."""
    if document.scenes:
        yield from _start(document, net)
    reached = graph.reached(net.out, [net.start])
    if net.start >= 0:
        for node, scene in enumerate(document.scenes):
            twice = net.number[scene.key] != node  # that is told as such
            if not (reached[node] or scene.parked or twice):
                yield Finding("unreachable", scene.key)
    of_node, found = graph.components(net.out)
    turns = graph.circles(net.out, found)
    ends = graph.reached(graph.reverse(net.out), net.endings)
    yield from _dead_ends(net, found, turns, reached, ends)
    yield from _farmed(document, net, of_node, turns)
    yield from _passing(document, net, reached)


def _start(document: Document, net: Graph) -> Iterator[Finding]:
    if document.start is None:
        yield Finding("no_start")
    elif net.start < 0:
        yield Finding("start_unknown", params={"to": document.start})
    elif document.scenes[net.start].is_ending:
        yield Finding("start_is_ending", document.start)
    elif document.scenes[net.start].parked:
        yield Finding("start_parked", document.start)


def _dead_ends(
    net: Graph,
    found: list[list[int]],
    turns: list[bool],
    reached: list[bool],
    ends: list[bool],
) -> Iterator[Finding]:
    """Yield circles that nobody gets out of: the root, not what leads into them.

    A scene that leads nowhere at all is the root of its own trouble and is told of as such.
    """
    for number, members in enumerate(found):
        if not turns[number] or not reached[members[0]] or ends[members[0]]:
            continue
        inside = set(members)
        if all(to in inside for node in members for to in net.out[node]):
            scenes = [net.keys[node] for node in sorted(members)]
            yield Finding("dead_end", scenes[0], params={"scenes": scenes[:20]})


def _farmed(
    document: Document, net: Graph, of_node: list[int], turns: list[bool]
) -> Iterator[Finding]:
    """Yield choices that give something and lead back to where it can be had again."""
    if not any(turns):
        return
    for node, scene in enumerate(document.scenes):
        if not turns[of_node[node]] or scene.parked:
            continue
        for choice in scene.choices:
            adds = any(
                each.op == "add" and isinstance(each.value, int) and each.value > 0
                for each in choice.effects
            )
            if (choice.points > 0 or adds) and any(
                to in net.number and of_node[net.number[to]] == of_node[node]
                for to in choice.targets()
            ):
                yield Finding("farmed_points", scene.key, choice.key)


def _passing(document: Document, net: Graph, reached: list[bool]) -> Iterator[Finding]:
    settings = document.settings
    successes = [
        document.scenes[node]
        for node in net.endings
        if reached[node] and document.scenes[node].outcome == "success"
    ]
    if settings.mode == "exam" and net.start >= 0 and not successes:
        yield Finding("exam_without_success")
    if settings.mode == "exam" and settings.back == "rewind":
        yield Finding("exam_with_rewind")
    if settings.pass_mark is None or not successes:
        return
    most = scoring.attainable(document)
    scores = [
        scoring.score_of(scene, most.by_ending[scene.key], most.points)
        for scene in successes
        if scene.key in most.by_ending
    ]
    if scores and max(scores) < settings.pass_mark:
        params = {"mark": settings.pass_mark, "most": max(scores)}
        yield Finding("pass_mark_too_high", params=params)
