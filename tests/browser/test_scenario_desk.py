"""An author writes a scenario from an empty page: by mouse, and again by keys alone."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from core.scope import CLIENT, scoped
from courses.authoring.scenarios import fields
from courses.scenarios import reading
from courses.scenarios.actions import drafting, publishing
from courses.scenarios.document import Document, Effect
from courses.scenarios.models import Scenario, ScenarioDraft
from partners.models import Person
from tests.browser.author import make_author, tab_to, until
from tests.browser.holding import hold
from tests.courses.factories import make_module
from tests.courses.scenarios.factories import play, put
from tests.courses.scenarios.samples import price

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

desktop = pytest.mark.parametrize("device", ["desktop"])
everywhere = pytest.mark.parametrize(
    ("device", "language"), [("phone", "ja"), ("desktop", "en")], ids=["phone-ja", "desktop-en"]
)


@pytest.fixture
def author(page: Page, sign_in: SignIn, language: str) -> Person:
    """An author, signed in."""
    author = make_author(language=language)
    sign_in(page.context, author.account)
    return author


def make_empty(document: Document | None = None) -> Scenario:
    """Make a module with a scenario that says nothing yet, or this."""
    with scoped(CLIENT):
        module = make_module(items=[], published=False)
        scenario = drafting.create_scenario(module_id=module.pk, by=None)
        if document is not None:
            put(scenario, document)
    return scenario


def said(scenario: Scenario) -> Document:
    """Return what the draft says on the server."""
    return reading.parse(ScenarioDraft.objects.get(pk=scenario.pk).document)


def open_scenario(page: Page, scenario: Scenario, query: str = "") -> None:
    """Open the desk and wait until it can be written on."""
    page.goto(f"/authoring/scenarios/{scenario.pk}/{query}")
    page.wait_for_selector("[data-desk-ready]", state="attached")


@everywhere
def test_the_desk_fits_and_can_be_used(
    page: Page, author: Person, axe: Axe, device: str, language: str
) -> None:
    scenario = make_empty(price())
    open_scenario(page, scenario, "?scene=deal")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_phone_shows_the_title_in_one_line(page: Page, author: Person) -> None:
    long = "総務部長の「高い」に、値引きをせずに、その場で答える"
    scenario = make_empty(dataclasses.replace(price(), title=long))
    page.set_viewport_size({"width": 360, "height": 740})
    open_scenario(page, scenario)
    title = page.locator("h1")
    expect(title).to_have_text(long)
    expect(title).to_have_attribute("title", long)
    box = title.bounding_box()
    assert box
    assert box["width"] > 300
    assert 16 <= box["height"] < 44
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _field(page: Page, name: str) -> Locator:
    return page.locator(f'[name$=":{name}"]:not([name^="choice"], [name^="why"])').first


def _choice(page: Page, number: int) -> Locator:
    return page.locator("[data-choice]").nth(number - 1)


STORY = (
    ("受付", "どちらさまですか。", ("名乗って用件を言う", "資料だけ置いていく")),
    ("点検表の話", "20年、紙でやっています。", ("見せてもらう", "紙は古いと言う")),
    ("高い", "月3万円は高いですね。", ("何と比べてか聞く", "2割引く")),
    ("比べる相手", "他社は2万円でした。", ("中身の違いを聞く", "値段を合わせる")),
    ("稟議の相談", "上にどう言えばいいか。", ("一緒に書く", "任せる")),
    ("決める人", "部長が決めます。", ("会わせてもらう", "待つ")),
    ("部長", "効果は出ますか。", ("数字で答える", "大丈夫と言う")),
    ("最後に", "では、お願いします。", ("日程を決める", "また来る")),
)
"""Eight scenes, each with a choice that leads on and one that ends it."""


@desktop
def test_a_scenario_is_written_by_mouse(page: Page, author: Person, axe: Axe) -> None:
    scenario = make_empty()
    page.goto(f"/authoring/modules/{scenario.module_id}/scenario/")
    page.wait_for_selector("[data-desk-ready]", state="attached")
    axe(page)
    page.get_by_role("button", name="最初の場面を書く").click()
    for place, (title, line, (best, poor)) in enumerate(STORY):
        expect(page.locator("[data-heading]")).to_have_text(f"場面{place + 1}")
        _field(page, "title").fill(title)
        _field(page, "text").fill(line)
        for number, text in enumerate((best, poor), start=1):
            page.get_by_role("button", name="選択肢を足す").click()
            expect(page.locator("[data-choice]")).to_have_count(number)
            _choice(page, number).get_by_label("選択肢", exact=False).first.fill(text)
        _choice(page, 1).get_by_label("よさ").select_option("best")
        _choice(page, 1).get_by_label("点", exact=True).fill("10")
        _choice(page, 2).get_by_label("よさ").select_option("poor")
        is_last = place == len(STORY) - 1
        new = "＋ 新しい結末" if is_last else "＋ 新しい場面"
        _choice(page, 1).get_by_role("button", name=new).click()
        expect(_choice(page, 1).get_by_role("link", name="書く")).to_be_visible()
        if place == 0:
            _choice(page, 2).get_by_role("button", name="＋ 新しい結末").click()
        elif is_last:
            _choice(page, 2).get_by_label("進む先").select_option("+ending")
        else:
            _choice(page, 2).get_by_label("進む先").select_option(label="話が終わる")
        expect(_choice(page, 2).get_by_role("link", name="書く")).to_be_visible()
        if place == 0:
            _end(page, 2, "話が終わる", "fail")
        if is_last:
            _end(page, 2, "また今度", "partial")
            _end(page, 1, "約束をもらう", "success")
        else:
            _choice(page, 1).get_by_role("link", name="書く").click()
    page.get_by_role("link", name="設定と変数").click()
    page.get_by_label("題名").fill("総務部長の「高い」")
    until(page, lambda: said(scenario).title == "総務部長の「高い」")
    document = said(scenario)
    assert [each.title for each in document.scenes if not each.is_ending] == [s[0] for s in STORY]
    assert sum(each.is_ending for each in document.scenes) == 3
    expect(page.locator('[data-piece="side"] .banner-bad')).to_have_count(0)
    axe(page)
    _play_best(scenario, author)


def _end(page: Page, choice: int, title: str, outcome: str) -> None:
    """Write the ending that a choice goes to, and come back."""
    _choice(page, choice).get_by_role("link", name="書く").click()
    expect(page.locator("[data-heading]")).to_have_text("結末")
    _field(page, "title").fill(title)
    _field(page, "message").fill(f"{title}。")
    _field(page, "outcome").select_option(outcome)
    page.locator('[data-piece="form"] p a[data-scene]').first.click()
    expect(page.locator("[data-heading]")).to_contain_text("場面")


def _play_best(scenario: Scenario, person: Person) -> None:
    """Publish what was written, and play it by the best choices to its success."""
    with scoped(CLIENT):
        publishing.publish(scenario_id=scenario.pk, by=person.pk)
    document = said(scenario)
    best = [
        next(choice.key for choice in scene.choices if choice.quality == "best")
        for scene in document.scenes
        if not scene.is_ending
    ]
    run = play(person, scenario, *best)
    assert (run.state, run.outcome, run.score) == ("finished", "success", 100)


def _name_the_weak(page: Page, scenario: Scenario) -> None:
    """Name the scene of the weak answer, and wait until the server has it."""
    _field(page, "title").fill("弱い答え")
    until(page, lambda: said(scenario).by_key["weak"].title == "弱い答え")


@desktop
def test_undo_and_redo_and_what_was_cut(page: Page, author: Person) -> None:
    scenario = make_empty(price())
    open_scenario(page, scenario, "?scene=weak")
    _name_the_weak(page, scenario)
    page.locator("[data-heading]").focus()
    page.keyboard.press("Control+z")
    until(page, lambda: said(scenario).by_key["weak"].title == "")
    expect(_field(page, "title")).to_have_value("")
    page.keyboard.press("Control+y")
    until(page, lambda: said(scenario).by_key["weak"].title == "弱い答え")
    page.locator(".pane-head [data-menu] summary").first.click()
    page.get_by_role("button", name="削除する", exact=True).first.click()
    expect(page.locator("[data-gone]")).to_contain_text("場面1・選択肢2")
    page.locator("[data-gone]").get_by_role("button").click()
    until(page, lambda: said(scenario).choice["cut1"][1].to == "weak")


@desktop
def test_two_authors_overwrite_nothing_unseen(page: Page, author: Person) -> None:
    scenario = make_empty(price())
    open_scenario(page, scenario, "?scene=open")
    other = make_author(family_name="別")
    drafting.edit(
        scenario_id=scenario.pk,
        base=ScenarioDraft.objects.get(pk=scenario.pk).revision,
        change=fields.change({"scene:open:text": ["少し高いですね。"]}),
        by=other.pk,
        op="save",
    )
    _field(page, "text").fill("高すぎます。")
    conflict = page.locator("[data-conflict]")
    expect(conflict).to_contain_text("少し高いですね。")
    expect(conflict).to_contain_text("高すぎます。")
    assert said(scenario).by_key["open"].text == "少し高いですね。"
    conflict.get_by_role("button", name="自分の内容で置き換える").click()
    until(page, lambda: said(scenario).by_key["open"].text == "高すぎます。")
    expect(conflict).to_be_hidden()


@desktop
def test_without_network_words_are_kept_and_sent_later(page: Page, author: Person) -> None:
    scenario = make_empty(price())
    open_scenario(page, scenario, "?scene=open")
    page.context.set_offline(True)
    _field(page, "text").fill("切れた間に書いた。")
    expect(page.locator('[data-saving-trouble="computer"]')).to_be_visible()
    page.context.set_offline(False)
    until(page, lambda: said(scenario).by_key["open"].text == "切れた間に書いた。")


@desktop
def test_what_is_refused_stays_here_and_takes_nothing_with_it(page: Page, author: Person) -> None:
    scenario = make_empty(price())
    open_scenario(page, scenario, "?scene=open")
    points = page.locator('[name$=":points"][name^="choice"]').first
    page.context.set_offline(True)
    points.fill("10x")
    _field(page, "text").fill("切れた間に書いた。")
    expect(page.locator('[data-saving-trouble="computer"]')).to_be_visible()
    page.context.set_offline(False)
    until(page, lambda: said(scenario).by_key["open"].text == "切れた間に書いた。")
    expect(points).to_have_value("10x")
    expect(points).to_have_attribute("aria-invalid", "true")
    expect(points.locator("xpath=..")).to_contain_text("-1000から1000までの整数")
    expect(page.locator('[data-saving-trouble="refused"]')).to_be_visible()
    page.reload()
    page.wait_for_selector("[data-desk-ready]", state="attached")
    expect(points).to_have_value("10x")
    expect(points).to_have_attribute("aria-invalid", "true")
    points.fill("12")
    until(page, lambda: said(scenario).by_key["open"].choices[0].points == 12)
    expect(points).not_to_have_attribute("aria-invalid", "true")
    expect(points.locator("xpath=..")).not_to_contain_text("整数")
    assert said(scenario).by_key["open"].text == "切れた間に書いた。"


@desktop
def test_an_answer_of_the_server_takes_no_pressed_button_away(page: Page, author: Person) -> None:
    scenario = make_empty(price())
    open_scenario(page, scenario, "?scene=open")
    desk = page.locator("[data-desk]")
    expect(desk).to_have_attribute("data-scene", "open")
    _field(page, "text").fill("まず、何と比べて高いのかを聞きます。")
    other = page.locator('[data-piece="outline"] ol a[data-scene]').nth(1)
    box = other.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    with page.expect_response("**/edit/"):
        page.mouse.down()  # leaves the field, which is sent
    expect(page.locator("[data-sync]").first).to_contain_text("保存済み")
    page.mouse.up()
    expect(desk).not_to_have_attribute("data-scene", "open")


@desktop
def test_an_answer_of_the_server_closes_no_menu(page: Page, author: Person) -> None:
    scenario = make_empty(price())
    open_scenario(page, scenario, "?scene=weak")
    _name_the_weak(page, scenario)
    held = hold(page, "**/edit/")
    page.locator("[data-heading]").focus()
    with page.expect_request("**/edit/"):
        page.keyboard.press("Control+z")
    page.locator(".pane-head [data-menu] summary").first.click()
    held[0].continue_()
    expect(_field(page, "title")).to_have_value("")
    page.unroute("**/edit/")
    page.get_by_role("button", name="削除する", exact=True).first.click()
    expect(page.locator("[data-gone]")).to_be_visible()


@desktop
def test_what_is_pressed_before_the_answer_is_done_after_it(page: Page, author: Person) -> None:
    scenario = make_empty(price())
    open_scenario(page, scenario, "?scene=open")
    before = len(said(scenario).by_key["open"].choices)
    held = hold(page, "**/edit/")
    page.get_by_role("button", name="選択肢を足す").dblclick()
    _field(page, "text").fill("そのあとすぐに書いた。")
    page.wait_for_timeout(900)  # by now what was typed would be sent, too
    assert len(held) == 1
    page.unroute("**/edit/")  # lets go what is held
    until(page, lambda: len(said(scenario).by_key["open"].choices) == before + 2)
    assert said(scenario).by_key["open"].text == "そのあとすぐに書いた。"
    expect(page.locator("[data-choice-text]").last).to_be_focused()
    expect(page.locator("[data-conflict]")).to_be_hidden()


@desktop
def test_a_row_taken_away_by_a_double_click_takes_no_other_with_it(
    page: Page, author: Person
) -> None:
    document = price()
    first, *others = document.scenes[0].choices
    rows = tuple(Effect("trust", "add", number) for number in (1, 2, 3))
    scene = dataclasses.replace(
        document.scenes[0], choices=(dataclasses.replace(first, effects=rows), *others)
    )
    document = dataclasses.replace(document, scenes=(scene, *document.scenes[1:]))
    scenario = make_empty(document)
    open_scenario(page, scenario, "?scene=open")
    hold(page, "**/edit/")
    page.locator(f'[value="drop_effect:{first.key}:0"]').dblclick()
    page.unroute("**/edit/")  # lets go what is held
    until(page, lambda: len(said(scenario).by_key["open"].choices[0].effects) == 2)
    page.get_by_role("button", name="選択肢を足す").click()
    expect(page.locator("[data-choice]")).to_have_count(len(others) + 2)
    assert said(scenario).by_key["open"].choices[0].effects == rows[1:]


@desktop
def test_the_focus_goes_back_to_the_menu_that_was_used(page: Page, author: Person) -> None:
    open_scenario(page, make_empty(price()), "?scene=open")
    menu = _choice(page, 1).locator("[data-menu] summary")
    menu.click()
    page.get_by_role("button", name="別の場面へ移す").first.click()
    page.get_by_role("button", name="何も変えない").click()
    expect(menu).to_be_focused()
    menu.click()
    page.get_by_role("button", name="条件つきで出す…").first.click()
    expect(_choice(page, 1)).to_contain_text("出す条件")
    expect(menu).to_be_focused()


@desktop
def test_a_scenario_is_written_by_keys_alone(page: Page, author: Person) -> None:
    scenario = make_empty()
    open_scenario(page, scenario)
    tab_to(page, '[value="add_scene"]')
    page.keyboard.press("Enter")
    for place, (title, line, choices) in enumerate(STORY):
        is_last = place == len(STORY) - 1
        expect(page.locator("[data-heading]")).to_have_text(f"場面{place + 1}")
        tab_to(page, "[data-first]")
        page.keyboard.type(title)
        tab_to(page, '[name$=":text"]')
        page.keyboard.type(line)
        for number, text in enumerate(choices, start=1):
            page.keyboard.press("Control+Enter")
            expect(page.locator("[data-choice]")).to_have_count(number)
            expect(_choice(page, number).locator("textarea").first).to_be_focused()
            page.keyboard.type(text)
            to = "＋ 新しい結末" if is_last or (place == 0 and number == 2) else "＋ 新しい場面"
            if number == 2 and 0 < place < len(STORY) - 1:
                to = "話が終わる"
            card = f"#{_choice(page, number).get_attribute('id')}"
            _pick(page, f'{card} [name$=":to"]', to)
            expect(_choice(page, number).get_by_role("link", name="書く")).to_be_visible()
            _pick(page, f'{card} [name$=":quality"]', "最善" if number == 1 else "避けたい")
            if place == 0 and number == 2:
                _end_by_keys(page, number, "話が終わる", "失敗")
        if is_last:
            _end_by_keys(page, 2, "また今度", "一部成功")
            _end_by_keys(page, 1, "約束をもらう", "成功")
        else:
            tab_to(page, f"#{_choice(page, 1).get_attribute('id')} .goes-to a", key="Shift+Tab")
            page.keyboard.press("Enter")
    until(page, lambda: len(said(scenario).scenes) == 11)
    _play_best(scenario, author)


def _end_by_keys(page: Page, choice: int, title: str, outcome: str) -> None:
    scene = page.locator("[data-heading]").inner_text()
    link = f"#{_choice(page, choice).get_attribute('id')} .goes-to a"
    tab_to(page, link, key="Shift+Tab", most=90)
    page.keyboard.press("Enter")
    expect(page.locator("[data-heading]")).to_have_text("結末")
    tab_to(page, "[data-first]")
    page.keyboard.type(title)
    _pick(page, '[name$=":outcome"]', outcome)
    tab_to(page, '[name$=":message"]')
    page.keyboard.type(f"{title}。")
    tab_to(page, '[data-piece="form"] p a[data-scene]')
    page.keyboard.press("Enter")
    expect(page.locator("[data-heading]")).to_have_text(scene)


_STEPS = """(select, label) => [...select.options].findIndex((each) => each.text === label)
  - select.selectedIndex"""


def _pick(page: Page, selector: str, label: str) -> None:
    """Tab to a pick, and take an option by the arrow keys."""
    tab_to(page, selector)
    steps = page.locator(selector).first.evaluate(_STEPS, label)
    for _ in range(abs(steps)):
        page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
    page.keyboard.press("Tab")
