"""A course and the months of reps around its completion, as a study takes them. Pure."""

import dataclasses
import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Line:
    """A rep's month with sales: where, which month, and in which one they completed the course, if they did."""

    person_id: uuid.UUID
    organisation_id: uuid.UUID
    month: dt.date
    completed: dt.date | None
    appointments: int
    calls: int
    qualified: int
    won: int
    decided: int


@dataclasses.dataclass(frozen=True)
class Figures:
    """Everything that a study is made of."""

    lines: Sequence[Line]

    @property
    def print(self) -> str:
        """A hash of all figures."""
        return hashlib.sha256("\n".join(map(str, self.lines)).encode()).hexdigest()

    @property
    def completed(self) -> dict[uuid.UUID, uuid.UUID]:
        """Who completed it in these months, and where they stood last."""
        return {line.person_id: line.organisation_id for line in self.lines if line.completed}
