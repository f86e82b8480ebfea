"""Standings and boards: always what the ledger adds up to, also after Redis has forgotten everything."""

import datetime as dt
import uuid

import pytest
import redis
import time_machine
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.scope import scoped
from gamification import actions, boards, months
from gamification.models import Board, GroupStanding, Standing
from gamification.queries import checks, rules, standings
from gamification.ranking import Unit
from partners.models import Organisation, Person, Team
from tests.gamification.factories import book, build, give, means, totals
from tests.gamification.reference import reference_view
from tests.partners.factories import make_client, make_partner, make_person, make_team

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


def test_a_standing_is_the_sum_of_the_months_entries(team):
    (person,) = reps(team, 1)
    book(person, 20)
    book(person, -5)
    book(person, 40, month=months.before(november()))
    assert actions.refresh_standing(person_id=person.pk, month=november())
    standing = Standing.objects.get(month=november())
    assert (standing.points, standing.organisation_id, standing.team_id) == (
        15,
        team.organisation_id,
        team.pk,
    )


def test_refreshing_again_changes_nothing(team):
    (person,) = reps(team, 1)
    give(person, 20)
    assert not actions.refresh_standing(person_id=person.pk, month=november())


def test_a_refresh_shows_the_value_at_once(team):
    build()
    first, second = reps(team, 2)
    give(first, 20)
    give(second, 35)
    give(first, 20)
    assert totals() == {first.pk: 40, second.pk: 35}
    assert unlike() == []


def test_a_refresh_works_in_the_scope_of_one_organisation_and_leaves_it_behind(team):
    (person,) = reps(team, 1)
    book(person, 20)
    with scoped(team.organisation_id):
        actions.refresh_standing(person_id=person.pk, month=november())
        assert Standing.objects.count() == 1
        assert Organisation.objects.count() == 1


def test_points_of_two_companies_add_up_for_who_changed_sides(team):
    (person,) = reps(team, 1)
    book(person, 20)
    there = make_team(make_partner())
    Person.objects.filter(pk=person.pk).update(organisation=there.organisation, team=there)
    person.refresh_from_db()
    with scoped(there.organisation_id):
        book(person, 15)
        actions.refresh_standing(person_id=person.pk, month=november())
    standing = Standing.objects.get()
    assert (standing.points, standing.team_id) == (35, there.pk)


def test_a_team_ranks_by_the_mean_of_all_its_active_reps(team):
    build()
    people = reps(team, 6)
    reps(team, 1, roles=["manager"])
    reps(team, 1, is_active=False)
    reps(team, 1, joined_on=rules.today() + dt.timedelta(days=1))
    give(people[0], 20)
    give(people[1], 25)
    assert means(Unit.TEAM) == {team.pk: 75}
    assert means(Unit.PARTNER) == {team.organisation_id: 75}
    assert unlike() == []


def test_points_of_who_is_no_rep_do_not_count_for_the_team(team):
    build()
    people = reps(team, 5)
    (manager,) = reps(team, 1, roles=["manager"])
    give(people[0], 20)
    give(manager, 500)
    assert means(Unit.TEAM) == {team.pk: 40}
    assert totals()[manager.pk] == 500


def test_fewer_than_five_are_counted_but_not_ranked(team):
    build()
    people = reps(team, 4)
    give(people[0], 20)
    assert means(Unit.TEAM) == {}
    row = GroupStanding.objects.get(team=team)
    assert (row.points, row.people, row.tenths) == (20, 4, None)
    reps(team, 1)
    assert actions.mend() == [november()]
    assert means(Unit.TEAM) == {team.pk: 40}


def test_the_client_is_ranked_by_team_and_not_as_a_company():
    client = make_client()
    team = make_team(client)
    build()
    people = reps(team, 5)
    give(people[0], 20)
    assert means(Unit.TEAM) == {team.pk: 40}
    assert means(Unit.PARTNER) == {}
    assert unlike() == []


def test_a_first_standing_in_a_team_counts_the_whole_organisation(team):
    other = make_team(team.organisation)
    people, colleagues = reps(team, 5), reps(other, 5)
    build()
    late = make_team(team.organisation)
    newcomers = reps(late, 5)
    Person.objects.filter(pk=colleagues[4].pk).update(is_active=False)
    give(people[0], 20)
    assert means(Unit.TEAM) == {team.pk: 40, other.pk: 0}
    give(newcomers[0], 20)
    assert means(Unit.TEAM) == {team.pk: 40, late.pk: 40}
    assert unlike() == []


def test_who_moves_takes_the_months_points_along(team):
    build()
    there = make_team(make_partner())
    here, others = reps(team, 6), reps(there, 5)
    give(here[0], 60)
    give(others[0], 10)
    Person.objects.filter(pk=here[0].pk).update(organisation=there.organisation, team=there)
    both = [team.organisation_id, there.organisation_id]
    actions.recount(person_id=here[0].pk, organisation_ids=both)
    assert means(Unit.TEAM) == {team.pk: 0, there.pk: 117}
    assert Standing.objects.get(person=here[0]).team_id == there.pk
    assert unlike() == []


def test_who_leaves_no_longer_counts_for_the_team(team):
    build()
    people = reps(team, 6)
    give(people[0], 60)
    Person.objects.filter(pk=people[0].pk).update(is_active=False)
    actions.recount(person_id=people[0].pk, organisation_ids=[team.organisation_id])
    assert means(Unit.TEAM) == {team.pk: 0}
    assert totals() == {people[0].pk: 60}
    assert unlike() == []


def test_people_who_change_without_any_news_are_noticed_by_the_mending(team):
    build()
    people = reps(team, 5)
    give(people[0], 20)
    reps(team, 3)
    assert unlike() != []
    assert actions.mend() == [november()]
    assert unlike() == []
    assert actions.mend() == []


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
    assert november() in standings.known_months().stale
    assert actions.mend() == [november()]
    assert totals() == {person.pk: 20}


def test_a_closed_month_keeps_its_companies_and_means(team):
    month = dt.date(2026, 10, 1)
    people = reps(team, 5)
    with time_machine.travel(dt.datetime(2026, 10, 20, tzinfo=rules.zone()), tick=False):
        give(people[0], 50, month=month)
    there = make_team(make_partner())
    Person.objects.filter(pk=people[0].pk).update(organisation=there.organisation, team=there)
    with time_machine.travel(dt.datetime(2026, 11, 20, tzinfo=rules.zone()), tick=False):
        assert actions.rebuild(month=month)
        assert checks.differences(month) == []
        held = boards.contents(month)
    assert Standing.objects.get(month=month).team_id == team.pk
    assert held is not None
    assert held.teams == {team.pk: 100}


def test_an_old_month_is_read_from_the_database_alone(team):
    month = dt.date(2026, 3, 1)
    people = reps(team, 5)
    book(people[0], 50, month=month)
    assert actions.rebuild(month=month)
    with redis.Redis.from_url(django_settings.REDIS_URL) as connection:
        assert not connection.keys("*2026-03*")
    assert checks.differences(month) == []
    assert standings.view(month, Unit.TEAM, team.pk, from_redis=False).total == 1


def test_a_standing_that_no_entry_stands_behind_goes_with_a_rebuild(team):
    first, second = reps(team, 2)
    book(first, 20)
    Standing.objects.create(
        person=second, organisation=team.organisation, month=november(), points=999
    )
    build()
    assert totals() == {first.pk: 20}
    assert unlike() == []


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.data())
def test_redis_and_database_rank_as_the_reference_does(team, points, data):
    month = months.after(months.after(november()))
    people = {uuid.UUID(int=number * 7919 + 1): score for number, score in enumerate(points)}
    me = data.draw(st.sampled_from([*sorted(people), None]))
    boards.replace(month, people.items(), [])
    assert boards.view(month, Unit.REP, me) == reference_view(people, me)


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
    boards.replace(month, scores.items(), [])
    found = standings.view_from_database(month, Unit.REP, me)
    assert found == reference_view(scores, me)
    assert found == boards.view(month, Unit.REP, me)


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
