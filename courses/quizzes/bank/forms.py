"""Forms of the bank: one item, what a list shows, a file."""

import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.mediafiles.forms import ArrivedField
from core.tables.decoding import ENCODINGS
from courses.catalog.blocks import LETTERS
from courses.quizzes.bank import items
from courses.quizzes.bank.actions import TroublesError
from courses.quizzes.bank.items import Draft, Option
from courses.quizzes.bank.words import KINDS, message


class _Needed:
    """Shown as a field that has to be filled in; what is missing is told by the bank's own rules, all at once."""

    def validate(self, value: Any) -> None:
        """Let everything through."""


class _NeededText(_Needed, forms.CharField):
    """A text that has to be there."""


class _NeededChoices(_Needed, forms.MultipleChoiceField):
    """Choices of which at least one has to be taken."""


def _line(label: Any, *, required: bool = False, hint: Any = "", **attrs: str) -> forms.CharField:
    """Return a field of one line. What is too long or missing is told by the bank's own rules."""
    kind = _NeededText if required else forms.CharField
    field = kind(
        label=label, required=required, help_text=hint, widget=forms.TextInput(attrs=attrs)
    )
    field.validators = []  # signs that can't be stored are told with how to mend them
    return field


def _prose(label: Any, *, rows: int, required: bool = False, hint: Any = "") -> forms.CharField:
    kind = _NeededText if required else forms.CharField
    field = kind(
        label=label,
        required=required,
        help_text=hint,
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows}),
    )
    field.validators = []
    return field


class ItemForm(forms.Form):
    """One item. Every field may be empty here: the bank's rules say what is missing, and how to mend it."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=list(KINDS.items()), widget=forms.RadioSelect, initial="single"
    )
    stem = _prose(_("Question"), rows=3, required=True)
    right = _NeededChoices(
        label=_("Right options"),
        choices=[(letter, letter) for letter in LETTERS],
        widget=forms.CheckboxSelectMultiple,
    )
    explanation = _prose(
        _("Explanation"), rows=3, hint=_("Shown after the answer, whichever it was.")
    )
    weight = _line(
        _("Weight"), hint=_("1 to 10: how much it counts beside the others."), inputmode="numeric"
    )
    skills = _line(_("Skills"), hint=_("Separated by commas, such as: closing, listening"))
    products = _line(_("Products"), hint=_("Separated by commas."))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    code = _line(
        _("Code"),
        hint=_("By it the item is known again in files. Left empty, one is made."),
        autocapitalize="none",
        spellcheck="false",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for letter in LETTERS:
            self.fields[f"option_{letter}"] = _line(
                pgettext_lazy("an answer to choose", "Option %(letter)s") % {"letter": letter},
                required=letter in "AB",
            )
            self.fields[f"why_{letter}"] = _prose(
                _("Explanation of %(letter)s") % {"letter": letter}, rows=1
            )

    @property
    def option_rows(self) -> list[tuple[str, Any, Any]]:
        """The fields of each option: its letter, its text, its explanation."""
        return [(each, self[f"option_{each}"], self[f"why_{each}"]) for each in LETTERS]

    @property
    def has_more_options(self) -> bool:
        """Whether something stands, or is to be mended, in the options behind the first four."""
        return any(
            text.value() or why.value() or text.errors or why.errors
            for _letter, text, why in self.option_rows[4:]
        )

    def draft(self) -> Draft:
        """Return what was typed. Only after `is_valid()`."""
        data = self.cleaned_data
        weight = unicodedata.normalize("NFKC", data["weight"]).strip() or "1"
        options = tuple(
            Option(
                text=items.line(data[f"option_{letter}"]),
                correct=letter in data["right"],
                explanation=items.prose(data[f"why_{letter}"]),
            )
            for letter in LETTERS
        )
        return Draft(
            code=items.code(data["code"]),
            kind=data["kind"],
            stem=items.prose(data["stem"]),
            options=options,
            explanation=items.prose(data["explanation"]),
            weight=int(weight) if weight.isascii() and weight.isdigit() and len(weight) < 4 else 0,
            skills=items.tags(data["skills"]),
            products=items.tags(data["products"]),
            language=data["language"],
        )

    def mend(self, error: TroublesError) -> None:
        """Show the bank's answer beside the fields that it names."""
        for trouble in error.troubles:
            self.add_error(_field_of(trouble.field), message(trouble))

    @staticmethod
    def of(draft: Draft, *, seen: str = "") -> dict[str, Any]:
        """Return an item as the form's initial values."""
        lettered = dict(zip(LETTERS, draft.options, strict=False))
        return {
            **{field: getattr(draft, field) for field in ("kind", "stem", "explanation", "weight")},
            "skills": ", ".join(draft.skills),
            "products": ", ".join(draft.products),
            "language": draft.language,
            "code": draft.code,
            "right": [letter for letter, option in lettered.items() if option.correct],
            "seen": seen,
            **{f"option_{letter}": option.text for letter, option in lettered.items()},
            **{f"why_{letter}": option.explanation for letter, option in lettered.items()},
        }


def _field_of(field: str) -> str | None:
    """Return the form's field for a field of an item: options.3.text is option_C."""
    if not field.startswith("options."):
        return field or None
    _options, place, part = field.split(".")
    letter = LETTERS[min(int(place), len(LETTERS)) - 1]
    return f"option_{letter}" if part == "text" else f"why_{letter}"


class FindForm(forms.Form):
    """Which items the list shows. What can't be understood filters nothing."""

    q = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    tag = forms.ChoiceField(label=_("Skill or product"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *KINDS.items()]
    )
    archived = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("In use")), ("yes", pgettext_lazy("items", "Archived"))],
    )

    def __init__(self, *args: Any, skills: list[str], products: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(_("Skills"), skills), (_("Products"), products)]
        tags = [(label, [(tag, tag) for tag in named]) for label, named in groups if named]
        self.fields["tag"].choices = [("", _("All")), *tags]  # type: ignore[attr-defined]


class FileForm(forms.Form):
    """A table of items."""

    file = ArrivedField(
        label=_("CSV or Excel file"),
        accept=".csv,.tsv,.txt,.xlsx,text/csv",
        help_text=_("At most 10 MB and 5,000 rows."),
        error_messages={"required": _("Please choose a file.")},
    )


class EncodingForm(forms.Form):
    """How a file's letters were saved, where the rule can't tell or told wrong."""

    encoding = forms.ChoiceField(
        label=_("The file was saved as"),
        required=False,
        choices=[("", _("Find out by itself")), *ENCODINGS.items()],
    )
