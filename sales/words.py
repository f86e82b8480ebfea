"""Sales figures in words: measures and money as the reader's language has them."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from core import rounding
from core.words import number
from sales import currencies, measures
from sales.deals import LOST, OPEN, REFUNDED, WON

LABELS: dict[str, Promise] = {
    measures.CALLS: pgettext_lazy("measure", "Calls"),
    measures.KEY_PERSONS: pgettext_lazy("measure", "Key-person contacts"),
    measures.LEADS: pgettext_lazy("measure", "Leads"),
    measures.APPOINTMENTS: pgettext_lazy("measure", "Appointments"),
    measures.QUALIFIED: pgettext_lazy("measure", "Qualified meetings"),
    measures.WON: pgettext_lazy("measure", "Won"),
    measures.LOST: pgettext_lazy("measure", "Lost"),
    measures.AMOUNT: pgettext_lazy("measure", "Won amount"),
    measures.DECIDED: pgettext_lazy("measure", "Deals won or lost"),
    measures.OPENED: pgettext_lazy("measure", "Deals opened"),
}

OUTCOMES: dict[str, Promise] = {
    OPEN: pgettext_lazy("deal", "Open"),
    WON: pgettext_lazy("measure", "Won"),
    LOST: pgettext_lazy("measure", "Lost"),
}

BECAME: dict[str, Promise] = {**OUTCOMES, REFUNDED: pgettext_lazy("stage", "Paid back")}
"""What can have become of a deal; that it was paid back nobody enters by hand."""

GRAINS: dict[str, Promise] = {
    measures.ACTIVITY: pgettext_lazy("grain", "counts of days"),
    measures.OPPORTUNITY: pgettext_lazy("grain", "from deals"),
}

STAGES: dict[str, Promise] = {
    "appointment": pgettext_lazy("stage", "Appointment"),
    "qualified": pgettext_lazy("stage", "Qualified"),
    "proposal": pgettext_lazy("stage", "Proposal"),
}


def day(value: dt.date) -> str:
    """Return a day with its weekday: 11月26日（木）, Thu 26 November."""
    return date_format(value, pgettext("date format", "D j F"))


def sign(currency: str) -> str:
    """Return what stands before an amount: ¥, $, CHF."""
    return currencies.SIGNS.get(currency, f"{currency} ")


def money(units: int, currency: str) -> str:
    """Return an amount that is kept in its smallest unit: ¥1,200,000, $1,234.50."""
    digits = currencies.digits(currency)
    whole, rest = divmod(units, 10**digits)
    parts = f".{rest:0{digits}}" if rest else ""
    return f"{sign(currency)}{number(whole)}{parts}"


def percent(value: float) -> str:
    """Return a rate with one decimal: 9.4."""
    return str(rounding.rounded(value, 1))
