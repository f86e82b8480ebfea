"""Due dates as days: when a day ends, how many days are left, when to remind. Pure."""

import datetime as dt

MORNING = 8
"""The hour from which reminders go out, so that nobody is woken by one."""

SOON = 7
"""Days before its due date from which what is required comes before what was begun."""


def end_of(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """Return the last second of a day: what is due on it may still be done then."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), zone)


def day_of(due_at: dt.datetime, zone: dt.tzinfo) -> dt.date:
    """Return the day on which something is due."""
    return due_at.astimezone(zone).date()


def days_left(due_at: dt.datetime, now: dt.datetime, zone: dt.tzinfo) -> int:
    """Return how many days are left: 0 on the day itself, less when it is over."""
    return (day_of(due_at, zone) - now.astimezone(zone).date()).days


def may_remind(now: dt.datetime, zone: dt.tzinfo) -> bool:
    """Say whether the hour has come from which reminders go out."""
    return now.astimezone(zone).hour >= MORNING
