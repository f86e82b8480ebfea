"""Middleware of the ground floor: declared doors only, one policy for what a page may load."""

from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core import problems
from core.access import Access
from core.ratelimit import Verdict

GetResponse = Callable[[HttpRequest], HttpResponse]

ONE_PACKET = 1000
"""So many bytes reach a phone as quickly as fewer do."""


def wants_json(request: HttpRequest) -> bool:
    """Say whether the caller is a script that reads JSON."""
    return request.path.startswith("/api/") or "application/json" in request.headers.get(
        "Accept", ""
    )


class PolicyMiddleware(CSPMiddleware):
    """django-csp's own, which would put the same policy together for every answer: it is done once.

    An answer that says something else by django-csp's means, and a page that asks for a nonce, get what they ask for.
    """

    _SAID = tuple(
        f"_csp_{word}{end}"
        for word in ("config", "update", "replace", "exempt")
        for end in ("", "_ro")
    )

    @cached_property
    def _policy(self) -> str:
        return build_policy()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Name the policy in the answer's head."""
        said = response.__dict__
        if not self._policy or any(name in said for name in self._SAID) or HEADER in response:
            return super().process_response(request, response)
        if getattr(request, "_csp_nonce", None) is not None:
            return super().process_response(request, response)
        response[HEADER] = self._policy
        return response


class PackingMiddleware(GZipMiddleware):
    """Django's own, for what is worth it: an answer that fits into one packet anyway is sent as it is."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress a page."""
        if isinstance(response, HttpResponse) and len(response.content) < ONE_PACKET:
            return response
        packed: HttpResponseBase = super().process_response(request, response)
        return packed


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
            return _sign_in_first(request)
        if request.method == "POST" and request.POST and not request.FILES:
            return _keep_what_was_typed(request)
        return redirect_to_login(request.get_full_path())


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """Answer a script that nobody stands behind; RFC 6750 asks to say how one gets in."""
    refused: Verdict | None = getattr(request, "token_refused", None)
    if refused is not None and not refused.allowed:
        message = _("Too many requests. Please wait a moment.")
        response = problems.answer(request, 429, "throttled", message)
        response["Retry-After"] = str(refused.retry_after)
        return response
    if refused is not None:
        message = _("This token isn't valid, or no longer.")
        response = problems.answer(request, 401, "bad_token", message)
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response
    response = problems.answer(request, 401, "signed_out", _("Please sign in again."))
    response["WWW-Authenticate"] = "Bearer"
    return response


def _keep_what_was_typed(request: HttpRequest) -> HttpResponse:
    """Answer a form whose session has ended with a page that holds what was typed, to be sent again.

    Its CSRF token was checked before, so only what came from our own form is kept.
    """
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]
    return render(request, "signed_out.html", {"fields": fields}, status=401)
