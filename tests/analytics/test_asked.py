"""What people are asked to learn, in the summaries: required, finished, due."""

import datetime as dt

import pytest
from django.core.cache import cache

from analytics import actions
from analytics.models import GroupSummary, PersonSummary
from analytics.queries import checks
from courses.assignments.actions.assigning import cancel
from tests.courses.assignments.factories import in_days, make_admin, make_assignment, news, reps_of
from tests.courses.factories import hand_in, make_module
from tests.partners.factories import make_partner, make_person, make_team

pytestmark = pytest.mark.django_db


def settle() -> None:
    """Let all news be heard and the clock ring once."""
    news()
    cache.clear()
    actions.mend()


def figures(person) -> tuple[int, int, dt.date | None]:
    row = PersonSummary.objects.get(person=person)
    return row.required, row.required_done, row.due_on


def test_what_is_asked_and_finished_and_due_is_counted() -> None:
    admin, partner = make_admin(), make_partner()
    team = make_team(partner)
    one, two = (make_person(partner, team=team) for _ in range(2))
    first, second = make_module(), make_module()
    settle()
    assert figures(one) == (0, 0, None)
    row = make_assignment(first, [reps_of(partner)], by=admin, due_on=in_days(3))
    make_assignment(second, [reps_of(partner)], by=admin, due_on=in_days(9))
    settle()
    assert figures(one) == figures(two) == (2, 0, in_days(3))
    hand_in(one, first)
    settle()
    assert figures(one) == (2, 1, in_days(9))
    assert figures(two) == (2, 0, in_days(3))
    group = GroupSummary.objects.get(group_id=team.pk)
    assert (group.asked, group.done) == (2, 0)
    cancel(actor=admin, assignment_id=row.pk)
    settle()
    assert figures(one) == (1, 0, in_days(9))
    assert not checks.differences()


def test_what_is_only_suggested_is_not_required() -> None:
    partner = make_partner()
    person = make_person(partner)
    make_assignment(make_module(), [reps_of(partner)], required=False)
    settle()
    assert figures(person) == (0, 0, None)
