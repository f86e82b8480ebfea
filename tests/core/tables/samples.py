"""Workbooks as people and attackers bring them."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from core.tables import writing

SHEET = "xl/worksheets/sheet1.xml"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(rows: Sequence[Sequence[str]] = (("コード", "問題"), ("Q-1", "なぜ"))) -> bytes:
    """A good workbook."""
    return writing.to_excel(rows, title="t")


def altered(data: bytes, changes: Mapping[str, str | bytes]) -> bytes:
    """The same workbook with some entries replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return out.getvalue()


def sheet(inside: str) -> str:
    """The XML of a sheet with these rows."""
    return f'<?xml version="1.0"?><worksheet {_MAIN}><sheetData>{inside}</sheetData></worksheet>'


def cell(place: str, value: str) -> str:
    """The XML of a cell that holds a text."""
    return f'<c r="{place}" t="inlineStr"><is>{value}</is></c>'
