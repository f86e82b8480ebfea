"""How a door refuses: every way a request may fail, as problem details."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions

from core import problems
from core.jsonbody import BadBodyError
from core.problems import Trouble

MOST_TROUBLES = 100


class Refusal(Exception):
    """Nothing was done. `troubles` says what to mend, where there is something."""

    def __init__(
        self, status: int, code: str, message: str, field: str = "", *troubles: Trouble
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.field = status, code, message, field
        self.troubles = troubles


def unknown_parameter(name: str) -> Refusal:
    """Refuse a parameter that the door doesn't know: a filter that is misspelt must not show everything."""
    return Refusal(400, "unknown_parameter", _("There is no such parameter."), name)


def answer(request: HttpRequest, exc: Exception) -> HttpResponse | None:
    """Return the answer for what a door raised; None for what is no refusal but a fault."""
    found = _refusal(exc)
    if found is None:
        return None
    troubles = found.troubles[:MOST_TROUBLES]
    if found.field and not troubles:
        troubles = (Trouble(found.field, found.code, found.message),)
    response = problems.answer(
        request,
        found.status,
        found.code,
        found.message,
        field=found.field,
        troubles=troubles,
    )
    if wait := getattr(exc, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _refusal(exc: Exception) -> Refusal | None:
    if isinstance(exc, Refusal):
        return exc
    if isinstance(exc, BadBodyError):
        return Refusal(exc.status, exc.code, exc.message, exc.field)
    if isinstance(exc, exceptions.ValidationError):
        return _invalid(exc)
    if isinstance(exc, exceptions.APIException):
        words = _WORDS.get(type(exc), lambda: _("That didn't arrive as expected"))
        return Refusal(exc.status_code, str(exc.default_code), words())
    for kind, (status, code, say) in _PLAIN.items():
        if isinstance(exc, kind):
            return Refusal(status, code, say())
    return None


_PLAIN: dict[type[Exception], tuple[int, str, Callable[[], str]]] = {
    Http404: (404, "not_found", lambda: _("This was not found.")),
    PermissionDenied: (403, "forbidden", lambda: _("You may not do this.")),
    RequestDataTooBig: (413, "too_large", lambda: _("That is more than can be sent at once.")),
    SuspiciousOperation: (400, "bad_request", lambda: _("That didn't arrive as expected")),
}
_WORDS: dict[type[Exception], Callable[[], str]] = {
    exceptions.NotFound: lambda: _("This was not found."),
    exceptions.PermissionDenied: lambda: _("You may not do this."),
    exceptions.NotAuthenticated: lambda: _("Please sign in again."),
    exceptions.MethodNotAllowed: lambda: _("This address doesn't take that method."),
    exceptions.UnsupportedMediaType: lambda: _("Please send JSON in UTF-8."),
    exceptions.Throttled: lambda: _("Too many requests. Please wait a moment."),
}


def _invalid(exc: exceptions.ValidationError) -> Refusal:
    troubles = list(_troubles(exc.get_full_details(), ""))
    first = troubles[0] if troubles else Trouble("", "invalid", "")
    return Refusal(400, "invalid", _("Something here needs to be mended."), first.field, *troubles)


def _troubles(details: Any, path: str) -> Iterator[Trouble]:
    """Yield what a serializer found, each with the way to it."""
    if isinstance(details, list):
        for index, each in enumerate(details):
            leaf = isinstance(each, dict) and set(each) == {"message", "code"}
            yield from _troubles(each, path if leaf else _join(path, index))
    elif set(details) == {"message", "code"} and isinstance(details["code"], str):
        yield Trouble(path, details["code"], str(details["message"]))
    else:
        for name, each in details.items():
            yield from _troubles(each, path if name == "non_field_errors" else _join(path, name))


def _join(path: str, name: Any) -> str:
    return f"{path}.{name}" if path else str(name)
