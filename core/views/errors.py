"""What is said when something is in the way: pages for people, JSON for scripts."""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core import problems
from core.access import allow
from core.jsonbody import BadBodyError
from core.mediafiles.errors import explain
from core.middleware import wants_json


def _answer(
    request: HttpRequest, status: int, code: str, message: str, template: str
) -> HttpResponse:
    if wants_json(request):
        return problems.answer(request, status, code, message)
    # A request may be half made when something fails, so the page is drawn without asking it.
    context = {"request": request, "theme": _theme(request)}
    return HttpResponse(render_to_string(template, context), status=status)


def _theme(request: HttpRequest) -> str:
    theme = request.COOKIES.get("theme", "")
    return theme if theme in {"light", "dark"} else ""


@allow("anyone")
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400: the request was not understood."""
    message = _("That didn't arrive as expected")
    return _answer(request, 400, "bad_request", message, "400.html")


def refused(request: HttpRequest, error: BadBodyError) -> HttpResponse:
    """Answer a request that can't be meant as it came: scripts learn the field, people a way on."""
    if wants_json(request):
        return problems.answer(request, error.status, error.code, error.message, field=error.field)
    return _answer(request, error.status, error.code, error.message, "400.html")


@allow("anyone")
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403: this door is closed to the person."""
    message = _("This page isn't open to you")
    return _answer(request, 403, "forbidden", message, "403.html")


@allow("anyone")
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, the same for what doesn't exist and for what isn't open to the person."""
    message = _("This was not found.") if wants_json(request) else _("We can't find this page")
    return _answer(request, 404, "not_found", message, "404.html")


def _has_no_room(error: BaseException | None) -> bool:
    """Say whether a full disk is behind it, also where a library says so in its own words."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return True
        error = error.__cause__ or error.__context__
    return False


@allow("anyone")
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500: something broke on our side; nothing of it is shown.

    While PostgreSQL is away, or has no room, it is 503 with Retry-After instead, wherever the request met that; and
    507 where a disk is full.
    """
    cause = sys.exc_info()[1]
    if _has_no_room(cause):
        return _answer(request, 507, "no_space", explain("no_space"), "507.html")
    if isinstance(cause, OperationalError | InterfaceError):
        response = _answer(request, 503, "try_again", _("Please try again in a moment"), "503.html")
        response["Retry-After"] = "3"
        return response
    message = _("Something went wrong on our side")
    return _answer(request, 500, "server_error", message, "500.html")


@allow("anyone")
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403: a form came from an old page. Says how to go on."""
    message = _("This page had been open for a while")
    return _answer(request, 403, "old_page", message, "403_csrf.html")
