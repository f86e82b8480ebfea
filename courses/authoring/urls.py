"""Addresses of authoring: its pages, and the doors of its editor."""

from django.urls import include, path

from courses.authoring import api
from courses.authoring.views import answers, courses, editor, history, modules, preview, publishing

app_name = "authoring"

_courses = [
    path("new/", courses.new_course, name="new_course"),
    path("<uuid:course_id>/", courses.course, name="course"),
    path("<uuid:course_id>/edit/", courses.edit_course, name="edit_course"),
    path("<uuid:course_id>/archive/", courses.archive_course, name="archive_course"),
    path("<uuid:course_id>/copy/", courses.copy_course, name="copy_course"),
    path("<uuid:course_id>/move/", courses.move_course, name="move_course"),
    path("<uuid:course_id>/modules/new/", courses.new_module, name="new_module"),
]

_module = [
    path("", editor.editor, name="editor"),
    path("reach/", modules.reach, name="reach"),
    path("archive/", modules.archive, name="archive"),
    path("move/", courses.move_module, name="move_module"),
    path("copy/", courses.copy_module, name="copy_module"),
    path("publish/", publishing.publish, name="publish"),
    path("preview/", preview.preview, name="preview"),
    path("preview/phone/", preview.phone, name="phone"),
    path("history/", history.history, name="history"),
    path("history/<int:revision>/", history.revision, name="revision"),
    path("history/<int:revision>/restore/", history.restore_revision, name="restore"),
    path("answers/", answers.answers, name="answers"),
    path("answers/<uuid:quiz_version_id>/<slug:key>/", answers.correct, name="correct"),
]

_api = [
    path("modules/<uuid:module_id>/draft/", api.draft, name="api_draft"),
    path("media/", api.found_media, name="api_media"),
    path("pictures/", api.pictures, name="api_pictures"),
]

urlpatterns = [
    path("authoring/", courses.courses, name="courses"),
    path("authoring/courses/", include(_courses)),
    path("authoring/modules/<uuid:module_id>/", include(_module)),
    path("api/authoring/", include(_api)),
]
