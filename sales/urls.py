"""Addresses of sales figures."""

from django.urls import path

from sales import views

app_name = "sales"
urlpatterns = [
    path("sales/funnel/", views.funnel, name="funnel"),
    path("sales/funnel/records/", views.records, name="records"),
]
