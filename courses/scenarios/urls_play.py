"""Addresses of playing."""

from django.urls import path

from courses.scenarios.views import play, play_api, play_media

urlpatterns = [
    path("modules/<uuid:module_id>/scenario/", play.play, name="play"),
    path("runs/<uuid:run_id>/", play.run, name="run"),
    path("runs/<uuid:run_id>/choose/", play.choose, name="choose"),
    path("runs/<uuid:run_id>/told/<int:seq>/", play.told, name="told"),
    path("runs/<uuid:run_id>/aces/<uuid:ace_id>/", play_media.ace, name="ace_face"),
    path("runs/<uuid:run_id>/back/", play.back, name="back"),
    path("runs/<uuid:run_id>/pace/", play.pace, name="pace"),
    path("runs/<uuid:run_id>/give-up/", play.give_up, name="give_up"),
    path("runs/<uuid:run_id>/move/", play.move, name="move"),
    path("api/scenarios/<uuid:scenario_id>/runs/<uuid:run_id>/", play_api.acts, name="api_acts"),
    path("api/runs/<uuid:run_id>/notes/", play_api.note, name="api_note"),
    path("api/modules/<uuid:module_id>/scenario/", play_api.package, name="api_package"),
]
