"""From no course at all to a published module of words, a term, a video and a quiz: by mouse, and by keys alone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from courses.catalog.models import Module
from partners.models import Person
from tests.browser.author import (
    card,
    data_of,
    kinds_of,
    make_author,
    tab_to,
    until,
)
from tests.browser.people import fill, send

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("device", ["desktop"]),
]

SignIn = Callable[[BrowserContext, Any], None]

CLIP = Path(__file__).resolve().parents[2] / "lms/demo/content/media/clips/price.mp4"


@pytest.fixture
def author(page: Page, sign_in: SignIn) -> Person:
    """An author, signed in, with nothing written yet."""
    author = make_author()
    sign_in(page.context, author.account)
    return author


def desk_is_open(page: Page) -> Module:
    """Return the module whose desk has just been opened."""
    page.wait_for_selector("[data-desk-ready]", state="attached")
    return Module.objects.get()


def test_a_course_is_made_and_published_by_mouse(page: Page, author: Person) -> None:
    page.goto("/authoring/")
    page.locator('main a[href$="/courses/new/"]').first.click()
    fill(page, title="商談の進め方")
    send(page)
    fill(page, title="値引きの前に聞くこと")
    page.locator('[name="template"][value="empty"]').check()
    send(page)
    module = desk_is_open(page)

    card(page, 1).locator(".rich-text").click()
    page.keyboard.type("稟議")
    page.keyboard.press("Control+a")
    page.wait_for_timeout(50)
    card(page, 1).locator('[data-do="term"]').click()
    page.locator("[data-term-new] summary").click()
    page.locator("#term-reading").fill("りんぎ")
    page.locator("#term-meaning").fill("社内で承認をもらう手続き")
    page.locator("[data-term-add]").click()
    until(page, lambda: '"term"' in json.dumps(data_of(module, "text")))

    page.locator("[data-document] [data-add-end]").click()
    page.locator('[data-add-dialog] [value="video"]').click()
    card(page, 2).locator('input[type="file"]').set_input_files(CLIP)
    page.locator("[data-document] [data-add-end]").click()
    page.locator('[data-add-dialog] [value="quiz"]').click()
    quiz = card(page, 3)
    quiz.locator('[data-add-question="single"]').click()
    quiz.locator('[data-q="stem"]').fill("まず何を聞きますか")
    texts = quiz.locator('[data-o="text"]')
    for place in range(texts.count()):
        texts.nth(place).fill(f"答え{place + 1}")
    quiz.locator('[data-o="correct"]').first.check()
    until(page, lambda: kinds_of(module) == ["text", "video", "quiz"])
    expect(card(page, 2).locator("[data-film]")).to_be_visible()
    expect(page.locator("[data-problems]")).to_be_hidden()
    publish(page)
    module.refresh_from_db()
    assert module.version is not None
    assert [block["kind"] for block in module.version.document["blocks"]] == kinds_of(module)


def test_a_course_is_made_and_published_by_keys_alone(page: Page, author: Person) -> None:
    page.goto("/authoring/")
    tab_to(page, 'main a[href$="/courses/new/"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses/new/")
    tab_to(page, '[name="title"]')
    page.keyboard.type("商談の進め方")
    page.keyboard.press("Enter")
    page.wait_for_url("**/modules/new/")
    tab_to(page, '[name="title"]')
    page.keyboard.type("鍵だけで書く")
    tab_to(page, '[name="template"][value="empty"]')
    page.keyboard.press("Enter")
    module = desk_is_open(page)

    tab_to(page, ".rich-text")
    page.keyboard.type("まず聞きます。")
    page.keyboard.press("Control+Enter")
    tab_to(page, '[data-add-dialog] [value="quiz"]')
    page.keyboard.press("Enter")
    tab_to(page, '[data-add-question="truefalse"]')
    page.keyboard.press("Enter")
    expect(card(page, 2).locator('[data-q="stem"]')).to_be_focused()
    page.keyboard.type("比べる相手を聞く")
    tab_to(page, '[data-o="correct"]')
    page.keyboard.press("Space")
    until(page, lambda: kinds_of(module) == ["text", "quiz"])
    expect(page.locator("[data-problems]")).to_be_hidden()
    tab_to(page, "[data-publish]", key="Shift+Tab", most=90)
    page.keyboard.press("Enter")
    page.wait_for_url("**/publish/")
    tab_to(page, 'button[value="now"]')
    page.keyboard.press("Enter")
    until(page, lambda: Module.objects.get().version_id)


def publish(page: Page) -> None:
    """Go from the desk to publishing, and publish at once."""
    page.locator("[data-publish]").click()
    page.locator('button[value="now"]').click()
    until(page, lambda: Module.objects.get().version_id)
