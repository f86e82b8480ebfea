"""Sales figures in words: measures, months and money as the reader's language has them."""

import datetime as dt

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from sales import currencies, measures

LABELS: dict[str, Promise] = {
    measures.CALLS: pgettext_lazy("measure", "Calls"),
    measures.KEY_PERSONS: pgettext_lazy("measure", "Key-person contacts"),
    measures.LEADS: pgettext_lazy("measure", "Leads"),
    measures.APPOINTMENTS: pgettext_lazy("measure", "Appointments"),
    measures.QUALIFIED: pgettext_lazy("measure", "Qualified meetings"),
    measures.WON: pgettext_lazy("measure", "Won"),
    measures.LOST: pgettext_lazy("measure", "Lost"),
    measures.AMOUNT: pgettext_lazy("measure", "Won amount"),
}


def month(value: dt.date) -> str:
    """Return a month with its year: 2026年11月, November 2026."""
    return date_format(value, pgettext("date format", "F Y"))


def number(value: int) -> str:
    """Return a figure as the reader's language groups it: 40,123."""
    return str(intcomma(value))


def money(units: int, currency: str) -> str:
    """Return an amount that is kept in its smallest unit: ¥1,200,000, $1,234.50."""
    digits = currencies.digits(currency)
    whole, rest = divmod(units, 10**digits)
    parts = f".{rest:0{digits}}" if rest else ""
    return f"{currencies.SIGNS.get(currency, f'{currency} ')}{number(whole)}{parts}"


def percent(value: float) -> str:
    """Return a rate with one decimal: 9.4."""
    return f"{value:.1f}"
