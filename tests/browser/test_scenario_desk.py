"""An author writes a scenario from an empty page: by mouse, and again by keys alone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from core.scope import CLIENT, scoped
from courses.scenarios import reading
from courses.scenarios.actions import drafting
from courses.scenarios.document import Document
from courses.scenarios.models import Scenario, ScenarioDraft
from partners.models import Person
from tests.browser.author import make_author
from tests.courses.factories import make_module
from tests.courses.scenarios.factories import put
from tests.courses.scenarios.samples import price

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

desktop = pytest.mark.parametrize("device", ["desktop"])
everywhere = pytest.mark.parametrize(
    ("device", "language"), [("phone", "ja"), ("desktop", "en")], ids=["phone-ja", "desktop-en"]
)


@pytest.fixture
def author(page: Page, sign_in: SignIn, language: str) -> Person:
    """An author, signed in."""
    author = make_author(language=language)
    sign_in(page.context, author.account)
    return author


def make_empty(document: Document | None = None) -> Scenario:
    """Make a module with a scenario that says nothing yet, or this."""
    with scoped(CLIENT):
        module = make_module(items=[], published=False)
        scenario = drafting.create_scenario(module_id=module.pk, by=None)
        if document is not None:
            put(scenario, document)
    return scenario


def said(scenario: Scenario) -> Document:
    """Return what the draft says on the server."""
    return reading.parse(ScenarioDraft.objects.get(pk=scenario.pk).document)


def open_scenario(page: Page, scenario: Scenario, query: str = "") -> None:
    """Open the desk and wait until it can be written on."""
    page.goto(f"/authoring/scenarios/{scenario.pk}/{query}")
    page.wait_for_selector("[data-desk-ready]", state="attached")


@everywhere
def test_the_desk_fits_and_can_be_used(
    page: Page, author: Person, axe: Axe, device: str, language: str
) -> None:
    scenario = make_empty(price())
    open_scenario(page, scenario, "?scene=deal")
    page.screenshot(path=f"/tmp/desk6-{device}-{language}.png", full_page=True)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
