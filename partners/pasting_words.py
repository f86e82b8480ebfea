"""What is wrong with a pasted table, and how to mend it, in words."""

import dataclasses
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.actions.pasting import Difference, Trouble
from partners.pasted import MAX_ROWS, Unreadable
from partners.templatetags.people import role_words

COLUMNS: dict[str, Any] = {
    "": _("(whole row)"),
    "name": _("Name"),
    "family_name": _("Family name"),
    "given_name": _("Given name"),
    "reading": _("Reading"),
    "family_reading": _("Family name, reading"),
    "given_reading": _("Given name, reading"),
    "sign_in": _("E-mail or log-in name"),
    "email": _("E-mail address"),
    "login_name": _("Log-in name"),
    "team": _("Team"),
    "role": _("Role"),
    "territory": _("Territory"),
    "state": _("State"),
    "organisation": _("Organisation"),
    "joined_on": _("First day"),
}

_TROUBLES: dict[str, tuple[Any, Any]] = {
    "too_many_cells": (
        _("There are more cells than columns"),
        _("Take away what stands at the right, or add a header row."),
    ),
    "no_name": (_("The name is missing"), _("Write family and given name, with a blank between.")),
    "address_elsewhere": (
        _("This looks like an e-mail address"),
        _("Put the columns in the order name, reading, e-mail, team, role, or add a header row."),
    ),
    "too_long": (_("This is too long"), _("At most %(detail)s letters.")),
    "bad_reading": (_("This can't be a reading"), _("Write it in hiragana or katakana.")),
    "no_sign_in": (
        _("Neither an e-mail address nor a log-in name"),
        _("Write one of them; people sign in with it."),
    ),
    "bad_email": (_("This can't be an address"), _("It should look like misaki@example.com.")),
    "bad_login_name": (
        _("This can't be a log-in name"),
        _("Use 3 to 60 Latin letters, figures, dots, hyphens or underscores."),
    ),
    "bad_day": (
        _("This can't be read as a day"),
        _("Write it as 2026/11/22 or 2026年11月22日."),
    ),
    "unknown_role": (
        _("We don't know this role"),
        _("Write rep, team manager or ace; an empty cell means rep."),
    ),
    "role_of_client": (
        _("Only people of the client itself can have this role"),
        _("Write rep, team manager or ace."),
    ),
    "twice": (_("This stands in row %(detail)s, too"), _("Keep one of the two rows.")),
    "elsewhere": (
        _("This belongs to somebody elsewhere: %(detail)s"),
        _("Open that person and move them, or check the address."),
    ),
    "has_left": (
        _("This belongs to somebody who has left: %(detail)s"),
        _("Open that person and let them come back, or check the address."),
    ),
    "left": (
        _("By this row they have left"),
        _("Take the row out; if they are here, empty this cell."),
    ),
    "two_people": (
        _("Address and log-in name belong to two people: %(detail)s"),
        _("Check both cells."),
    ),
    "team_closed": (_("This team has been closed"), _("Open it again, or name another one.")),
}

_UNREADABLE: dict[str, Any] = {
    "empty": _("There is nothing in it yet. Copy the rows in Excel and paste them here."),
    "only_header": _("There is only a header row. Add the rows below it, too."),
    "too_big": _("This is more than 200 KB. Please paste it in several parts."),
    "too_many_rows": _(
        "These are %(detail)s rows; at most %(most)s go at once. Please paste them in several parts."
    ),
    "cell_too_long": _(
        "Row %(detail)s can't be read: a quotation mark seems to be open. Please check it."
    ),
    "header_twice": _("The column “%(detail)s” is there twice. Please keep one."),
    "header_without_name": _("The header row has no column for the name. Add “Name”."),
    "header_without_sign_in": _(
        "The header row has no column to sign in with. Add “E-mail” or “Log-in name”."
    ),
}


@dataclasses.dataclass(frozen=True)
class Explained:
    """A trouble as the page shows it."""

    column: str
    value: str
    what: str
    mend: str


def explain(trouble: Trouble) -> Explained:
    """Return a trouble in words."""
    what, mend = _TROUBLES[trouble.code]
    values = {"detail": trouble.detail}
    return Explained(
        str(COLUMNS[trouble.column]), trouble.value[:80], str(what) % values, str(mend) % values
    )


@dataclasses.dataclass(frozen=True)
class Compared:
    """A difference as the page shows it; `kept` is empty where nothing is kept."""

    column: str
    kept: str
    pasted: str


def compare(found: Difference) -> Compared:
    """Return in words what a row says otherwise than what is kept."""
    shown = role_words if found.column == "role" else "".join
    return Compared(str(COLUMNS[found.column]), shown(list(found.kept)), shown(list(found.pasted)))


def unreadable(problem: Unreadable) -> str:
    """Say why the table as a whole can't be read."""
    return str(_UNREADABLE[problem.code]) % {"detail": problem.detail, "most": MAX_ROWS}
