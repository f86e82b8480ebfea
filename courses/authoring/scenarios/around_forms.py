"""What authors fill in around the desk: a table, a file, a publication."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.formfields import EitherField
from core.mediafiles.forms import ArrivedField
from core.tables.decoding import ENCODINGS
from courses.authoring.forms import NOTE_LENGTH


class _Over(forms.Form):
    """Something that takes the place of the draft: `base` is the revision that its author saw."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    replace = forms.BooleanField(
        label=_("Put it in the place of what is there now"), required=False
    )

    def __init__(self, *args: Any, has_scenes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_scenes:
            del self.fields["replace"]

    @property
    def is_asked_for(self) -> bool:
        """Whether what is there now may go."""
        return "replace" not in self.fields or bool(self.cleaned_data.get("replace"))


class TableForm(_Over):
    """A pasted table, or a file of one."""

    text = EitherField(
        label=_("The table"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "wrap": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("CSV or Excel (.xlsx). Its rows come into the field above."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    encoding = forms.ChoiceField(
        label=_("How the file was saved"),
        required=False,
        choices=[("", _("Find out")), *ENCODINGS.items()],
    )
    field_order = ["text", "file", "encoding", "replace", "base"]


class FileForm(_Over):
    """A file with a whole scenario."""

    file = ArrivedField(
        label=_("File of a scenario"),
        help_text=_("A .json file that was saved here, up to 16 MB."),
        accept=".json,application/json",
    )
    without_files = forms.BooleanField(
        label=_("Leave out pictures and videos that are not here"), required=False
    )
    field_order = ["file", "without_files", "replace", "base"]


class PublishForm(forms.Form):
    """What is said about a version that comes out."""

    note = forms.CharField(
        label=_("What is new? (for the history)"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class WithdrawForm(forms.Form):
    """Why a version is taken back."""

    reason = forms.CharField(
        label=_("Why? Those who were in the middle read it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def with_base(form: forms.Form, base: int) -> forms.Form:
    """Let what is sent next be about what is looked at now."""
    if form.is_bound:
        form.data = {**dict(form.data.items()), "base": str(base)}
    return form


class AskForm(forms.Form):
    """Whom an author asks, and about what."""

    about = forms.ChoiceField(label=_("About which moment?"))
    person = forms.ChoiceField(label=_("The ace"), required=False)
    name = forms.CharField(
        label=_("The ace's name"),
        max_length=80,
        required=False,
        help_text=_("Only for somebody who isn't in the list."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a name where nobody is picked."""
        cleaned = super().clean() or {}
        if not cleaned.get("person") and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Please pick an ace, or write a name."))
        return cleaned


class AnswerForm(forms.Form):
    """What an ace says of one moment."""

    name = forms.CharField(label=_("Your name"), max_length=80)
    why = forms.CharField(
        label=_("Why?"),
        max_length=4_000,
        required=False,
        help_text=_("What makes this the better, or the worse, thing to say?"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    thinking = forms.CharField(
        label=_("How would you think?"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    words = forms.CharField(
        label=_("Which words would you use?"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
