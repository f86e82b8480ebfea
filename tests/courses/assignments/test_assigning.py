"""Assigning: whom it reaches, who may, and what it makes."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied

from core.scope import CLIENT, scoped
from courses.assignments import words
from courses.assignments.actions.assigning import Wish, assign, cancel, change_due
from courses.assignments.models import Assignment, Enrolment
from courses.assignments.queries.reach import preview
from courses.assignments.queries.rights import modules_of
from courses.catalog.models import ModuleReader
from partners.actions.belonging import move_person
from partners.problems import Problem
from partners.queries.client import today
from partners.roles import LABELS
from tests.courses.assignments.factories import (
    in_days,
    make_admin,
    make_assignment,
    news,
    person_target,
    reps_of,
    role_target,
    state_of,
    states,
    team_target,
)
from tests.courses.factories import hand_in, make_course, make_module, single
from tests.partners.factories import make_client, make_partner, make_person, make_team

pytestmark = pytest.mark.django_db


def test_an_organisation_stands_for_its_reps_and_aces_and_a_role_for_its_people():
    partner = make_partner()
    rep, ace = make_person(partner), make_person(partner, roles=["ace"])
    manager = make_person(partner, roles=["manager"])
    elsewhere = make_person(make_partner())
    row = make_assignment(make_module(), [reps_of(partner)])
    assert [state_of(row, one) for one in (rep, ace, manager, elsewhere)] == [
        "open", "open", "none", "none",
    ]  # fmt: skip
    managers = make_assignment(make_module(), [role_target("manager", partner)])
    assert states(managers) == {"open": 1}
    assert state_of(managers, manager) == "open"


def test_who_fits_two_targets_is_asked_once():
    partner = make_partner()
    team = make_team(partner)
    rep = make_person(partner, team=team)
    everybody = role_target("rep")
    row = make_assignment(
        make_module(), [everybody, reps_of(partner), team_target(team), person_target(rep)]
    )
    assert Enrolment.objects.filter(assignment=row, person=rep).count() == 1


def test_who_has_finished_already_has_finished():
    rep = make_person(make_partner())
    module = make_module()
    hand_in(rep, module)
    news()
    row = make_assignment(module, [person_target(rep)])
    assert states(row) == {"finished": 1}
    found = Enrolment.objects.get(assignment=row)
    assert found.finished_at == rep.progress.get().finished_at


def test_who_has_left_or_whose_company_was_stopped_is_not_asked():
    partner, stopped = make_partner(), make_partner(is_active=False)
    make_person(partner, is_active=False)
    make_person(stopped)
    here = make_person(partner)
    row = make_assignment(make_module(), [role_target("rep")])
    assert [e.person_id for e in row.enrolments.all()] == [here.pk]


def test_who_may_not_see_a_module_is_not_asked_for_it():
    chosen, other = make_partner(), make_partner()
    module = make_module(audience="chosen")
    ModuleReader.objects.create(module=module, organisation=chosen)
    seeing, blind = make_person(chosen), make_person(other)
    own = make_person(make_client())
    row = make_assignment(module, [role_target("rep")])
    assert [state_of(row, one) for one in (seeing, blind, own)] == ["open", "none", "none"]


def test_a_course_asks_for_all_its_published_lessons_with_a_quiz():
    course = make_course()
    first, second = make_module(course=course), make_module(course=course)
    make_module(course=course, published=False)
    make_module(course=course, items=[])
    make_module(course=course, form="post")
    rep = make_person(make_partner())
    row = make_assignment(course, [person_target(rep)])
    assert set(row.modules.values_list("module_id", flat=True)) == {first.pk, second.pk}
    hand_in(rep, first)
    news()
    assert state_of(row, rep) == "open"
    hand_in(rep, second)
    news()
    assert state_of(row, rep) == "finished"


@pytest.mark.parametrize("fields", [{"published": False}, {"items": []}, {"is_archived": True}])
def test_what_nobody_could_finish_is_refused(fields):
    rep = make_person(make_partner())
    with pytest.raises(Problem):
        make_assignment(make_module(**fields), [person_target(rep)])
    assert not Assignment.objects.exists()


def test_what_reaches_nobody_and_a_day_that_is_over_are_refused():
    partner = make_partner()
    with pytest.raises(Problem):
        make_assignment(make_module(), [reps_of(partner)])
    rep = make_person(partner)
    with pytest.raises(Problem):
        make_assignment(make_module(), [person_target(rep)], due_on=in_days(-1))
    make_assignment(make_module(), [person_target(rep)], due_on=in_days(0))


def test_a_manager_asks_people_of_the_own_company_only():
    mine, rival = make_partner(), make_partner()
    manager = make_person(mine, roles=["manager"])
    rep, other = make_person(mine), make_person(rival)
    team = make_team(rival)
    row = make_assignment(make_module(), [reps_of(mine)], by=manager)
    assert [e.person_id for e in row.enrolments.all()] == [rep.pk]
    for target in (
        reps_of(rival),
        team_target(team),
        person_target(other),
        role_target("rep", rival),
        role_target("rep"),
    ):
        with pytest.raises(Problem):
            make_assignment(make_module(), [reps_of(mine), target], by=manager)


@pytest.mark.parametrize("role", ["rep", "ace", "admin", "author"])
def test_a_partners_people_without_the_managers_role_assign_nothing(role):
    partner = make_partner()
    rep = make_person(partner)
    with pytest.raises(PermissionDenied):
        make_assignment(make_module(), [person_target(rep)], by=make_person(partner, roles=[role]))


def test_the_same_wish_sent_twice_is_one_assignment():
    rep, key = make_person(make_partner()), uuid.uuid4()
    admin, module = make_admin(), make_module()
    rows = [make_assignment(module, [person_target(rep)], by=admin, key=key) for _ in range(2)]
    assert rows[0] == rows[1]
    assert Assignment.objects.count() == 1


def test_another_due_date_reaches_those_who_are_still_at_it():
    partner, admin = make_partner(), make_admin()
    done, rep = make_person(partner), make_person(partner)
    module = make_module()
    hand_in(done, module)
    news()
    row = make_assignment(module, [reps_of(partner)], by=admin)
    before = row.due_at
    assert change_due(actor=admin, assignment_id=row.pk, due_on=in_days(20), remind_days=7)
    row.refresh_from_db()
    assert row.due_at > before
    assert Enrolment.objects.get(person=rep).due_at == row.due_at
    assert Enrolment.objects.get(person=done).due_at == before
    assert not change_due(actor=admin, assignment_id=row.pk, due_on=in_days(20), remind_days=7)
    assert change_due(actor=admin, assignment_id=row.pk, due_on=None, remind_days=7)
    assert Enrolment.objects.get(person=rep).due_at is None


def test_taking_back_ends_what_is_open_and_leaves_what_is_finished():
    partner, admin = make_partner(), make_admin()
    done, rep = make_person(partner), make_person(partner)
    module = make_module()
    hand_in(done, module)
    news()
    row = make_assignment(module, [reps_of(partner)], by=admin)
    assert cancel(actor=admin, assignment_id=row.pk)
    assert not cancel(actor=admin, assignment_id=row.pk)
    assert [state_of(row, one) for one in (done, rep)] == ["finished", "ended"]
    with pytest.raises(Problem):
        change_due(actor=admin, assignment_id=row.pk, due_on=in_days(2), remind_days=None)


def test_a_manager_changes_nothing_that_the_client_has_assigned():
    partner = make_partner()
    manager = make_person(partner, roles=["manager"])
    row = make_assignment(make_module(), [reps_of(make_person(partner).organisation)])
    for act in (cancel, lambda **who: change_due(**who, due_on=None, remind_days=None)):
        with pytest.raises(Assignment.DoesNotExist):
            act(actor=manager, assignment_id=row.pk)


def test_the_preview_counts_whom_it_will_reach_by_company_and_team():
    mine, other = make_partner("あおば"), make_partner("みらい")
    team = make_team(mine, "第1")
    first = make_person(mine, team=team, family_name="高橋", given_name="美咲")
    make_person(mine), make_person(other)
    module, admin = make_module(items=[single("q001")]), make_admin()
    hand_in(first, module)
    news()
    targets = [role_target("rep")]
    found = preview(admin, targets, modules_of(admin, module, None))
    assert (found.people, found.organisations, found.finished) == (3, 2, 1)
    assert [(g.organisation, g.team, g.people, g.finished) for g in found.groups] == [
        ("あおば", "第1", 1, 1), ("あおば", "", 1, 0), ("みらい", "", 1, 0),
    ]  # fmt: skip
    assert found.groups[0].names == ["高橋 美咲"]
    row = assign(actor=admin, wish=Wish(module=module, targets=targets))
    assert row.enrolments.count() == found.people
    assert row.enrolments.filter(state="finished").count() == found.finished


def test_the_people_of_every_role_have_a_name():
    assert words.PEOPLE.keys() == LABELS.keys()


def test_what_somebody_may_see_no_more_is_not_counted_as_finished() -> None:
    admin = make_admin()
    rep = make_person(admin.organisation, roles=["rep"])
    course = make_course()
    ours = make_module(course=course, audience="client")
    make_module(course=course)
    hand_in(rep, ours)
    news()
    there = make_partner()
    with scoped(CLIENT):
        move_person(actor=admin, person_id=rep.pk, organisation=there, team=None, on=today())
        news()
        found = preview(admin, [reps_of(there)], modules_of(admin, None, course))
    assert (found.people, found.finished) == (1, 0)
