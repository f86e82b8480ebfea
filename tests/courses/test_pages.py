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
from core.outbox import drain
from courses.catalog import cards
from courses.progress.actions import Beat, record_beats
from courses.progress.models import ModuleProgress
from courses.quizzes.actions import Delivered, take_answers
from courses.quizzes.models import Answer, Attempt
from partners.models import Person
from tests.analytics.factories import catch_up
from tests.core.waiting import rounds
from tests.courses.factories import (
    answers_for,
    hand_in,
    make_course,
    make_module,
    single,
    version_of,
)
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

AT_MOST = 8


@pytest.fixture
def rep() -> Person:
    """A partner's rep."""
    make_client()
    return make_person(make_partner(), family_name="高橋", given_name="美咲")


@pytest.fixture
def browser(rep: Person) -> Browser:
    """The rep's browser."""
    return sign_in(Browser(), rep)


def work_off() -> None:
    """Run all waiting deliveries, as the workers do."""
    for waiting in rounds():
        for each in waiting:
            drain([each.pk], each.queue)


def page(browser: Browser, name: str, *args: object, status: int = 200) -> str:
    """Return the page's HTML."""
    response = browser.get(reverse(name, args=args))
    assert response.status_code == status
    return response.content.decode()


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
    assert reverse("partners:people") in html


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
    for words in ("比べる相手を聞く", "木村 由紀さん", "決め手になったひとこと", "何と比べて"):
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


# --- The quiz without script --------------------------------------------------------------------------


def form(**answers: object) -> dict[str, object]:
    """The quiz's form as a browser without script sends it."""
    return {
        "attempt": str(uuid.uuid4()),
        **{f"item-{key}": value for key, value in answers.items()},
    }


def test_without_script_the_whole_form_is_handed_in(browser: Browser, rep: Person) -> None:
    module = make_module()
    address = reverse("quizzes:quiz", args=[module.pk])
    sent = form(q001="a", q002="b", q003=["a", "b"], q004="true")
    response = browser.post(address, sent)
    assert response.headers["Location"] == reverse("quizzes:result", args=[sent["attempt"]])
    work_off()
    assert Attempt.objects.get().correct_count == 4
    assert browser.post(address, sent).status_code == 302
    assert Attempt.objects.count() == 1


def test_without_script_an_incomplete_form_is_saved_and_asked_about(
    browser: Browser, rep: Person
) -> None:
    module = make_module()
    address = reverse("quizzes:quiz", args=[module.pk])
    sent = form(q001="a", q003=["a", "b"])
    html = browser.post(address, sent).content.decode()
    assert "まだ答えていない問題が2問あります" in html
    assert html.count(" checked") == 3
    assert Answer.objects.count() == 2
    response = browser.post(address, {**sent, "anyway": "1"})
    assert response.status_code == 302
    work_off()
    assert Attempt.objects.get().correct_count == 2


def test_without_script_strange_forms_change_nothing(browser: Browser) -> None:
    module = make_module()
    address = reverse("quizzes:quiz", args=[module.pk])
    for strange in ({"attempt": "x", "item-q001": "a"}, form(q001="nonsense"), {}):
        response = browser.post(address, strange)
        assert response.status_code == 200
        assert "このクイズは新しくなりました" in response.content.decode()
    assert not Answer.objects.exists()


def test_a_quiz_never_tells_which_option_is_right(browser: Browser) -> None:
    module = make_module()
    html = page(browser, "quizzes:quiz", module.pk)
    for item in version_of(module).document["items"]:
        assert item["explanation"] not in html
        assert not any(option["explanation"] in html for option in item["options"])
    assert "correct" not in html


def test_a_retry_asks_only_what_is_not_understood(browser: Browser, rep: Person) -> None:
    module = make_module()
    hand_in(rep, module, right=3)
    work_off()
    html = browser.get(reverse("quizzes:quiz", args=[module.pk]), {"retry": "1"}).content.decode()
    assert html.count("<fieldset") == 1
    assert 'data-item="q004"' in html


# --- The result --------------------------------------------------------------------------------------


def test_a_result_comes_by_asking_again_and_then_shows_every_why(
    browser: Browser, rep: Person
) -> None:
    module = make_module()
    receipt = hand_in(rep, module, right=3)
    address = reverse("quizzes:result", args=[receipt.attempt_id])
    html = browser.get(address).content.decode()
    assert "答えを受け取りました" in html
    assert 'hx-trigger="load delay:300ms"' in html
    last = browser.get(address, {"poll": "4"}).content.decode()
    assert "hx-trigger" not in last
    work_off()
    swapped = browser.get(address, {"poll": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in swapped
    assert "data-focus" in swapped  # the new heading is read out
    for words in (
        "4問中 3問 正解",
        "モジュールを修了しました",
        "because q004",
        "why true",
        "why false",
    ):
        assert words in swapped
    assert swapped.count('<details class="card" open>') == 1
    assert f"{reverse('quizzes:quiz', args=[module.pk])}?retry=1" in swapped


def test_a_result_leads_to_the_next_open_module(browser: Browser, rep: Person) -> None:
    course = make_course()
    module, following = make_module(course=course), make_module(course=course, title="次の回")
    receipt = hand_in(rep, module)
    work_off()
    html = page(browser, "quizzes:result", receipt.attempt_id)
    assert "次へ：次の回" in html
    assert reverse("courses:module", args=[following.pk]) in html


def test_an_answer_that_came_later_is_shown(browser: Browser, rep: Person) -> None:
    module = make_module()
    receipt = hand_in(rep, module)
    late = Delivered(receipt.attempt_id, answers_for(module, right=0, seq=100))
    take_answers(person=rep, delivered=late)
    work_off()
    html = page(browser, "quizzes:result", receipt.attempt_id)
    assert "あとから届いた答え" in html
    assert "4問中 4問 正解" in html


@pytest.mark.parametrize("of", ["a colleague", "a rival"])
def test_nobody_elses_result_is_shown(browser: Browser, rep: Person, of: str) -> None:
    other = make_person(rep.organisation if of == "a colleague" else make_partner())
    receipt = hand_in(other, make_module())
    work_off()
    html = page(browser, "quizzes:result", receipt.attempt_id, status=404)
    assert html.replace(str(receipt.attempt_id), "") == page(
        browser, "quizzes:result", (unknown := uuid.uuid4()), status=404
    ).replace(str(unknown), "")


def test_a_phone_cannot_send_somebody_elses_work(browser: Browser, rep: Person) -> None:
    module = make_module()
    body = {
        "module": str(module.pk),
        "answers": [{"item": "q001", "options": ["a"], "seq": 1, "at": None}],
    }
    address = reverse("api_attempt", args=[uuid.uuid4()])
    for person, status in ((uuid.uuid4(), 401), (rep.pk, 200)):
        response = browser.post(
            address, body, content_type="application/json", headers={"X-Person": str(person)}
        )
        assert response.status_code == status
    assert Answer.objects.count() == 1


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
def test_a_page_costs_at_most_nine_queries_whatever_there_is(
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
