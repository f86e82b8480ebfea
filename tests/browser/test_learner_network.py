"""What may happen on the way between two visits: nothing that was answered is lost, nothing counts twice."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, Route, expect

from courses.quizzes.models import Answer, Attempt
from tests.browser.learner import (
    RIGHT,
    answer,
    answer_and_save,
    assert_handed_in_once,
    choose,
    expect_result,
    expect_sync,
    go,
    make_lesson,
    make_rep,
    question,
    quiz_address,
    settle,
    until_kept,
)
from tests.partners.factories import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
NewContext = Callable[..., BrowserContext]


@pytest.mark.parametrize(("device", "language"), [("phone", "ja"), ("desktop", "en")])
def test_the_network_goes_and_comes_back_in_the_middle_of_a_quiz(
    page: Page, sign_in: SignIn, axe: Callable[[Page], None], device: str, language: str
) -> None:
    rep = make_rep(language=language)
    sign_in(page.context, rep.account)
    settle(page)
    page.goto(quiz_address(make_lesson()))
    answer_and_save(page, RIGHT[:1])
    expect_sync(page, "saved")
    page.context.set_offline(True)
    go(page).click()
    answer(page, RIGHT[1:3])
    expect_sync(page, "phone")
    expect(page.locator('[data-trouble="offline"]')).to_be_visible()
    axe(page)
    assert Answer.objects.count() == 1
    page.context.set_offline(False)
    expect_sync(page, "saved")
    assert Answer.objects.count() == 3
    go(page).click()
    choose(page, RIGHT[3])
    go(page).click()
    expect_result(page, {"ja": "4問中 4問 正解", "en": "4 of 4 right"}[language])
    assert_handed_in_once(rep)


def test_handed_in_without_network_it_waits_and_leads_to_the_result_by_itself(
    page: Page, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    rep = make_rep()
    sign_in(page.context, rep.account)
    settle(page)
    page.goto(quiz_address(make_lesson()))
    page.context.set_offline(True)
    answer(page)
    go(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("答えは、この端末に保存しました")
    expect(page.locator("[data-waiting-count]")).to_have_text("4")
    expect_sync(page, "waiting")
    axe(page)
    page.context.set_offline(False)
    expect_result(page)
    assert_handed_in_once(rep)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_home_says_that_answers_wait_and_offers_their_module_no_more(
    page: Page, sign_in: SignIn, axe: Callable[[Page], None], language: str
) -> None:
    rep = make_rep(language=language)
    sign_in(page.context, rep.account)
    module = make_lesson()
    page.goto("/")
    settle(page)
    page.goto("/")
    page.goto(quiz_address(module))
    page.context.set_offline(True)
    answer(page)
    go(page).click()
    expect_sync(page, "waiting")
    page.goto("/")
    card = page.locator(".next")
    expect(card.locator("p[data-shelf-waits]")).to_be_visible()
    expect(card.locator("[data-shelf-to-do]:visible")).to_have_count(0)
    axe(page)
    page.goto("/learn/")
    expect(page.locator(".rowlink [data-shelf-waits]")).to_be_visible()
    page.goto("/")
    card.locator("a[data-shelf-waits]").click()
    expect(page.locator('[data-waiting-if="kept"]')).to_be_visible()
    page.goto("/")
    expect(card.locator("a[data-shelf-waits]")).to_be_visible()
    page.context.set_offline(False)
    expect(card.locator("[data-shelf-waits]:visible")).to_have_count(0)
    assert Attempt.objects.get().submitted_at is not None


@pytest.mark.parametrize(
    ("address", "before", "after"),
    [
        ("/", "おつかれさまです", "今日の分は、すべて終わりました"),
        ("/learn/", "途中", "理解できました"),
    ],
)
def test_lists_say_what_is_done_once_what_waited_is_sent(
    page: Page, sign_in: SignIn, address: str, before: str, after: str
) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    settle(page)
    page.goto(quiz_address(module))
    answer_and_save(page, RIGHT[:1])
    page.goto(address)
    page.goto(quiz_address(module))
    page.context.set_offline(True)
    answer(page, RIGHT[1:])
    go(page).click()
    expect(page.locator('[data-waiting-if="kept"]')).to_be_visible()
    page.goto(address)
    told = page.locator("[data-afresh]")
    expect(told).to_contain_text(before)
    expect(told).not_to_contain_text(after)
    page.context.set_offline(False)
    expect(told).to_contain_text(after)
    assert_handed_in_once(rep)


def test_a_result_that_the_network_lost_on_its_way_comes_by_itself(
    page: Page, sign_in: SignIn
) -> None:
    rep = make_rep()
    sign_in(page.context, rep.account)
    settle(page)
    page.goto(quiz_address(make_lesson()))
    page.context.set_offline(True)
    answer(page)
    go(page).click()
    expect(page.locator('[data-waiting-if="kept"]')).to_be_visible()
    page.context.route(re.compile("[0-9]/attempts/"), Gap())
    page.context.set_offline(False)
    expect_result(page)
    assert_handed_in_once(rep)


def test_a_page_that_was_away_comes_by_itself(page: Page, sign_in: SignIn) -> None:
    sign_in(page.context, make_rep().account)
    settle(page)
    page.context.route("**/profile/", Gap())
    page.goto("/profile/")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("オフラインです")
    expect(heading).not_to_have_text("オフラインです")


class Gap:
    """A hole in the network that the browser doesn't notice: the first requests fail, the later ones pass."""

    def __init__(self, wide: int = 1) -> None:
        self.left = wide

    def __call__(self, route: Route) -> None:
        """Let a request fail or pass."""
        self.left -= 1
        if self.left >= 0:
            route.abort()
        else:
            route.continue_()


def test_a_tab_is_closed_and_opened_again_without_network(page: Page, sign_in: SignIn) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    settle(page)
    page.goto(quiz_address(module))
    context = page.context
    context.set_offline(True)
    answer(page, RIGHT[:2])
    until_kept(page, RIGHT[:2])
    expect_sync(page, "phone")
    page.close()

    page = context.new_page()
    page.goto(quiz_address(module))
    expect(question(page)).to_have_attribute("data-item", "q003")
    answer(page, RIGHT[2:])
    go(page).click()
    expect(page.locator('[data-waiting-if="kept"]')).to_be_visible()
    page.close()

    page = context.new_page()
    page.goto("/record/")
    expect(page.get_by_role("heading", level=1)).to_have_text("オフラインです")
    expect(page.locator("[data-waiting-list]")).to_contain_text("送信待ち 4件")
    context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("わたしの記録")  # opens by itself
    page.goto("/")
    expect_sync(page, "saved")
    attempt = Attempt.objects.get()
    page.goto(f"/attempts/{attempt.pk}/")
    expect_result(page)
    assert_handed_in_once(rep)


def test_two_tabs_hand_in_at_once(page: Page, sign_in: SignIn) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    page.goto(quiz_address(module))
    other = page.context.new_page()
    other.goto(quiz_address(module))
    answer(page)
    expect_sync(page, "saved")
    expect(other.locator("input:checked")).to_have_count(5)
    other.reload()
    for tab in (page, other):
        tab.evaluate("document.querySelector('[data-quiz]').dispatchEvent(new Event('focus'))")
    other.evaluate(_AT_LAST)
    for tab in (other, page):
        tab.evaluate("void setTimeout(() => document.querySelector('[data-go]').click(), 100)")
    for tab in (page, other):
        expect_result(tab)
    assert_handed_in_once(rep)


_AT_LAST = """() => {
  const go = document.querySelector("[data-go]");
  const questions = [...document.querySelectorAll("fieldset")];
  for (const _ of questions) if (document.querySelector("fieldset[data-now]") !== questions.at(-1)) go.click();
}"""


def test_two_phones_hand_in_at_once(page: Page, new_context: NewContext, sign_in: SignIn) -> None:
    rep = make_rep()
    module = make_lesson()
    other = new_context().new_page()
    for phone in (page, other):
        sign_in(phone.context, rep.account)
        settle(phone)
        phone.goto(quiz_address(module))
        phone.context.set_offline(True)
        answer(phone)
        go(phone).click()
        expect(phone.locator('[data-waiting-if="kept"]')).to_be_visible()
    for phone in (page, other):
        phone.context.set_offline(False)
    for phone in (page, other):
        expect_result(phone)
    assert_handed_in_once(rep)


def test_a_second_phones_other_answers_are_kept_and_shown_and_don_t_count(
    page: Page, new_context: NewContext, sign_in: SignIn
) -> None:
    rep = make_rep()
    module = make_lesson()
    late = new_context().new_page()
    sign_in(late.context, rep.account)
    settle(late)
    late.goto(quiz_address(module))
    late.context.set_offline(True)
    answer(late, [["c"], ["c"], ["c"], ["false"]])
    go(late).click()
    sign_in(page.context, rep.account)
    page.goto(quiz_address(module))
    answer(page)
    go(page).click()
    expect_result(page)
    late.context.set_offline(False)
    expect_result(late)
    expect(late.get_by_role("heading", name="あとから届いた答え")).to_be_visible()
    assert_handed_in_once(rep)


def test_a_double_tap_sends_once(page: Page, sign_in: SignIn) -> None:
    rep = make_rep()
    sign_in(page.context, rep.account)
    page.goto(quiz_address(make_lesson()))
    answer(page)
    go(page).dblclick(no_wait_after=True)
    expect_result(page)
    assert_handed_in_once(rep)


@pytest.mark.parametrize("gone", ["session", "cookies"])
def test_an_expired_session_keeps_the_answers_until_one_has_signed_in_again(
    page: Page, sign_in: SignIn, gone: str
) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    page.goto(quiz_address(module))
    answer_and_save(page, RIGHT[:1])
    expect_sync(page, "saved")
    if gone == "session":
        Session.objects.all().delete()
    else:
        page.context.clear_cookies()
    go(page).click()
    answer(page, RIGHT[1:])
    go(page).click()
    banner = page.locator('[data-trouble="signed_out"]')
    expect(banner).to_contain_text("もう一度ログインしてください")
    expect_sync(page, "phone")
    assert Answer.objects.count() == 1
    expect(banner.get_by_role("link")).to_have_attribute(
        "href", f"/accounts/login/?next=%2Fmodules%2F{module.pk}%2Fquiz%2F"
    )
    sign_in(page.context, rep.account)
    page.goto(quiz_address(module))
    expect_result(page)
    assert_handed_in_once(rep)


def test_what_waits_for_the_network_says_when_it_waits_for_signing_in(
    page: Page, sign_in: SignIn
) -> None:
    rep = make_rep()
    sign_in(page.context, rep.account)
    settle(page)
    page.goto(quiz_address(make_lesson()))
    page.context.set_offline(True)
    answer(page)
    go(page).click()
    expect(page.get_by_text("つながるのを待っています")).to_be_visible()
    Session.objects.all().delete()
    page.context.set_offline(False)
    expect(page.locator('[data-trouble="signed_out"]')).to_be_visible()
    expect(page.get_by_text("つながるのを待っています")).to_be_hidden()
    sign_in(page.context, rep.account)
    page.get_by_role("link", name="ログイン").click()
    expect_result(page)
    assert_handed_in_once(rep)


def test_what_waits_for_the_network_says_so_no_longer_once_a_server_has_answered(
    page: Page, sign_in: SignIn
) -> None:
    module = make_lesson()
    sign_in(page.context, make_rep().account)
    settle(page)
    page.goto(quiz_address(module))
    page.context.set_offline(True)
    answer(page)
    go(page).click()
    expect(page.get_by_text("つながるのを待っています")).to_be_visible()
    module.is_archived = True
    module.save(update_fields=["is_archived"])
    page.context.set_offline(False)
    expect(page.locator("[data-refused]")).to_contain_text("このクイズは見つかりませんでした")
    expect(page.get_by_text("つながるのを待っています")).to_be_hidden()
    expect_sync(page, "saved")


def test_another_person_on_the_phone_sends_nothing_of_the_first(
    page: Page, sign_in: SignIn
) -> None:
    rep = make_rep()
    other = make_person(rep.organisation)
    module = make_lesson()
    sign_in(page.context, rep.account)
    settle(page)
    page.goto(quiz_address(module))
    page.context.set_offline(True)
    answer(page)
    go(page).click()
    expect(page.locator('[data-waiting-if="kept"]')).to_be_visible()
    stale = page.context.new_page()
    stale.goto(quiz_address(module))
    sign_in(page.context, other.account)
    page.context.set_offline(False)
    page.goto("/")
    expect_sync(page, "saved")
    assert not Attempt.objects.exists()
    names = page.evaluate("caches.keys()")
    assert not [name for name in names if str(rep.pk) in name]
    stale.close()
    sign_in(page.context, rep.account)
    page.goto("/")
    expect_sync(page, "saved")
    page.goto(f"/attempts/{Attempt.objects.get().pk}/")
    expect_result(page)
    assert_handed_in_once(rep)
