"""Addresses under `/api/v1/reports`."""

from django.urls import path

from analytics.associations.api import reports

urlpatterns = [
    path("reports", reports.Reports.as_view(), name="reports"),
    path("reports/<uuid:report_id>", reports.OneReport.as_view(), name="report"),
]
