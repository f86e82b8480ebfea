"""Addresses of the ground floor."""

from django.urls import path

from core.views import health, library, mailbox, media, notices, operations, shell, tus

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
    path("media/uploads/", tus.uploads, name="uploads"),
    path("media/uploads/<uuid:upload_id>/", tus.upload, name="upload"),
    path("media/library/", library.library, name="library"),
    path("media/library/<uuid:pk>/", library.video, name="video"),
    path("media/library/<uuid:pk>/retry/", library.retry_video, name="retry_video"),
    path(
        "media/library/<uuid:pk>/captions/<slug:language>/remove/",
        library.remove_captions,
        name="remove_captions",
    ),
    path("media/picture/<uuid:pk>/<slug:size>/", media.picture, name="picture"),
    path("media/captions/<uuid:pk>/<slug:language>.vtt", media.captions, name="captions"),
    path("media/<uuid:pk>/<str:name>", media.media, name="media"),
]
