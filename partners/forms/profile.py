"""Forms by which people change what is shown of themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.forms.people import AboutForm, language_field, text


class ProfileForm(AboutForm):
    """One's own name, reading and language."""

    family_name = text(_("Family name"), required=True, autocomplete="family-name")
    given_name = text(_("Given name"), autocomplete="given-name")
    family_reading = text(
        _("Family name, reading"), hint=_("In hiragana or katakana; lists are sorted by it.")
    )
    given_reading = text(_("Given name, reading"))
    language = language_field(required=True)


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
