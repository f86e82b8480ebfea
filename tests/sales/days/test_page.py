"""The page of a rep's own day, and the phone's door beside it."""

import datetime as dt
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from core.scope import CLIENT, scoped
from partners.models import Person
from sales import days
from sales.actions import enter_day
from sales.models import Activity, LocalRecord, Opportunity, Product, Record, Source
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in
from tests.sales.factories import make_crm, make_product

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 3, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 26)
MOST_STATEMENTS = 8
THE_TESTS_OWN = 2  # a test's scope waits beside each request
MOST_BYTES = 60_000
NOBODYS = uuid.UUID(int=7)


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def rep() -> Person:
    make_client(time_zone="Asia/Tokyo")
    make_product()
    team = make_team(make_partner("みらい営業"))
    return make_person(team.organisation, team=team, joined_on=dt.date(2026, 1, 1))


@pytest.fixture
def browser(rep: Person) -> Browser:
    return sign_in(Browser(), rep)


def text(browser: Browser, url: str = "/sales/today/") -> str:
    response = browser.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send, nothing being touched."""
    found = re.findall(r'<input [^>]*name="((?:was\.)?c\.[^"]+)" value="([^"]*)"', page)
    return dict(found)


def calls() -> str:
    return days.counter(Product.objects.earliest("created_at").pk, "calls")


def tell(browser: Browser, given: dict[str, Any], day: dt.date = TODAY, **headers: str) -> Any:
    body = json.dumps({"day": day.isoformat(), "given": given})
    return browser.post("/api/sales/days/", body, content_type="application/json", headers=headers)


def test_without_script_a_day_is_saved_and_looked_at_again(browser):
    sent = fields_of(text(browser))
    assert len(sent) == 10
    sent[calls()] = "12"
    response = browser.post("/sales/today/", sent, follow=True)
    assert "保存しました" in plain(response.content.decode())
    assert fields_of(text(browser))[calls()] == "12"
    assert Activity.objects.filter(count=0).count() == 4  # looked at and left at 0
    before = list(Activity.objects.values_list("pk", "count").order_by("pk"))
    browser.post("/sales/today/", fields_of(text(browser)))
    assert list(Activity.objects.values_list("pk", "count").order_by("pk")) == before


def test_a_page_that_is_older_writes_only_what_was_changed_on_it(browser):
    old = fields_of(text(browser))
    browser.post("/sales/today/", {**old, calls(): "12"})
    leads = calls().replace("calls", "leads")
    second = fields_of(text(browser))
    browser.post("/sales/today/", {**second, calls(): "15"})
    browser.post("/sales/today/", {**second, leads: "2"})
    assert Activity.objects.get(measure="calls").count == 15
    assert Activity.objects.get(measure="leads").count == 2


def test_what_cant_be_is_said_and_what_was_typed_stays(browser):
    response = browser.post("/sales/today/", {**fields_of(text(browser)), calls(): "12人"})
    assert response.status_code == 422
    page = response.content.decode()
    assert f'href="#{calls()}"' in page
    assert 'value="12人"' in page
    assert (
        plain(page).count("0から9999までの整数で入力してください。") == 3
    )  # above, at the field, and for the script
    assert not Activity.objects.exists()


def test_the_last_week_can_be_corrected_and_no_more(browser):
    for ago in range(8):
        day = TODAY - dt.timedelta(days=ago)
        browser.post(f"/sales/today/?day={day}", {calls(): str(ago)})
    assert Activity.objects.count() == 8
    for word in ("2026-11-18", "2026-11-27", "x"):
        assert browser.get(f"/sales/today/?day={word}").status_code == 302
    assert plain(text(browser)).count("入力済み") == 8


def test_a_deal_is_entered_by_choice(browser):
    page = text(browser)
    product = Product.objects.get()
    (key,) = re.findall(r'data-key="([^"]+)"', page)
    deal = {"product": product.pk, "outcome": "open", "stage": "appointment", "amount": ""}
    sent = {days.about(key, part): value for part, value in deal.items()}
    for _ in range(2):  # double tap
        assert browser.post("/sales/today/", sent).status_code == 302
    assert Opportunity.objects.get().outcome == "open"
    sent = {days.about(key, "outcome"): "won", days.about(key, "amount"): "300000"}
    browser.post("/sales/today/", {**sent, f"was.{days.about(key, 'outcome')}": "open"})
    assert Opportunity.objects.get().outcome == "won"
    assert "¥300,000" in plain(text(browser))


def test_a_deal_without_its_outcome_is_asked_for(browser):
    key = days.about("M-abcdef", "stage")
    sent = {key: "qualified", days.about("M-abcdef", "product"): Product.objects.get().pk}
    response = browser.post("/sales/today/", sent)
    assert response.status_code == 422
    assert 'data-key="M-abcdef"' in response.content.decode()


def test_the_product_sold_last_comes_first(browser, rep):
    first, other = Product.objects.get(), make_product("ホナミ保守")
    for product in (first, other, first):
        day = TODAY - dt.timedelta(days=3 if product == other else 4)
        entered = days.Entered(counts={(product.pk, "calls"): 1})
        enter_day(person=rep, day=day, entered=entered)
        if product == first:
            continue
        page = plain(text(browser))
        assert page.index("ホナミ保守") < page.index("ホナミ点検")
    enter_day(person=rep, day=TODAY, entered=days.Entered(counts={(first.pk, "calls"): 1}))
    page = plain(text(browser))
    assert page.index("ホナミ点検") < page.index("ホナミ保守")
    with scoped(CLIENT):
        Product.objects.filter(pk=other.pk).update(is_archived=True)
    assert "ホナミ保守" not in plain(text(browser))


def test_what_a_crm_tells_is_not_asked_again(browser, rep):
    crm = make_crm("ホナミCRM")
    page = plain(text(browser))
    assert "「ホナミCRM」から数えます" in page
    assert "保存する" not in page
    with scoped(CLIENT):
        hand = Source.objects.get(kind="hand")
        LocalRecord.objects.create(organisation=rep.organisation, measure="calls", source=hand)
    page = text(browser)
    assert len(fields_of(page)) == 2  # calls, and what they were
    assert "「ホナミCRM」から数えます" in plain(page)
    assert Record.objects.get(measure="calls").source == crm


def test_what_it_comes_to_stands_beside_the_same_days_of_last_month(browser, rep):
    product = Product.objects.get()
    for day, n in ((TODAY, 4), (dt.date(2026, 10, 26), 3), (dt.date(2026, 10, 27), 50)):
        enter_day(person=rep, day=day, entered=days.Entered(counts={(product.pk, "calls"): n}))
    assert re.search(r"電話 4 3 ", plain(text(browser)))


def test_home_asks_until_the_day_is_entered(browser, django_capture_on_commit_callbacks):
    assert "今日の営業を入れる" in text(browser, "/")
    with django_capture_on_commit_callbacks(execute=True):
        tell(browser, {calls().replace("calls", "appointments"): 1, calls(): 12})
    page = text(browser, "/")
    assert "今日の営業は入力済みです" in page
    assert re.search("電話 12 .*アポ 1", plain(page))  # as the form asks


@pytest.mark.parametrize("word", ["2026-11-27", "2026-01-02", "yesterday"])
def test_another_day_than_those_opens_today_and_says_so(browser, word):
    page = plain(browser.get(f"/sales/today/?day={word}", follow=True).content.decode())
    assert "から今日までです。今日のページを開きました。" in page
    assert "今日のページ" not in plain(text(browser))


def test_home_asks_nobody_whose_crm_tells_everything(browser):
    make_crm()
    assert "今日の営業" not in text(browser, "/")


def test_it_stays_small_and_asks_the_database_little(browser, rep):
    def measure() -> tuple[int, int]:
        text(browser)
        with CaptureQueriesContext(connection) as found:
            page = text(browser)
        return len(found), len(page.encode())

    few = measure()
    for number in range(30):
        product = make_product(f"ホナミ商品{number:02}")
        entered = days.Entered(
            counts={(product.pk, "calls"): 3},
            deals={f"M-{number:06}": days.Deal(product.pk, "open", "qualified", 100)},
        )
        enter_day(person=rep, day=TODAY, entered=entered)
    many = measure()
    assert few[0] == many[0] <= MOST_STATEMENTS + THE_TESTS_OWN
    assert many[1] <= MOST_BYTES


# --- The phone's door -----------------------------------------------------------------------------


def test_a_phone_tells_again_and_nothing_changes(browser):
    assert tell(browser, {calls(): 12}).json()["changed"] == 1
    again = tell(browser, {calls(): 12}).json()
    assert again["changed"] == 0
    assert again["received_at"].endswith("+00:00")


def test_a_phone_that_was_long_without_network_is_still_heard(browser):
    assert tell(browser, {calls(): 1}, TODAY - dt.timedelta(days=21)).status_code == 200
    late = tell(browser, {calls(): 1}, TODAY - dt.timedelta(days=22))
    assert (late.status_code, late.json()["code"]) == (400, "day")


@pytest.mark.parametrize(
    "body",
    [
        *(
            "[]",
            "{",
            '{"day": 5}',
            '{"given": []}',
            '{"given": {"x": 1}}',
            '{"day": "x", "given": {}}',
        ),
        '{"given": {"c.x.calls": 1}}',
        '{"given": {"d.M-123456.outcome": ["won"]}}',
        json.dumps({"given": {f"c.{NOBODYS}.calls": 1}}),
        json.dumps({"given": {f"c.{NOBODYS}.calls": -1}}),
    ],
)
def test_what_a_phone_cant_mean_is_refused_and_nothing_written(browser, body):
    response = browser.post("/api/sales/days/", body, content_type="application/json")
    assert response.status_code == 400
    assert not Activity.objects.exists()


def test_a_phone_of_somebody_else_is_not_heard(browser):
    assert tell(browser, {calls(): 1}, **{"X-Person": str(uuid.uuid4())}).status_code == 401


def test_a_manager_finds_by_hand_entries_among_the_records(browser, rep):
    tell(browser, {calls(): 12})
    manager = make_person(rep.organisation, team=rep.team, roles=["manager"])
    page = plain(text(sign_in(Browser(), manager), "/sales/funnel/records/?measure=calls"))
    assert "出どころ：手入力" in page
    assert "12" in page
