"""Who may post: the client's authors, admins and aces; for everybody else there is nothing here."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse

from core.access import allow
from courses.posts.models import POSTERS, may_post
from partners.requests import PersonRequest

View = Callable[..., HttpResponse]


def posters(view: View) -> View:
    """Open a door to those who may post."""

    @allow(*POSTERS)
    @wraps(view)
    def guarded(request: PersonRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_post(request.person):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
