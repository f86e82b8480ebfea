"""Fixtures for all tests; each is explained where it is defined."""

from tests.plugin.browser import (
    axe,
    browser,
    context,
    device,
    language,
    new_context,
    page,
    sign_in,
)
from tests.plugin.database import _empty_redis, django_db_setup
from tests.plugin.processes import beat, processes, site, worker

__all__ = [
    "_empty_redis",
    "axe",
    "beat",
    "browser",
    "context",
    "device",
    "django_db_setup",
    "language",
    "new_context",
    "page",
    "processes",
    "sign_in",
    "site",
    "worker",
]
