"""Filters that say sales figures in the reader's language: see `sales.words`."""

from typing import Any

from django import template

from core.words import month, number
from sales import words
from sales.funnel import Amount, Cell
from sales.queries.days import Led
from sales.queries.funnel import MONTH, Group, month_of

register = template.Library()

register.filter("percent", words.percent)
register.filter("day_name", words.day)


@register.filter
def measure(key: str) -> Any:
    """Name a measure."""
    return words.LABELS[key]


@register.filter
def count_of(cell: Cell, key: str) -> str:
    """Say how often a measure was counted."""
    return number(cell.counts.get(key, 0))


@register.filter
def money(amount: Amount) -> str:
    """Say what was won in one currency."""
    return words.money(amount.units, amount.currency)


@register.filter
def amount_of(deal: Any) -> str:
    """Say what a deal is worth; empty where it isn't known."""
    return "" if deal.amount is None else words.money(deal.amount, deal.currency)


@register.filter
def counted_by(key: str) -> Any:
    """Say how a measure is counted."""
    return words.GRAINS[key]


@register.filter
def figures(found: dict[str, int]) -> str:
    """Say a count, or amounts in their currencies; nothing is 0."""
    said = [words.money(n, key) if key else number(n) for key, n in sorted(found.items())]
    return " + ".join(said) or "0"


@register.filter
def outcome_name(outcome: str) -> Any:
    """Name what has become of a deal."""
    return words.BECAME[outcome]


@register.filter
def led_now(line: Led) -> str:
    """Say what a measure comes to this month."""
    return words.money(line.now, line.currency) if line.currency else number(line.now)


@register.filter
def led_then(line: Led) -> str:
    """Say what a measure came to on the same days of the month before."""
    return words.money(line.then, line.currency) if line.currency else number(line.then)


@register.filter
def places(value: float) -> str:
    """Return a percentage as a place in a drawing."""
    return f"{value:.2f}%"


@register.simple_tag
def records_of(wanted: Any, key: str) -> str:
    """Return the query that leads from a page to the records behind one of its figures."""
    return str(wanted.address(measure=key))


@register.simple_tag
def funnel_of(wanted: Any) -> str:
    """Return the query that leads back to the funnel with the same filters."""
    return str(wanted.address())


@register.simple_tag
def group_label(group: Group, by: str) -> str:
    """Say what a group is called; months are stored by their keys."""
    return month(month_of(group.label)) if by == MONTH else group.label
