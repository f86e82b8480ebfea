"""Facts of a source as the file that would bring them in again: doing so changes nothing."""

import datetime as dt
import itertools
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from core.tables import writing
from partners.models import Person
from partners.queries.client import client, zone
from sales import measures
from sales.deals import Known
from sales.imports import values
from sales.models import Activity, Opportunity, Product
from sales.queries import known

_AT_ONCE = 1000

_HEADS = {
    "ja": {
        "external_id": "商談ID",
        "person": "担当者ID",
        "name": "担当者名",
        "product": "商品コード",
        "opened_at": "商談開始日",
        "stage": "フェーズ",
        "appointment_at": "アポイント日",
        "qualified_at": "有効商談日",
        "proposal_at": "提案日",
        "closed_at": "完了日",
        "amount": "金額",
        "currency": "通貨",
        "reason": "失注理由",
        "day": "日付",
        measures.CALLS: "架電数",
        measures.KEY_PERSONS: "キーパーソン接触数",
        measures.LEADS: "リード数",
        measures.APPOINTMENTS: "アポイント数",
        measures.QUALIFIED: "有効商談数",
    },
    "en": {
        "external_id": "Opportunity ID",
        "person": "Rep ID",
        "name": "Owner Name",
        "product": "Product Code",
        "opened_at": "Created Date",
        "stage": "Stage",
        "appointment_at": "Appointment Date",
        "qualified_at": "Qualified Date",
        "proposal_at": "Proposal Date",
        "closed_at": "Close Date",
        "amount": "Amount",
        "currency": "Currency",
        "reason": "Loss Reason",
        "day": "Date",
        measures.CALLS: "Calls",
        measures.KEY_PERSONS: "Key Persons",
        measures.LEADS: "Leads",
        measures.APPOINTMENTS: "Appointments",
        measures.QUALIFIED: "Qualified",
    },
}
_OUTCOMES = {
    "ja": {"open": "進行中", "won": "受注", "lost": "失注", "refunded": "返金"},
    "en": {"open": "Open", "won": "Won", "lost": "Lost", "refunded": "Refunded"},
}
_OF_DEALS = (
    *("external_id", "person", "name", "product", "opened_at", "stage"),
    *("appointment_at", "qualified_at", "proposal_at"),
    *("closed_at", "amount", "currency", "reason"),
)
_OF_COUNTS = ("day", "person", "name", "product", *measures.COUNTED)


def heads(grain: str, language: str) -> list[str]:
    """Return the names of a file's columns, as an import knows them by itself."""
    keys = _OF_DEALS if grain == measures.OPPORTUNITY else _OF_COUNTS
    return [_HEADS[language][key] for key in keys]


def rows(*, source_id: uuid.UUID, grain: str, language: str) -> Iterator[list[str]]:
    """Yield the header, then what the source has told of its deals or counts. Three queries for a thousand."""
    people = dict(_names(Person.objects.all()))
    products = dict(Product.objects.values_list("pk", "code"))
    yield heads(grain, language)
    if grain == measures.OPPORTUNITY:
        yield from _deals(source_id, language, people, products)
    else:
        yield from _counts(source_id, people, products)


def _names(people: Any) -> Iterator[tuple[uuid.UUID, str]]:
    for person in people.only("pk", "family_name", "given_name").iterator():
        yield person.pk, person.name


def _deals(
    source_id: uuid.UUID, language: str, people: dict[Any, str], products: dict[Any, str]
) -> Iterator[list[str]]:
    where = zone(client())
    keys = Opportunity.objects.filter(source_id=source_id).order_by("external_id")
    for batch in _batches(keys.values_list("external_id", flat=True).iterator()):
        there = known.deals(source_id, batch)
        for key in batch:
            if key in there:
                yield _deal(key, there[key].state, language, where, people, products)


def _batches(keys: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(itertools.islice(keys, _AT_ONCE)):
        yield batch


def _deal(
    key: str,
    state: Known,
    language: str,
    where: dt.tzinfo,
    people: dict[Any, str],
    products: dict[Any, str],
) -> list[str]:
    owner = state.owners[max(state.owners)]
    stages = [
        values.said(state.stages[stage], where) if stage in state.stages else ""
        for stage in ("appointment", "qualified", "proposal")
    ]
    return [
        key,
        str(owner),
        people.get(owner, ""),
        products.get(state.product_id, ""),
        values.said(state.opened_at, where),
        _OUTCOMES[language][state.outcome],
        *stages,
        values.said(state.closed_at, where) if state.closed_at else "",
        "" if state.amount is None else values.written(state.amount, state.currency),
        state.currency,
        state.reason,
    ]


def _counts(
    source_id: uuid.UUID, people: dict[Any, str], products: dict[Any, str]
) -> Iterator[list[str]]:
    """Yield a line for each day, person and product, with all that was counted."""
    order = ("day", "person_id", "product_id")
    facts = Activity.objects.filter(source_id=source_id).order_by(*order)
    found = facts.values_list(*order, "measure", "count").iterator()
    for (day, person, product), lines in itertools.groupby(found, key=lambda row: row[:3]):
        told = {measure: str(count) for *_whose, measure, count in lines}
        yield [
            day.isoformat(),
            str(person),
            people.get(person, ""),
            products.get(product, ""),
            *(told.get(measure, "") for measure in measures.COUNTED),
        ]


def write(lines: Iterable[Sequence[str]], out: IO[bytes], *, form: str, title: str) -> None:
    """Write lines into a file as CSV or Excel, a piece at a time; formulas stay text."""
    if form == "xlsx":
        writing.write_excel(lines, out, title=title, widths=[18] * len(_OF_DEALS))
        return
    for piece in writing.csv_pieces(lines):
        out.write(piece)
