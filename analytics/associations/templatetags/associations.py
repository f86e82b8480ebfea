"""Filters that say a report's figures in the reader's language: see `analytics.associations.words`."""

from typing import Any

from django import template
from django.utils.translation import pgettext

from analytics.associations import grid_words, over_time_words, step_words, telling, words
from analytics.associations.question import Question
from core.words import number

register = template.Library()

register.filter("progress", step_words.progress)
register.filter("signed", words.signed)
register.filter("companies", words.companies)
register.filter("reps", words.reps)
register.filter("tick", over_time_words.tick)
register.filter("later", words.later)
register.filter("grid_interval", grid_words.interval)
register.filter("grid_pair", grid_words.pair)
register.filter("grid_q", grid_words.q)
register.filter("grid_reason", grid_words.reason)
register.filter("grid_stands_on", grid_words.stands_on)


@register.filter
def counted(n: int, what: str) -> str:
    """Say a count beside its name, with the unit that some languages want."""
    said = {
        "reps": pgettext("how many reps, beside the word", "%(n)s"),
        "companies": pgettext("how many companies, beside the word", "%(n)s"),
        "months": pgettext("how many months, beside the word", "%(n)s"),
    }[what]
    return said % {"n": number(n)}


@register.filter
def value(of: float, question: Question) -> str:
    """Say a value of the sales measure."""
    return words.amount(question.sales, of, question.currency)


@register.filter
def learnt(of: float, question: Question) -> str:
    """Say a value of the learning measure."""
    return words.amount(question.learning, of)


@register.filter
def lengths(n: int) -> str:
    """Say how many months."""
    return telling.period("month", n)


@register.filter
def how_counted(measure: str) -> str:
    """Say how a measure is counted."""
    return str(words.COUNTED[measure])


@register.filter
def missing(result: dict[str, Any]) -> str:
    """Say how many percent are missing."""
    return words.missing(result)


@register.filter
def lag(question: Question) -> str:
    """Say how much later the sales are."""
    return words.lag(question.lag)


@register.filter
def sales_months(question: Question) -> str:
    """Name the months of sales."""
    return words.months(question.since, question.until)


@register.filter
def learning_months(question: Question) -> str:
    """Name the months of learning."""
    return words.months(question.learning_since, question.learning_until)


@register.filter
def row(number: int) -> int:
    """Return how far down a bar lies."""
    return 22 + 40 * number
