"""Who is at the other end, as far as the ground floor knows people."""

import uuid
from typing import Protocol, cast

from django.http import Http404, HttpRequest


class Someone(Protocol):
    """What `core` may know of the signed-in person, whom a higher floor puts on the request."""

    pk: uuid.UUID
    organisation_id: uuid.UUID
    roles: list[str]

    @property
    def of_client(self) -> bool:
        """Whether they belong to the client itself."""


def someone(request: HttpRequest) -> Someone | None:
    """Return who is signed in, or None."""
    return cast("Someone | None", getattr(request, "person", None))


def person_of(request: HttpRequest) -> Someone:
    """Return who is signed in. Raises Http404 for nobody: the view's `@allow` comes first."""
    found = someone(request)
    if found is None:
        raise Http404
    return found


def operator(request: HttpRequest) -> Someone:
    """Return the signed-in admin of the client. Raises Http404 for a partner's admin.

    What `core` shows of its insides belongs to all organisations at once.
    """
    found = person_of(request)
    if not found.of_client:
        raise Http404
    return found
