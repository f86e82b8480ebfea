"""Addresses of sales figures."""

from django.urls import include, path

from sales.views import days, funnel, setup

app_name = "sales"

_setup = [
    path("", setup.setup, name="setup"),
    path("counts/<slug:measure>/", setup.counted, name="counted"),
    path("products/new/", setup.add_product, name="add_product"),
    path("products/<uuid:product_id>/", setup.product, name="product"),
    path("products/<uuid:product_id>/archive/", setup.archive_product, name="archive_product"),
    path("sources/new/", setup.add_source, name="add_source"),
    path("sources/<uuid:source_id>/", setup.source, name="source"),
    path("sources/<uuid:source_id>/counts/", setup.count_source, name="count_source"),
    path("sources/<uuid:source_id>/archive/", setup.archive_source, name="archive_source"),
]

urlpatterns = [
    path("sales/funnel/", funnel.funnel, name="funnel"),
    path("sales/funnel/groups.csv", funnel.groups_csv, name="groups_csv"),
    path("sales/funnel/records/", funnel.records, name="records"),
    path("sales/setup/", include(_setup)),
    path("sales/today/", days.day, name="day"),
    path("api/sales/days/", days.take_day, name="take_day"),
]
