"""What is asked: whose learning of which months is held against whose sales. Pure."""

import dataclasses
import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from analytics.associations import measures
from core.months import before


@dataclasses.dataclass(frozen=True, kw_only=True)
class Question:
    """Sales of whole months, from `since` until `until` (not included), and learning `lag` months before each.

    None is all. `currency` is of measures in money.
    """

    since: dt.date
    until: dt.date
    lag: int = measures.USUAL_LAG
    learning: str = measures.FINISHED
    sales: str = measures.APPOINTMENTS
    currency: str = ""
    product_id: uuid.UUID | None = None
    course_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None
    team_id: uuid.UUID | None = None

    @property
    def months(self) -> int:
        """How many months of sales."""
        return (self.until.year - self.since.year) * 12 + self.until.month - self.since.month

    @property
    def learning_since(self) -> dt.date:
        """The first month of learning."""
        return before(self.since, self.lag)

    @property
    def learning_until(self) -> dt.date:
        """The month after the last one of learning."""
        return before(self.until, self.lag)

    def told(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return {
            name: value if value is None or isinstance(value, int) else str(value)
            for name, value in dataclasses.asdict(self).items()
        }

    @property
    def key(self) -> str:
        """A hash that only the same question has."""
        return hashlib.sha256(json.dumps(self.told(), sort_keys=True).encode()).hexdigest()

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Question":
        """Return the question that `told()` gave."""
        given: dict[str, Any] = {
            name: told[name] for name in ("lag", "learning", "sales", "currency")
        }
        given |= {name: dt.date.fromisoformat(told[name]) for name in ("since", "until")}
        given |= {
            name: uuid.UUID(told[name]) if told.get(name) else None
            for name in ("product_id", "course_id", "organisation_id", "team_id")
        }
        return cls(**given)


def usual(today: dt.date) -> Question:
    """Return what is asked unless something else is: the last whole months, modules finished, appointments."""
    until = today.replace(day=1)
    return Question(since=before(until, measures.USUAL_LENGTH), until=until)
