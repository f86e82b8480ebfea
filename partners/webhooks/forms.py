"""Forms of webhooks: an endpoint, which messages to list, since when to send again."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.formfields import MomentField
from partners.forms.people import text
from partners.webhooks import addresses, kinds, words
from partners.webhooks.actions.sending import how
from partners.webhooks.models import Endpoint
from partners.webhooks.queries import Wanted


def _kind_choices() -> list[tuple[str, Any]]:
    return [(kind.name, kind.label) for kind in kinds.declared()]


def _explained_kinds() -> list[tuple[str, Any]]:
    shape = '{}<br><span class="xs dim">{}</span>'
    return [(kind.name, format_html(shape, kind.label, kind.when)) for kind in kinds.declared()]


class EndpointForm(forms.Form):
    """What an endpoint is called, where it is, and what it hears."""

    name = text(_("Name"), required=True, hint=_("For example CRM, or data warehouse."))
    url = text(
        _("Address"),
        required=True,
        hint=_("Begins with https:// and can be reached from the internet."),
        inputmode="url",
        autocapitalize="none",
        spellcheck="false",
    )
    kinds = forms.MultipleChoiceField(
        label=_("What it hears"),
        choices=_explained_kinds,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": words.CHOOSE_KINDS},
    )

    def clean_url(self) -> str:
        """Return the address, if anything is sent there; its fault stands beside all others."""
        url: str = self.cleaned_data["url"].strip()
        try:
            addresses.target(url, loopback=how().loopback)
        except addresses.Refused as refused:
            raise ValidationError(str(words.REASONS[refused.code])) from None
        return url

    @staticmethod
    def of(endpoint: Endpoint) -> dict[str, Any]:
        """Return an endpoint's values as the form's initial ones."""
        return {name: getattr(endpoint, name) for name in EndpointForm.base_fields}


class LogForm(forms.Form):
    """Which messages to list."""

    state = forms.ChoiceField(
        label=pgettext_lazy("webhook", "State"),
        required=False,
        choices=[("", _("All")), *((key, each[0]) for key, each in words.SENDINGS.items())],
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("webhook", "Kind of news"),
        required=False,
        choices=lambda: [
            ("", _("All")),
            *_kind_choices(),
            (kinds.TEST, kinds.label_of(kinds.TEST)),
        ],
    )

    def wanted(self) -> Wanted:
        """Return what is listed; a choice that doesn't exist chooses nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        return Wanted(chosen.get("state", ""), chosen.get("kind", ""))


class SinceForm(forms.Form):
    """Since when what failed is sent again."""

    since = MomentField(
        label=_("Since"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
