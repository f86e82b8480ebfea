"""What an author wrote is never lost and never written over: two authors, a killed browser, no network, no session."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from courses.catalog.models import Module
from partners.models import Person
from tests.browser.author import (
    card,
    data_of,
    make_author,
    make_draft,
    open_desk,
    said,
    text_of,
    until,
    write_in,
)
from tests.partners.factories import make_person
from tests.plugin.browser import chromium_options
from tests.plugin.processes import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("device", ["desktop"]),
]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]
NewContext = Callable[..., BrowserContext]

MOST_LOST = 2.0
STATE = "[data-sync]"


@pytest.fixture
def author(page: Page, sign_in: SignIn) -> Person:
    """An author, signed in."""
    author = make_author(family_name="佐藤", given_name="花")
    sign_in(page.context, author.account)
    return author


@pytest.fixture
def draft(author: Person) -> Module:
    """A draft of a text and some lines."""
    return make_draft(said("はじめ"), ("phrases", {"lines": ["一行目"]}), title="二人で書く")


@pytest.fixture
def other(author: Person, draft: Module, new_context: NewContext, sign_in: SignIn) -> Page:
    """The same draft before another author's eyes."""
    colleague = make_person(
        author.organisation, roles=["author"], family_name="鈴木", given_name="一"
    )
    context = new_context()
    sign_in(context, colleague.account)
    page = context.new_page()
    open_desk(page, draft)
    return page


def add_line(page: Page, text: str) -> None:
    """Write a second sentence into the lines."""
    card(page, 2).locator("textarea").first.focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type(text)


def add_words(page: Page, text: str) -> None:
    """Go on with the text."""
    write_in(page, 1)
    page.keyboard.type(text)


def test_what_differs_is_seen_when_two_versions_are_compared(page: Page, site: Site) -> None:
    page.goto("/accounts/login/")

    def lines(**data: Any) -> list[str]:
        address = "/static/authoring/desk/document.js"
        told: list[str] = page.evaluate(
            "([address, data]) => import(address).then(({ plain }) => plain({ data }, true))",
            [address, data],
        )
        return told

    options: list[dict[str, Any]] = [
        {"key": "a", "text": "はい", "correct": True},
        {"key": "b", "text": "いいえ"},
    ]
    item: dict[str, Any] = {"key": "q001", "kind": "single", "stem": "届きますか"}
    item["options"] = options
    assert lines(items=[item]) == ["届きますか", "✓ はい", "・ いいえ"]
    assert lines(items=[{**item, "weight": 2}])[0] == "届きますか ×2"
    moved = [{**options[0], "correct": False}, {**options[1], "correct": True}]
    assert lines(items=[{**item, "options": moved}])[1:] == ["・ はい", "✓ いいえ"]
    files = [f"019a9c4e-b000-7d00-8c11-aa2b3c4d5e0{n}" for n in (1, 2)]
    one, other = (lines(asset=file, alt="倉庫") for file in files)
    assert (one[0], one == other) == ("倉庫", False)
    story = {"quote": "助かった", "after": "早い", "before": "遅い", "name": "佐藤"}
    assert lines(**story) == ["佐藤", "遅い", "早い", "助かった"]


def test_changes_of_two_authors_are_joined_when_asked(
    page: Page, draft: Module, other: Page, axe: Axe
) -> None:
    open_desk(page, draft)
    add_line(other, "鈴木の行")
    until(page, lambda: len(data_of(draft, "phrases")["lines"]) == 2)
    add_words(page, "と、つづき")
    notice = page.locator("[data-conflict]")
    expect(notice).to_contain_text("鈴木 一")
    axe(page)
    assert text_of(draft) == "はじめ\n"
    page.locator('[data-resolve="join"]').click()
    until(page, lambda: text_of(draft) == "はじめと、つづき\n")
    assert data_of(draft, "phrases")["lines"] == ["一行目", "鈴木の行"]
    expect(notice).to_be_hidden()
    expect(card(page, 2).locator("textarea").nth(1)).to_have_value("鈴木の行")


@pytest.mark.parametrize(
    ("way", "kept"), [("theirs", "はじめ・鈴木\n"), ("mine", "はじめ・佐藤\n")]
)
def test_who_wrote_at_the_same_place_chooses(
    page: Page, draft: Module, other: Page, way: str, kept: str
) -> None:
    open_desk(page, draft)
    add_words(other, "・鈴木")
    until(page, lambda: "鈴木" in text_of(draft))
    add_words(page, "・佐藤")
    expect(page.locator("[data-conflict]")).to_be_visible()
    expect(page.locator('[data-resolve="join"]')).to_be_hidden()
    assert text_of(draft) == "はじめ・鈴木\n"
    page.locator(f'[data-resolve="{way}"]').click()
    expect(page.locator(f'{STATE}[data-state="desk-saved"]')).to_be_visible()
    until(page, lambda: text_of(draft) == kept)
    expect(card(page, 1).locator(".rich-text")).to_have_text(kept.strip())
    page.keyboard.press("Control+z")
    if way == "theirs":
        expect(card(page, 1).locator(".rich-text")).to_have_text("はじめ・佐藤")


def test_the_other_window_of_one_person_is_called_so(
    page: Page, author: Person, draft: Module
) -> None:
    open_desk(page, draft)
    twin = page.context.new_page()
    open_desk(twin, draft)
    add_words(twin, "・別の画面")
    until(page, lambda: "別の画面" in text_of(draft))
    add_words(page, "・この画面")
    notice = page.locator("[data-conflict]")
    expect(notice).to_contain_text("別の画面で、あなたが")
    expect(notice).not_to_contain_text("相手")
    expect(page.locator('[data-resolve="mine"]')).to_have_text("自分の版で上書きする")
    page.locator('[data-resolve="look"]').click()
    expect(page.locator("[data-compare] [data-who]").first).to_have_text("別の画面の版")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="別の画面の版にする").click()
    expect(card(page, 1).locator(".rich-text")).to_have_text("はじめ・別の画面")


def test_both_versions_can_be_seen_and_chosen_piece_by_piece(
    page: Page, draft: Module, other: Page, axe: Axe
) -> None:
    open_desk(page, draft)
    add_words(other, "・鈴木")
    add_line(other, "鈴木の行")
    until(page, lambda: len(data_of(draft, "phrases")["lines"]) == 2 and "鈴木" in text_of(draft))
    add_words(page, "・佐藤")
    page.locator('[data-resolve="look"]').click()
    rows = page.locator("[data-compare] fieldset")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("はじめ・鈴木")
    expect(rows.first).to_contain_text("はじめ・佐藤")
    axe(page)
    rows.first.locator('input[value="theirs"]').check()
    rows.nth(1).locator('input[value="mine"]').check()
    page.locator('[data-compare] [value="use"]').click()
    until(page, lambda: data_of(draft, "phrases")["lines"] == ["一行目"])
    assert text_of(draft) == "はじめ・鈴木\n"


def test_without_network_everything_waits_on_this_computer(page: Page, draft: Module) -> None:
    open_desk(page, draft)
    page.context.set_offline(True)
    add_words(page, "。電波なし")
    expect(page.locator('[data-saving-trouble="computer"]')).to_be_visible()
    assert text_of(draft) == "はじめ\n"
    page.context.set_offline(False)
    until(page, lambda: "電波なし" in text_of(draft))
    expect(page.locator('[data-saving-trouble="computer"]')).to_be_hidden()


def test_an_expired_session_keeps_everything(
    page: Page, author: Person, draft: Module, sign_in: SignIn
) -> None:
    open_desk(page, draft)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    add_words(page, "。期限切れ")
    expect(page.locator('[data-saving-trouble="signedout"]')).to_be_visible()
    assert text_of(draft) == "はじめ\n"
    sign_in(page.context, author.account)
    page.evaluate("dispatchEvent(new Event('focus'))")
    until(page, lambda: "期限切れ" in text_of(draft))
    expect(page.locator('[data-saving-trouble="signedout"]')).to_be_hidden()


def test_another_person_in_the_same_browser_saves_nothing_of_ours(
    page: Page, author: Person, draft: Module, sign_in: SignIn
) -> None:
    open_desk(page, draft)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    sign_in(page.context, make_person(author.organisation, roles=["author"]).account)
    add_words(page, "。佐藤が書いた")
    expect(page.locator('[data-saving-trouble="signedout"]')).to_be_visible()
    open_desk(page, draft)
    page.wait_for_timeout(500)
    expect(card(page, 1).locator(".rich-text")).to_have_text("はじめ")


# --- A browser that dies -------------------------------------------------------------------------


class Mortal:
    """A browser with a profile on the disk, which can be killed as by a power cut and opened again."""

    def __init__(self, browser: Browser, site: Site, profile: Path, sign_in: SignIn) -> None:
        self._browser, self._site, self._profile, self._sign_in = browser, site, profile, sign_in
        self.context: BrowserContext

    def open(self, author: Person, draft: Module) -> Page:
        """Start it and open the draft."""
        self.context = self._browser.browser_type.launch_persistent_context(
            self._profile, base_url=self._site.url, locale="ja-JP", **chromium_options()
        )
        self._sign_in(self.context, author.account)
        page = self.context.new_page()
        open_desk(page, draft)
        return page

    def kill(self) -> None:
        """End all of its processes at once, without a word to its pages."""
        mine = self._processes()
        assert mine
        for pid in mine:
            os.kill(pid, signal.SIGKILL)
        while self._processes():
            time.sleep(0.01)

    def _processes(self) -> list[int]:
        """Return the ids of the processes that were started with this profile."""
        named = f"--user-data-dir={self._profile}".encode()
        return [
            int(path.parent.name)
            for path in Path("/proc").glob("[0-9]*/cmdline")
            if named in _read(path)
        ]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # it has just ended


@pytest.fixture
def mortal(browser: Browser, site: Site, tmp_path: Path, sign_in: SignIn) -> Mortal:
    """A browser that can be killed."""
    return Mortal(browser, site, tmp_path / "profile", sign_in)


def test_a_browser_killed_while_typing_loses_two_seconds_at_most(
    mortal: Mortal, page: Page, author: Person, draft: Module
) -> None:
    dying = mortal.open(author, draft)
    write_in(dying, 1)
    typed: list[tuple[float, str]] = []
    began = time.monotonic()

    def is_enough(now: float) -> bool:
        """Say whether there is enough that must be safe by now, on a busy machine too."""
        return now - began >= 5 and sum(now - at > MOST_LOST for at, _ in typed) > 12

    while not is_enough(time.monotonic()):
        word = f"<{len(typed)}>"
        dying.keyboard.type(word)
        typed.append((time.monotonic(), word))
        dying.wait_for_timeout(60)
    killed = time.monotonic()
    mortal.kill()
    safe = [word for at, word in typed if killed - at > MOST_LOST]
    assert len(safe) > 10
    page.wait_for_timeout(300)
    assert set(safe) <= set(_marks(text_of(draft)))  # whoever opens it anywhere else sees that much

    again = mortal.open(author, draft)
    late = [word for at, word in typed if killed - at > 1]
    shown = card(again, 1).locator(".rich-text")
    until(again, lambda: set(late) <= set(_marks(shown.inner_text())))
    expect(again.locator("[data-recovered]")).to_be_visible()
    until(again, lambda: set(late) <= set(_marks(text_of(draft))))
    mortal.context.close()


def test_what_a_dead_browser_kept_meets_a_newer_revision(
    mortal: Mortal, author: Person, draft: Module, other: Page
) -> None:
    dying = mortal.open(author, draft)
    mortal.context.set_offline(True)
    add_words(dying, "・佐藤")
    expect(dying.locator('[data-saving-trouble="computer"]')).to_be_visible()
    mortal.kill()
    add_words(other, "・鈴木")
    until(other, lambda: "鈴木" in text_of(draft))
    again = mortal.open(author, draft)
    expect(again.locator("[data-conflict]")).to_contain_text("鈴木 一")
    expect(card(again, 1).locator(".rich-text")).to_have_text("はじめ・佐藤")
    again.wait_for_timeout(2500)
    assert text_of(draft) == "はじめ・鈴木\n"
    again.locator('[data-resolve="mine"]').click()
    until(again, lambda: text_of(draft) == "はじめ・佐藤\n")
    mortal.context.close()


def _marks(text: str) -> list[str]:
    return [f"<{each.split('>')[0]}>" for each in text.split("<")[1:]]
