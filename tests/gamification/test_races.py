"""Several workers at once: standings and boards come out as if they had worked one after the other."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from core.scope import CLIENT, enter
from gamification import actions
from gamification.models import GroupStanding, LedgerEntry, Standing
from gamification.queries import checks, rules
from partners.models import Person, Team
from tests.concurrency.racing import race
from tests.core.broker import quiet_broker
from tests.gamification.factories import book, build, finished, give, totals
from tests.partners.factories import make_partner, make_person, make_team

__all__ = ["quiet_broker"]  # a fixture: no worker takes part

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]


@pytest.fixture
def team() -> Team:
    return make_team(make_partner())


def reps(team: Team, count: int) -> list[Person]:
    return [make_person(team.organisation, team=team, sign_in=False) for _ in range(count)]


def refresh(person: Person) -> bool:
    return actions.refresh_standing(person_id=person.pk, month=rules.running_month())


def impatient(job: Callable[[], Any]) -> Callable[[], Any]:
    """Let a job give up waiting for a lock after a tenth of a second."""

    def run() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        enter(CLIENT)
        return job()

    return run


def beside(job: Callable[[], Any]) -> Any:
    """Run a job on another connection while this one's transaction stays open; return what came of it."""
    return race([impatient(job)])[0]


def test_without_locks_a_sum_made_early_and_written_late_loses_points_and_is_found_out(team):
    (person,) = reps(team, 1)
    build()
    book(person, 20)
    early = sum(LedgerEntry.objects.values_list("points", flat=True))
    give(person, 15)
    Standing.objects.update(points=early)  # what a second worker would do that nobody made wait
    lost = [str(each) for each in checks.differences(rules.running_month())]
    assert any("expected 35, found 20" in each for each in lost)
    assert refresh(person)
    actions.mend()
    assert checks.differences(rules.running_month()) == []


def test_a_second_refresh_of_a_person_waits_for_the_first(team):
    (person,) = reps(team, 1)
    book(person, 20)
    with transaction.atomic():
        assert refresh(person)
        assert isinstance(beside(lambda: refresh(person)), OperationalError)
    book(person, 15)
    assert refresh(person)
    assert checks.differences(rules.running_month())[0].what == "board"
    build()
    assert totals() == {person.pk: 35}


def test_a_rebuild_waits_for_refreshes_and_refreshes_for_a_rebuild(team):
    first, second = reps(team, 2)
    book(first, 20)
    book(second, 20)
    with transaction.atomic():
        refresh(first)
        waited = beside(lambda: actions.rebuild(month=rules.running_month()))
        assert isinstance(waited, OperationalError)
    with transaction.atomic():
        build()
        assert isinstance(beside(lambda: refresh(second)), OperationalError)


def test_refreshes_of_two_companies_do_not_wait_for_each_other(team):
    (mine,), (other,) = reps(team, 1), reps(make_team(make_partner()), 1)
    build()
    book(mine, 20)
    book(other, 20)
    with transaction.atomic():
        refresh(mine)
        assert beside(lambda: refresh(other)) is True


def test_a_team_at_work_at_once_adds_up(team):
    people = reps(team, 8)
    build()
    for person in people:
        book(person, 20)
    assert race([lambda each=person: refresh_in_scope(each) for person in people]) == [True] * 8
    assert checks.differences(rules.running_month()) == []
    assert GroupStanding.objects.get(team=team).points == 160


def refresh_in_scope(person: Person) -> bool:
    enter(person.organisation_id)
    return refresh(person)


def test_the_same_news_at_two_workers_is_booked_once(team):
    (person,) = reps(team, 1)
    event = finished(person)

    def award() -> bool:
        enter(person.organisation_id)
        return actions.award_points(event=event)

    results = race([award] * 4)
    assert all(isinstance(result, bool) for result in results)
    assert LedgerEntry.objects.count() == 1


def test_a_rebuild_in_the_middle_of_it_all_loses_nothing(team):
    people = reps(team, 6)
    build()
    stop = threading.Event()

    def rebuild_all_the_time() -> int:
        enter(CLIENT)
        times = 0
        while not stop.is_set():
            actions.rebuild(month=rules.running_month())
            times += 1
        return times

    def work(person: Person) -> Callable[[], None]:
        def run() -> None:
            enter(CLIENT)
            for _ in range(5):
                give(person, 20)

        return run

    def work_then_stop() -> None:
        try:
            assert race([work(person) for person in people]) == [None] * 6
        finally:
            stop.set()

    rebuilt, worked = race([rebuild_all_the_time, work_then_stop])
    assert worked is None
    assert rebuilt >= 1
    assert totals() == {person.pk: 100 for person in people}
    assert checks.differences(rules.running_month()) == []


def test_people_who_change_places_crosswise_do_not_block_each_other(team):
    there = make_team(make_partner())
    mine, theirs = reps(team, 6), reps(there, 6)
    build()
    for person in (*mine, *theirs):
        give(person, 20)
    Person.objects.filter(pk=mine[0].pk).update(organisation=there.organisation, team=there)
    Person.objects.filter(pk=theirs[0].pk).update(organisation=team.organisation, team=team)
    both = [team.organisation_id, there.organisation_id]

    def recount(person: Person, order: int) -> Callable[[], None]:
        def run() -> None:
            enter(CLIENT)
            actions.recount(person_id=person.pk, organisation_ids=both[::order])

        return run

    assert race([recount(mine[0], 1), recount(theirs[0], -1)]) == [None, None]
    assert checks.differences(rules.running_month()) == []
