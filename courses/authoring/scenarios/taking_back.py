"""Taking a published version back, and telling whoever published it."""

from django.db import transaction
from django.urls import reverse

from core.notices import actions as notices
from courses.authoring.words import SCENARIO_TAKEN_BACK
from courses.catalog.naming import public_title
from courses.scenarios.actions import publishing
from courses.scenarios.models import Scenario, ScenarioVersion
from partners.models import Person
from partners.queries import people


@transaction.atomic
def take_back(*, actor: Person, scenario: Scenario, version: ScenarioVersion, reason: str) -> int:
    """Take a scenario's version back (see `publishing.withdraw`), and tell who published it, if it is somebody else.

    Returns how many open runs end with it. Raises Problem without a reason.
    """
    ending = publishing.withdraw(version_id=version.pk, reason=reason, by=actor.pk)
    by = version.published_by
    author = people.acting(by) if by is not None and by != actor.pk else None
    if author is not None:
        notices.notify(
            key=f"authoring:taken-back:{version.pk}",
            person_id=author.pk,
            organisation_id=author.organisation_id,
            kind=SCENARIO_TAKEN_BACK,
            url=reverse("scenario_desk:version", args=[scenario.pk, version.number]),
            data={
                "title": public_title(scenario.module),
                "number": version.number,
                "reason": reason.strip(),
            },
        )
    return ending
