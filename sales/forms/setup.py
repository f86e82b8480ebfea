"""Forms for what is sold, where figures come from, and what counts."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Person
from partners.queries import organisations
from sales import words
from sales.models import Source
from sales.queries.setup import GRAINS, Choice, Offer


def _line(label: Any, hint: Any = "") -> forms.CharField:
    """Return a field of one line; lengths are checked by the actions."""
    return forms.CharField(label=label, help_text=hint, widget=forms.TextInput())


class ProductForm(forms.Form):
    """A product's name and code."""

    name = _line(gettext_lazy("Name"), gettext_lazy("As your people call it."))
    code = _line(
        gettext_lazy("Code"),
        gettext_lazy("What files and your CRM call it, for example CHECK. Case doesn't matter."),
    )


class SourceForm(forms.Form):
    """A source's name."""

    name = _line(
        gettext_lazy("Name"), gettext_lazy("For example the name of your CRM. Files or API: both.")
    )


def _places(viewer: Person) -> forms.ChoiceField:
    """Return the choice between all companies and one that this person may see."""
    pairs = organisations.choices(viewer).values_list("pk", "name")
    everywhere = ("", _("In all companies"))
    return forms.ChoiceField(
        label=gettext_lazy("Where"),
        required=False,
        choices=[everywhere, *((str(pk), name) for pk, name in pairs)],
    )


class PlaceForm(forms.Form):
    """Where figures are to be counted otherwise."""

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = _places(viewer)

    @property
    def organisation_id(self) -> uuid.UUID | None:
        """The company that was chosen; None for all of them."""
        place = self.cleaned_data["place"]
        return uuid.UUID(place) if place else None


class OffersForm(forms.Form):
    """What is to be counted from a source, of that which is offered."""

    def __init__(self, *args: Any, offered: Iterable[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"] = forms.MultipleChoiceField(
            label=gettext_lazy("What is counted from it"),
            error_messages={"required": gettext_lazy("Tick what is to be counted from it.")},
            widget=forms.CheckboxSelectMultiple,
            choices=[(each.key, words.LABELS[each.measure]) for each in offered if not each.counts],
        )

    def clean_what(self) -> dict[str, str]:
        """Return the grain of each measure that is ticked; refuse one that is ticked twice."""
        found: dict[str, str] = {}
        twice = ""
        for key in self.cleaned_data["what"]:
            measure, grain = key.split(".")
            if found.setdefault(measure, grain) != grain:
                twice = measure
        if twice:
            raise forms.ValidationError(
                _("%(measure)s can be counted in one way only: tick one of the two.")
                % {"measure": words.LABELS[twice]}
            )
        return found


class RecordForm(forms.Form):
    """What is to count for a measure, and where."""

    to = forms.ChoiceField(label=gettext_lazy("Counted from"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, viewer: Person, measure: str, grain: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._measure, self._grain = measure, grain
        sources = Source.objects.filter(is_archived=False).order_by("kind", "name")
        self.fields["to"] = forms.ChoiceField(
            label=self.fields["to"].label,
            widget=forms.RadioSelect,
            choices=[
                (f"{source.pk}.{each}", f"{source.label} ({words.GRAINS[each]})")
                for source in sources
                for each in GRAINS[measure]
            ],
        )
        self.fields["place"] = _places(viewer)

    def clean(self) -> dict[str, Any]:
        """Hold one company to the grain that counts everywhere."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("place") and data.get("to") and not data["to"].endswith(f".{self._grain}"):
            how = words.GRAINS[self._grain]
            self.add_error(
                "to",
                _("For one company only the source can differ. This figure is counted: %(how)s.")
                % {"how": how},
            )
        return data

    @property
    def choice(self) -> Choice:
        """What was chosen."""
        source, grain = self.cleaned_data["to"].split(".")
        place = self.cleaned_data["place"]
        return Choice(self._measure, uuid.UUID(source), grain, uuid.UUID(place) if place else None)
