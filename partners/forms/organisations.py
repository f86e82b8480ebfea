"""Forms about organisations and teams."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.forms.people import text


class OrganisationForm(forms.Form):
    """A partner's name, and where it is at home."""

    name = text(_("Name"), required=True, hint=_("As the partner writes it."))
    area = text(_("Area"), hint=_("For example Tokyo, or Kansai."))


class TeamForm(forms.Form):
    """A team's name."""

    name = text(_("Name of the team"), required=True)
