"""The map of a draft as SVG, drawn on the server: each scene a link to its form, the best way thick, findings as flags.

Written piece by piece instead of by a template: three hundred scenes are a thousand pieces, and drawn at every save.
"""

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from courses.authoring.scenarios.naming import Names, short
from courses.scenarios import layout
from courses.scenarios.document import Choice, Document, Scene
from courses.scenarios.layout import HEIGHT, WIDTH, Edge, Node
from courses.scenarios.machine import Machine
from courses.scenarios.validator import Report

FOLDED_ABOVE = 150
"""From so many scenes on a chapter is one box, until it is opened."""

_LETTERS = WIDTH // 7 + 1
_CHAPTER = "chapter:"


@dataclass(frozen=True)
class Line:
    """A scene of the text beside the map: its name, where it leads, what is the matter."""

    key: str
    name: str
    to: Sequence[tuple[str, str]]
    flag: str


@dataclass(frozen=True)
class Drawn:
    """The map: its SVG, and the chapters that are folded or open."""

    svg: SafeString
    chapters: Sequence[tuple[str, bool]]


def best_way(document: Document) -> set[tuple[str, str]]:
    """Return the lines of the way that takes the best choice everywhere, from the start to its end."""
    machine = Machine(document)
    found: set[tuple[str, str]] = set()
    state = next(machine.starts(), None)
    while state is not None and not machine.is_ending[state[0]]:
        here, world = state
        moves = [each for each in machine.open(here, world) if each.choice.quality == "best"]
        if not moves:
            break
        state = machine.made(max(moves, key=lambda each: each.choice.points), world)
        step = document.scenes[here].key, document.scenes[state[0]].key
        if state[0] < 0 or step in found:
            break
        found.add(step)
    return found


def flags_of(report: Report) -> dict[str, str]:
    """Return how bad the worst finding about each scene is."""
    found: dict[str, str] = {}
    for each in report.findings:
        if each.is_error or each.scene not in found:
            found[each.scene] = "error" if each.is_error else "warning"
    return found


def draw(
    document: Document,
    report: Report,
    *,
    link: Callable[[str], str],
    current: str = "",
    opened: Collection[str] = (),
) -> Drawn:
    """Return the map. `link` gives the address of a scene's form, or of the map with a chapter opened."""
    chapters = list(dict.fromkeys(each.chapter for each in document.scenes if each.chapter))
    here = document.by_key.get(current)
    is_open = {*opened, here.chapter if here else ""}
    folds = len(document.scenes) > FOLDED_ABOVE and len(chapters) > 1
    group = {
        each.key: _CHAPTER + each.chapter
        for each in document.scenes
        if folds and each.chapter and each.chapter not in is_open and not each.is_ending
    }
    shown = _folded(document, group) if group else document
    drawn = layout.layout(shown)
    pen = _Pen(document, group, flags_of(report), link, current)
    best = {(group.get(a, a), group.get(b, b)) for a, b in best_way(document)}
    size = (
        f'width="{drawn.width}" height="{drawn.height}" viewBox="0 0 {drawn.width} {drawn.height}"'
    )
    name = escape(_("Map of the scenario"))
    parts = [f'<svg class="map" {size} role="group" aria-label="{name}">']
    parts += [_line(each, (each.source, each.target) in best) for each in drawn.edges]
    parts += [pen.box(each) for each in drawn.nodes]
    parts.append("</svg>")
    states = [(each, each in is_open) for each in chapters] if folds else []
    return Drawn(mark_safe("".join(parts)), states)


def _folded(document: Document, group: Mapping[str, str]) -> Document:
    """Return the scenario in which each folded chapter is one scene that leads to all that its scenes lead to."""
    made: dict[str, list[Choice]] = {}
    for scene in document.scenes:
        ways = made.setdefault(group.get(scene.key, scene.key), [])
        targets = [to for choice in scene.choices for to in choice.targets() if to]
        if scene.limit is not None and scene.limit.to:
            targets.append(scene.limit.to)
        ways += [Choice(scene.key, to=group.get(to, to)) for to in dict.fromkeys(targets)]
    scenes = tuple(_without_self(key, ways, document.by_key.get(key)) for key, ways in made.items())
    start = group.get(document.start or "", document.start or "")
    return dataclasses.replace(document, scenes=scenes, start=start)


def _without_self(key: str, ways: Sequence[Choice], scene: Scene | None) -> Scene:
    choices = tuple(each for each in ways if each.to != key)
    kind = scene.kind if scene else "scene"
    return Scene(key, kind=kind, choices=choices)


def _line(edge: Edge, is_best: bool) -> str:
    css = "edge best" if is_best else "edge"
    if edge.back:
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = edge.points
        path = f"M{ax} {ay}L{bx} {by}L{cx} {cy}L{dx} {dy}"
        return f'<path class="{css} back" d="{path}"/>'
    (ax, ay), (bx, by) = edge.points
    middle = (ay + by) / 2
    return f'<path class="{css}" d="M{ax} {ay}C{ax} {middle} {bx} {middle} {bx} {by}"/>'


class _Pen:
    """What it takes to draw a box."""

    def __init__(
        self,
        document: Document,
        group: Mapping[str, str],
        flags: Mapping[str, str],
        link: Callable[[str], str],
        current: str,
    ) -> None:
        self.document, self.flags, self.link, self.current = document, dict(flags), link, current
        self.names = Names(document)
        self.counts: dict[str, int] = {}
        for key, name in group.items():
            self.counts[name] = self.counts.get(name, 0) + 1
            worst = self.flags.get(key, "")
            if worst == "error" or (worst and name not in self.flags):
                self.flags[name] = worst
        self.words = {"error": _("to be mended"), "warning": _("worth a look")}
        self.outcomes = {
            "success": _("success"),
            "partial": _("partial success"),
            "fail": _("failure"),
            "neutral": _("neither success nor failure"),
        }
        self.shelf, self.lost = _("on the shelf"), _("nothing leads here")

    def box(self, node: Node) -> str:
        scene = self.document.by_key.get(node.key)
        if scene is None:
            chapter = node.key.removeprefix(_CHAPTER)
            count = _("%(count)d scenes") % {"count": self.counts.get(node.key, 0)}
            return self._box(node, "chapter", short(chapter, _LETTERS), f"{chapter}: {count}", "")
        said = [self.names.scene(node.key)]
        css = [f"out-{scene.outcome}"] if scene.is_ending else []
        if scene.is_ending:
            said.append(self.outcomes[scene.outcome])
        if scene.parked or not node.reached:
            css.append("apart")
            said.append(self.shelf if scene.parked else self.lost)
        if node.key == self.current:
            css.append("on")
        words = self.names.scene(node.key, _LETTERS)
        return self._box(node, " ".join(css), short(words, _LETTERS), ", ".join(said), node.key)

    def _box(self, node: Node, css: str, words: str, said: str, key: str) -> str:
        flag = self.flags.get(node.key, "")
        if flag:
            said = f"{said}, {self.words[flag]}"
        here = ' aria-current="true"' if key and key == self.current else ""
        data = f' data-scene="{key}"' if key else ""
        mark = ""
        if flag:
            x = node.x + WIDTH
            name = "flag" if flag == "error" else "flag-w"
            mark = (
                f'<circle class="{name}" cx="{x}" cy="{node.y}" r="9"/>'
                f'<text class="flag-t" x="{x}" y="{node.y + 4}" text-anchor="middle">!</text>'
            )
        return (
            f'<a href="{escape(self.link(node.key))}" class="{css}"{data}{here} aria-label="{escape(said)}">'
            f'<rect x="{node.x}" y="{node.y}" width="{WIDTH}" height="{HEIGHT}" rx="9"/>'
            f'<text x="{node.x + WIDTH // 2}" y="{node.y + HEIGHT // 2 + 4}" text-anchor="middle">'
            f"{escape(words)}</text>{mark}</a>"
        )


def lines(document: Document, report: Report) -> list[Line]:
    """Return the map as a text: each scene with where it leads."""
    names, flags = Names(document), flags_of(report)
    return [
        Line(
            scene.key,
            names.scene(scene.key),
            [
                (to, names.scene(to))
                for to in dict.fromkeys(to for c in scene.choices for to in c.targets())
                if to and to in document.by_key
            ],
            flags.get(scene.key, ""),
        )
        for scene in document.scenes
    ]
