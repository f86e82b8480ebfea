"""A new installation: its client, the first administrator, the first partner, once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from partners.models import Client, Organisation, Person, Team
from tests.browser.people import PASSWORD, error_of, fill, link_to, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Axe = Callable[[Page], None]


@pytest.mark.parametrize(
    ("device", "language"), [("phone", "ja"), ("desktop", "en")], ids=["phone-ja", "desktop-en"]
)
def test_from_nothing_to_the_first_steps(
    page: Page, axe: Axe, device: str, language: str, new_context: Callable[..., BrowserContext]
) -> None:
    late = new_context().new_page()
    late.goto("/setup/")
    page.goto("/")
    page.wait_for_url("**/setup/")
    axe(page)
    expect(page.locator('select[name="language"]')).to_have_value(language)
    fill(page, client_name="ホナミ", family_name="白石", given_name="千尋")
    fill(page, sign_in="Ｓhiraishi＠example.com", password="12345", team_name="第1チーム")
    send(page)
    expect(page.locator(".summary")).to_be_focused()
    expect(error_of(page, "password")).to_be_visible()
    expect(page.locator('[name="client_name"]')).to_have_value("ホナミ")
    expect(page.locator('[name="team_name"]')).to_have_value("第1チーム")
    assert not Client.objects.exists()
    axe(page)
    fill(page, password=PASSWORD)
    send(page)
    expect(error_of(page, "partner_name")).to_be_visible()
    assert not Client.objects.exists()

    fill(page, partner_name="みらい営業", password=PASSWORD)
    send(page)
    page.wait_for_url("**/setup/next/")
    assert Client.objects.get().name == "ホナミ"
    assert Person.objects.get().email == "shiraishi@example.com"
    assert Team.objects.get().organisation.name == "みらい営業"
    partner = Team.objects.get().organisation
    link_to(page, f"/partners/{partner.pk}/").click()
    expect(page.locator("h1")).to_contain_text("みらい営業")

    fill(late, client_name="別の会社", family_name="次", sign_in="late@example.com")
    fill(late, password=PASSWORD)
    send(late)
    expect(late.get_by_role("heading", level=1)).to_be_visible()
    assert Client.objects.get().name == "ホナミ"
    assert Organisation.objects.count() == 2
    late.goto("/")
    late.wait_for_url("**/accounts/login/**")
