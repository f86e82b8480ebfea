"""Addresses of webhooks."""

from django.urls import path

from partners.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("webhooks/", views.endpoints, name="endpoints"),
    path("webhooks/new/", views.new, name="new"),
    path("webhooks/<uuid:endpoint_id>/", views.endpoint, name="endpoint"),
    path("webhooks/<uuid:endpoint_id>/edit/", views.edit, name="edit"),
    path("webhooks/<uuid:endpoint_id>/secret/", views.secret, name="secret"),
    path("webhooks/<uuid:endpoint_id>/switch/", views.switch, name="switch"),
    path("webhooks/<uuid:endpoint_id>/test/", views.test, name="test"),
    path("webhooks/<uuid:endpoint_id>/redeliver/", views.redeliver_failed, name="redeliver_failed"),
    path("webhooks/messages/<uuid:sending_id>/", views.message, name="message"),
    path("webhooks/messages/<uuid:sending_id>/redeliver/", views.redeliver, name="redeliver"),
]
