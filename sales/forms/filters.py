"""What a page of sales figures is to show."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from core import months
from core.words import month
from partners.models import Organisation, Person
from sales.models import Product
from sales.period import LENGTHS

MONTHS = 18
"""So many single months are offered."""


class FilterForm(forms.Form):
    """Period, company (for the client's people) and product."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    organisation = forms.ChoiceField(label=gettext_lazy("Company"), required=False)
    product = forms.ChoiceField(label=gettext_lazy("Product"), required=False)

    def __init__(self, *args: Any, viewer: Person, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        running = today.replace(day=1)
        self._choose("period", [*_lengths(), *_months(running)])
        found = Organisation.objects.visible_to(viewer).order_by("kind", "name")
        self._choose("organisation", [("", _("All")), *_pairs(found.values_list("pk", "name"))])
        if not viewer.of_client:
            del self.fields["organisation"]
        products = Product.objects.order_by("is_archived", "name").values_list("pk", "name")
        self._choose("product", [("", _("All")), *_pairs(products)])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name] = forms.ChoiceField(
            label=self.fields[name].label, required=False, choices=choices
        )

    def chosen(self, name: str) -> uuid.UUID | None:
        """Return a chosen company or product. Raises LookupError for one that is not offered."""
        if name in self.errors:
            raise LookupError(name)
        value = self.cleaned_data.get(name)
        return uuid.UUID(value) if value else None


def _pairs(rows: Any) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in rows]


def _lengths() -> list[tuple[str, str]]:
    first = pgettext("period", "This month")
    return [
        (str(n), first if n == 1 else ngettext("%(n)s month", "%(n)s months", n) % {"n": n})
        for n in LENGTHS
    ]


def _months(running: dt.date) -> list[tuple[str, str]]:
    found = [months.before(running, n) for n in range(MONTHS)]
    return [(months.name(each), month(each)) for each in found]
