"""A quiz is written in the editor's block: by mouse, by keys, from the bank, on a phone.

The block stands alone here, on a page that lends it what the desk does.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import BrowserContext, Page, Route, expect

from courses.quizzes.models import BankItem
from tests.courses.factories import multiple, single
from tests.courses.quizzes.bank.samples import DRAFT, make_author, make_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

_PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>t</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/static/core/tomoni.css"><link rel="stylesheet" href="/static/core/office.css">
</head><body><main class="main"><h1>t</h1><div class="edit-choice" id="card"></div></main>
<template id="quiz">{block}</template>
<script type="module" src="/static/core/js/ui.js"></script></body></html>"""

_MOUNT = """async (data) => {
  const {mount} = await import("/static/authoring/blocks/quiz.js");
  const card = document.getElementById("card");
  card.replaceChildren(document.getElementById("quiz").content.cloneNode(true));
  window.fields = []; window.said = [];
  const token = () => decodeURIComponent(document.cookie.match(/csrf=([^;]*)/)?.[1] ?? "");
  const ask = async (url, options) => {
    const response = await fetch(url, options);
    return {ok: response.ok, status: response.status, body: await response.json()};
  };
  const api = {
    get: (url, query) => ask(`${url}?${new URLSearchParams(query)}`),
    post: (url, body) => ask(url, {
      method: "POST", body: JSON.stringify(body),
      headers: {"Content-Type": "application/json", "X-CSRFToken": token()},
    }),
  };
  window.handle = mount(card, data, {
    api, changed: (field) => window.fields.push(field), say: (text) => window.said.push(text), words: (key) => key,
  });
}"""


@pytest.fixture
def author() -> Any:
    """An author of the client."""
    return make_author()


@pytest.fixture
def desk(page: Page, sign_in: SignIn, author: Any, language: str) -> Callable[..., Page]:
    """Return a function that opens a page with this quiz's block."""

    def answer(route: Route) -> None:
        with translation.override(language):
            block = render_to_string("authoring/blocks/quiz.html")
        page = _PAGE.replace("{language}", language).replace("{block}", block)
        route.fulfill(body=page, content_type="text/html")

    def open_block(*items: dict[str, Any]) -> Page:
        page.route("**/the-desk/", answer)
        page.goto("/the-desk/")
        page.evaluate(_MOUNT, {"items": list(items)})
        return page

    sign_in(page.context, author.account)
    page.goto("/authoring/bank/new/")  # brings the cookie of the forms
    return open_block


def value(page: Page) -> list[dict[str, Any]]:
    """What the block would save."""
    return page.evaluate("handle.value().items")


def question(page: Page, number: int = 1) -> Any:
    return page.locator("li[data-question]").nth(number - 1)


def options(page: Page, number: int = 1) -> Any:
    return question(page, number).locator("[data-o=text]")


@pytest.mark.parametrize("device", ["desktop"])
def test_what_is_to_be_mended_doesnt_push_a_button_away_while_it_is_pressed(
    desk: Callable[..., Page],
) -> None:
    page = desk()
    add = page.get_by_role("button", name="問題を加える", exact=True)
    add.click()
    question(page).locator("[data-q=stem]").fill("何を先に聞きますか")
    page.evaluate(
        "handle.problems(['stem', 'options', 'explanation'].map("
        "(name) => ({field: `items.1.${name}`, message: `直すところ：${name}`})))"
    )
    add.click()
    expect(page.locator("li[data-question]")).to_have_count(2)
    expect(page.get_by_text("直すところ：explanation")).to_be_visible()


@pytest.mark.parametrize("device", ["desktop"])
def test_a_question_is_written_with_the_keyboard_alone(desk: Callable[..., Page], axe: Axe) -> None:
    page = desk()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="問題を加える", exact=True).press("Enter")
    page.keyboard.type("何を先に聞きますか")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")  # several right options
    options(page).first.focus()
    page.keyboard.type("比べる相手")
    page.keyboard.press("Enter")
    page.keyboard.type("予算")
    page.keyboard.press("Enter")
    page.keyboard.type("時期")
    page.keyboard.press("Enter")
    page.keyboard.type("天気")
    page.keyboard.press("Alt+ArrowUp")
    for letter in "AD":
        page.get_by_role("checkbox", name=f"選択肢{letter}が正解").press("Space")
    (item,) = value(page)
    assert (item["kind"], item["stem"], item["weight"]) == ("multiple", "何を先に聞きますか", 1)
    assert [(o["text"], o["correct"]) for o in item["options"]] == [
        ("比べる相手", True),
        ("予算", False),
        ("天気", False),
        ("時期", True),
    ]
    assert len({o["key"] for o in item["options"]}) == 4
    assert "選択肢Cになりました。" in page.evaluate("said")
    axe(page)


@pytest.mark.parametrize("device", ["desktop"])
def test_which_option_is_right_only_its_author_says(desk: Callable[..., Page]) -> None:
    page = desk()
    page.get_by_role("button", name="問題を加える", exact=True).click()
    page.get_by_role("button", name="正誤の問題を加える").click()
    question(page, 1).get_by_text("正誤", exact=True).click()
    question(page, 2).locator("summary").first.click()
    question(page, 2).get_by_role("button", name="複製").click()
    items = value(page)
    assert [item["kind"] for item in items] == ["truefalse"] * 3
    assert not [o for item in items for o in item["options"] if o["correct"]]
    expect(page.locator("[data-o=correct]:checked")).to_have_count(0)
    question(page, 2).get_by_label("選択肢Bが正解").check()
    assert [o["correct"] for o in value(page)[1]["options"]] == [False, True]


@pytest.mark.parametrize("device", ["desktop"])
def test_questions_and_options_are_moved_by_mouse(desk: Callable[..., Page]) -> None:
    page = desk(single("q001"), single("q002"))
    for number in (1, 2):
        question(page, number).locator("[data-fold]").click()
    grip = question(page, 2).locator("[data-grip]").first.bounding_box()
    top = question(page, 1).bounding_box()
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8, top["y"] + 20, steps=5)
    page.mouse.up()
    assert [item["key"] for item in value(page)] == ["q002", "q001"]
    question(page, 1).locator("[data-fold]").click()
    rows = question(page, 1).locator("[data-option]")
    grip, first = rows.nth(2).locator("[data-grip]").bounding_box(), rows.nth(0).bounding_box()
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8, first["y"] + 10, steps=5)
    page.mouse.up()
    assert [o["key"] for o in value(page)[0]["options"]] == ["c", "a", "b", "d"]
    menu = question(page, 1).locator("[data-option]").nth(0).locator("summary")
    menu.click()
    page.get_by_role("button", name="下へ").locator("visible=true").click()
    assert [o["key"] for o in value(page)[0]["options"]] == ["a", "c", "b", "d"]
    expect(question(page, 1).locator("[data-option]").nth(1).locator("summary")).to_be_focused()


@pytest.mark.parametrize("device", ["desktop"])
def test_a_change_of_kind_keeps_what_fits(desk: Callable[..., Page]) -> None:
    page = desk(multiple("q001", right="bc"))
    question(page).get_by_text("1つ選ぶ").click()
    assert [o["key"] for o in value(page)[0]["options"] if o["correct"]] == ["b"]
    page.get_by_role("button", name="正誤の問題を加える").click()
    assert [(o["key"], o["text"]) for o in value(page)[1]["options"]] == [
        ("true", "そのとおり"),
        ("false", "ちがう"),
    ]
    expect(question(page, 2).get_by_role("button", name="選択肢を加える")).to_be_hidden()


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_an_item_of_the_bank_is_picked_and_remembered(
    desk: Callable[..., Page], author: Any, axe: Axe
) -> None:
    item = make_item(author)
    make_item(author, "Q-002", stem="別の問い", skills=("話す",), products=())
    page = desk()
    page.get_by_role("button", name="問題バンクから選ぶ").click()
    dialog = page.get_by_role("dialog", name="問題バンクから選ぶ")
    expect(dialog.get_by_text("2件見つかりました")).to_be_visible()
    axe(page)
    dialog.get_by_label("スキルか製品").select_option("Honami CRM")
    expect(dialog.get_by_text("1件見つかりました")).to_be_visible()
    dialog.get_by_role("button", name="入れる").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="問題バンクから選ぶ")).to_be_focused()
    (picked,) = value(page)
    assert (picked["bank"], picked["stem"], picked["weight"]) == (str(item.pk), DRAFT.stem, 2)
    assert picked["options"] == item.options
    assert picked["key"] != ""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("device", ["desktop"])
def test_a_question_is_kept_in_the_bank(desk: Callable[..., Page]) -> None:
    page = desk(single("q001", stem=""))
    question(page).locator("summary").first.click()
    question(page).get_by_role("button", name="問題バンクに入れる").click()
    dialog = page.get_by_role("dialog", name="問題バンクに入れる")
    dialog.get_by_label("スキル").fill("ヒアリング、質問")
    dialog.get_by_role("button", name="入れる", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("問題文がありません")
    dialog.get_by_role("button", name="何も変えない").click()
    question(page).locator("[data-q=stem]").fill("なぜ聞くのか")
    question(page).locator("summary").first.click()
    question(page).get_by_role("button", name="問題バンクに入れる").click()
    dialog.get_by_role("button", name="入れる", exact=True).click()
    expect(dialog).to_be_hidden()
    item = BankItem.objects.get()
    assert (item.stem, item.skills) == ("なぜ聞くのか", ["ヒアリング", "質問"])
    assert value(page)[0]["bank"] == str(item.pk)


@pytest.mark.parametrize("device", ["desktop"])
def test_problems_stand_at_their_fields_once_a_question_is_left(desk: Callable[..., Page]) -> None:
    page = desk(single("q001"))
    page.get_by_role("button", name="問題を加える", exact=True).click()
    told = [
        {"field": "items.2.stem", "message": "問題文を書いてください"},
        {"field": "items.2.options.2.text", "message": "選択肢を書いてください"},
        {"field": "items.2.options", "message": "正解に印を"},
    ]
    page.evaluate("told => handle.problems(told)", told)
    expect(page.get_by_text("問題文を書いてください")).to_have_count(0)
    options(page, 1).first.focus()
    expect(question(page, 2).locator("[data-q=stem]")).to_have_attribute("aria-invalid", "true")
    wrong = options(page, 2).nth(1)
    described = wrong.get_attribute("aria-describedby")
    expect(page.locator(f"#{described}")).to_have_text("選択肢を書いてください")
    page.evaluate('handle.focus("items.2.options.2.text")')
    expect(wrong).to_be_focused()
    page.evaluate("handle.problems([])")
    expect(page.locator("[data-told]")).to_have_count(0)


@pytest.mark.parametrize("device", ["desktop"])
def test_what_comes_from_outside_changes_only_what_differs(desk: Callable[..., Page]) -> None:
    page = desk(single("q001"), single("q002"))
    options(page, 2).first.focus()
    page.keyboard.type("よく")
    page.evaluate(
        """() => { const now = structuredClone(handle.value());
          now.items[0].stem = "戻した"; now.items.push({...now.items[0], key: "q003"});
          now.items.shift(); handle.set(now); }"""
    )
    assert [item["key"] for item in value(page)] == ["q002", "q003"]
    expect(options(page, 1).first).to_be_focused()
    assert "よく" in options(page, 1).first.input_value()
    page.evaluate("handle.destroy()")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_it_fits_on_a_phone_and_can_be_used_by_thumb(
    desk: Callable[..., Page], axe: Axe, language: str
) -> None:
    page = desk(single("q001", stem="長い問い" * 20), multiple("q002"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll("#card button, #card summary, #card select")]
          .filter((each) => each.offsetParent && each.offsetHeight < 44).map((each) => each.outerHTML)"""
    )
    assert not small
