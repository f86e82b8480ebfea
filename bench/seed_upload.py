"""Fill the stand with one author who is signed in; prints JSON."""

import json
import sys

import django

django.setup()

from django.conf import settings

from bench.seed_attempt import session_of
from tests.partners.factories import make_client, make_person

if __name__ == "__main__":
    author = make_person(make_client(), roles=["author"])
    found = {
        "cookie": settings.SESSION_COOKIE_NAME,
        "csrf": settings.CSRF_COOKIE_NAME,
        "session": session_of(author),
    }
    json.dump(found, sys.stdout)
