"""Whether conditions can hold at all, told by trying the values at which anything changes.

A number is tried at its bounds and around each constant that it is compared with: between those nothing changes.
Where that are too many combinations the answer is the careful one.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

from courses.scenarios import conditions
from courses.scenarios.conditions import Chose, Condition, Leaf, Value, Var, Visited
from courses.scenarios.document import Document
from courses.scenarios.machine import Name, name_of

MOST = 20_000
"""How many combinations are tried."""


def can_hold(
    document: Document, asked: Sequence[Condition], *, without: Sequence[Condition] = ()
) -> bool:
    """Say whether all of `asked` can hold while none of `without` does. True where it can't be told."""
    tried = _worlds(document, [*asked, *without])
    if tried is None:
        return True
    return any(
        all(_in(each, world) for each in asked) and not any(_in(each, world) for each in without)
        for world in tried
    )


def may_all_fail(document: Document, asked: Sequence[Condition]) -> bool:
    """Say whether all of these may fail at once. True where it can't be told."""
    tried = _worlds(document, asked)
    if tried is None:
        return True
    return any(not any(_in(each, world) for each in asked) for world in tried)


World = Mapping[Name, Value]


def _in(condition: Condition, world: World) -> bool:
    return conditions.decide(condition, lambda leaf: _leaf(leaf, world))


def _leaf(leaf: Leaf, world: World) -> bool:
    value = world[name_of(leaf)]
    if isinstance(leaf, Visited | Chose):
        return value != 0
    if isinstance(leaf, Var):
        if type(value) is not type(leaf.const):
            return False
        return conditions.COMPARE[leaf.op](value, leaf.const)
    return conditions.COMPARE[leaf.op](value, leaf.n)


def _worlds(document: Document, asked: Sequence[Condition]) -> Iterator[World] | None:
    values: dict[Name, set[Value]] = {}
    for condition in asked:
        for leaf in conditions.leaves(condition):
            values.setdefault(name_of(leaf), set()).update(_around(document, leaf))
    sides = [_within(document, name, each) for name, each in values.items()]
    if math.prod(len(side) for side in sides) > MOST:
        return None
    names = list(values)
    return (dict(zip(names, each, strict=True)) for each in itertools.product(*sides))


def _around(document: Document, leaf: Leaf) -> Iterator[Value]:
    if isinstance(leaf, Visited | Chose):
        yield from (0, 1)
    elif not isinstance(leaf, Var):
        yield from (0, 1, max(leaf.n - 1, 0), leaf.n, leaf.n + 1)
    else:
        variable = document.variable[leaf.key]
        if variable.kind == "int":
            const = int(leaf.const)
            yield from (variable.low, variable.high, const - 1, const, const + 1)
        elif variable.kind == "bool":
            yield from (False, True)
        else:
            yield from variable.words


def _within(document: Document, name: Name, values: set[Value]) -> list[Value]:
    """Leave out what can't be: a number out of its bounds, a run before the first."""
    kind, key = name
    if kind == "attempt":
        return [each for each in values if int(each) >= 1]
    variable = document.variable.get(key) if kind == "var" else None
    if variable is not None and variable.kind == "int":
        return [each for each in values if variable.low <= int(each) <= variable.high]
    return list(values)
