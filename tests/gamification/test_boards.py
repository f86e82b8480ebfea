"""Boards in Redis: they rank as the database does, and come back after Redis has forgotten everything."""

import dataclasses
import datetime as dt
import uuid

import pytest
import redis
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.scope import scoped
from gamification import actions, boards, months
from gamification.models import Board, Standing
from gamification.queries import checks, groups, rules, standings
from gamification.ranking import ALONE, Among, Part, Points, Unit
from partners.models import Person, Team
from tests.gamification.factories import book, build, give, totals
from tests.gamification.reference import reference_among, reference_view
from tests.partners.factories import make_partner, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    return make_team(make_partner())


def reps(team: Team, count: int, **fields) -> list[Person]:
    return [
        make_person(team.organisation, team=team, sign_in=False, **fields) for _ in range(count)
    ]


def november() -> dt.date:
    return rules.running_month()


def unlike() -> list[str]:
    return [str(each) for each in checks.differences(november())]


def flush() -> None:
    with redis.Redis.from_url(django_settings.REDIS_URL) as connection:
        connection.flushdb()


@pytest.fixture
def no_redis(settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=1"


def test_a_new_month_has_no_board_until_it_is_mended(team):
    (person,) = reps(team, 1)
    give(person, 20)
    assert Board.objects.get().stale
    assert boards.version(november(), Unit.REP) is None
    assert actions.mend() == [november()]
    assert not Board.objects.get().stale
    assert totals() == {person.pk: 20}


def test_a_flushed_redis_is_rebuilt_row_for_row(team):
    people = reps(team, 7)
    build()
    for number, person in enumerate(people):
        give(person, 5 * number + 5)
    before = boards.contents(november())
    flush()
    assert boards.contents(november()) is None
    assert actions.mend() == [november()]
    assert boards.contents(november()) == before
    assert unlike() == []


def test_points_after_a_flush_do_not_make_a_torn_board_look_whole(team):
    first, second = reps(team, 2)
    build()
    give(first, 20)
    flush()
    give(second, 20)
    assert boards.version(november(), Unit.REP) is None
    assert standings.view(november(), Unit.REP, second.pk).total == 2
    actions.mend()
    assert totals() == {first.pk: 20, second.pk: 20}


def test_a_restarted_redis_may_have_forgotten_its_last_seconds_and_is_rebuilt(team):
    (person,) = reps(team, 1)
    build()
    give(person, 20)
    marker = f"tomoni:standings:{months.name(november())}:marker"
    with redis.Redis.from_url(django_settings.REDIS_URL) as connection:
        connection.set(marker, "another run")
        connection.zadd(f"tomoni:standings:{months.name(november())}:rep", {str(person.pk): 5})
    assert actions.mend() == [november()]
    assert totals() == {person.pk: 20}


def test_without_redis_points_are_kept_and_the_board_is_marked(team, no_redis):
    (person,) = reps(team, 1)
    give(person, 20)
    assert Standing.objects.get().points == 20
    assert Board.objects.get().stale
    assert actions.mend() == []
    assert not actions.rebuild(month=november())
    assert Board.objects.get().stale
    assert standings.view(november(), Unit.REP, person.pk).own is not None


def test_what_was_missed_while_redis_was_away_is_there_after_the_mending(team, settings):
    (person,) = reps(team, 1)
    build()
    address = settings.REDIS_URL
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=1"
    give(person, 20)
    settings.REDIS_URL = address
    assert totals() == {}
    assert Board.objects.get(month=november()).stale
    assert actions.mend() == [november()]
    assert totals() == {person.pk: 20}


def test_an_old_month_is_read_from_the_database_alone(team):
    month = dt.date(2026, 3, 1)
    people = reps(team, 5)
    book(people[0], 50, month=month)
    assert actions.rebuild(month=month)
    with redis.Redis.from_url(django_settings.REDIS_URL) as connection:
        assert not connection.keys("*2026-03*")
    assert checks.differences(month) == []
    assert standings.view(month, Unit.TEAM, team.pk, from_redis=False).total == 1


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.data())
def test_redis_and_database_rank_as_the_reference_does(team, points, data):
    month = months.after(months.after(november()))
    people = {uuid.UUID(int=number * 7919 + 1): score for number, score in enumerate(points)}
    firms = {each: uuid.UUID(int=data.draw(st.integers(1, 3))) for each in people}
    me = data.draw(st.sampled_from([*sorted(people), None]))
    boards.replace(month, [Points(each, firms[each], people[each]) for each in people], [])
    whole = reference_view(people, me)
    assert boards.view(month, Unit.REP, me) == whole
    alone = dataclasses.replace(whole, spots=(whole.own,) if whole.own else ())
    assert boards.view(month, Unit.REP, me, part=ALONE) == alone
    part = Part(data.draw(st.integers(0, 31)), 4, 4)
    assert boards.view(month, Unit.REP, me, part=part) == reference_view(people, me, part=part)
    for firm in map(uuid.UUID, [f"{number:032x}" for number in range(1, 5)]):
        found = boards.view(month, Unit.REP, me, firm).among
        assert found == reference_among(
            people, me, {each for each in people if firms[each] == firm}
        )


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(1, 4), min_size=1, max_size=16), st.data())
def test_the_database_alone_ranks_as_redis_does(team, points, data):
    month = dt.date(2030, 1, 1)
    Standing.objects.filter(month=month).delete()
    people = reps(team, len(points))
    Standing.objects.bulk_create(
        Standing(
            person=person, organisation=team.organisation, team=team, month=month, points=score
        )
        for person, score in zip(people, points, strict=True)
    )
    scores = dict(Standing.objects.filter(month=month).values_list("person_id", "points"))
    me = data.draw(st.sampled_from([*sorted(scores), None]))
    boards.replace(month, groups.people_of(month), [])
    found = standings.view_from_database(month, Unit.REP, me)
    assert found == reference_view(scores, me)
    assert found == boards.view(month, Unit.REP, me)
    part = Part(data.draw(st.integers(0, 17)), 4, 4)
    in_part = standings.view_from_database(month, Unit.REP, me, part=part)
    assert in_part == reference_view(scores, me, part=part)
    among = standings.view_from_database(month, Unit.REP, me, team.organisation_id)
    assert among == boards.view(month, Unit.REP, me, team.organisation_id)
    assert among.among == reference_among(scores, me, set(scores))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(1, 3), st.integers(-(2**31), 2**31 - 1)),
        max_size=20,
    )
)
def test_what_is_put_counts_in_its_company_as_the_reference_says(puts):
    month = months.after(months.after(november()))
    boards.replace(month, [], [])
    people, firms = dict[uuid.UUID, int](), dict[uuid.UUID, uuid.UUID]()
    for number, firm, points in puts:
        each = uuid.UUID(int=number + 1)
        people[each], firms[each] = points, uuid.UUID(int=firm)
        boards.put(month, Points(each, firms[each], points), [])
    for me, firm in firms.items():
        there = {each for each in people if firms[each] == firm}
        found = boards.view(month, Unit.REP, me, firm).among
        assert found == reference_among(people, me, there)


def test_whoever_changes_companies_counts_in_the_new_one(team):
    there = make_team(make_partner())
    (mover, _stays), (other,) = reps(team, 2), reps(there, 1)
    build()
    give(mover, 20)
    give(other, 40)
    Person.objects.filter(pk=mover.pk).update(organisation=there.organisation, team=there)
    both = [team.organisation_id, there.organisation_id]
    actions.recount(person_id=mover.pk, organisation_ids=both)
    found = boards.view(november(), Unit.REP, mover.pk, there.organisation_id)
    assert found.among == Among(2, 2)
    assert boards.view(november(), Unit.REP, mover.pk, team.organisation_id).among == Among(None, 0)
    assert unlike() == []


def test_a_board_that_lost_its_companies_is_not_read_and_rebuilt(team):
    first, second = reps(team, 2)
    build()
    give(first, 20)
    name = f"tomoni:standings:{months.name(november())}"
    with redis.Redis.from_url(django_settings.REDIS_URL) as connection:
        connection.delete(f"{name}:companies", f"{name}:colleagues")
    found = standings.view(november(), Unit.REP, first.pk, company=team.organisation_id)
    assert found.among == Among(1, 1)
    assert found.version is None
    give(second, 40)
    assert Board.objects.get(month=november()).stale
    assert actions.mend() == [november()]
    found = standings.view(november(), Unit.REP, first.pk, company=team.organisation_id)
    assert found.among == Among(2, 2)
    assert found.version is not None


def test_groups_rank_alike_in_redis_and_in_the_database():
    teams = [make_team(make_partner()) for _ in range(4)]
    for number, team in enumerate(teams):
        for person in reps(team, 5 + number):
            book(person, 10 * (number % 3) + 5)
    build()
    for unit in (Unit.TEAM, Unit.PARTNER):
        for team in teams:
            member = team.pk if unit is Unit.TEAM else team.organisation_id
            found = standings.view(november(), unit, member)
            assert found == standings.view_from_database(november(), unit, member)
            assert found.total == 4
            assert found.own is not None


def test_a_partners_people_see_everybodys_places_from_the_database_too(team):
    rival = make_team(make_partner())
    (mine,), (other,) = reps(team, 1), reps(rival, 1)
    give(mine, 20)
    give(other, 40)
    with scoped(team.organisation_id):
        found = standings.view_from_database(november(), Unit.REP, mine.pk)
        assert Standing.objects.count() == 1
    assert found.own is not None
    assert (found.total, found.own.place, found.distance) == (2, 2, 20)
