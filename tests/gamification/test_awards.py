"""Booking points and giving badges: once for each cause, whatever comes how often."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import Delivery, Notice
from core.notices import kinds
from core.scope import CLIENT, scoped
from courses.progress.publishing import publish
from gamification import actions, badges, points
from gamification.models import BadgeAward, LedgerEntry, PointRule, Standing
from gamification.queries import facts, rules
from partners.models import Person
from tests.analytics.factories import watch
from tests.courses.factories import hand_in, make_course, make_module
from tests.gamification.factories import deliver, finished, scored
from tests.partners.factories import make_client, make_partner, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep() -> Person:
    partner = make_partner()
    return make_person(partner, team=make_team(partner))


def ledger(person: Person) -> dict[str, int]:
    rows = LedgerEntry.objects.filter(person=person)
    return dict(rows.values_list("source_key", "points"))


def test_the_rules_at_the_start_are_rows():
    found = {rule.key: (rule.points, rule.cap) for rule in rules.all_rules()}
    assert found == {
        "module_finished": (20, None),
        "first_correct": (5, 20),
        "first_best": (5, 20),
    }


def test_an_entry_says_whose_points_they_are_and_why(rep):
    event = finished(rep, attempt_id=uuid.uuid4())
    assert actions.award_points(event=event)
    entry = LedgerEntry.objects.get()
    assert (entry.person_id, entry.organisation_id, entry.team_id) == (
        rep.pk,
        rep.organisation_id,
        rep.team_id,
    )
    assert (entry.rule, entry.rule_number, entry.points) == ("module_finished", 1, 20)
    assert (entry.module_id, entry.attempt_id) == (event.module_id, event.attempt_id)
    assert entry.caused_at == event.finished_at


def test_the_same_news_again_books_nothing_and_tells_nobody(rep):
    event = finished(rep)
    assert actions.award_points(event=event)
    assert not actions.award_points(event=event)
    assert LedgerEntry.objects.count() == 1
    assert Delivery.objects.filter(event="PointsAwarded").count() == 1


def test_points_are_booked_in_the_scope_of_the_persons_organisation(rep):
    with scoped(rep.organisation_id):
        assert actions.award_points(event=finished(rep))
        assert LedgerEntry.objects.count() == 1
    with scoped(make_partner().pk):
        assert not LedgerEntry.objects.exists()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=4),
    st.integers(0, 3),
    st.randoms(use_true_random=False),
)
def test_any_order_and_repetition_of_deliveries_gives_the_same_totals(rep, counts, modules, random):
    person = make_person(rep.organisation, team=rep.team, sign_in=False)
    attempt, module = uuid.uuid4(), uuid.uuid4()
    news = [
        scored(
            person,
            count,
            items=6,
            attempt_id=attempt,
            module_id=module,
            scoring=number,
            before_correct=counts[number - 2] if number > 1 else None,
        )
        for number, count in enumerate(counts, start=1)
    ] + [finished(person) for _ in range(modules)]
    shuffled = news + random.choices(news, k=random.randrange(6))
    random.shuffle(shuffled)
    for event in shuffled:
        actions.award_points(event=event)
        if random.random() < 0.5:
            actions.refresh_standing(person_id=person.pk, month=rules.running_month())
    actions.refresh_standing(person_id=person.pk, month=rules.running_month())
    expected = min(5 * counts[-1], 20) + 20 * modules
    assert sum(ledger(person).values()) == expected
    standing = Standing.objects.filter(person=person).first()
    booked = any(ledger(person))
    assert (standing.points if standing else None) == (expected if booked else None)


def test_points_count_in_the_month_of_their_cause_until_it_closes(rep):
    with time_machine.travel(dt.datetime(2026, 12, 3, 12, tzinfo=rules.zone()), tick=False):
        caused = dt.datetime(2026, 11, 30, 23, 59, tzinfo=rules.zone())
        actions.award_points(event=finished(rep, finished_at=caused))
    with time_machine.travel(dt.datetime(2026, 12, 4, 0, tzinfo=rules.zone()), tick=False):
        actions.award_points(event=finished(rep, finished_at=caused))
    months = sorted(LedgerEntry.objects.values_list("month", flat=True))
    assert months == [dt.date(2026, 11, 1), dt.date(2026, 12, 1)]


def test_a_changed_rule_holds_from_its_date_on(rep):
    tomorrow = timezone.now() + dt.timedelta(days=1)
    PointRule.objects.create(key="module_finished", number=2, points=30, active_from=tomorrow)
    actions.award_points(event=finished(rep))
    actions.award_points(event=finished(rep, finished_at=tomorrow))
    assert sorted(ledger(rep).values()) == [20, 30]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE gamification_ledgerentry SET points = 99",
        "DELETE FROM gamification_ledgerentry",
        "TRUNCATE gamification_ledgerentry CASCADE",
    ],
)
def test_nobody_can_change_the_ledger_afterwards(rep, statement):
    actions.award_points(event=finished(rep))
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(ledger(rep).values()) == [20]


def test_the_database_refuses_an_entry_of_nothing(rep):
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(
            person=rep,
            organisation_id=rep.organisation_id,
            source_key="x",
            rule="x",
            points=0,
            month=dt.date(2026, 11, 1),
            caused_at=timezone.now(),
        )


def test_a_handed_in_quiz_earns_by_itself(rep):
    module = make_module()
    receipt = hand_in(rep, module, right=3)
    deliver()
    assert ledger(rep) == {
        points.finished_key(module.pk, rep.pk): 20,
        points.scored_key(receipt.attempt_id): 15,
    }
    assert Standing.objects.get(person=rep).points == 35


def test_practising_again_earns_no_points(rep):
    module = make_module()
    hand_in(rep, module, right=2)
    deliver()
    before = ledger(rep)
    hand_in(rep, module, retry=True)
    deliver()
    assert ledger(rep) == before


def held(person: Person) -> set[str]:
    return set(BadgeAward.objects.filter(person=person).values_list("badge", flat=True))


def test_the_first_module_gives_a_badge_with_a_notice_once(rep):
    module = make_module()
    hand_in(rep, module, right=2)
    deliver()
    assert held(rep) == {"first_module"}
    actions.award_badges(person_id=rep.pk, organisation_id=rep.organisation_id, cause="again")
    notices = Notice.objects.filter(person_id=rep.pk, kind="gamification.badge_earned")
    assert kinds.describe(notices.get())[1] == "新しいバッジ「はじめの一歩」"


def test_understanding_what_was_wrong_at_first_gives_a_badge(rep):
    module = make_module()
    hand_in(rep, module, right=2)
    deliver()
    hand_in(rep, module, retry=True)
    deliver()
    assert held(rep) == {"first_module", "comeback"}


def test_a_quiz_all_right_at_the_first_try_gives_a_badge(rep):
    hand_in(rep, make_module())
    deliver()
    assert "all_right_first" in held(rep)


def test_a_whole_course_understood_gives_a_badge(rep):
    course = make_course()
    modules = [make_module(course=course) for _ in range(2)]
    make_module(course=course, published=False)
    hand_in(rep, modules[0])
    deliver()
    assert "course_understood" not in held(rep)
    hand_in(rep, modules[1])
    deliver()
    assert "course_understood" in held(rep)


def test_a_module_whose_quiz_was_taken_out_keeps_nobody_from_a_whole_course(rep):
    course = make_course()
    asking = [make_module(course=course) for _ in range(2)]
    silent = make_module(course=course)
    with scoped(CLIENT):
        silent.blocks.get(kind="quiz").delete()
        publish(module_id=silent.pk, by=None)
    for module in asking:
        hand_in(rep, module)
    deliver()
    assert "course_understood" in held(rep)


def on_three_days(learn: Callable[[int], object]) -> None:
    """Learn on three days of one week."""
    for day in (1, 2, 3):
        with time_machine.travel(dt.datetime(2026, 12, day, 12, tzinfo=rules.zone())):
            learn(day)
            deliver()


def test_three_days_of_learning_give_their_badge_though_nothing_is_finished(rep):
    module = make_module()
    on_three_days(lambda _: watch(rep, module, seconds=10))
    assert held(rep) == {"three_days"}


def test_practising_on_a_third_day_gives_the_badge_of_three_days(rep):
    module = make_module()
    on_three_days(lambda day: hand_in(rep, module, right=1, retry=day > 1))
    assert held(rep) == {"first_module", "three_days"}


def test_a_day_of_learning_is_told_once(rep):
    module = make_module()
    watch(rep, module, seconds=10)
    watch(rep, module, seconds=10)
    hand_in(rep, module)
    deliver()
    assert Delivery.objects.filter(event="LearningDayBegun").count() == 1


def test_facts_are_those_of_the_person_alone(rep):
    module = make_module()
    colleague = make_person(rep.organisation)
    hand_in(rep, module, right=2)
    hand_in(colleague, module)
    deliver()
    found = facts.facts_of(rep.pk, rules.today())
    assert found == badges.Facts(
        finished=1, understood=0, perfect=0, comebacks=0, courses=0, days=frozenset({rules.today()})
    )


def test_reaching_a_level_is_told_once(rep):
    for _ in range(3):
        actions.award_points(event=finished(rep))
    deliver()
    actions.refresh_standing(person_id=rep.pk, month=rules.running_month())
    notice = Notice.objects.get(person_id=rep.pk, kind="gamification.level_reached")
    assert kinds.describe(notice)[1] == "レベル2「同行者」になりました"


def test_a_level_that_points_of_two_months_reach_together_is_told(rep):
    with time_machine.travel(dt.datetime(2026, 12, 2, 3, tzinfo=dt.UTC), tick=False):
        for _ in range(2):
            actions.award_points(event=finished(rep))
        deliver()
        assert not Notice.objects.exists()
        in_november = timezone.now() - dt.timedelta(days=3)
        actions.award_points(event=finished(rep, finished_at=in_november))
        actions.award_points(event=finished(rep))
        deliver()
    assert Standing.objects.filter(person=rep).count() == 2
    assert Notice.objects.get().key == f"level:{rep.pk}:2"


def test_points_of_the_clients_own_people_count_too():
    seller = make_person(make_client())
    actions.award_points(event=finished(seller))
    deliver()
    assert Standing.objects.get(person=seller).points == 20
