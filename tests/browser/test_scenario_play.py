"""A scenario is played on a phone: to its end, with the network cut, on two phones, in two tabs, by keys, offline."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from courses.progress.models import Heartbeat
from courses.scenarios.document import Document, Explanation, Limit
from courses.scenarios.models import Run, RunEvent, Scenario
from partners.models import Person
from tests.browser.learner import ROWS, make_rep, settle
from tests.courses.scenarios.factories import changed, make_scenario
from tests.courses.scenarios.samples import price, two_best
from tests.plugin.patience import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def rep() -> Person:
    return make_rep()


def talk() -> Document:
    """The price objection, with all that an ace can say."""
    why = Explanation(
        name="白石 千尋",
        why="「20年まわっている」は断りではなく、誇りです。",
        thinking="まず紙の点検表を見せてもらいます。",
        words="一度見せていただけますか。\n何と比べてでしょうか。",
        transcript="文字で読む説明",
    )
    document = price(back="rewind")
    explanations = {**document.explanations, "cut1": why, "ask1": why}
    scenes = tuple(
        dataclasses.replace(each, title="2回目の訪問", mood="doubtful")
        if each.key == "open"
        else each
        for each in document.scenes
    )
    return dataclasses.replace(document, explanations=explanations, scenes=scenes)


@pytest.fixture
def scenario(rep: Person) -> Scenario:
    return make_scenario(changed(talk(), "deal", limit=None))


def here(scenario: Scenario) -> str:
    """Where it is played."""
    return f"/modules/{scenario.module_id}/scenario/"


def begin(page: Page, scenario: Scenario) -> None:
    """Begin a run."""
    page.goto(here(scenario))
    page.get_by_role("button", name="始める").click()
    expect(page.locator("#scene")).to_be_focused()


def begin_kept(page: Page, scenario: Scenario) -> None:
    """Keep the scenario on the phone, begin a run, and lose the network."""
    settle(page)
    page.goto(f"/modules/{scenario.module_id}/")
    page.locator('[data-keep-if="none"]').click()
    expect(page.locator('[data-keep-if="kept"]')).to_be_visible()
    begin(page, scenario)
    page.context.set_offline(True)


def say(page: Page, words: str) -> None:
    """Make a choice."""
    page.get_by_role("button", name=words).click()


def on(page: Page) -> None:
    """Go on to the next scene."""
    page.get_by_role("link", name="次の場面へ").click()
    expect(page.locator("#scene")).to_be_focused()


def choices(run: Run | None = None) -> list[str]:
    """What was chosen, as the log has it."""
    rows = RunEvent.objects.filter(kind="choice_made").order_by("id")
    return list((rows if run is None else rows.filter(run=run)).values_list("choice", flat=True))


def test_it_is_played_to_its_end_and_again(
    page: Page,
    sign_in: SignIn,
    scenario: Scenario,
    rep: Person,
    axe: Callable[[Page], None],
    site: Any,
) -> None:
    sign_in(page.context, rep.account)
    page.goto(f"/modules/{scenario.module_id}/")
    page.get_by_role("link", name="シナリオへ").click()
    axe(page)
    begin(page, scenario)
    axe(page)
    for button in page.locator(".choice-btn").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 48
    say(page, "5%引きます。")
    expect(page.locator("#told")).to_be_focused()
    expect(page.locator("#told")).to_have_text("白石 千尋さんなら、こう考えます")
    expect(page.get_by_text("もっと引ける?")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="この場面をやり直す").click()
    say(page, "何と比べて?")
    on(page)
    say(page, "契約書です。")
    page.get_by_role("link", name="結末を見る").click()
    expect(page.locator("#outcome")).to_have_text("うまくいきました")
    expect(page.locator("#earned .fig")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="もう一度やってみる").click()
    expect(page.locator("#scene")).to_be_focused()
    assert Run.objects.filter(state="finished").count() == 1
    until_noted = RunEvent.objects.filter(kind="explanation_opened")
    assert until_noted.exists()


def test_time_in_short_scenes_is_learning_time(
    page: Page, rep: Person, scenario: Scenario, sign_in: SignIn
) -> None:
    page.clock.install()
    sign_in(page.context, rep.account)
    begin(page, scenario)
    page.wait_for_load_state()
    page.clock.fast_forward(8_000)
    say(page, "5%引きます。")
    expect(page.locator("#told")).to_be_focused()
    page.wait_for_load_state()
    page.clock.fast_forward(7_000)
    page.get_by_role("link", name="次の場面へ").click()
    expect(page.locator("#scene")).to_be_focused()
    short = Heartbeat.objects.filter(person=rep, module=scenario.module, seconds__lt=15)

    def spent() -> bool:
        return sum(short.values_list("seconds", flat=True)) >= 15

    wait_until(spent, "eight seconds and seven are counted")


def test_the_network_is_cut_and_the_phone_changed(
    page: Page, sign_in: SignIn, scenario: Scenario, rep: Person, new_context: NewContext
) -> None:
    sign_in(page.context, rep.account)
    begin(page, scenario)
    page.context.set_offline(True)
    say(page, "5%引きます。")
    expect(page.locator('[data-waits="phone"]')).to_be_visible()
    expect(page.locator(".choice-btn[data-chosen]")).to_have_text("5%引きます。")
    assert choices() == []
    page.context.set_offline(False)
    page.wait_for_url("**/told/**")
    assert choices() == ["cut1"]
    other = new_context()
    sign_in(other, rep.account)
    second = other.new_page()
    second.goto(here(scenario))
    expect(second.get_by_text("どうでした?")).to_be_visible()
    page.get_by_role("link", name="次の場面へ").click()
    second.get_by_role("button", name="もう一度。").click()
    second.wait_for_url("**/told/**")
    page.get_by_role("button", name="引き下がる。").click()
    expect(page.get_by_text("ほかの画面で先に進んでいます")).to_be_visible()
    expect(page.get_by_text("高いですね。")).to_be_visible()
    assert choices() == ["cut1", "back"]


def test_a_scene_that_was_left_behind_is_not_offered_without_network(
    page: Page, sign_in: SignIn, scenario: Scenario, rep: Person, axe: Callable[[Page], None]
) -> None:
    sign_in(page.context, rep.account)
    settle(page)
    begin(page, scenario)
    page.reload()  # so that the phone has the scene
    say(page, "5%引きます。")
    expect(page.locator("#told")).to_be_focused()
    page.context.set_offline(True)
    page.get_by_role("link", name="次の場面へ").click()
    expect(page.locator('[data-waits="behind"]')).to_be_visible()
    expect(page.locator(".choice-btn").first).to_be_hidden()
    axe(page)
    page.context.set_offline(False)
    expect(page.get_by_text("どうでした?")).to_be_visible()
    assert choices() == ["cut1"]


def test_two_tabs_a_double_tap_and_the_way_back_count_once(
    page: Page, sign_in: SignIn, scenario: Scenario, rep: Person
) -> None:
    sign_in(page.context, rep.account)
    begin(page, scenario)
    tab = page.context.new_page()
    tab.goto(here(scenario))
    page.get_by_role("button", name="そうですか。").evaluate("(b) => { b.click(); b.click(); }")
    page.wait_for_url("**/told/**")
    expect(tab.locator("#told")).to_be_visible()
    tab.go_back()
    expect(tab.get_by_text("では?")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("では?")).to_be_visible()
    assert choices() == ["wait"]


def test_it_is_played_by_keys_alone(
    page: Page, sign_in: SignIn, scenario: Scenario, rep: Person
) -> None:
    sign_in(page.context, rep.account)
    page.goto(here(scenario))
    page.get_by_role("button", name="始める").press("Enter")
    expect(page.locator("#scene")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".choice-btn").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_be_focused()
    page.get_by_role("link", name="次の場面へ").press("Enter")
    expect(page.locator("#scene")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#told")).to_be_focused()
    assert choices() == ["ask1", "sign"]


def test_the_time_is_lengthened_switched_off_and_runs_out(
    page: Page, sign_in: SignIn, rep: Person
) -> None:
    timed = make_scenario(changed(talk(), "open", limit=Limit(6, "deal")))
    sign_in(page.context, rep.account)
    begin(page, timed)
    expect(page.locator("[data-clock-left]")).to_be_visible()
    page.get_by_role("button", name="3倍にする").click()
    expect(page.get_by_text("この答えの時間は18秒です")).to_be_visible()
    page.get_by_role("button", name="制限なしにする").click()
    expect(page.get_by_text("時間制限はありません")).to_be_visible()
    page.get_by_role("button", name="元の時間に戻す").click()
    page.wait_for_url("**/told/**")
    expect(page.get_by_text("時間になりました")).to_be_visible()
    assert RunEvent.objects.get(kind="timed_out").scene == "open"


def test_a_kept_practice_run_is_played_without_network_and_handed_in_later(
    page: Page, sign_in: SignIn, scenario: Scenario, rep: Person, axe: Callable[[Page], None]
) -> None:
    sign_in(page.context, rep.account)
    settle(page)
    page.goto(f"/modules/{scenario.module_id}/")
    page.locator('[data-keep-if="none"]').click()
    expect(page.locator('[data-keep-if="kept"]')).to_be_visible()
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("link", name="シナリオへ").click()
    page.get_by_role("button", name="始める").click()
    expect(page.locator("#scene")).to_be_focused()
    axe(page)
    say(page, "5%引きます。")
    expect(page.locator("#told")).to_be_focused()
    expect(page.get_by_text("もっと引ける?")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="次の場面へ").click()
    page.reload()
    expect(page.get_by_text("どうでした?")).to_be_visible()
    say(page, "もう一度。")
    page.get_by_role("button", name="次の場面へ").click()
    say(page, "何と比べて?")
    page.get_by_role("button", name="次の場面へ").click()
    say(page, "契約書です。")
    page.get_by_role("button", name="次の場面へ").click()
    expect(page.locator("#outcome")).to_have_text("うまくいきました")
    axe(page)
    assert len(page.evaluate(ROWS, "lines")[0]["acts"]) == 4
    page.context.set_offline(False)
    page.wait_for_url("**/runs/**")
    run = Run.objects.get()
    assert (run.state, run.outcome) == ("finished", "success")
    assert choices() == ["cut1", "back", "ask1", "sign"]


def test_a_run_that_was_begun_online_goes_on_without_network(
    page: Page, sign_in: SignIn, scenario: Scenario, rep: Person
) -> None:
    sign_in(page.context, rep.account)
    begin_kept(page, scenario)
    say(page, "5%引きます。")
    expect(page.locator("#told")).to_be_focused()
    page.get_by_role("button", name="次の場面へ").click()
    say(page, "引き下がる。")
    page.get_by_role("button", name="次の場面へ").click()
    expect(page.locator("#outcome")).to_have_text("今回はうまくいきませんでした")
    page.context.set_offline(False)
    page.wait_for_url("**/runs/**")
    assert Run.objects.get().outcome == "fail"
    assert choices() == ["cut1", "quit"]


def test_a_best_choice_is_not_set_right_without_network(
    page: Page, sign_in: SignIn, rep: Person
) -> None:
    scenario = make_scenario(two_best(back="rewind"))
    sign_in(page.context, rep.account)
    begin_kept(page, scenario)
    say(page, "そうですか。")
    expect(page.locator("#told")).to_be_focused()
    expect(page.get_by_text("あなたの選択：いちばんよい手です")).to_be_visible()
    expect(page.locator(".ans")).to_have_count(1)


def test_a_first_scene_costs_at_most_60_kb_in_12_requests(
    page: Page, sign_in: SignIn, scenario: Scenario, rep: Person
) -> None:
    sign_in(page.context, rep.account)
    asked: list[Request] = []
    page.on("request", lambda each: asked.append(each))  # noqa: PLW0108 - Playwright marks it
    page.goto(here(scenario), wait_until="networkidle")
    ours = [each for each in asked if "/media/" not in each.url and each.service_worker is None]
    sizes = {
        each.url: sum(each.sizes()[k] for k in ("responseBodySize", "responseHeadersSize"))
        for each in ours
    }
    assert len(ours) <= 12, [each.url for each in ours]
    assert sum(sizes.values()) <= 60 * 1024, sizes
