"""Forms about organisations and teams."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.forms.people import language_field, text
from partners.forms.zones import zones


class OrganisationForm(forms.Form):
    """A partner's name, and where it is at home."""

    name = text(_("Name"), required=True, hint=_("As the partner writes it."))
    area = text(_("Area"), hint=_("For example Tokyo, or Kansai."))


class ClientForm(OrganisationForm):
    """The client's own name and area, the language of its letters, and the time zone of its days and months."""

    name = text(_("Name of your company"), required=True, autocomplete="organization")
    language = language_field(required=True)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_(
            "Days and months are counted in it. Points and learning time stay on the days and in the months in which"
            " they were booked."
        ),
        choices=zones,
    )


class TeamForm(forms.Form):
    """A team's name."""

    name = text(_("Name of the team"), required=True)
