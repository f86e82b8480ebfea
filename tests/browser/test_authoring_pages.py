"""An author's pages around the desk: from an empty shelf to a published module, its preview and its history."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.scope import CLIENT, scoped
from courses.authoring.actions.drafts import save_draft
from courses.catalog.models import Course, Module, ModuleVersion
from courses.quizzes.models import Attempt, KeyCorrection
from partners.models import Person
from tests.browser.people import fill, send
from tests.courses.authoring.writing import draft, make_author, quiz_block, read, text_block
from tests.courses.factories import hand_in, make_course, make_module, multiple, single
from tests.partners.factories import make_partner, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

both = pytest.mark.parametrize(
    ("device", "language"), [("phone", "ja"), ("desktop", "en")], ids=["phone-ja", "desktop-en"]
)


@pytest.fixture
def author(page: Page, sign_in: SignIn, language: str) -> Person:
    """An author, signed in."""
    author = make_author(language=language)
    sign_in(page.context, author.account)
    return author


def _go(page: Page, address: str, axe: Axe) -> None:
    """Open a page: nothing scrolls sideways, and axe finds nothing."""
    page.goto(address)
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0, (address, wide)
    axe(page)


@both
def test_from_an_empty_shelf_to_a_published_module(
    page: Page, author: Person, axe: Axe, device: str, language: str
) -> None:
    _go(page, "/authoring/", axe)
    page.locator('main a[href="/authoring/courses/new/"]').first.click()
    page.wait_for_url("**/courses/new/")
    axe(page)
    fill(page, title="はじめての商談")
    send(page)
    page.wait_for_url("**/modules/new/")
    axe(page)
    fill(page, title="値引きの前に")
    page.locator('input[value="voice"]').check()
    send(page)
    page.wait_for_url("**/authoring/modules/*/")
    with scoped(CLIENT):
        module = Module.objects.get()
        assert module.blocks.exists()
        save_draft(module_id=module.pk, base=1, document=read(draft()), by=author.pk)
    _go(page, f"/authoring/modules/{module.pk}/publish/", axe)
    fill(page, note="最初の公開")
    page.locator('button[value="now"]').click()
    expect(page.locator(".banner-ok").first).to_be_visible()
    assert ModuleVersion.objects.get().note == "最初の公開"
    _go(page, f"/authoring/courses/{Course.objects.get().pk}/", axe)
    expect(page.locator(".chip-ok")).to_be_visible()


@both
def test_the_preview_shows_module_quiz_and_result_as_a_rep_sees_them(
    page: Page, author: Person, axe: Axe, device: str, language: str
) -> None:
    module = Module.objects.create(course=make_course(), title="")
    quiz = quiz_block(single("q001"), multiple("q002"))
    document = read(draft(text_block(), quiz))
    save_draft(module_id=module.pk, base=0, document=document, by=author.pk)
    _go(page, f"/authoring/modules/{module.pk}/preview/", axe)
    phone = page.frame_locator("iframe")
    expect(phone.locator("h1")).to_have_text("値引きの前に")
    phone.locator(".act a").click()
    phone.locator('input[value="a"]').check()
    phone.locator(".act button").click()
    expect(phone.locator('input[type="checkbox"]')).to_have_count(4)
    for value in "ab":
        phone.locator(f'input[type="checkbox"][value="{value}"]').check()
    phone.locator(".act button").click()
    expect(phone.locator("h1")).to_contain_text("2")
    expect(phone.locator(".tick-ok")).to_have_count(2)
    other = "en" if language == "ja" else "ja"
    page.locator(f'main a[lang="{other}"]').click()
    expect(phone.locator(f'html[lang="{other}"]')).to_have_count(1)
    assert not Attempt.objects.exists()
    _go(page, f"/authoring/modules/{module.pk}/preview/phone/", axe)


@both
def test_history_is_read_and_taken_back(
    page: Page, author: Person, axe: Axe, device: str, language: str
) -> None:
    module = Module.objects.create(course=make_course(), title="")
    for base, text in enumerate(("月3万円は高いですね。", "月2万円は安いですね。")):
        save_draft(
            module_id=module.pk,
            base=base,
            document=read(draft(text_block(text=text), quiz_block())),
            by=make_author().pk,
        )
    _go(page, f"/authoring/modules/{module.pk}/history/", axe)
    page.locator("main a.rowlink").first.click()
    expect(page.locator("del").first).to_have_text("3")
    expect(page.locator("ins").first).to_have_text("2")
    axe(page)
    page.goto(f"/authoring/modules/{module.pk}/history/1/?with=now")
    page.locator("main form button").click()
    page.wait_for_url(f"**/authoring/modules/{module.pk}/")
    assert "3万円" in str(module.blocks.get(kind="text").data)


@both
def test_a_planned_publication_reach_and_a_corrected_answer(
    page: Page, author: Person, axe: Axe, device: str, language: str
) -> None:
    with scoped(CLIENT):
        module = make_module(items=[single("q001")])
        hand_in(make_person(make_partner()), module)
        document = read(draft(text_block(key="blk000"), quiz_block(single("q001"), key="blk001")))
        save_draft(module_id=module.pk, base=0, document=document, by=author.pk)
    _go(page, f"/authoring/modules/{module.pk}/publish/", axe)
    page.locator("details.later summary").click()
    page.locator('input[name="at"]').fill("2098-01-01T09:00")
    page.locator('button[value="plan"]').click()
    expect(page.locator(".err, .summary").first).to_be_visible()
    axe(page)
    _go(page, f"/authoring/modules/{module.pk}/reach/", axe)
    page.locator('input[name="audience"][value="client"]').check()
    send(page)
    expect(page.locator(".banner-ok")).to_be_visible()
    _go(page, f"/authoring/modules/{module.pk}/answers/", axe)
    page.locator("main a.rowlink").first.click()
    axe(page)
    page.locator('input[name="right"][value="b"]').check()
    fill(page, note="資料の誤り")
    send(page)
    page.wait_for_url(f"**/modules/{module.pk}/answers/")
    assert KeyCorrection.objects.get().correct_keys == ["b"]
    _go(page, f"/authoring/modules/{module.pk}/archive/", axe)
