"""Assignments for tests, in one line each.

>>> row = make_assignment(module, [organisation_target(partner)])
>>> news()  # lets handlers catch up
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from core.models import Delivery
from core.outbox import process
from core.scope import CLIENT, scoped
from courses.assignments.actions.assigning import Wish, assign
from courses.assignments.models import Assignment, Enrolment
from courses.assignments.targets import Target
from courses.catalog.models import Course, Module
from partners.models import Organisation, Person, Team
from tests.partners.factories import make_client, make_person


def reps_of(organisation: Organisation) -> Target:
    """Return the reps of an organisation as a target."""
    return Target("organisation", organisation.pk)


def team_target(team: Team) -> Target:
    """Return a team as a target."""
    return Target("team", team.pk)


def person_target(person: Person) -> Target:
    """Return a person as a target."""
    return Target("person", person.pk)


def role_target(role: str, organisation: Organisation | None = None) -> Target:
    """Return a role as a target."""
    return Target("role", role=role, organisation=organisation.pk if organisation else None)


def make_admin(**fields: Any) -> Person:
    """Make an administrator of the client."""
    return make_person(make_client(), roles=["admin"], **fields)


def make_assignment(
    what: Module | Course, targets: Sequence[Target], *, by: Person | None = None, **fields: Any
) -> Assignment:
    """Assign a module or course, by an administrator unless somebody else is named."""
    actor = by or make_admin()
    chosen = {"module" if isinstance(what, Module) else "course": what}
    values: dict[str, Any] = {"due_on": in_days(7), **chosen, **fields}
    with scoped(CLIENT if actor.of_client else actor.organisation_id):
        return assign(actor=actor, wish=Wish(targets=targets, **values))


def told_yesterday() -> None:
    """Let everybody who is asked for something have been told of it the day before: now they can be reminded."""
    Enrolment.objects.update(told_at=timezone.now() - dt.timedelta(days=1))


def in_days(days: int) -> dt.date:
    """Return the day in so many days."""
    return timezone.localdate() + dt.timedelta(days=days)


def news() -> int:
    """Let handlers catch up with everything that has happened; returns how many deliveries were done."""
    done = 0
    with scoped(CLIENT):  # each delivery enters its own
        while waiting := list(
            Delivery.objects.filter(state="pending").order_by("pk").values_list("pk", flat=True)
        ):
            Delivery.objects.filter(pk__in=waiting).update(next_at="2020-01-01T00:00Z")
            for pk in waiting:
                assert process(pk), Delivery.objects.get(pk=pk).error
                done += 1
    return done


def state_of(assignment: Assignment, person: Person) -> str:
    """Return how an enrolment stands, "none" where there is none."""
    found = Enrolment.objects.filter(assignment=assignment, person=person).first()
    return found.state if found else "none"


def states(assignment: Assignment) -> dict[str, int]:
    """Return how many enrolments of an assignment stand how."""
    found: dict[str, int] = {}
    for state in Enrolment.objects.filter(assignment=assignment).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found
