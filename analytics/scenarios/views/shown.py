"""What the page of a scenario shows: its map, a sentence a fork, and the table of the same."""

import dataclasses
from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.safestring import SafeString

from analytics.scenarios import drawing, findings, words
from analytics.scenarios.counting import Figures
from analytics.scenarios.findings import Fork, Rate
from analytics.scenarios.queries import behind
from analytics.scenarios.views.asked import Asked
from courses.authoring.scenarios.naming import Names
from courses.scenarios.document import Choice, Scene

FIRST = 5
"""So many forks are told at once; the others are folded."""


@dataclasses.dataclass(frozen=True)
class Said:
    """A fork in words. `url` opens the runs that it is about."""

    fork: Fork
    name: str
    sentence: str
    facts: Sequence[str]
    url: str
    is_told: bool


@dataclasses.dataclass(frozen=True)
class Row:
    """A scene, or one of its choices, in figures."""

    scene: Scene
    scene_name: str
    choice: Choice | None
    figures: Figures
    came: Rate
    failed: Rate | None
    left: Rate | None
    time: str | None


@dataclasses.dataclass(frozen=True)
class Shown:
    """All of it."""

    is_counted: bool
    language: str
    svg: SafeString
    legend: Sequence[drawing.Step]
    forks: Sequence[Said]
    others: Sequence[Said]
    rows: Sequence[Row]


def shown(asked: Asked, measure: str) -> Shown:
    """Return what the page shows. No query but those of `asked.told`."""
    found = asked.told
    forks = findings.forks(found.document, found.figures, found.around)
    by_key = {each.scene.key: each for each in forks}
    names = Names(found.document)
    said = [_said(asked, each, names) for each in _ordered(forks)]
    kind = measure if measure in behind.KINDS else behind.CAME
    return Shown(
        is_counted=bool(found.figures),
        language=found.document.language,
        svg=drawing.draw(found, by_key, measure, lambda key: runs_url(asked, scene=key, kind=kind)),
        legend=drawing.legend(measure),
        forks=said[:FIRST],
        others=said[FIRST:],
        rows=list(rows(asked)),
    )


def _ordered(forks: Sequence[Fork]) -> list[Fork]:
    """Return the forks, the most telling first; those nobody came to are left out."""
    seen = [each for each in forks if each.figures.runs]
    return sorted(seen, key=lambda each: (-each.telling, -each.figures.runs))


def _said(asked: Asked, fork: Fork, names: Names) -> Said:
    worst = fork.worst
    choice = worst.choice.key if worst else ""
    kind = behind.FAILED if worst else behind.CAME
    return Said(
        fork=fork,
        name=names.scene(fork.scene.key),
        sentence=words.sentence(fork),
        facts=words.facts(fork),
        url=runs_url(asked, scene=fork.scene.key, choice=choice, kind=kind),
        is_told=worst is not None or fork.usual is not None,
    )


def runs_url(asked: Asked, *, scene: str = "", choice: str = "", kind: str = "") -> str:
    """Return the address of the runs behind a number."""
    kind = "" if kind == behind.CAME else kind
    query = asked.address(scene=scene, choice=choice, kind=kind)
    return reverse("scenario_figures:runs", args=[asked.scenario.pk]) + query


def rows(asked: Asked) -> Iterator[Row]:
    """Yield every scene and each of its choices, in the author's order."""
    found = asked.told
    names = Names(found.document)
    for scene in found.document.scenes:
        own = found.figures.get((scene.key, ""), Figures())
        yield Row(
            scene=scene,
            scene_name=names.scene(scene.key),
            choice=None,
            figures=own,
            came=drawing.came(found, (scene.key, "")),
            failed=None if scene.is_ending else Rate(own.failed, own.finished),
            left=None if scene.is_ending else Rate(own.gone, own.runs),
            time=words.thought(own.thought),
        )
        for choice in scene.choices:
            made = found.figures.get((scene.key, choice.key), Figures())
            yield Row(
                scene=scene,
                scene_name=names.scene(scene.key),
                choice=choice,
                figures=made,
                came=drawing.came(found, (scene.key, choice.key)),
                failed=Rate(made.failed, made.finished),
                left=None,
                time=words.thought(made.thought),
            )
