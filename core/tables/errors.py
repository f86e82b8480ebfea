"""Why a file as a whole can't be read as a table, and what to do about it."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS: dict[str, Promise] = {
    "empty": _("There is nothing in this file. Please choose the one with the table."),
    "only_header": _("There is only a header row. Add the rows below it, too."),
    "too_big": _("This file is larger than %(most)s MB. Please bring it in several parts."),
    "too_many_rows": _("This file has more than %(most)s rows. Please bring it in several parts."),
    "too_many_columns": _(
        "This file has more than %(most)s columns. Please take away what stands far to the right."
    ),
    "cell_too_long": _(
        "Row %(row)s can't be read: a quotation mark seems to be open, or a cell is very long. "
        "Please check it."
    ),
    "quotes": _(
        "From row %(row)s on the file can't be read: a quotation mark isn't closed, or stands inside a cell "
        "without being doubled. Please mend that row, or save the table as an Excel file."
    ),
    "encoding": _(
        "The letters in this file can't be told. Please choose below how it was saved, "
        "or save it as “CSV UTF-8” or as an Excel file."
    ),
    "encoding_wrong": _("The file can't be read as %(encoding)s. Please choose another way below."),
    "encrypted": _(
        "This Excel file is locked by a password. Please save it without one and choose it again."
    ),
    "old_excel": _(
        "This is a file of an old Excel (.xls). Please open it and save it as “Excel workbook (.xlsx)”."
    ),
    "macros": _(
        "This Excel file holds macros, which we don't take. "
        "Please save it as “Excel workbook (.xlsx)”."
    ),
    "other_format": _(
        "We can take CSV and Excel files (.xlsx). Please save the table as one of these."
    ),
    "swollen": _(
        "This Excel file holds far more than it seems. "
        "Please copy the table into a new file and save that."
    ),
    "broken": _(
        "This Excel file can't be opened: it seems damaged or incomplete. "
        "Please save it again and choose it once more."
    ),
    "header_twice": _("The column “%(column)s” is there twice. Please keep one."),
    "header_missing": _("The first row has to name the columns. Missing: %(column)s."),
}


class TableError(Exception):
    """A file that can't be read as a table. `code` is stable, `message` says what to do about it."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    @property
    def message(self) -> str:
        """The explanation, in the language of whoever reads it now."""
        words = str(_WORDS[self.code])
        return words % self.values if self.values else words


def codes() -> frozenset[str]:
    """Return all codes that there are."""
    return frozenset(_WORDS)
