"""What people are asked to learn, in the summaries: required, finished, due."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from analytics import actions
from analytics.models import GroupSummary, PersonSummary
from analytics.queries import checks
from core.models import Notice
from courses.assignments.actions.assigning import cancel
from courses.assignments.models import Enrolment
from tests.courses.assignments.factories import (
    in_days,
    make_admin,
    make_assignment,
    news,
    person_target,
    reps_of,
)
from tests.courses.factories import hand_in, make_module
from tests.partners.factories import make_partner, make_person, make_team, sign_in

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


def test_a_manager_reminds_those_who_are_late_with_one_tap() -> None:
    admin, partner = make_admin(), make_partner()
    team = make_team(partner)
    late = make_person(partner, team=team)
    elsewhere = make_person(make_partner())
    row = make_assignment(make_module(), [reps_of(partner), person_target(elsewhere)], by=admin)
    settle()
    Enrolment.objects.filter(assignment=row).update(due_at=timezone.now() - dt.timedelta(days=1))
    settle()
    manager = sign_in(Browser(), make_person(partner, team=team, roles=["manager"]))
    where = reverse("analytics:remind") + f"?team={team.pk}"
    assert where.replace("&", "&amp;") in manager.get(reverse("analytics:team")).content.decode()
    before = Notice.objects.filter(person_id=late.pk).count()
    answer = manager.post(where, follow=True)
    assert "1人にお知らせしました" in answer.content.decode()
    assert Notice.objects.filter(person_id=late.pk).count() == before + 1
    again = manager.post(where, follow=True)
    assert "今日すでに知らせています" in again.content.decode()
    assert Notice.objects.filter(person_id=late.pk).count() == before + 1
    assert Enrolment.objects.get(person=elsewhere).nudged_on is None
