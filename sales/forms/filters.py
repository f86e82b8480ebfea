"""What a page of sales figures is to show."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Organisation, Person
from sales.forms.choices import ChoicesForm, pairs, periods
from sales.queries import products


class FilterForm(ChoicesForm):
    """Period, company (for the client's people) and product."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    organisation = forms.ChoiceField(label=gettext_lazy("Company"), required=False)
    product = forms.ChoiceField(label=gettext_lazy("Product"), required=False)

    def __init__(self, *args: Any, viewer: Person, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("period", periods(today.replace(day=1)))
        found = Organisation.objects.visible_to(viewer).order_by("kind", "name")
        self.choose("organisation", [("", _("All")), *pairs(found.values_list("pk", "name"))])
        if not viewer.of_client:
            del self.fields["organisation"]
        self.choose("product", [("", _("All")), *pairs(products.choices())])
