"""Two changes of who is asked at the same moment: whichever comes last has seen the other."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import transaction

from core.models import Delivery
from core.outbox import drain, process
from core.scope import CLIENT, scoped
from courses.assignments.actions import telling
from courses.assignments.actions.assigning import Wish, assign
from courses.assignments.models import Assignment, Enrolment
from courses.authoring.actions.courses import Reach, change_reach
from courses.catalog.models import Module
from partners.actions.belonging import deactivate_person
from partners.models import Organisation, Person
from tests.concurrency.racing import race
from tests.courses.assignments.factories import (
    make_admin,
    make_assignment,
    news,
    person_target,
    reps_of,
)
from tests.courses.factories import hand_in, make_module
from tests.partners.factories import make_partner, make_person
from tests.plugin.patience import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


def in_client(job):
    def run():
        with scoped(CLIENT):
            return job()

    return run


def while_writing(first: Callable[[], object], job: Callable[[], object]) -> None:
    """Run a job while somebody writes, after their last statement and before their commit."""
    written = threading.Event()

    def writes():
        with transaction.atomic():
            first()
            written.set()
            time.sleep(0.5)

    def meanwhile():
        assert written.wait(PATIENCE)
        job()

    found = race([in_client(writes), in_client(meanwhile)])
    assert not any(isinstance(each, Exception) for each in found), found


def while_assigning(wish: Wish, admin: Person, job: Callable[[], object]) -> None:
    """Run a job while somebody assigns."""
    while_writing(lambda: assign(actor=admin, wish=wish), job)


def score() -> None:
    """Score what was handed in, with all that follows in the queue."""
    drain([Delivery.objects.get(handler="courses.quizzes.handlers.score").pk], "score")


def told_of_a_finish() -> bool:
    """Say whether assignments were told that somebody finished a module."""
    return Delivery.objects.filter(handler="courses.assignments.handlers.finish").exists()


def test_assigning_while_somebody_finishes_finishes_it():
    admin, module, rep = make_admin(), make_module(), make_person(make_partner())
    wish = Wish(module=module, targets=[person_target(rep)])
    hand_in(rep, module)

    def finishes():
        process(Delivery.objects.get(handler="courses.quizzes.handlers.score").pk)
        news()

    while_assigning(wish, admin, finishes)
    with scoped(CLIENT):
        assert Enrolment.objects.get().state == "finished"


def test_assigning_while_somebody_s_score_is_written_finishes_it():
    admin, module, rep = make_admin(), make_module(), make_person(make_partner())
    wish = Wish(module=module, targets=[person_target(rep)])
    hand_in(rep, module)
    while_writing(score, lambda: assign(actor=admin, wish=wish))
    assert not told_of_a_finish()
    with scoped(CLIENT):
        assert Enrolment.objects.get().state == "finished"


def test_a_score_that_is_written_while_somebody_assigns_finishes_it():
    admin, module, rep = make_admin(), make_module(), make_person(make_partner())
    wish = Wish(module=module, targets=[person_target(rep)])
    hand_in(rep, module)
    while_assigning(wish, admin, score)
    assert told_of_a_finish()
    news()
    with scoped(CLIENT):
        assert Enrolment.objects.get().state == "finished"


def test_assignments_are_told_of_who_is_asked_something():
    module, rep = make_module(), make_person(make_partner())
    make_assignment(make_module(), [person_target(rep)])
    hand_in(rep, module)
    score()
    assert told_of_a_finish()


def test_assigning_while_somebody_leaves_asks_nobody_who_has_left():
    admin, module, rep = make_admin(), make_module(), make_person(make_partner())
    wish = Wish(module=module, targets=[person_target(rep)])

    def leaves():
        deactivate_person(actor=admin, person_id=rep.pk)
        news()

    while_assigning(wish, admin, leaves)
    with scoped(CLIENT):
        assert Enrolment.objects.get().state == "ended"


def narrows(module: Module, partner: Organisation) -> None:
    """Make a module one for this partner alone."""
    change_reach(
        module_id=module.pk, reach=Reach(module.course_id, Module.Audience.CHOSEN, [partner], None)
    )


def test_assigning_while_somebody_narrows_whom_the_module_is_for_asks_nobody_else():
    admin, module, partner = make_admin(), make_module(), make_partner()
    rep, other = make_person(partner), make_person(make_partner())
    wish = Wish(module=module, targets=[person_target(rep), person_target(other)])
    while_assigning(wish, admin, lambda: narrows(module, partner))
    with scoped(CLIENT):
        assert dict(Enrolment.objects.values_list("person", "state")) == {
            rep.pk: "open",
            other.pk: "ended",
        }


def test_narrowing_whom_a_module_is_for_while_somebody_assigns_asks_nobody_else():
    admin, module, partner = make_admin(), make_module(), make_partner()
    rep, other = make_person(partner), make_person(make_partner())
    wish = Wish(module=module, targets=[person_target(rep), person_target(other)])
    while_writing(lambda: narrows(module, partner), lambda: assign(actor=admin, wish=wish))
    with scoped(CLIENT):
        assert dict(Enrolment.objects.values_list("person", "state")) == {rep.pk: "open"}


def test_a_wish_that_is_sent_twice_at_once_is_one_assignment():
    admin, partner, module = make_admin(), make_partner(), make_module()
    make_person(partner)
    key = module.pk  # any id
    wish = Wish(module=module, targets=[reps_of(partner)], key=key)
    made = race([in_client(lambda: assign(actor=admin, wish=wish)) for _ in range(4)])
    assert len({row.pk for row in made}) == 1
    with scoped(CLIENT):
        assert Assignment.objects.count() == 1


def test_two_who_tell_at_once_tell_everybody_once():
    partner = make_partner()
    for _ in range(5):
        make_person(partner)
    row = make_assignment(make_module(), [reps_of(partner)])
    told = race([in_client(lambda: telling.tell(assignment_id=row.pk)) for _ in range(3)])
    assert sum(told) == 5
