"""What a rep keeps on the phone: modules that work without network, renew themselves, and can be removed."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.scope import CLIENT, scoped
from courses.progress.models import Heartbeat
from courses.progress.publishing import publish
from tests.browser.learner import (
    ROWS,
    answer,
    assert_handed_in_once,
    expect_result,
    go,
    make_lesson,
    make_rep,
    module_address,
    settle,
    until,
)
from tests.courses.factories import make_module
from tests.plugin.patience import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
NewContext = Callable[..., BrowserContext]


def keep(page: Page) -> None:
    """Keep the module that is shown."""
    page.locator('[data-keep-if="none"]').click()
    expect(page.locator('[data-keep-if="kept"]')).to_be_visible()


def test_a_module_kept_on_the_phone_works_without_network(
    page: Page, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    settle(page)
    page.goto(module_address(module))
    keep(page)
    page.goto("/learn/")
    expect(page.locator("[data-shelf-kept]")).to_be_visible()
    page.context.set_offline(True)
    page.goto("/ranking/")
    axe(page)
    page.get_by_role("link", name=module.title).click()
    page.locator("[data-play]").click()
    until(page, "document.querySelector('video').currentTime > 1")
    page.evaluate("document.querySelector('video').currentTime = 30")
    until(page, "document.querySelector('video').currentTime > 30.5")
    assert page.evaluate(
        "[...document.querySelector('video').textTracks].some((t) => t.cues?.length)"
    )
    assert page.evaluate("document.querySelector('.who img').naturalWidth") > 0
    page.evaluate("document.querySelector('video').pause()")
    page.locator(".act .btn").click()
    answer(page)
    go(page).click()
    expect(page.locator('[data-waiting-if="kept"]')).to_be_visible()
    assert page.evaluate(ROWS, "beats"), "the time waits on the phone as well"
    page.context.set_offline(False)
    expect_result(page)
    assert_handed_in_once(rep)
    wait_until(Heartbeat.objects.filter(kind="video").exists, "the watched time came in as well")


def test_a_module_without_a_quiz_can_be_kept(page: Page, sign_in: SignIn) -> None:
    sign_in(page.context, make_rep().account)
    settle(page)
    page.goto(module_address(make_module(items=[])))
    keep(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".prose")).to_contain_text("比べる相手を聞く")


def test_who_taps_a_kept_module_gets_there_also_when_the_network_comes_back_just_then(
    page: Page, sign_in: SignIn
) -> None:
    module = make_lesson()
    sign_in(page.context, make_rep().account)
    settle(page)
    page.goto(module_address(module))
    keep(page)
    page.context.set_offline(True)
    page.goto("/ranking/")
    link = page.get_by_role("link", name=module.title)
    link.evaluate("(link) => { link.click(); dispatchEvent(new Event('online')); }")
    expect(page.locator("[data-play]")).to_be_visible()


def test_a_kept_module_says_when_there_is_a_newer_version_and_is_renewed(
    page: Page, sign_in: SignIn
) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    settle(page)
    page.goto(module_address(module))
    keep(page)
    module.blocks.create(key="news", kind="phrases", data={"lines": ["新しいひとこと"]}, position=1)
    with scoped(CLIENT):
        publish(module_id=module.pk, by=None)
    page.reload()
    page.get_by_role("button", name="新しい版を端末に保存").click()
    expect(page.locator('[data-keep-if="kept"]')).to_be_visible()
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".prose")).to_contain_text("新しいひとこと")


def test_what_is_kept_can_be_removed_and_signing_out_removes_all(
    page: Page, sign_in: SignIn
) -> None:
    rep = make_rep()
    module = make_lesson()
    sign_in(page.context, rep.account)
    settle(page)
    page.goto(module_address(module))
    keep(page)
    page.locator("[data-keep-remove]").click()
    expect(page.locator('[data-keep-if="none"]')).to_be_visible()
    keep(page)
    page.goto("/")
    page.locator('[data-opens="mine"]').click()
    page.get_by_role("button", name="ログアウト").click()
    page.wait_for_url("**/accounts/login/**")
    until(page, "!(await caches.keys()).some((name) => /^(kept|pages):/.test(name))")
    page.context.set_offline(True)
    page.goto(module_address(module))
    expect(page.get_by_role("heading", level=1)).to_have_text("オフラインです")
