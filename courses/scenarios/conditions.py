"""Conditions and effects: small JSON trees that are compared, never evaluated from strings. No Django.

`{"all": […]}`, `{"any": […]}`, `{"not": …}`, `{"var": key, "op": ">=", "const": 2}`, `{"visited": scene}`,
`{"chose": choice}`, `{"visits": scene, "op": ">=", "n": 2}`, `{"attempt": true, "op": ">=", "n": 2}`.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from courses.scenarios.faults import FaultError

Value: TypeAlias = int | bool | str

MAX_DEPTH = 6
MAX_LEAVES = 40
MAX_COUNT = 1_000_000

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
EQUALITY = ("=", "!=")


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these holds; true of none."""

    of: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these holds; false of none."""

    of: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """This one doesn't hold."""

    of: "Condition"


@dataclass(frozen=True, slots=True)
class Var:
    """A variable compares so with a constant."""

    key: str
    op: str
    const: Value


@dataclass(frozen=True, slots=True)
class Visited:
    """The scene was entered in this run, before or now."""

    scene: str


@dataclass(frozen=True, slots=True)
class Chose:
    """The choice was made in this run."""

    choice: str


@dataclass(frozen=True, slots=True)
class Visits:
    """How often the scene was entered compares so with a number."""

    scene: str
    op: str
    n: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """Which of the person's runs this is (1 is the first) compares so with a number."""

    op: str
    n: int


Condition: TypeAlias = All | AnyOf | Not | Var | Visited | Chose | Visits | Attempt
Leaf: TypeAlias = Var | Visited | Chose | Visits | Attempt


class Facts(Protocol):
    """What conditions ask about: a run's state."""

    @property
    def values(self) -> Mapping[str, Value]:
        """The variables' values."""

    @property
    def visits(self) -> Mapping[str, int]:
        """How often each scene was entered."""

    @property
    def chosen(self) -> Mapping[str, int]:
        """How often each choice was made."""

    @property
    def attempt(self) -> int:
        """Which of the person's runs it is."""


def leaf_holds(leaf: Leaf, facts: Facts) -> bool:
    """Say whether one comparison holds. A variable that is not there, or of another type, compares with nothing."""
    if isinstance(leaf, Var):
        value = facts.values.get(leaf.key)
        if value is None or type(value) is not type(leaf.const):
            return False
        return COMPARE[leaf.op](value, leaf.const)
    if isinstance(leaf, Visited):
        return facts.visits.get(leaf.scene, 0) > 0
    if isinstance(leaf, Chose):
        return facts.chosen.get(leaf.choice, 0) > 0
    if isinstance(leaf, Visits):
        return COMPARE[leaf.op](facts.visits.get(leaf.scene, 0), leaf.n)
    return COMPARE[leaf.op](facts.attempt, leaf.n)


def decide(condition: Condition, holds: Callable[[Leaf], bool]) -> bool:
    """Return what a tree comes to, when `holds` answers for its leaves."""
    if isinstance(condition, All):
        return all(decide(each, holds) for each in condition.of)
    if isinstance(condition, AnyOf):
        return any(decide(each, holds) for each in condition.of)
    if isinstance(condition, Not):
        return not decide(condition.of, holds)
    return holds(condition)


def holds(condition: Condition | None, facts: Facts) -> bool:
    """Say whether a condition holds now; none at all always does."""
    if condition is None:
        return True
    return decide(condition, lambda leaf: leaf_holds(leaf, facts))


def leaves(condition: Condition | None) -> Iterator[Leaf]:
    """Yield the comparisons of a tree."""
    if condition is None:
        return
    if isinstance(condition, All | AnyOf):
        for each in condition.of:
            yield from leaves(each)
    elif isinstance(condition, Not):
        yield from leaves(condition.of)
    else:
        yield condition


def dump(condition: Condition | None) -> Any:
    """Return a condition as JSON."""
    if condition is None:
        return None
    if isinstance(condition, All):
        return {"all": [dump(each) for each in condition.of]}
    if isinstance(condition, AnyOf):
        return {"any": [dump(each) for each in condition.of]}
    return {"not": dump(condition.of)} if isinstance(condition, Not) else _dump_leaf(condition)


def _dump_leaf(leaf: Leaf) -> dict[str, Value]:
    if isinstance(leaf, Var):
        return {"var": leaf.key, "op": leaf.op, "const": leaf.const}
    if isinstance(leaf, Visited):
        return {"visited": leaf.scene}
    if isinstance(leaf, Chose):
        return {"chose": leaf.choice}
    if isinstance(leaf, Visits):
        return {"visits": leaf.scene, "op": leaf.op, "n": leaf.n}
    return {"attempt": True, "op": leaf.op, "n": leaf.n}


def parse(raw: Any, path: str) -> Condition | None:
    """Read a condition; None is none. Raises FaultError for anything else than the shapes above."""
    if raw is None:
        return None
    found = _parse(raw, path, 1)
    if sum(1 for _ in leaves(found)) > MAX_LEAVES:
        raise FaultError("condition_too_long", path, {"most": MAX_LEAVES})
    return found


def _parse(raw: Any, path: str, depth: int) -> Condition:
    if depth > MAX_DEPTH:
        raise FaultError("condition_too_deep", path, {"most": MAX_DEPTH})
    if not isinstance(raw, dict):
        raise FaultError("bad_condition", path)
    for name, make in (("all", All), ("any", AnyOf)):
        if raw.keys() == {name}:
            return make(_several(raw[name], f"{path}.{name}", depth))
    if raw.keys() == {"not"}:
        return Not(_parse(raw["not"], f"{path}.not", depth + 1))
    return _leaf(raw, path)


def _several(raw: Any, path: str, depth: int) -> tuple[Condition, ...]:
    if not isinstance(raw, list) or len(raw) > MAX_LEAVES:
        raise FaultError("bad_condition", path)
    return tuple(_parse(each, f"{path}.{place}", depth + 1) for place, each in enumerate(raw))


def _leaf(raw: dict[str, Any], path: str) -> Condition:
    names, op = raw.keys(), raw.get("op")
    if "op" in raw and (not isinstance(op, str) or op not in COMPARE):
        raise FaultError("bad_condition", f"{path}.op")
    if names == {"visited"}:
        return Visited(_name(raw["visited"], f"{path}.visited"))
    if names == {"chose"}:
        return Chose(_name(raw["chose"], f"{path}.chose"))
    if names == {"visits", "op", "n"}:
        return Visits(_name(raw["visits"], f"{path}.visits"), str(op), _count(raw["n"], path))
    if names == {"attempt", "op", "n"} and raw["attempt"] is True:
        return Attempt(str(op), _count(raw["n"], path))
    if names == {"var", "op", "const"}:
        key, const = _name(raw["var"], f"{path}.var"), raw["const"]
        return Var(key, str(op), value_of(const, f"{path}.const"))
    raise FaultError("bad_condition", path)


def _name(raw: Any, path: str) -> str:
    if not isinstance(raw, str) or not 1 <= len(raw) <= 12:
        raise FaultError("bad_key", path)
    return raw


def _count(raw: Any, path: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= MAX_COUNT:
        raise FaultError("bad_number", f"{path}.n", {"low": 0, "high": MAX_COUNT})
    return raw


def value_of(raw: Any, path: str) -> Value:
    """Read a constant: a whole number, true or false, or one word of a list."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int) and abs(raw) <= MAX_COUNT:
        return raw
    if isinstance(raw, str) and 1 <= len(raw) <= 60 and raw.isprintable():
        return raw
    raise FaultError("bad_value", path)
