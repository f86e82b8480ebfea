"""Imports and what is to be mended in them, for programs."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from core.access import allow
from core.api.doors import Door
from core.api.paging import Paged
from core.api.schema import example, operation, paged
from sales.imports import queries, words
from sales.imports.api.shapes import ImportProblemShape, ImportShape, ImportsQuery
from sales.imports.models import KEEPERS, Import, Trouble, takes_in

_SCOPE = "sales:read"
_IMPORT = {
    "id": "019a9c4e-e001-7c00-8e00-3d4e5f6a7b01",
    "source": "019a9c4e-c002-7a00-9b00-1c2d3e4f5a02",
    "grain": "opportunity",
    "state": "applied",
    "name": "deals-2026-11.csv",
    "rows": 1240,
    "new": 310,
    "changed": 42,
    "unchanged": 886,
    "left_out": 2,
    "brought_by": "019a9c4e-7d0a-7c55-9d2b-5f0f6f1f2a10",
    "brought_at": "2026-11-22T00:12:00Z",
    "finished_at": "2026-11-22T00:13:20Z",
    "undone_at": None,
}
_PROBLEM = {
    "row": 17,
    "column": "受注日",
    "value": "2026/02/30",
    "code": "no_such_day",
    "message": "This day doesn't exist",
    "remedy": "Check month and day, and write it as 2026/11/22 or 2026年11月22日.",
}


def _as_import(row: Import) -> dict[str, Any]:
    return {
        "id": row.pk,
        "source": row.source_id,
        "grain": row.grain,
        "state": row.state,
        "name": row.name,
        "rows": row.rows,
        "new": row.counts.get("new"),
        "changed": row.counts.get("changed"),
        "unchanged": row.counts.get("same"),
        "left_out": row.counts.get("left"),
        "brought_by": row.brought_by,
        "brought_at": row.brought_at,
        "finished_at": row.finished_at,
        "undone_at": row.undone_at,
    }


class _Files(Door):
    scope = _SCOPE

    def found(self, import_id: uuid.UUID) -> Import:
        """Return an import. Raises Http404 for whoever may not see it. One query."""
        try:
            return queries.one(self.person, import_id)
        except Import.DoesNotExist:
            raise Http404 from None


@allow(*KEEPERS)
class Imports(Door):
    """Imports."""

    scope = _SCOPE
    query = ImportsQuery

    @operation("listImports", tag="Sales", answer=paged(ImportShape), examples=[
        example("A page of one", {"items": [_IMPORT], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List files of sales figures, for the client's sales managers and administrators."""
        if not takes_in(self.person):
            raise Http404
        rows = self.narrowed(
            Import.objects.visible_to(self.person).defer("head", "examples", "companies"),
            "source", "grain", "state", brought_since="brought_at__gte",
        )  # fmt: skip
        return self.page(rows, _as_import)


@allow(*KEEPERS)
class OneImport(_Files):
    """One import."""

    @operation("getImport", tag="Sales", answer=ImportShape, examples=[
        example("A file that was taken in", _IMPORT),
    ])  # fmt: skip
    def get(self, _request: Request, import_id: uuid.UUID) -> HttpResponse:
        """Read what came of one file."""
        return self.answer(_as_import(self.found(import_id)))


@allow(*KEEPERS)
class Problems(_Files):
    """Problems of an import."""

    query = Paged

    @operation("listImportProblems", tag="Sales", answer=paged(ImportProblemShape), examples=[
        example("A page of one", {"items": [_PROBLEM], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request, import_id: uuid.UUID) -> HttpResponse:
        """List what can't be taken in as it stands, by row and column, with how to mend it."""
        file = self.found(import_id)
        return self.page(queries.problems(file), lambda row: _as_problem(row, file))


def _as_problem(row: Trouble, file: Import) -> dict[str, Any]:
    told = words.explain(row, file)
    return {
        "row": row.row,
        "column": told.column if row.column else "",
        "value": row.value,
        "code": row.code,
        "message": told.what,
        "remedy": told.mend,
    }
