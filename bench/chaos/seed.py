"""Fill the stand with reps who have passwords and many modules with a quiz each; prints JSON.

The right options of every question are told along, so that the books can be checked without the product's code.
"""

import json
import sys
from typing import Any

import django

django.setup()  # models can be imported only from here on

from analytics import actions as analytics
from core.scope import CLIENT, enter
from courses.quizzes.models import QuizVersion
from partners.models import Person
from tests.courses.factories import make_course, make_module
from tests.partners.factories import PASSWORD, make_client, make_partner, make_person, make_team

PARTNERS = 5


def world(reps: int, modules: int) -> dict[str, Any]:
    """Make a world in which every rep may take every quiz for the first time."""
    enter(CLIENT)
    make_client()
    homes = [(home, make_team(home)) for home in (make_partner() for _ in range(PARTNERS))]
    people = [
        make_person(home, team=team, password=PASSWORD)
        for home, team in (homes[n % PARTNERS] for n in range(reps))
    ]
    course = make_course()
    made = [make_module(course=course) for _ in range(modules)]
    analytics.rebuild()
    return described(people, [module.pk for module in made])


def described(people: list[Person], modules: list[Any]) -> dict[str, Any]:
    """Say who there is and what is asked, with the right answers."""
    versions = {
        version.module_version.module_id: version
        for version in QuizVersion.objects.select_related("module_version")
    }
    return {
        "reps": [
            {"person": str(rep.pk), "login": rep.email, "home": str(rep.organisation_id)}
            for rep in people
        ],
        "password": PASSWORD,
        "modules": [
            {"module": str(pk), "items": _items(versions[pk].document["items"])} for pk in modules
        ],
    }


def _items(items: list[dict[str, Any]]) -> dict[str, dict[str, list[str]]]:
    return {
        item["key"]: {
            "options": [option["key"] for option in item["options"]],
            "right": [option["key"] for option in item["options"] if option["correct"]],
        }
        for item in items
    }


if __name__ == "__main__":
    json.dump(world(int(sys.argv[1]), int(sys.argv[2])), sys.stdout)
