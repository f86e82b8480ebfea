"""Pages that a phone may keep for their person, and open again without network."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie

HEADER = "X-Keep-For"
"""Names the person for whom the service worker may keep a page; without it no page is kept."""

_View = Callable[..., HttpResponse]


def keepable(view: _View) -> _View:
    """Let the phone keep this page for the person who asked for it; its scripts can send (CSRF cookie).

    The browser's own cache asks the server each time, so that nobody sees another person's page.
    """

    @functools.wraps(view)
    def keep(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        person = getattr(request, "person", None)
        if person is not None and request.method == "GET" and response.status_code == 200:
            response[HEADER] = str(person.pk)
        response.setdefault("Cache-Control", "private, no-cache")
        return response

    return ensure_csrf_cookie(keep)
