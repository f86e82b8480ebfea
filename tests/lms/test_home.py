"""The first page of each role: every link on it opens something."""

import re

import pytest
from django.test import Client as Browser

from partners.models import Person
from partners.roles import of_kind
from tests.analytics.factories import catch_up
from tests.architecture.shared import Sides, built, sides
from tests.partners.factories import sign_in

__all__ = ["built", "sides"]  # fixtures

pytestmark = pytest.mark.usefixtures("_counted")


@pytest.fixture(scope="module")
def _counted(built: Sides) -> None:
    """Let all be added up that a first page counts."""
    catch_up()


def links(browser: Browser) -> set[str]:
    """Return the addresses to which the first page links, those of other sites left out."""
    response = browser.get("/")
    assert response.status_code == 200
    found = re.findall(r'<a\b[^>]*? href="(/[^"#]*)', response.content.decode())
    return {address.replace("&amp;", "&") for address in found}


def dead(person: Person) -> list[str]:
    """Return the links of somebody's first page that open nothing."""
    browser = sign_in(Browser(), person)
    return [url for url in sorted(links(browser)) if browser.get(url).status_code == 404]


def test_every_link_of_each_first_page_opens_something(sides: Sides) -> None:
    ours, mine, _rival = sides
    found = {
        (side.organisation.kind, role): shut
        for side in (ours, mine)
        for role in of_kind(side.organisation.kind)
        if (shut := dead(side.people[role]))
    }
    assert found == {}


def test_who_counts_people_finds_them(sides: Sides) -> None:
    ours, mine, _rival = sides
    for person, address, name in (
        (ours.people["admin"], "/people/", mine.people["rep"].name),
        (ours.people["manager"], "/progress/", mine.organisation.name),
        (mine.people["manager"], "/team/members/?team=all", mine.people["rep"].name),
    ):
        browser = sign_in(Browser(), person)
        assert address in links(browser)
        assert name in browser.get(address).content.decode()


def test_a_count_of_everybody_says_so_where_it_leads_to_reps_alone(sides: Sides) -> None:
    ours, mine, _rival = sides
    for person, way in (
        (ours.people["admin"], "すべて見る"),
        (ours.people["manager"], "担当者の進みを見る"),
        (mine.people["manager"], "担当者の一覧を見る"),
    ):
        page = sign_in(Browser(), person).get("/").content.decode()
        _before, _heading, after = page.partition('id="people"')
        assert re.findall(r"<a [^>]*>([^<]+)", after)[0] == way
        assert ("担当者以外も含みます" in page) == (way != "すべて見る")
    reps = sign_in(Browser(), mine.people["manager"]).get("/team/members/?team=all")
    assert "担当者1人" in reps.content.decode()
