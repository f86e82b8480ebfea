"""The launch view and the roll-out planner on a phone: asked, drawn by lot, read."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from analytics.associations.engine import launched
from core.scope import CLIENT, scoped
from partners.models import Person
from tests.analytics.associations.factories import market
from tests.analytics.associations.launch_factories import ready_launch, ready_power
from tests.analytics.associations.test_launches import STAGGERED, figures
from tests.browser.people import says
from tests.courses.factories import make_course
from tests.partners.factories import make_partner, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

HERE = "/reports/learning-to-sales/"


@pytest.fixture
def office(language: str) -> Person:
    """The client's sales manager, with a launch that was looked at and a roll-out that was compared."""
    with scoped(CLIENT):
        client, *_rest = market()
        person = make_person(client, roles=["sales_manager"], language=language)
        partners = [make_partner(f"会社{n}") for n in range(9)]
        course = make_course("価格の対話")
        ready_launch(
            person, course, launched.study(figures(STAGGERED, points=4.0)), launched=8, partners=14
        )
        ready_power(person, course, partners)
    return person


@pytest.mark.parametrize(("device", "language"), [("phone", "ja")])
def test_a_rollout_is_drawn_and_a_launch_is_read(
    page: Page, sign_in: SignIn, axe: Axe, office: Person
) -> None:
    sign_in(page.context, office.account)
    page.goto(HERE)
    page.get_by_role("link", name="導入計画").click()
    expect(page.locator("[name=partners]:checked")).to_have_count(9)
    axe(page)
    page.locator(".rowlink").first.click()
    says(page, "比べる相手がいません")
    axe(page)
    page.get_by_role("button", name="3陣").click()
    expect(page.locator("svg.chart rect.m")).to_have_count(3)
    says(page, "くじの種")
    says(page, "1.5ポイント以上の差")
    axe(page)
    page.goto(f"{HERE}launches/")
    axe(page)
    page.locator(".rowlink").first.click()
    says(page, "効果があったという見方と矛盾しません")
    expect(page.locator("svg.chart line.mark")).to_have_count(2)
    page.locator("summary").first.click()
    expect(page.locator(".table-cards").first).to_be_visible()
    axe(page)
