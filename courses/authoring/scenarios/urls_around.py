"""Addresses of what stands around the desk of a scenario."""

from django.urls import path

from courses.authoring.scenarios.views import (
    ace,
    around_aces,
    around_file,
    around_publish,
    around_table,
    around_versions,
    preview,
)

_ONE = "authoring/scenarios/<uuid:scenario_id>/"
_VERSION = f"{_ONE}versions/<int:number>/"

urlpatterns = [
    path(f"{_ONE}table/", around_table.table, name="paste"),
    path(f"{_ONE}file/", around_file.bring, name="bring"),
    path(f"{_ONE}file.json", around_file.save, name="export"),
    path(f"{_ONE}preview/", preview.preview, name="preview"),
    path(f"{_ONE}preview/phone/", preview.phone, name="phone"),
    path(f"{_ONE}publish/", around_publish.publish, name="publish"),
    path(f"{_ONE}versions/", around_versions.versions, name="versions"),
    path(_VERSION, around_versions.version, name="version"),
    path(f"{_VERSION}file.json", around_versions.save_version, name="save_version"),
    path(f"{_VERSION}restore/", around_versions.restore_version, name="restore_version"),
    path(f"{_VERSION}withdraw/", around_publish.withdraw, name="withdraw"),
    path(f"{_ONE}aces/", around_aces.links, name="aces"),
    path(f"{_ONE}aces/<uuid:link_id>/revoke/", around_aces.revoke, name="revoke_ace"),
    path("ace/<str:token>/", ace.ace, name="ace"),
    path("ace/<str:token>/uploads/", ace.uploads, name="ace_uploads"),
    path("ace/<str:token>/uploads/<uuid:upload_id>/", ace.upload, name="ace_upload"),
]
