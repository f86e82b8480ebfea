"""Addresses under `/api/v1/sales/`."""

from django.urls import path

from sales.api import facts, funnel, telling

urlpatterns = [
    path("sales/products", facts.Products.as_view(), name="products"),
    path("sales/sources", facts.Sources.as_view(), name="sources"),
    path("sales/activities", facts.Activities.as_view(), name="activities"),
    path("sales/activities/upsert", telling.TellActivities.as_view(), name="tell_activities"),
    path("sales/opportunities", facts.Opportunities.as_view(), name="opportunities"),
    path(
        "sales/opportunities/upsert",
        telling.TellOpportunities.as_view(),
        name="tell_opportunities",
    ),
    path("sales/funnel", funnel.Funnel.as_view(), name="funnel"),
]
