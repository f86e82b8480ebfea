"""What the figures of a fork say: who fails after which choice, more than elsewhere, and how sure that is. Pure."""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence

from analytics.scenarios.counting import Figures, Name
from courses.scenarios.document import Choice, Document, Scene

LEAST = 5
"""From so many runs on something is said about a choice; below it, chance says more than the choice."""

_Z = 1.959964


@dataclasses.dataclass(frozen=True)
class Rate:
    """How many of `n` runs failed, and between which shares the true one lies in 95 of 100 cases (Wilson)."""

    failed: int
    n: int

    @property
    def share(self) -> float:
        """The share that failed; 0 of none."""
        return self.failed / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The shares between which the true one lies."""
        if not self.n:
            return 0.0, 1.0
        spread = _Z * math.sqrt(self.share * (1 - self.share) / self.n + _Z**2 / (4 * self.n**2))
        middle, by = self.share + _Z**2 / (2 * self.n), 1 + _Z**2 / self.n
        return max((middle - spread) / by, 0.0), min((middle + spread) / by, 1.0)


@dataclasses.dataclass(frozen=True)
class Turn:
    """One choice of a fork. `excess`: P(fail | choice) − P(fail | scene); None below `LEAST` finished runs."""

    choice: Choice
    figures: Figures
    rate: Rate
    excess: float | None


@dataclasses.dataclass(frozen=True)
class Fork:
    """A scene with its choices, in their order. `worst` is the one after which most more fail, if any can be named."""

    scene: Scene
    figures: Figures
    rate: Rate
    turns: tuple[Turn, ...]

    @property
    def worst(self) -> Turn | None:
        """Return the choice that leads to failure more than the scene does, the most telling one."""
        told = [each for each in self.turns if each.excess is not None and each.excess > 0]
        return max(told, key=lambda each: each.excess or 0.0, default=None)


def forks(document: Document, figures: Mapping[Name, Figures]) -> list[Fork]:
    """Return every scene with choices, in the document's order, with what people did there."""
    return [_fork(scene, figures) for scene in document.scenes if not scene.is_ending]


def _fork(scene: Scene, figures: Mapping[Name, Figures]) -> Fork:
    own = figures.get((scene.key, ""), Figures())
    all_of_it = Rate(own.failed, own.finished)
    turns = []
    for choice in scene.choices:
        done = figures.get((scene.key, choice.key), Figures())
        rate = Rate(done.failed, done.finished)
        excess = rate.share - all_of_it.share if rate.n >= LEAST else None
        turns.append(Turn(choice, done, rate, excess))
    return Fork(scene, own, all_of_it, tuple(turns))


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


def _words(document: Document) -> dict[Name, str]:
    scenes: Sequence[Scene] = document.scenes
    found = {(scene.key, ""): scene.text or scene.message for scene in scenes}
    return found | {(s.key, choice.key): choice.text for s in scenes for choice in s.choices}
