"""Every address under `/api/v1/`, app by app."""

from django.urls import include, path

app_name = "v1"
urlpatterns = [
    path("", include("partners.api.urls")),
    path("", include("courses.catalog.api.urls")),
    path("", include("courses.progress.api.urls")),
    path("", include("courses.quizzes.api.urls")),
    path("", include("courses.assignments.api.urls")),
    path("", include("sales.api.urls")),
    path("", include("sales.imports.api.urls")),
    path("", include("gamification.api.urls")),
    path("", include("analytics.associations.api.urls")),
]
