"""When people learn: in working months between two meetings, on the train, at lunch. Pure."""

import dataclasses
import datetime as dt
import random
from zoneinfo import ZoneInfo

_WEEKEND = 0.15
"""How likely a moment on a weekend is kept."""

_HOURS = ((7.4, 9.2, 0.30), (11.8, 13.2, 0.25), (13.2, 18.5, 0.22), (18.5, 22.5, 0.23))
"""From, to (hours of the day) and how much of all learning falls between."""

_JUST_NOW = dt.timedelta(minutes=12)


@dataclasses.dataclass(frozen=True)
class Calendar:
    """The world's months laid on real days: month `months - 1` is the one in which `now` lies."""

    now: dt.datetime
    months: int
    zone: ZoneInfo

    @property
    def today(self) -> dt.date:
        """The day it is now in the zone."""
        return self.now.astimezone(self.zone).date()

    def first_day(self, month: int) -> dt.date:
        """Return the first day of a numbered month; months before the world's first are negative."""
        here = self.today
        index = here.year * 12 + here.month - 1 - (self.months - 1 - month)
        return dt.date(index // 12, index % 12 + 1, 1)

    def last_day(self, month: int) -> dt.date:
        """Return the last day of a numbered month."""
        return self.first_day(month + 1) - dt.timedelta(days=1)

    def month(self, day: dt.date) -> int:
        """Return the number of the month in which a day lies."""
        here = self.today
        return self.months - 1 - (here.year - day.year) * 12 - here.month + day.month

    def at(self, day: dt.date, hour: float = 0.0) -> dt.datetime:
        """Return the moment of this day and hour in the zone."""
        midnight = dt.datetime.combine(day, dt.time(), tzinfo=self.zone)
        return (midnight + dt.timedelta(hours=hour)).astimezone(dt.UTC)

    @property
    def elapsed(self) -> float:
        """How much of the current month is over, 0 to 1."""
        current = self.months - 1
        begin, end = self.at(self.first_day(current)), self.at(self.first_day(current + 1))
        return (self.now - begin) / (end - begin)

    def moment(
        self, rng: random.Random, earliest: dt.datetime, latest: dt.datetime, early: float = 1.0
    ) -> dt.datetime:
        """Draw a moment of learning between two others; `early` above 1 leans to the beginning.

        Where the working hours of that time have not come yet, any moment in it will do.
        """
        latest = min(latest, self.now - _JUST_NOW)
        for _ in range(12):
            drawn = earliest + (latest - earliest) * rng.random() ** early
            day = drawn.astimezone(self.zone).date()
            moment = self.at(day, _hour(rng))
            free = day.weekday() < 5 or rng.random() < _WEEKEND
            if free and earliest <= moment <= latest:
                return moment
        return max(earliest, earliest + (latest - earliest) * rng.random())


def _hour(rng: random.Random) -> float:
    choice = rng.random()
    for start, end, weight in _HOURS:
        choice -= weight
        if choice < 0:
            return rng.uniform(start, end)
    return rng.uniform(*_HOURS[-1][:2])
