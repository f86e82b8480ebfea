"""Requests as the middleware hands them to views: with the person who is signed in."""

from django.http import HttpRequest

from partners.models import Person


class PersonRequest(HttpRequest):
    """A request of somebody signed in; views declare it together with `@allow("person")` or a role."""

    person: Person
