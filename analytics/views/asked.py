"""Whose page is asked for."""

import uuid

from django.http import Http404, HttpRequest

from analytics.queries import members
from analytics.queries.members import Wanted
from analytics.queries.where import Where
from analytics.queries.where import where as find_where
from partners.models import Organisation, Person

TARGET = 90
"""How many percent should have finished what is required, until targets can be set."""


def person_of(request: HttpRequest) -> Person:
    """Return who asks."""
    person: Person = request.person  # type: ignore[attr-defined]
    return person


def where_of(request: HttpRequest, organisation_id: uuid.UUID | None) -> Where:
    """Return the organisation or team that is asked for. Raises Http404 for what is not theirs to see."""
    try:
        return find_where(person_of(request), organisation_id, request.GET.get("team", ""))
    except Organisation.DoesNotExist as error:
        raise Http404 from error


def of_client(request: HttpRequest) -> Person:
    """Return the person, who must belong to the client."""
    if not person_of(request).of_client:
        raise Http404
    return person_of(request)


def wanted_of(request: HttpRequest) -> Wanted:
    """Return how a list of people is searched, narrowed and sorted."""
    state, sort = request.GET.get("state", ""), request.GET.get("sort", "")
    return Wanted(
        words=request.GET.get("q", "").strip(),
        state=state if state in members.STATES else "",
        sort=sort if sort in members.SORTS else "due",
    )
