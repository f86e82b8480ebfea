"""Whose page is asked for."""

import uuid

from django.http import Http404

from analytics.queries import members
from analytics.queries.members import Wanted
from analytics.queries.where import Where
from analytics.queries.where import where as find_where
from partners.models import Organisation, Person
from partners.requests import PersonRequest


def where_of(request: PersonRequest, organisation_id: uuid.UUID | None) -> Where:
    """Return the organisation or team that is asked for. Raises Http404 for what is not theirs to see."""
    try:
        return find_where(request.person, organisation_id, request.GET.get("team", ""))
    except Organisation.DoesNotExist as error:
        raise Http404 from error


def of_client(request: PersonRequest) -> Person:
    """Return the person, who must belong to the client."""
    if not request.person.of_client:
        raise Http404
    return request.person


def wanted_of(request: PersonRequest) -> Wanted:
    """Return how a list of people is searched, narrowed and sorted."""
    state, sort = request.GET.get("state", ""), request.GET.get("sort", "")
    return Wanted(
        words=request.GET.get("q", "").strip(),
        state=state if state in members.STATES else "",
        sort=sort if sort in members.SORTS else "due",
    )
