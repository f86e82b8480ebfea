"""Deals, as a source tells them."""

import dataclasses
import itertools
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.ids import uuid7
from partners.queries.client import client, zone
from sales import deals, states
from sales.actions.dealing import DealWriter
from sales.actions.writing import BATCH, Outcome, array
from sales.deals import Told
from sales.models import Source
from sales.queries import changes, known
from sales.queries.known import Deal

_LOG = """
INSERT INTO sales_revision (organisation_id, cause, opportunity_id, before)
SELECT o.id, %(cause)s, u.id, u.before::jsonb
  FROM unnest(%(ids)s::uuid[], %(befores)s::text[]) AS u (id, before)
 CROSS JOIN (SELECT id FROM partners_organisation WHERE kind = 'client') o
"""


@transaction.atomic
def upsert_opportunities(
    *, source_id: uuid.UUID, told: Iterable[Told], cause: uuid.UUID | None = None
) -> Outcome:
    """Write what a source tells of its deals, by their external ids; all or nothing, one after another.

    What is not told stays. A deal that can't be as told is left as it was and named in `refused`. Needs a scope
    that sees these people, and the client's where a `cause` is named, by which it can be taken back. A constant
    number of statements for a thousand deals.
    """
    writer = begin_upserts(source_id)
    outcome, rest = Outcome(), iter(told)
    while batch := list(itertools.islice(rest, BATCH)):
        upsert = Upsert(writer, batch, cause)
        upsert.look()
        upsert.prepare()
        outcome += upsert.write()
    return outcome


def begin_upserts(source_id: uuid.UUID) -> DealWriter:
    """Lock a source, so that nobody else tells of its deals until the transaction ends; followers hear of it."""
    Source.objects.select_for_update(no_key=True).get(pk=source_id)
    changes.announce()
    return DealWriter(source_id, zone(client()), timezone.now())


class Upsert:
    """A batch of deals on its way into the database, step by step: steps of other deals may come between.

    Eight statements at most.
    """

    def __init__(
        self, writer: DealWriter, told: Sequence[Told], cause: uuid.UUID | None = None
    ) -> None:
        self.told, self.refused = told, dict[str, Sequence[str]]()
        self._writer, self._cause = writer, cause
        self._before: Mapping[str, Deal] = {}
        self._wanted: dict[str, Deal] = {}
        self._columns: Sequence[dict[str, Any]] = ()

    def look(self) -> None:
        """Ask what is known of the deals."""
        self._before = known.deals(self._writer.source_id, {each.external_id for each in self.told})

    def prepare(self) -> None:
        """Find what the deals are now, and those that are `refused`. Asks nothing."""
        after = dict(self._before)
        for each in self.told:
            old = after.get(each.external_id)
            try:
                state = deals.merged(old.state if old else None, each, self._writer.now)
            except deals.RefusedError as refusal:
                self.refused[each.external_id] = refusal.fields
            else:
                after[each.external_id] = Deal(old.id if old else uuid7(), self._cause, state)
        told = {each.external_id for each in self.told} & after.keys()
        self._wanted = {key: dataclasses.replace(after[key], cause=self._cause) for key in told}
        self._columns = self._writer.columns_of(self._wanted)

    def write(self) -> Outcome:
        """Write them, and log what they were."""
        new, changed = self._writer.write_columns(self._wanted, self._columns)
        if self._cause is not None:
            _log(self._cause, changed | new, self._before)
        return Outcome(
            new=len(new),
            changed=len(changed - new),
            unchanged=len(self.told) - len(new | changed) - len(self.refused),
            refused=self.refused,
        )


def _log(cause: uuid.UUID, written: Collection[uuid.UUID], before: Mapping[str, Deal]) -> None:
    """Keep what the deals that were written were before. One statement."""
    if not written:
        return
    texts = {each.id: states.dump(each.state, each.cause) for each in before.values()}
    ids = list(written)
    befores = array([texts.get(pk) for pk in ids])
    with connection.cursor() as cursor:
        cursor.execute(_LOG, {"cause": cause, "ids": array(ids), "befores": befores})
