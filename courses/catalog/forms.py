"""Forms of the glossary."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from courses.catalog.actions import Details


class TermForm(forms.Form):
    """A word, how it is read, and what it means. Lengths are checked by the actions, which say what is too long."""

    word = forms.CharField(label=_("Word"), help_text=_("As it stands in your texts."))
    reading = forms.CharField(
        label=_("Reading"),
        required=False,
        help_text=_(
            "How to say it. A Japanese word with kanji needs it, in kana; others may go without."
            " The list is sorted by it."
        ),
    )
    meaning = forms.CharField(
        label=_("Meaning"),
        help_text=_("One or two sentences that a newcomer understands; 300 characters at most."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    note = forms.CharField(
        label=_("More about it"),
        required=False,
        help_text=_("Shown in the glossary only, for example how customers say it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    language = forms.ChoiceField(label=_("Language of the word"), choices=settings.LANGUAGES)

    def details(self) -> Details:
        """Return what was written. Call it once the form is valid."""
        return Details(**self.cleaned_data)
