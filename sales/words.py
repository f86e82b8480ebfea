"""Sales figures in words: measures and money as the reader's language has them."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from core.words import number
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


def money(units: int, currency: str) -> str:
    """Return an amount that is kept in its smallest unit: ¥1,200,000, $1,234.50."""
    digits = currencies.digits(currency)
    whole, rest = divmod(units, 10**digits)
    parts = f".{rest:0{digits}}" if rest else ""
    return f"{currencies.SIGNS.get(currency, f'{currency} ')}{number(whole)}{parts}"


def percent(value: float) -> str:
    """Return a rate with one decimal: 9.4."""
    return f"{value:.1f}"
