"""Figures, months and titles as the reader's language writes them."""

import datetime as dt
import functools
from collections.abc import Iterable

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timeuntil
from django.utils.translation import get_language, npgettext, pgettext
from django.utils.translation import gettext as _

from core import rounding


def number(value: int) -> str:
    """Return a figure with its digits grouped: 40,123, alike in both languages."""
    return f"{value:,}" if type(value) is int else str(intcomma(value))


def share(part: int, whole: int, target: int = 100) -> str:
    """Return a share in whole percent: what isn't nothing is never 0 %, what is below the target less."""
    if 0 < 100 * part < whole:
        return _("under 1%")
    percent = rounding.divided(100 * part, whole)
    return f"{min(percent, target - 1) if 100 * part < target * whole else percent}%"


def time_left(end: dt.datetime) -> str:
    """Return how long it is until a moment: in whole days from two on, else in hours and minutes."""
    days = (end - timezone.now() + dt.timedelta(hours=12)).days
    if days >= _WHOLE_DAYS:
        return npgettext("length", "%(n)s day", "%(n)s days", days) % {"n": days}
    return timeuntil(end)


_WHOLE_DAYS = 2
_INNER = {"ja": str.maketrans("「」", "『』"), "en": str.maketrans("“”", "‘’")}
_NOTHING: dict[int, int] = {}


def moment(at: dt.datetime) -> str:
    """Return a moment with day and hour, and with its year where that is another one: 11月26日 19:37, 26 Nov, 19:37."""
    here = timezone.localtime(at)
    if here.year != timezone.localtime().year:
        return date_format(here, "DATETIME_FORMAT")
    return date_format(here, pgettext("day and time, as in Django's date filter", "j M, H:i"))


def inner(text: str) -> str:
    """Return a title as it stands within the language's quotation marks, where its own become inner ones: 『 for 「."""
    return text.translate(_INNER.get(get_language() or "", _NOTHING))


def between(low: object, high: object, *, wide: bool = False) -> str:
    """Return from where to where something goes, as the language writes it: 18–36, 18〜36; `wide`: 1 May – 3 May."""
    said = (
        pgettext("from to", "%(low)s – %(high)s")
        if wide
        else pgettext("from to", "%(low)s–%(high)s")
    )
    return said % {"low": low, "high": high}


def listed(names: Iterable[object]) -> str:
    """Return names in a row, parted as the language does it: 札幌、仙台, Sapporo, Sendai."""
    return pgettext("between names", ", ").join(map(str, names))


def month(value: dt.date) -> str:
    """Return a month with its year: 2026年11月, November 2026."""
    return _months(get_language(), value.year, value.month)[0]


def month_short(value: dt.date) -> str:
    """Return a month alone: 11月, November."""
    return _months(get_language(), value.year, value.month)[1]


@functools.lru_cache(maxsize=500)
def _months(_language: str | None, year: int, number: int) -> tuple[str, str]:
    """Return both names; the ranking's page says a dozen, and putting one together is slow."""
    first = dt.date(year, number, 1)
    return (
        date_format(first, pgettext("date format", "F Y")),
        date_format(first, pgettext("date format", "F")),
    )
