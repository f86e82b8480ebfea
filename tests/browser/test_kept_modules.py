"""What a rep keeps on the phone: modules that work without network, renew themselves, and can be removed."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

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


def test_home_marks_what_is_on_the_phone_and_without_network_what_is_not(
    page: Page, sign_in: SignIn, axe: Callable[[Page], None]
) -> None:
    sign_in(page.context, make_rep().account)
    modules = {str(module.pk): module for module in (make_lesson(), make_module(), make_module())}
    settle(page)
    page.goto("/")
    first = page.locator(".next").get_attribute("data-shelf") or ""
    rows = page.locator("a[data-shelf]")
    last, opened = (row.get_attribute("data-shelf") or "" for row in rows.all())
    page.goto(module_address(modules[opened]))
    page.goto(module_address(modules[first]))
    keep(page)
    page.goto("/")
    expect(kept_mark(page, first)).to_be_visible()
    expect(kept_mark(page, last)).to_be_hidden()
    expect(away_mark(page, last)).to_be_hidden()
    page.context.set_offline(True)
    expect(away_mark(page, last)).to_be_visible()
    expect(away_mark(page, first)).to_be_hidden()
    expect(away_mark(page, opened)).to_be_hidden()
    page.reload()
    expect(kept_mark(page, first)).to_be_visible()
    expect(away_mark(page, last)).to_be_visible()
    axe(page)
    page.locator(f'a[data-shelf="{last}"]').click()
    expect(page.locator(".banner")).to_contain_text(modules[last].title)


def kept_mark(page: Page, module: str) -> Locator:
    """Return where a module is said to be on this phone."""
    return page.locator(f'[data-shelf="{module}"] [data-shelf-kept]')


def away_mark(page: Page, module: str) -> Locator:
    """Return where a module is said not to open now."""
    return page.locator(f'[data-shelf="{module}"] [data-shelf-away]')


@pytest.mark.parametrize("language", ["ja", "en"])
def test_without_network_one_sees_which_page_was_wanted_and_where_one_can_go(
    page: Page, sign_in: SignIn, axe: Callable[[Page], None], language: str
) -> None:
    rep = make_rep(language=language)
    sign_in(page.context, rep.account)
    module = make_lesson()
    settle(page)
    page.goto(module_address(module))
    keep(page)
    page.goto("/")
    tabs = page.locator(".nav .tabs a").all_inner_texts()
    page.context.set_offline(True)
    page.evaluate(LEARN, [str(rep.pk), str(module.pk)])
    for address, name in WANTED[language].items():
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text(OFFLINE[language])
        expect(page.locator("[data-wanted]:visible")).to_contain_text(name)
        assert page.locator(".nav .tabs a").all_inner_texts() == tabs
        at = [link.get_attribute("href") for link in page.locator(".nav [aria-current]").all()]
        assert at == ([address] if address in {"/ranking/", "/record/"} else [])
    axe(page)
    expect(page.locator("[data-waiting-list]")).to_contain_text(BRIEFLY[language])
    expect(page.locator("[data-kept-list]")).to_contain_text(module.title)
    assert page.locator("[data-pages-list] a").count() == 2
    assert page.locator(".nav form").count() == 0, "what can't be sent isn't offered"
    page.locator('.nav a[href="/learn/"]').click()
    expect(page.locator("[data-shelf]")).to_have_count(1)


WANTED = {
    "ja": {
        "/ranking/": "順位",
        "/record/": "記録",
        "/profile/": "プロフィール",
        "/terms/": "用語集",
        "/notices/": "お知らせ",
    },
    "en": {
        "/ranking/": "Ranking",
        "/record/": "Record",
        "/profile/": "Profile",
        "/terms/": "Glossary",
        "/notices/": "Notices",
    },
}
OFFLINE = {"ja": "オフラインです", "en": "You're offline"}
BRIEFLY = {"ja": "送信待ち（1分未満）", "en": "less than a minute"}
LEARN = """([person, module]) => new Promise((resolve) => {
  indexedDB.open("tomoni").onsuccess = ({ target }) => {
    const now = { at: new Date().toISOString(), session: crypto.randomUUID(), seq: 0 };
    const row = { ...now, person, module, kind: "reading", seconds: 1 };
    target.result.transaction("beats", "readwrite").objectStore("beats").put(row).onsuccess = resolve;
  };
})"""
"""Keeps a second of learning on the phone."""


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
    page.goto("/ranking/")
    expect(page.locator("[data-wanted-name]")).to_have_text("順位")
    expect(page.locator(".nav, [data-pages] a, [data-kept] a")).to_have_count(0)
    assert rep.family_name not in page.content()
    assert module.title not in page.content()
