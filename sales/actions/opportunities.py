"""Deals, as a source tells them."""

import dataclasses
import itertools
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.utils import timezone

from core.ids import uuid7
from partners.queries.client import client, zone
from sales import deals, states
from sales.actions.dealing import DealWriter
from sales.actions.writing import BATCH, Outcome
from sales.deals import Told
from sales.models import Source
from sales.queries import known
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
    Source.objects.select_for_update(no_key=True).get(pk=source_id)
    writer = DealWriter(source_id, zone(client()), timezone.now())
    outcome, rest = Outcome(), iter(told)
    while batch := list(itertools.islice(rest, BATCH)):
        outcome += _upsert(writer, batch, cause)
    return outcome


def _upsert(writer: DealWriter, batch: Sequence[Told], cause: uuid.UUID | None) -> Outcome:
    """Write a batch. Eight statements at most."""
    before = known.deals(writer.source_id, {each.external_id for each in batch})
    after, refused = dict(before), {}
    for each in batch:
        old = after.get(each.external_id)
        try:
            state = deals.merged(old.state if old else None, each, writer.now)
        except deals.RefusedError as refusal:
            refused[each.external_id] = refusal.field
        else:
            after[each.external_id] = Deal(old.id if old else uuid7(), cause, state)
    told = {each.external_id for each in batch} & after.keys()
    wanted = {key: dataclasses.replace(after[key], cause=cause) for key in told}
    new, changed = writer.write(wanted)
    if cause is not None:
        _log(cause, changed | new, before)
    return Outcome(
        new=len(new),
        changed=len(changed - new),
        unchanged=len(batch) - len(new | changed) - len(refused),
        refused=refused,
    )


def _log(cause: uuid.UUID, written: Collection[uuid.UUID], before: Mapping[str, Deal]) -> None:
    """Keep what the deals that were written were before. One statement."""
    if not written:
        return
    texts = {each.id: states.dump(each.state, each.cause) for each in before.values()}
    with connection.cursor() as cursor:
        cursor.execute(
            _LOG,
            {"cause": cause, "ids": list(written), "befores": [texts.get(pk) for pk in written]},
        )
