"""A file that was chosen stays chosen when its form comes back refused, and is forgotten on the page after it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.author import make_author
from tests.browser.test_imports import GOOD, make_manager, table
from tests.browser.test_scenario_desk import make_empty

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]

CHOSEN = "() => [...document.querySelector('[name=file]').files].map((each) => each.name)"
KEPT = """() => new Promise((resolve) => {
  const asked = indexedDB.open("tomoni-desk", 1);
  asked.onsuccess = () => {
    const rows = asked.result.transaction("drafts").objectStore("drafts").getAll();
    rows.onsuccess = () => { asked.result.close(); resolve(rows.result.length); };
  };
})"""


def choose(page: Page, name: str, content: bytes) -> None:
    """Choose a file and wait until it is kept."""
    page.locator("[name=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.wait_for_function("() => sessionStorage.getItem('tomoni-chosen')")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_refused_form_comes_back_with_its_file(
    page: Page, sign_in: SignIn, language: str
) -> None:
    sign_in(page.context, make_manager(language).account)
    page.goto("/sales/imports/new/")
    choose(page, "商談一覧.csv", table(GOOD))
    for _ in range(2):  # it comes back as often as the form does
        page.locator("form[enctype] button").click()
        expect(page.locator(".summary")).to_contain_text(
            {
                "ja": "入力した内容は残っています",
                "en": "What you typed is still here",
            }[language]
        )
        assert page.evaluate(CHOSEN) == ["商談一覧.csv"]
        page.wait_for_function("() => sessionStorage.getItem('tomoni-chosen')")
    page.locator("[name=new_source]").fill("ホナミCRM")
    page.locator("form[enctype] button").click()
    expect(page.locator("#columns")).to_be_visible()
    page.wait_for_function("() => !sessionStorage.getItem('tomoni-chosen')")
    assert page.evaluate(KEPT) == 0


def test_a_file_that_is_refused_itself_is_chosen_anew(page: Page, sign_in: SignIn) -> None:
    sign_in(page.context, make_author().account)
    page.goto(f"/authoring/scenarios/{make_empty().pk}/file/")
    choose(page, "脚本.json", b"{")
    page.locator("form[enctype] button").first.click()
    expect(page.locator("[name=file]")).to_have_attribute("aria-invalid", "true")
    page.wait_for_function("() => !sessionStorage.getItem('tomoni-chosen')")
    assert page.evaluate(CHOSEN) == []
    assert page.evaluate(KEPT) == 0


def test_a_form_that_is_opened_anew_is_empty(page: Page, sign_in: SignIn) -> None:
    sign_in(page.context, make_manager("ja").account)
    page.goto("/sales/imports/new/")
    choose(page, "商談一覧.csv", table(GOOD))
    page.goto("/sales/funnel/")
    page.wait_for_function("() => !sessionStorage.getItem('tomoni-chosen')")
    page.goto("/sales/imports/new/")
    assert page.evaluate(CHOSEN) == []
    assert page.evaluate(KEPT) == 0
