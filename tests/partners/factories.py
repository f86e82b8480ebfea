"""People and organisations for tests, in one line each.

>>> tanaka = make_person(make_partner("みらい営業"), roles=["rep"])
>>> sign_in(client, tanaka)

Everything is made in the client's scope and left behind in the scope that was there before. The client's clock is
asked for here already, as in a process that has answered before: no test counts that question.
"""

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any

from django.test import Client as Browser

from core.scope import CLIENT, scoped
from partners.models import Account, Client, Membership, Organisation, Person, Team
from partners.queries.client import own_zone

PASSWORD = "correct horse battery staple"

_numbers = itertools.count(1)


def make_client(name: str = "ホナミ", **fields: Any) -> Organisation:
    """Return the client's organisation; makes it, and the row of the installation, where missing.

    The installation's row is `Client.objects.get()`; its fields (`is_demo`, `time_zone`) may be given.
    """
    with scoped(CLIENT):
        row, _ = Client.objects.get_or_create(id=1, defaults={"name": name})
        for field, value in fields.items():
            setattr(row, field, value)
        row.save()
        own_zone.forget()
        own_zone.get()
        organisation, _ = Organisation.objects.get_or_create(
            kind=Organisation.Kind.CLIENT, defaults={"name": name}
        )
        return organisation


def make_partner(name: str = "", **fields: Any) -> Organisation:
    """Make a partner; without a name it gets one that no other has."""
    with scoped(CLIENT):
        return Organisation.objects.create(name=name or f"パートナー{next(_numbers)}", **fields)


def make_team(organisation: Organisation, name: str = "", **fields: Any) -> Team:
    """Make a team of this organisation."""
    with scoped(CLIENT):
        return Team.objects.create(
            organisation=organisation, name=name or f"営業{next(_numbers)}課", **fields
        )


def make_person(
    organisation: Organisation,
    *,
    roles: Sequence[str] = ("rep",),
    team: Team | None = None,
    sign_in: bool = True,
    password: str | None = None,
    **fields: Any,
) -> Person:
    """Make a person with a membership since 1 April 2025, and with an account unless `sign_in` is False.

    The account has no password (hashing takes time) unless one is given; `sign_in()` needs none.
    """
    number = next(_numbers)
    values: dict[str, Any] = {
        "family_name": "田中",
        "given_name": f"{number}子",
        "family_reading": "たなか",
        "given_reading": f"{number:06}こ",
        "email": f"person{number}@example.com",
        "language": "ja",
        "joined_on": dt.date(2025, 4, 1),
        **fields,
    }
    with scoped(CLIENT):
        account = None
        if sign_in:
            account = Account.objects.create_user(
                email=values["email"], login_name=values.get("login_name"), password=password
            )
        person = Person.objects.create(
            organisation=organisation, team=team, roles=list(roles), account=account, **values
        )
        Membership.objects.create(
            person=person,
            organisation=organisation,
            team=team,
            days=(values["joined_on"] or dt.date(2025, 4, 1), None),
        )
    own_zone.get()
    return person


def sign_in(browser: Browser, person: Person) -> Browser:
    """Sign this person in, without a password, and return the browser."""
    assert person.account is not None, "make_person(..., sign_in=True)"
    browser.force_login(person.account, backend="partners.backends.PersonBackend")
    return browser
