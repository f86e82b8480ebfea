"""The ground floor: events, outbox, row security, media, notices and the look. Knows no other app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Finds each app's handlers and slots, and keeps the database's rights true after migrations."""

    name = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        """Register checks, handlers and slots of all apps."""
        from core import checks, nav, rowsecurity  # noqa: F401, PLC0415 - models are ready only now

        nav.register("library", _("Videos"), "video", "core:library", roles=["author"], order=30)
        autodiscover_modules("handlers", "slots")
        post_migrate.connect(rowsecurity.apply_after_migrate, dispatch_uid="core.rowsecurity")
