"""Who reads what is made of all companies' figures: the client's people alone."""

from django.http import Http404

from partners.models import Person
from partners.requests import PersonRequest

WHO = ("sales_manager", "admin")


def may_enter(person: Person) -> bool:
    """Say whether these pages open for somebody."""
    return person.of_client and person.has_role(*WHO)


def office(request: PersonRequest) -> Person:
    """Return who asks. Raises Http404 for a partner's people with the name of a role that gives them nothing here."""
    if not request.person.of_client:
        raise Http404
    return request.person
