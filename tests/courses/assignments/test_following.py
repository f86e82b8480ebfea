"""Enrolments follow what happens to people and modules, in whatever order the news comes."""

import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import Delivery
from core.outbox import process
from core.scope import scoped
from courses.assignments.actions import enrolling
from courses.assignments.actions.enrolling import Part
from courses.assignments.models import Enrolment
from courses.assignments.queries.reach import preview
from courses.authoring.actions.courses import Reach, change_reach
from courses.catalog.models import Course, Module
from partners.actions.belonging import deactivate_person, move_person, reactivate_person
from partners.actions.organisations import set_organisation_active
from partners.actions.pasting import enter_people
from partners.actions.people import Details, add_person, change_roles
from partners.models import Person
from partners.pasted import parse
from partners.queries.client import today
from tests.courses.assignments import reference
from tests.courses.assignments.factories import (
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
from tests.partners.factories import make_partner, make_person, make_team
from tests.plugin.thorough import times

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Person:
    return make_admin()


def enter(admin, organisation, name, team=None, roles=("rep",)):
    details = Details(family_name=name, email=f"{name}@example.com")
    return add_person(
        actor=admin, organisation=organisation, team=team, roles=roles, details=details
    )


def test_who_joins_is_asked_and_told_by_a_day_that_leaves_a_week(admin):
    partner = make_partner()
    make_person(partner)
    row = make_assignment(make_module(), [reps_of(partner)], by=admin)
    newcomer = enter(admin, partner, "late")
    manager = enter(admin, partner, "boss", roles=["manager"])
    assert state_of(row, newcomer) == "none"
    news()
    assert [state_of(row, one) for one in (newcomer, manager)] == ["open", "none"]


def test_people_who_are_pasted_as_a_table_are_asked(admin):
    partner = make_partner()
    make_person(partner)
    row = make_assignment(make_module(), [reps_of(partner)], by=admin)
    table = parse("名前\tメール\n高橋 美咲\tmisaki@example.com\n小川 拓海\togawa@example.com")
    enter_people(actor=admin, organisation=partner, table=table)
    news()
    assert states(row) == {"open": 3}


def test_who_moves_is_asked_what_the_new_place_asks(admin):
    before, after = make_partner(), make_partner()
    rep, stays = make_person(before), make_person(after)
    old = make_assignment(make_module(), [reps_of(before)], by=admin)
    new = make_assignment(make_module(), [reps_of(after)], by=admin)
    everywhere = make_assignment(make_module(), [role_target("rep")], by=admin)
    by_name = make_assignment(make_module(), [person_target(rep)], by=admin)
    move_person(actor=admin, person_id=rep.pk, organisation=after, team=None, on=today())
    news()
    found = [state_of(row, rep) for row in (old, new, everywhere, by_name)]
    assert found == ["ended", "open", "open", "open"]
    places = Enrolment.objects.open().filter(person=rep).values_list("organisation_id", flat=True)
    assert set(places) == {after.pk}
    assert state_of(new, stays) == "open"


def test_what_somebody_finished_at_another_partner_is_finished_when_a_manager_asks_for_it(admin):
    before, after, module = make_partner(), make_partner(), make_module()
    rep, manager = make_person(before), make_person(after, roles=["manager"])
    hand_in(rep, module)
    move_person(actor=admin, person_id=rep.pk, organisation=after, team=None, on=today())
    news()
    with scoped(after.pk):
        assert preview(manager, [person_target(rep)], [module.pk]).finished == 1
    row = make_assignment(module, [person_target(rep)], by=manager)
    assert state_of(row, rep) == "finished"
    assert enrolling.recount(repair=False) == []


def test_what_a_partners_manager_asked_ends_when_somebody_goes_to_another_partner(admin):
    mine, other = make_partner(), make_partner()
    rep = make_person(mine)
    manager = make_person(mine, roles=["manager"])
    row = make_assignment(make_module(), [person_target(rep)], by=manager)
    move_person(actor=admin, person_id=rep.pk, organisation=other, team=None, on=today())
    news()
    assert state_of(row, rep) == "ended"


def test_teams_roles_leaving_and_coming_back_are_followed(admin):
    partner = make_partner()
    first, second = make_team(partner), make_team(partner)
    rep = make_person(partner, team=first)
    make_person(partner, team=second)
    of_second = make_assignment(make_module(), [team_target(second)], by=admin)
    of_aces = make_assignment(make_module(), [role_target("rep"), role_target("ace")], by=admin)
    move_person(actor=admin, person_id=rep.pk, organisation=partner, team=second, on=today())
    news()
    assert state_of(of_second, rep) == "open"
    change_roles(actor=admin, person_id=rep.pk, roles=["manager"])
    news()
    assert [state_of(row, rep) for row in (of_second, of_aces)] == ["ended", "ended"]
    change_roles(actor=admin, person_id=rep.pk, roles=["ace"])
    news()
    assert [state_of(row, rep) for row in (of_second, of_aces)] == ["open", "open"]
    deactivate_person(actor=admin, person_id=rep.pk)
    news()
    assert state_of(of_aces, rep) == "ended"
    reactivate_person(actor=admin, person_id=rep.pk)
    news()
    assert state_of(of_aces, rep) == "open"


def test_a_stopped_partner_is_asked_nothing_until_work_is_taken_up_again(admin):
    partner = make_partner()
    make_person(partner), make_person(partner)
    row = make_assignment(make_module(), [reps_of(partner)], by=admin)
    for active, wanted in ((False, {"ended": 2}), (True, {"open": 2})):
        set_organisation_active(actor=admin, organisation_id=partner.pk, active=active)
        news()
        assert states(row) == wanted


def test_a_module_published_later_is_asked_of_those_who_are_still_at_the_course(admin):
    partner, course = make_partner(), make_course()
    done, at_it = make_person(partner), make_person(partner)
    first = make_module(course=course)
    row = make_assignment(course, [reps_of(partner)], by=admin)
    hand_in(done, first)
    news()
    second = make_module(course=course)
    news()
    assert [state_of(row, one) for one in (done, at_it)] == ["finished", "open"]
    hand_in(at_it, first)
    news()
    assert state_of(row, at_it) == "open"
    hand_in(at_it, second)
    news()
    assert state_of(row, at_it) == "finished"


def test_a_finish_that_is_told_after_a_later_module_still_finishes(admin):
    rep, course = make_person(make_partner()), make_course()
    first = make_module(course=course)
    row = make_assignment(course, [person_target(rep)], by=admin)
    news()
    hand_in(rep, first)
    make_module(course=course)
    enrolling.follow_shelf()
    news()
    assert state_of(row, rep) == "finished"


def test_who_joins_after_a_module_was_added_needs_it_too(admin):
    partner, course = make_partner(), make_course()
    first = make_module(course=course)
    make_person(partner)
    outsider = make_person(make_partner())
    row = make_assignment(course, [reps_of(partner)], by=admin)
    hand_in(outsider, first)
    news()
    make_module(course=course)
    news()
    move_person(actor=admin, person_id=outsider.pk, organisation=partner, team=None, on=today())
    news()
    assert state_of(row, outsider) == "open"


def test_a_module_that_leaves_the_shelf_is_asked_of_nobody(admin):
    rep, module = make_person(make_partner()), make_module()
    row = make_assignment(module, [person_target(rep)], by=admin)
    Module.objects.update(is_archived=True)
    enrolling.follow_shelf()
    assert state_of(row, rep) == "ended"
    Module.objects.update(is_archived=False)
    enrolling.follow_shelf()
    assert state_of(row, rep) == "open"
    Course.objects.update(is_archived=True)
    enrolling.follow_shelf()
    assert state_of(row, rep) == "ended"


def test_an_audience_that_changed_without_news_is_followed(admin):
    one, other = make_partner(), make_partner()
    theirs, others = make_person(one), make_person(other)
    module = make_module()
    row = make_assignment(module, [role_target("rep")], by=admin)
    Module.objects.update(audience="chosen")
    module.readers.create(organisation=one)
    found = {(change.what, change.person_id) for change in enrolling.follow_shelf()}
    assert found == {("ended", others.pk)}
    module.readers.update(organisation=other)
    enrolling.follow_shelf()
    assert [state_of(row, each) for each in (theirs, others)] == ["ended", "open"]
    Module.objects.update(audience="everybody")
    enrolling.follow_shelf()
    assert [state_of(row, each) for each in (theirs, others)] == ["open", "open"]
    assert enrolling.follow_shelf() == []
    assert enrolling.recount(repair=False) == []


def test_an_audience_that_takes_away_what_was_left_to_do_finishes(admin):
    partner, course = make_partner(), make_course()
    first, second = make_module(course=course), make_module(course=course)
    rep = make_person(partner)
    row = make_assignment(course, [person_target(rep)], by=admin)
    hand_in(rep, first)
    news()
    assert state_of(row, rep) == "open"
    Module.objects.filter(pk=second.pk).update(audience="client")
    enrolling.follow_shelf()
    assert state_of(row, rep) == "finished"


def test_a_second_run_changes_nothing_and_a_recount_agrees(admin):
    partner = make_partner()
    for _ in range(3):
        make_person(partner)
    make_assignment(make_module(), [reps_of(partner)], by=admin)
    news()
    before = list(Enrolment.objects.order_by("pk").values())
    assert enrolling.refresh(part=Part()) == []
    assert enrolling.recount(repair=False) == []
    assert list(Enrolment.objects.order_by("pk").values()) == before


def test_a_recount_tells_what_differs_and_mends_it_only_when_asked(admin):
    partner, module = make_partner(), make_module()
    done, lost, stray = (make_person(partner) for _ in range(3))
    hand_in(done, module)
    row = make_assignment(module, [person_target(done), person_target(lost)], by=admin)
    news()
    Enrolment.objects.filter(person=done).update(state="open", finished_at=None)
    Enrolment.objects.filter(person=lost).delete()
    Enrolment.objects.create(assignment=row, person=stray, organisation=partner, due_at=row.due_at)
    found = {(change.what, change.person_id) for change in enrolling.recount(repair=False)}
    assert found == {("finished", done.pk), ("begun", lost.pk), ("ended", stray.pk)}
    assert state_of(row, lost) == "none"
    assert len(enrolling.recount(repair=True)) == 3
    assert [state_of(row, one) for one in (done, lost, stray)] == ["finished", "open", "ended"]
    assert enrolling.recount(repair=False) == []


def test_what_was_finished_without_a_finished_module_is_found(admin):
    rep = make_person(make_partner())
    row = make_assignment(make_module(), [person_target(rep)], by=admin)
    Enrolment.objects.update(state="finished", finished_at=dt.datetime.now(dt.UTC))
    assert [change.what for change in enrolling.recount(repair=True)] == ["unproved"]
    assert state_of(row, rep) == "open"


# --- Any history, any order of the news --------------------------------------------------------

STEPS = st.lists(
    st.sampled_from(
        [
            *("enter", "move", "team", "ace", "manager", "leave", "return", "stop", "resume"),
            *("finish", "finish", "publish", "archive", "audience", "assign", "take back"),
        ]
    ),
    min_size=3,
    max_size=14,
)


class Life:
    """Two partners and a client's reps, to whom things happen."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.admin = make_admin()
        self.partners = [make_partner(), make_partner()]
        self.teams = [make_team(partner) for partner in self.partners]
        self.people = [
            make_person(partner, team=team)
            for partner, team in zip(self.partners, self.teams, strict=True)
            for _ in range(2)
        ]
        self.course = make_course()
        self.modules = [self.module(), self.module(audience="chosen")]
        self.modules[1].readers.create(organisation=self.partners[0])
        self.rows = [
            make_assignment(self.course, [role_target("rep")], by=self.admin),
            make_assignment(self.modules[0], [reps_of(self.partners[0])], by=self.admin),
        ]

    def module(self, **fields) -> Module:
        return make_module(course=self.course, items=[single("q001")], **fields)

    def happens(self, step: str) -> None:
        who = self.chance.choice(self.people)
        where = self.chance.randrange(2)
        partner, actor = self.partners[where], self.admin
        if step == "enter":
            self.people.append(enter(actor, partner, f"p{len(self.people)}", self.teams[where]))
        elif step in {"move", "team"} and partner.is_active:
            team = self.teams[where] if step == "team" else None
            move_person(actor=actor, person_id=who.pk, organisation=partner, team=team, on=today())
        elif step in {"ace", "manager"}:
            change_roles(actor=actor, person_id=who.pk, roles=[step])
        elif step == "leave":
            deactivate_person(actor=actor, person_id=who.pk)
        elif step == "return" and Person.objects.get(pk=who.pk).organisation.is_active:
            reactivate_person(actor=actor, person_id=who.pk)
        elif step in {"stop", "resume"}:
            active = step == "resume"
            set_organisation_active(actor=actor, organisation_id=partner.pk, active=active)
            partner.refresh_from_db()
        else:
            self.learning(step, Person.objects.get(pk=who.pk))

    def learning(self, step: str, who: Person) -> None:
        if step == "finish":
            module = self.chance.choice(self.modules)
            if Module.objects.visible_to(who).filter(pk=module.pk).exists():
                hand_in(who, module)
        elif step == "publish":
            self.modules.append(self.module())
        elif step == "archive":
            Module.objects.filter(pk=self.chance.choice(self.modules).pk).update(is_archived=True)
            enrolling.follow_shelf()
        elif step == "audience":
            module = self.chance.choice(self.modules)
            chosen = self.chance.sample(self.partners, self.chance.randrange(1, 3))
            audience = self.chance.choice(Module.Audience.values)
            reach = Reach(self.course.pk, audience, chosen, None)
            change_reach(module_id=module.pk, reach=reach)
        elif step == "assign" and who.is_active and who.organisation.is_active:
            targets = [person_target(who), team_target(self.chance.choice(self.teams))]
            self.rows.append(make_assignment(self.course, targets, by=self.admin))
        elif step == "take back":
            row = self.chance.choice(self.rows)
            type(row).objects.filter(pk=row.pk).update(cancelled_at=dt.datetime.now(dt.UTC))
            enrolling.refresh(part=Part(assignment=row.pk))

    def catch_up(self) -> None:
        """Deliver everything, in any order, some of it twice."""
        while waiting := list(
            Delivery.objects.filter(state="pending").values_list("pk", flat=True)
        ):
            self.chance.shuffle(waiting)
            for pk in waiting:
                again = self.chance.random() < 0.3
                Delivery.objects.filter(pk=pk).update(next_at="2020-01-01T00:00Z")
                assert process(pk), Delivery.objects.get(pk=pk).error
                if again:
                    Delivery.objects.filter(pk=pk).update(
                        state="pending", done_at=None, next_at="2020-01-01T00:00Z"
                    )
                    process(pk)


@settings(
    max_examples=times(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, seed=st.integers(0, 10_000))
def test_any_history_in_any_order_ends_as_the_words_say(steps, seed, django_db_blocker):
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        life = Life(seed)
        for step in steps:
            try:
                life.happens(step)
            except Exception as problem:
                if type(problem).__name__ != "Problem":
                    raise
            if life.chance.random() < 0.4:
                life.catch_up()
        life.catch_up()
        assert enrolling.recount(repair=False) == []
        for row in life.rows:
            row.refresh_from_db()
            for person in Person.objects.select_related("organisation"):
                agrees(row, person)
        transaction.set_rollback(True)


def agrees(row, person) -> None:
    found = Enrolment.objects.filter(assignment=row, person=person).first()
    asked = reference.is_asked(row, person)
    if found is None or found.state == "ended":
        assert not asked
    elif found.state == "open":
        assert asked
        assert reference.finished_at(row, person, found.assigned_at) is None
        assert found.organisation_id == person.organisation_id
