"""Addresses of quizzes and of what came out."""

from django.urls import path

from courses.quizzes import views
from courses.quizzes.bank import api, import_views
from courses.quizzes.bank import views as bank_views

app_name = "quizzes"
urlpatterns = [
    path("modules/<uuid:module_id>/quiz/", views.quiz, name="quiz"),
    path("modules/<uuid:module_id>/quiz/last/", views.last, name="last"),
    path("attempts/waiting/", views.waiting, name="waiting"),
    path("attempts/<uuid:attempt_id>/", views.result, name="result"),
    path("authoring/bank/", bank_views.bank, name="bank"),
    path("authoring/bank/new/", bank_views.add, name="bank_add"),
    path("authoring/bank/import/", import_views.choose, name="bank_import"),
    path("authoring/bank/import/<uuid:file_id>/", import_views.look, name="bank_file"),
    path(
        "authoring/bank/import/<uuid:file_id>/problems.csv",
        import_views.problems,
        name="bank_problems",
    ),
    path("authoring/bank/items.csv", bank_views.as_csv, name="bank_csv"),
    path("authoring/bank/items.xlsx", bank_views.as_excel, name="bank_excel"),
    path("authoring/bank/example.xlsx", bank_views.sample, name="bank_sample"),
    path("authoring/bank/<uuid:item_id>/", bank_views.edit, name="bank_item"),
    path("authoring/bank/<uuid:item_id>/archive/", bank_views.archive, name="bank_archive"),
    path("api/authoring/bank/", api.bank, name="api_bank"),
]
