"""Summaries of learning: whatever happens in whatever order, they are what the records say."""

import datetime as dt
import importlib
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics import actions
from analytics.models import GroupSummary, Level, ModuleSummary, MonthSummary, PersonSummary
from analytics.queries import checks
from core.models import Delivery
from core.outbox import publish
from courses.catalog.models import Module
from courses.progress.events import ProgressChanged
from courses.quizzes.actions import correct_key
from partners.actions.belonging import deactivate_person, move_person, reactivate_person
from partners.actions.organisations import set_organisation_active
from partners.events import OrganisationResumed, OrganisationStopped, RolesChanged
from partners.models import Organisation, Person, Team
from partners.problems import Problem
from partners.queries.client import today
from tests.analytics.factories import catch_up, deliver, learn, watch
from tests.courses.factories import hand_in, make_module, single, version_of
from tests.partners.factories import make_client, make_partner, make_person, make_team
from tests.plugin.thorough import times

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    make_client()
    return make_team(make_partner())


def unlike() -> list[str]:
    return [str(each) for each in checks.differences()]


def rep(team: Team, **fields) -> Person:
    return make_person(team.organisation, team=team, sign_in=False, **fields)


def of_team(team: Team, module: Module) -> ModuleSummary:
    return ModuleSummary.objects.get(level=Level.TEAM, group_id=team.pk, module=module)


def of_everybody() -> dict[uuid.UUID, int]:
    return dict(
        ModuleSummary.objects.filter(level=Level.EVERYBODY).values_list("module", "finished")
    )


def test_a_finish_is_counted_for_person_team_organisation_and_everybody(team):
    module = make_module()
    person = rep(team)
    learn(person, module, right=3)
    catch_up()
    own = PersonSummary.objects.get()
    assert (own.finished, own.scored, own.score_sum) == (1, 1, 750)
    for level in Level:
        row = ModuleSummary.objects.get(level=level)
        assert (row.finished, row.score_sum, list(row.days.values())) == (1, 750, [1])
        assert sorted(row.items.values()) == [[1, 0], [1, 1], [1, 1], [1, 1]]
    assert {row.finished for row in MonthSummary.objects.all()} == {1}
    assert {(row.people, row.learning) for row in GroupSummary.objects.all()} == {(1, 1)}
    assert not unlike()


def test_news_told_twice_changes_nothing(team):
    module = make_module()
    person = rep(team)
    learn(person, module)
    catch_up()
    before = list(ModuleSummary.objects.order_by("pk").values())
    for _ in range(2):
        actions.learnt(person_id=person.pk, module_id=module.pk)
        actions.mend()
    assert list(ModuleSummary.objects.order_by("pk").values()) == before
    assert not unlike()


def test_many_finishes_are_counted_at_once(team):
    modules, people = [make_module() for _ in range(3)], [rep(team) for _ in range(3)]
    catch_up()
    learn(people[0], modules[0])
    with CaptureQueriesContext(connection) as one:
        assert actions.count_learnt() == 1
    for person in people:
        for module in modules:
            learn(person, module, retry=module == modules[0] and person == people[0])
    with CaptureQueriesContext(connection) as many:
        assert actions.count_learnt() == 9
    assert len(many) == len(one)
    assert actions.count_learnt() == 0
    assert of_team(team, modules[2]).finished == 3
    actions.mend()
    assert not unlike()


def test_each_organisation_is_counted_by_itself(team):
    module, other = make_module(), make_team(make_partner())
    people = [rep(team), rep(other), rep(team)]
    for person in people:
        learn(person, module)
    assert [actions.count_learnt() for _ in range(3)] == [2, 1, 0]
    assert of_team(team, module).finished == 2
    assert of_team(other, module).finished == 1


def test_what_could_not_be_counted_stays_noted(team, monkeypatch):
    module, person = make_module(), rep(team)
    learn(person, module)

    def fail(*_):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("analytics.actions.keeping._count_people", fail)
        with pytest.raises(RuntimeError), transaction.atomic():
            actions.count_learnt()
    catch_up()
    assert of_team(team, module).finished == 1
    assert not unlike()


def test_changed_roles_are_heard_of(team):
    module, person = make_module(), rep(team)
    learn(person, module)
    catch_up()
    Person.objects.filter(pk=person.pk).update(roles=["manager"])
    with transaction.atomic():
        publish(RolesChanged(person_id=person.pk, organisation_id=person.organisation_id))
    deliver()
    assert not ModuleSummary.objects.filter(level=Level.TEAM).exists()
    assert not PersonSummary.objects.exists()


def test_who_stopped_being_a_rep_unheard_is_taken_out_of_all_they_learnt(team):
    first, second, person = make_module(), make_module(), rep(team)
    learn(person, first)
    catch_up()
    learn(person, second)
    Person.objects.filter(pk=person.pk).update(roles=["manager"])
    catch_up()
    assert not ModuleSummary.objects.filter(finished__gt=0).exists()
    assert not unlike()


def test_a_note_about_somebody_who_is_gone_is_let_go(team):
    actions.learnt(person_id=uuid.uuid4(), module_id=uuid.uuid4())
    assert actions.count_learnt() == 1
    assert actions.count_learnt() == 0
    assert not unlike()


def test_only_active_reps_count(team):
    module = make_module()
    manager = make_person(team.organisation, team=team, roles=["manager"], sign_in=False)
    learn(manager, module)
    catch_up()
    assert not PersonSummary.objects.exists()
    assert not ModuleSummary.objects.exists()
    assert not unlike()


def test_who_moves_takes_along_what_they_learnt(team):
    admin = make_person(make_client(), roles=["admin"], sign_in=False)
    module, person = make_module(), rep(team)
    learn(person, module)
    other = make_team(make_partner())
    move_person(
        actor=admin,
        person_id=person.pk,
        organisation=other.organisation,
        team=other,
        on=today(),
    )
    catch_up()
    assert of_team(other, module).finished == 1
    assert not ModuleSummary.objects.filter(group_id=team.pk).exists()
    assert not GroupSummary.objects.filter(organisation=team.organisation).exists()
    assert not unlike()


def test_who_leaves_counts_no_more_and_is_back_when_they_are(team):
    admin = make_person(make_client(), roles=["admin"], sign_in=False)
    module, person = make_module(), rep(team)
    learn(person, module)
    deactivate_person(actor=admin, person_id=person.pk)
    catch_up()
    assert not ModuleSummary.objects.filter(finished__gt=0).exists()
    assert not unlike()
    reactivate_person(actor=admin, person_id=person.pk)
    catch_up()
    assert of_team(team, module).finished == 1
    assert not unlike()


def test_a_stopped_partner_is_in_no_sum_for_everybody_until_it_is_taken_up_again(team):
    admin = make_person(make_client(), roles=["admin"], sign_in=False)
    module, other = make_module(), make_team(make_partner())
    for person in (rep(team), rep(other)):
        learn(person, module)
    alone = make_module()
    learn(rep(other), alone)
    catch_up()
    assert of_everybody() == {module.pk: 2, alone.pk: 1}
    theirs = {"actor": admin, "organisation_id": other.organisation_id}
    set_organisation_active(**theirs, active=False)
    catch_up()
    assert of_everybody() == {module.pk: 1}
    assert of_team(other, module).finished == 1
    assert not unlike()
    set_organisation_active(**theirs, active=True)
    catch_up()
    assert of_everybody() == {module.pk: 2, alone.pk: 1}
    assert not unlike()


def test_what_a_stopped_partner_s_people_handed_in_before_changes_no_sum_for_everybody(team):
    admin = make_person(make_client(), roles=["admin"], sign_in=False)
    module, person = make_module(), rep(team)
    hand_in(person, module)
    set_organisation_active(actor=admin, organisation_id=team.organisation_id, active=False)
    catch_up()
    assert of_everybody() == {}
    assert of_team(team, module).finished == 1
    assert not unlike()


def test_an_upgrade_has_sums_made_anew_that_hold_a_partner_stopped_before(team):
    module = make_module()
    learn(rep(team), module)
    catch_up()
    Organisation.objects.filter(pk=team.organisation_id).update(is_active=False)
    assert unlike()
    mark = importlib.import_module("analytics.migrations.0003_sums_without_stopped").MARK
    with connection.cursor() as cursor:
        cursor.execute(mark)
    catch_up()
    assert of_everybody() == {}
    assert not unlike()


def test_news_of_a_stopped_partner_told_late_and_twice_leaves_what_is_so(team):
    module = make_module()
    learn(rep(team), module)
    for _ in range(2):
        publish(OrganisationStopped(organisation_id=team.organisation_id))
        publish(OrganisationResumed(organisation_id=team.organisation_id))
    catch_up(shuffled=random.Random(1))
    assert of_everybody() == {module.pk: 1}
    assert not unlike()


def test_a_corrected_key_corrects_the_sums(team):
    module = make_module(items=[single("q001", right="a")])
    person = rep(team)
    learn(person, module, right=0)
    catch_up()
    assert of_team(team, module).score_sum == 0
    chosen = next(
        o["key"] for o in version_of(module).document["items"][0]["options"] if not o["correct"]
    )
    correct_key(
        quiz_version_id=version_of(module).pk,
        item_key="q001",
        correct_keys=[chosen],
        note="-",
        by=None,
    )
    catch_up()
    assert of_team(team, module).score_sum == 1000
    assert of_team(team, module).items == {"q001": [1, 1]}
    assert not unlike()


def test_time_after_the_finish_is_added(team):
    module, person = make_module(), rep(team)
    learn(person, module)
    watch(person, module, seconds=20)
    catch_up()
    assert of_team(team, module).seconds == 20
    assert not unlike()


def test_the_first_learning_of_a_day_is_noted(team):
    module, person = make_module(), rep(team)
    watch(person, module, seconds=20)
    told = Delivery.objects.filter(event="ProgressChanged").count()
    watch(person, module, seconds=20)
    assert told == Delivery.objects.filter(event="ProgressChanged").count() == 1
    catch_up()
    assert PersonSummary.objects.get().last_on == today()
    assert not unlike()


def test_three_tries_without_understanding_are_seen(team):
    module, person = make_module(), rep(team)
    learn(person, module, right=1)
    for _ in range(2):
        learn(person, module, right=0, retry=True)
    catch_up()
    own = PersonSummary.objects.get()
    assert (own.stuck_module_id, own.stuck_tries) == (module.pk, 3)
    learn(person, module, retry=True)
    catch_up()
    assert PersonSummary.objects.get().stuck_module_id is None
    assert not unlike()


def test_people_of_whom_no_news_told_are_found(team):
    people = [rep(team) for _ in range(3)]
    cache.clear()
    assert actions.mend() == 3
    assert GroupSummary.objects.get(level=Level.TEAM).people == 3
    Person.objects.filter(pk=people[0].pk).update(roles=["manager"])
    cache.clear()
    assert actions.mend() == 1
    assert GroupSummary.objects.get(level=Level.TEAM).people == 2
    assert not unlike()


def test_the_command_tells_what_differs_and_mends_it(team):
    module, person = make_module(), rep(team)
    learn(person, module)
    catch_up()
    out = StringIO()
    call_command("check_progress", stdout=out)
    assert "agree" in out.getvalue()
    PersonSummary.objects.update(finished=7)
    ModuleSummary.objects.filter(level=Level.TEAM).delete()
    with pytest.raises(SystemExit):
        call_command("check_progress", stdout=out)
    assert "finished 7 instead of 1" in out.getvalue()
    call_command("check_progress", "--mend", stdout=out)
    assert "0 differ now" in out.getvalue()
    assert not unlike()


@contextmanager
def undone() -> Iterator[None]:
    """Leave nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


STEP = st.tuples(
    st.sampled_from(
        ["learn", "retry", "watch", "move", "leave", "come_back", "role", "stop", "tell", "mend"]
    ),
    st.integers(0, 5),
    st.integers(0, 3),
)


@settings(
    max_examples=times(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEP, min_size=3, max_size=25), seed=st.integers(0, 99))
def test_any_course_of_events_ends_in_what_the_records_say(db, steps, seed):
    with undone():
        world = _World(seed)
        for what, who, which in steps:
            with suppress(Problem):
                getattr(world, what)(who, which)
        catch_up(shuffled=random.Random(seed))
        assert not unlike()


class _World:
    """Three organisations, six people, four modules, and all that can happen to them."""

    def __init__(self, seed: int) -> None:
        self.admin = make_person(make_client(), roles=["admin"], sign_in=False)
        self.rng = random.Random(seed)
        teams = [make_team(make_partner()) for _ in range(3)]
        self.homes: list[tuple[Organisation, Team | None]] = [
            *((team.organisation, team) for team in teams),
            (teams[0].organisation, None),
        ]
        self.people = [rep(teams[n % 3]) for n in range(6)]
        self.modules = [make_module(items=[single("q001"), single("q002")]) for _ in range(4)]

    def _person(self, who: int) -> Person:
        return Person.objects.select_related("organisation").get(pk=self.people[who].pk)

    def learn(self, who: int, which: int) -> None:
        at = timezone.now() - dt.timedelta(days=self.rng.randrange(90))
        with time_machine.travel(at, tick=False):
            hand_in(self._person(who), self.modules[which], right=which % 3)

    def stop(self, who: int, which: int) -> None:
        home = Organisation.objects.get(pk=self.homes[which][0].pk)
        set_organisation_active(
            actor=self.admin, organisation_id=home.pk, active=not home.is_active
        )

    def retry(self, who: int, which: int) -> None:
        hand_in(self._person(who), self.modules[which], right=1, retry=True)

    def watch(self, who: int, which: int) -> None:
        watch(self._person(who), self.modules[which], seconds=10)

    def move(self, who: int, which: int) -> None:
        home, team = self.homes[which]
        move_person(
            actor=self.admin,
            person_id=self.people[who].pk,
            organisation=home,
            team=team,
            on=today(),
        )

    def leave(self, who: int, which: int) -> None:
        deactivate_person(actor=self.admin, person_id=self.people[who].pk)

    def come_back(self, who: int, which: int) -> None:
        reactivate_person(actor=self.admin, person_id=self.people[who].pk)

    def role(self, who: int, which: int) -> None:
        Person.objects.filter(pk=self.people[who].pk).update(
            roles=[["rep"], ["manager"]][which % 2]
        )

    def tell(self, who: int, which: int) -> None:
        publish(ProgressChanged(person_id=self.people[who].pk, module_id=self.modules[which].pk))

    def mend(self, who: int, which: int) -> None:
        catch_up()
