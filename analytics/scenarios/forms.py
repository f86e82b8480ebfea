"""What a page of what people did is to show."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from analytics.scenarios.queries.told import Published
from partners.models import Organisation, Person, Team
from sales.forms.choices import ChoicesForm, pairs, periods


class FilterForm(ChoicesForm):
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
        self.choose("runs", _runs())
        self.choose("period", [("", _("All time")), *periods(today.replace(day=1))])
        self.choose("version", [("", _("All versions")), *map(_version, versions)])
        place: Any = viewer.organisation_id
        if viewer.of_client:
            found = Organisation.objects.visible_to(viewer).order_by("kind", "name")
            self.choose("organisation", [("", _("All")), *pairs(found.values_list("pk", "name"))])
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
        self.choose("team", [("", _("All")), *pairs(found.values_list("pk", "name"))])


def _runs() -> list[tuple[str, str]]:
    return [
        ("", _("All runs")),
        ("first", _("People's first runs")),
        ("later", _("Replays only")),
    ]


def _version(each: Published) -> tuple[str, str]:
    day = date_format(timezone.localtime(each.at), "SHORT_DATE_FORMAT")
    return str(each.id), _("Version %(number)s (%(day)s)") % {"number": each.number, "day": day}
