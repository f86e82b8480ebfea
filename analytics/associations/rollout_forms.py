"""What a roll-out is planned of."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from analytics.associations.forms import launched_sales
from analytics.associations.models.rollouts import MOST_GAP
from analytics.associations.queries import rollouts
from analytics.associations.rollout_words import gap
from core import months
from core.words import month
from courses.catalog.models import Course
from courses.posts.queries import courses_of_lessons
from partners.models import Person
from sales.forms.choices import ChoicesForm, pairs

AHEAD = 12
"""The first wave can be in one of so many months to come."""

LEAST_PARTNERS = 2


class RolloutForm(ChoicesForm):
    """Which course, measured by which sales, from which month, how far waves lie apart, and who takes part."""

    course = forms.ChoiceField(label=gettext_lazy("Course"))
    sales = forms.ChoiceField(label=pgettext_lazy("report", "Sales"))
    first = forms.ChoiceField(label=gettext_lazy("First wave"))
    gap = forms.ChoiceField(label=gettext_lazy("Between two waves"))
    partners = forms.MultipleChoiceField(
        label=gettext_lazy("Companies that take part"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least two companies.")},
    )

    def __init__(self, *args: Any, viewer: Person, today: dt.date, **kwargs: Any) -> None:
        offered = pairs(rollouts.offered(viewer).values_list("pk", "name"))
        if not args:
            kwargs["initial"] = {"gap": "1", "partners": [key for key, _name in offered]}
        super().__init__(*args, **kwargs)
        courses = courses_of_lessons().filter(is_archived=False).order_by("position", "title")
        self.choose("course", pairs(courses.values_list("pk", "title")))
        self.choose("sales", launched_sales(viewer))
        ahead = [months.after(today.replace(day=1), n) for n in range(1, AHEAD + 1)]
        self.choose("first", [(months.name(each), month(each)) for each in ahead])
        self.choose("gap", [(str(n), gap(n)) for n in range(1, MOST_GAP + 1)])
        self.choose("partners", offered)

    def clean_partners(self) -> list[uuid.UUID]:
        """Return the companies. Raises ValidationError for one alone."""
        chosen = sorted({uuid.UUID(each) for each in self.cleaned_data["partners"]})
        if len(chosen) < LEAST_PARTNERS:
            raise forms.ValidationError(_("Choose at least two companies."))
        return chosen

    def wish(self) -> dict[str, Any]:
        """Return what was asked, of a form that is valid."""
        given = self.cleaned_data
        sales, _colon, currency = given["sales"].partition(":")
        return {
            "course": Course.objects.get(pk=given["course"]),
            "sales": sales,
            "currency": currency,
            "partners": given["partners"],
            "first": months.parse(given["first"]),
            "gap": int(given["gap"]),
        }
