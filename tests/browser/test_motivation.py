"""Points, ranking and record, as their person reads them."""

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from gamification.queries import rules
from partners.models import Person
from tests.browser.people import link_to, says
from tests.courses.factories import hand_in, make_module
from tests.gamification.factories import book, build, give
from tests.partners.factories import make_client, make_partner, make_person, make_team
from tests.plugin.processes import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SignIn = Callable[[BrowserContext, Any], None]
Axe = Callable[[Page], None]

both = pytest.mark.parametrize(
    ("device", "language"), [("phone", "ja"), ("desktop", "en")], ids=["phone-ja", "desktop-en"]
)
POLL = 15_000
UNITS = {"rep": 8, "team": 2, "partner": 2}
"""How many there are to be compared in the small world."""


@pytest.fixture
def me(page: Page, sign_in: SignIn, language: str) -> Person:
    """A rep in the middle of seven rivals, with points of this month and of the one before."""
    make_client()
    mine, theirs = make_partner("みらい営業"), make_partner("あおば商事")
    me = make_person(mine, team=make_team(mine, "第1チーム"), family_name="高橋", language=language)
    for team, partner, count in (
        (me.team, mine, 3),
        (make_team(theirs, "渋谷"), theirs, 4),
    ):
        for number in range(count):
            rival = make_person(partner, team=team, sign_in=False, family_name="佐藤")
            book(rival, 60 + 10 * number)
    book(me, 75)
    book(me, 40, month=_month_before())
    build(_month_before())
    build()
    sign_in(page.context, me.account)
    return me


def _month_before() -> dt.date:
    return (rules.running_month() - dt.timedelta(days=1)).replace(day=1)


@both
def test_the_ranking_by_person_team_company_and_month(
    page: Page, me: Person, axe: Axe, device: str, language: str
) -> None:
    page.goto("/ranking/")
    expect(page.locator('.rank [aria-current="true"]')).to_contain_text("高橋")
    expect(page.locator("main")).not_to_contain_text("あおば商事")
    for unit in ("team", "partner"):
        link_to(page, f"by={unit}").click()
        expect(page.locator(".pills [aria-current]")).to_have_attribute("href", f"?by={unit}")
        expect(page.locator("main")).not_to_contain_text("あおば商事")
    page.locator(".menu summary").click()
    page.locator(".menu a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(_month_named(language))
    page.locator('.pills a:not([href*="by="])').click()
    says(page, "40")
    axe(page)


def _month_named(language: str) -> str:
    return f"{_month_before().month}月" if language == "ja" else f"{_month_before():%B}"[:3]


def test_the_ranking_is_asked_anew_and_drawn_only_when_it_changed(page: Page, me: Person) -> None:
    statuses: list[int] = []

    def hear(answer: Response) -> None:
        if "/ranking/" in answer.url:
            statuses.append(answer.status)

    page.clock.install()
    page.goto("/ranking/")
    page.on("response", hear)
    with page.expect_response("**/ranking/**"):
        page.clock.fast_forward(POLL + 1000)
    give(me, 200)
    with page.expect_response("**/ranking/**"):
        page.clock.fast_forward(POLL + 1000)
    says(page, "275")
    assert statuses == [304, 200]


@both
def test_every_point_has_its_cause_on_the_page_and_in_the_file(
    page: Page, sign_in: SignIn, device: str, language: str, site: Site, tmp_path: Path
) -> None:
    make_client()
    rep = make_person(make_partner(), language=language)
    module = make_module(title="価格の話")
    hand_in(rep, module)
    site.worker.wait_until_idle()
    sign_in(page.context, rep.account)
    page.goto("/record/")
    says(page, "価格の話")
    assert _file(page, tmp_path)[1][0] == "価格の話"
    link_to(page, "view=points#list").click()
    says(page, "40")
    rows = _file(page, tmp_path)
    assert sum(int(row[-1]) for row in rows[1:]) == 40
    assert all("価格の話" in row[2] for row in rows[1:])

    link_to(page, "/points/").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def _file(page: Page, folder: Path) -> list[list[str]]:
    with page.expect_download() as download:
        page.locator("a[download]").click()
    kept = folder / download.value.suggested_filename
    download.value.save_as(kept)
    with kept.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_stranger_to_points_is_told_how_to_begin(page: Page, sign_in: SignIn, axe: Axe) -> None:
    make_client()
    rep = make_person(make_partner())
    make_module()
    sign_in(page.context, rep.account)
    for address in ("/ranking/", "/record/", "/record/?view=points"):
        page.goto(address)
        axe(page)
