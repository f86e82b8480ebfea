"""Addresses of authoring: its pages, and the doors of its editor."""

from django.urls import path

from courses.authoring import api
from courses.authoring.views import editor

app_name = "authoring"
urlpatterns = [
    path("authoring/modules/<uuid:module_id>/", editor.editor, name="editor"),
    path("api/authoring/modules/<uuid:module_id>/draft/", api.draft, name="api_draft"),
    path("api/authoring/media/", api.found_media, name="api_media"),
    path("api/authoring/pictures/", api.pictures, name="api_pictures"),
]
