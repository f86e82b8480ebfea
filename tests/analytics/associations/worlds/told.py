"""Tells the product of a world as a CRM would, and counts what its panel says in the world's own words."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from bench.worlds.events import PRODUCTS, Counted, Events, Finish, Key, Said
from courses.catalog.models import Module
from partners.models import Membership, Person
from sales import actions, measures
from sales.actions import Count
from sales.deals import Told
from sales.models import Product, Source
from sales.queries.panel import Line
from tests.analytics.associations.factories import finish
from tests.courses.factories import make_course, make_module
from tests.partners.factories import make_client, make_partner, make_person
from tests.sales.factories import make_crm, make_product


class Office:
    """A world's people, places and products as the product's own; numbers of the one and ids of the other."""

    def __init__(self, events: Events, zone: str) -> None:
        make_client(time_zone=zone)
        numbers = {place for spells in events.spells.values() for _, place in spells}
        self.places = {number: make_partner(f"会社{number}") for number in sorted(numbers)}
        self.people = {rep: self._person(spells) for rep, spells in events.spells.items()}
        self.products: Sequence[Product] = [make_product() for _ in range(PRODUCTS)]
        self.crm: Source = make_crm()

    def _person(self, spells: Sequence[tuple[dt.date, int]]) -> Person:
        person = make_person(self.places[spells[-1][1]], sign_in=False)
        Membership.objects.filter(person=person).delete()
        ends = [*(since for since, _ in spells[1:]), None]
        Membership.objects.bulk_create(
            Membership(person=person, organisation=self.places[place], days=DateRange(since, end))
            for (since, place), end in zip(spells, ends, strict=True)
        )
        return person

    def tell(self, events: Events) -> None:
        """Tell everything of sales, in pieces."""
        for some in pieces(events.counts, 400):
            actions.record_activities(source_id=self.crm.pk, counts=map(self.count, some))
        for told in pieces(events.deals, 400):
            outcome = actions.upsert_opportunities(source_id=self.crm.pk, told=map(self.deal, told))
            assert not outcome.refused

    def count(self, each: Counted) -> Count:
        return Count(
            person_id=self.people[each.rep].pk,
            product_id=self.products[each.product].pk,
            day=each.day,
            measure=each.measure,
            count=each.count,
        )

    def deal(self, each: Said) -> Told:
        return Told(
            external_id=f"deal {each.number}",
            product_id=None if each.product is None else self.products[each.product].pk,
            opened_at=each.opened,
            owners={since: self.people[rep].pk for since, rep in each.owners},
            stages=dict(each.stages),
            outcome=each.outcome,
            closed_at=each.closed,
            amount=each.amount,
            currency=each.currency,
        )

    def learn(self, finishes: Iterable[Finish]) -> None:
        """Let everybody have finished these lessons: each one's first is the same module, and so on."""
        course = make_course()
        modules: list[Module] = []
        nth: Counter[int] = Counter()
        for each in finishes:
            if nth[each.rep] == len(modules):
                modules.append(make_module(course=course, items=[]))
            finish(self.people[each.rep], modules[nth[each.rep]], each.at, seconds=each.seconds)
            nth[each.rep] += 1

    def counted(self, lines: Iterable[Line]) -> "Counter[Key]":
        """Return the panel's figures by the world's numbers."""
        people = {person.pk: rep for rep, person in self.people.items()}
        places = {place.pk: number for number, place in self.places.items()}
        products = {product.pk: number for number, product in enumerate(self.products)}
        names = [name for name in measures.ALL if name != measures.AMOUNT]
        sums: Counter[Key] = Counter()
        for line in lines:
            month = line.month.year, line.month.month
            whose = people[line.person_id], places[line.organisation_id], products[line.product_id]
            for name, n in [
                *((each, getattr(line, each)) for each in names),
                *line.amounts.items(),
            ]:
                if n:
                    sums[*whose, month, name] += n
        return sums


def pieces(told: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    """Cut what is told into pieces."""
    return (told[begin : begin + size] for begin in range(0, len(told), size))


def id_of(people: dict[int, Person]) -> dict[uuid.UUID, int]:
    """Return the world's numbers by the product's ids."""
    return {person.pk: rep for rep, person in people.items()}
