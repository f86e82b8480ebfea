"""Who is at the other end: reads the signed-in account together with its person, in the right scope."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from partners.models import Account, Person


def enter(account_id: Any) -> Person | None:
    """Give the connection the scope of this account's person and return that person.

    None (and a scope that sees nothing) if the account has no active person. Two queries.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT partners_enter(%s)", [account_id])
        if not cursor.fetchone()[0]:
            return None
    return (
        Person.objects.select_related("account", "organisation", "team")
        .filter(account_id=account_id, is_active=True)
        .first()
    )


class PersonBackend(AuthenticationBackend):
    """allauth's backend, whose accounts bring their person along."""

    def get_user(self, user_id: Any) -> Account | None:
        """Return the active account of an active person, with `account.person` already read."""
        person = enter(user_id)
        if person is None or person.account is None or not person.account.is_active:
            return None
        return person.account
