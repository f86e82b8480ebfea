"""How deals are written: each with its owners and stages, many at once."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from sales.actions.writing import ENTRIES, OPPORTUNITIES, OWNERSHIPS
from sales.deals import Known
from sales.queries.known import Deal

_TOUCH = """
UPDATE sales_opportunity f SET cause = u.cause, updated_at = statement_timestamp()
  FROM unnest(%(ids)s::uuid[], %(causes)s::uuid[]) AS u (id, cause)
 WHERE f.id = u.id AND f.cause IS DISTINCT FROM u.cause
"""


class DealWriter:
    """Writes deals of one source, credited by the days of a time zone; open ones by the day it is now."""

    def __init__(self, source_id: uuid.UUID, zone: dt.tzinfo, now: dt.datetime) -> None:
        self.source_id, self.zone, self.now = source_id, zone, now

    def write(self, wanted: Mapping[str, Deal]) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
        """Write deals, owners and stages; returns which deals are new, and which changed in any part.

        Three statements, and one more where only owners or stages changed.
        """
        return self.write_columns(wanted, self.columns_of(wanted))

    def columns_of(self, wanted: Mapping[str, Deal]) -> Sequence[dict[str, Any]]:
        """Return deals, owners and stages as the statements take them. Asks nothing."""
        return (
            OPPORTUNITIES.columns_of([self._deal(key, each) for key, each in wanted.items()]),
            OWNERSHIPS.columns_of([row for each in wanted.values() for row in self._owners(each)]),
            ENTRIES.columns_of([row for each in wanted.values() for row in self._entries(each)]),
        )

    def write_columns(
        self, wanted: Mapping[str, Deal], columns: Sequence[dict[str, Any]]
    ) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
        """Do as `write`, with the columns of the deals."""
        tables = (OPPORTUNITIES, OWNERSHIPS, ENTRIES)
        written, owners, entries = (
            table.write_columns(values) for table, values in zip(tables, columns, strict=True)
        )
        new = {wanted[key].id for (key,), is_new in written.items() if is_new}
        rows = {wanted[key].id for (key,) in written}
        parts = {key[0] for key in (*owners, *entries)}
        only_parts = parts - rows
        self.touch([each for each in wanted.values() if each.id in only_parts])
        return new, rows | parts

    @staticmethod
    def touch(deals: Sequence[Deal]) -> None:
        """Say what wrote these deals last. One statement, none for no deals."""
        if not deals:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                _TOUCH,
                {"ids": [each.id for each in deals], "causes": [each.cause for each in deals]},
            )

    def _day(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self.zone).date()

    def _deal(self, external_id: str, deal: Deal) -> dict[str, Any]:
        state: Known = deal.state
        return {
            "id": deal.id,
            "source_id": self.source_id,
            "external_id": external_id,
            "product_id": state.product_id,
            "person_id": state.owner,
            "opened_at": state.opened_at,
            "closed_at": state.closed_at,
            "outcome": state.outcome,
            "reason": state.reason,
            "amount": state.amount,
            "currency": state.currency,
            "cause": deal.cause,
            "day": self._day(state.closed_at or self.now),
        }

    def _owners(self, deal: Deal) -> Iterable[dict[str, Any]]:
        for since, person_id in deal.state.owners.items():
            yield {
                "opportunity_id": deal.id,
                "since": since,
                "person_id": person_id,
                "day": self._day(since),
            }

    def _entries(self, deal: Deal) -> Iterable[dict[str, Any]]:
        for stage, at in deal.state.stages.items():
            yield {
                "opportunity_id": deal.id,
                "stage": stage,
                "source_id": self.source_id,
                "product_id": deal.state.product_id,
                "person_id": deal.state.owner_at(at),
                "at": at,
                "day": self._day(at),
            }
