"""What several pages tell together: nobody's figures may be found by taking one page from another. Pure.

A page tells of each company that it shows how many people it has and their mean, so their sum. Two sums of which
only a few people's figures differ tell those few people's by subtraction; so do sums that leave a few people over
when one is split into others.
"""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from analytics.associations.question import Question
from analytics.associations.rows import Row
from sales.funnel import LEAST_PEOPLE

K = TypeVar("K")

Cell = Mapping[str, str]
"""What a sum is made of: the mark of each person's figure."""


@dataclasses.dataclass(frozen=True)
class Earlier:
    """What an earlier report asked, and the marks of those whom it shows."""

    question: Question
    marks: Mapping[str, str]

    def tells(self, question: Question, *, sales: bool) -> bool:
        """Say whether it shows the same measure of sales (or of learning), of months that overlap."""
        mine = self.question
        if mine.since >= question.until or question.since >= mine.until:
            return False
        if sales:
            return (mine.sales, mine.currency) == (question.sales, question.currency)
        return mine.learning == question.learning


_PERSON, _FIGURE = 12, 6
"""So many hexadecimal digits of a mark; a person's is theirs alone among any number that a page may have."""


def isolating(cells: Mapping[K, Cell], stored: Sequence[Cell], least: int = LEAST_PEOPLE) -> set[K]:
    """Return the cells that, together with stored ones, would tell of fewer people than `least`."""
    where: dict[str, list[int]] = {}
    for number, each in enumerate(stored):
        for person in each:
            where.setdefault(person, []).append(number)
    return {key for key, each in cells.items() if _isolates(each, stored, where, least)}


def _isolates(
    cell: Cell, stored: Sequence[Cell], where: Mapping[str, Sequence[int]], least: int
) -> bool:
    near = _near([cell], where)
    if any(0 < _differing(cell, stored[each]) < least for each in near):
        return True
    alike = [stored[each] for each in near if _agree(cell, stored[each])]
    around = [stored[each] for each in _near([cell, *alike], where)]
    return _splits(cell, [each for each in around if _agree(cell, each)], least)


def _near(cells: Sequence[Cell], where: Mapping[str, Sequence[int]]) -> list[int]:
    """Return the stored cells that share somebody with these."""
    return sorted({number for cell in cells for person in cell for number in where.get(person, ())})


def _differing(one: Cell, other: Cell) -> int:
    """Count the people whose figure is in one and not in the other, or another one."""
    return sum(one.get(person) != other.get(person) for person in {*one, *other})


def _agree(one: Cell, other: Cell) -> bool:
    """Say whether everybody who is in both has the same figure in both."""
    return all(other.get(person, mark) == mark for person, mark in one.items())


def _splits(cell: Cell, around: Sequence[Cell], least: int) -> bool:
    """Say whether this cell parts people whom the ones around it held together, so that a few are left over."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for person in {person for each in (cell, *around) for person in each}:
        held = tuple(n for n, each in enumerate(around) if person in each)
        groups.setdefault(held, [0, 0])[person in cell] += 1
    for held, (out, within) in groups.items():
        if 0 < within < least and (out or not held):
            return True
        if 0 < out < least and within:
            return True
    return False


def marks(rows: Sequence[Row], visible: frozenset[str]) -> dict[str, str]:
    """Return the marks of everybody's learning and sales in each company that is shown, as text."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if str(row.organisation_id) in visible:
            figures = row.learnt / row.learnt_of, row.sold / row.sold_of
            found.setdefault(str(row.organisation_id), []).append(
                _marked(str(row.person_id), figures)
            )
    return {key: "".join(sorted(each)) for key, each in found.items()}


def _marked(person: str, figures: Sequence[float]) -> str:
    told = [_hash(person, _PERSON), *(_hash(f"{person} {each!r}", _FIGURE) for each in figures)]
    return "".join(told)


def _hash(text: str, digits: int) -> str:
    return hashlib.blake2b(text.encode()).hexdigest()[:digits]


def shown_by(result: Mapping[str, Any]) -> dict[str, str]:
    """Return the marks of a stored result: kept as such where single dots were too many, else made of its dots."""
    if told := result.get("marks"):
        return dict(told)
    found: dict[str, list[str]] = {}
    people = result.get("people_of_dots") or ()
    for person, (number, *figures) in zip(people, result.get("dots") or (), strict=False):
        found.setdefault(str(number), []).append(_marked(person, figures))
    return {key: "".join(each) for key, each in found.items()}


def cells(told: Mapping[str, str], *, sales: bool) -> dict[str, Cell]:
    """Return the cells of a page: the marks of its people's sales, or those of their learning."""
    size, begin = _PERSON + 2 * _FIGURE, _PERSON + (_FIGURE if sales else 0)
    return {
        key: {
            text[at : at + _PERSON]: text[at + begin : at + begin + _FIGURE]
            for at in range(0, len(text), size)
        }
        for key, text in told.items()
    }


def held(
    told: Mapping[str, str], question: Question, earlier: Sequence[Earlier], own: str = ""
) -> set[str]:
    """Return the companies of a page that earlier ones would make tell of fewer than LEAST_PEOPLE.

    Sums of the same measure of sales are compared, and those of the same measure of learning.
    """
    found: set[str] = set()
    for sales in (True, False):
        same = [each.marks for each in earlier if each.tells(question, sales=sales)]
        stored = [cell for marks in same for cell in cells(marks, sales=sales).values()]
        found |= isolating(cells(told, sales=sales), stored)
    return found - {own}
