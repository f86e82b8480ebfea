"""Terms, links and pictures at the desk."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from courses.catalog.models import Module, Term
from courses.catalog.richtext import render
from tests.browser.author import (
    card,
    data_of,
    make_author,
    make_draft,
    open_desk,
    said,
    tab_to,
    until,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("device", ["desktop"]),
]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

STILL = Path(__file__).resolve().parents[2] / "lms/demo/content/media/pictures/price.webp"


@pytest.fixture
def draft(page: Page, sign_in: SignIn) -> Module:
    """A text of one word, chosen by an author."""
    sign_in(page.context, make_author().account)
    draft = make_draft(said("稟議"), ("image", {"asset": None, "alt": ""}))
    open_desk(page, draft)
    card(page, 1).locator(".rich-text").click()
    page.keyboard.press("Control+a")
    page.wait_for_timeout(50)
    return draft


def marks_of(module: Module) -> list[dict[str, Any]]:
    """Return the marks of the first word."""
    paragraph = data_of(module, "text")["doc"]["content"][0]
    return list(paragraph["content"][0].get("marks", []))


def test_a_word_is_marked_as_a_term_of_the_list(page: Page, draft: Module, axe: Axe) -> None:
    term = Term.objects.create(word="稟議", reading="りんぎ", meaning="社内で承認をもらう手続き")
    card(page, 1).locator('[data-do="term"]').click()
    expect(page.locator("[data-term-dialog] [role=option]")).to_contain_text("りんぎ")
    axe(page)
    page.keyboard.press("Enter")
    until(page, lambda: marks_of(draft) == [{"type": "term", "attrs": {"term": str(term.pk)}}])


def test_a_word_that_is_not_in_the_list_is_added_to_it(page: Page, draft: Module) -> None:
    card(page, 1).locator('[data-do="term"]').click()
    expect(page.locator("[data-term-none]")).to_be_visible()
    page.locator("[data-term-new] summary").click()
    page.locator("#term-reading").fill("りんぎ")
    page.locator("#term-meaning").fill("社内で承認をもらう手続き")
    page.locator("[data-term-add]").click()
    until(page, lambda: marks_of(draft))
    term = Term.objects.get()
    assert (term.word, term.reading) == ("稟議", "りんぎ")
    assert marks_of(draft)[0]["attrs"]["term"] == str(term.pk)


def test_a_link_leads_to_a_whole_and_harmless_address(page: Page, draft: Module) -> None:
    page.keyboard.press("Control+k")
    address = page.locator("#link-address")
    address.fill("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(page.locator("[data-link-error]")).to_be_visible()
    address.fill("ｅxample.com/価格")
    page.keyboard.press("Enter")
    until(page, lambda: marks_of(draft))
    assert marks_of(draft) == [{"type": "link", "attrs": {"href": "https://example.com/価格"}}]


def test_a_table_is_made_and_left_by_keys(page: Page, draft: Module, axe: Axe) -> None:
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(50)
    page.keyboard.press("Enter")
    page.keyboard.type("/ひょう")
    page.keyboard.press("Enter")
    expect(card(page, 1).locator("[data-in-table]")).to_be_visible()
    page.keyboard.type("甲")
    page.keyboard.press("Tab")
    page.keyboard.type("乙")
    page.keyboard.press("Alt+F10")
    tab_to(page, '[data-do="row-below"]', key="ArrowRight")
    page.keyboard.press("Enter")
    expect(card(page, 1).locator(".rich-text")).to_be_focused()
    axe(page)
    until(page, lambda: "乙" in render(data_of(draft, "text")["doc"]))
    until(page, lambda: render(data_of(draft, "text")["doc"]).count("<tr>") == 4)
    tab_to(page, "[data-pick-choose]", most=16)
    assert render(data_of(draft, "text")["doc"]).count("<tr>") == 4


def test_a_picture_is_chosen_from_a_file_and_again_from_the_library(
    page: Page, draft: Module, axe: Axe
) -> None:
    card(page, 2).locator('input[type="file"]').set_input_files(STILL)
    until(page, lambda: data_of(draft, "image")["asset"])
    asset = data_of(draft, "image")["asset"]
    expect(card(page, 2).locator("[data-pick-image]")).to_be_visible()
    card(page, 2).locator("[data-pick-remove]").click()
    until(page, lambda: not data_of(draft, "image")["asset"])
    card(page, 2).locator("[data-pick-library]").click()
    tile = page.locator("[data-library-list] button")
    expect(tile).to_have_count(1)
    axe(page)
    tile.click()
    until(page, lambda: data_of(draft, "image")["asset"] == asset)


def test_what_is_no_picture_is_said_at_its_place(page: Page, draft: Module) -> None:
    broken = {"name": "x.png", "mimeType": "image/png", "buffer": b"no picture at all"}
    card(page, 2).locator('input[type="file"]').set_input_files(broken)
    expect(card(page, 2).locator("[data-pick-error]")).to_be_visible()
    assert data_of(draft, "image")["asset"] is None
