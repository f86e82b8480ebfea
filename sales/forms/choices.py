"""What the forms above pages of figures have in common: selects of what is offered, periods, what was chosen."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import ngettext, pgettext

from core import months
from core.words import month
from sales.period import LENGTHS

MONTHS = 18
"""So many single months are offered."""

Choices = list[tuple[str, str]]


class ChoicesForm(forms.Form):
    """A form of selects."""

    def choose(self, name: str, choices: Choices) -> None:
        """Offer these under the field's label."""
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        field.choices = choices

    def chosen(self, name: str) -> str:
        """Return what was chosen; empty for all. Raises LookupError for what is not offered."""
        if name in self.errors:
            raise LookupError(name)
        return str(self.cleaned_data.get(name, ""))

    def chosen_id(self, name: str) -> uuid.UUID | None:
        """Return the id that was chosen; None for all. Raises LookupError for one that is not offered."""
        value = self.chosen(name)
        return uuid.UUID(value) if value else None


def pairs(rows: Iterable[tuple[Any, str]]) -> Choices:
    """Return rows of ids and names as choices."""
    return [(str(pk), name) for pk, name in rows]


def periods(running: dt.date) -> Choices:
    """Return so many months together, and single ones, the running month first."""
    first = pgettext("period", "This month")
    lengths = [
        (str(n), first if n == 1 else ngettext("%(n)s month", "%(n)s months", n) % {"n": n})
        for n in LENGTHS
    ]
    single = [months.before(running, n) for n in range(MONTHS)]
    return [*lengths, *((months.name(each), month(each)) for each in single)]
