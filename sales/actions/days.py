"""A day that its rep enters by hand."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core.scope import CLIENT, scoped
from partners.models import Person
from partners.queries.client import client, zone
from sales import currencies, days
from sales.actions.activities import Count, record_activities
from sales.actions.opportunities import upsert_opportunities
from sales.actions.writing import Outcome
from sales.days import Deal, Entered, WrongError
from sales.deals import OPEN, Told
from sales.models import Opportunity, Product, Source, StageEntry
from sales.queries.days import forget_today


@transaction.atomic
def enter_day(*, person: Person, day: dt.date, entered: Entered) -> Outcome:
    """Write what a rep entered of a day, by hand's source; the same again changes nothing, and the last word holds.

    Raises WrongError where something can't be: a product that isn't there, a deal that is somebody else's now or
    contradicts itself. Nothing is written then.
    """
    source_id = Source.objects.values_list("pk", flat=True).get(kind=Source.Kind.HAND)
    _check_products(entered)
    outcome = Outcome()
    if entered.counts:
        outcome += record_activities(
            source_id=source_id,
            counts=[
                Count(
                    person_id=person.pk, product_id=product, day=day, measure=measure, count=count
                )
                for (product, measure), count in entered.counts.items()
            ],
        )
    if entered.deals:
        with scoped(CLIENT):  # whose a deal is must be known even where it is another company's
            outcome += _enter_deals(source_id, person, day, entered.deals)
    transaction.on_commit(lambda: forget_today(person), robust=True)
    return outcome


def _check_products(entered: Entered) -> None:
    named = {product: days.counter(product, measure) for product, measure in entered.counts}
    for key, deal in entered.deals.items():
        if deal.product_id is not None:
            named.setdefault(deal.product_id, days.about(key, "product"))
    known = set(Product.objects.filter(pk__in=named).values_list("pk", flat=True))
    for product, field in named.items():
        if product not in known:
            raise WrongError(field, "unknown")


def _enter_deals(
    source_id: uuid.UUID, person: Person, day: dt.date, deals: Mapping[str, Deal]
) -> Outcome:
    # Locked like every write of a source's deals, so that what is read here still holds when it is written.
    Source.objects.select_for_update(no_key=True).get(pk=source_id)
    known = _known(source_id, person, deals)
    passed: dict[uuid.UUID, set[str]] = {row.pk: set() for row in known.values()}
    for pk, stage in StageEntry.objects.filter(opportunity_id__in=passed).values_list(
        "opportunity_id", "stage"
    ):
        passed[pk].add(stage)
    noon = dt.datetime.combine(day, dt.time(12), tzinfo=zone(client()))
    told = []
    for key, deal in deals.items():
        row = known.get(key)
        if row is None:
            told.append(_begun(person, key, deal, noon))
        elif row.person_id != person.pk:
            raise WrongError(days.about(key, "outcome"), "unknown")
        else:
            told.append(_gone_on(row, passed[row.pk], deal, noon))
    outcome = upsert_opportunities(source_id=source_id, told=told)
    for external_id, fields in outcome.refused.items():
        key = days.key_of(person.pk, external_id)
        raise WrongError(
            days.about(key, "amount" if fields[0] == "amount" else "outcome"), "choice"
        )
    return outcome


def _known(
    source_id: uuid.UUID, person: Person, deals: Mapping[str, Deal]
) -> dict[str, Opportunity]:
    """Return the person's deals that are there already, by their keys, also by those that stand without a person."""
    own = [days.known_by(person.pk, key) for key in deals]
    theirs = Q(external_id__in=own) | Q(external_id__in=list(deals), person=person)
    rows = Opportunity.objects.filter(theirs, source_id=source_id)
    return {days.key_of(person.pk, row.external_id): row for row in rows}


def _begun(person: Person, key: str, deal: Deal, at: dt.datetime) -> Told:
    if deal.outcome is None:
        raise WrongError(days.about(key, "outcome"), "choice")
    if deal.product_id is None:
        raise WrongError(days.about(key, "product"), "choice")
    return Told(
        external_id=days.known_by(person.pk, key),
        product_id=deal.product_id,
        opened_at=at,
        owner=person.pk,
        outcome=deal.outcome,
        closed_at=None if deal.outcome == OPEN else at,
        stages=dict.fromkeys(_until(deal.stage), at),
        amount=_units(deal.amount),
        currency=None if deal.amount is None else settings.CURRENCY,
    )


def _gone_on(row: Opportunity, passed: set[str], deal: Deal, at: dt.datetime) -> Told:
    """Tell what is new of a deal: what was decided or reached before keeps its day."""
    at = max(at, row.opened_at)
    is_new = deal.outcome not in {None, OPEN, row.outcome}
    return Told(
        external_id=row.external_id,
        outcome=deal.outcome,
        closed_at=at if is_new else None,
        stages={stage: at for stage in _until(deal.stage) if stage not in passed},
        amount=_units(deal.amount),
        currency=None if deal.amount is None else settings.CURRENCY,
    )


def _until(stage: str | None) -> tuple[str, ...]:
    return days.STAGES[: days.STAGES.index(stage) + 1] if stage else ()


def _units(amount: int | None) -> int | None:
    return None if amount is None else amount * 10 ** currencies.digits(settings.CURRENCY)
