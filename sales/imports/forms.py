"""What somebody says of a file: where it comes from, what its columns and words mean."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.mediafiles.forms import ArrivedField
from core.tables.decoding import ENCODINGS
from sales import measures
from sales.forms.choices import pairs
from sales.imports import columns, queries, values, words
from sales.imports.models import Import, Name
from sales.imports.values import UnreadableError
from sales.models import Product, Source
from sales.queries.products import told_apart
from sales.words import LABELS


def _called(products: Sequence[Product]) -> dict[uuid.UUID, str]:
    return told_apart((each.pk, each.name, each.code) for each in products)


class FileForm(forms.Form):
    """A file with its source and grain. A source may be named that isn't there yet; where none is, one has to be."""

    source = forms.ChoiceField(label=gettext_lazy("Where it comes from"), required=False)
    new_source = forms.CharField(
        label=gettext_lazy("Name of the new source"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("What you call the system, such as Salesforce or kintone."),
    )
    grain = forms.ChoiceField(
        label=gettext_lazy("What a row is about"),
        widget=forms.RadioSelect,
        choices=[
            (measures.OPPORTUNITY, gettext_lazy("A deal: ID, rep, stage, days, amount")),
            (measures.ACTIVITY, gettext_lazy("A day of a rep: calls, leads, appointments")),
        ],
        initial=measures.OPPORTUNITY,
    )
    file = ArrivedField(
        label=gettext_lazy("CSV or Excel file"),
        accept=".csv,.tsv,.txt,.xlsx,text/csv",
        help_text=gettext_lazy(
            "CSV up to 200 MB and 1,000,000 rows, Excel up to 20 MB and 100,000 rows."
        ),
        error_messages={"required": gettext_lazy("Please choose a file.")},
    )

    def __init__(self, *args: Any, sources: Sequence[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sources:
            del self.fields["source"]
            self.fields["new_source"].required = True
            self.fields["new_source"].error_messages["required"] = _("Please name the source.")
            return
        known = [(str(each.pk), each.label) for each in sources]
        self.fields["source"] = forms.ChoiceField(
            label=self.fields["source"].label,
            required=False,
            choices=[*known, ("", _("A new source"))],
            initial=known[0][0],
        )

    def clean(self) -> dict[str, Any]:
        """Ask for the name of a source that isn't there yet, and for one source only."""
        data: dict[str, Any] = self.cleaned_data
        if "source" not in self.fields or self.errors.keys() & {"source", "new_source"}:
            return data
        if not data.get("source") and not data.get("new_source"):
            self.add_error("new_source", _("Please choose a source, or name the new one."))
        elif data.get("source") and data.get("new_source"):
            told = _("For a new source choose “%(new)s” above; otherwise leave this empty.")
            self.add_error("new_source", told % {"new": _("A new source")})
        return data


class EncodingForm(forms.Form):
    """How a file's letters were saved, where the rule can't tell or told wrong."""

    encoding = forms.ChoiceField(
        label=gettext_lazy("The file was saved as"), choices=list(ENCODINGS.items())
    )


_TODAY = "today"


class ColumnsForm(forms.Form):
    """What each column of a file means, and what holds for all its rows."""

    currency = forms.CharField(
        label=gettext_lazy("Currency, where none stands with an amount"),
        max_length=3,
        required=False,
    )
    product = forms.ChoiceField(
        label=gettext_lazy("Product, where no column names it"), required=False
    )

    def __init__(self, data: Any = None, *, file: Import, products: Sequence[Product]) -> None:
        by_index = {index: key for key, index in file.mapping["columns"].items()}
        only = str(products[0].pk) if len(products) == 1 else None
        initial = {
            "currency": file.mapping.get("currency"),
            "product": file.mapping.get("product")
            or (None if columns.PRODUCT in file.mapping["columns"] else only),
            **{f"c{index}": key for index, key in by_index.items()},
        }
        super().__init__(data, initial=initial)
        self.file = file
        self._ask_for_year(file)
        named = pairs(_called(products).items())
        self.fields["product"] = forms.ChoiceField(
            label=self.fields["product"].label, required=False, choices=[("", "–"), *named]
        )
        if file.grain != measures.OPPORTUNITY:
            del self.fields["currency"]
        meanings = [(key, words.COLUMNS[key]) for key in columns.OF_GRAIN[file.grain]]
        for index, name in enumerate(file.header):
            self.fields[f"c{index}"] = forms.ChoiceField(
                label=name.strip() or _("Column %(n)s") % {"n": index + 1},
                required=False,
                choices=[("", _("Not used")), *meanings],
            )

    def _ask_for_year(self, file: Import) -> None:
        """Ask in which year days lie that are written without one, where the file has some."""
        if not queries.lacks_years(file):
            return
        years = [str(timezone.localdate().year - n) for n in (1, 2, 3)]
        chosen = file.mapping.get("until", _TODAY)
        self.fields["year"] = forms.ChoiceField(
            label=_("Days without a year, such as 11/25"),
            required=False,
            choices=[
                (_TODAY, _("In the twelve months until today")),
                *((year, year) for year in years),
                ("", _("Not read")),
            ],
            initial=chosen and (chosen[:4] if chosen[:4] in years else _TODAY),
            help_text=_("The month stands first."),
        )

    def lines(self) -> list[tuple[Any, list[str]]]:
        """Return each column's field, with the first things that stand in it."""
        examples = self.file.head[1:4]
        return [
            (
                self[f"c{index}"],
                [cells[index] for cells in examples if index < len(cells) and cells[index].strip()],
            )
            for index in range(len(self.file.header))
        ]

    def clean_currency(self) -> str:
        """Return the currency's three letters."""
        try:
            return values.currency(self.cleaned_data["currency"] or "JPY")
        except UnreadableError:
            raise ValidationError(_("Write its three letters, such as JPY.")) from None

    def clean(self) -> dict[str, Any]:
        """Ask for what is needed, and for one column only of each meaning."""
        data: dict[str, Any] = self.cleaned_data
        first: dict[str, str] = {}
        for index in range(len(self.file.header)):
            name = f"c{index}"
            key = data.get(name, "")
            if key and key in first:
                label = self.fields[first[key]].label
                self.add_error(
                    name, _("“%(column)s” means this already. Keep one.") % {"column": label}
                )
            elif key:
                first[key] = name
        lacking = columns.missing(first, self.file.grain, product=bool(data.get("product")))
        if columns.PRODUCT in lacking:
            lacking.remove(columns.PRODUCT)
            told = _("Choose here what was sold, or say above which column names it.")
            self.add_error("product", told)
        if lacking:
            named = ", ".join(str(words.COLUMNS[key]) for key in lacking)
            raise ValidationError(
                _("Please say which column holds this: %(columns)s") % {"columns": named}
            )
        return data

    @property
    def chosen(self) -> dict[int, str]:
        """What each column means, by its place."""
        return {
            index: self.cleaned_data[f"c{index}"]
            for index in range(len(self.file.header))
            if self.cleaned_data[f"c{index}"]
        }

    @property
    def until(self) -> dt.date | None:
        """The end of the year in which days without a year lie."""
        value = self.cleaned_data.get("year")
        if not value:
            return None
        return timezone.localdate() if value == _TODAY else dt.date(int(value), 12, 31)

    @property
    def product_id(self) -> uuid.UUID | None:
        """The product of all rows."""
        value = self.cleaned_data.get("product")
        return uuid.UUID(value) if value else None


class NamesForm(forms.Form):
    """What products, stages and measures of a file mean; people are looked for on a page of their own."""

    def __init__(
        self, *args: Any, names: Sequence[Name], products: Sequence[Product], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._names = {each.pk: each for each in names if each.kind != columns.PERSON}
        self._products = {str(each.pk): each for each in products}
        choices: dict[str, list[tuple[str, Any]]] = {
            columns.PRODUCT: list(pairs(_called(products).items())),
            columns.STAGE: [(key, words.STAGES[key]) for key in columns.STAGES],
            columns.MEASURE: [(key, LABELS[key]) for key in measures.COUNTED],
        }
        for pk, each in self._names.items():
            self.fields[f"n{pk}"] = forms.ChoiceField(
                label=_("What “%(text)s” means") % {"text": each.text},
                required=False,
                choices=[("", _("Not matched")), *choices[each.kind]],
                initial=each.word,
            )

    def bound_of(self, name: Name) -> Any:
        """Return the field of a word; None for people."""
        return self[f"n{name.pk}"] if name.pk in self._names else None

    @property
    def meanings(self) -> Mapping[int, Any]:
        """What was chosen: a Name's id → a Product or a word."""
        found: dict[int, Any] = {}
        for pk, each in self._names.items():
            value = self.cleaned_data.get(f"n{pk}", "")
            if value and value != each.word:
                found[pk] = self._products.get(value, value)
        return found


class ExportForm(forms.Form):
    """Which facts are taken out, and how."""

    source = forms.ChoiceField(label=gettext_lazy("Source"))
    grain = forms.ChoiceField(
        label=gettext_lazy("What a row is about"), choices=list(words.GRAINS.items())
    )
    form = forms.ChoiceField(
        label=gettext_lazy("File"), choices=[("csv", "CSV"), ("xlsx", "Excel")]
    )

    def __init__(self, *args: Any, sources: Sequence[Source], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"] = forms.ChoiceField(
            label=self.fields["source"].label,
            choices=[(str(each.pk), each.label) for each in sources],
        )
