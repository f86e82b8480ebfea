"""Forms by which people change what is shown of themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.actions.people import Details
from partners.forms.people import language_field, text
from partners.models import Person


class ProfileForm(forms.Form):
    """One's own name, reading and language."""

    family_name = text(_("Family name"), required=True, autocomplete="family-name")
    given_name = text(_("Given name"), autocomplete="given-name")
    family_reading = text(
        _("Family name, reading"), hint=_("In hiragana or katakana; lists are sorted by it.")
    )
    given_reading = text(_("Given name, reading"))
    language = language_field(required=True)

    def details(self) -> Details:
        """Return what was typed. Only after `is_valid()`."""
        return Details(**{field: self.cleaned_data[field] for field in ProfileForm.base_fields})

    @staticmethod
    def of(person: Person) -> dict[str, Any]:
        """Return a person's values as the form's initial ones."""
        return {field: getattr(person, field) for field in ProfileForm.base_fields}


class PictureForm(forms.Form):
    """A picture of oneself."""

    picture = forms.FileField(
        label=pgettext_lazy("of a person", "Picture"),
        help_text=_("JPEG, PNG or WebP, up to 10 MB. We cut out the middle square."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class LookForm(forms.Form):
    """Light, dark, or as the device."""

    theme = forms.ChoiceField(
        required=False, choices=[("", ""), ("light", "light"), ("dark", "dark")]
    )
