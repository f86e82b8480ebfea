"""Fill the stand with reps who are signed in and many short modules; prints JSON."""

import json
import sys

import django

django.setup()

from django.conf import settings

from bench.seed_attempt import session_of
from tests.courses.factories import make_module, single
from tests.partners.factories import make_client, make_partner, make_person

ITEMS = ["q001", "q002", "q003"]


def main(phones: int, modules: int) -> None:
    """Make one rep for each phone, and modules of three questions that all of them take."""
    make_client()
    reps = [make_person(make_partner()) for _ in range(phones)]
    made = [make_module(items=[single(item) for item in ITEMS]) for _ in range(modules + 1)]
    json.dump(
        {
            "cookie": settings.SESSION_COOKIE_NAME,
            "phones": [{"person": str(rep.pk), "session": session_of(rep)} for rep in reps],
            "first": str(made[0].pk),
            "modules": [str(module.pk) for module in made[1:]],
            "items": ITEMS,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
