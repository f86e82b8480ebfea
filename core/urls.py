"""Addresses of the ground floor."""

from django.urls import path

from core.views import (
    api,
    captions,
    health,
    library,
    mailbox,
    media,
    media_api,
    notices,
    operations,
    shell,
    tus,
)

app_name = "core"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("sw.js", shell.service_worker, name="service_worker"),
    path("offline/", shell.offline, name="offline"),
    path("language/", shell.set_language, name="set_language"),
    path("styleguide/", shell.styleguide, name="styleguide"),
    path("notices/", notices.notices, name="notices"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<uuid:pk>/", mailbox.message, name="mailbox_message"),
    path("operations/deliveries/", operations.deliveries, name="deliveries"),
    path("operations/deliveries/retry/", operations.retry_all, name="retry_all"),
    path("operations/deliveries/<int:pk>/retry/", operations.retry_delivery, name="retry_delivery"),
    path("operations/mail/<uuid:pk>/retry/", operations.retry_mail, name="retry_mail"),
    path("api/v1/openapi.json", api.openapi, name="openapi"),
    path("api/v1/docs/", api.api_docs, name="api_docs"),
    path("media/uploads/", tus.uploads, name="uploads"),
    path("media/uploads/<uuid:upload_id>/", tus.upload, name="upload"),
    path("media/uploads/<uuid:upload_id>/cancel/", library.cancel_upload, name="cancel_upload"),
    path("api/media/", media_api.assets, name="api_assets"),
    path("api/media/<uuid:pk>/", media_api.asset, name="api_asset"),
    path("media/library/", library.library, name="library"),
    path("media/library/<uuid:pk>/", library.video, name="video"),
    path("media/library/<uuid:pk>/retry/", library.retry_video, name="retry_video"),
    path(
        "media/library/<uuid:pk>/captions/<slug:language>/remove/",
        library.remove_captions,
        name="remove_captions",
    ),
    path(
        "media/library/<uuid:pk>/captions/<slug:language>/",
        captions.edit_captions,
        name="edit_captions",
    ),
    path(
        "media/library/<uuid:pk>/captions/<slug:language>/export.<slug:form>",
        captions.export_captions,
        name="export_captions",
    ),
    path(
        "api/media/<uuid:pk>/captions/<slug:language>/",
        captions.save_captions,
        name="save_captions",
    ),
    path("media/picture/<uuid:pk>/<slug:size>/", media.picture, name="picture"),
    path("media/captions/<uuid:pk>/<slug:language>.vtt", media.captions, name="captions"),
    path("media/<uuid:pk>/<str:name>", media.media, name="media"),
]
