"""Middleware of the ground floor: declared doors only, and a calm answer while the database is away."""

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from core.access import Access

log = structlog.get_logger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]


def wants_json(request: HttpRequest) -> bool:
    """Say whether the caller is a script that reads JSON."""
    return request.path.startswith("/api/") or "application/json" in request.headers.get(
        "Accept", ""
    )


class DatabaseDownMiddleware:
    """Answers 503 with Retry-After while PostgreSQL restarts, never a page of errors."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; `process_exception` does the work for views."""
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError) as error:
            return self._answer(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a lost database into 503."""
        if isinstance(error, OperationalError | InterfaceError):
            return self._answer(request, error)
        return None

    @staticmethod
    def _answer(request: HttpRequest, error: Exception) -> HttpResponse:
        log.warning("database_unreachable", error=str(error)[:200])
        response: HttpResponse
        if wants_json(request):
            response = JsonResponse(
                {"code": "try_again", "message": "Try again shortly."}, status=503
            )
        else:
            response = HttpResponse(render_to_string("503.html"), status=503)
        response["Retry-After"] = "3"
        return response


class AccessMiddleware:
    """Lets in whom the view's `@allow` names, and refuses views that name nobody."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the work is done once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse undeclared views, send strangers to sign in, answer 404 to the wrong role."""
        access: Access | None = getattr(view, "access", None)
        if access is None:
            if settings.DEBUG or settings.TESTING:
                raise ImproperlyConfigured(
                    f"{view.__module__}.{view.__name__} declares no @allow(...)"
                )
            raise Http404
        person = getattr(request, "person", None)
        if access.admits(None if person is None else frozenset(person.roles)):
            return None
        if person is not None:
            raise Http404
        if wants_json(request):
            return JsonResponse(
                {"code": "signed_out", "message": "Please sign in again."}, status=401
            )
        return redirect_to_login(request.get_full_path())
