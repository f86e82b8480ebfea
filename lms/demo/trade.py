"""What was sold, as rows of the product: counts of days, deals with their owners and stages."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from lms.demo import rows
from lms.demo.calendar import Calendar
from lms.demo.chance import stream, uuid_at
from lms.demo.population import Rep
from lms.demo.selling import CARE, CHECK, Deal, Sold
from sales import measures
from sales.models import (
    Activity,
    LocalRecord,
    Opportunity,
    Ownership,
    Product,
    Record,
    Source,
    StageEntry,
)

_PRODUCTS = {
    CHECK: ("CHECK", {"ja": "ホナミ点検", "en": "Honami Check"}),
    CARE: ("CARE", {"ja": "ホナミ保守", "en": "Honami Care"}),
}
CODES = [_PRODUCTS[number][0] for number in (CHECK, CARE)]
"""The products' codes, by their numbers."""

_CRM = {"ja": "ホナミCRM", "en": "Honami CRM"}
_REASONS = {
    "price": {"ja": "価格", "en": "Price"},
    "timing": {"ja": "時期が合わない", "en": "Timing"},
    "competitor": {"ja": "他社に決定", "en": "Chose a competitor"},
    "approval": {"ja": "稟議が通らない", "en": "Not approved"},
    "no-need": {"ja": "必要がない", "en": "No need"},
}

WITHOUT_CRM = frozenset({"mirai"})
"""Partners whose reps enter their days by hand; their deals are in the client's CRM."""

Place = tuple[uuid.UUID, uuid.UUID]
"""Organisation and team."""


@dataclasses.dataclass(frozen=True)
class Trade:
    """Writes what was sold: `who` and `where` give people, organisations and teams by the world's numbers."""

    sold: Sold
    language: str
    seed: int
    calendar: Calendar
    reps: Sequence[Rep]
    who: Mapping[int, uuid.UUID]
    where: Mapping[tuple[int, int], Place]
    by_hand: Collection[uuid.UUID]

    def write(self) -> None:
        """Insert everything, and let the demo's CRM be the record. In the transaction of the demo's building."""
        source, hand, products = self._found()
        rows.insert_values(
            Activity,
            [
                *("person_id", "organisation_id", "team_id", "source_id"),
                *("product_id", "day", "measure", "count"),
            ],
            self._activities(source, hand, products),
        )
        deals = [
            (uuid_at(stream(self.seed, "deal", each.number), each.opened), each)
            for each in self.sold.deals
        ]
        rows.insert_values(
            Opportunity,
            [
                *("id", "person_id", "organisation_id", "team_id", "source_id", "external_id"),
                *("product_id", "opened_at", "closed_at", "outcome", "reason", "amount"),
                *("currency", "updated_at"),
            ],
            (self._opportunity(pk, each, source, products) for pk, each in deals),
        )
        whose = ("person_id", "organisation_id", "team_id", "opportunity_id")
        rows.insert_values(
            Ownership,
            [*whose, "since"],
            (
                (self.who[rep], *self.place(rep, since), pk, since)
                for pk, each in deals
                for since, rep in each.owners
            ),
        )
        rows.insert_values(
            StageEntry,
            [*whose, "source_id", "product_id", "stage", "at"],
            (
                (*self._owner(each, at), pk, source, products[each.product], stage, at)
                for pk, each in deals
                for stage, at in (("appointment", each.appointment), ("qualified", each.qualified))
                if at is not None
            ),
        )

    def _found(self) -> tuple[uuid.UUID, uuid.UUID, dict[int, uuid.UUID]]:
        began = self.calendar.at(self.calendar.first_day(0))
        rng = stream(self.seed, "products")
        crm = Source(
            id=uuid_at(rng, began), name=_CRM[self.language], is_demo=True, created_at=began
        )
        rows.insert([crm])
        products = {
            number: Product(
                id=uuid_at(rng, began),
                code=code,
                name=names[self.language],
                is_demo=True,
                created_at=began,
            )
            for number, (code, names) in _PRODUCTS.items()
        }
        rows.insert(products.values())
        Record.objects.update(source=crm)
        Record.objects.filter(measure=measures.QUALIFIED).update(grain=measures.OPPORTUNITY)
        hand = Source.objects.get(kind=Source.Kind.HAND)
        counted = Record.objects.filter(grain=measures.ACTIVITY)
        rows.insert(
            [
                LocalRecord(organisation_id=each, measure=measure, source=hand)
                for measure in counted.values_list("measure", flat=True)
                for each in sorted(self.by_hand)
            ]
        )
        return crm.pk, hand.pk, {number: each.pk for number, each in products.items()}

    def place(self, rep: int, at: dt.datetime | dt.date) -> Place:
        """Return where a rep belonged: the last place that they had come to by then, else their first."""
        day = at.astimezone(self.calendar.zone).date() if isinstance(at, dt.datetime) else at
        month = self.calendar.month(day)
        spells = self.reps[rep].spells
        spell = next((each for each in reversed(spells) if each.first <= month), spells[0])
        return self.where[spell.firm, spell.team]

    def _owner(self, deal: Deal, at: dt.datetime) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
        rep = next((rep for since, rep in reversed(deal.owners) if since <= at), deal.owners[0][1])
        return self.who[rep], *self.place(rep, at)

    def _activities(
        self, source: uuid.UUID, hand: uuid.UUID, products: Mapping[int, uuid.UUID]
    ) -> Iterator[Sequence[Any]]:
        for each in self.sold.counts:
            organisation, team = self.place(each.rep, each.day)
            teller = hand if organisation in self.by_hand else source
            yield (
                *(self.who[each.rep], organisation, team, teller),
                *(products[each.product], each.day, each.measure, each.count),
            )

    def _opportunity(
        self, pk: uuid.UUID, deal: Deal, source: uuid.UUID, products: Mapping[int, uuid.UUID]
    ) -> Sequence[Any]:
        latest = deal.closed or self.calendar.now
        return (
            *(pk, *self._owner(deal, latest), source, external_id(deal)),
            *(products[deal.product], deal.opened, deal.closed, deal.outcome),
            *(self.reason(deal), deal.amount, deal.currency, deal.closed or deal.qualified),
        )

    def reason(self, deal: Deal) -> str:
        """Return why it was lost, in words; empty for others."""
        return _REASONS[deal.reason][self.language] if deal.reason else ""


def external_id(deal: Deal) -> str:
    """Return the id by which the demo's CRM knows a deal."""
    return f"H-{deal.number:06}"


def hand_back() -> None:
    """Let what people enter by hand be the record again, so that the demo's CRM can go."""
    by_hand = Source.objects.get(kind=Source.Kind.HAND)
    counted = Record.objects.filter(source__is_demo=True, measure__in=measures.COUNTED)
    counted.update(source=by_hand, grain=measures.ACTIVITY)
    Record.objects.filter(source__is_demo=True).update(source=by_hand)
