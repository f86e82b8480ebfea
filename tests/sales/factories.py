"""Sales facts for tests, in one line each."""

import datetime as dt
import itertools
import uuid
from typing import Any

from django.utils import timezone

from core.months import before
from core.scope import CLIENT, scoped
from partners.models import Membership, Organisation, Person, Team
from sales import actions
from sales.actions import Count
from sales.deals import Told
from sales.models import Product, Record, Source
from tests.partners.factories import make_person

_numbers = itertools.count(1)


def make_product(name: str = "ホナミ点検", **fields: Any) -> Product:
    """Make a product."""
    with scoped(CLIENT):
        return Product.objects.create(name=name, code=f"P{next(_numbers)}", **fields)


def make_crm(name: str = "", **fields: Any) -> Source:
    """Make a CRM and let it be the record for everything; calls and leads as counts, the rest as deals."""
    with scoped(CLIENT):
        source = Source.objects.create(name=name or f"CRM{next(_numbers)}", **fields)
        Record.objects.update(source=source)
        Record.objects.filter(measure__in=["appointments", "qualified"]).update(grain="opportunity")
    return source


def moved(person: Person, to: Organisation, team: Team | None, on: dt.date) -> None:
    """Let a person have belonged elsewhere since a day, as their memberships tell it; no news of it."""
    with scoped(CLIENT):
        last = Membership.objects.filter(person=person).order_by("-days").first()
        assert last is not None
        last.days = (last.days.lower, on)
        last.save()
        Membership.objects.create(person=person, organisation=to, team=team, days=(on, None))
        Person.objects.filter(pk=person.pk).update(organisation=to, team=team)


def sold(organisation: Organisation, team: Team | None, people: int, *, deals: int = 6) -> Person:
    """Let so many people sell: each 40 calls a month for two months and some deals; returns one of them."""
    source, product = Source.objects.get(kind="crm"), Product.objects.earliest("created_at")
    counts: list[Count] = []
    told: list[Told] = []
    today = timezone.now().date().replace(day=1)
    for _ in range(people):
        rep = make_person(organisation, team=team, sign_in=False, family_name="田中")
        for month in (before(today, 1), today):
            for measure, count in (("calls", 40), ("key_persons", 16), ("leads", 12)):
                counts.append(
                    Count(
                        person_id=rep.pk,
                        product_id=product.pk,
                        day=month,
                        measure=measure,
                        count=count,
                    )
                )
        opened = dt.datetime.combine(before(today, 1), dt.time(3), tzinfo=dt.UTC)
        for n in range(deals):
            won = n % 3 == 0
            told.append(
                Told(
                    external_id=str(uuid.uuid4())[:13],
                    product_id=product.pk,
                    opened_at=opened,
                    owner=rep.pk,
                    stages={"appointment": opened, "qualified": opened + dt.timedelta(days=3)},
                    outcome="won" if won else "lost",
                    closed_at=opened + dt.timedelta(days=20),
                    amount=300_000 if won else None,
                    currency="JPY" if won else None,
                )
            )
    actions.record_activities(source_id=source.pk, counts=counts)
    actions.upsert_opportunities(source_id=source.pk, told=told)
    return rep
