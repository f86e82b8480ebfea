"""Addresses under `/api/v1/sales/imports`."""

from django.urls import path

from sales.imports.api import imports

urlpatterns = [
    path("sales/imports", imports.Imports.as_view(), name="imports"),
    path("sales/imports/<uuid:import_id>", imports.OneImport.as_view(), name="import"),
    path(
        "sales/imports/<uuid:import_id>/problems",
        imports.Problems.as_view(),
        name="import_problems",
    ),
]
