"""Grids of other months or another lag, asked for by a manager: made at once, and never taken for the night's."""

import datetime as dt

import pytest
import time_machine
from django.test import Client as Browser

from analytics.associations import grids as making
from analytics.associations.models import AskedGrid, Grid
from analytics.associations.queries import grids
from analytics.associations.tasks import compute, night
from partners.models import Organisation, Person
from tests.analytics.associations.factories import NOW, TODAY, market, ready_grid, seller
from tests.partners.factories import make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db

HERE = "/reports/learning-to-sales/"


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager() -> Person:
    """The manager of a company of forty who have learned and sold."""
    _client, _product, modules = market()
    place = make_partner("大きな会社")
    for n in range(40):
        seller(place, learnt=n % 4, made=20 + 5 * (n % 4) + n % 3, modules=modules)
    night()
    return make_person(place, roles=["manager"])


def test_a_manager_asks_for_other_months_and_reads_them(manager: Person) -> None:
    browser = sign_in(Browser(), manager)
    of_night = grids.latest(manager)
    assert "ほかの期間" in browser.get(f"{HERE}grid/").content.decode()
    first, again = (
        browser.post(f"{HERE}grid/", {"months": "3", "lag": "1"})["Location"] for _ in range(2)
    )
    assert first == again
    waiting = browser.get(first).content.decode()
    assert 'hx-trigger="every 1s, click"' in waiting
    assert "順番を待っています" in waiting
    compute()
    asked = AskedGrid.objects.get()
    assert (asked.state, asked.step, asked.steps) == ("ready", 3, 3)
    assert asked.grid is not None
    assert (asked.grid.reps, str(asked.grid.since)) == (40, "2026-08-01")
    there = f"{HERE}grids/{asked.grid_id}/"
    assert browser.get(first)["Location"] == there
    assert browser.get(first, headers={"HX-Request": "true"})["HX-Redirect"] == there
    assert "関連がみられます" in browser.get(there).content.decode()
    assert grids.latest(manager) == of_night
    stranger = sign_in(Browser(), make_person(make_partner(), roles=["manager"]))
    assert stranger.get(first).status_code == 404


def test_what_the_night_made_is_found_again(manager: Person) -> None:
    making.ask(actor=manager, which=making.wanted(TODAY, 12, 1))
    compute()
    assert AskedGrid.objects.get().grid == grids.latest(manager)
    assert Grid.objects.filter(organisation=manager.organisation).count() == 1


def test_what_cannot_be_asked_for_is_refused_and_what_cannot_be_made_is_told(
    manager: Person,
) -> None:
    browser = sign_in(Browser(), manager)
    assert browser.post(f"{HERE}grid/", {"months": "7", "lag": "1"}).status_code == 422
    place = browser.post(f"{HERE}grid/", {"months": "6", "lag": "2"})["Location"]
    AskedGrid.objects.update(state="failed")
    assert "計算できませんでした" in browser.get(place).content.decode()


def test_a_grid_of_other_months_does_not_spare_the_nights(manager: Person) -> None:
    client = Organisation.objects.get(kind="client")
    Grid.objects.all().delete()
    ready_grid(client, until=dt.date(2026, 11, 1))
    Grid.objects.update(since=dt.date(2026, 8, 1))
    assert client in grids.due(NOW)
    Grid.objects.update(since=dt.date(2025, 11, 1))
    assert client not in grids.due(NOW)
