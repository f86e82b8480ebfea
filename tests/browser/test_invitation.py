"""Coming in: from the invitation in the mailbox to one's own home, and back again another day."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.scope import CLIENT, scoped
from partners.actions.invitations import invite
from partners.guessing import TRIES
from partners.models import Person
from tests.browser.people import (
    PASSWORD,
    error_of,
    fill,
    make_admin,
    newest_link,
    says,
    send,
    sign_in_by_password,
    sign_out,
)
from tests.courses.factories import make_module
from tests.partners.factories import make_partner, make_person
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Axe = Callable[[Page], None]

both = pytest.mark.parametrize(
    ("device", "language"), [("phone", "ja"), ("desktop", "en")], ids=["phone-ja", "desktop-en"]
)


def invited(**fields: Any) -> Person:
    """Make a rep whose invitation lies in the mailbox."""
    admin = make_admin()
    rep = make_person(
        make_partner("みらい営業"),
        sign_in=False,
        family_name="高橋",
        email="misaki@example.com",
        **fields,
    )
    with scoped(CLIENT):
        invite(actor=admin, people=[rep], by_mail=True)
    return rep


@both
def test_an_invitation_leads_home(page: Page, axe: Axe, device: str, language: str) -> None:
    invited(language=language)
    module = make_module(title="価格の話")
    page.goto(newest_link(page, "misaki@example.com"))
    says(page, "みらい営業")
    says(page, "misaki@example.com")
    fill(page, password="password")
    send(page)
    expect(error_of(page, "password")).to_be_visible()
    expect(page.locator('[name="password"]')).to_have_value("")
    axe(page)
    fill(page, password=PASSWORD)
    send(page)
    page.wait_for_url("/")
    says(page, module.title)

    sign_out(page)
    page.goto("/learn/")
    page.wait_for_url("**/accounts/login/**")
    sign_in_by_password(page, "misaki@example.com", "wrong horse")
    expect(error_of(page, "password")).to_contain_text(str(TRIES - 1))
    expect(page.locator('[name="login"]')).to_have_value("misaki@example.com")
    axe(page)
    sign_in_by_password(page, "Misaki@Example.com")
    page.wait_for_url("**/learn/")


def test_an_invitation_opens_once(
    page: Page, axe: Axe, new_context: Callable[..., BrowserContext]
) -> None:
    invited()
    link = newest_link(page, "misaki@example.com")
    page.goto(link)
    fill(page, password=PASSWORD)
    send(page)
    page.wait_for_url("/")
    other = new_context().new_page()
    other.goto(link)
    says(other, "ログイン")
    expect(other.locator('[name="password"]')).to_have_count(0)
    axe(other)


def test_who_wants_no_password_signs_in_by_mailed_links(page: Page, axe: Axe) -> None:
    invited()
    page.goto(newest_link(page, "misaki@example.com"))
    page.locator('[name="how"][value="link"]').check()
    expect(page.locator('[name="password"]')).to_be_hidden()
    send(page)
    page.wait_for_url("/")
    sign_out(page)

    page.goto("/accounts/login/")
    fill(page, login="misaki@example.com")
    page.locator('button[formaction="/accounts/link/"]').click()
    says(page, "misaki@example.com")
    axe(page)
    link = newest_link(page, "misaki@example.com", of=2)
    page.goto(link)
    send(page)
    page.wait_for_url("/")
    sign_out(page)
    page.goto(link)
    says(page, "このリンクは使用済みです")
    axe(page)


def test_an_unknown_address_is_answered_like_a_known_one(page: Page, site: Site) -> None:
    make_admin()
    page.goto("/accounts/link/")
    fill(page, login="nobody@example.com")
    send(page)
    says(page, "nobody@example.com")
    site.worker.wait_until_idle()
    page.goto("/mailbox/?to=nobody@example.com")
    expect(page.locator("main .rowlink")).to_have_count(0)
