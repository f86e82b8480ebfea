"""A table of people, pasted from Excel or typed: text in, rows of named cells out. A pure module."""

import csv
import dataclasses
import io
import unicodedata

from core.tables.escaping import unescape
from partners.folding import same

MAX_ROWS = 1000
MAX_BYTES = 200 * 1024

PLAIN_COLUMNS = ("name", "reading", "sign_in", "team", "role")
"""The columns of a table without a header row."""

_HEADERS = {
    "name": ("name", "full name", "名前", "氏名", "お名前", "姓名"),
    "family_name": ("family name", "last name", "surname", "姓", "苗字", "名字"),
    "given_name": ("given name", "first name", "名", "下の名前"),
    "reading": ("reading", "よみ", "読み", "よみがな", "読み仮名", "ふりがな", "氏名カナ", "かな"),
    "family_reading": (
        *("family reading", "family name, reading"),
        *("姓よみ", "姓のよみ", "姓(よみ)", "せい", "姓カナ", "姓かな"),
    ),
    "given_reading": (
        *("given reading", "given name, reading"),
        *("名よみ", "名のよみ", "名(よみ)", "めい", "名カナ", "名かな"),
    ),
    "sign_in": (
        *("sign-in", "e-mail or log-in name", "email or login name", "メールまたはログイン名"),
        *("メールかログイン名", "メールアドレスまたはログイン名"),
    ),
    "email": (
        "e-mail",
        "email",
        "mail",
        "e-mail address",
        "email address",
        "メール",
        "メールアドレス",
    ),
    "login_name": (
        "log-in name",
        "login name",
        "login",
        "username",
        "user id",
        "ログイン名",
        "ログインid",
    ),
    "team": ("team", "チーム", "チーム名", "所属", "部署"),
    "role": ("role", "roles", "役割", "権限"),  # not 役職, which says 課長 or 主任
    "territory": ("territory", "担当エリア", "担当地域", "エリア"),
    "state": ("state", "状態"),
    "organisation": ("organisation", "organization", "company", "会社", "会社名"),
    "joined_on": ("first day", "start date", "joined", "開始日", "着任日", "入社日"),
}
LEFT_ASIDE = {"organisation"}
"""Columns of the list as a file that tell its reader something, and from which nothing is taken in."""
_HAS_LEFT = {
    same(word)
    for word in ("has left", "left", "離任", "離任済み", "担当を離れた", "退職", "退職済み")
}

_COLUMN_OF = {same(word): column for column, words in _HEADERS.items() for word in words}


class Unreadable(Exception):
    """The table as a whole can't be read. `code` says why, `detail` where."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table: its number as the eye counts, and its cells by column.

    `extra` holds cells to the right of the last column.
    """

    number: int
    cells: dict[str, str]
    extra: tuple[str, ...] = ()

    def cell(self, column: str) -> str:
        """Return a cell, empty where the table has no such column."""
        return self.cells.get(column, "")

    @property
    def has_left(self) -> bool:
        """Whether the row's state says that they have left."""
        return same(self.cell("state")) in _HAS_LEFT


@dataclasses.dataclass(frozen=True)
class Table:
    """What was read: the rows below the header, and the names of columns that we don't know, or leave aside."""

    rows: tuple[Row, ...]
    has_header: bool
    unknown_columns: tuple[str, ...] = ()
    left_aside: tuple[str, ...] = ()


def parse(text: str) -> Table:
    """Read a table whose cells are separated by tabs (as Excel copies them) or by commas.

    Full-width letters and commas count as half-width ones; a header row in Japanese or English may
    name the columns in any order. What `core.tables` put before a formula is taken away again.
    Raises Unreadable for a table that is empty, too long, or whose header can't be understood; a
    strange cell raises nothing, it is the caller's to check.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise Unreadable("too_big")
    records = _records(unicodedata.normalize("NFKC", text))
    if not records:
        raise Unreadable("empty")
    columns = _header(records[0][1])
    body = records[1:] if columns else records
    if not body:
        raise Unreadable("only_header")
    if len(body) > MAX_ROWS:
        raise Unreadable("too_many_rows", str(len(body)))
    names = [column or "" for column in columns] if columns else list(PLAIN_COLUMNS)
    rows = tuple(_row(number, cells, names) for number, cells in body)
    named = [(cell, known) for cell, known in zip(records[0][1], columns, strict=False) if cell]
    unknown = tuple(cell for cell, known in named if not known)
    return Table(
        rows, bool(columns), unknown, tuple(c for c, known in named if known in LEFT_ASIDE)
    )


def _records(text: str) -> list[tuple[int, list[str]]]:
    """Return the lines that hold something, with their numbers counted from 1."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ",")
    found: list[tuple[int, list[str]]] = []
    number = 0
    while True:
        number += 1
        try:
            record = [unescape(cell.strip()) for cell in next(reader)]
        except StopIteration:
            return found
        except csv.Error:
            raise Unreadable("cell_too_long", str(number)) from None
        if any(record):
            found.append((number, record))


def _header(cells: list[str]) -> list[str | None]:
    """Return the column of each cell if the line is a header, else an empty list."""
    columns = [_COLUMN_OF.get(same(cell)) for cell in cells]
    known = [column for column in columns if column]
    filled = [cell for cell in cells if cell]
    if not known or len(known) * 2 < len(filled) or any("@" in cell for cell in cells):
        return []
    for column in known:
        if known.count(column) > 1 and column not in LEFT_ASIDE:
            raise Unreadable("header_twice", cells[columns.index(column)])
    if not {"name", "family_name"} & set(known):
        raise Unreadable("header_without_name")
    if not {"sign_in", "email", "login_name"} & set(known):
        raise Unreadable("header_without_sign_in")
    return columns


def _row(number: int, cells: list[str], names: list[str]) -> Row:
    filled = cells + [""] * (len(names) - len(cells))
    values = {name: cell for name, cell in zip(names, filled, strict=False) if name}
    return Row(number, values, tuple(cell for cell in cells[len(names) :] if cell))
