"""Reports that were asked for, with every number's interval and n."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from analytics.associations.api.shapes import ReportShape, ReportsQuery
from analytics.associations.models import OFFICE, Report
from analytics.associations.queries import reports
from core.access import allow
from core.api.doors import Door
from core.api.schema import example, operation, paged

SCOPE = "reports:read"
_REPORT: dict[str, Any] = {
    "id": "019a9c4e-f001-7d00-8f00-4e5f6a7b8c01",
    "state": "ready",
    "question": {
        "since": "2026-08-01",
        "until": "2026-11-01",
        "lag": 1,
        "learning": "finished",
        "sales": "appointments",
        "currency": "",
        "product_id": None,
        "course_id": None,
        "organisation_id": None,
        "team_id": None,
    },
    "as_of": "2026-11-22T00:12:00+00:00",
    "inputs": "9f2c",
    "engine": "1",
    "grade": "D",
    "reason": None,
    "reps": 312,
    "partners": 16,
    "missing": 18,
    "smallest": 0.16,
    "numbers": [{"name": "within", "value": 0.52, "low": 0.43, "high": 0.58, "n": 312}],
}


@allow(*OFFICE)
class Reports(Door):
    """Reports."""

    scope = SCOPE
    query = ReportsQuery

    @operation("listReports", tag="Reports", answer=paged(ReportShape), examples=[
        example("A page of one", {"items": [_REPORT], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List reports of learning and sales that one's own organisation asked for.

        Where companies together point another way than colleagues do, no number over all is told.
        """
        rows = reports.reports(self.person)
        found = self.narrowed(rows, "state", created_since="created_at__gte")
        return self.page(found, reports.told)


@allow(*OFFICE)
class OneReport(Door):
    """One report."""

    scope = SCOPE

    @operation("getReport", tag="Reports", answer=ReportShape, examples=[
        example("What was found", _REPORT),
    ])  # fmt: skip
    def get(self, _request: Request, report_id: uuid.UUID) -> HttpResponse:
        """Read one report; its numbers stay the same for ever."""
        try:
            found = reports.report(self.person, report_id)
        except Report.DoesNotExist:
            raise Http404 from None
        return self.answer(reports.told(found))
