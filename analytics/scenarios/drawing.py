"""The map of a scenario, coloured by what people did: each scene a link to its runs, lines as thick as they were taken.

Written piece by piece like the map of the desk, and laid out like it. Four steps of one colour, darker is more; the
share stands in each scene, and dashes say that there is too little to tell.
"""

import bisect
import dataclasses
from collections.abc import Callable, Mapping

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from analytics.scenarios import words
from analytics.scenarios.counting import Figures, Name
from analytics.scenarios.findings import Fork, Rate
from analytics.scenarios.queries.told import Told
from core.words import between, number
from courses.authoring.scenarios.naming import Names, short
from courses.scenarios import layout
from courses.scenarios.document import Scene
from courses.scenarios.layout import HEIGHT, WIDTH, Edge, Node

CAME, CHOSE, FAILED, LEFT = "came", "chose", "failed", "left"
MEASURES = (CAME, CHOSE, FAILED, LEFT)

STEPS: Mapping[str, tuple[float, ...]] = {
    CAME: (0.25, 0.5, 0.75),
    CHOSE: (0.25, 0.5, 0.75),
    FAILED: (0.1, 0.25, 0.5),
    LEFT: (0.02, 0.05, 0.1),
}
"""Where each of the four steps of colour begins, the first at nothing."""

_COLOURS = {
    CAME: ("h-0", "h-p1", "h-p2", "h-p3"),
    CHOSE: ("h-0", "h-p1", "h-p2", "h-p3"),
    FAILED: ("h-0", "h-n1", "h-n2", "h-n3"),
    LEFT: ("h-0", "h-n1", "h-n2", "h-n3"),
}
_THICK = (0.0, 0.05, 0.15, 0.3, 0.6)
"""From which share of the busiest line on a line is drawn one step thicker."""

_LETTERS = WIDTH // 7 + 1


@dataclasses.dataclass(frozen=True)
class Step:
    """One step of the legend: its colour, and from where to where it goes."""

    css: str
    label: str


def legend(measure: str) -> list[Step]:
    """Return the steps of colour in words."""
    bounds = [0.0, *STEPS[measure], 1.0]
    return [
        Step(css, f"{between(round(100 * bounds[n]), round(100 * bounds[n + 1]))}%")
        for n, css in enumerate(_COLOURS[measure])
    ]


def came(told: Told, name: Name) -> Rate:
    """Return how many came to a scene of those that began, or made a choice of those in its scene."""
    own, whole = told.figures.get(name, Figures()).runs, told.around.get(name, Figures()).runs
    return Rate(own, max(own, whole))


def rate(measure: str, told: Told, scene: Scene, fork: Fork | None) -> Rate | None:
    """Return the share by which a scene is coloured; None where it can't have one."""
    own = told.figures.get((scene.key, ""), Figures())
    if measure == CAME:
        return came(told, (scene.key, ""))
    if fork is None:
        return None
    return {
        CHOSE: fork.best,
        FAILED: fork.rate,
        LEFT: Rate(own.gone, own.runs),
    }[measure]


def draw(
    told: Told, forks: Mapping[str, Fork], measure: str, link: Callable[[str], str]
) -> SafeString:
    """Return the map. `link` gives the address of a scene's runs."""
    drawn = layout.layout(told.document)
    size = (
        f'width="{drawn.width}" height="{drawn.height}" viewBox="0 0 {drawn.width} {drawn.height}"'
    )
    title = escape(_("Map of what people did: %(what)s") % {"what": words.MEASURES[measure]})
    says = escape(
        _("Each scene is a link to its runs. The same figures stand in the table below the map.")
    )
    parts = [
        f'<svg class="map did" {size} role="group" aria-labelledby="map-t map-d">',
        f'<title id="map-t">{title}</title><desc id="map-d">{says}</desc>',
    ]
    taken = [_taken(told.figures, forks, each) for each in drawn.edges]
    most = max((n for n, _some in taken), default=0)
    parts += [
        _line(each, n, some, most) for each, (n, some) in zip(drawn.edges, taken, strict=True)
    ]
    pen = _Pen(told, forks, measure, link)
    parts += [pen.box(each) for each in drawn.nodes]
    parts.append("</svg>")
    return mark_safe("".join(parts))


def _taken(
    figures: Mapping[Name, Figures], forks: Mapping[str, Fork], edge: Edge
) -> tuple[int, bool]:
    """Return how often a line was taken, and whether that is at most: conditions may have led elsewhere."""
    fork = forks.get(edge.source)
    if fork is None:
        return 0, False
    made = [each for each in fork.turns if each.choice.key in edge.choices]
    n = sum(figures.get((edge.source, each.choice.key), Figures()).chosen for each in made)
    some = any(len(set(each.choice.targets())) > 1 for each in made)
    if fork.scene.limit is not None and fork.scene.limit.to == edge.target:
        n += fork.out_of_time
    return n, some


def _line(edge: Edge, n: int, some: bool, most: int) -> str:
    thick = bisect.bisect_right(_THICK, n / most) if n and most else 0
    css = f"flow w{thick}{' some' if some else ''}"
    said = _("taken %(n)s times at most") if some else _("taken %(n)s times")
    name = f"<title>{escape(said % {'n': number(n)})}</title>"
    if edge.back:
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = edge.points
        return f'<path class="{css}" d="M{ax} {ay}L{bx} {by}L{cx} {cy}L{dx} {dy}">{name}</path>'
    (ax, ay), (bx, by) = edge.points
    middle = (ay + by) / 2
    return f'<path class="{css}" d="M{ax} {ay}C{ax} {middle} {bx} {middle} {bx} {by}">{name}</path>'


class _Pen:
    """What it takes to draw a scene."""

    def __init__(
        self, told: Told, forks: Mapping[str, Fork], measure: str, link: Callable[[str], str]
    ) -> None:
        self.told, self.forks, self.measure, self.link = told, forks, measure, link
        self.names = Names(told.document)

    def box(self, node: Node) -> str:
        scene = self.told.document.by_key[node.key]
        found = rate(self.measure, self.told, scene, self.forks.get(scene.key))
        css, figure, said = self._figure(found)
        name = [self.names.scene(node.key)]
        if scene.is_ending:
            css += f" end-{scene.outcome}"
            name.append(str(words.OUTCOMES[scene.outcome]))
        label = ", ".join([*name, f"{words.MEASURES[self.measure]}: {said}"])
        middle = node.x + WIDTH // 2
        title = short(self.names.scene(node.key, _LETTERS), _LETTERS)
        return (
            f'<a href="{escape(self.link(node.key))}" class="{css}" aria-label="{escape(label)}">'
            f'<rect x="{node.x}" y="{node.y}" width="{WIDTH}" height="{HEIGHT}" rx="9"/>'
            f'<text x="{middle}" y="{node.y + 16}" text-anchor="middle">{escape(title)}</text>'
            f'<text class="n" x="{middle}" y="{node.y + 32}" text-anchor="middle">{escape(figure)}</text></a>'
        )

    def _figure(self, found: Rate | None) -> tuple[str, str, str]:
        """Return the class of a scene, what stands in it, and what is read aloud."""
        if found is None:
            return "no-share", "–", _("doesn't apply")
        if not found.enough:
            return "few", _("few, n=%(n)s") % {"n": number(found.n)}, words.too_few(found.n)
        step = bisect.bisect_right(STEPS[self.measure], found.share)
        figure = f"{words.percent(found.share)} n={number(found.n)}"
        return _COLOURS[self.measure][step], figure, words.shared(found)
