"""Figures and months as the reader's language writes them."""

import datetime as dt

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.translation import pgettext


def number(value: int) -> str:
    """Return a figure with its digits grouped: 40,123, alike in both languages."""
    return f"{value:,}" if type(value) is int else str(intcomma(value))


def month(value: dt.date) -> str:
    """Return a month with its year: 2026年11月, November 2026."""
    return date_format(value, pgettext("date format", "F Y"))


def month_short(value: dt.date) -> str:
    """Return a month alone: 11月, November."""
    return date_format(value, pgettext("date format", "F"))
