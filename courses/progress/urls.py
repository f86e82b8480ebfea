"""Addresses of learning: the shelf and a module."""

from django.urls import path

from courses.progress import views

app_name = "courses"
urlpatterns = [
    path("learn/", views.learn, name="learn"),
    path("learn/find/", views.find, name="find"),
    path("learn/offline/", views.offline, name="offline"),
    path("modules/<uuid:module_id>/", views.module, name="module"),
]
