"""Addresses of imports."""

from django.urls import path

from sales.imports import names_views, taking_out_views, views

app_name = "imports"
_ONE = "sales/imports/<uuid:import_id>/"
urlpatterns = [
    path("sales/imports/", views.imports, name="imports"),
    path("sales/imports/new/", views.new, name="new"),
    path("sales/imports/export/", taking_out_views.export, name="export"),
    path("sales/imports/words/", names_views.remembered, name="remembered"),
    path("sales/imports/words/<int:match_id>/forget/", names_views.forget, name="forget"),
    path(_ONE, views.show, name="import"),
    path(f"{_ONE}columns/", views.columns, name="columns"),
    path(f"{_ONE}columns/again/", views.recolumn, name="recolumn"),
    path(f"{_ONE}letters/", views.letters, name="letters"),
    path(f"{_ONE}names/", names_views.names, name="names"),
    path(f"{_ONE}names/<int:name_id>/", names_views.person, name="person"),
    path(f"{_ONE}check/", views.check, name="check"),
    path(f"{_ONE}start/", views.start, name="start"),
    path(f"{_ONE}cancel/", views.cancel, name="cancel"),
    path(f"{_ONE}undo/", views.undo, name="undo"),
    path(f"{_ONE}problems/", taking_out_views.troubles, name="troubles"),
    path(f"{_ONE}problems.csv", taking_out_views.troubles_file, name="troubles_file"),
    path(f"{_ONE}kept/", taking_out_views.kept, name="kept"),
]
