"""What a page of what people did is to show."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from analytics.scenarios.queries.told import Published
from core import months
from core.words import month
from partners.models import Organisation, Person, Team
from sales.period import LENGTHS

MONTHS = 18
"""So many single months are offered."""


class FilterForm(forms.Form):
    """First runs or later ones, months, version, company (for the client's people), team."""

    runs = forms.ChoiceField(label=pgettext_lazy("filter", "Runs"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    version = forms.ChoiceField(label=pgettext_lazy("filter", "Version"), required=False)
    organisation = forms.ChoiceField(label=gettext_lazy("Company"), required=False)
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)

    def __init__(
        self,
        *args: Any,
        viewer: Person,
        today: dt.date,
        versions: Sequence[Published],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choose("runs", _runs())
        self._choose("period", [("", _("All time")), *_lengths(), *_months(today.replace(day=1))])
        self._choose("version", [("", _("All versions")), *map(_version, versions)])
        place: Any = viewer.organisation_id
        if viewer.of_client:
            found = Organisation.objects.visible_to(viewer).order_by("kind", "name")
            self._choose("organisation", [("", _("All")), *_pairs(found.values_list("pk", "name"))])
            place = self.data.get("organisation") or None
        else:
            del self.fields["organisation"]
        self._teams(viewer, place)

    def _teams(self, viewer: Person, place: Any) -> None:
        """Offer the teams of the company that was chosen, or of one's own."""
        offered: Any = self.fields.get("organisation")
        if viewer.of_client and (not place or place not in dict(offered.choices)):
            del self.fields["team"]
            return
        found = Team.objects.visible_to(viewer).filter(organisation_id=place).order_by("name")
        self._choose("team", [("", _("All")), *_pairs(found.values_list("pk", "name"))])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name] = forms.ChoiceField(
            label=self.fields[name].label, required=False, choices=choices
        )

    def chosen(self, name: str) -> str:
        """Return what was chosen; empty for all. Raises LookupError for what is not offered."""
        if name in self.errors:
            raise LookupError(name)
        return str(self.cleaned_data.get(name, ""))

    def chosen_id(self, name: str) -> uuid.UUID | None:
        """Return the id that was chosen."""
        value = self.chosen(name)
        return uuid.UUID(value) if value else None


def _pairs(rows: Any) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in rows]


def _runs() -> list[tuple[str, str]]:
    return [
        ("", _("All runs")),
        ("first", _("People's first runs")),
        ("later", _("Replays only")),
    ]


def _version(each: Published) -> tuple[str, str]:
    day = date_format(each.at, "SHORT_DATE_FORMAT")
    return str(each.id), _("Version %(number)s (%(day)s)") % {"number": each.number, "day": day}


def _lengths() -> list[tuple[str, str]]:
    first = pgettext("period", "This month")
    return [
        (str(n), first if n == 1 else ngettext("%(n)s month", "%(n)s months", n) % {"n": n})
        for n in LENGTHS
    ]


def _months(running: dt.date) -> list[tuple[str, str]]:
    found = [months.before(running, n) for n in range(MONTHS)]
    return [(months.name(each), month(each)) for each in found]
