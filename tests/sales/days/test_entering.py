"""A day entered by hand: told again, in pieces and from two tabs, it is what was said last."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners.models import Person
from sales import days
from sales.actions import enter_day
from sales.days import WrongError
from sales.models import Activity, Opportunity, Ownership, Product, StageEntry
from sales.queries import checks
from tests.partners.factories import make_client, make_partner, make_person, make_team
from tests.sales.factories import make_crm, make_product

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 3, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 26)
TOKYO = dt.timezone(dt.timedelta(hours=9))
KEYS = ["M-aaaaaa", "M-bbbbbb"]


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def rep() -> Person:
    make_client(time_zone="Asia/Tokyo")
    make_product()
    make_product("ホナミ保守")
    team = make_team(make_partner("みらい営業"))
    return make_person(team.organisation, team=team, joined_on=dt.date(2026, 1, 1))


def told(person: Person, fields: dict[str, Any], day: dt.date = TODAY) -> Any:
    return enter_day(person=person, day=day, entered=days.read(fields))


def calls(product: Product) -> str:
    return days.counter(product.pk, "calls")


def test_a_count_is_written_once_and_corrected_in_place(rep):
    product = Product.objects.earliest("created_at")
    assert told(rep, {calls(product): 5}).new == 1
    assert (told(rep, {calls(product): 5}).unchanged, Activity.objects.count()) == (1, 1)
    assert told(rep, {calls(product): "8"}).changed == 1
    row = Activity.objects.get()
    assert (row.count, row.day, row.source.kind) == (8, TODAY, "hand")
    assert (row.organisation_id, row.team_id) == (rep.organisation_id, rep.team_id)


def test_a_deal_goes_on_from_where_it_was(rep):
    product = Product.objects.earliest("created_at")
    before = TODAY - dt.timedelta(days=3)
    about = lambda part: days.about("M-abcdef", part)  # noqa: E731
    told(
        rep,
        {about("product"): product.pk, about("outcome"): "open", about("stage"): "qualified"},
        before,
    )
    deal = Opportunity.objects.get()
    assert (deal.outcome, deal.person_id, deal.amount) == ("open", rep.pk, None)
    assert {e.stage for e in StageEntry.objects.all()} == {"appointment", "qualified"}
    won = {about("outcome"): "won", about("amount"): "300,000", about("stage"): "proposal"}
    assert told(rep, won).changed == 1
    assert told(rep, won).unchanged == 1
    deal.refresh_from_db()
    assert (deal.outcome, deal.amount, deal.currency) == ("won", 300_000, "JPY")
    assert deal.closed_at.astimezone(TOKYO).date() == TODAY
    assert told(rep, won, TODAY - dt.timedelta(days=1)).unchanged == 1  # it was won when it was won
    told(rep, {about("outcome"): "open"})
    deal.refresh_from_db()
    assert (deal.outcome, deal.closed_at) == ("open", None)
    assert Ownership.objects.count() == 1
    assert checks.differences() == []


def test_a_key_that_a_rivals_phone_made_too_is_another_deal(rep):
    product = Product.objects.earliest("created_at")
    theirs = make_person(make_partner("あおば商事"))
    fields = {
        days.about("M-abcdef", "product"): product.pk,
        days.about("M-abcdef", "outcome"): "won",
    }
    told(theirs, fields)
    told(rep, {calls(product): 3, **fields})
    told(rep, {days.about("M-abcdef", "outcome"): "lost"})
    found = Opportunity.objects.values_list("person_id", "outcome")
    assert set(found) == {(theirs.pk, "won"), (rep.pk, "lost")}


def test_a_deal_that_went_to_somebody_else_is_not_touched(rep):
    product = Product.objects.earliest("created_at")
    fields = {
        days.about("M-abcdef", "product"): product.pk,
        days.about("M-abcdef", "outcome"): "open",
    }
    told(rep, fields)
    heir = make_person(rep.organisation)
    Opportunity.objects.update(person=heir)
    with pytest.raises(WrongError):
        told(rep, {calls(product): 3, days.about("M-abcdef", "outcome"): "won"})
    assert Opportunity.objects.get().outcome == "open"


def test_a_deal_entered_before_keys_had_a_person_goes_on(rep):
    product = Product.objects.earliest("created_at")
    begun = {days.about("M-abcdef", "product"): product.pk}
    told(rep, {**begun, days.about("M-abcdef", "outcome"): "open"})
    Opportunity.objects.update(external_id="M-abcdef")
    told(rep, {days.about("M-abcdef", "outcome"): "won"})
    assert Opportunity.objects.get().outcome == "won"


@pytest.mark.parametrize(
    ("part", "value", "named"),
    [
        ("outcome", "won", "d.M-abcdef.product"),
        ("amount", 5, "d.M-abcdef.outcome"),
        ("product", uuid.uuid4(), "d.M-abcdef.product"),
    ],
)
def test_a_deal_that_lacks_something_says_what(rep, part, value, named):
    fields = {days.about("M-abcdef", part): value}
    if part == "product":
        fields[days.about("M-abcdef", "outcome")] = "open"
    with pytest.raises(WrongError) as wrong:
        told(rep, fields)
    assert wrong.value.field == named
    assert not Opportunity.objects.exists()


def test_a_product_that_is_not_there_is_named(rep):
    name = days.counter(uuid.uuid4(), "calls")
    with pytest.raises(WrongError) as wrong:
        told(rep, {name: 1})
    assert wrong.value.field == name


def test_what_a_crm_says_of_the_same_day_stays(rep):
    product, crm = Product.objects.earliest("created_at"), make_crm()
    told(rep, {calls(product): 5})
    Activity.objects.update(source=crm)
    told(rep, {calls(product): 7})
    assert sorted(Activity.objects.values_list("count", flat=True)) == [5, 7]


# --- In any order, again and again ---------------------------------------------------------------

DEALS = st.fixed_dictionaries(
    {"key": st.sampled_from(KEYS), "outcome": st.sampled_from(["open", "won", "lost"])},
    optional={"stage": st.sampled_from(days.STAGES), "amount": st.integers(0, 5)},
)
LETTERS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.dictionaries(
            st.tuples(st.integers(0, 1), st.sampled_from(["calls", "leads"])), st.integers(0, 9)
        ),
        st.none() | DEALS,
    ),
    max_size=6,
)


@dataclasses.dataclass
class Said:
    """What a plain reading of the letters comes to."""

    counts: dict[Any, int] = dataclasses.field(default_factory=dict)
    deals: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)

    def hear(self, day: dt.date, counts: dict[Any, int], deal: dict[str, Any] | None) -> None:
        self.counts |= {(day, *key): n for key, n in counts.items()}
        if deal is None:
            return
        begun = {"opened": day, "outcome": "open", "closed": None, "stages": {}, "amount": None}
        now = self.deals.setdefault(deal["key"], begun)
        at = max(day, now["opened"])
        if deal["outcome"] != now["outcome"]:
            now |= {"outcome": deal["outcome"], "closed": None if deal["outcome"] == "open" else at}
        until = days.STAGES.index(deal["stage"]) + 1 if "stage" in deal else 0
        now["stages"] = {**dict.fromkeys(days.STAGES[:until], at), **now["stages"]}
        now["amount"] = deal.get("amount", now["amount"])


def found(rep: Person, products: list[Any]) -> Said:
    day = lambda moment: moment and moment.astimezone(TOKYO).date()  # noqa: E731
    said = Said()
    for row in Activity.objects.filter(person=rep):
        said.counts[row.day, products.index(row.product_id), row.measure] = row.count
    for deal in Opportunity.objects.filter(person=rep):
        said.deals[days.key_of(rep.pk, deal.external_id)] = {
            "opened": day(deal.opened_at),
            "outcome": deal.outcome,
            "closed": day(deal.closed_at),
            "stages": {e.stage: day(e.at) for e in deal.entries.all()},
            "amount": deal.amount,
        }
    return said


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(letters=LETTERS)
def test_letters_told_again_and_again_come_to_what_was_said_last(rep, letters):
    for model in (StageEntry, Ownership, Opportunity, Activity):
        model.objects.all().delete()
    products = [p.pk for p in Product.objects.order_by("created_at", "pk")]
    said = Said()
    for ago, counts, deal in letters:
        day = TODAY - dt.timedelta(days=ago)
        fields = {days.counter(products[p], measure): n for (p, measure), n in counts.items()}
        for part, value in (deal or {}).items():
            if part != "key":
                fields[days.about(deal["key"], part)] = value
        if deal:
            fields[days.about(deal["key"], "product")] = products[0]
        said.hear(day, counts, deal)
        told(rep, fields, day)
        again = told(rep, fields, day)  # as a phone that never heard the answer
        assert (again.new, again.changed) == (0, 0)
        assert found(rep, products) == said
