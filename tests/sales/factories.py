"""Sales facts for tests, in one line each."""

import datetime as dt
import itertools
from typing import Any

from core.scope import CLIENT, scoped
from partners.models import Membership, Organisation, Person, Team
from sales.models import Product, Record, Source

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
