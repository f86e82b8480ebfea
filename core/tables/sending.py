"""Tables sent as files, to keep: nobody between may."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
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


def _sent(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="tomoni-{name}"'
    patch_cache_control(response, private=True, no_store=True)
    return response
