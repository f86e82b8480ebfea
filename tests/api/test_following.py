"""Following deals: what a slow writer had not committed when a program asked comes with the next question."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core.scope import CLIENT, scoped
from partners.models import Person
from sales.actions import take_back, upsert_opportunities
from sales.deals import Told
from sales.models import Product, Source
from tests.api.programs import Program, make_token
from tests.concurrency.racing import race
from tests.core.broker import quiet_broker
from tests.partners.factories import make_client, make_partner, make_person
from tests.plugin.patience import PATIENCE
from tests.sales.factories import make_crm, make_product

__all__ = ["quiet_broker"]  # a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]

DEALS = "sales/opportunities"


@pytest.fixture
def program() -> Program:
    """A program that may do everything."""
    return Program(make_token(make_person(make_client(), roles=["admin"])))


@pytest.fixture
def rep() -> Person:
    return make_person(make_partner())


@pytest.fixture
def source() -> Source:
    return make_crm()


@pytest.fixture
def product() -> Product:
    return make_product()


@pytest.fixture
def tell(source: Source, product: Product, rep: Person) -> Callable[..., None]:
    """Tell of one deal, as an import does."""

    def telling(name: str, **fields: Any) -> None:
        known = {"product_id": product.pk, "opened_at": timezone.now(), "owner": rep.pk}
        told = [Told(external_id=name, **{**known, **fields})]
        upsert_opportunities(source_id=source.pk, told=told)

    return telling


def _names(page: dict[str, Any]) -> list[str]:
    return sorted(each["external_id"] for each in page["items"])


def _asked_meanwhile(
    program: Program, before: Callable[[], object], after: Callable[[], object]
) -> dict[str, Any]:
    """Return a program's answer that came in the middle of a writer's transaction, which is over now."""
    begun, asked = threading.Event(), threading.Event()

    def write() -> None:
        with scoped(CLIENT), transaction.atomic():
            before()
            begun.set()
            assert asked.wait(PATIENCE)
            after()

    def ask() -> Any:
        assert begun.wait(PATIENCE)
        try:
            return program.get(DEALS).json()
        finally:
            asked.set()

    written, page = race([write, ask])
    assert written is None, written
    assert isinstance(page, dict), page
    return page


def _nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.parametrize("wrote_first", [True, False])
def test_what_a_slow_writer_makes_or_changes_is_told_afterwards(
    program: Program, tell: Callable[..., None], *, wrote_first: bool
) -> None:
    with scoped(CLIENT):
        tell("D-1")

    def write() -> None:
        tell("D-1", reason="", amount=480_000, currency="JPY")
        tell("D-2")

    steps = (write, _nothing) if wrote_first else (_nothing, write)
    first = _asked_meanwhile(program, *steps)
    assert _names(first) == ["D-1"]
    assert first["items"][0]["amount"] is None
    then = program.get(DEALS, updated_since=first["next_since"]).json()
    assert _names(then) == ["D-1", "D-2"]
    assert program.get(DEALS, updated_since=then["next_since"]).json()["items"] == []


def test_what_is_taken_back_slowly_is_told_afterwards(
    program: Program, tell: Callable[..., None], source: Source, rep: Person, product: Product
) -> None:
    cause = make_crm().pk
    with scoped(CLIENT):
        tell("D-1")
        told = [Told(external_id="D-1", amount=480_000, currency="JPY")]
        upsert_opportunities(source_id=source.pk, told=told, cause=cause)

    def undo() -> None:
        take_back(source_id=source.pk, cause=cause)

    first = _asked_meanwhile(program, undo, _nothing)
    assert first["items"][0]["amount"] == 480_000
    [again] = program.get(DEALS, updated_since=first["next_since"]).json()["items"]
    assert again["amount"] is None


def test_all_pages_of_one_walk_tell_from_where_to_go_on(
    program: Program, tell: Callable[..., None]
) -> None:
    with scoped(CLIENT):
        for name in ("D-1", "D-2", "D-3"):
            tell(name)
    first = program.get(DEALS, limit=1).json()
    with scoped(CLIENT):
        tell("D-1", amount=480_000, currency="JPY")
    second = program.get(DEALS, limit=1, cursor=first["next"]).json()
    third = program.get(DEALS, limit=1, cursor=second["next"]).json()
    assert third["next"] is None
    assert first["next_since"] == second["next_since"] == third["next_since"]
    assert _names(program.get(DEALS, updated_since=third["next_since"]).json()) == ["D-1"]
