"""Which months a page is about. Pure."""

import dataclasses
import datetime as dt

from core.months import after, before, parse

LENGTHS = (1, 3, 6, 12, 18)
USUAL = "3"


@dataclasses.dataclass(frozen=True)
class Period:
    """Whole months, from the first day of one until the first day of another, which is not included."""

    key: str
    since: dt.date
    until: dt.date

    @property
    def last(self) -> dt.date:
        """Its last month."""
        return before(self.until)

    @property
    def months(self) -> int:
        """How many months it has."""
        return (self.until.year - self.since.year) * 12 + self.until.month - self.since.month


def period(key: str, today: dt.date) -> Period:
    """Return the months that a key means: the last so many with the running one, or a single one (2026-11)."""
    running = today.replace(day=1)
    if month := parse(key):
        return Period(key, month, after(month))
    if key not in {str(length) for length in LENGTHS}:
        key = USUAL
    return Period(key, before(running, int(key) - 1), after(running))
