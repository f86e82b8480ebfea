"""Conditions and effects as rows of a form: what is asked about, how it compares, with which value.

A condition that is one row, or several joined by "all" or "any", can be edited so. A deeper one, which came with a
file, is shown in words and kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from courses.scenarios.conditions import (
    All,
    AnyOf,
    Attempt,
    Chose,
    Condition,
    Not,
    Value,
    Var,
    Visited,
    Visits,
)
from courses.scenarios.document import Document, Effect
from courses.scenarios.faults import FaultError

COUNTS = (">=", "<=", "=", "!=", ">", "<")


@dataclass(frozen=True)
class Row:
    """One row. `form` is what the value looks like: `int`, `enum` (one of `words`) or `yes` (no value at all)."""

    what: str
    op: str
    value: str = ""
    form: str = "int"
    words: Sequence[str] = ()


@dataclass(frozen=True)
class Asked:
    """A condition as its author edits it. `rows` is None where it is too deep for rows."""

    join: str
    rows: Sequence[Row] | None


def asked(condition: Condition | None, document: Document) -> Asked:
    """Return a condition as rows."""
    join = "any" if isinstance(condition, AnyOf) else "all"
    if condition is None:
        return Asked(join, ())
    parts = condition.of if isinstance(condition, All | AnyOf) else (condition,)
    rows = [_row(part, document) for part in parts]
    return Asked(join, None if None in rows else [row for row in rows if row])


def _row(leaf: Condition, document: Document) -> Row | None:
    no = isinstance(leaf, Not)
    inner = leaf.of if isinstance(leaf, Not) else leaf
    said = "no" if no else "yes"
    if isinstance(inner, Visited):
        return Row(f"visited:{inner.scene}", said, form="yes")
    if isinstance(inner, Chose):
        return Row(f"chose:{inner.choice}", said, form="yes")
    if no:
        return None
    if isinstance(inner, Visits):
        return Row(f"visits:{inner.scene}", inner.op, str(inner.n))
    if isinstance(inner, Attempt):
        return Row("attempt", inner.op, str(inner.n))
    return _of_variable(inner, document) if isinstance(inner, Var) else None


def _of_variable(leaf: Var, document: Document) -> Row:
    variable = document.variable.get(leaf.key)
    if isinstance(leaf.const, bool):
        holds = leaf.const == (leaf.op == "=")
        return Row(f"var:{leaf.key}", "yes" if holds else "no", form="yes")
    words = variable.words if variable else ()
    form = "enum" if isinstance(leaf.const, str) else "int"
    return Row(f"var:{leaf.key}", leaf.op, str(leaf.const), form, words)


def condition_of(join: str, rows: Sequence[Mapping[str, str]], document: Document) -> Any:
    """Return the JSON of a condition from rows as they were sent; None of none. Raises FaultError."""
    leaves = [_leaf(row, document) for row in rows if row.get("what")]
    if len(leaves) < 2:
        return leaves[0] if leaves else None
    return {"any" if join == "any" else "all": leaves}


def _leaf(row: Mapping[str, str], document: Document) -> dict[str, Any]:
    kind, _colon, key = row["what"].partition(":")
    op, said = row.get("op", ""), row.get("value", "")
    if kind in {"visited", "chose"}:
        return {"not": {kind: key}} if op == "no" else {kind: key}
    count = op if op in COUNTS else ">="
    if kind == "visits":
        return {"visits": key, "op": count, "n": number(said, "visits")}
    if kind == "attempt":
        return {"attempt": True, "op": count, "n": number(said, "attempt")}
    variable = document.variable.get(key)
    if variable is None:
        raise FaultError("unknown_variable", "condition")
    if variable.kind == "bool":
        return {"var": key, "op": "=", "const": op != "no"}
    if variable.kind == "enum":
        const = said if said in variable.words else (variable.words or ("-",))[0]
        return {"var": key, "op": "!=" if op == "!=" else "=", "const": const}
    return {"var": key, "op": count, "const": number(said, "condition")}


def effect_row(effect: Effect, document: Document) -> Row:
    """Return an effect as a row: raise, lower, set, or becomes yes or no."""
    variable = document.variable.get(effect.var)
    if isinstance(effect.value, bool):
        return Row(effect.var, "yes" if effect.value else "no", form="yes")
    if isinstance(effect.value, str):
        return Row(effect.var, "set", effect.value, "enum", variable.words if variable else ())
    if effect.op == "add":
        return Row(effect.var, "sub" if effect.value < 0 else "add", str(abs(effect.value)))
    return Row(effect.var, "set", str(effect.value))


def effect_of(row: Mapping[str, str], document: Document) -> dict[str, Any]:
    """Return the JSON of an effect from a row as it was sent. Raises FaultError."""
    variable = document.variable.get(row.get("what", ""))
    if variable is None:
        raise FaultError("unknown_variable", "effects")
    op, said = row.get("op", ""), row.get("value", "")
    value: Value
    if variable.kind == "bool":
        return {"var": variable.key, "op": "set", "value": op != "no"}
    if variable.kind == "enum":
        value = said if said in variable.words else (variable.words or ("-",))[0]
        return {"var": variable.key, "op": "set", "value": value}
    value = number(said, "effects")
    if op == "set":
        return {"var": variable.key, "op": "set", "value": value}
    return {"var": variable.key, "op": "add", "value": -value if op == "sub" else value}


def number(said: str, path: str, *, low: int = -1_000_000, high: int = 1_000_000) -> int:
    """Return a whole number as somebody has typed it, in full-width digits too. Raises FaultError."""
    text = said.strip().replace("−", "-").replace("＋", "+").replace("－", "-")
    try:
        found = int(text or "0") if len(text) < 12 else high + 1
    except ValueError:
        found = high + 1
    if not low <= found <= high:
        raise FaultError("bad_number", path, {"low": low, "high": high})
    return found
