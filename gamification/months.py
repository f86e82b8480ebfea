"""Months of the ranking: in which one something counts, and when one is closed.

A month is named by its first day. It closes three days after its end in the client's time zone; what is
corrected later counts in the month that is running then, so that a closed ranking never changes.
"""

import datetime as dt

from core.months import after, before, last_day, month_of, name, parse

__all__ = [
    "after",
    "before",
    "booking_month",
    "closes_at",
    "days_left",
    "is_closed",
    "kept_months",
    "last_day",
    "month_of",
    "name",
    "open_months",
    "parse",
]

GRACE = dt.timedelta(days=3)
"""How long after its end a month still takes in what belongs to it."""

KEPT = 3
"""How many months' rankings stand in Redis; older ones are read from the database."""


def closes_at(month: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Return the moment from which nothing more is booked in this month."""
    return dt.datetime.combine(after(month) + GRACE, dt.time(), tzinfo=zone)


def is_closed(month: dt.date, now: dt.datetime, zone: dt.tzinfo) -> bool:
    """Say whether the month's ranking is final."""
    return now >= closes_at(month, zone)


def booking_month(caused_at: dt.datetime, now: dt.datetime, zone: dt.tzinfo) -> dt.date:
    """Return the month in which points count that were caused then and are booked now.

    That is the month of the cause while it is open, else the running one. A cause that a wrong clock put
    into the future counts in the running month.
    """
    month, running = month_of(caused_at, zone), month_of(now, zone)
    return running if is_closed(month, now, zone) else min(month, running)


def open_months(now: dt.datetime, zone: dt.tzinfo) -> list[dt.date]:
    """Return the months that can still change, the running one first."""
    running = month_of(now, zone)
    return [month for month in (running, before(running)) if not is_closed(month, now, zone)]


def kept_months(now: dt.datetime, zone: dt.tzinfo) -> list[dt.date]:
    """Return the months whose rankings stand in Redis, the running one first."""
    months = [month_of(now, zone)]
    while len(months) < KEPT:
        months.append(before(months[-1]))
    return months


def days_left(month: dt.date, now: dt.datetime, zone: dt.tzinfo) -> int:
    """Return how many days of the month are left, today included; 0 when it is over."""
    return max(0, (after(month) - now.astimezone(zone).date()).days)
