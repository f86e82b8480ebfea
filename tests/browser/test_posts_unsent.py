"""A post that isn't published yet: without network it stays as it is, and what was begun is kept on the device."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from courses.posts.models import Post
from tests.browser.author import make_author, until
from tests.browser.learner import settle
from tests.browser.test_posts import PUBLISH, Thumb, thumb

__all__ = ["thumb"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DRAFT = "localStorage.getItem('tomoni-draft-post')"


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", "送信していません"), ("en", "this wasn't sent")],
)
def test_without_network_nothing_is_sent_and_nothing_lost(
    thumb: Thumb, axe: Callable[[Page], None], language: str, words: str
) -> None:
    page = thumb.page
    page.goto("/posts/new/")
    page.wait_for_selector("[data-post-buttons]:visible")
    page.locator("#id_text").fill("けさの話です。")
    page.context.set_offline(True)
    page.locator(PUBLISH).tap()
    said = page.locator("[data-unsent]")
    expect(said).to_contain_text(words)
    axe(page)
    page.locator(PUBLISH).tap()
    expect(said).to_have_count(1)
    expect(page.locator("#id_text")).to_have_value("けさの話です。")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert not Post.objects.exists()
    page.context.set_offline(False)
    expect(said).to_have_count(0)
    page.locator(PUBLISH).tap()
    page.wait_for_url("**/posts/")
    assert Post.objects.count() == 1


def test_a_network_that_only_seems_to_be_there_leaves_the_form_as_it_is(thumb: Thumb) -> None:
    page = thumb.page
    settle(page)
    page.goto("/posts/new/")
    page.wait_for_selector("[data-post-buttons]:visible")
    page.locator("#id_text").fill("けさの話です。")
    page.context.route("**/posts/new/", lambda route: route.abort())  # also what the worker sends
    page.locator(PUBLISH).tap()
    said = page.locator("[data-unsent]")
    expect(said).to_be_visible()
    said.get_by_role("button").tap()
    expect(said).to_have_count(0)
    expect(page).to_have_url(re.compile("/posts/new/$"))
    expect(page.locator("#id_text")).to_have_value("けさの話です。")
    page.context.unroute("**/posts/new/")
    page.locator(PUBLISH).tap()
    page.wait_for_url("**/posts/")
    assert Post.objects.count() == 1


def test_what_was_begun_is_there_again_until_it_is_published_or_thrown_away(
    thumb: Thumb, axe: Callable[[Page], None]
) -> None:
    page = thumb.page
    text, title = page.locator("#id_text"), page.locator("#id_title")
    page.goto("/posts/new/")
    expect(page.locator("[data-post-draft]")).to_be_hidden()
    text.fill("新機能が出ました。今日お伝えください。")
    page.goto("/")
    page.goto("/posts/new/")
    expect(text).to_have_value("新機能が出ました。今日お伝えください。")
    expect(title).to_have_value("新機能が出ました")
    axe(page)
    page.locator("[data-post-afresh]").tap()
    expect(text).to_have_value("")
    expect(page.locator("[data-post-draft]")).to_be_hidden()
    page.reload()
    expect(text).to_have_value("")
    text.fill("けさの話です。")
    title.fill("朝のひとこと")
    page.reload()
    text.press_sequentially("続きもあります。")
    expect(title).to_have_value("朝のひとこと")
    page.locator(PUBLISH).tap()
    page.wait_for_url("**/posts/")
    until(page, lambda: page.evaluate(DRAFT) is None)
    page.goto("/posts/new/")
    expect(text).to_have_value("")


def test_what_was_begun_is_its_persons_alone_and_goes_away_at_sign_out(
    thumb: Thumb, sign_in: Callable[[BrowserContext, Any], None]
) -> None:
    page = thumb.page
    page.goto("/posts/new/")
    page.locator("#id_text").fill("まだ秘密の話です。")
    sign_in(page.context, make_author(language="ja").account)
    page.goto("/posts/new/")
    expect(page.locator("#id_text")).to_have_value("")
    page.locator("#id_text").fill("別の人の話です。")
    page.goto("/")
    page.locator('[data-opens="mine"]').click()
    page.locator('form[action$="/logout/"] button').click()
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate(DRAFT) is None
