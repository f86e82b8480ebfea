"""The comparison of groups as the rows of a file: what the page shows, and nothing that it holds back."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import rounding
from core.tables.writing import Cell
from core.words import month
from sales import currencies, measures, words
from sales.funnel import PHASES, Amount
from sales.funnel import Cell as Figures
from sales.period import Period
from sales.queries.funnel import MONTH, Group, month_of


def table(
    groups: Sequence[Group], by: str, by_label: str, months: Period
) -> Iterator[Sequence[Cell]]:
    """Yield a header and a row for each group: counts, their shares in percent, the win rate with its 95 % interval.

    Amounts stand in whole units of their currency, a column for each. A group that is held back has its name
    and the word for it, no figure.
    """
    sold = sorted({name for group in groups if group.is_shown for name in group.cell.amounts})
    yield _header(by_label, sold)
    for group in groups:
        figures = _figures(group.cell, sold) if group.is_shown else [_("Held back: too few people")]
        yield [*_place(group, by, months), *figures]


def _place(group: Group, by: str, months: Period) -> list[Cell]:
    """Return what a row is about: its name, and its first and last month."""
    if by == MONTH:
        return [month(month_of(group.label)), group.label, group.label]
    return [group.label, f"{months.since:%Y-%m}", f"{months.last:%Y-%m}"]


def _header(by_label: str, sold: Sequence[str]) -> list[Cell]:
    found: list[Cell] = [
        by_label,
        pgettext("column", "First month"),
        pgettext("column", "Last month"),
        pgettext("column", "Reps"),
    ]
    for measure, of in PHASES:
        found.append(str(words.LABELS[measure]))
        if of:
            share = pgettext("column", "%(part)s of %(whole)s (%%)")
            found.append(share % {"part": words.LABELS[measure], "whole": words.LABELS[of]})
    found += [
        str(words.LABELS[measures.LOST]),
        pgettext("column", "Win rate, decided (%)"),
        pgettext("column", "Win rate: 95% interval from (%)"),
        pgettext("column", "Win rate: 95% interval to (%)"),
    ]
    amount = pgettext("column", "Won amount (%(currency)s)")
    return found + [amount % {"currency": currency} for currency in sold]


def _figures(cell: Figures, sold: Sequence[str]) -> Iterator[Cell]:
    yield cell.people
    for phase in cell.phases:
        yield phase.count if phase.is_told else None
        if phase.of:
            yield float(rounding.rounded(phase.rate.percent, 1)) if phase.rate.enough else None
    yield cell.counts.get(measures.LOST, 0)
    won = cell.closed
    yield from (
        [float(rounding.rounded(each, 1)) for each in (won.percent, won.low, won.high)]
        if won.enough
        else [None, None, None]
    )
    amounts = {amount.currency: amount for amount in cell.won_amounts}
    yield from (_amount(amounts.get(currency)) for currency in sold)


def _amount(amount: Amount | None) -> Cell:
    if amount is None:
        return 0
    if amount.hidden:
        return _("held back")
    digits = currencies.digits(amount.currency)
    return amount.units / 10**digits if digits else amount.units
