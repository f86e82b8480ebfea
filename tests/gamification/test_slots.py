"""What points show in the pages of other floors."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone

from core import slots
from core.outbox import process
from core.scope import scoped
from courses.progress.models import LearningDay
from courses.quizzes.models import Attempt
from gamification.models import BadgeAward, PointRule
from gamification.queries import rules
from partners.models import Person
from tests.core.waiting import rounds
from tests.courses.factories import hand_in, make_module
from tests.gamification.factories import book, build, deliver, give
from tests.gamification.queries import queries_of
from tests.partners.factories import make_partner, make_person, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def me() -> Person:
    partner = make_partner()
    return make_person(partner, team=make_team(partner))


def show(person: Person, name: str, **values) -> str:
    request = RequestFactory().get("/")
    request.person = person  # type: ignore[attr-defined]
    with scoped(person.organisation_id):
        return str(slots.render(name, request, **values))


def scored_attempt(
    person: Person, *, right: int | None, module=None, retry: bool = False
) -> Attempt:
    receipt = hand_in(person, module or make_module(), right=right, retry=retry)
    deliver()
    return Attempt.objects.select_related("quiz").get(pk=receipt.attempt_id)


def test_the_result_shows_what_was_earned_line_by_line(me):
    build()
    attempt = scored_attempt(me, right=3)
    html = show(me, "attempt.earned", attempt=attempt)
    for words in (
        "+35",
        "モジュールの修了",
        "+20",
        "初回の解答で正解 3問",
        "+15",
        "はじめの一歩",
    ):
        assert words in html


def test_points_on_their_way_show_nothing_yet(me):
    receipt = hand_in(me, make_module(), right=3)
    shown = []
    for first, *_ in rounds():
        process(first.pk)
        attempt = Attempt.objects.select_related("quiz").get(pk=receipt.attempt_id)
        if attempt.state == "scored":
            shown.append(show(me, "attempt.earned", attempt=attempt))
    assert shown[0] == ""
    assert "+35" in shown[-1]
    assert all(not html or "+35" in html for html in shown), "never a part of the points"


def test_a_result_stays_as_it_was_when_the_rules_change(me):
    attempt = scored_attempt(me, right=3)
    PointRule.objects.update(active_until=timezone.now())
    for key in ("module_finished", "first_correct"):
        PointRule.objects.create(key=key, number=2, points=99, active_from=timezone.now())
    assert "+35" in show(me, "attempt.earned", attempt=attempt)
    PointRule.objects.update(points=1)
    later = timezone.now() + dt.timedelta(hours=1)
    with time_machine.travel(later, tick=False):
        assert "+35" in show(me, "attempt.earned", attempt=attempt)


def test_a_first_attempt_with_nothing_right_earns_for_finishing(me):
    html = show(me, "attempt.earned", attempt=scored_attempt(me, right=0))
    assert "+20" in html


def test_a_later_attempt_shows_no_points_but_the_badge_it_brought(me):
    module = make_module()
    scored_attempt(me, right=2, module=module)
    again = scored_attempt(me, right=None, module=module, retry=True)
    html = show(me, "attempt.earned", attempt=again)
    assert "七転び八起き" in html
    assert "fig-earn" not in html
    assert show(me, "attempt.standing", attempt=again) == ""


def test_a_later_attempt_without_a_badge_shows_nothing(me):
    module = make_module()
    scored_attempt(me, right=4, module=module)
    BadgeAward.objects.all().delete()
    again = scored_attempt(me, right=4, module=module, retry=True)
    assert show(me, "attempt.earned", attempt=again) == ""


def test_the_result_shows_place_rise_and_the_way_to_the_next_level(me):
    for points in (10, 30, 50):
        give(make_person(me.organisation, sign_in=False), points)
    give(me, 5)
    build()
    html = show(me, "attempt.standing", attempt=scored_attempt(me, right=3))
    assert "2位" in html
    assert "2位アップ" in html
    assert "レベル2まで" in html
    assert "20<small> pt" in html


def test_a_rise_is_said_until_something_else_was_earned(me):
    for points in (10, 30, 50):
        give(make_person(me.organisation, sign_in=False), points)
    give(me, 5)
    build()
    attempt = scored_attempt(me, right=3)
    assert "2位アップ" in show(me, "attempt.standing", attempt=attempt)
    give(me, 25)
    html = show(me, "attempt.standing", attempt=attempt)
    assert "1位" in html
    assert "位アップ" not in html


def test_without_redis_the_place_comes_from_the_database(me, settings):
    give(make_person(me.organisation, sign_in=False), 50)
    attempt = scored_attempt(me, right=3)
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=1"
    html = show(me, "attempt.standing", attempt=attempt)
    assert "2位" in html
    assert "位アップ" not in html


def test_another_persons_attempt_shows_nothing_of_theirs(me):
    attempt = scored_attempt(make_person(me.organisation), right=3)
    assert show(me, "attempt.earned", attempt=attempt) == ""


@time_machine.travel(dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC), tick=False)
def test_home_shows_month_level_and_week(me):
    build()
    for day in (23, 24):
        LearningDay.objects.create(
            person=me, organisation_id=me.organisation_id, day=dt.date(2026, 11, day)
        )
    book(me, 1000, month=dt.date(2026, 5, 1))
    give(me, 40)
    html = show(me, "home.month")
    for words in ("40<small>pt", "1位", "レベル6 聞き手", "あと 460pt", "今週の学習日 2日"):
        assert words in html
    assert html.count('class="done"') == 2
    assert html.count('aria-current="step"') == 1


def test_home_without_points_invites(me):
    assert "順位に入ります" in show(me, "home.month")


def test_a_module_says_what_it_brings_or_has_brought(me):
    module = make_module()
    words = show(me, "module.points", module_id=module.pk, items=4)
    assert words == "修了すると 20pt、初回の解答で1問正解するたび さらに 5pt（20ptまで）"
    assert "1問正解するたび さらに 5pt" in show(me, "module.points", module_id=module.pk)
    scored_attempt(me, right=3, module=module)
    assert "35pt 受け取りました" in show(me, "module.points", module_id=module.pk)


def test_a_module_that_is_known_to_be_open_needs_no_query(me):
    show(me, "module.points", module_id=uuid.uuid4(), items=4, paid=False)
    with_rules_kept = queries_of(
        lambda: show(me, "module.points", module_id=uuid.uuid4(), items=4, paid=False)
    )
    assert with_rules_kept == 0


def test_each_slot_is_cheap(me):
    build()
    attempt = scored_attempt(me, right=3)
    rules.shown_rules()
    assert queries_of(lambda: show(me, "home.month")) == 1
    assert queries_of(lambda: show(me, "attempt.earned", attempt=attempt)) == 1
    assert queries_of(lambda: show(me, "attempt.standing", attempt=attempt)) == 1


def test_a_scenario_s_module_promises_points_for_choices(me: Person) -> None:
    said = show(me, "module.points", module_id=uuid.uuid4(), items=0, plays=True, paid=False)
    assert said == "修了すると 20pt、最善の選択1つごとに さらに 5pt"
