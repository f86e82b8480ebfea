"""Imports in words: columns, stages, states, and what is wrong in a row with how to mend it."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from core.tables.errors import TableError
from sales import measures
from sales.imports import columns
from sales.imports.models import Import, Match, Trouble
from sales.words import LABELS

GRAINS: Mapping[str, Promise] = {
    measures.OPPORTUNITY: pgettext_lazy("import", "Deals"),
    measures.ACTIVITY: pgettext_lazy("import", "Counts by day"),
}

COLUMNS: Mapping[str, Promise] = {
    "external_id": _("Deal ID"),
    columns.PERSON: _("Rep"),
    columns.PRODUCT: _("Product"),
    "opened_at": _("Opened on"),
    columns.STAGE: _("Stage"),
    columns.OUTCOME: _("Won or lost"),
    "stage_at": _("Stage changed on"),
    "appointment_at": _("Appointment on"),
    "qualified_at": _("Qualified meeting on"),
    "proposal_at": _("Proposal on"),
    "closed_at": _("Closed on"),
    "amount": pgettext_lazy("column", "Amount"),
    "currency": _("Currency"),
    "reason": _("Reason for losing"),
    "day": pgettext_lazy("column", "Day"),
    columns.MEASURE: _("Measure"),
    "count": pgettext_lazy("column", "How many"),
    **{key: LABELS[key] for key in measures.COUNTED},
}

STAGES: Mapping[str, Promise] = {
    "won": pgettext_lazy("stage", "Won"),
    "lost": pgettext_lazy("stage", "Lost"),
    "refunded": pgettext_lazy("stage", "Paid back"),
    "appointment": pgettext_lazy("stage", "Open: appointment"),
    "qualified": pgettext_lazy("stage", "Open: qualified meeting"),
    "proposal": pgettext_lazy("stage", "Open: proposal"),
    "open": pgettext_lazy("stage", "Open"),
}

KINDS: Mapping[str, Promise] = {
    columns.PERSON: _("Rep"),
    columns.PRODUCT: _("Product"),
    columns.STAGE: _("Stage"),
    columns.MEASURE: _("Measure"),
}


def meaning(match: Match) -> str | Promise:
    """Return what a remembered word for a stage or measure means."""
    return STAGES[match.word] if match.kind == columns.STAGE else LABELS[match.word]


State = Import.State
STATES: Mapping[str, tuple[Promise, str]] = {
    State.READING: (_("Being read"), ""),
    State.MAPPING: (_("Columns to be named"), "warn"),
    State.CHECKING: (_("Being looked at"), ""),
    State.CHECKED: (_("Ready to take in"), "primary"),
    State.APPLYING: (_("Being taken in"), ""),
    State.APPLIED: (_("Taken in"), "ok"),
    State.UNDOING: (_("Being taken back"), ""),
    State.UNDONE: (pgettext_lazy("import", "Taken back"), "warn"),
    State.FAILED: (_("Can't be read"), "bad"),
    State.CANCELLED: (_("Put aside"), ""),
}
"""What a state is called, and its colour."""


def state(file: Import) -> tuple[Promise, str]:
    """Return what a file's state is called, and its colour; looked at, it may hold nothing to take in."""
    counts = file.counts
    if file.state != State.CHECKED or counts["new"] or counts["changed"]:
        return STATES[file.state]
    return (_("Rows to mend"), "warn") if counts["left"] else (_("Nothing to take in"), "")


_DAY = _("Write it as 2026/11/22 or 2026年11月22日.")
_NUMBER = _("Write a number such as 1200 or 1,200.")
_TROUBLES: Mapping[str, tuple[Any, Any]] = {
    "error_cell": (
        _("The formula in this cell failed"),
        _("Mend it in your table, or empty the cell: then it changes nothing."),
    ),
    "bad_letters": (
        _("There are signs in it that can't be stored"),
        _("Type the text anew instead of copying it."),
    ),
    "date": (_("This can't be read as a day"), _DAY),
    "no_year": (
        _("This day has no year"),
        _("Say under “Change the columns” which year it is, or write it as 2026/11/22."),
    ),
    "no_such_day": (
        _("This day doesn't exist"),
        _("Check month and day, and write it as 2026/11/22 or 2026年11月22日."),
    ),
    "date_two_ways": (_("Day and month can't be told apart"), _DAY),
    "date_year_last": (
        _("The year stands last, so other days may have day and month exchanged"),
        _("Check this column, and write all of it as 2026/11/22 or 2026年11月22日."),
    ),
    "date_range": (_("This year can't be meant"), _DAY),
    "future": (_("This day has not come yet"), _("Correct it, or bring the row once it has.")),
    "count": (_("This can't be read as a whole number"), _NUMBER),
    "negative": (_("This is below zero"), _("Write 0 or more.")),
    "too_large": (_("This number is too large to be meant"), _NUMBER),
    "amount": (_("This can't be read as a number"), _NUMBER),
    "amount_parts": (
        _("This currency has no such parts"),
        _("Round it to the smallest unit of its currency."),
    ),
    "amount_two_currencies": (
        _("Two currencies stand with this amount"),
        _("Keep the right one, with the amount or in the column of the currency."),
    ),
    "currency": (_("We don't know this currency"), _("Write its three letters, such as JPY.")),
    "too_long": (_("This is too long"), _("Shorten it.")),
    "missing": (_("Something has to stand here"), _("Fill it in.")),
    "unknown": (
        _("We don't know who or what this is"),
        _(
            "Match it under “What words mean”; that is remembered. You need not bring the file again."
        ),
    ),
    "several": (
        _("Several people or products are called this"),
        _(
            "Match it under “What words mean”; that is remembered. You need not bring the file again."
        ),
    ),
    "twice": (_("Row %(more)s has the same rep, product and day"), _("Keep one of the two rows.")),
    "too_few_cells": (
        _("There are fewer cells than columns (%(more)s)"),
        _("Fill the row up: a comma or a line break may be in the wrong place."),
    ),
    "too_many_cells": (
        _("There are more cells than columns (%(more)s)"),
        _("Take away what stands at the right, or put the text in quotation marks."),
    ),
    "deal_product": (_("This deal is new and has no product"), _("Name its product.")),
    "deal_opened_at": (_("This deal is new and has no first day"), _("Say when it was opened.")),
    "deal_owner": (_("This deal is new and has no rep"), _("Say who has it.")),
    "deal_outcome": (
        _("There is a closing day, but the deal is open"),
        _("Say whether it was won or lost, or take the day away."),
    ),
    "deal_closed_at": (
        _("A decided deal needs its closing day, not before it was opened"),
        _("Write the day on which it was won or lost; it can't lie before the opening."),
    ),
    "deal_amount": (_("The amount can't be used"), _NUMBER),
    "deal_currency": (
        _("The amount has no currency"),
        _("Name it in a column, or for the whole file."),
    ),
}

_OF_DEALS: Mapping[str, tuple[Any, Any]] = {
    "negative": (
        _("This is below zero"),
        _("Write 0 or more. For money paid back, set the stage of the deal to “Paid back”."),
    ),
    "twice": (_("Row %(more)s is of the same deal"), _("Keep one of the two rows.")),
}
"""What is said otherwise in a file of deals."""

_UNUSED_SHOWN = 8
_WORDS_ONLY = {columns.STAGE, columns.OUTCOME, columns.MEASURE}

_MATCHED = frozenset({"unknown", "several"})
"""What is mended by saying what a word means, while the file isn't taken in."""

_MATCH_LATER = _(
    "Bring the file once more, and match it under “What words mean” before you take it in."
)

_FAILED: Mapping[str, Promise] = {
    "gave_up": _(
        "We tried several times and couldn't finish. Nothing was changed. It isn't your fault; please try again, "
        "or ask the person who looks after Tomoni."
    ),
    "left": _(
        "Whoever asked for this may not do so any more, so nothing was changed. Please ask for it anew."
    ),
    "fault": _(
        "Something went wrong on our side. Nothing was changed. Please try again, or ask the person who looks "
        "after Tomoni."
    ),
}


@dataclasses.dataclass(frozen=True)
class Explained:
    """A problem as a page shows it."""

    row: int
    column: str
    value: str
    what: str
    mend: str


def explain(trouble: Trouble, file: Import) -> Explained:
    """Say what is wrong in a row and how to mend it, under the name of its column in the file."""
    what, mend = _TROUBLES[trouble.code]
    if trouble.code == "unknown" and trouble.column in _WORDS_ONLY:
        what = _("We don't know what this means")
    if file.grain == measures.OPPORTUNITY:
        what, mend = _OF_DEALS.get(trouble.code, (what, mend))
    if trouble.code in _MATCHED and (file.finished_at or file.state == State.CANCELLED):
        mend = _MATCH_LATER
    values = {"more": trouble.more}
    return Explained(
        trouble.row, named(trouble.column, file), trouble.value, str(what) % values, str(mend)
    )


def named(column: str, file: Import) -> str:
    """Return what a column is called: by the file's own name, else by ours."""
    if not column:
        return str(_("(whole row)"))
    index = file.mapping.get("columns", {}).get(column)
    header = file.header
    if index is not None and index < len(header) and header[index].strip():
        return str(header[index].strip())
    return str(COLUMNS[column])


def lacking(file: Import) -> str:
    """Say what no column tells and new deals need; empty where nothing is lacking."""
    keys = columns.lacking_for_new(
        file.mapping.get("columns", {}), file.grain, product=bool(file.mapping.get("product"))
    )
    if not keys:
        return ""
    said = _(
        "No column is chosen for: %(columns)s. New deals need this; deals that are here already keep theirs."
    )
    return str(said) % {
        "columns": pgettext("between names", ", ").join(str(COLUMNS[key]) for key in keys)
    }


def unused(file: Import) -> str:
    """Say which columns of a file aren't read; empty where all are."""
    used = set(file.mapping.get("columns", {}).values())
    names = [
        name.strip() for index, name in enumerate(file.header) if index not in used and name.strip()
    ]
    if not names:
        return ""
    said = ngettext(
        "One column isn't read: %(names)s. If it holds figures, choose what it means under “Change the columns”.",
        "%(n)s columns aren't read: %(names)s. If one holds figures, choose what it means under “Change the columns”.",
        len(names),
    )
    shown = pgettext("between names", ", ").join(names[:_UNUSED_SHOWN])
    return said % {
        "n": len(names),
        "names": f"{shown}…" if len(names) > _UNUSED_SHOWN else shown,
    }


def failure(file: Import) -> str:
    """Say why a file can't be worked at; empty where nothing is wrong."""
    code = file.error.get("code", "")
    if not code:
        return ""
    if code in _FAILED:
        return str(_FAILED[code])
    return str(TableError(code, **file.error.get("values", {})).message)


def codes() -> frozenset[str]:
    """Return all codes of problems that have words."""
    return frozenset(_TROUBLES)


def word_of(kind: str, word: str) -> Any:
    """Say what a stage or measure is called."""
    return STAGES[word] if kind == columns.STAGE else LABELS[word]
