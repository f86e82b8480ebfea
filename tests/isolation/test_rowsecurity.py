"""The database by itself, and what the process keeps: one connection for many, one cache for all."""

import pytest
from django.db import connection

from core import scope
from partners import backends
from partners.models import Person
from tests.partners.factories import make_client, make_partner, make_person

ALTERNATIONS = 1_000


def _seen() -> set[object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT organisation_id FROM partners_person")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_two_partners_alternate_on_one_connection_and_never_meet() -> None:
    make_client()
    one, other = make_person(make_partner()), make_person(make_partner())
    for n in range(ALTERNATIONS):
        person: Person = (one, other)[n % 2]
        assert backends.enter(person.account_id) is not None
        assert _seen() == {person.organisation_id}
        if n % 10 == 9:  # a stranger in between, whose request finds the connection as it was left
            scope.enter(scope.NONE)
            assert _seen() == set()
    scope.enter(scope.CLIENT)


@pytest.mark.django_db(transaction=True)
def test_who_may_not_sign_in_leaves_a_connection_that_sees_nothing() -> None:
    make_client()
    there, gone = make_person(make_partner()), make_person(make_partner(), is_active=False)
    assert backends.enter(there.account_id) is not None
    assert backends.enter(gone.account_id) is None
    assert _seen() == set()
    scope.enter(scope.CLIENT)
