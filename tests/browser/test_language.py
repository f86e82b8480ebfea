"""The other language is one tap away, and takes along what was typed."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.courses.assignments.factories import make_admin
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]


@pytest.mark.parametrize("device", ["desktop"])
def test_what_was_typed_stays_when_the_language_is_changed(page: Page, sign_in: SignIn) -> None:
    sign_in(page.context, make_admin().account)
    page.goto("/partners/new/")
    name = page.locator("main [name=name]")
    name.fill("みらい営業")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(name).to_have_value("みらい営業")
    page.reload()
    expect(name).to_have_value("")


def test_a_password_is_kept_nowhere(page: Page, site: Site) -> None:
    make_admin()
    page.goto("/accounts/login/")
    login, password = (page.locator(f"main [name={name}]") for name in ("login", "password"))
    login.fill("misaki@example.com")
    password.fill("とても長い合言葉です")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(login).to_have_value("misaki@example.com")
    expect(password).to_have_value("")
    assert page.evaluate("sessionStorage.length") == 0
