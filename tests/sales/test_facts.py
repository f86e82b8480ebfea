"""The rows themselves: what the database refuses."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.scope import scoped
from partners.actions.belonging import move_person
from partners.models import Person
from sales import actions, measures
from sales.actions import Count
from sales.deals import Told
from sales.models import Activity, Opportunity, Ownership, Product, Record, Source, StageEntry
from tests.analytics.factories import deliver
from tests.partners.factories import make_client, make_partner, make_person
from tests.sales.factories import make_crm, make_product, moved

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 5, 20, 3, tzinfo=dt.UTC)


@pytest.fixture
def rep() -> Person:
    make_client()
    return make_person(make_partner("みらい営業"), sign_in=False)


def refused(work) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        work()


def deal(rep: Person, source: Source, **fields) -> Told:
    return Told(
        **{
            "external_id": "A-1",
            "product_id": Product.objects.get().pk,
            "opened_at": NOON,
            "owner": rep.pk,
            **fields,
        }
    )


def test_every_measure_has_one_source_of_record_from_the_first_day():
    assert set(Record.objects.values_list("measure", flat=True)) == set(measures.ALL)
    assert {row.source.kind for row in Record.objects.select_related("source")} == {"hand"}


def test_calls_cannot_be_counted_from_deals_nor_wins_from_days():
    refused(lambda: Record.objects.filter(measure="calls").update(grain="opportunity"))
    refused(lambda: Record.objects.filter(measure="won").update(grain="activity"))


def test_there_is_one_source_by_hand_and_codes_differ_in_more_than_case():
    refused(lambda: Source.objects.create(kind="hand", name="もうひとつ"))
    Product.objects.create(code="check", name="点検")
    refused(lambda: Product.objects.create(code="CHECK", name="点検2"))


@pytest.mark.parametrize(
    "broken",
    [
        {"outcome": "won"},
        {"closed_at": NOON},
        {"outcome": "lost", "closed_at": NOON - dt.timedelta(days=1)},
        {"outcome": "sold", "closed_at": NOON},
        {"reason": "高い"},
        {"amount": 100},
        {"amount": -1, "currency": "JPY"},
        {"currency": "JPY"},
        {"amount": 1, "currency": "jpy"},
        {"external_id": ""},
    ],
)
def test_the_database_refuses_a_deal_that_contradicts_itself(rep, broken):
    make_product()
    source = make_crm()
    actions.upsert_opportunities(source_id=source.pk, told=[deal(rep, source)])
    refused(lambda: Opportunity.objects.update(**broken))


def test_entries_of_stages_always_have_their_deals_source_and_product(rep):
    make_product()
    source = make_crm()
    told = deal(rep, source, stages={"qualified": NOON})
    actions.upsert_opportunities(source_id=source.pk, told=[told])
    other = Product.objects.create(code="other", name="保守")
    Opportunity.objects.update(product=other)
    assert StageEntry.objects.get().product_id == other.pk

    def differ() -> None:
        StageEntry.objects.update(product=Product.objects.exclude(pk=other.pk).get())
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    refused(differ)


def test_a_partner_sees_its_own_part_of_a_deal_that_went_to_another(rep):
    product = make_product()
    source, rival = make_crm(), make_person(make_partner("あおば商事"), sign_in=False)
    later = NOON + dt.timedelta(days=3)
    told = deal(
        rep,
        source,
        owner=None,
        owners={NOON: rep.pk, later: rival.pk},
        stages={"qualified": NOON},
        outcome="won",
        closed_at=later,
        amount=500_000,
        currency="JPY",
    )
    actions.upsert_opportunities(source_id=source.pk, told=[told])
    actions.record_activities(
        source_id=source.pk,
        counts=[
            Count(
                person_id=rival.pk, product_id=product.pk, day=NOON.date(), measure="calls", count=3
            )
        ],
    )
    with scoped(rep.organisation_id):
        assert StageEntry.objects.count() == Ownership.objects.count() == 1
        assert not Opportunity.objects.exists()
        assert not Activity.objects.exists()
    with scoped(rival.organisation_id):
        assert Opportunity.objects.count() == Ownership.objects.count() == 1
        assert not StageEntry.objects.exists()


def test_a_fact_of_nobody_known_is_an_error_not_a_gap(rep):
    product, source = make_product(), make_crm()
    with pytest.raises(DatabaseError), transaction.atomic():
        actions.record_activities(
            source_id=source.pk,
            counts=[
                Count(
                    person_id=source.pk,
                    product_id=product.pk,
                    day=timezone.localdate(),
                    measure="calls",
                    count=1,
                )
            ],
        )


def test_a_move_entered_late_takes_along_what_was_done_since(rep):
    product, source = make_product(), make_crm()
    before, place = rep.organisation_id, make_partner("あおば商事")
    days = [dt.date(2026, 5, day) for day in (9, 10, 11)]
    counts = [
        Count(person_id=rep.pk, product_id=product.pk, day=day, measure="calls", count=1)
        for day in days
    ]
    actions.record_activities(source_id=source.pk, counts=counts)
    told = [
        deal(rep, source, stages={"qualified": NOON}),
        deal(rep, source, external_id="A-2", opened_at=NOON - dt.timedelta(days=30)),
    ]
    actions.upsert_opportunities(source_id=source.pk, told=told)
    moved(rep, place, None, on=days[1])
    before_it = timezone.now()
    assert not Opportunity.objects.filter(updated_at__gte=before_it).exists()
    assert actions.credit_again(people=[rep.pk]) == 2 + 1 + 1 + 2
    assert Opportunity.objects.filter(updated_at__gte=before_it).count() == 2, (
        "followers hear of it"
    )
    found = Activity.objects.order_by("day").values_list("organisation_id", flat=True)
    assert list(found) == [before, place.pk, place.pk]
    assert actions.credit_again(people=[rep.pk]) == 0


def test_news_of_a_move_credits_again_what_was_done_since(rep):
    product, source = make_product(), make_crm()
    place, today = make_partner("あおば商事"), timezone.localdate()
    count = Count(person_id=rep.pk, product_id=product.pk, day=today, measure="calls", count=1)
    actions.record_activities(source_id=source.pk, counts=[count])
    admin = make_person(make_client(), roles=["admin"])
    move_person(actor=admin, person_id=rep.pk, organisation=place, team=None, on=today)
    deliver()
    assert Activity.objects.get().organisation_id == place.pk
