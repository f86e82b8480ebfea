"""For one company another source may count: everywhere, and in nothing but its own figures."""

import datetime as dt
from typing import Any

import pytest

from core.scope import CLIENT, scoped
from partners.models import Organisation
from sales import actions
from sales.actions import Count
from sales.deals import Told
from sales.models import LocalRecord, Product, Source
from sales.queries.facts import Part
from sales.queries.panel import panel_of
from tests.partners.factories import make_client, make_partner, make_person, make_team, sign_in
from tests.sales.factories import make_crm, make_product

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 2)
AT = dt.datetime(2026, 11, 2, 3, tzinfo=dt.UTC)


def entered(organisation: Organisation, source: Source, calls: int) -> None:
    """A rep of the organisation with so many calls and one won deal, as this source tells it."""
    person = make_person(organisation, team=make_team(organisation), sign_in=False)
    product = Product.objects.get()
    count = Count(person_id=person.pk, product_id=product.pk, day=DAY, measure="calls", count=calls)
    actions.record_activities(source_id=source.pk, counts=[count])
    deal = Told(
        external_id=str(person.pk),
        product_id=product.pk,
        opened_at=AT,
        closed_at=AT,
        owner=person.pk,
        outcome="won",
        amount=1000 * calls,
        currency="JPY",
        stages={"appointment": AT},
    )
    assert not actions.upsert_opportunities(source_id=source.pk, told=[deal]).refused


def local(organisation: Organisation, *measures: str) -> None:
    with scoped(CLIENT):
        hand = Source.objects.get(kind="hand")
        for measure in measures:
            LocalRecord.objects.create(organisation=organisation, measure=measure, source=hand)


def figures() -> dict[Any, tuple[int, ...]]:
    found: dict[Any, tuple[int, ...]] = {}
    for line in panel_of(Part()):
        before = found.get(line.organisation_id, (0, 0, 0, 0))
        now = (line.calls, line.appointments, line.won, line.amounts.get("JPY", 0))
        found[line.organisation_id] = tuple(map(sum, zip(before, now, strict=True)))
    return found


def test_a_company_without_the_crm_counts_what_it_enters_by_hand():
    make_client(time_zone="Asia/Tokyo")
    make_product()
    crm, hand = make_crm("ホナミCRM"), Source.objects.get(kind="hand")
    mine, other = make_partner("みらい営業"), make_partner("あおば商事")
    for organisation in (mine, other):
        entered(organisation, crm, 7)
        entered(organisation, hand, 20)
    assert figures() == {place.pk: (7, 1, 1, 7000) for place in (mine, other)}
    local(mine, "calls")
    assert figures()[mine.pk] == (20, 1, 1, 7000)
    local(mine, "appointments", "won", "amount")
    assert figures() == {mine.pk: (20, 1, 1, 20_000), other.pk: (7, 1, 1, 7000)}


def test_its_records_name_where_each_came_from(client):
    make_client(time_zone="Asia/Tokyo")
    make_product()
    crm, hand = make_crm("ホナミCRM"), Source.objects.get(kind="hand")
    mine = make_partner("みらい営業")
    local(mine, "calls", "won")
    for calls in (7, 8, 9, 10, 11):
        entered(mine, hand, calls)
        entered(make_client(), crm, calls * 10)
        entered(mine, crm, calls * 100)  # kept, not counted
    office = sign_in(client, make_person(make_client(), roles=["sales_manager"]))
    for measure in ("calls", "won"):
        page = office.get(f"/sales/funnel/records/?measure={measure}&period=18").content.decode()
        assert "ホナミCRM" in page
        assert "手入力" in page
        assert "記録10件" in page.replace("\n", "")
    page = office.get("/sales/funnel/records/?measure=calls&period=18").content.decode()
    assert ">700<" not in page
