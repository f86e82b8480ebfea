"""What every page's frame needs: navigation, unread notices, the installation's kind."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core import nav
from core.notices import queries as notices


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return `person`, `nav_items`, `notice_count` (lazy), `embedded` and `theme`."""
    person = getattr(request, "person", None)
    roles = frozenset(person.roles) if person else frozenset()
    return {
        "person": person,
        "nav_items": SimpleLazyObject(lambda: nav.links(request, roles)) if person else [],
        "notice_count": SimpleLazyObject(lambda: notices.unread_count(person.pk)) if person else 0,
        "embedded": settings.EMBEDDED or settings.TESTING,
        "theme": _theme(request),
    }


def _theme(request: HttpRequest) -> str:
    theme = request.COOKIES.get("theme", "")
    return theme if theme in {"light", "dark"} else ""
