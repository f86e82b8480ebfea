"""A file of figures becomes a panel, or it is said which column and row is wrong. Pure but for the file."""

import dataclasses
import datetime as dt
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analytics.associations.engine.panel import Panel

ENCODINGS = ("utf-8-sig", "cp932", "utf-16")
NOTHING = frozenset({"", "na", "n/a", "nan", "null", "none", ".", "-", "欠損"})
_MONTH = re.compile(r"(\d{4})[-/年](0?[1-9]|1[0-2])(?:[-/月]\d{1,2}日?|月)?(?:[ T].*)?")
_QUARTER = re.compile(r"(\d{4})[- ]?Q([1-4])|Q([1-4])[- ]?(\d{4})", re.IGNORECASE)
MOST_KINDS = 30


class BadFile(Exception):
    """The file can't be used: a code and its values, for a message in the reader's language."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.code, self.values = code, values


@dataclasses.dataclass(frozen=True, kw_only=True)
class Columns:
    """How the columns are called."""

    unit: str | None = None
    group: str | None = None
    time: str | None = None
    learning: tuple[str, ...] = ()
    sales: tuple[str, ...] = ()
    treated: str | None = None
    controls: tuple[str, ...] = ()
    currency: str | None = None

    def every(self) -> list[str]:
        """Return all of them."""
        single = (self.unit, self.group, self.time, self.treated, self.currency)
        named = [*(each for each in single if each), *self.learning, *self.sales, *self.controls]
        return list(dict.fromkeys(named))


def panel(path: Path, columns: Columns, today: dt.date) -> Panel:
    """Return the panel in a file. Raises BadFile."""
    raw = _read(path)
    lacking = [each for each in columns.every() if each not in raw.columns]
    if lacking:
        raise BadFile("no_column", column=lacking[0], there=", ".join(raw.columns))
    frame = pd.DataFrame(index=raw.index)
    period, now = "time", None
    if columns.time:
        frame[columns.time], period = times(raw[columns.time])
        now = {"month": today.year * 12 + today.month - 1, "year": today.year}.get(period)
    for column in (columns.unit, columns.group, columns.currency):
        if column:
            cells = raw[column].str.strip()
            frame[column] = cells.mask(_missing(cells))
    for column in (*columns.learning, *columns.sales):
        frame[column] = _numbers(raw[column])
    if columns.treated:
        frame[columns.treated] = _treated(raw[columns.treated], period)
    controls = {
        name: each for column in columns.controls for name, each in _control(raw[column]).items()
    }
    frame = frame.assign(**controls)
    return Panel.of(
        frame,
        unit=columns.unit,
        group=columns.group,
        time=columns.time,
        learning=columns.learning,
        sales=columns.sales,
        treated=columns.treated,
        controls=tuple(controls),
        currency=columns.currency,
        now=now,
        period=period,
    )


def _read(path: Path) -> pd.DataFrame:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile("unreadable", path=str(path), why=error.strerror or "") from error
    if not data.strip():
        raise BadFile("empty")
    text = _decoded(data)
    head = text.split("\n", 1)[0]
    separator = max((",", "\t", ";"), key=head.count)
    try:
        raw = pd.read_csv(
            io.StringIO(text),
            sep=separator,
            dtype=str,
            keep_default_na=False,
            skipinitialspace=True,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise BadFile("broken", why=str(error)) from error
    raw.columns = [str(each).strip() for each in raw.columns]
    if not len(raw):
        raise BadFile("empty")
    return raw.fillna("")


def _decoded(data: bytes) -> str:
    encodings = ENCODINGS if not data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-16",)
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile("encoding", known=", ".join(ENCODINGS))


def _missing(cells: "pd.Series[str]") -> "pd.Series[bool]":
    return cells.str.strip().str.lower().isin(NOTHING)


def _numbers(cells: "pd.Series[str]") -> "pd.Series[float]":
    """Return the cells as numbers. Raises BadFile with the row of the first one that is none."""
    empty = _missing(cells)
    plain = cells.str.strip().str.replace(r"(?<=\d),(?=\d{3})", "", regex=True)
    plain = plain.str.replace("−", "-").str.replace(r"^[¥￥$€£]|円$", "", regex=True)
    share = plain.str.endswith("%")
    values = pd.to_numeric(plain.str.rstrip("%").mask(empty), errors="coerce")
    wrong = values.isna() & ~empty
    if wrong.any():
        row = int(np.flatnonzero(wrong.to_numpy())[0])
        raise BadFile("not_number", column=str(cells.name), row=row + 2, cell=str(cells.iloc[row]))
    return values.astype("float64").where(~share, values / 100)


def times(cells: "pd.Series[str]") -> tuple["pd.Series[float]", str]:
    """Return times as whole numbers that count on, and what one is."""
    cells = cells.str.strip()
    empty = _missing(cells)
    for pattern, read, period in (
        (_MONTH, lambda m: int(m[1]) * 12 + int(m[2]) - 1, "month"),
        (_QUARTER, lambda m: int(m[1] or m[4]) * 4 + int(m[2] or m[3]) - 1, "time"),
    ):
        found = cells.map(pattern.fullmatch)
        if found[~empty].notna().all() and (~empty).any():
            return found.map(lambda m, read=read: read(m) if m else np.nan).astype(
                "float64"
            ), period
    values = _numbers(cells)
    known = values.dropna()
    if (known % 1 != 0).any():
        row = int(np.flatnonzero((values % 1 != 0) & values.notna())[0])
        raise BadFile("not_time", column=str(cells.name), row=row + 2, cell=str(cells.iloc[row]))
    if len(known) and known.between(190001, 210012).all() and (known % 100).between(1, 12).all():
        return values // 100 * 12 + values % 100 - 1, "month"
    return values, "year" if len(known) and known.between(1900, 2100).all() else "time"


def _treated(cells: "pd.Series[str]", period: str) -> "pd.Series[float]":
    """Return first treated times, counted as the times are; 0 and 1 stay."""
    empty = _missing(cells) | cells.str.strip().isin({"0", "0.0"})
    if period == "month" and not set(cells[~empty].str.strip()) <= {"1", "1.0"}:
        found, _ = times(cells.mask(empty, ""))
        return found
    return _numbers(cells)


def _control(cells: "pd.Series[str]") -> dict[str, "pd.Series[float]"]:
    """Return a control as numbers; kinds that are named become a column each but for the first."""
    empty = _missing(cells)
    kinds = sorted(cells[~empty].str.strip().unique())
    if pd.to_numeric(pd.Series(kinds, dtype=str), errors="coerce").notna().any() or not kinds:
        return {str(cells.name): _numbers(cells)}
    if len(kinds) > MOST_KINDS:
        raise BadFile("many_kinds", column=str(cells.name), kinds=len(kinds), most=MOST_KINDS)
    return {
        f"{cells.name}={kind}": (cells.str.strip() == kind).astype("float64").mask(empty)
        for kind in kinds[1:]
    }


def names(text: Sequence[str] | None) -> tuple[str, ...]:
    """Return column names that were given as COL,COL."""
    return tuple(part.strip() for each in text or () for part in each.split(",") if part.strip())
