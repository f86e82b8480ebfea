"""The door of the demo world: its people with faces, each signed in by one tap."""

import itertools
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import cache_control

from core.access import allow
from core.mediafiles import queries as media
from core.mediafiles import storage
from core.scope import CLIENT, scoped
from partners.models import Person
from partners.queries import demo as reads
from partners.queries.client import client_name
from partners.views.pages import page, welcome


@allow("anyone")
def demo_people(request: HttpRequest) -> HttpResponse:
    """List the demo people by organisation. 404 outside of the demo world."""
    if not reads.is_open():
        raise Http404
    groups = [
        (organisation, list(people))
        for organisation, people in itertools.groupby(reads.people(), lambda p: p.organisation)
    ]
    context = {"groups": groups, "client": client_name()}
    return page(request, "partners/demo.html", context)


@allow("anyone")
def demo_sign_in(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Sign in as one of the demo people."""
    person = _demo_person(person_id)
    if request.method != "POST" or person.account is None:
        return redirect("partners:demo_people")
    return welcome(request, person.account)


@allow("anyone")
@cache_control(public=True, max_age=3600)
def demo_face(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Hand out a demo person's picture to somebody who isn't signed in yet."""
    person = _demo_person(person_id)
    with scoped(CLIENT):
        found = media.picture(person.picture_id, "small") if person.picture_id else None
    if found is None:
        raise Http404
    data = storage.absolute(found.path).read_bytes()
    return HttpResponse(data, content_type=found.content_type)


def _demo_person(person_id: uuid.UUID) -> Person:
    if not reads.is_open():
        raise Http404
    try:
        return reads.person(person_id)
    except Person.DoesNotExist:
        raise Http404 from None
