"""A launch and the months of reps around it, as a study takes them. Pure."""

import dataclasses
import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence

ASKED, FINISHED, DRAWN = "asked", "finished", "drawn"


@dataclasses.dataclass(frozen=True)
class Start:
    """When somebody who sells at a company was first asked to take a course, and when one first finished a module."""

    organisation_id: uuid.UUID
    asked: dt.date | None
    finished: dt.date | None


@dataclasses.dataclass(frozen=True)
class Line:
    """A rep's month with sales at a company: so much of so much. A base of 0 is a missing figure."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    month: dt.date
    part: int
    base: int


@dataclasses.dataclass(frozen=True)
class Figures:
    """Everything that a study of a launch is made of; `sales` and `currency` say what is measured."""

    sales: str
    currency: str
    since: dt.date
    until: dt.date
    starts: Sequence[Start]
    lines: Sequence[Line]

    @property
    def print(self) -> str:
        """A hash of all figures."""
        said = (self.sales, self.currency, self.since, self.until, *self.starts, *self.lines)
        return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()

    def printed(self, strayed: int) -> str:
        """Return a hash of all figures and of how many companies strayed from what was drawn."""
        return hashlib.sha256(f"{self.print} {strayed}".encode()).hexdigest()

    @property
    def partners(self) -> set[uuid.UUID]:
        """The companies of which sales are known."""
        return {line.organisation_id for line in self.lines}

    @property
    def by(self) -> str:
        """What launches are known by: assignments, where anybody was asked anywhere; else finished modules."""
        return ASKED if any(start.asked for start in self.starts) else FINISHED

    def month(self, start: Start) -> dt.date | None:
        """Return the month in which a company launched, if it did."""
        return start.asked if self.by == ASKED else start.finished

    def early(self, start: Start) -> bool:
        """Say whether a module was finished there without being asked for, or before: no month is free of it."""
        if self.by == FINISHED or start.finished is None:
            return False
        return start.asked is None or start.finished < start.asked

    @property
    def launched(self) -> dict[uuid.UUID, dt.date]:
        """The companies with sales that launched within these months, and when."""
        there, months = self.partners, ((each, self.month(each)) for each in self.starts)
        return {
            start.organisation_id: month
            for start, month in months
            if month and self.since < month < self.until and start.organisation_id in there
        }

    @property
    def before(self) -> set[uuid.UUID]:
        """The companies that had launched by the first month: nothing is known of them before."""
        months = ((each.organisation_id, self.month(each)) for each in self.starts)
        return {key for key, month in months if month and month <= self.since}
