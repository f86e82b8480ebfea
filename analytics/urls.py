"""Addresses of reports: below `team/` what is one's own, below `progress/` what the client's people see of all."""

from django.urls import path

from analytics.views import companies, files, modules, questions, team

app_name = "analytics"
_COMPANY = "progress/companies/<uuid:organisation_id>/"
urlpatterns = [
    path("team/", team.team_page, name="team"),
    path("team/remind/", team.remind, name="remind"),
    path("team/members/", team.members, name="members"),
    path("team/members.csv", files.members_csv, name="members_csv"),
    path("team/modules/", modules.modules_page, name="modules"),
    path("team/modules.csv", files.modules_csv, name="modules_csv"),
    path("team/modules/<uuid:module_id>/", modules.module_page, name="module"),
    path("team/modules/<uuid:module_id>/practise/", modules.practise, name="practise"),
    path("team/members/<uuid:person_id>/", team.person_page, name="person"),
    path("team/members/<uuid:person_id>/remind/", team.remind_person, name="remind_person"),
    path("reports/questions/<uuid:module_id>/", questions.questions, name="questions"),
    path("progress/", companies.progress, name="progress"),
    path("progress/companies.csv", files.companies_csv, name="companies_csv"),
    path("progress/modules/", modules.modules_of_everybody, name="modules_of_everybody"),
    path("progress/modules.csv", files.modules_csv_of_everybody, name="modules_csv_of_everybody"),
    path(
        "progress/modules/<uuid:module_id>/",
        modules.module_of_everybody,
        name="module_of_everybody",
    ),
    path(_COMPANY, team.team_page, name="team_of"),
    path(f"{_COMPANY}remind/", team.remind, name="remind_of"),
    path(f"{_COMPANY}members/", team.members, name="members_of"),
    path(f"{_COMPANY}members.csv", files.members_csv, name="members_csv_of"),
    path(f"{_COMPANY}modules/", modules.modules_page, name="modules_of"),
    path(f"{_COMPANY}modules.csv", files.modules_csv, name="modules_csv_of"),
    path(f"{_COMPANY}modules/<uuid:module_id>/", modules.module_page, name="module_of"),
    path(f"{_COMPANY}modules/<uuid:module_id>/practise/", modules.practise, name="practise_of"),
]
