"""Deals, as a source tells them."""

import datetime as dt
import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.ids import uuid7
from partners.queries.client import client, zone
from sales import deals
from sales.actions.writing import BATCH, ENTRIES, OPPORTUNITIES, OWNERSHIPS, Outcome
from sales.deals import Known, Told
from sales.models import Opportunity, Ownership, Source, StageEntry


@transaction.atomic
def upsert_opportunities(*, source_id: uuid.UUID, told: Iterable[Told]) -> Outcome:
    """Write what a source tells of its deals, by their external ids; all or nothing, one after another.

    What is not told stays. A deal that can't be as told is left as it was and named in `refused`. Needs a scope
    that sees these people. A constant number of statements for a thousand deals.
    """
    Source.objects.select_for_update(no_key=True).get(pk=source_id)
    writer = _Writer(source_id, zone(client()), timezone.now())
    outcome, rest = Outcome(), iter(told)
    while batch := list(itertools.islice(rest, BATCH)):
        outcome += writer.upsert(batch)
    return outcome


class _Writer:
    """Writes deals of one source, batch by batch."""

    def __init__(self, source_id: uuid.UUID, zone: dt.tzinfo, now: dt.datetime) -> None:
        self._source_id, self._zone, self._now = source_id, zone, now

    def upsert(self, batch: Sequence[Told]) -> Outcome:
        """Write a batch. Six statements."""
        ids, known = self._read({each.external_id for each in batch})
        refused: dict[str, str] = {}
        for each in batch:
            try:
                known[each.external_id] = deals.merged(known.get(each.external_id), each, self._now)
            except deals.RefusedError as refusal:
                refused[each.external_id] = refusal.field
        told = {each.external_id for each in batch} & known.keys()
        states = {key: known[key] for key in told}
        for key in states.keys() - ids.keys():
            ids[key] = uuid7()
        new, changed = self._write(ids, states)
        return Outcome(
            new=len(new),
            changed=len(changed - new),
            unchanged=len(batch) - len(new | changed) - len(refused),
            refused=refused,
        )

    def _read(self, keys: set[str]) -> tuple[dict[str, uuid.UUID], dict[str, Known]]:
        """Return ids and what is known of these deals. Three queries."""
        rows = list(Opportunity.objects.filter(source_id=self._source_id, external_id__in=keys))
        pks = [row.pk for row in rows]
        owners: dict[uuid.UUID, dict[dt.datetime, uuid.UUID]] = defaultdict(dict)
        for row in Ownership.objects.filter(opportunity_id__in=pks):
            owners[row.opportunity_id][row.since] = row.person_id
        stages: dict[uuid.UUID, dict[str, dt.datetime]] = defaultdict(dict)
        for entry in StageEntry.objects.filter(opportunity_id__in=pks):
            stages[entry.opportunity_id][entry.stage] = entry.at
        known = {
            row.external_id: Known(
                product_id=row.product_id,
                opened_at=row.opened_at,
                owners=owners[row.pk],
                stages=stages[row.pk],
                outcome=row.outcome,
                closed_at=row.closed_at,
                reason=row.reason,
                amount=row.amount,
                currency=row.currency,
            )
            for row in rows
        }
        return {row.external_id: row.pk for row in rows}, known

    def _write(
        self, ids: Mapping[str, uuid.UUID], states: Mapping[str, Known]
    ) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
        """Write deals, owners and stages; returns which deals are new, and which changed in any part."""
        of = {(self._source_id, key): ids[key] for key in states}
        written = OPPORTUNITIES.write([self._deal(key, ids[key], states[key]) for key in states])
        owners = OWNERSHIPS.write(
            [row for key, each in states.items() for row in self._owners(ids[key], each)]
        )
        entries = ENTRIES.write(
            [row for key, each in states.items() for row in self._entries(ids[key], each)]
        )
        new = {of[key] for key, is_new in written.items() if is_new}
        return new, {of[key] for key in written} | {key[0] for key in (*owners, *entries)}

    def _day(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self._zone).date()

    def _deal(self, external_id: str, pk: uuid.UUID, state: Known) -> dict[str, Any]:
        return {
            "id": pk,
            "source_id": self._source_id,
            "external_id": external_id,
            "product_id": state.product_id,
            "person_id": state.owner,
            "opened_at": state.opened_at,
            "closed_at": state.closed_at,
            "outcome": state.outcome,
            "reason": state.reason,
            "amount": state.amount,
            "currency": state.currency,
            "day": self._day(state.closed_at or self._now),
        }

    def _owners(self, pk: uuid.UUID, state: Known) -> Iterable[dict[str, Any]]:
        for since, person_id in state.owners.items():
            yield {
                "opportunity_id": pk,
                "since": since,
                "person_id": person_id,
                "day": self._day(since),
            }

    def _entries(self, pk: uuid.UUID, state: Known) -> Iterable[dict[str, Any]]:
        for stage, at in state.stages.items():
            yield {
                "opportunity_id": pk,
                "stage": stage,
                "source_id": self._source_id,
                "product_id": state.product_id,
                "person_id": state.owner_at(at),
                "at": at,
                "day": self._day(at),
            }
