"""Which months a page is about. Pure."""

import dataclasses
import datetime as dt
import re

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


def before(month: dt.date, months: int = 1) -> dt.date:
    """Return the first day of the month so many months before."""
    index = month.year * 12 + month.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)


def period(key: str, today: dt.date) -> Period:
    """Return the months that a key means: the last so many with the running one, or a single one (2026-11)."""
    running = today.replace(day=1)
    if re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", key, re.ASCII):
        month = dt.date.fromisoformat(f"{key}-01")
        return Period(key, month, before(month, -1))
    if key not in {str(length) for length in LENGTHS}:
        key = USUAL
    return Period(key, before(running, int(key) - 1), before(running, -1))
