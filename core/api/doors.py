"""The base of all doors of the programming interface.

>>> @allow("admin", "manager")
... class People(Door):
...     scope = "people:read"
...     query = PeopleQuery
...
...     @operation("listPeople", ...)
...     def get(self, request): return self.page(rows, shown)

Who asks is known before (`request.person`, with their row security scope): by the session of a browser, then a
change needs its CSRF token; or by a token, then its scopes bound what may be done.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import MethodNotAllowed, UnsupportedMediaType
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from core import jsonbody, ratelimit
from core.access import Access
from core.api import refusals
from core.api.paging import cut
from core.api.refusals import Refusal
from core.api.shapes import Shape

WINDOW = 60
"""Requests are counted by the minute."""

_READING = ("GET", "HEAD")


class Nothing(Shape):
    """No parameters."""


class Known(SessionAuthentication):
    """Whoever the middleware has found; a browser's session proves with each change that its own page sends it."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return the account and its token, None for strangers."""
        plain: Any = request._request
        if plain.person is None:
            return None
        if plain.token is None:
            self.enforce_csrf(request)
        return plain.person.account, plain.token

    def authenticate_header(self, _request: Request) -> str:
        """Say how one gets in."""
        return "Bearer"


class InScope(BasePermission):
    """A token does what its scopes say; a session all that its person may do."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raise a refusal that names the scope that is missing."""
        needed, token = view.needs(request.method), cast("Any", request.auth)
        if token is not None and needed and needed not in token.scopes:
            message = _("This token lacks the scope %(scope)s.") % {"scope": needed}
            raise Refusal(403, "missing_scope", message)
        return True


class Fair(BaseThrottle):
    """So many requests a minute for each token, and for each person's browsers."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this request; the door tells its caller how many are left."""
        if request.user is None:
            return True
        key = str(request.auth.pk if request.auth else request.user.pk)
        view.verdict = ratelimit.hit("api", key, settings.API_REQUESTS_A_MINUTE, WINDOW)
        self._wait = view.verdict.retry_after
        return bool(view.verdict.allowed)

    def wait(self) -> float:
        """Return in how many seconds to come back."""
        return float(self._wait)


class Door(APIView):
    """One address. `query` are its parameters, `limit` the most bytes of a body.

    A token needs `scope`, or for a change `changes` where that is another one.
    """

    access: ClassVar[Access]
    scope: ClassVar[str] = ""
    changes: ClassVar[str] = ""
    query: ClassVar[type[BaseSerializer[Any]]] = Nothing
    limit: ClassVar[int] = 256 * 1024

    authentication_classes = [Known]
    permission_classes = [InScope]
    throttle_classes = [Fair]
    http_method_names = ["get", "head", "post"]
    verdict: ratelimit.Verdict | None = None

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """Return the view, which declares who may use it as any other does."""
        view = super().as_view(**initkwargs)
        view.access = cls.access  # type: ignore[attr-defined]
        return view

    @classmethod
    def needs(cls, method: str | None) -> str:
        """Return the scope that a token needs for this method."""
        return cls.scope if method in _READING else cls.changes or cls.scope

    @property
    def person(self) -> Any:
        """Who asks."""
        return self.request._request.person  # type: ignore[attr-defined]

    def perform_content_negotiation(
        self,
        _request: Request,
        _force: bool = False,
    ) -> Any:
        """Answer JSON, whatever is preferred: there is nothing else to choose."""
        return self.get_renderers()[0], "application/json"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in who may come in, then read the parameters into `asked`."""
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        if request.method not in _READING and not jsonbody.is_json(request._request):
            raise UnsupportedMediaType(request.content_type or "")
        super().initial(request, *args, **kwargs)
        self.asked = _asked(request, self.query if request.method in _READING else Nothing)

    def told(self, shape: type[BaseSerializer[Any]]) -> Any:
        """Return what the body says. Raises a refusal for anything that is not of this shape."""
        read = shape(data=jsonbody.read(self.request._request, self.limit))
        read.is_valid(raise_exception=True)
        return read.validated_data

    def answer(self, body: dict[str, Any], status: int = 200) -> HttpResponse:
        """Return an answer."""
        return JsonResponse(body, status=status)

    def page(
        self,
        rows: "QuerySet[Any]",
        shown: Callable[[Any], dict[str, Any]],
        horizon: Callable[[], dt.datetime] | None = None,
    ) -> HttpResponse:
        """Return the page that is asked for. One query.

        A `horizon` says before which moment all changes can be seen, for those who follow them (`next_since`).
        """
        found = cut(rows, self.asked, horizon)
        body = {"items": [shown(row) for row in found.rows], "next": found.following}
        return self.answer(body if horizon is None else {**body, "next_since": found.since})

    def narrowed(self, rows: "QuerySet[Any]", *names: str, **named: str) -> "QuerySet[Any]":
        """Keep the rows that fit these parameters, as far as they are asked for; `named` maps them to look-ups."""
        wanted = {**{name: name for name in names}, **named}
        asked = {look: self.asked[name] for name, look in wanted.items() if name in self.asked}
        return rows.filter(**asked)

    def handle_exception(self, exc: Exception) -> Any:
        """Answer refusals; what is none goes up, to be logged and answered as a fault."""
        response = refusals.answer(self.request._request, exc)
        if response is None:
            raise exc
        if response.status_code == 405:
            response["Allow"] = ", ".join(self.allowed_methods)
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Say how many requests are left, and let nobody between keep the answer."""
        found: Any = super().finalize_response(request, response, *args, **kwargs)
        if self.verdict is not None:
            _tell(found, self.verdict)
        patch_cache_control(found, private=True, no_store=True)
        return found


def _asked(request: Request, shape: type[BaseSerializer[Any]]) -> dict[str, Any]:
    """Return the parameters of the address, which must be known and stand there once."""
    read = shape(data=request.query_params.dict(), context={"is_address": True})
    for name, values in request.query_params.lists():
        if name not in read.fields:  # type: ignore[attr-defined]
            raise refusals.unknown_parameter(name[:80])
        if len(values) > 1:
            raise Refusal(400, "named_twice", _("A parameter is named twice."), name)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def _tell(response: HttpResponse, verdict: ratelimit.Verdict) -> None:
    """Set the headers of draft-ietf-httpapi-ratelimit-headers."""
    response["RateLimit-Policy"] = f'"requests";q={settings.API_REQUESTS_A_MINUTE};w={WINDOW}'
    response["RateLimit"] = f'"requests";r={verdict.remaining};t={verdict.resets_in}'
