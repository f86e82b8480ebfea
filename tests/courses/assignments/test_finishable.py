"""What can be assigned: what can be finished, by a quiz or by a scenario."""

import pytest

from courses.assignments.models import Enrolment
from courses.assignments.queries.rights import modules_of
from courses.catalog.models import Module
from courses.scenarios.actions.publishing import withdraw
from partners.models import Person
from tests.courses.assignments.factories import (
    make_admin,
    make_assignment,
    news,
    person_target,
    state_of,
)
from tests.courses.factories import hand_in, make_course, make_module
from tests.courses.scenarios.factories import make_scenario, play, republish
from tests.courses.scenarios.samples import price
from tests.partners.factories import make_partner, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    return make_admin()


def test_a_scenario_is_asked_for_and_finished_by_its_first_run(admin):
    scenario, rep, other = make_scenario(), *(make_person(make_partner()) for _ in range(2))
    row = make_assignment(scenario.module, [person_target(rep), person_target(other)], by=admin)
    run = play(rep, scenario, "ask1", "sign")
    assert run.state == "finished"
    news()
    assert [state_of(row, one) for one in (rep, other)] == ["finished", "open"]


def test_a_scenario_that_was_taken_back_is_waited_for_and_cant_be_assigned_meanwhile(admin):
    course, rep = make_course(), make_person(make_partner())
    lesson = make_module(course=course)
    scenario = make_scenario(course=course)
    whole = make_assignment(course, [person_target(rep)], by=admin)
    alone = make_assignment(scenario.module, [person_target(rep)], by=admin)
    hand_in(rep, lesson)
    news()
    begun = list(Enrolment.objects.order_by("pk").values_list("assigned_at", "due_at", "state"))
    assert {state for *_, state in begun} == {"open"}
    withdraw(version_id=scenario.version_id, reason="A wrong price", by=admin.pk)
    news()
    assert modules_of(admin, scenario.module, None) == []
    republish(scenario, price())
    news()
    assert modules_of(admin, scenario.module, None) == [scenario.module_id]
    kept = list(Enrolment.objects.order_by("pk").values_list("assigned_at", "due_at", "state"))
    assert kept == begun
    play(rep, scenario, "ask1", "sign")
    news()
    assert [state_of(row, rep) for row in (whole, alone)] == ["finished", "finished"]


def test_what_has_expired_cant_be_assigned(admin):
    module = make_module()
    assert modules_of(admin, module, None) == [module.pk]
    Module.objects.filter(pk=module.pk).update(expires_at="2026-01-01T00:00Z")
    assert modules_of(admin, module, None) == []
