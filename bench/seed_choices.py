"""Fill the stand with reps who may play one scenario; prints JSON."""

import json
import sys

import django

django.setup()  # models can be imported only from here on

from django.conf import settings

from bench.seed_attempt import session_of
from tests.courses.scenarios.factories import make_scenario
from tests.courses.scenarios.samples import price
from tests.partners.factories import make_client, make_partner, make_person


def main(people: int) -> None:
    """Make this many reps and a scenario with a way round."""
    make_client()
    partner = make_partner()
    reps = [make_person(partner) for _ in range(people)]
    scenario = make_scenario(price())
    json.dump(
        {
            "cookie": settings.SESSION_COOKIE_NAME,
            "csrf": settings.CSRF_COOKIE_NAME,
            "sessions": [session_of(rep) for rep in reps],
            "module": str(scenario.module_id),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
