"""Addresses of quizzes and of what came out."""

from django.urls import path

from courses.quizzes import views

app_name = "quizzes"
urlpatterns = [
    path("modules/<uuid:module_id>/quiz/", views.quiz, name="quiz"),
    path("attempts/waiting/", views.waiting, name="waiting"),
    path("attempts/<uuid:attempt_id>/", views.result, name="result"),
]
