"""Addresses of reports: below `team/` what is one's own, below `progress/` what the client's people see of all."""

from django.urls import path

from analytics import views

app_name = "analytics"
_COMPANY = "progress/companies/<uuid:organisation_id>/"
urlpatterns = [
    path("team/", views.team_page, name="team"),
    path("team/remind/", views.remind, name="remind"),
    path("team/members/", views.members, name="members"),
    path("team/members.csv", views.members_csv, name="members_csv"),
    path("team/modules/", views.modules_page, name="modules"),
    path("team/modules.csv", views.modules_csv, name="modules_csv"),
    path("team/modules/<uuid:module_id>/", views.module_page, name="module"),
    path("team/members/<uuid:person_id>/", views.person_page, name="person"),
    path("progress/", views.progress, name="progress"),
    path("progress/companies.csv", views.companies_csv, name="companies_csv"),
    path("progress/modules/", views.modules_of_everybody, name="modules_of_everybody"),
    path("progress/modules.csv", views.modules_csv_of_everybody, name="modules_csv_of_everybody"),
    path(
        "progress/modules/<uuid:module_id>/",
        views.module_of_everybody,
        name="module_of_everybody",
    ),
    path(_COMPANY, views.team_page, name="team_of"),
    path(f"{_COMPANY}remind/", views.remind, name="remind_of"),
    path(f"{_COMPANY}members/", views.members, name="members_of"),
    path(f"{_COMPANY}members.csv", views.members_csv, name="members_csv_of"),
    path(f"{_COMPANY}modules/", views.modules_page, name="modules_of"),
    path(f"{_COMPANY}modules.csv", views.modules_csv, name="modules_csv_of"),
    path(f"{_COMPANY}modules/<uuid:module_id>/", views.module_page, name="module_of"),
]
