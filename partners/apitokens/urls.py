"""Addresses of tokens."""

from django.urls import path

from partners.apitokens import views

app_name = "apitokens"
urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/new/", views.new_token, name="new"),
    path("tokens/<uuid:token_id>/revoke/", views.revoke_token, name="revoke"),
]
