"""Rows that programs tell: whom and what they name, and all that is wrong with one."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from core import ids
from partners.folding import same
from partners.models import Person
from sales import deals
from sales.deals import RefusedError, Told
from sales.models import Product
from sales.queries import known


class Fault(NamedTuple):
    """Something in a row that is to be mended: the field, and why."""

    field: str
    code: str


@dataclasses.dataclass
class Left:
    """A row that is left out: what could be read of it, and all that is wrong with it."""

    told: Any
    faults: list[Fault]


class Names:
    """People and products by what rows call them, as far as the teller may see them. Two queries."""

    def __init__(self, viewer: Person, people: set[str], products: set[str]) -> None:
        ids, words = _split(people)
        lower = [word.lower() for word in words]
        found = Person.objects.visible_to(viewer).filter(
            Q(pk__in=ids) | Q(email__in=lower) | Q(login_name__in=lower)
        )
        self._people: dict[str, uuid.UUID] = {}
        for pk, email, login in found.values_list("pk", "email", "login_name"):
            self._people |= {name.lower(): pk for name in (str(pk), email, login) if name}
        ids, _words = _split(products)
        self._products: dict[str, uuid.UUID] = {}
        for pk, code in Product.objects.values_list("pk", "code"):
            self._products |= {str(pk): pk, same(code): pk}

    def person(self, word: str, field: str, faults: list[Fault]) -> uuid.UUID | None:
        """Return who is meant; None for somebody unknown, which is noted."""
        return _found(self._people, word, field, faults)

    def product(self, word: str, faults: list[Fault]) -> uuid.UUID | None:
        """Return which product is meant, however its code is typed; None for one that is unknown, which is noted."""
        return _found(self._products, same(word), "product", faults)


def _found(
    names: dict[str, uuid.UUID], word: str, field: str, faults: list[Fault]
) -> uuid.UUID | None:
    found, unknown = names.get(word.lower()), Fault(field, "unknown")
    if found is None and unknown not in faults:
        faults.append(unknown)
    return found


def _split(words: Iterable[str]) -> tuple[list[uuid.UUID], list[str]]:
    """Tell ids from other names."""
    found, names = [], []
    for word in words:
        try:
            found.append(ids.parse(word))
        except ValueError:
            names.append(word)
    return found, names


def note_to_come(row: dict[str, Any], fields: Iterable[str], faults: list[Fault]) -> None:
    """Note which of these days and moments of a row have not come yet; a day is left to other time zones."""
    last = timezone.localdate() + dt.timedelta(days=1)
    for field in fields:
        value = row.get(field)
        day = timezone.localdate(value) if isinstance(value, dt.datetime) else value
        if day is not None and day > last:
            faults.append(Fault(field, "future"))


def people(row: dict[str, Any]) -> Iterable[str]:
    """Yield whom a deal's row names."""
    if row.get("owner"):
        yield row["owner"]
    yield from (each["person"] for each in row.get("owners", ()))


def deal(row: dict[str, Any], names: Names, faults: list[Fault]) -> Told:
    """Return what a row tells of a deal, without whom and what it names in vain: that is noted."""
    note_to_come(row, ("opened_at", "closed_at"), faults)
    owner, product = row.get("owner"), row.get("product")
    product_id = names.product(product, faults) if product else None
    owner_id = names.person(owner, "owner", faults) if owner else None
    owners = {
        each["since"]: names.person(each["person"], "owners", faults)
        for each in row.get("owners", ())
    }
    return Told(
        external_id=row["external_id"],
        product_id=product_id,
        opened_at=row.get("opened_at"),
        closed_at=row.get("closed_at"),
        outcome=row.get("outcome"),
        reason=row.get("reason"),
        amount=row.get("amount"),
        currency=row.get("currency"),
        owner=owner_id,
        owners={since: person for since, person in owners.items() if person is not None},
        stages={stage: at for stage, at in row.get("stages", {}).items() if at is not None},
    )


def look_on(source_id: uuid.UUID, left: Iterable[Left], good: Collection[str]) -> None:
    """Note what else is wrong with deals that are left out, so that their rows are mended in one go.

    Three queries at most. Not of those that a `good` row tells, too, by its id: what that makes of them isn't known.
    """
    alone = [each for each in left if each.told.external_id not in good]
    there = known.deals(source_id, {each.told.external_id for each in alone}) if alone else {}
    for each in alone:
        before = there.get(each.told.external_id)
        try:
            deals.merged(before.state if before else None, each.told, timezone.now())
        except RefusedError as refusal:
            wrong = {"owner" if fault.field == "owners" else fault.field for fault in each.faults}
            each.faults += [
                Fault(field, "contradiction") for field in refusal.fields if field not in wrong
            ]
