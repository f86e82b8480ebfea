"""One row a rep: learning and sales as whole numbers over whole numbers, and what is missing. Pure."""

import dataclasses
import hashlib
import uuid
from collections.abc import Iterable, Sequence
from fractions import Fraction


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A rep's learning and sales, each a part of a base; a base of 0 is a missing figure.

    `tenure` are the days from their joining until the end of the months, if known.
    """

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    learnt: int
    learnt_of: int
    sold: int
    sold_of: int
    tenure: int | None = None

    @property
    def complete(self) -> bool:
        """Whether both figures are there."""
        return bool(self.learnt_of and self.sold_of)

    @property
    def learning(self) -> Fraction:
        """The measure of learning, in the unit in which it was counted."""
        return Fraction(self.learnt, self.learnt_of)

    @property
    def sales(self) -> Fraction:
        """The measure of sales, in the unit in which it was counted."""
        return Fraction(self.sold, self.sold_of)


@dataclasses.dataclass(frozen=True, slots=True)
class MonthRow:
    """A rep's month: learning until or in it, sales in it; a base of 0 is a missing figure. Months are counted on."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    month: int
    learnt: int
    learnt_of: int
    sold: int
    sold_of: int


@dataclasses.dataclass(frozen=True)
class Unit:
    """Everybody who is asked about, and the names of where they belong; `months` is the same, month by month."""

    rows: Sequence[Row]
    names: dict[uuid.UUID, str]
    months: Sequence[MonthRow] = ()

    @property
    def complete(self) -> list[Row]:
        """Those with both figures."""
        return [row for row in self.rows if row.complete]

    def print(self, *more: str) -> str:
        """Return a hash of all figures: another one where a single one differs. `more` is hashed with them."""
        lines = [*more, *_lines(self.rows), *_monthly(self.months)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _lines(rows: Iterable[Row]) -> list[str]:
    return sorted(
        f"{r.person_id} {r.organisation_id} {r.learnt}/{r.learnt_of} {r.sold}/{r.sold_of} {r.tenure}"
        for r in rows
    )


def _monthly(rows: Iterable[MonthRow]) -> list[str]:
    return sorted(
        f"{r.person_id} {r.month} {r.learnt}/{r.learnt_of} {r.sold}/{r.sold_of}" for r in rows
    )
