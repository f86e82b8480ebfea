"""Addresses that no page of ours makes are refused before a view reads them, so that each need not look itself."""

import re
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.jsonbody import BadBodyError, check_text
from core.views.errors import refused

GetResponse = Callable[[HttpRequest], HttpResponse]

_PAGE = re.compile(r"[1-9][0-9]{0,8}")
"""A page's number in plain digits. One beyond the end shows the last page: rows go away meanwhile."""


class AddressMiddleware:
    """Answers 400 to a parameter with signs that no text holds, and to a page's number that is none.

    Comes after the doors' own check of who may come in. The programming interface reads its parameters itself.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the work is done once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse what no view could use."""
        if any(isinstance(value, str) and "\0" in value for value in kwargs.values()):
            raise Http404
        if not request.META.get("QUERY_STRING") or request.path.startswith("/api/v1/"):
            return None
        try:
            for name, values in request.GET.lists():
                _check(name, values)
        except BadBodyError as error:
            return refused(request, error)
        return None


def _check(name: str, values: list[str]) -> None:
    """Raise BadBodyError for a parameter that can't be meant."""
    try:
        for text in (name, *values):
            check_text(text)
    except BadBodyError as error:
        error.field = name[:80].replace("\0", "")
        raise
    if name == "page" and not all(_PAGE.fullmatch(value) for value in values if value):
        raise BadBodyError("bad_page", _("This is not the number of a page."), name)
