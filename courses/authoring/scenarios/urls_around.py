"""Addresses of what stands around the desk of a scenario."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
