"""Fill the stand with reps who are signed in and one module of ten questions; prints JSON."""

import json
import sys

import django

django.setup()

from django.conf import settings

from core.sessions import SessionStore
from partners.models import Organisation, Person, Team
from tests.courses.factories import make_module, single, version_of
from tests.partners.factories import make_client, make_partner, make_person, make_team


def session_of(person: Person) -> str:
    """Sign a person in and return the session's key."""
    assert person.account is not None
    store = SessionStore()
    store["_auth_user_id"] = str(person.account.pk)
    store["_auth_user_backend"] = "partners.backends.PersonBackend"
    store["_auth_user_hash"] = person.account.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def main(people: int, partners: int = 10) -> None:
    """Make this many reps in ten partners."""
    author = make_person(make_client(), roles=["author"])
    homes: list[tuple[Organisation, Team]] = []
    for _ in range(partners):
        partner = make_partner()
        homes.append((partner, make_team(partner)))
    reps = [
        make_person(home, team=team) for n in range(people) for home, team in [homes[n % partners]]
    ]
    module = make_module(items=[single(f"q{n:03}") for n in range(10)])
    json.dump(
        {
            "cookie": settings.SESSION_COOKIE_NAME,
            "csrf": settings.CSRF_COOKIE_NAME,
            "sessions": [session_of(rep) for rep in reps],
            "session": session_of(author),
            "module": str(module.pk),
            "version": str(version_of(module).pk),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
