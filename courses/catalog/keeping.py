"""Pages that a phone may keep for their person, and open again without network."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie

HEADER = "X-Keep-For"
"""Names the person for whom the service worker may keep a page; without it no page is kept."""


def keep(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the phone keep this page for the person who asked for it, if it was found."""
    person = getattr(request, "person", None)
    if person is not None and request.method == "GET" and response.status_code == 200:
        response[HEADER] = str(person.pk)
    # The browser's own cache asks each time, so that nobody sees the page of who was here before.
    response.setdefault("Cache-Control", "private, no-cache")
    return response


def keepable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let the phone keep a view's pages; their scripts can send (the CSRF cookie is set)."""

    @functools.wraps(view)
    def kept(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return keep(request, view(request, *args, **kwargs))

    return ensure_csrf_cookie(kept)
