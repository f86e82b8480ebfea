"""Somebody who changes companies takes along what they have learnt, and goes on with it."""

import uuid

import pytest
from django.test import Client

from core.scope import NONE, current, encode, scoped
from courses.catalog.models import Module
from courses.progress import queries
from courses.progress.actions import Beat, record_beats
from courses.progress.models import LearningDay, ModuleProgress
from courses.quizzes.models import Answer, Attempt
from partners.actions.belonging import move_person
from partners.backends import enter
from partners.models import Organisation, Person
from partners.queries.client import today
from tests.analytics.factories import deliver
from tests.courses.factories import hand_in, make_module
from tests.partners.factories import make_client, make_partner, make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> Person:
    """The client's administrator."""
    return make_person(make_client(), roles=["admin"])


@pytest.fixture
def module(admin: Person) -> Module:
    """A published module of four questions."""
    return make_module()


@pytest.fixture
def rep(admin: Person) -> Person:
    """A rep of a first partner."""
    return make_person(make_partner())


def moved(admin: Person, rep: Person) -> Person:
    """Move the rep to another partner, and let all news be heard."""
    there: Organisation = make_partner()
    move_person(actor=admin, person_id=rep.pk, organisation=there, team=None, on=today())
    deliver()
    return Person.objects.select_related("organisation", "account").get(pk=rep.pk)


def own(person: Person) -> str:
    """Return the scope that a request of this person has."""
    return encode([person.organisation_id, person.pk])


def beat(module: Module, seconds: int = 10) -> Beat:
    return Beat(module_id=module.pk, session=uuid.uuid4(), seq=1, kind="reading", seconds=seconds)


def test_a_request_of_a_partner_s_person_sees_their_company_and_themselves(rep: Person) -> None:
    with scoped(NONE):
        assert enter(rep.account_id) == rep
        assert current() == own(rep)


def test_learning_goes_on_where_it_was_before_the_move(
    admin: Person, rep: Person, module: Module
) -> None:
    record_beats(person=rep, beats=[beat(module, 20)])
    rep = moved(admin, rep)
    with scoped(own(rep)):
        assert record_beats(person=rep, beats=[beat(module, 10)]) == 1
    row = ModuleProgress.objects.get(person=rep, module=module)
    assert row.active_seconds == 30
    assert LearningDay.objects.filter(person=rep).count() == 1


def test_what_was_understood_before_the_move_stays_understood(
    admin: Person, rep: Person, module: Module
) -> None:
    hand_in(rep, module, right=2)
    deliver()
    rep = moved(admin, rep)
    with scoped(own(rep)):
        way = queries.way(rep, module.pk)
        assert way
        assert (way.state, way.understood) == (queries.FINISHED, 2)
        hand_in(rep, module, retry=True)
        deliver()
        way = queries.way(rep, module.pk)
        assert way
        assert way.state == queries.UNDERSTOOD
    assert Attempt.objects.filter(person=rep, is_first=True).count() == 1
    assert Attempt.objects.filter(person=rep).count() == 2


def test_an_attempt_that_was_open_at_the_move_is_handed_in_after_it(
    admin: Person, rep: Person, module: Module
) -> None:
    hand_in(rep, module)
    rep = moved(admin, rep)
    with scoped(own(rep)):
        deliver()
        way = queries.way(rep, module.pk)
    assert way
    assert way.state == queries.UNDERSTOOD


def test_the_person_still_opens_their_result_and_their_record(
    client: Client, admin: Person, rep: Person, module: Module
) -> None:
    receipt = hand_in(rep, module)
    deliver()
    rep = moved(admin, rep)
    client.force_login(rep.account, backend="partners.backends.PersonBackend")
    attempt = Attempt.objects.get(person=rep)
    assert receipt is not None
    assert client.get(f"/attempts/{attempt.pk}/").status_code == 200
    assert module.title in client.get("/record/").content.decode()
    assert module.title in client.get("/record/?view=points").content.decode()


def test_new_colleagues_and_old_ones_see_nothing_more(
    admin: Person, rep: Person, module: Module
) -> None:
    before = rep.organisation_id
    hand_in(rep, module)
    deliver()
    rep = moved(admin, rep)
    colleague = make_person(rep.organisation)
    with scoped(own(colleague)):
        assert not ModuleProgress.objects.filter(person=rep).exists()
        assert not Answer.objects.filter(attempt__person=rep).exists()
    old = make_person(Organisation.objects.get(pk=before))
    with scoped(own(old)):
        assert Answer.objects.exists()
        assert not Person.objects.filter(pk=rep.pk).exists()
