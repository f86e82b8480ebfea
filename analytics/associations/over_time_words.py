"""The same rep over time in words: verbs of grade C where the checks were passed, else only that nothing is said."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from analytics.associations import figures, measures, words
from analytics.associations.question import Question
from core.words import number

MORE: dict[str, Promise] = {
    measures.FINISHED: pgettext_lazy("rep", "had finished one more module"),
    measures.REQUIRED: pgettext_lazy("rep", "had done 10 points more of the required learning"),
    measures.QUIZ: pgettext_lazy("rep", "had first scores 10 points higher"),
    measures.MINUTES: pgettext_lazy("rep", "learned 60 minutes more"),
}

STEP = {
    measures.FINISHED: 1.0,
    measures.REQUIRED: 0.1,
    measures.QUIZ: 100.0,
    measures.MINUTES: 3600.0,
}
"""How much more learning a sentence speaks of, in the unit in which it is counted."""

LEAD, OTHER_LAG = "lead", "other_lag"


def at(told: dict[str, Any], lag: int) -> dict[str, Any] | None:
    """Return the estimate at a lag."""
    found: dict[str, Any] | None = next(
        (each for each in told["strip"] if each["lag"] == lag), None
    )
    return found


def is_said(told: dict[str, Any]) -> bool:
    """Say whether grade C was reached."""
    return bool(told["grade"] in {"A", "B", "C"})


def sentence(question: Question, told: dict[str, Any]) -> str:
    """Say in one sentence what the same reps did, with the grade's verbs."""
    one = at(told, question.lag)
    if LEAD in told["doubts"]:
        return _(
            "Good sales came before learning: who sold well changed how they learned the month after. So comparing the"
            " same rep over time can't tell more than the association above."
        )
    if not is_said(told) or one is None or one["low"] is None:
        return _(
            "Comparing the same rep over time can't tell more here than the association above."
        )
    if one["low"] <= 0 <= one["high"]:
        return _(
            "For the same rep it isn't clear whether “%(sales)s” was any different in months after they %(more)s."
        ) % {"sales": words.SALES[question.sales], "more": MORE[question.learning]}
    said = (
        _("In months after a rep %(more)s, the same rep's “%(sales)s” was higher by %(value)s.")
        if one["value"] > 0
        else _("In months after a rep %(more)s, the same rep's “%(sales)s” was lower by %(value)s.")
    )
    return said % {
        "more": MORE[question.learning],
        "sales": words.SALES[question.sales],
        "value": change(question, abs(one["value"])),
    }


def stands_on(question: Question, told: dict[str, Any]) -> str:
    """Say what the sentence stands on."""
    one = at(told, question.lag)
    if one is None or one["low"] is None:
        return ""
    return _(
        "95%% interval %(low)s to %(high)s; %(reps)s, %(partners)s, %(months)s months of reps; %(lag)s; rep and month"
        " held fixed; evidence grade %(grade)s."
    ) % {
        "low": change(question, one["low"], sign=True),
        "high": change(question, one["high"], sign=True),
        "reps": words.reps(one["reps"]),
        "partners": words.companies(one["partners"]),
        "months": number(one["months"]),
        "lag": words.lag(question.lag),
        "grade": told["grade"],
    }


def smallest(question: Question, told: dict[str, Any]) -> str:
    """Say which change would probably have been seen, and with how many reps half of it."""
    one = at(told, question.lag)
    if one is None or one["smallest"] is None:
        return ""
    return _(
        "The smallest difference that would probably have been seen is %(value)s (80%% power, 5%% level); half of it"
        " takes about four times as many reps, or months."
    ) % {"value": change(question, one["smallest"])}


def change(question: Question, value: float, *, sign: bool = False) -> str:
    """Say by how much sales differ for the step of learning that sentences speak of."""
    return amount(question, value * STEP[question.learning], sign=sign)


def amount(question: Question, value: float, *, sign: bool = False) -> str:
    """Say a difference of sales: points of a share, or money."""
    mark = "" if not sign else ("+" if value >= 0 else "−")
    if question.sales in measures.OF_MONEY:
        return mark + words.amount(question.sales, abs(value), question.currency)
    return mark + figures.size(abs(value) * 100, digits=2)


def scaled(question: Question, value: float) -> float:
    """Return a difference for the step of learning as it stands on an axis: points, or whole units of money."""
    return value * STEP[question.learning] * words.scale(question.sales, question.currency)


def tick(value: float) -> str:
    """Say a value beside the axis."""
    return f"{value:,.6g}".replace("-", "−")


def unit(question: Question) -> str:
    """Say what the values are."""
    if question.sales in measures.OF_MONEY:
        return _("Difference of “%(sales)s” in %(currency)s, in months after a rep %(more)s.") % {
            "sales": words.SALES[question.sales],
            "currency": question.currency,
            "more": MORE[question.learning],
        }
    return _("Difference of “%(sales)s” in percentage points, in months after a rep %(more)s.") % {
        "sales": words.SALES[question.sales],
        "more": MORE[question.learning],
    }


def lag(n: int) -> str:
    """Name a lag of the strip; -1 is the check that looks the other way round."""
    if n < 0:
        return _("Reverse: sales first")
    return pgettext("lag", "same month (t+0)") if n == 0 else words.lag(n)
