"""Who may author: content belongs to the client, so its authors and admins, and nobody of a partner."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse

from core.access import allow
from partners.requests import PersonRequest

View = Callable[..., HttpResponse]


def authors(view: View) -> View:
    """Open a door to the client's authors and admins; everybody else finds nothing behind it."""

    @allow("author", "admin")
    @wraps(view)
    def guarded(request: PersonRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.person.of_client:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
