"""Facts as bad as they come, read by a report: each has its rule, and no figure is made up or counted twice."""

import dataclasses
import datetime as dt
import uuid

import pytest
import time_machine

from analytics.associations import measures
from analytics.associations.queries.unit import unit
from analytics.associations.question import Question, usual
from analytics.associations.rows import Row
from partners.models import Person
from sales import actions
from sales.deals import Told
from sales.models import Product, Source
from tests.analytics.associations.factories import (
    NOW,
    OCTOBER,
    SEPTEMBER,
    TODAY,
    finish,
    market,
    noon,
    sell,
)
from tests.courses.factories import make_module
from tests.partners.factories import make_partner, make_person
from tests.sales.factories import moved

pytestmark = pytest.mark.django_db

QUESTION = Question(since=SEPTEMBER, until=dt.date(2026, 11, 1))
OPENED = noon(dt.date(2026, 8, 20))
MONEY = {"sales": measures.AMOUNT, "currency": "JPY"}


@pytest.fixture
def rep() -> Person:
    market()
    person = make_person(make_partner("みらい営業"), sign_in=False)
    sell(person, {day: {"calls": 10, "appointments": 1} for day in (SEPTEMBER, OCTOBER)})
    return person


def tell(rep: Person, name: str = "", **fields: object) -> None:
    """Let the CRM tell something of a deal."""
    told = Told(
        external_id=name or uuid.uuid4().hex,
        product_id=Product.objects.get().pk,
        opened_at=OPENED,
        owners={OPENED: rep.pk},
        **fields,
    )
    outcome = actions.upsert_opportunities(source_id=Source.objects.get(kind="crm").pk, told=[told])
    assert not outcome.refused


def won(
    rep: Person, day: dt.date, amount: int = 500, currency: str = "JPY", name: str = ""
) -> None:
    """Let a rep have won a deal on a day."""
    tell(rep, name, outcome="won", closed_at=noon(day), amount=amount, currency=currency)


def of(person: Person, **asked: object) -> Row:
    found = unit(dataclasses.replace(QUESTION, **asked)).rows
    return next(row for row in found if row.person_id == person.pk)


def test_amounts_of_two_currencies_are_never_added(rep: Person) -> None:
    won(rep, SEPTEMBER, 500)
    won(rep, SEPTEMBER, 70_000, "USD")
    won(rep, OCTOBER, 300)
    assert (of(rep, **MONEY).sold, of(rep, **MONEY).sold_of) == (800, 2)
    assert of(rep, sales=measures.AMOUNT, currency="USD").sold == 70_000
    assert (of(rep, sales=measures.DEAL, currency="JPY")).sold_of == 2
    assert of(rep, sales=measures.WIN).sold == 3


def test_what_was_paid_back_is_neither_won_nor_lost(rep: Person) -> None:
    won(rep, SEPTEMBER, 500, name="A")
    won(rep, SEPTEMBER, 300, name="B")
    tell(rep, "A", outcome="refunded")
    assert (of(rep, sales=measures.WIN).sold, of(rep, sales=measures.WIN).sold_of) == (1, 1)
    assert of(rep, **MONEY).sold == 300


def test_a_deal_that_was_opened_again_counts_once_it_is_decided_again_and_then(rep: Person) -> None:
    tell(rep, "A", outcome="lost", closed_at=noon(SEPTEMBER))
    assert of(rep, sales=measures.WIN).sold_of == 1
    tell(rep, "A", outcome="open")
    assert of(rep, sales=measures.WIN).sold_of == 0
    won(rep, OCTOBER, 500, name="A")
    asked = {"since": OCTOBER, "sales": measures.WIN}
    assert (of(rep, **asked).sold, of(rep, **asked).sold_of) == (1, 1)


def test_the_same_id_told_again_is_the_same_deal(rep: Person) -> None:
    for amount in (400, 500, 500):
        won(rep, SEPTEMBER, amount, name="A")
    assert (of(rep, **MONEY).sold, of(rep, sales=measures.WIN).sold_of) == (500, 1)


def test_of_a_move_in_mid_month_each_side_keeps_its_days(rep: Person) -> None:
    to, middle = make_partner("あおば商事"), dt.date(2026, 10, 15)
    first, old = OCTOBER, rep.organisation_id
    moved(rep, to, None, middle)
    sell(rep, {first: {"calls": 10, "appointments": 1}, middle: {"calls": 30, "appointments": 6}})
    assert (of(rep).organisation_id, of(rep).sold, of(rep).sold_of) == (to.pk, 6, 30)
    before = of(rep, organisation_id=old)
    assert (before.sold, before.sold_of) == (2, 20)


def test_a_month_ends_where_the_client_is(rep: Person) -> None:
    last = dt.datetime(2026, 8, 31, 14, 59, 59, tzinfo=dt.UTC)
    for second in (0, 1):
        tell(
            rep,
            outcome="won",
            closed_at=last + dt.timedelta(seconds=second),
            amount=100 + second,
            currency="JPY",
        )
    assert of(rep, **MONEY).sold == 101


def test_days_still_to_come_are_in_no_report(rep: Person) -> None:
    with time_machine.travel(NOW, tick=False):
        question = usual(TODAY)
        before = unit(question).print()
        for day in (TODAY, TODAY + dt.timedelta(days=400)):
            sell(rep, {day: {"calls": 90, "appointments": 80}})
            finish(rep, make_module(items=[]), noon(day))
        won(rep, TODAY + dt.timedelta(days=40))
        assert question.until <= TODAY
        assert unit(question).print() == before


def test_no_calls_is_a_missing_rate_and_no_appointments_a_rate_of_nothing(rep: Person) -> None:
    idle, unlucky = (make_person(rep.organisation, sign_in=False) for _ in range(2))
    sell(idle, {SEPTEMBER: {"calls": 0, "appointments": 0}})
    sell(unlucky, {SEPTEMBER: {"calls": 5, "appointments": 0}})
    assert not of(idle).complete
    assert (of(unlucky).sold, of(unlucky).complete) == (0, True)
