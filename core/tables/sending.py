"""Tables sent as files, to keep: nobody between may."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Sequence

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from core.tables import writing
from core.tables.writing import Cell


def as_csv(rows: Iterable[Sequence[Cell]], name: str, day: dt.date) -> HttpResponse:
    """Return a table as CSV; the file is called by the name and the day of its figures."""
    return _sent(writing.to_csv(rows), writing.CSV_TYPE, f"{name}-{day:%Y%m%d}.csv")


def as_excel(
    rows: Iterable[Sequence[Cell]],
    name: str,
    day: dt.date,
    *,
    title: str,
    widths: Sequence[int] = (),
) -> HttpResponse:
    """Return a table as a workbook; the file is called by the name and the day of its figures."""
    book = writing.to_excel(rows, title=title, widths=widths)
    return _sent(book, writing.EXCEL_TYPE, f"{name}-{day:%Y%m%d}.xlsx")


def at_length(
    rows: Iterable[Sequence[Cell]],
    name: str,
    day: dt.date,
    *,
    form: str,
    title: str,
    widths: Sequence[int] = (),
) -> FileResponse:
    """Return a table of any length as `csv`, all cells in quotation marks, or `xlsx`; written a row at a time."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    if form == "xlsx":
        writing.write_excel(rows, out, title=title, widths=widths)
    else:
        out.writelines(writing.csv_pieces(rows, quoted=True))
    out.seek(0)
    kind = writing.EXCEL_TYPE if form == "xlsx" else writing.CSV_TYPE
    response = FileResponse(out, content_type=kind)
    _to_keep(response, f"{name}-{day:%Y%m%d}.{form}")
    return response


def _sent(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    _to_keep(response, name)
    return response


def _to_keep(response: HttpResponseBase, name: str) -> None:
    response["Content-Disposition"] = f'attachment; filename="tomoni-{name}"'
    patch_cache_control(response, private=True, no_store=True)
