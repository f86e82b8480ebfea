"""A word that a reader doesn't know: tapped, read, closed, also by keys, without script and without network."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from core.scope import CLIENT, scoped
from courses.catalog.models import Module, Term
from courses.progress.publishing import publish
from tests.browser.learner import make_rep, module_address, settle
from tests.courses.factories import make_module

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

MEANING = "書類を順に回して、社内の承認を集める決め方です。"


@pytest.fixture
def lesson() -> Module:
    """A module whose text uses a term twice."""
    term = Term.objects.create(word="稟議", reading="りんぎ", meaning=MEANING)
    word = {
        "type": "text",
        "text": "稟議",
        "marks": [{"type": "term", "attrs": {"term": str(term.pk)}}],
    }
    told = {"type": "text", "text": "は、あなたのいない部屋で決まります。お客様の"}
    paragraph = {"type": "paragraph", "content": [word, told, word]}
    return make_module(blocks=[("text", {"doc": {"type": "doc", "content": [paragraph]}})])


@pytest.fixture
def reader(page: Page, sign_in: SignIn) -> Page:
    """The page of a rep who has been here before."""
    sign_in(page.context, make_rep().account)
    settle(page)
    return page


def word(page: Page) -> Locator:
    """Return the one word that can be tapped."""
    found = page.locator("dfn > button")
    expect(found).to_have_count(1)
    return found


def meaning(page: Page) -> Locator:
    """Return what the word means."""
    return page.get_by_role("note")


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_a_tap_shows_reading_and_meaning_and_another_closes_it(
    reader: Page, lesson: Module, axe: Axe, device: str
) -> None:
    reader.goto(module_address(lesson))
    expect(meaning(reader)).to_be_hidden()
    word(reader).click()
    expect(meaning(reader)).to_contain_text("りんぎ")
    expect(meaning(reader)).to_contain_text(MEANING)
    axe(reader)
    meaning(reader).get_by_role("button").click()
    expect(meaning(reader)).to_be_hidden()
    word(reader).click()
    reader.locator("h1").click()
    expect(meaning(reader)).to_be_hidden()


def test_the_finger_s_target_is_higher_than_the_line(reader: Page, lesson: Module) -> None:
    reader.goto(module_address(lesson))
    box = word(reader).bounding_box()
    assert box
    reader.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] - 6)
    expect(meaning(reader)).to_be_visible()


def test_no_line_begins_with_the_full_stop_after_a_term(reader: Page, lesson: Module) -> None:
    block = lesson.blocks.get(position=1)
    mark = block.data["doc"]["content"][0]["content"][0]
    told = [{"type": "text", "text": "あ" * 20}, mark, {"type": "text", "text": "。次に進みます。"}]
    block.data["doc"]["content"][0]["content"] = told
    block.save()
    with scoped(CLIENT):
        publish(module_id=lesson.pk, by=None)
    reader.goto(module_address(lesson))
    word(reader).wait_for()
    apart = reader.evaluate(
        """() => {
          const button = document.querySelector("dfn > button");
          const paragraph = button.closest("p");
          const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
          while (texts.nextNode() && !texts.currentNode.data.startsWith("。"));
          const stop = document.createRange();
          stop.setStart(texts.currentNode, 0);
          stop.setEnd(texts.currentNode, 1);
          const middle = ({ top, bottom }) => (top + bottom) / 2;
          const found = [];
          for (let width = 328; width > 80; width -= 1) {
            paragraph.style.inlineSize = `${width}px`;
            const distance = middle(stop.getBoundingClientRect()) - middle(button.getBoundingClientRect());
            if (Math.abs(distance) > 8) found.push(width);
          }
          return found;
        }"""
    )
    assert apart == []


def test_keys_open_and_close_it_and_the_focus_comes_back(reader: Page, lesson: Module) -> None:
    reader.goto(module_address(lesson))
    word(reader).focus()
    reader.keyboard.press("Enter")
    expect(meaning(reader)).to_be_visible()
    reader.keyboard.press("Tab")
    expect(meaning(reader).get_by_role("button")).to_be_focused()
    reader.keyboard.press("Escape")
    expect(meaning(reader)).to_be_hidden()
    expect(word(reader)).to_be_focused()


def test_it_needs_no_script(
    new_context: Callable[..., BrowserContext], sign_in: SignIn, lesson: Module
) -> None:
    context = new_context(java_script_enabled=False)
    sign_in(context, make_rep().account)
    page = context.new_page()
    page.goto(module_address(lesson))
    word(page).click()
    expect(meaning(page)).to_be_visible()


def test_in_a_kept_module_it_needs_no_network(reader: Page, lesson: Module) -> None:
    reader.goto(module_address(lesson))
    reader.locator('[data-keep-if="none"]').click()
    expect(reader.locator('[data-keep-if="kept"]')).to_be_visible()
    reader.context.set_offline(True)
    reader.goto(module_address(lesson))
    word(reader).click()
    expect(meaning(reader)).to_contain_text(MEANING)


def test_the_word_list_is_one_tap_from_learning_and_stays_readable_without_network(
    reader: Page, lesson: Module
) -> None:
    reader.goto("/learn/")
    reader.get_by_role("link", name="用語集").click()
    expect(reader.locator("dt")).to_contain_text("稟議")
    reader.context.set_offline(True)
    reader.reload()
    expect(reader.locator("dd")).to_contain_text(MEANING)
