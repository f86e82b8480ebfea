"""What is wrong with an item and how to mend it, in words; kinds of questions by name."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.quizzes.bank import columns
from courses.quizzes.bank.items import Trouble

KINDS: dict[str, Any] = {
    "single": _("One right option"),
    "multiple": _("Several right options"),
    "truefalse": _("True or false"),
}

_TROUBLES: dict[str, tuple[Any, Any]] = {
    "no_code": (
        _("The code is missing"),
        _("Write one of your own, such as Q-001: by it the item is known again."),
    ),
    "bad_code": (
        _("This can't be a code"),
        _("Use letters, figures, dots, hyphens and underscores, without blanks."),
    ),
    "code_taken": (_("Another item has this code"), _("Write another one.")),
    "code_twice": (
        _("This code stands in row %(detail)s, too"),
        _("Keep one of the two rows, or give one another code."),
    ),
    "bad_kind": (
        _("We don't know this kind of question"),
        _("Write “One right option”, “Several right options” or “True or false”."),
    ),
    "no_stem": (_("The question is missing"), _("Write what you ask.")),
    "too_long": (_("This is too long"), _("At most %(detail)s letters.")),
    "bad_letters": (
        _("There are signs in it that can't be stored"),
        _("Type the text anew instead of copying it."),
    ),
    "no_option_text": (
        _("There is an explanation, but no option"),
        _("Write the option, or take the explanation away."),
    ),
    "few_options": (_("A question needs at least two options"), _("Write one more.")),
    "many_options": (_("There are too many options"), _("At most %(detail)s.")),
    "truefalse_has_two": (
        _("True or false has exactly two options"),
        _("Take this one away, or choose another kind."),
    ),
    "option_twice": (
        _("This option is the same as option %(detail)s"),
        _("Write something else, or take one away."),
    ),
    "no_right": (_("No option is right"), _("Say which one is, by its letter.")),
    "several_right": (
        _("More than one option is right"),
        _("Keep one, or choose the kind “Several right options”."),
    ),
    "right_is_blank": (
        _("Option %(value)s is right, but nothing stands there"),
        _("Write the option, or choose another one."),
    ),
    "moves_up": (
        _("Nothing stands here, and the table has no column for option %(value)s"),
        _("Add the column of option %(value)s, or write this option."),
    ),
    "bad_right": (
        _("We don't know which options are meant"),
        _("Write their letters, such as A or A, C."),
    ),
    "bad_right_of_two": (
        _("We don't know which options are meant"),
        _("Write ○ or ×; with options of your own, the letter of the right one: A or B."),
    ),
    "bad_weight": (
        _("The weight can't be read"),
        _("Write a whole number from 1 to 10."),
    ),
    "bad_language": (_("We don't know this language"), _("Write Japanese or English.")),
    "bad_flag": (_("We can't tell yes from no here"), _("Write yes, or leave it empty.")),
    "many_tags": (_("There are too many of them"), _("At most %(detail)s.")),
    "too_many_cells": (
        _("There are more cells than columns"),
        _("Take away what stands at the right, or put the text in quotation marks."),
    ),
    "changed_meanwhile": (
        _("Somebody has changed this item meanwhile"),
        _("Compare below, then save once more to keep yours."),
    ),
}


@dataclasses.dataclass(frozen=True)
class Explained:
    """A trouble as a page shows it."""

    column: str
    value: str
    what: str
    mend: str


def message(trouble: Trouble) -> str:
    """Return a trouble and how to mend it in one text, for the field where it is."""
    what, mend = _words(trouble)
    return f"{what}. {mend}" if (get_language() or "").startswith("en") else f"{what}。{mend}"


def explain(trouble: Trouble) -> Explained:
    """Return a trouble for a table of them, under the name of its column."""
    what, mend = _words(trouble)
    column = columns.column_of(trouble.field)
    named = label(column) if column else str(_("(whole row)"))
    return Explained(named, trouble.value[:80], what, mend)


def _words(trouble: Trouble) -> tuple[str, str]:
    what, mend = _TROUBLES[trouble.code]
    values = {"detail": trouble.detail, "value": trouble.value}
    return str(what) % values, str(mend) % values


def label(column: str) -> str:
    """Return a column's name in the reader's language."""
    return columns.label(column, get_language() or "en")


def labels(names: Iterable[str]) -> list[str]:
    """Return the names of several columns."""
    return [label(name) for name in names]


def codes() -> frozenset[str]:
    """Return all codes of troubles that have words."""
    return frozenset(_TROUBLES)
