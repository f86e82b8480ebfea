"""Facts told in any order, in pieces and again and again: the panel is what a plain count says."""

import datetime as dt
import uuid
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners.models import Person
from sales import actions
from sales.actions import Count
from sales.deals import Told
from sales.models import Activity, Opportunity, Product, Source
from sales.queries.facts import Part
from sales.queries.panel import panel_of
from tests.partners.factories import make_client, make_partner, make_person, make_team
from tests.sales import reference
from tests.sales.factories import make_crm, make_product, moved

pytestmark = pytest.mark.django_db

EDGES = [dt.datetime(2026, month, 1, tzinfo=reference.TOKYO) for month in (4, 5, 6)]
MOMENTS = st.builds(
    lambda edge, hours: edge + dt.timedelta(hours=hours, seconds=-1),
    st.sampled_from(EDGES),
    st.integers(-30, 30),
)
DAYS = st.builds(
    lambda edge, days: edge.date() + dt.timedelta(days=days),
    st.sampled_from(EDGES),
    st.integers(-2, 2),
)
FEW = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class World:
    """Three people, two of whom moved at the edge of a month; two products; a CRM."""

    def __init__(self) -> None:
        make_client(time_zone="Asia/Tokyo")
        mine, rival = make_partner(), make_partner()
        team, other = make_team(mine), make_team(rival)
        self.people = [
            make_person(mine, team=team, sign_in=False, joined_on=dt.date(2026, 1, 1))
            for _ in range(3)
        ]
        start, may, june = dt.date(2026, 1, 1), dt.date(2026, 5, 1), dt.date(2026, 6, 1)
        self.spells: dict[uuid.UUID, list[tuple[dt.date, Any]]] = {
            person.pk: [(start, (mine.pk, team.pk))] for person in self.people
        }
        self._move(self.people[1], rival, other, may)
        self._move(self.people[2], mine, None, may - dt.timedelta(days=1))
        self._move(self.people[2], rival, other, june)
        self.products: list[Product] = [make_product(), make_product("ホナミ保守")]
        self.crm: Source = make_crm()

    def _move(self, person: Person, to: Any, team: Any, on: dt.date) -> None:
        moved(person, to, team, on)
        self.spells[person.pk].append((on, (to.pk, team.pk if team else None)))

    def counts(self) -> st.SearchStrategy[list[Count]]:
        return st.lists(
            st.builds(
                Count,
                person_id=st.sampled_from([each.pk for each in self.people]),
                product_id=st.sampled_from([each.pk for each in self.products]),
                day=DAYS,
                measure=st.sampled_from(["calls", "key_persons", "leads"]),
                count=st.none() | st.integers(0, 3),
            ),
            max_size=12,
        )

    def deals(self) -> st.SearchStrategy[list[Told]]:
        people = st.sampled_from([each.pk for each in self.people])
        products = st.sampled_from([each.pk for each in self.products])
        opened = EDGES[0] - dt.timedelta(days=60)
        stages = st.dictionaries(st.sampled_from(["appointment", "qualified"]), MOMENTS)
        whole = st.builds(
            Told,
            external_id=st.sampled_from("ABC"),
            product_id=products,
            opened_at=st.just(opened),
            owners=st.dictionaries(MOMENTS, people, min_size=1, max_size=3),
            stages=stages,
        )
        decided = st.builds(
            lambda told, outcome, at, amount, currency: Told(
                **{
                    **told.__dict__,
                    "outcome": outcome,
                    "closed_at": None if outcome == "open" else at,
                    "amount": amount,
                    "currency": currency,
                }
            ),
            whole,
            st.sampled_from(["open", "won", "won", "lost", "refunded"]),
            MOMENTS,
            st.integers(0, 900),
            st.sampled_from(["JPY", "USD"]),
        )
        return st.lists(whole | decided, max_size=10)

    def found(self) -> Counter[tuple[Any, ...]]:
        sums: Counter[tuple[Any, ...]] = Counter()
        for line in panel_of(Part()):
            key = (
                line.person_id,
                (line.organisation_id, line.team_id),
                line.product_id,
                (line.month.year, line.month.month),
            )
            names = ["calls", "key_persons", "leads", "appointments", "qualified", "won", "lost"]
            for name, n in [(name, getattr(line, name)) for name in names] + [
                *line.amounts.items()
            ]:
                if n:
                    sums[*key, name] += n
        return sums

    def forget(self) -> None:
        Activity.objects.all().delete()
        Opportunity.objects.all().delete()


@pytest.fixture
def world() -> World:
    return World()


@FEW
@given(data=st.data())
def test_the_panel_is_a_plain_count_however_the_facts_arrive(world, data):
    world.forget()
    counts, told = data.draw(world.counts()), data.draw(world.deals())
    size = data.draw(st.integers(1, 4))
    for start in range(0, len(counts), size):
        some = counts[start : start + size]
        for _ in range(data.draw(st.integers(1, 2))):
            actions.record_activities(source_id=world.crm.pk, counts=some)
    for start in range(0, len(told), size):
        some = told[start : start + size]
        for _ in range(data.draw(st.integers(1, 2))):
            actions.upsert_opportunities(source_id=world.crm.pk, told=some)
    assert world.found() == reference.panel(world.spells, counts, told)
    assert actions.credit_again(people=world.spells) == 0


@FEW
@given(data=st.data())
def test_facts_about_different_things_may_come_in_any_order(world, data):
    world.forget()
    told = list({each.external_id: each for each in data.draw(world.deals())}.values())
    counts = data.draw(world.counts())
    counts = list({(c.person_id, c.product_id, c.day, c.measure): c for c in counts}.values())
    actions.upsert_opportunities(source_id=world.crm.pk, told=data.draw(st.permutations(told)))
    actions.record_activities(source_id=world.crm.pk, counts=data.draw(st.permutations(counts)))
    assert world.found() == reference.panel(world.spells, counts, told)


@FEW
@given(data=st.data())
def test_the_same_again_changes_nothing_and_says_so(world, data):
    world.forget()
    counts, told = data.draw(world.counts()), data.draw(world.deals())
    last = {(c.person_id, c.product_id, c.day, c.measure): c for c in counts if c.count is not None}
    actions.record_activities(source_id=world.crm.pk, counts=counts)
    again = actions.record_activities(source_id=world.crm.pk, counts=last.values())
    assert (again.new, again.changed, again.unchanged) == (0, 0, len(last))
    actions.upsert_opportunities(source_id=world.crm.pk, told=told)
    before = list(Opportunity.objects.order_by("pk").values())
    final = list({each.external_id: each for each in told}.values())
    again = actions.upsert_opportunities(source_id=world.crm.pk, told=final)
    assert (again.new, again.changed, again.unchanged) == (0, 0, len(final))
    assert list(Opportunity.objects.order_by("pk").values()) == before


def test_what_another_source_tells_is_kept_and_not_counted(world):
    (person, *_), (product, *_) = world.people, world.products
    other = Source.objects.create(name="another")
    count = Count(
        person_id=person.pk,
        product_id=product.pk,
        day=dt.date(2026, 4, 3),
        measure="calls",
        count=5,
    )
    told = _deal(world, outcome="won", closed_at=EDGES[1], stages={"qualified": EDGES[1]})
    actions.record_activities(source_id=other.pk, counts=[count])
    actions.upsert_opportunities(source_id=other.pk, told=[told])
    assert Activity.objects.count() == Opportunity.objects.count() == 1
    assert not world.found()


def _deal(world: World, **fields: Any) -> Told:
    return Told(
        **{
            "external_id": "A",
            "product_id": world.products[0].pk,
            "opened_at": EDGES[0],
            "owner": world.people[0].pk,
            **fields,
        }
    )


def test_a_correction_corrects_none_says_nothing_and_zero_is_zero(world):
    def tell(count: int | None) -> Any:
        told = Count(
            person_id=world.people[0].pk,
            product_id=world.products[0].pk,
            day=dt.date(2026, 4, 3),
            measure="calls",
            count=count,
        )
        return actions.record_activities(source_id=world.crm.pk, counts=[told])

    assert tell(None).unchanged == 1
    assert not Activity.objects.exists()
    assert tell(4).new == 1
    assert tell(None).unchanged == tell(4).unchanged == 1
    assert tell(0).changed == 1
    assert Activity.objects.get().count == 0


def test_a_reopened_deal_is_open_and_a_refunded_one_neither_won_nor_lost(world):
    def tell(**fields: Any) -> list[str]:
        told = _deal(world, **fields)
        result = actions.upsert_opportunities(source_id=world.crm.pk, told=[told])
        assert not result.refused
        return sorted(key[-1] for key in world.found())

    amount = {"amount": 500, "currency": "JPY"}
    assert tell(outcome="lost", closed_at=EDGES[1], reason="価格") == ["lost"]
    assert tell(outcome="open") == []
    assert Opportunity.objects.get().reason == ""
    assert tell(outcome="won", closed_at=EDGES[2], **amount) == ["JPY", "won"]
    assert tell(outcome="refunded") == []
    assert Opportunity.objects.get().closed_at == EDGES[2]


def test_a_new_owner_without_a_date_has_it_from_now_on(world):
    first, second = world.people[:2]
    tell = {"source_id": world.crm.pk}
    actions.upsert_opportunities(told=[_deal(world, stages={"qualified": EDGES[1]})], **tell)
    actions.upsert_opportunities(told=[_deal(world, owner=second.pk)], **tell)
    again = actions.upsert_opportunities(told=[_deal(world, owner=second.pk)], **tell)
    assert again.unchanged == 1
    deal = Opportunity.objects.get()
    assert deal.person_id == second.pk
    assert deal.entries.get().person_id == first.pk
    assert deal.ownerships.count() == 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"product_id": None}, "product"),
        ({"opened_at": None}, "opened_at"),
        ({"owner": None}, "owner"),
        ({"outcome": "won"}, "closed_at"),
        ({"outcome": "won", "closed_at": EDGES[0] - dt.timedelta(days=1)}, "closed_at"),
        ({"closed_at": EDGES[1]}, "outcome"),
        ({"amount": 5}, "currency"),
        ({"amount": 5, "currency": "円"}, "currency"),
        ({"amount": -5, "currency": "JPY"}, "amount"),
    ],
)
def test_a_deal_that_makes_no_sense_is_named_and_the_others_are_written(world, fields, field):
    told = [_deal(world, **fields), _deal(world, external_id="B")]
    result = actions.upsert_opportunities(source_id=world.crm.pk, told=told)
    assert (result.new, dict(result.refused)) == (1, {"A": (field,)})
    assert Opportunity.objects.get().external_id == "B"


def test_a_thousand_cost_as_many_statements_as_one(world):
    def statements(count: int, mark: str) -> tuple[int, int]:
        told = [
            _deal(world, external_id=f"{mark}{n}", stages={"qualified": EDGES[1]})
            for n in range(count)
        ]
        counts = [
            Count(
                person_id=world.people[0].pk,
                product_id=world.products[0].pk,
                day=dt.date(2026, 4, 1) + dt.timedelta(days=n),
                measure="calls",
                count=n,
            )
            for n in range(count)
        ]
        found = []
        for work in (
            lambda: actions.upsert_opportunities(source_id=world.crm.pk, told=told),
            lambda: actions.record_activities(source_id=world.crm.pk, counts=counts),
        ):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert work().new == count
            found.append(len(queries))
        return found[0], found[1]

    one = statements(1, "x")
    Activity.objects.all().delete()
    assert statements(1000, "y") == one
    assert one[0] <= 12


def test_the_panel_is_one_statement(world):
    part = Part()
    with CaptureQueriesContext(connection) as queries:
        panel_of(part)
    assert len(queries) == 1
