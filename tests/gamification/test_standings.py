"""Standings of people, teams and partners: always what the ledger adds up to."""

import datetime as dt

import pytest
import time_machine

from core.outbox import publish
from core.scope import scoped
from gamification import actions, boards, months
from gamification.models import GroupStanding, Standing
from gamification.queries import checks, rules
from gamification.ranking import Unit
from partners.actions.organisations import set_organisation_active
from partners.events import PersonDeactivated, PersonMoved, PersonReactivated
from partners.models import Organisation, Person, Team
from tests.gamification.factories import book, build, deliver, give, means, totals
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


def test_a_standing_that_no_entry_stands_behind_goes_with_a_rebuild(team):
    first, second = reps(team, 2)
    book(first, 20)
    Standing.objects.create(
        person=second, organisation=team.organisation, month=november(), points=999
    )
    build()
    assert totals() == {first.pk: 20}
    assert unlike() == []


def test_news_of_a_move_brings_both_companies_up_to_date(team):
    build()
    there = make_team(make_partner())
    here, _ = reps(team, 6), reps(there, 5)
    give(here[0], 60)
    Person.objects.filter(pk=here[0].pk).update(organisation=there.organisation, team=there)
    publish(
        PersonMoved(
            person_id=here[0].pk,
            from_organisation_id=team.organisation_id,
            from_team_id=team.pk,
            to_organisation_id=there.organisation_id,
            to_team_id=there.pk,
            on=rules.today().isoformat(),
        )
    )
    deliver()
    assert means(Unit.TEAM) == {team.pk: 0, there.pk: 100}
    assert unlike() == []


def test_news_of_leaving_and_returning_is_counted_at_once(team):
    build()
    people = reps(team, 6)
    give(people[0], 60)
    values = {
        "person_id": people[0].pk,
        "organisation_id": team.organisation_id,
        "team_id": team.pk,
    }
    Person.objects.filter(pk=people[0].pk).update(is_active=False)
    publish(PersonDeactivated(**values))
    deliver()
    assert means(Unit.TEAM) == {team.pk: 0}
    Person.objects.filter(pk=people[0].pk).update(is_active=True)
    publish(PersonReactivated(**values))
    deliver()
    assert means(Unit.TEAM) == {team.pk: 100}
    assert unlike() == []


def test_a_stopped_partner_keeps_the_month_in_which_it_was_stopped_and_has_no_later_one(team):
    admin = make_person(make_client(), roles=["admin"])
    people = reps(team, 5)
    give(people[0], 60)
    build()
    before = {(each.team_id, each.points) for each in GroupStanding.objects.all()}
    set_organisation_active(actor=admin, organisation_id=team.organisation_id, active=False)
    deliver()
    assert actions.mend() == []
    assert {(each.team_id, each.points) for each in GroupStanding.objects.all()} == before
    assert unlike() == []
    later = months.after(november())
    with time_machine.travel(dt.datetime.combine(later, dt.time(12), rules.zone()), tick=False):
        book(people[1], 10, month=later)
        actions.refresh_standing(person_id=people[1].pk, month=later)
        build(later)
        assert not GroupStanding.objects.filter(month=later).exists()
        assert checks.differences(later) == []
        set_organisation_active(actor=admin, organisation_id=team.organisation_id, active=True)
        deliver()
        found = GroupStanding.objects.filter(month=later).values_list("team", "points")
        assert set(found) == {(None, 10), (team.pk, 10)}
        assert means(Unit.PARTNER) == {team.organisation_id: 20}
        assert checks.differences(later) == []


def test_a_partner_that_was_stopped_and_resumed_was_never_away(team):
    admin = make_person(make_client(), roles=["admin"])
    reps(team, 5)
    for active in (False, True, False):
        set_organisation_active(actor=admin, organisation_id=team.organisation_id, active=active)
        deliver()
    build()
    assert means(Unit.PARTNER) == {team.organisation_id: 0}
    assert unlike() == []


def test_a_team_that_everybody_has_left_is_ranked_no_more(team):
    build()
    people = reps(team, 5)
    give(people[0], 60)
    for person in people:
        Person.objects.filter(pk=person.pk).update(is_active=False)
        actions.recount(person_id=person.pk, organisation_ids=[team.organisation_id])
    actions.mend()
    assert means(Unit.TEAM) == {}
    assert not GroupStanding.objects.exists()
    assert unlike() == []
