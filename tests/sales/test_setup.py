"""Products, sources and what counts: set up on pages, each refusal with the way out."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.scope import CLIENT, scoped
from partners.models import Organisation
from sales import actions, measures
from sales.actions import Count
from sales.models import LocalRecord, Product, Record, Source
from sales.queries.days import shelf
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in
from tests.sales.factories import make_crm, make_product

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def partner() -> Organisation:
    make_client(time_zone="Asia/Tokyo")
    return make_partner("みらい営業")


@pytest.fixture
def office(partner: Organisation) -> Browser:
    return sign_in(Browser(), make_person(make_client(), roles=["sales_manager"]))


def plain(response: Any) -> str:
    page = response.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def called(organisation: Organisation, source: Source, calls: int) -> None:
    person = make_person(organisation, team=make_team(organisation), sign_in=False)
    product = Product.objects.first() or make_product()
    count = Count(
        person_id=person.pk,
        product_id=product.pk,
        day=dt.date(2026, 11, 2),
        measure="calls",
        count=calls,
    )
    actions.record_activities(source_id=source.pk, counts=[count])


def test_a_product_is_added_renamed_archived_and_brought_back(office):
    page = plain(office.get("/sales/setup/"))
    assert "商品がまだありません" in page
    office.post("/sales/setup/products/new/", {"name": " ホナミ点検 ", "code": " ＣＨＥＣＫ"})
    row = Product.objects.get()
    assert (row.name, row.code) == ("ホナミ点検", "CHECK")
    address = f"/sales/setup/products/{row.pk}/"
    office.post(address, {"name": "点検", "code": "check"})
    office.post(f"{address}archive/", {"archived": "yes"})
    row.refresh_from_db()
    assert (row.name, row.code, row.is_archived) == ("点検", "check", True)
    response = office.post("/sales/setup/products/new/", {"name": "点検2", "code": "Check"})
    assert response.status_code == 422
    assert "保管中の「点検」" in plain(response)
    assert 'value="点検2"' in response.content.decode()
    office.post(f"{address}archive/", {"archived": "no"})
    assert not Product.objects.get().is_archived


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("", "A", "ここがまだ空いています"),
        ("A", " ", "ここがまだ空いています"),
        ("あ" * 121, "A", "120文字まで"),
        ("A", "A" * 41, "40文字まで"),
        ("A", "check", "「ホナミ点検」で使っています"),
        ("ﾎﾅﾐ点検", "B", "「ホナミ点検」はすでにあります（コード CHECK）"),
    ],
)
def test_a_product_that_cant_be_is_said(office, name, code, said):
    Product.objects.create(name="ホナミ点検", code="CHECK")
    response = office.post("/sales/setup/products/new/", {"name": name, "code": code})
    assert response.status_code == 422
    assert said in plain(response)
    assert Product.objects.count() == 1


def test_products_that_share_a_name_since_long_are_told_apart_by_their_code(office, partner):
    rows = [Product.objects.create(name="ホナミ点検", code=code) for code in ("A-1", "A-2")]
    Product.objects.create(name="ホナミ保守", code="B")
    called = {"ホナミ点検（A-1）", "ホナミ点検（A-2）", "ホナミ保守"}
    page = office.get(reverse("sales:funnel")).content.decode()
    assert called <= set(re.findall(r"<option[^>]*>([^<]+)", page))
    rep = make_person(partner)
    with scoped(partner.pk):
        assert {row.name for row in shelf(rep, NOW.date())} == called
    told = office.post(f"/sales/setup/products/{rows[0].pk}/", {"name": "ホナミ点検", "code": "A"})
    assert told.status_code == 302, "its code can be changed, and so can its name"


def test_a_source_that_counts_stays_until_another_one_does(office):
    office.post("/sales/setup/sources/new/", {"name": "ホナミCRM"})
    crm = Source.objects.get(kind="crm")
    again = office.post("/sales/setup/sources/new/", {"name": "ホナミｃｒｍ"})
    assert "「ホナミCRM」はすでにあります" in plain(again)
    Record.objects.filter(measure="calls").update(source=crm)
    archive = f"/sales/setup/sources/{crm.pk}/archive/"
    page = plain(office.post(archive, {"archived": "yes"}, follow=True))
    assert "先に、別の出どころを選んでください" in page
    hand = Source.objects.get(kind="hand")
    office.post("/sales/setup/counts/calls/", {"to": f"{hand.pk}.activity", "place": ""})
    office.post(archive, {"archived": "yes"})
    assert Source.objects.get(pk=crm.pk).is_archived
    assert "ホナミCRM (" not in plain(office.get("/sales/setup/counts/calls/"))


def test_what_is_entered_by_hand_stays(office):
    hand = Source.objects.get(kind="hand")
    for door, sent in (
        (f"{hand.pk}/archive/", {"archived": "yes"}),
        (f"{hand.pk}/", {"name": "x"}),
    ):
        page = plain(office.post(f"/sales/setup/sources/{door}", sent, follow=True))
        assert "いつでも使える" in page
    assert not Source.objects.get(pk=hand.pk).is_archived


def test_another_record_is_shown_before_it_counts(office, partner):
    crm, hand = make_crm("ホナミCRM"), Source.objects.get(kind="hand")
    called(partner, crm, 7)
    called(partner, hand, 20)
    query = {"to": f"{hand.pk}.activity", "place": ""}
    page = plain(office.get("/sales/setup/counts/calls/", query))
    assert "まだ何も変更していません" in page
    assert "2026年11月 7 20 2026年10月 0 0 2026年9月 0 0" in page
    assert Record.objects.get(measure="calls").source == crm
    office.post("/sales/setup/counts/calls/", query)
    assert Record.objects.get(measure="calls").source == hand
    page = plain(office.get("/sales/setup/counts/calls/", query))
    assert "いまと同じ数え方です" in page


def test_one_company_may_count_otherwise_and_as_the_others_again(office, partner):
    crm, hand = make_crm("ホナミCRM"), Source.objects.get(kind="hand")
    called(partner, crm, 7)
    called(partner, hand, 20)
    called(make_client(), crm, 100)
    query = {"to": f"{hand.pk}.activity", "place": str(partner.pk)}
    assert "2026年11月 7 20 " in plain(office.get("/sales/setup/counts/calls/", query))
    office.post("/sales/setup/counts/calls/", query)
    assert LocalRecord.objects.get().organisation == partner
    everywhere = {"to": f"{hand.pk}.activity", "place": ""}
    page = plain(office.get("/sales/setup/counts/calls/", everywhere))
    assert "2026年11月 120 20 " in page
    assert "数え方が違う会社 みらい営業" in page
    back = {"to": f"{crm.pk}.activity", "place": str(partner.pk)}
    assert "2026年11月 20 7 " in plain(office.get("/sales/setup/counts/calls/", back))
    office.post("/sales/setup/counts/calls/", back)
    assert not LocalRecord.objects.exists()


def test_for_one_company_only_the_source_differs(office, partner):
    hand = Source.objects.get(kind="hand")
    query = {"to": f"{hand.pk}.opportunity", "place": str(partner.pk)}
    response = office.get("/sales/setup/counts/appointments/", query)
    assert response.status_code == 422
    assert "会社ごとに変えられるのは出どころだけです" in plain(response)
    assert office.post("/sales/setup/counts/appointments/", query).status_code == 422
    assert not LocalRecord.objects.exists()


def test_what_is_not_offered_is_refused(office):
    hand = Source.objects.get(kind="hand")
    for to in ("x", f"{hand.pk}.opportunity", ""):
        assert office.post("/sales/setup/counts/calls/", {"to": to}).status_code == 422
    assert office.get("/sales/setup/counts/unknown/").status_code == 404


def test_all_that_a_source_tells_is_seen_and_counted_at_once(office, partner):
    crm, hand = make_crm("ホナミCRM"), Source.objects.get(kind="hand")
    called(partner, crm, 7)
    called(partner, hand, 20)
    called(make_client(), hand, 100)
    address = f"/sales/setup/sources/{hand.pk}/counts/"
    page = office.get(address).content.decode()
    assert re.findall(r'value="([a-z_.]+)" checked', page) == ["calls.activity"]
    assert "電話 日ごとの数、いまはホナミCRM 7 120 " in plain(office.get(address))
    assert Record.objects.get(measure="calls").source == crm

    ticked = ["calls.activity", "leads.activity", "appointments.opportunity"]
    assert office.post(address, {"what": ticked}).status_code == 302
    counted = Record.objects.filter(source=hand).values_list("measure", "grain")
    assert {("calls", "activity"), ("appointments", "opportunity")} <= set(counted)
    assert "電話 すでにここから数えています 120 120 " in plain(office.get(address))


def test_in_one_company_a_source_is_counted_as_all_count(office, partner):
    crm, hand = make_crm("ホナミCRM"), Source.objects.get(kind="hand")
    called(partner, crm, 7)
    called(partner, hand, 20)
    called(make_client(), hand, 100)
    address = f"/sales/setup/sources/{hand.pk}/counts/"
    page = office.get(address, {"place": str(partner.pk)}).content.decode()
    assert len(re.findall("<tbody>.*?</tbody>", page, re.DOTALL)[0].split("<tr>")) == 1 + 8
    office.post(address, {"what": ["calls.activity"], "place": str(partner.pk)})
    assert LocalRecord.objects.get().organisation == partner
    assert Record.objects.get(measure="calls").source == crm
    page = plain(office.get(address, {"place": str(partner.pk)}))
    assert "電話 すでにここから数えています 20 20 " in page


@pytest.mark.parametrize(
    ("ticked", "said"),
    [
        ([], "ここから数える数字にチェックを入れてください"),
        (["appointments.activity", "appointments.opportunity"], "アポの数え方は1つだけです"),
        (["calls.opportunity"], "calls.opportunity"),
        (["calls.activity", "won.activity"], "won.activity"),
    ],
)
def test_what_cant_be_ticked_is_refused_and_stays_ticked(office, ticked, said):
    make_crm("ホナミCRM")
    hand = Source.objects.get(kind="hand")
    before = list(Record.objects.order_by("measure").values_list("measure", "source", "grain"))
    answer = office.post(f"/sales/setup/sources/{hand.pk}/counts/", {"what": ticked})
    assert answer.status_code == 422
    assert said in plain(answer)
    offered = [each for each in ticked if each not in {"calls.opportunity", "won.activity"}]
    assert re.findall(r'value="([a-z_.]+)" checked', answer.content.decode()) == offered
    assert before == list(
        Record.objects.order_by("measure").values_list("measure", "source", "grain")
    )


def test_what_would_be_counted_less_is_not_ticked_before(office, partner):
    crm, hand = make_crm("ホナミCRM"), Source.objects.get(kind="hand")
    called(partner, crm, 20)
    called(partner, hand, 7)
    address = f"/sales/setup/sources/{hand.pk}/counts/"
    assert " checked" not in office.get(address).content.decode()
    page = office.get(address, {"what": "calls.activity"}).content.decode()
    assert 'value="calls.activity" checked' in page


def test_the_same_ticked_twice_is_ticked_once(office):
    make_crm("ホナミCRM")
    hand = Source.objects.get(kind="hand")
    address = f"/sales/setup/sources/{hand.pk}/counts/"
    assert office.post(address, {"what": ["calls.activity"] * 2}).status_code == 302


def test_an_archived_source_counts_for_nothing_new(office):
    old = Source.objects.create(name="旧CRM", is_archived=True)
    answer = office.post(
        f"/sales/setup/sources/{old.pk}/counts/", {"what": ["calls.activity", "leads.activity"]}
    )
    assert answer.status_code == 422
    assert "旧CRM" in plain(answer)
    assert not Record.objects.filter(source=old).exists()


def test_only_the_client_sets_it_up(partner):
    manager = sign_in(Browser(), make_person(partner, roles=["manager"]))
    assert manager.get("/sales/setup/").status_code == 404
    assert "sales/setup" not in manager.get("/sales/funnel/").content.decode()


def test_every_figure_can_be_looked_at(office, partner):
    crm = make_crm("ホナミCRM")
    called(partner, crm, 7)
    for measure, grains in (
        ("won", "opportunity"),
        ("amount", "opportunity"),
        ("leads", "activity"),
    ):
        query = {"to": f"{crm.pk}.{grains}", "place": ""}
        assert "2026年11月" in plain(office.get(f"/sales/setup/counts/{measure}/", query))
    assert set(measures.ALL) == set(Record.objects.values_list("measure", flat=True))


def test_queries_are_constant(office, partner):
    def queries(url: str) -> int:
        office.get(url)
        with CaptureQueriesContext(connection) as found:
            office.get(url)
        return len(found)

    crm, hand = make_crm("ホナミCRM"), Source.objects.get(kind="hand")
    make_product()
    urls = [
        "/sales/setup/",
        f"/sales/setup/counts/calls/?to={hand.pk}.activity&place=",
        f"/sales/setup/sources/{hand.pk}/counts/",
        f"/sales/setup/sources/{hand.pk}/counts/?place={partner.pk}",
    ]
    with scoped(CLIENT):
        LocalRecord.objects.create(organisation=partner, measure="calls", source=hand)
    few = [queries(url) for url in urls]
    for number in range(30):
        make_product()
        source = Source.objects.create(name=f"S{number}")
        LocalRecord.objects.create(organisation=make_partner(), measure="calls", source=source)
    assert [queries(url) for url in urls] == few
    assert max(few) <= 16
    assert crm.is_archived is False
