"""A report in words. Verbs are those of its evidence grade, and no others: a test reads every sentence.

Grade D, the only one so far: "is associated with", "tends to be higher where"; 関連がみられる.
"""

import datetime as dt
import math
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from analytics.associations import measures, telling
from analytics.associations.queries.reports import differs
from analytics.associations.question import Question
from core import rounding
from core.words import between, month, number
from sales import currencies
from sales import words as sales_words


def stamp(moment: dt.datetime | None) -> str:
    """Return a moment as it stands in files, by the clock that pages show; nothing for none."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


LEARNING: dict[str, Promise] = {
    measures.FINISHED: pgettext_lazy(
        "learning measure", "Modules finished so far (mean over the months)"
    ),
    measures.REQUIRED: pgettext_lazy("learning measure", "Required learning done"),
    measures.QUIZ: pgettext_lazy("learning measure", "First scores, mean"),
    measures.MINUTES: pgettext_lazy("learning measure", "Minutes learned a month"),
}

SALES: dict[str, Promise] = {
    measures.APPOINTMENTS: pgettext_lazy("sales measure", "Appointment rate"),
    measures.QUALIFIED: pgettext_lazy("sales measure", "Qualified rate"),
    measures.WIN: pgettext_lazy("sales measure", "Win rate (decided)"),
    measures.AMOUNT: pgettext_lazy("sales measure", "Won amount a month"),
    measures.DEAL: pgettext_lazy("sales measure", "Average deal"),
}

COUNTED: dict[str, Promise] = {
    measures.FINISHED: gettext_lazy(
        "How many modules the rep had finished by each month, on average over the months."
    ),
    measures.REQUIRED: gettext_lazy(
        "Of what was required of the rep until each month, how much was finished by then."
    ),
    measures.QUIZ: gettext_lazy(
        "The mean score of the first attempts at modules that the rep finished in these months."
    ),
    measures.MINUTES: gettext_lazy(
        "The minutes spent on modules that the rep finished in these months, divided by the months."
    ),
    measures.APPOINTMENTS: gettext_lazy(
        "Appointments divided by calls. Pages of sales tell appointments of leads: that is another rate."
    ),
    measures.QUALIFIED: gettext_lazy("Qualified meetings divided by appointments."),
    measures.WIN: gettext_lazy(
        "Won deals divided by those that were decided, won or lost; open ones don't count."
    ),
    measures.AMOUNT: gettext_lazy(
        "The amount won, divided by the months in which the rep has figures of sales."
    ),
    measures.DEAL: gettext_lazy("The amount won, divided by the deals won."),
}
"""How each measure is counted."""

_BASES: dict[str, Promise] = {
    measures.APPOINTMENTS: pgettext_lazy("sales measure", "Appointment rate (of calls)"),
    measures.QUALIFIED: pgettext_lazy("sales measure", "Qualified rate (of appointments)"),
}


def offered(measure: str) -> str:
    """Name a measure of sales where it is chosen: a rate with its base, where its name doesn't tell it."""
    return str(_BASES.get(measure, SALES[measure]))


_MORE: dict[str, Promise] = {
    measures.FINISHED: pgettext_lazy("where", "more modules are finished"),
    measures.REQUIRED: pgettext_lazy("where", "more of the required learning is done"),
    measures.QUIZ: pgettext_lazy("where", "first scores are higher"),
    measures.MINUTES: pgettext_lazy("where", "more minutes are learned"),
}

_LESS: dict[str, Promise] = {
    measures.FINISHED: pgettext_lazy("where", "fewer modules are finished"),
    measures.REQUIRED: pgettext_lazy("where", "less of the required learning is done"),
    measures.QUIZ: pgettext_lazy("where", "first scores are lower"),
    measures.MINUTES: pgettext_lazy("where", "fewer minutes are learned"),
}

HIGHER, LOWER, UNCLEAR = "higher", "lower", "unclear"


def direction(result: dict[str, Any]) -> str:
    """Say which way the headline's interval points, if it points one way."""
    _value, low, high = result[result["headline"]]
    if low > 0:
        return HIGHER
    return LOWER if high < 0 else UNCLEAR


def sentence(question: Question, result: dict[str, Any]) -> str:
    """Say in one sentence what was found, with the grade's verbs."""
    if "reason" in result:
        return nothing(result)
    if "headline" not in result:
        return _not_told(result)
    among = result["headline"] == "within"
    sales, found = SALES[question.sales], direction(result)
    if found == UNCLEAR:
        said = (
            _(
                "Among reps of the same company it isn't clear whether “%(learning)s” is associated with “%(sales)s”."
            )
            if among
            else _(
                "Among these reps it isn't clear whether “%(learning)s” is associated with “%(sales)s”."
            )
        )
        return said % {"learning": LEARNING[question.learning], "sales": sales}
    where = (_MORE if found == HIGHER else _LESS)[question.learning]
    said = (
        _("Among reps of the same company, “%(sales)s” tends to be higher where %(where)s.")
        if among
        else _("Among these reps, “%(sales)s” tends to be higher where %(where)s.")
    )
    return said % {"sales": sales, "where": where}


def _not_told(result: dict[str, Any]) -> str:
    """Say why no direction is told."""
    told = sorted({each["code"] for each in result["findings"]} & {"sign_adjusted", "sign_differs"})
    if told:
        answer = {"grade": "D", "headline": None, "reasons": told[:1]}
        return telling.sentence(answer)
    return _("How these reps differ from each other isn't told: see the doubts.")


def stands_on(question: Question, result: dict[str, Any]) -> str:
    """Say what the sentence stands on: the number, its interval, how many, which months, what is missing."""
    if "headline" not in result:
        return ""
    value, low, high = result[result["headline"]]
    return _(
        "Rank correlation %(value)s (95%% interval %(low)s to %(high)s); %(reps)s with figures in this period,"
        " %(partners)s; sales of %(sales)s, learning of %(learning)s, %(lag)s; %(missing)s%% missing; evidence grade D."
    ) % {
        "value": signed(value),
        "low": signed(low),
        "high": signed(high),
        "reps": reps(result["reps"]),
        "partners": companies(result["partners"]),
        "sales": months(question.since, question.until),
        "learning": months(question.learning_since, question.learning_until),
        "lag": lag(question.lag),
        "missing": missing(result),
    }


def nothing(result: dict[str, Any]) -> str:
    """Say why nothing can be said."""
    if result["reason"] == measures.SAME_LEARNING:
        return _("There is nothing to compare: all of them have learned the same.")
    if result["reason"] == measures.SAME_SALES:
        return _("There is nothing to compare: all of them have the same sales figure.")
    if result["reason"] == measures.CEILING:
        return _("There is nothing to compare: most of them are at the highest value.")
    return _("Not enough data to answer yet")


def instead(question: Question, result: dict[str, Any]) -> str:
    """Say why nobody has both figures, and what to ask about instead; empty where somebody has."""
    people, without = result.get("people", 0), result.get("no_sales", 0)
    if result.get("reps"):
        return ""
    if people == without:
        other = measures.WIN if question.sales != measures.WIN else measures.APPOINTMENTS
        return _(
            "Nobody has a figure of “%(sales)s” in these months. Ask about “%(other)s” instead, about a longer period,"
            " or about all products and companies."
        ) % {"sales": SALES[question.sales], "other": SALES[other]}
    other = measures.MINUTES if question.learning != measures.MINUTES else measures.FINISHED
    return _(
        "Nobody with a figure of “%(sales)s” has one of “%(learning)s” in these months. Ask about “%(other)s” instead,"
        " or about a longer period."
    ) % {
        "sales": SALES[question.sales],
        "learning": LEARNING[question.learning],
        "other": LEARNING[other],
    }


def companies_differ(result: dict[str, Any]) -> str:
    """Say where the figure over all companies would mislead; empty where it doesn't."""
    if differs(result) and result.get("headline") == "within" and not _same_rep_differs(result):
        return _(
            "Companies differ: over all of them together it looks different from what is seen among colleagues. That"
            " figure tells about companies, not about reps, and isn't shown."
        )
    if result.get("headline") != "within" or "pooled" not in result:
        return ""
    _value, low, high = result["within"]
    if not low <= result["pooled"][0] <= high:
        return _(
            "Companies differ in both. The figure over all of them together mixes that in; look at the one within"
            " companies."
        )
    return ""


def _same_rep_differs(result: dict[str, Any]) -> bool:
    """Say whether it is the same rep over time, not colleagues, who points another way."""
    told = result.get("findings", ())
    return any(each["code"] == "sign_differs" and each["values"]["raw"] == "slope" for each in told)


def smallest(result: dict[str, Any]) -> str:
    """Say which association would probably have been seen; empty where one was, or nobody is there."""
    if not _is_open(result) or result.get("smallest") is None:
        return ""
    return _(
        "The smallest rank correlation that would probably have been seen here is %(value)s (80%% power, 5%% level)."
    ) % {"value": f"{result['smallest']:.2f}"}


def _is_open(result: dict[str, Any]) -> bool:
    """Say whether it is left open which way it points: not where that is known, nor where it isn't told."""
    if "reason" in result:
        return True
    return "headline" in result and direction(result) == UNCLEAR


PARTIAL = "partial"
"""The correlation at equal time since joining, as results name it."""

WORTH = 0.1
"""A rank correlation that is worth knowing of."""


def needed(question: Question, result: dict[str, Any]) -> str:
    """Say how many reps would settle it and whence they could come, where so few leave it open; else nothing."""
    smallest = result.get("smallest")
    if not _is_open(result) or not smallest or smallest <= WORTH or not result.get("reps"):
        return ""
    people = math.ceil(result["reps"] * (smallest / WORTH) ** 2)
    told = _(
        "What would settle it: to detect a rank correlation of %(value)s just as reliably, you would need about"
        " %(reps)s with both figures."
    ) % {"value": f"{WORTH:.1f}", "reps": reps(people)}
    return _("%(told)s %(more)s") % {"told": told, "more": _whence(question)}


def _whence(question: Question) -> str:
    """Say what of the question keeps people out."""
    if question.team_id:
        return _("With all teams there would be more of them.")
    if question.organisation_id:
        return _("One company alone may not have so many.")
    if question.product_id:
        return _("With all products there would be more of them.")
    return _("A longer period would bring more of them.")


def signed(value: float) -> str:
    """Return a correlation with two decimals and its sign."""
    text = f"{value:+.2f}"
    return "0.00" if text in {"+0.00", "-0.00"} else text.replace("-", "−")


def missing(result: dict[str, Any]) -> str:
    """Return how many percent of the people lack a figure."""
    people = result["people"]
    return f"{100 * (people - result['reps']) / people:.1f}" if people else "0.0"


def equally_long(result: dict[str, Any]) -> tuple[str, str]:
    """Say the correlation at equal time since joining, and what it tells; empty where it isn't known."""
    value, low, high = result.get(PARTIAL) or (None, None, None)
    if value is None or low is None or high is None:
        return "", ""
    told = _(
        "Over all reps, at equal time since joining: correlation %(value)s (95%% interval %(low)s to %(high)s)."
    ) % {"value": signed(value), "low": signed(low), "high": signed(high)}
    if low > 0:
        return told, _("So compared, more of one tends to go along with more of the other.")
    if high < 0:
        return told, _("So compared, more of one tends to go along with less of the other.")
    return told, _("So compared, it isn't clear whether one is associated with the other.")


def reps(n: int) -> str:
    """Say how many reps."""
    return ngettext("%(n)s rep", "%(n)s reps", n) % {"n": number(n)}


def companies(n: int) -> str:
    """Say how many companies."""
    return ngettext("%(n)s company", "%(n)s companies", n) % {"n": number(n)}


def lag(n: int) -> str:
    """Say how many months lie between learning and sales."""
    if n == 0:
        return pgettext("lag", "sales in the same month")
    return ngettext("sales %(n)s month later", "sales %(n)s months later", n) % {"n": n}


def later(n: int) -> str:
    """Name a lag, with its short sign."""
    if n == 0:
        return pgettext("lag", "in the same month (t+0)")
    return ngettext("%(n)s month later (t+%(n)s)", "%(n)s months later (t+%(n)s)", n) % {"n": n}


def months(since: dt.date, until: dt.date) -> str:
    """Name whole months, the last one not included."""
    last = until - dt.timedelta(days=1)
    first = month(since)
    return (
        first
        if (since.year, since.month) == (last.year, last.month)
        else between(first, month(last), wide=True)
    )


def amount(measure: str, value: float, currency: str = "") -> str:
    """Say a value of a measure in its own unit."""
    if measure in measures.OF_MONEY:
        return sales_words.money(rounding.whole(value), currency)
    shown = value * scale(measure)
    if measure == measures.MINUTES:
        return pgettext("minutes", "%(n)s min") % {"n": f"{shown:.1f}"}
    return f"{shown:.1f}" if measure == measures.FINISHED else f"{shown:.1f}%"


def scale(measure: str, currency: str = "") -> float:
    """Return by what a value is multiplied to be shown: shares are percent, scores are kept in thousandths."""
    if measure in measures.OF_MONEY:
        smallest: int = 10 ** currencies.digits(currency)
        return 1 / smallest
    return {measures.QUIZ: 0.1, measures.MINUTES: 1 / 60, measures.FINISHED: 1.0}.get(
        measure, 100.0
    )


def month_tick(value: dt.date) -> str:
    """Say a month beside an axis, as short as can be: 25/5, May ’25."""
    return date_format(value, pgettext("date format of an axis", "M ’y"))


def tick(measure: str, value: float, currency: str = "") -> str:
    """Say a value beside an axis, as short as can be."""
    shown = value * scale(measure, currency)
    if measure in measures.OF_MONEY:
        return _short(shown)
    plain = f"{shown:.6g}"
    return plain if measure in {measures.MINUTES, measures.FINISHED} else f"{plain}%"


def _short(value: float) -> str:
    """Return a large figure in the thousands of the reader's language: 120万, 1.2M."""
    names = (
        ((1e8, "億"), (1e4, "万"))
        if (get_language() or "").startswith("ja")
        else ((1e9, "B"), (1e6, "M"), (1e3, "K"))
    )
    for size, name in names:
        if abs(value) >= size:
            return f"{value / size:g}{name}"
    return f"{value:g}"


def numbers() -> dict[str, str]:
    """Name the numbers of a report."""
    return {
        "pooled": _("Rank correlation over all reps"),
        "within": _("Rank correlation within companies"),
        "between": _("Rank correlation between companies"),
        PARTIAL: _("Correlation at equal time since joining"),
        "slope": _("Slope over all reps"),
        "slope_within": _("Slope within companies"),
        "slope_same_rep": _("Slope, the same rep over time"),
    }


def smallest_short() -> str:
    """Name the smallest correlation that would probably have been seen."""
    return _("Smallest rank correlation that would probably have been seen")
