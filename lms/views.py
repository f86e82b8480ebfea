"""Pages that several floors make together."""

from django.http import HttpRequest, HttpResponse

from core.access import allow


@allow("anyone")
def home(request: HttpRequest) -> HttpResponse:
    """The first page after signing in."""
    return HttpResponse("")
