"""Who is at the other end: reads the signed-in account together with its person, in the right scope."""

import functools
import json
from typing import Any, TypeVar

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection, models

from partners import sessions
from partners.models import Account, Organisation, Person, Team

M = TypeVar("M", bound=models.Model)


def enter(account_id: Any) -> Person | None:
    """Give the connection the scope of this account's person and return that person, all in one query.

    None (and a scope that sees nothing) if the account, its person or their organisation is not active.
    `account`, `organisation` and `team` are read along.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT partners_enter(%s)", [account_id])
        return _person(cursor.fetchone()[0])


def _person(found: str | None) -> Person | None:
    """Return the person of whom `partners_enter` has told."""
    if found is None:
        return None
    rows = _rows(found)
    person = _instance(Person, rows["person"])
    person.account = _instance(Account, rows["account"])
    person.organisation = _instance(Organisation, rows["organisation"])
    person.team = _instance(Team, rows["team"]) if rows["team"] else None
    return person


@functools.lru_cache(maxsize=500)
def _rows(found: str) -> dict[str, list[Any] | None]:
    """Return the values of these four rows, as Django would have read them; understood once while nothing changes."""
    models_of = {"person": Person, "account": Account, "organisation": Organisation, "team": Team}
    return {
        name: None if row is None else _values(models_of[name], row)
        for name, row in json.loads(found).items()
    }


def _values(model: type[models.Model], row: dict[str, Any]) -> list[Any]:
    return [field.to_python(row[str(field.column)]) for field in model._meta.concrete_fields]


def _instance(model: type[M], values: list[Any] | None) -> M:
    """Return a stored row as Django would have read it. Lists are its own: somebody may write into them."""
    own = [each.copy() if isinstance(each, (list, dict)) else each for each in values or ()]
    return model.from_db(connection.alias, _names(model), own)


@functools.cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


class PersonBackend(AuthenticationBackend):
    """allauth's backend, whose accounts bring their person along."""

    def get_user(self, user_id: Any) -> Account | None:
        """Return the active account of an active person, with `account.person` already read."""
        known = sessions.brought(user_id)
        person = enter(user_id) if known is None else _person(*known)
        return None if person is None else person.account

    def user_can_authenticate(self, user: Account) -> bool:
        """Let in only who has an active person in an active organisation."""
        return user.is_active and enter(user.pk) is not None


def path() -> str:
    """Return the name by which a session remembers this backend."""
    return f"{PersonBackend.__module__}.{PersonBackend.__name__}"
