"""The demo world's people with a log-in name, for the page where each is signed in by one tap."""

import uuid

from django.conf import settings

from core.scope import CLIENT, scoped
from partners.models import Client, Person
from partners.models.person import PersonQuerySet


def is_open() -> bool:
    """Say whether this installation shows the demo world and lets everybody in. At most one query."""
    if not (settings.EMBEDDED or settings.TESTING):
        return False
    return Client.objects.filter(is_demo=True).exists()


def people() -> list[Person]:
    """Return the demo people to choose from, by organisation, the client first. One query."""
    with scoped(CLIENT):
        return list(
            _played()
            .select_related("organisation", "team", "account")
            .order_by("organisation__kind", "organisation__name", "created_at", "pk")
        )


def person(person_id: uuid.UUID) -> Person:
    """Return one of these people. Raises Person.DoesNotExist. One query."""
    with scoped(CLIENT):
        return _played().select_related("organisation", "account").get(pk=person_id)


def _played() -> PersonQuerySet:
    """Return those made to be played: unlike the many others they sign in by a name; a face is theirs to remove."""
    return Person.objects.active().filter(
        is_demo=True,
        account__login_name__isnull=False,
        account__is_active=True,
        organisation__is_active=True,
    )
