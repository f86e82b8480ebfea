"""Forms of people who come in for the first time: accepting an invitation, setting up the client."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partners.actions.people import Details
from partners.actions.setup import Beginning
from partners.forms.people import language_field, tell, text
from partners.forms.signing_in import password_field
from partners.forms.zones import zones

PASSWORD, LINK = "password", "link"


class AcceptForm(forms.Form):
    """How somebody who was invited wants to sign in, and in which language."""

    language = language_field(required=True)
    how = forms.ChoiceField(
        label=_("How do you want to sign in?"),
        choices=[
            (PASSWORD, _("With a password")),
            (LINK, _("With a link by e-mail, without a password")),
        ],
        widget=forms.RadioSelect,
        initial=PASSWORD,
    )
    password = password_field(_("Password"), new=True)

    def __init__(self, *args: Any, mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not mail:
            del self.fields["how"]
        # Who prefers mailed links is asked for no password.
        self.fields["password"].required = not mail or self.data.get("how") != LINK

    def chosen_password(self) -> str | None:
        """Return the password, or None for mailed links. Only after `is_valid()`."""
        return self.cleaned_data["password"] if self.fields["password"].required else None


class SetupForm(forms.Form):
    """The client, its first administrator, and its first partner: all that is to be mended is told together."""

    client_name = text(_("Name of your company"), required=True, autocomplete="organization")
    language = language_field(required=True)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Months and days are counted in it."), choices=zones
    )
    family_name = text(_("Family name"), required=True, autocomplete="family-name")
    given_name = text(_("Given name"), autocomplete="given-name")
    family_reading = text(_("Family name, reading"))
    given_reading = text(_("Given name, reading"))
    sign_in = text(
        _("E-mail address or log-in name"),
        required=True,
        autocomplete="username",
        autocapitalize="none",
        spellcheck="false",
    )
    password = password_field(_("Password"), new=True)
    partner_name = text(_("Name of the partner"))
    team_name = text(_("Name of a team there"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].initial = settings.TIME_ZONE

    def clean(self) -> None:
        """Tell all that the action would refuse."""
        tell(self, self.beginning().problems())

    def beginning(self) -> Beginning:
        """Return what was typed, empty where a field itself has something to mend."""
        data = {field: self.cleaned_data.get(field) or "" for field in self.fields}
        email = "@" in data["sign_in"] or "＠" in data["sign_in"]
        return Beginning(
            client_name=data["client_name"],
            language=data["language"],
            time_zone=data["time_zone"],
            password=data["password"],
            partner_name=data["partner_name"],
            team_name=data["team_name"],
            admin=Details(
                family_name=data["family_name"],
                given_name=data["given_name"],
                family_reading=data["family_reading"],
                given_reading=data["given_reading"],
                email=data["sign_in"] if email else "",
                login_name="" if email else data["sign_in"],
            ),
        )
