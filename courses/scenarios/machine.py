"""A scenario made ready for many plays: a world is a tuple of what its conditions ask about, and nothing else.

Two runs whose worlds and scenes are the same go on in the same ways. So the search through all of them needs to
know no more than this, and counts that nothing asks about are left out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from courses.scenarios import conditions
from courses.scenarios.conditions import (
    All,
    AnyOf,
    Attempt,
    Chose,
    Condition,
    Leaf,
    Not,
    Value,
    Var,
    Visited,
    Visits,
)
from courses.scenarios.document import Choice, Document

World = tuple[Value, ...]
Test = Callable[[World], bool]
Name = tuple[str, str]
Change = Callable[[list[Value]], None]


@dataclass(frozen=True, slots=True)
class Move:
    """One choice, made ready. `change` does its effects; `routes` are tried in order, then `to`."""

    choice: Choice
    test: Test | None
    changes: tuple[Change, ...]
    routes: tuple[tuple[Test, int], ...]
    to: int


class Machine:
    """The scenario as numbers and small functions. Scenes are named by their place; -1 is nowhere."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.number = {scene.key: place for place, scene in enumerate(document.scenes)}
        self._most: dict[Name, int] = {}
        self._place: dict[Name, int] = {}
        for condition in _asked(document):
            for leaf in conditions.leaves(condition):
                self._track(leaf)
        self.is_ending = [scene.is_ending for scene in document.scenes]
        self._visit = {
            self.number[key]: self._place[kind, key]
            for kind, key in self._place
            if kind == "visits" and key in self.number
        }
        self.moves = [[self._move(c) for c in scene.choices] for scene in document.scenes]
        self.timeout = [
            self._find(scene.limit.to) if scene.limit else -1 for scene in document.scenes
        ]

    @property
    def depends_on_nothing(self) -> bool:
        """Whether no condition asks about anything: then the graph tells all."""
        return not self._place

    def starts(self) -> Iterator[tuple[int, World]]:
        """Yield the scene and world at the start of a first, second … run, as far as conditions tell them apart."""
        start = self._find(self.document.start)
        if start < 0:
            return
        for attempt in range(1, self._most.get(("attempt", ""), 0) + 2):
            yield start, self.entered(start, self.first(attempt))

    def first(self, attempt: int) -> World:
        """Return the world before the first scene."""
        world: list[Value] = []
        for kind, key in self._place:
            if kind == "var":
                variable = self.document.variable.get(key)
                world.append(variable.initial if variable else 0)
            else:
                world.append(attempt if kind == "attempt" else 0)
        return tuple(world)

    def entered(self, scene: int, world: World) -> World:
        """Return the world after entering a scene."""
        place = self._visit.get(scene)
        if place is None:
            return world
        most = self._most["visits", self.document.scenes[scene].key]
        count = min(int(world[place]) + 1, most)
        return (*world[:place], count, *world[place + 1 :])

    def open(self, scene: int, world: World) -> list[Move]:
        """Return what can be chosen."""
        return [each for each in self.moves[scene] if each.test is None or each.test(world)]

    def made(self, move: Move, world: World) -> tuple[int, World]:
        """Return where a choice leads to, and the world there; -1 is nowhere."""
        if move.changes:
            after = list(world)
            for change in move.changes:
                change(after)
            world = tuple(after)
        to = next((there for test, there in move.routes if test(world)), move.to)
        return to, self.entered(to, world)

    def _find(self, key: str | None) -> int:
        return self.number.get(key, -1) if key else -1

    def _track(self, leaf: Leaf) -> None:
        name = name_of(leaf)
        self._place.setdefault(name, len(self._place))
        most = leaf.n + 1 if isinstance(leaf, Visits | Attempt) else 1
        self._most[name] = max(self._most.get(name, 1), most)

    def _move(self, choice: Choice) -> Move:
        changes = [self._effect(each.var, each.op, each.value) for each in choice.effects]
        changes.append(self._counted(choice.key))
        return Move(
            choice,
            None if choice.condition is None else self._test(choice.condition),
            tuple(each for each in changes if each is not None),
            tuple((self._test(route.when), self._find(route.to)) for route in choice.routes),
            self._find(choice.to),
        )

    def _counted(self, key: str) -> Change | None:
        place = self._place.get(("chose", key))

        def change(world: list[Value]) -> None:
            world[place] = 1  # type: ignore[index]

        return None if place is None else change

    def _effect(self, key: str, op: str, value: Value) -> Change | None:
        place, variable = self._place.get(("var", key)), self.document.variable.get(key)
        if place is None or variable is None or not variable.fits(value):
            return None
        if variable.kind != "int":
            return _setting(place, value) if op == "set" else None
        low, high, number, base = variable.low, variable.high, int(value), op == "add"

        def change(world: list[Value]) -> None:
            total = int(world[place]) + number if base else number
            world[place] = min(max(total, low), high)

        return change

    def _test(self, condition: Condition) -> Test:
        if isinstance(condition, All | AnyOf):
            tests: Sequence[Test] = [self._test(each) for each in condition.of]
            together = all if isinstance(condition, All) else any
            return lambda world: together(test(world) for test in tests)
        if isinstance(condition, Not):
            inner = self._test(condition.of)
            return lambda world: not inner(world)
        return self._leaf(condition)

    def _leaf(self, leaf: Leaf) -> Test:
        place = self._place[name_of(leaf)]
        if isinstance(leaf, Visited | Chose):
            return lambda world: world[place] != 0
        compare = conditions.COMPARE[leaf.op]
        if isinstance(leaf, Var):
            const, known = leaf.const, self.document.variable.get(leaf.key)
            if known is None or type(known.initial) is not type(const):
                return lambda world: False
            return lambda world: compare(world[place], const)
        n = leaf.n
        return lambda world: compare(world[place], n)


def _setting(place: int, value: Value) -> Change:
    def change(world: list[Value]) -> None:
        world[place] = value

    return change


def _asked(document: Document) -> Iterator[Condition | None]:
    for scene in document.scenes:
        for choice in scene.choices:
            yield choice.condition
            for route in choice.routes:
                yield route.when


def name_of(leaf: Leaf) -> Name:
    """Return what a comparison asks about."""
    if isinstance(leaf, Var):
        return "var", leaf.key
    if isinstance(leaf, Chose):
        return "chose", leaf.choice
    if isinstance(leaf, Attempt):
        return "attempt", ""
    return "visits", leaf.scene
