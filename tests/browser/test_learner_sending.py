"""What the server may do to what is sent: die, be busy, refuse, have another clock. Nothing is lost or doubled."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from courses.quizzes.models import Attempt
from tests.browser.learner import (
    RIGHT,
    ROWS,
    answer,
    answer_and_save,
    assert_handed_in_once,
    choose,
    expect_result,
    expect_sync,
    go,
    make_lesson,
    make_rep,
    module_address,
    points,
    quiz_address,
    settle,
    stored,
    until,
)
from tests.plugin.patience import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
NewContext = Callable[..., BrowserContext]


@pytest.mark.parametrize("moment", ["answering", "handing in"])
def test_the_server_dies_after_the_commit_and_before_its_answer(
    page: Page, sign_in: SignIn, moment: str
) -> None:
    rep = make_rep()
    sign_in(page.context, rep.account)
    page.goto(quiz_address(make_lesson()))
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().text())  # the server has stored it …
            route.abort()  # … and nobody heard of it

    if moment == "answering":
        page.route("**/api/attempts/**", lose)
        answer(page)
    else:
        answer_and_save(page, RIGHT)
        page.route("**/api/attempts/**", lose)
    go(page).click()
    expect_result(page)
    assert ('"submitted"' in lost[0]) is (moment == "handing in")
    assert_handed_in_once(rep)


def test_a_busy_server_is_given_the_time_it_asks_for(page: Page, sign_in: SignIn) -> None:
    rep = make_rep()
    sign_in(page.context, rep.account)
    page.goto(quiz_address(make_lesson()))
    times: list[float] = []

    def refuse(route: Route) -> None:
        times.append(time.monotonic())
        if len(times) == 1:
            route.fulfill(status=503, headers={"Retry-After": "2"}, body="")
        else:
            route.continue_()

    page.route("**/api/attempts/**", refuse)
    choose(page, RIGHT[0])
    expect(page.locator('[data-trouble="busy"]')).to_be_visible()
    expect_sync(page, "phone")
    expect_sync(page, "saved")
    assert times[1] - times[0] >= 2
    assert stored(Attempt.objects.get()) == {"q001": ["a"]}


def test_what_the_server_stumbles_over_holds_nothing_else_up(page: Page, sign_in: SignIn) -> None:
    rep = make_rep()
    sign_in(page.context, rep.account)
    stumbles: list[str] = []

    def stumble(route: Route) -> None:
        if not stumbles or route.request.url in stumbles:
            stumbles.append(route.request.url)
            route.fulfill(status=500, body="")
        else:
            route.continue_()

    page.route("**/api/attempts/**", stumble)
    page.goto(quiz_address(make_lesson()))
    choose(page, RIGHT[0])
    expect(page.locator('[data-trouble="busy"]')).to_be_visible()
    page.goto(quiz_address(make_lesson()))
    with page.expect_response(lambda told: "/api/attempts/" in told.url and told.ok):
        choose(page, RIGHT[0])
    assert stored(Attempt.objects.get()) == {"q001": ["a"]}
    expect_sync(page, "phone")  # the first one waits …
    page.unroute("**/api/attempts/**")
    page.reload()  # … until the server can take it
    expect_sync(page, "saved")
    assert [stored(each) for each in Attempt.objects.all()] == [{"q001": ["a"]}] * 2


KEEP_LINES = """(lines) => new Promise((resolve) => {
  const person = document.querySelector('meta[name="person"]').content;
  indexedDB.open("tomoni").onsuccess = ({ target }) => {
    const work = target.result.transaction("lines", "readwrite");
    work.oncomplete = () => resolve(target.result.close());
    for (const [place, [id, scenario]] of lines.entries()) {
      const acts = [{ key: id }];
      const about = { url: `/api/scenarios/x/runs/${id}/`, title: id, about: {} };
      work.objectStore("lines").put({ person, id, scenario, ...about, acts, begun: place, touched: Date.now() });
    }
  };
})"""


def test_a_later_run_of_a_scenario_waits_for_the_one_that_the_server_stumbles_over(
    new_context: NewContext, sign_in: SignIn
) -> None:
    page = new_context(service_workers="block").new_page()  # it would send as well
    sign_in(page.context, make_rep().account)
    asked: list[str] = []

    def answer_run(route: Route) -> None:
        asked.append(route.request.url.split("/")[-2])
        route.fulfill(status=500 if asked[-1] == "one" else 200, json={})

    page.route("**/api/scenarios/**", answer_run)
    page.goto("/learn/")
    with page.expect_response("**/runs/three/"):
        page.evaluate(KEEP_LINES, [["one", "price"], ["two", "price"], ["three", "silence"]])
        page.evaluate("dispatchEvent(new Event('online'))")
    assert "one" in asked
    assert "two" not in asked


def test_what_the_server_refuses_is_said_and_kept(page: Page, sign_in: SignIn) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    page.goto(quiz_address(module))
    module.is_archived = True
    module.save(update_fields=["is_archived"])
    choose(page, RIGHT[0])
    expect(page.locator("[data-refused]")).to_contain_text("このクイズは見つかりませんでした")
    kept = page.evaluate(ROWS, "attempts")
    assert kept[0]["answers"]["q001"]["options"] == ["a"]


@pytest.mark.parametrize("hours", [24, -24])
def test_a_phones_wrong_clock_loses_nothing(
    page: Page, new_context: NewContext, sign_in: SignIn, hours: int
) -> None:
    rep = make_rep()
    module = make_lesson()
    wrong = new_context().new_page()
    sign_in(wrong.context, rep.account)
    wrong.add_init_script(f"const now = Date.now; Date.now = () => now() + {hours} * 3600 * 1000")
    wrong.goto(quiz_address(module))
    answer_and_save(wrong, [["c"]])
    sign_in(page.context, rep.account)
    page.goto(quiz_address(module))
    until(page, "document.querySelector('input:checked')")
    page.locator("[data-back]").click()
    answer(page)
    go(page).click()
    expect_result(page)
    assert_handed_in_once(rep)


@pytest.mark.parametrize("engine", ["whole"])
def test_answers_are_sent_in_the_background_when_no_page_is_open(
    page: Page, sign_in: SignIn
) -> None:
    rep = make_rep()
    sign_in(page.context, rep.account)
    settle(page)
    page.goto(quiz_address(make_lesson()))
    context = page.context
    context.set_offline(True)
    answer(page)
    go(page).click()
    expect(page.locator('[data-waiting-if="kept"]')).to_be_visible()
    page.goto("about:blank")
    context.set_offline(False)
    wait_until(Attempt.objects.filter(state=Attempt.State.SCORED).exists, "an attempt is scored")
    page.goto(f"/attempts/{Attempt.objects.get().pk}/")
    expect_result(page)
    assert_handed_in_once(rep)


def test_back_leads_from_a_result_to_the_module_and_nothing_is_paid_again(
    page: Page, sign_in: SignIn
) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    settle(page)
    page.goto(module_address(module))
    page.goto(quiz_address(module))
    answer(page)
    go(page).click()
    expect_result(page)
    before = points(rep)
    page.go_back()
    page.wait_for_url(f"**{module_address(module)}")
    page.go_forward()
    expect_result(page)
    assert points(rep) == before
    assert_handed_in_once(rep)
