"""An author writes a module from an empty page: by mouse, and again by keys alone."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from courses.catalog.models import Module
from partners.models import Person
from tests.browser.author import (
    card,
    data_of,
    expect_kinds,
    kinds_of,
    make_author,
    make_draft,
    open_desk,
    said,
    tab_to,
    text_of,
    until,
    write_in,
)

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


def _drag_to_the_top(page: Page, number: int) -> None:
    """Drag a card by its grip above the first one, as a hand does."""
    grip, first = (
        card(page, number).locator("[data-card-grip]").bounding_box(),
        card(page, 1).bounding_box(),
    )
    assert grip
    assert first
    page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(first["x"] + 40, max(first["y"] + 5, 140), steps=8)
    page.wait_for_timeout(1200)  # near the edge the page scrolls along
    box = card(page, 1).bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 5, steps=4)
    page.mouse.up()


@desktop
def test_a_module_is_written_by_mouse(page: Page, author: Person, axe: Axe) -> None:
    module = make_draft()
    open_desk(page, module)
    axe(page)
    page.get_by_label("題名").fill("値引きの前に聞くこと")
    page.locator('[data-nothing-yet] [data-add="text"]').click()
    expect(card(page, 1).locator(".rich-text")).to_be_focused()
    page.keyboard.type("まず聞きます")
    card(page, 1).get_by_role("button", name="見出し", exact=True).click()
    page.keyboard.press("Enter")
    page.keyboard.type("比べる相手は人によって違います。")

    page.locator("[data-document] [data-add-end]").click()
    axe(page)
    page.locator('[data-add-dialog] [value="story"]').click()
    story = card(page, 2)
    story.locator('[data-field="name"]').fill("木村 由紀")
    for field in ("before", "turning_point", "after"):
        story.locator(f'[data-field="{field}"]').fill(f"{field}のこと")
    page.locator("[data-document] [data-add-end]").click()
    page.locator('[data-add-dialog] [value="phrases"]').click()
    expect(card(page, 3).locator("textarea")).to_be_focused()
    page.keyboard.type("何と比べて高いと感じましたか")
    page.keyboard.press("Enter")
    page.keyboard.type("どこで決まりますか")

    _drag_to_the_top(page, 3)
    until(page, lambda: kinds_of(module) == ["phrases", "text", "story"])
    assert data_of(module, "phrases")["lines"] == [
        "何と比べて高いと感じましたか",
        "どこで決まりますか",
    ]
    assert data_of(module, "text")["doc"]["content"][0]["type"] == "heading"
    assert data_of(module, "story")["turning_point"] == "turning_pointのこと"

    card(page, 1).locator("summary").first.click()
    card(page, 1).locator("[data-remove]").click()
    until(page, lambda: kinds_of(module) == ["text", "story"])
    page.locator("[data-removed] [data-undo]").click()
    until(page, lambda: kinds_of(module) == ["phrases", "text", "story"])
    module.refresh_from_db()
    assert module.title == "値引きの前に聞くこと"
    axe(page)


@desktop
def test_what_is_to_be_mended_doesnt_push_a_button_away_while_it_is_pressed(
    page: Page, author: Person
) -> None:
    module = make_draft()
    open_desk(page, module)
    page.locator('[data-nothing-yet] [data-add="story"]').click()
    card(page, 1).locator('[data-field="name"]').fill("木村 由紀")
    expect(page.locator("[data-checks] [data-problems]")).to_contain_text("ストーリー")
    page.locator("[data-document] [data-add-end]").click()
    expect(page.locator('[data-add-dialog] [value="phrases"]')).to_be_visible()
    expect(card(page, 1).locator("[data-problem]").first).to_be_visible()


@desktop
def test_a_module_is_written_by_keys_alone(page: Page, author: Person, axe: Axe) -> None:
    module = make_draft()
    open_desk(page, module)
    tab_to(page, '[data-doc="title"]')
    page.keyboard.type("鍵だけで")
    tab_to(page, '[data-nothing-yet] [data-add="text"]')
    page.keyboard.press("Enter")
    expect(card(page, 1).locator(".rich-text")).to_be_focused()
    page.keyboard.type("はじめの行")
    page.keyboard.press("Enter")
    page.keyboard.type("/みだし")
    expect(page.locator('[data-slash] [aria-selected="true"]')).to_have_text("見出し")
    axe(page)
    page.keyboard.press("Enter")
    page.keyboard.type("ふたつめ")
    page.keyboard.press("Alt+F10")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(card(page, 1).locator(".rich-text")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("/story")
    expect(page.locator('[data-slash] [aria-selected="true"]')).to_have_text("ストーリー")
    page.keyboard.press("Enter")
    expect_kinds(page, "本文", "ストーリー")
    tab_to(page, '[data-field="name"]')
    page.keyboard.type("木村 由紀")
    page.keyboard.press("Control+Enter")
    tab_to(page, '[data-add-dialog] [value="phrases"]')
    page.keyboard.press("Enter")
    expect(card(page, 3).locator("textarea")).to_be_focused()
    page.keyboard.type("一行目")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.type("です")
    until(page, lambda: kinds_of(module) == ["text", "phrases", "story"])
    until(page, lambda: data_of(module, "phrases")["lines"] == ["一行目です"])
    doc = data_of(module, "text")["doc"]["content"]
    assert [node["type"] for node in doc] == ["paragraph", "heading"]
    assert doc[1]["attrs"]["level"] == 3

    for _ in range(30):
        page.keyboard.press("Control+z")
    expect(page.locator("[data-nothing-yet]")).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Control+y")
    until(page, lambda: kinds_of(module) == ["text", "phrases", "story"])
    assert data_of(module, "phrases")["lines"] == ["一行目です"]


@desktop
def test_the_slash_menu_parts_a_text(page: Page, author: Person) -> None:
    module = make_draft(said("前", "後"))
    open_desk(page, module)
    card(page, 1).locator(".rich-text p").first.click()
    page.keyboard.press("End")
    page.wait_for_timeout(50)
    page.keyboard.press("Enter")
    page.keyboard.type("／person")
    page.keyboard.press("Enter")
    until(page, lambda: kinds_of(module) == ["text", "person", "text"])
    assert text_of(module) == "前\n\n後\n"
    page.keyboard.press("Control+z")
    until(page, lambda: kinds_of(module) == ["text"])


@everywhere
def test_the_desk_is_usable_and_fits(
    page: Page, author: Person, axe: Axe, device: str, language: str
) -> None:
    story = {"name": "木村", "before": "", "turning_point": "", "after": ""}
    module = make_draft(
        said("長い文章" * 30),
        ("story", story),
        ("phrases", {"lines": ["一"]}),
        ("person", {"name": "白石"}),
        ("image", {"asset": None, "alt": ""}),
        title="画面に収まる",
    )
    open_desk(page, module)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    field = card(page, 2).locator('[data-field="before"]')
    expect(field).to_have_attribute("aria-invalid", "true")
    page.locator("[data-problems] a").first.click()
    expect(page.locator(":focus")).to_have_attribute("data-field", "before")
    write_in(page, 1)
    page.keyboard.type(" /")
    expect(page.locator("[data-slash]")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_wrong_with_a_text_stands_clear_of_its_border(page: Page, author: Person) -> None:
    module = make_draft(("text", {"doc": {"type": "doc", "content": []}}), title="空の文章")
    open_desk(page, module)
    note = card(page, 1).locator(".rich [data-problem]")
    expect(note).to_be_visible()
    assert note.evaluate("(e) => parseFloat(getComputedStyle(e).paddingInlineStart)") >= 12


@pytest.mark.parametrize(
    ("device", "language", "words"),
    [("desktop", "en", "3 Jun 2025, 08:30"), ("desktop", "ja", "2025年6月3日 08:30")],
)
def test_the_desk_tells_the_clients_time(
    new_context: Callable[..., BrowserContext],
    sign_in: SignIn,
    device: str,
    language: str,
    words: str,
) -> None:
    module = make_draft(said("前に書いたこと"), title="去年の下書き")
    long_ago = dt.datetime(2025, 6, 2, 23, 30, tzinfo=dt.UTC)
    Module.objects.filter(pk=module.pk).update(created_at=long_ago)
    elsewhere = new_context(timezone_id="America/New_York")
    sign_in(elsewhere, make_author(language=language).account)
    page = elsewhere.new_page()
    open_desk(page, module)
    expect(page.locator("[data-sync]")).to_contain_text(words)
