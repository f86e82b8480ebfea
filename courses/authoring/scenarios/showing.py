"""A draft as the desk shows it: the outline, one scene's form, what is found. Made of documents alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from courses.authoring.scenarios import rows
from courses.authoring.scenarios.naming import Names
from courses.authoring.scenarios.rows import Asked, Row
from courses.scenarios import editing, words
from courses.scenarios.document import MAX_CHOICES, Choice, Document, Explanation, Scene
from courses.scenarios.validator import Finding, Report

WORST = ("", "warning", "error")


@dataclass(frozen=True)
class Entry:
    """A line of the outline; `flag` says how bad the worst finding about it is."""

    scene: Scene
    number: int | None
    words: str
    flag: str
    is_start: bool


@dataclass(frozen=True)
class Told:
    """A finding in words, with where it is."""

    scene: str
    choice: str
    place: str
    message: str
    is_error: bool


@dataclass(frozen=True)
class RouteShown:
    """A route of a choice as rows."""

    place: int
    to: str
    asked: Asked


@dataclass(frozen=True)
class ChoiceShown:
    """A choice as its form shows it."""

    choice: Choice
    number: int
    asked: Asked
    routes: Sequence[RouteShown]
    effects: Sequence[Row]
    why: Explanation
    found: Sequence[Told]

    @property
    def is_bad(self) -> bool:
        """Whether something of it keeps the scenario from being published."""
        return any(each.is_error for each in self.found)

    @property
    def is_simple(self) -> bool:
        """Whether it asks and does nothing beyond leading on."""
        return not (self.effects or self.routes or self.choice.condition or self.choice.skills)


class Shown:
    """One draft, looked at from one of its scenes."""

    def __init__(self, document: Document, report: Report, scene: str = "") -> None:
        self.document = document
        self.report = report
        self.names = Names(document)
        first = document.start or next((each.key for each in document.scenes), "")
        self.key = scene if scene in document.by_key else first

    @cached_property
    def scene(self) -> Scene | None:
        """The scene that is being written."""
        return self.document.by_key.get(self.key)

    @property
    def number(self) -> int | None:
        """Its number in the outline; None for endings and what is parked."""
        return self.names.number.get(self.key)

    @cached_property
    def _flags(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for each in self.report.findings:
            worst = "error" if each.is_error else "warning"
            if WORST.index(worst) > WORST.index(found.get(each.scene, "")):
                found[each.scene] = worst
        return found

    def _entries(self, *, parked: bool, ending: bool | None = None) -> list[Entry]:
        return [
            Entry(
                scene,
                self.names.number.get(scene.key),
                self.names.words(scene),
                self._flags.get(scene.key, ""),
                scene.key == self.document.start,
            )
            for scene in self.document.scenes
            if scene.parked == parked and ending in {None, scene.is_ending}
        ]

    @cached_property
    def chapters(self) -> list[tuple[str, list[Entry]]]:
        """The scenes in their order; a new heading wherever the chapter changes."""
        found: list[tuple[str, list[Entry]]] = []
        for entry in self._entries(parked=False, ending=False):
            if not found or found[-1][0] != entry.scene.chapter:
                found.append((entry.scene.chapter, []))
            found[-1][1].append(entry)
        return found

    @cached_property
    def endings(self) -> list[Entry]:
        """The endings."""
        return self._entries(parked=False, ending=True)

    @cached_property
    def shelf(self) -> list[Entry]:
        """What is parked."""
        return self._entries(parked=True)

    @cached_property
    def found(self) -> list[Told]:
        """Everything that is found, errors first."""
        return [self._told(each) for each in self.report.findings]

    @property
    def errors(self) -> list[Told]:
        """What keeps it from being published."""
        return [each for each in self.found if each.is_error]

    @property
    def warnings(self) -> list[Told]:
        """What is worth a look."""
        return [each for each in self.found if not each.is_error]

    def _told(self, found: Finding) -> Told:
        place = self.names.place(found.scene, found.choice)
        return Told(found.scene, found.choice, place, words.finding(found), found.is_error)

    @cached_property
    def of_scene(self) -> list[Told]:
        """What is found about this scene itself."""
        return [each for each in self.found if each.scene == self.key and not each.choice]

    @property
    def why(self) -> Explanation:
        """What the ace says of the whole scene."""
        return self.document.explanations.get(self.key, Explanation())

    @cached_property
    def choices(self) -> list[ChoiceShown]:
        """The choices of this scene."""
        scene = self.scene
        return [self._choice(c, n) for n, c in enumerate(scene.choices if scene else (), start=1)]

    def _choice(self, choice: Choice, number: int) -> ChoiceShown:
        document = self.document
        return ChoiceShown(
            choice=choice,
            number=number,
            asked=rows.asked(choice.condition, document),
            routes=[
                RouteShown(place, route.to or "", rows.asked(route.when, document))
                for place, route in enumerate(choice.routes)
            ],
            effects=[rows.effect_row(effect, document) for effect in choice.effects],
            why=document.explanations.get(choice.key, Explanation()),
            found=[each for each in self.found if each.choice == choice.key],
        )

    @property
    def is_full(self) -> bool:
        """Whether no further choice fits."""
        return len(self.choices) >= MAX_CHOICES

    @cached_property
    def targets(self) -> list[tuple[str, str]]:
        """Where a choice can go to: key and name, the shelf last."""
        entries = [each for _, chapter in self.chapters for each in chapter]
        return [
            (each.scene.key, self.names.scene(each.scene.key))
            for each in [*entries, *self.endings, *self.shelf]
        ]

    @cached_property
    def coming(self) -> list[tuple[str, str]]:
        """The ways that lead here: key of the scene, and which choice of it."""
        return [
            (link.scene, self.names.place(link.scene, link.choice))
            for link in editing.links_to(self.document, self.key)
        ]

    @cached_property
    def skills(self) -> list[Any]:
        """The skills that choices can exercise."""
        return [each for each in self.document.variables if each.is_skill]

    @cached_property
    def asked_about(self) -> dict[str, list[tuple[str, str]]]:
        """What a condition can ask about: variables, scenes, choices, as values and names."""
        document, names = self.document, self.names
        scenes = [each for each in document.scenes if not each.is_ending]
        return {
            "variables": [(f"var:{each.key}", each.name or "…") for each in document.variables],
            "scenes": [(f"visited:{each.key}", names.scene(each.key, 30)) for each in scenes],
            "visits": [(f"visits:{each.key}", names.scene(each.key, 30)) for each in scenes],
            "choices": [
                (f"chose:{choice.key}", names.place(each.key, choice.key))
                for each in scenes
                for choice in each.choices
            ],
        }
