"""Addresses of the report of learning and sales."""

from django.urls import path

from analytics.associations.views import files, pages

app_name = "associations"
_REPORT = "reports/learning-to-sales/<uuid:report_id>/"
urlpatterns = [
    path("reports/learning-to-sales/", pages.ask, name="ask"),
    path(_REPORT, pages.report, name="report"),
    path(f"{_REPORT}numbers.csv", files.numbers_csv, name="numbers_csv"),
    path(f"{_REPORT}numbers.xlsx", files.numbers_xlsx, name="numbers_xlsx"),
]
