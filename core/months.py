"""Calendar months, each named by its first day. Pure."""

import datetime as dt
import re


def month_of(moment: dt.datetime, zone: dt.tzinfo) -> dt.date:
    """Return the first day of the month in which this moment falls there."""
    return moment.astimezone(zone).date().replace(day=1)


def before(month: dt.date, months: int = 1) -> dt.date:
    """Return the first day of the month so many months before."""
    index = month.year * 12 + month.month - 1 - months
    return dt.date(index // 12, index % 12 + 1, 1)


def after(month: dt.date, months: int = 1) -> dt.date:
    """Return the first day of the month so many months later."""
    return before(month, -months)


def last_day(month: dt.date) -> dt.date:
    """Return the month's last day."""
    return after(month) - dt.timedelta(days=1)


def name(month: dt.date) -> str:
    """Return the month as it stands in addresses and keys: 2026-11."""
    return f"{month:%Y-%m}"


def parse(text: str) -> dt.date | None:
    """Read a month as `name()` writes it; None for anything else."""
    found = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", text, re.ASCII)
    return dt.date(int(found[1]), int(found[2]), 1) if found else None
