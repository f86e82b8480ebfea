"""Every request gets its person, its row security scope and its language."""

from collections.abc import Callable
from contextlib import suppress

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.utils import translation

from core import scope
from partners import recording
from partners.models import Person
from partners.queries import demo
from partners.queries.client import client

GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware(LocaleMiddleware):
    """The language of the cookie, else of the browser; a signed-in person's own comes with the person."""


class PersonMiddleware:
    """Sets `request.person` and the scope; takes the scope away when the request is over.

    A request begins without any scope, so that a forgotten sign-in sees no rows at all.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the person, choose the language, run the view."""
        before = scope.current() if settings.TESTING else scope.NONE
        try:
            if settings.TESTING:
                scope.enter(scope.NONE)
            request.person = _person(request)  # type: ignore[attr-defined]
            _speak(request)
            return _entrance(request) or _answer(request, self.get_response)
        finally:
            _give_back(before)


def _entrance(request: HttpRequest) -> HttpResponse | None:
    """Lead a stranger at the front door: to set-up while there is no client, to the demo people."""
    if request.path != "/" or request.person is not None:  # type: ignore[attr-defined]
        return None
    if client() is None:
        return redirect("partners:setup")
    return redirect("partners:demo_people") if demo.is_open() else None


def _answer(request: HttpRequest, get_response: GetResponse) -> HttpResponse:
    """Run the view; what it changes among tracked rows is noted with who did it.

    The phone's calls under `/api/` change none, so they are spared the two statements.
    """
    person: Person | None = request.person  # type: ignore[attr-defined]
    if person is None or request.method in {"GET", "HEAD"} or request.path.startswith("/api/"):
        return get_response(request)
    with recording.by(person.pk):
        return get_response(request)


def _person(request: HttpRequest) -> Person | None:
    if not request.user.is_authenticated:
        return None
    person: Person = request.user.person
    structlog.contextvars.bind_contextvars(person=str(person.pk))
    return person


def _speak(request: HttpRequest) -> None:
    """Prefer the person's own language, unless this browser was switched by hand."""
    person: Person | None = request.person  # type: ignore[attr-defined]
    if person is None or not person.language or settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return
    translation.activate(person.language)
    request.LANGUAGE_CODE = translation.get_language()


def _give_back(before: str) -> None:
    """Reset the scope of a connection that goes on to serve others; a broken one is closed anyway."""
    raw = connection.connection
    if raw is None or raw.closed:
        return
    with suppress(DatabaseError):
        scope.enter(before)
