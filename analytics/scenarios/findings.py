"""What the figures of a fork say: who fails after which choice, more than elsewhere, and how sure that is. Pure."""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence

from analytics.scenarios.counting import Figures, Name
from courses.scenarios.debrief import best_of
from courses.scenarios.document import Choice, Document, Scene

LEAST = 5
"""From so many runs on something is said about a choice; below it, chance says more than the choice."""

_Z = 1.959964


@dataclasses.dataclass(frozen=True)
class Rate:
    """So many of `n`, and between which shares the true one lies in 95 of 100 cases (Wilson)."""

    part: int
    n: int

    @property
    def share(self) -> float:
        """The share; 0 of none."""
        return self.part / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The shares between which the true one lies."""
        if not self.n:
            return 0.0, 1.0
        spread = _Z * math.sqrt(self.share * (1 - self.share) / self.n + _Z**2 / (4 * self.n**2))
        middle, by = self.share + _Z**2 / (2 * self.n), 1 + _Z**2 / self.n
        return max((middle - spread) / by, 0.0), min((middle + spread) / by, 1.0)

    @property
    def enough(self) -> bool:
        """Whether it stands on enough to be said."""
        return self.n >= LEAST


@dataclasses.dataclass(frozen=True)
class Turn:
    """One choice of a fork. `scene`: what the scene came to in the versions that worded the choice like this."""

    choice: Choice
    figures: Figures
    scene: Figures

    @property
    def rate(self) -> Rate:
        """How many of the runs that made it failed."""
        return Rate(self.figures.failed, self.figures.finished)

    @property
    def in_scene(self) -> Rate:
        """How many of all that came to the scene failed."""
        return Rate(self.scene.failed, self.scene.finished)

    @property
    def taken(self) -> Rate:
        """How many of the runs in the scene made this choice first."""
        return Rate(self.figures.first, self.scene.first)

    @property
    def excess(self) -> float | None:
        """P(fail | choice) − P(fail | scene); None below `LEAST` finished runs."""
        return self.rate.share - self.in_scene.share if self.rate.enough else None


@dataclasses.dataclass(frozen=True)
class Fork:
    """A scene with its choices, in their order."""

    scene: Scene
    figures: Figures
    turns: tuple[Turn, ...]

    @property
    def rate(self) -> Rate:
        """How many of the runs that came here failed."""
        return Rate(self.figures.failed, self.figures.finished)

    @property
    def worst(self) -> Turn | None:
        """Return the choice that leads to failure more than the scene does, the most telling one.

        Of a best answer that is said only where it is sure: chance alone makes some fail after it.
        """
        best = best_of([each.choice for each in self.turns])
        told = [
            each
            for each in self.turns
            if (each.excess or 0) > 0
            and (each.choice.key not in best or each.rate.interval[0] > each.in_scene.share)
        ]
        return max(told, key=lambda each: each.excess or 0.0, default=None)

    @property
    def usual(self) -> Turn | None:
        """Return the choice that most runs make first here; None where too few came."""
        told = [each for each in self.turns if each.taken.enough]
        return max(told, key=lambda each: each.taken.share, default=None)

    @property
    def best(self) -> Rate:
        """How many of the first decisions here took the best answer."""
        keys = best_of([each.choice for each in self.turns])
        own = [each.taken for each in self.turns if each.choice.key in keys]
        took = sum(each.part for each in own)
        return Rate(took, max([took, *(each.n for each in own)]))

    @property
    def telling(self) -> float:
        """By how much more fail after the worst choice, at the least; forks are ordered by it."""
        if self.worst is None:
            return -1.0 if self.usual is not None else -2.0
        return self.worst.rate.interval[0] - self.worst.in_scene.share

    @property
    def is_clear(self) -> bool:
        """Whether the worst choice's whole interval lies above what the scene comes to."""
        return self.telling > 0

    @property
    def out_of_time(self) -> int:
        """How often the time ran out here."""
        return max(self.figures.chosen - sum(each.figures.chosen for each in self.turns), 0)


def forks(
    document: Document,
    figures: Mapping[Name, Figures],
    around: Mapping[Name, Figures] | None = None,
) -> list[Fork]:
    """Return every scene with choices, in the document's order, with what people did there.

    `around` are the figures around each choice, where versions were merged: see there.
    """
    none = Figures()
    return [
        Fork(
            scene,
            figures.get((scene.key, ""), none),
            tuple(
                Turn(
                    each,
                    figures.get((scene.key, each.key), none),
                    figures.get((scene.key, ""), none)
                    if around is None
                    else around.get((scene.key, each.key), none),
                )
                for each in scene.choices
            ),
        )
        for scene in document.scenes
        if not scene.is_ending
    ]


def merged(
    newest: Document, older: Iterable[tuple[Document, Mapping[Name, Figures]]]
) -> dict[Name, Figures]:
    """Add the figures of several versions, as far as they are about what the newest one says.

    A choice counts by its key while its wording is the same, a scene while its own is; `older` holds the newest, too.
    """
    total: dict[Name, Figures] = {}
    words = _words(newest)
    for document, figures in older:
        then = _words(document)
        for name, own in figures.items():
            if words.get(name) is not None and words.get(name) == then.get(name):
                total.setdefault(name, Figures()).add(own)
    return total


def around(
    newest: Document, older: Iterable[tuple[Document, Mapping[Name, Figures]]]
) -> dict[Name, Figures]:
    """Return what each share is a share of: a scene's start, a choice's scene, in the versions that say the same."""
    total: dict[Name, Figures] = {}
    words = _words(newest)
    for document, figures in older:
        then = _words(document)
        for name in words:
            if then.get(name) == words[name]:
                whole = name[0] if name[1] else document.start or ""
                own = figures.get((whole, ""), Figures())
                total.setdefault(name, Figures()).add(own)
    return total


def says_the_same(newest: Document, other: Document, name: Name) -> bool:
    """Say whether a scene or choice is worded in another version as in the newest one."""
    said = _words(newest).get(name)
    return said is not None and said == _words(other).get(name)


def _words(document: Document) -> dict[Name, str]:
    scenes: Sequence[Scene] = document.scenes
    found = {(scene.key, ""): scene.text or scene.message for scene in scenes}
    return found | {(s.key, choice.key): choice.text for s in scenes for choice in s.choices}
