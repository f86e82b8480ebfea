"""Every request gets its person, its row security scope, its language and the client's clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import cast

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from core import callers, scope
from partners import guessing, recording
from partners.apitokens import entering
from partners.models import Person
from partners.queries import demo
from partners.queries.client import client, here
from partners.sessions import SessionStore

GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware(LocaleMiddleware):
    """The language of the cookie, else of the browser; a signed-in person's own comes with the person.

    No address of ours has a language in it. Django would look for one in each, three times.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Choose the language."""
        translation.activate(translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Name the language in the answer's head."""
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


class PersonMiddleware:
    """Sets `request.person` and the scope: theirs, or none at all, so that a forgotten sign-in sees no rows.

    Nothing before it reads a table with a scope, and nothing but a request uses the connection. So the scope of the
    request before is not taken away at its end but replaced here, which spares a statement.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the person, choose the language, run the view."""
        if settings.TESTING:  # a test's own scope waits beside the request
            with _lent():
                return self._serve(request)
        return self._serve(request)

    def _serve(self, request: HttpRequest) -> HttpResponse:
        # Django's own requests have neither: from here on they are what `PersonRequest` says.
        request.token = None  # type: ignore[attr-defined]
        person = request.person = _person(request)  # type: ignore[attr-defined]
        _speak(request)
        _tell_the_time(person)
        return _entrance(request) or _answer(request, self.get_response)


def _entrance(request: HttpRequest) -> HttpResponse | None:
    """Lead a stranger at the front door: to set-up while there is no client, to the demo people."""
    if request.path != "/" or request.person is not None:  # type: ignore[attr-defined]
        return None
    if client() is None:
        return redirect("partners:setup")
    return redirect("partners:demo_people") if demo.is_open() else None


def _answer(request: HttpRequest, get_response: GetResponse) -> HttpResponse:
    """Run the view; what it changes among tracked rows is noted with who did it.

    The calls of our own pages under `/api/` change none, so they are spared the two statements; those of programs
    under `/api/v1/` may.
    """
    person: Person | None = request.person  # type: ignore[attr-defined]
    ours = request.path.startswith("/api/") and not request.path.startswith("/api/v1/")
    if person is None or request.method in {"GET", "HEAD"} or ours:
        return get_response(request)
    with recording.by(person.pk):
        return get_response(request)


def _person(request: HttpRequest) -> Person | None:
    if entering.is_meant(request):
        return _by_token(request)
    cast(SessionStore, request.session).for_request = True
    if not request.user.is_authenticated:
        _enter_none()
        return None
    person: Person = request.user.person
    structlog.contextvars.bind_contextvars(person=str(person.pk))
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    callers.note(
        callers.by_cookie(settings.SESSION_COOKIE_NAME, session), str(person.organisation_id)
    )
    return person


def _by_token(request: HttpRequest) -> Person | None:
    """Let a program in by its token."""
    found = entering.enter(request)
    if found is None:
        request.token_refused = guessing.wrong_token(request)  # type: ignore[attr-defined]
        return None
    person, request.token = found  # type: ignore[attr-defined]
    structlog.contextvars.bind_contextvars(person=str(person.pk), token=found[1].prefix)
    shown = request.headers["Authorization"].encode(errors="replace")
    callers.note(shown, str(person.organisation_id))
    return person


def _enter_none() -> None:
    """Let a stranger see nothing: a connection that is kept may have the scope of the request before.

    A page that needs no database is shown without one.
    """
    if connection.connection is None:
        return
    try:
        scope.enter(scope.NONE)
    except DatabaseError:
        connection.close()


def _speak(request: HttpRequest) -> None:
    """Prefer the person's own language, unless this browser was switched by hand."""
    person: Person | None = request.person  # type: ignore[attr-defined]
    if person is None or not person.language or settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return
    translation.activate(person.language)
    request.LANGUAGE_CODE = translation.get_language()


def _tell_the_time(person: Person | None) -> None:
    """Show times as the client's clock does; strangers have none to see that would be worth a question."""
    if person is None:
        timezone.deactivate()
    else:
        timezone.activate(here())


@contextmanager
def _lent() -> Iterator[None]:
    """Give a test its scope back after a request; a broken connection is closed anyway."""
    before = scope.enter(scope.NONE)
    try:
        yield
    finally:
        raw = connection.connection
        if raw is not None and not raw.closed:
            with suppress(DatabaseError):
                scope.enter(before)
