"""A rep's way from home through module and quiz to the result, on phone and desktop, in both languages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from courses.progress.models import Heartbeat, ModuleProgress
from courses.quizzes.models import Attempt
from tests.browser.holding import hold
from tests.browser.learner import (
    RIGHT,
    answer,
    answer_and_save,
    assert_handed_in_once,
    choose,
    expect_result,
    expect_sync,
    go,
    go_on,
    make_lesson,
    make_rep,
    module_address,
    points,
    question,
    quiz_address,
    stored,
    until,
    until_saved,
)
from tests.plugin.patience import wait_until
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
NewContext = Callable[..., BrowserContext]
Axe = Callable[[Page], None]

OUTCOME = {"ja": "4問中 4問 正解", "en": "4 of 4 right"}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_from_home_to_the_result(
    page: Page, sign_in: SignIn, axe: Axe, device: str, language: str
) -> None:
    rep = make_rep(language=language)
    module = make_lesson()
    sign_in(page.context, rep.account)

    page.goto("/")
    expect(page.locator(".next h2")).to_have_text(module.title)
    axe(page)
    page.locator(".next .btn").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(module.title)
    expect(page.locator("video track[default]")).to_have_attribute("srclang", language)
    axe(page)
    page.locator(".act .btn").click()

    for number, options in enumerate(RIGHT):
        expect(page.locator("fieldset:visible")).to_have_count(1)
        choose(page, options)
        expect_sync(page, "saved")
        if number == 1:
            axe(page)
        go(page).click()

    expect_result(page, OUTCOME[language])
    axe(page)
    assert_handed_in_once(rep)
    page.locator(".act .btn").first.click()
    page.wait_for_url("/")
    axe(page)


def test_the_video_resumes_and_only_what_played_counts(page: Page, sign_in: SignIn) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    page.goto(module_address(module))
    page.locator("[data-play]").click()
    until(page, "document.querySelector('video').currentTime > 1.2")
    page.evaluate("document.querySelector('video').currentTime = 20")
    until(page, "document.querySelector('video').currentTime > 21.2")
    page.evaluate("document.querySelector('video').pause()")
    there = ModuleProgress.objects.filter(person=rep, position_ms__gt=20_500)
    wait_until(there.exists, "the server knows where the video was paused")

    progress = there.get()
    assert progress.position_ms < 26_000
    assert 1_500 < progress.watched_ms < 8_000  # not the stretch that was jumped over
    beats = Heartbeat.objects.filter(person=rep, kind="video")
    assert {beat.session for beat in beats} == {beats[0].session}
    page.evaluate("localStorage.clear()")
    page.goto("/")
    expect(page.locator(".next")).to_contain_text(re.compile(r"動画の続き 0:2\d から"))
    page.locator(".next .btn").click()
    page.locator("[data-play]").click()
    until(page, "document.querySelector('video').currentTime > 20")


def test_what_was_missed_is_tried_again_until_it_is_understood(page: Page, sign_in: SignIn) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    page.goto(quiz_address(module))
    answer(page, [["a"], ["c"], ["a"], ["true"]])
    go(page).click()
    expect_result(page, "4問中 2問 正解")
    before = points(rep)
    page.get_by_role("link", name="まちがえた2問をもう一度").click()
    answer(page, [["b"], ["a", "b"]])
    go(page).click()
    expect_result(page, "2問中 2問 正解")
    assert points(rep) == before
    assert ModuleProgress.objects.get(person=rep).understood_at is not None


def test_what_has_no_answer_is_asked_about_before_it_is_sent(
    page: Page, sign_in: SignIn, axe: Axe
) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    page.goto(quiz_address(module))
    choose(page, ["a"])
    go(page).click()
    expect(go(page)).to_have_text("あとで答える")
    go_on(page)
    answer(page, [["a", "b"], ["true"]])
    go(page).click()
    expect(page.get_by_role("heading", name="まだ答えていない問題があります")).to_be_focused()
    axe(page)
    go_on(page)
    expect(question(page)).to_have_attribute("data-item", "q002")
    choose(page, ["b"])
    go(page).click()  # the others have their answers
    expect_result(page)
    assert_handed_in_once(rep)


def test_two_quick_taps_answer_one_question(page: Page, sign_in: SignIn) -> None:
    sign_in(page.context, make_rep().account)
    page.goto(quiz_address(make_lesson()))
    choose(page, ["a"])
    go(page).dblclick()
    expect(question(page)).to_have_attribute("data-item", "q002")
    choose(page, ["b"])
    go(page).click()
    expect(question(page)).to_have_attribute("data-item", "q003")


def test_it_can_be_sent_with_open_questions(page: Page, sign_in: SignIn) -> None:
    rep = make_rep()
    sign_in(page.context, rep.account)
    page.goto(quiz_address(make_lesson()))
    choose(page, ["a"])
    go(page).click()
    for _ in range(3):
        go_on(page)
    page.get_by_role("button", name="このまま送る").click()
    expect_result(page, "4問中 1問 正解")


@pytest.mark.parametrize("has_network", [True, False], ids=["online", "offline"])
def test_an_answer_that_is_given_before_the_script_is_awake_is_kept(
    new_context: NewContext, sign_in: SignIn, has_network: bool
) -> None:
    context = new_context(service_workers="block")  # it would have the script at hand
    sign_in(context, make_rep().account)
    page = context.new_page()
    held = hold(page, "**/quizzes/quiz.*.js")
    with page.expect_request("**/quizzes/quiz.*.js"):
        page.goto(quiz_address(make_lesson()), wait_until="commit")
    first = page.locator('input[value="a"]').first
    first.check(force=True)
    assert not Attempt.objects.exists()

    (script,) = held
    came = script.fetch()
    context.set_offline(not has_network)
    script.fulfill(response=came)
    if has_network:
        until_saved(page, [["a"]])
        assert stored(Attempt.objects.get()) == {"q001": ["a"]}
    else:
        expect_sync(page, "phone")
        expect(page.locator('[data-trouble="offline"]')).to_be_visible()
    expect(first).to_be_checked()
    expect(question(page)).to_have_attribute("data-item", "q001")


def test_an_answer_before_the_script_is_awake_leaves_nobody_at_another_question(
    new_context: NewContext, sign_in: SignIn
) -> None:
    context = new_context(service_workers="block")  # it would have the script at hand
    rep = make_rep()
    sign_in(context, rep.account)
    page = context.new_page()
    module = make_lesson()
    page.goto(quiz_address(module))
    answer_and_save(page, RIGHT[:2])
    page = context.new_page()
    held = hold(page, "**/quizzes/quiz.*.js")
    with page.expect_request("**/quizzes/quiz.*.js"):
        page.goto(quiz_address(module), wait_until="commit")
    expect(question(page)).to_have_attribute("data-item", "q003")
    choose(page, RIGHT[2])

    held[0].continue_()
    until_saved(page, RIGHT[:3])
    expect(question(page)).to_have_attribute("data-item", "q003")
    go(page).click()
    choose(page, RIGHT[3])
    go(page).click()
    expect_result(page)
    assert_handed_in_once(rep)


def test_an_attempt_goes_on_where_it_stopped(page: Page, sign_in: SignIn) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    page.goto(quiz_address(module))
    answer_and_save(page, RIGHT[:2])
    page.goto("/")
    page.locator(".next .btn").click()
    expect(question(page)).to_have_attribute("data-item", "q003")
    answer(page, RIGHT[2:])
    go(page).click()
    expect_result(page)
    assert_handed_in_once(rep)


def test_without_script_the_quiz_is_one_form(
    new_context: Callable[..., BrowserContext], sign_in: SignIn, site: Site
) -> None:
    rep = make_rep()
    context = new_context(java_script_enabled=False)
    sign_in(context, rep.account)
    page = context.new_page()
    page.goto(quiz_address(make_lesson()))
    for item, options in zip(("q001", "q002", "q003", "q004"), RIGHT, strict=True):
        for option in options:
            page.locator(f'[data-item="{item}"] input[value="{option}"]').check(force=True)
    go(page).click()
    page.wait_for_url("**/attempts/**")
    site.worker.wait_until_idle()
    page.reload()
    expect_result(page)
    assert_handed_in_once(rep)


@pytest.mark.parametrize("target", ["home", "quiz"])
def test_a_first_visit_costs_at_most_60_kb_in_12_requests(
    page: Page, sign_in: SignIn, target: str
) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    asked: list[Request] = []
    page.on("request", lambda each: asked.append(each))  # noqa: PLW0108 - Playwright marks it
    page.goto("/" if target == "home" else quiz_address(module), wait_until="networkidle")
    ours = [each for each in asked if "/media/" not in each.url and each.service_worker is None]
    sizes = {
        each.url: sum(each.sizes()[k] for k in ("responseBodySize", "responseHeadersSize"))
        for each in ours
    }
    assert len(ours) <= 12, [each.url for each in ours]
    assert sum(sizes.values()) <= 60 * 1024, sizes
