"""The funnel as a sales manager and a partner's manager read it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.scope import CLIENT, scoped
from partners.models import Person
from tests.browser.people import link_to, says
from tests.partners.factories import make_client, make_partner, make_person, make_team
from tests.sales.factories import make_crm, make_product, sold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

both_looks = pytest.mark.parametrize(("device", "language"), [("phone", "ja"), ("desktop", "en")])


@pytest.fixture
def manager(language: str) -> Person:
    """A partner's manager; six reps of the partner and five of the client have sold something."""
    with scoped(CLIENT):
        client = make_client()
        make_crm("ホナミCRM")
        make_product()
        team = make_team(make_partner("みらい営業"), "第1チーム")
        sold(team.organisation, team, 6)
        sold(client, None, 5)
        return make_person(
            team.organisation, team=team, roles=["manager"], family_name="西村", language=language
        )


@both_looks
def test_the_funnel_opens_down_to_its_records_and_back(
    page: Page, sign_in: SignIn, axe: Axe, manager: Person, language: str
) -> None:
    person = make_person(make_client(), roles=["sales_manager"], language=language)
    sign_in(page.context, person.account)
    page.goto("/sales/funnel/")
    says(page, "880")
    says(page, "40.0%")
    expect(page.locator(".groups")).to_contain_text("みらい営業")
    axe(page)
    link_to(page, "by=month").click()
    expect(page.locator('.pills [aria-current="true"]')).to_have_attribute("href", "?by=month")
    page.locator(".phase-n").nth(5).click()
    says(page, "ホナミCRM")
    axe(page)
    page.locator("header .iconbtn").first.click()
    expect(page.locator(".phases")).to_be_visible()


@both_looks
def test_a_partners_manager_finds_the_own_figures_alone(
    page: Page, sign_in: SignIn, axe: Axe, manager: Person, language: str
) -> None:
    sign_in(page.context, manager.account)
    page.goto("/")
    page.locator('nav a[href="/sales/funnel/"]').click()
    says(page, "480")
    expect(page.locator("main")).not_to_contain_text("880")
    axe(page)
