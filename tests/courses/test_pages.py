"""The learner's pages: what they show, to whom, at what cost, and that they work without script."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Delivery
from courses.catalog import cards
from courses.progress.actions import Beat, record_beats
from courses.progress.models import ModuleProgress
from partners.models import Person
from tests.analytics.factories import catch_up
from tests.courses.factories import (
    hand_in,
    make_course,
    make_module,
    single,
)
from tests.courses.scenarios.factories import make_scenario, play
from tests.courses.visiting import browser, page, rep, work_off
from tests.partners.factories import make_client, make_partner, make_person, sign_in

__all__ = ["browser", "rep"]  # fixtures

pytestmark = pytest.mark.django_db

AT_MOST = 8


# --- Home ------------------------------------------------------------------------------------------


def test_before_set_up_home_leads_to_set_up(browser_of_nobody: Browser) -> None:
    assert browser_of_nobody.get("/").headers["Location"] == reverse("partners:setup")


@pytest.fixture
def browser_of_nobody() -> Browser:
    """A browser in which nobody signed in."""
    return Browser()


@pytest.mark.parametrize(
    ("is_demo", "door"), [(True, "partners:demo_people"), (False, "account_login")]
)
def test_home_leads_strangers_to_their_door(
    browser_of_nobody: Browser, is_demo: bool, door: str
) -> None:
    make_client(is_demo=is_demo)
    assert browser_of_nobody.get("/").headers["Location"] == reverse(door)


def test_home_shows_the_one_next_thing_and_what_comes_after(browser: Browser) -> None:
    course = make_course()
    first, second, third = (make_module(course=course, title=f"第{n}回") for n in (1, 2, 3))
    html = page(browser, "home")
    assert "高橋さん、おつかれさまです" in html
    assert html.count("次はこれだけ") == 1
    assert reverse("courses:module", args=[first.pk]) in html.partition("そのあとに")[0]
    after = html.partition("そのあとに")[2]
    assert reverse("courses:module", args=[second.pk]) in after
    assert reverse("courses:module", args=[third.pk]) in after


def test_home_offers_first_what_was_begun_last(browser: Browser, rep: Person) -> None:
    course = make_course()
    make_module(course=course, title="はじめの回")
    begun = make_module(course=course, title="途中の回")
    record_beats(
        person=rep,
        beats=[Beat(begun.pk, uuid.uuid4(), 1, "reading", 15)],
    )
    assert "途中の回" in page(browser, "home").partition("そのあとに")[0]


def test_home_leads_into_a_quiz_that_was_begun(browser: Browser) -> None:
    module = make_module()
    browser.post(
        reverse("quizzes:quiz", args=[module.pk]), {"attempt": uuid.uuid4(), "item-q001": "a"}
    )
    html = page(browser, "home")
    assert "クイズの続きを解く" in html
    assert reverse("quizzes:quiz", args=[module.pk]) in html


def test_what_is_left_of_a_begun_quiz_is_the_same_everywhere(browser: Browser) -> None:
    module = make_module(minutes=5)
    assert "クイズへ進む（4問・約1分）" in page(browser, "courses:module", module.pk)
    browser.post(
        reverse("quizzes:quiz", args=[module.pk]), {"attempt": uuid.uuid4(), "item-q001": "a"}
    )
    assert "あと約1分" in page(browser, "home")
    assert "途中・あと約1分" in page(browser, "courses:learn")


def test_a_begun_scenario_is_gone_on_with_and_says_no_minutes(
    browser: Browser, rep: Person
) -> None:
    scenario = make_scenario(minutes=5)
    assert "5分" in page(browser, "home")
    play(rep, scenario)
    html = page(browser, "home")
    assert reverse("scenarios:play", args=[scenario.module_id]) in html
    assert "シナリオの続きへ" in html
    assert "あと約" not in html
    assert "シナリオの途中" in page(browser, "courses:learn")


def test_home_thanks_when_all_is_done_and_offers_what_was_missed(
    browser: Browser, rep: Person
) -> None:
    module = make_module()
    hand_in(rep, module, right=3)
    work_off()
    html = page(browser, "home")
    assert "今日の分は、すべて終わりました" in html
    assert "1問を復習する" in html
    assert f"{reverse('quizzes:quiz', args=[module.pk])}?retry=1" in html


def test_home_thanks_when_all_is_understood(browser: Browser, rep: Person) -> None:
    hand_in(rep, make_module())
    work_off()
    html = page(browser, "home")
    assert "すべてのモジュールを理解できました" in html
    assert "復習する" not in html


def test_home_says_so_while_nothing_is_published(browser: Browser) -> None:
    make_module(published=False)
    assert "まだモジュールはありません" in page(browser, "home")


def test_a_managers_home_counts_only_their_own_people() -> None:
    make_client()
    mine, other = make_partner(), make_partner()
    manager = make_person(mine, roles=["manager"])
    learner, stranger = make_person(mine), make_person(other)
    module = make_module(title="価格の対話")
    for each in (learner, stranger):
        hand_in(each, module)
    catch_up()
    html = page(sign_in(Browser(), manager), "home")
    assert "価格の対話" in html
    assert "1人中 1人が修了" in html
    assert reverse("analytics:members") in html


def test_an_admins_home_tells_of_stopped_deliveries() -> None:
    admin = make_person(make_client(), roles=["admin"])
    browser = sign_in(Browser(), admin)
    assert "止まっている処理" not in page(browser, "home")
    Delivery.objects.create(
        event="AttemptSubmitted", handler="x", queue="score", payload={}, state="parked", scope=""
    )
    assert "止まっている処理が1件あります" in page(browser, "home")


def test_an_authors_home_lists_content_without_anybodys_figures() -> None:
    author = make_person(make_client(), roles=["author"])
    make_module(title="価格の対話")
    html = page(sign_in(Browser(), author), "home")
    assert "価格の対話" in html
    assert "人が修了" not in html
    assert reverse("partners:people") not in html.partition("<main")[2]


# --- The shelf and a module ----------------------------------------------------------------------------


def test_the_shelf_tells_how_far_each_module_is(browser: Browser, rep: Person) -> None:
    course = make_course("価格の対話")
    make_module(course=course, minutes=4)
    hand_in(rep, make_module(course=course), right=3)
    hand_in(rep, make_module(course=course))
    work_off()
    html = page(browser, "courses:learn")
    for words in ("価格の対話", "4分", "修了・4問中 3問 正解", "理解できました"):
        assert words in html


def test_a_module_shows_its_blocks_and_leads_to_its_quiz(browser: Browser) -> None:
    story = {"name": "木村 由紀さん", "before": "残業", "turning_point": "問い", "after": "定時"}
    module = make_module(blocks=[("story", story), ("phrases", {"lines": ["何と比べて"]})])
    html = page(browser, "courses:module", module.pk)
    for words in ("比べる相手を聞く", "木村 由紀さん", "決め手", "何と比べて"):
        assert words in html
    assert "クイズへ進む（4問・約1分）" in html


@pytest.mark.parametrize(
    "fields", [{"published": False}, {"is_archived": True}, {"audience": "client"}]
)
def test_a_module_that_is_not_for_them_is_not_found(
    browser: Browser, fields: dict[str, object]
) -> None:
    module = make_module(**fields)
    page(browser, "courses:module", module.pk, status=404)
    page(browser, "quizzes:quiz", module.pk, status=404)


def test_pages_of_learning_may_be_kept_for_their_person_alone(
    browser: Browser, rep: Person
) -> None:
    module = make_module()
    for address in (
        "/",
        reverse("courses:learn"),
        reverse("courses:module", args=[module.pk]),
        reverse("quizzes:quiz", args=[module.pk]),
    ):
        response = browser.get(address)
        assert response["X-Keep-For"] == str(rep.pk)
        assert response["Cache-Control"] == "private, no-cache"
    assert "X-Keep-For" not in browser.get(reverse("courses:module", args=[uuid.uuid4()]))


@pytest.mark.parametrize("name", ["courses:offline", "quizzes:waiting"])
def test_pages_that_stand_in_without_network_name_nobody(
    browser: Browser, rep: Person, name: str
) -> None:
    html = page(browser, name)
    assert str(rep.pk) not in html
    assert rep.family_name not in html


# --- What it costs ---------------------------------------------------------------------------------------


def queries(browser: Browser, address: str) -> int:
    """Count what a page asks the database; setting the connection's scope asks it nothing."""
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return len([query for query in captured.captured_queries if "app.scope" not in query["sql"]])


def result_address(rep: Person) -> str:
    module = make_module()
    receipt = hand_in(rep, module, right=2)
    work_off()
    return reverse("quizzes:result", args=[receipt.attempt_id])


PAGES: dict[str, Callable[[Person], str]] = {
    "home": lambda _rep: "/",
    "learn": lambda _rep: reverse("courses:learn"),
    "module": lambda _rep: reverse("courses:module", args=[make_module().pk]),
    "quiz": lambda _rep: reverse("quizzes:quiz", args=[make_module().pk]),
    "result": result_address,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_at_most_eight_queries_whatever_there_is(
    browser: Browser, rep: Person, name: str
) -> None:
    course = make_course()
    make_module(course=course)
    hand_in(rep, make_module(course=course))
    address = PAGES[name](rep)
    work_off()
    browser.get(address)
    few = queries(browser, address)
    for number in range(30):
        module = make_module(course=course, items=[single("q001")])
        if number % 3:
            hand_in(rep, module)
    work_off()
    browser.get(address)
    assert queries(browser, address) == few
    assert few <= AT_MOST


def test_a_version_is_read_once_for_all_lists(browser: Browser) -> None:
    module = make_module()
    browser.get("/")
    warm = queries(browser, "/")
    cards._cards.clear()
    assert queries(browser, "/") == warm + 1
    assert module.version_id in cards._cards


def test_progress_of_somebody_else_changes_nothing(browser: Browser) -> None:
    module = make_module()
    hand_in(make_person(make_partner()), module)
    work_off()
    assert ModuleProgress.objects.count() == 1
    html = page(browser, "courses:learn")
    assert "修了" not in html
    assert "3分" in html


def test_home_says_the_day_as_one_does(browser: Browser) -> None:
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=9))).date()
    assert f"{today.month}月{today.day}日（" in page(browser, "home")
