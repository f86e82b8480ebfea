"""Every address of the product."""

from django.urls import include, path

from courses.progress.api.phone import heartbeats
from courses.quizzes.api.phone import attempt
from lms import views

urlpatterns = [
    # What phones ask for most stands first: an address is looked for from the top.
    path("api/attempts/<uuid:attempt_id>/", attempt, name="api_attempt"),
    path("api/heartbeats/", heartbeats, name="api_heartbeats"),
    path("", views.home, name="home"),
    path("", include("courses.quizzes.urls")),
    path("", include("courses.progress.urls")),
    path("", include("gamification.urls")),
    path("", include("core.urls")),
    path("", include("partners.urls")),
    path("", include("partners.webhooks.urls")),
    path("", include("partners.apitokens.urls")),
    path("", include("courses.catalog.urls")),
    path("", include("courses.scenarios.urls")),
    path("", include("courses.assignments.urls")),
    path("", include("courses.authoring.urls")),
    path("", include("courses.authoring.scenarios.urls")),
    path("", include("courses.posts.urls")),
    path("", include("sales.urls")),
    path("", include("sales.imports.urls")),
    path("", include("analytics.associations.urls")),
    path("", include("analytics.scenarios.urls")),
    path("", include("analytics.urls")),
    path("api/v1/", include("lms.api")),
]

handler400 = "core.views.bad_request"
handler403 = "core.views.forbidden"
handler404 = "core.views.not_found"
handler500 = "core.views.server_error"
