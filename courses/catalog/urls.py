"""Addresses of the glossary."""

from django.urls import path

from courses.catalog import views
from courses.catalog.api import desk

app_name = "catalog"
urlpatterns = [
    path("terms/", views.words, name="words"),
    path("authoring/terms/", views.word_list, name="word_list"),
    path("authoring/terms/new/", views.add_word, name="add_word"),
    path("authoring/terms/<uuid:term_id>/", views.edit_word, name="edit_word"),
    path("authoring/terms/<uuid:term_id>/archive/", views.archive_word, name="archive_word"),
    path("api/authoring/terms/", desk.terms, name="terms"),
]
