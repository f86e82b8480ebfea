"""Estimates as they are read: with their unit, as many digits as their neighbours, and a proper minus.

Every page, file and line of text that says an estimate says it by these.
"""

import math
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sales import currencies
from sales import words as sales_words

NOTHING = "–"
"""Stands where there is no number."""

_READ = 3
"""So many digits are read of a number whose unit isn't known."""


def plain(value: float | None) -> str:
    """Say a number whose unit isn't known, with as many digits as can be read."""
    if value is None:
        return NOTHING
    value += 0.0  # no −0
    size = abs(value)
    if size >= 1000:
        text = f"{value:,.0f}"
    elif size >= 100:
        text = f"{value:.1f}"
    else:
        text = f"{value:.{_READ}g}" if size >= 0.0005 or not size else f"{value:.1e}"
    return _minus(text)


def short(value: float | None, unit: float = 1) -> float | None:
    """Return a number as files have it: times its unit, with six digits."""
    return None if value is None else float(f"{value * unit:.6g}")


def even(*values: float | None) -> list[str]:
    """Say numbers of one unit beside each other: all with the digits that the largest of them needs."""
    largest = max((abs(each) for each in values if each is not None), default=0.0)
    if not 0.001 <= largest < 10**6:
        return [plain(each) for each in values]
    places = min(max(_READ - 1 - math.floor(math.log10(largest)), 0), 5)
    return [NOTHING if each is None else _signless(f"{each:,.{places}f}") for each in values]


def digits(*values: float | None) -> int:
    """Return how many digits let points be told apart: one, or two where all are small."""
    return 1 if any(each is not None and abs(each) >= 1 for each in values) else 2


def difference(value: float | None, currency: str = "", digits: int = 1) -> str:
    """Say a difference as a bare figure: percentage points, or an amount."""
    if value is None:
        return NOTHING
    if currency:
        whole = round(abs(value) * 10 ** currencies.digits(currency))
        text = sales_words.money(whole, currency)
    else:
        text = f"{abs(value):.{digits}f}"
    return f"−{text}" if value < 0 and _says_something(text) else text


def size(value: float, currency: str = "", digits: int = 1) -> str:
    """Say a difference with its unit."""
    text = difference(value, currency, digits)
    return text if currency else pgettext("difference", "%(n)s points") % {"n": text}


def share(value: float) -> str:
    """Say a share in whole percent; what isn't nothing is never 0, and what isn't all never 100."""
    percent = f"{100 * value:.0f}"
    if percent == "0" and value > 0:
        return _("under 1%")
    if percent == "100" and value < 1:
        return _("over 99%")
    return f"{percent}%"


def probability(p: float) -> str:
    """Say a p-value: three digits at most, and no more than that it is under a thousandth."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def missing(value: float) -> str:
    """Say how many percent are missing, without the sign: a tenth, or that it is less."""
    return "< 0.1" if 0 < value < 0.0005 else f"{100 * value:.1f}"


def _minus(text: str) -> str:
    return text.replace("-", "−")


def _signless(text: str) -> str:
    return _minus(text) if _says_something(text) else text.lstrip("-")


def _says_something(text: str) -> bool:
    return any(each in "123456789" for each in text)


def of_unit(values: Sequence[float | None], currency: str | None) -> list[str]:
    """Say numbers of one unit beside each other, the last one with it; None is a unit that isn't known."""
    if currency is None:
        return even(*values)
    places = digits(*values)
    told = [difference(each, currency, places) for each in values[:-1]]
    last = values[-1]
    return [*told, NOTHING if last is None else size(last, currency, places)]
