"""Learning held against sales, as a sales manager reads it: asked, computed by a real worker, seen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from core.scope import CLIENT, scoped
from partners.models import Person
from tests.analytics.associations.factories import market, ready_grid, seller
from tests.browser.people import says
from tests.partners.factories import make_partner, make_person
from tests.plugin.processes import Site
from tools.launch.processes import Supervisor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

ASK = "/reports/learning-to-sales/"
all_looks = pytest.mark.parametrize(
    ("device", "language"),
    [("phone", "ja"), ("desktop", "en")],
)


@pytest.fixture
def office(language: str) -> Person:
    """The client's sales manager; the reps of five companies sell more where they learned more."""
    with scoped(CLIENT):
        client, _product, modules = market()
        for number in range(5):
            place = make_partner(f"会社{number}" if language == "ja" else f"Company {number}")
            for n in range(7):
                seller(place, learnt=n % 4, made=30 - 4 * number + 5 * (n % 4) + n, modules=modules)
        ready_grid(client)
        return make_person(client, roles=["sales_manager"], language=language)


@all_looks
def test_a_report_is_asked_for_computed_and_read(
    page: Page, sign_in: SignIn, axe: Axe, site: Site, office: Person, language: str
) -> None:
    sign_in(page.context, office.account)
    page.goto(ASK)
    page.locator("[name=months]").select_option("3")
    page.locator("form.ask button[type=submit]").click()
    expect(page.locator(".answer")).to_be_visible()
    says(page, "関連がみられます" if language == "ja" else "tends to be higher where")
    expect(page.locator(".dots .m")).to_have_count(35)
    page.locator("summary").first.click()
    expect(page.locator(".table-cards").first).to_be_visible()
    axe(page)
    _web_has_no_statistics(site)
    page.goto(ASK)
    page.locator(".rowlink").first.click()
    expect(page.locator(".answer")).to_be_visible()
    page.goto(f"{ASK}grid/")
    page.locator(".heat .keep button").click()
    expect(page.locator(".dots")).to_be_visible()


def _web_has_no_statistics(site: Site) -> None:
    """The web server has shown the report and read none of the libraries that computed it."""
    supervisor: Supervisor = site.worker.processes.supervisor
    own = [pid for pid, name in supervisor.named_pids().items() if name == "web"]
    family = {*own, *(child for pid in own for child in _children(pid))}
    assert len(family) > 1
    loaded = "".join(Path(f"/proc/{pid}/maps").read_text() for pid in family)
    assert "psycopg" in loaded
    assert "/numpy/" not in loaded
    assert "/scipy/" not in loaded


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
