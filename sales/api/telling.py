"""Where programs tell sales facts: the same again changes nothing."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from core import ids
from core.access import allow
from core.api.doors import Door
from core.api.refusals import Refusal
from core.api.schema import example, operation
from partners.models import Person
from sales.actions import Count, Outcome, record_activities, upsert_opportunities
from sales.api.facts import SOURCE
from sales.api.shapes import OutcomeShape, ToldActivities, ToldOpportunities
from sales.deals import Told
from sales.models import Product, Source

WRITE = "sales:write"
_BYTES = 2 * 1024 * 1024

_SENT_COUNTS = {
    "source": SOURCE,
    "rows": [
        {
            "person": "misaki.takahashi@example.com",
            "product": "CHECK",
            "day": "2026-11-20",
            "measure": "calls",
            "count": 32,
        }
    ],
}
_SENT_DEALS = {
    "source": SOURCE,
    "rows": [
        {
            "external_id": "D-1042",
            "product": "CHECK",
            "opened_at": "2026-11-02T10:00:00+09:00",
            "owner": "misaki.takahashi@example.com",
            "stages": {"appointment": "2026-11-04T10:00:00+09:00"},
            "outcome": "won",
            "closed_at": "2026-11-20T14:30:00+09:00",
            "amount": 480000,
            "currency": "JPY",
        }
    ],
}
_DONE = {"new": 1, "changed": 0, "unchanged": 0, "refused": []}


class _Left(Exception):
    """A row that is left out, with the field to be mended."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(field)
        self.field, self.code = field, code


class _Names:
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
            self._products |= {str(pk): pk, code.lower(): pk}

    def person(self, word: str, field: str) -> uuid.UUID:
        """Return who is meant. Raises _Left."""
        found = self._people.get(word.lower())
        if found is None:
            raise _Left(field, "unknown")
        return found

    def product(self, word: str) -> uuid.UUID:
        """Return which product is meant. Raises _Left."""
        found = self._products.get(word.lower())
        if found is None:
            raise _Left("product", "unknown")
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


class _Telling(Door):
    """What both doors share: only the client's office tells, for a system that it has named as a source."""

    scope = WRITE
    limit = _BYTES

    def _source(self, source_id: uuid.UUID) -> Source:
        if not self.person.of_client:
            raise Http404
        found = Source.objects.filter(pk=source_id).exclude(kind=Source.Kind.HAND).first()
        if found is None:
            raise Refusal(422, "unknown", _("There is no such source."), "source")
        return found

    def _read(
        self, rows: list[dict[str, Any]], read: Callable[[dict[str, Any]], Any]
    ) -> tuple[list[Any], dict[int, _Left]]:
        """Return what could be read of these rows, and which are left out."""
        found, left = [], {}
        for index, row in enumerate(rows):
            try:
                found.append(read(row))
            except _Left as problem:
                left[index] = problem
        return found, left

    def _done(
        self, outcome: Outcome, rows: list[dict[str, Any]], left: Mapping[int, _Left]
    ) -> HttpResponse:
        refused = dict(left)
        for index, row in enumerate(rows):
            key = row.get("external_id", "")
            if index not in refused and key in outcome.refused:
                refused[index] = _Left(outcome.refused[key][0], "contradiction")
        return self.answer(
            {
                "new": outcome.new,
                "changed": outcome.changed,
                "unchanged": outcome.unchanged,
                "refused": [
                    {
                        "row": index,
                        "external_id": rows[index].get("external_id"),
                        "field": each.field,
                        "code": each.code,
                        "message": _words(each.code),
                    }
                    for index, each in sorted(refused.items())
                ],
            }
        )


def _words(code: str) -> str:
    if code == "unknown":
        return _("We know nobody and nothing by that name.")
    if code == "twice":
        return _("This deal stands in the rows before.")
    return _("This is missing, or contradicts the rest.")


@allow("admin", "sales_manager")
class TellActivities(_Telling):
    """Where counts are told."""

    @operation(
        "upsertActivities", tag="Sales", body=ToldActivities, answer=OutcomeShape, refusals=[422],
        examples=[example("One count", _SENT_COUNTS, sent=True), example("Done", _DONE)],
    )  # fmt: skip
    def post(self, _request: Request) -> HttpResponse:
        """Tell counts of days.

        Each is written over what the same source said of the same person, product, day and measure; the same again
        changes nothing, so a request whose answer was lost can be sent again. Rows that name somebody or something
        unknown are left out and named; all others are written together, or none of them.
        """
        said = self.told(ToldActivities)
        source, rows = self._source(said["source"]), said["rows"]
        names = _Names(self.person, {r["person"] for r in rows}, {r["product"] for r in rows})

        def read(row: dict[str, Any]) -> Count:
            return Count(
                person_id=names.person(row["person"], "person"),
                product_id=names.product(row["product"]),
                day=row["day"],
                measure=row["measure"],
                count=row["count"],
            )

        counts, left = self._read(rows, read)
        outcome = record_activities(source_id=source.pk, counts=counts)
        return self._done(outcome, rows, left)


@allow("admin", "sales_manager")
class TellOpportunities(_Telling):
    """Where deals are told."""

    @operation(
        "upsertOpportunities", tag="Sales", body=ToldOpportunities, answer=OutcomeShape,
        refusals=[422],
        examples=[example("A deal that was won", _SENT_DEALS, sent=True), example("Done", _DONE)],
    )  # fmt: skip
    def post(self, _request: Request) -> HttpResponse:
        """Tell deals, by the ids of your system.

        What is not told stays; the same again changes nothing, so a request whose answer was lost can be sent again.
        A deal that can't be as told is left as it was and named; all others are written together, or none of them.
        """
        said = self.told(ToldOpportunities)
        source, rows = self._source(said["source"]), said["rows"]
        names = _Names(
            self.person,
            {name for row in rows for name in _people(row)},
            {row["product"] for row in rows if row.get("product")},
        )
        seen: set[str] = set()

        def read(row: dict[str, Any]) -> Told:
            if row["external_id"] in seen:
                raise _Left("external_id", "twice")
            seen.add(row["external_id"])
            return _told(row, names)

        told, left = self._read(rows, read)
        outcome = upsert_opportunities(source_id=source.pk, told=told)
        return self._done(outcome, rows, left)


def _people(row: dict[str, Any]) -> Iterable[str]:
    if row.get("owner"):
        yield row["owner"]
    yield from (each["person"] for each in row.get("owners", ()))


def _told(row: dict[str, Any], names: _Names) -> Told:
    owner, product = row.get("owner"), row.get("product")
    return Told(
        external_id=row["external_id"],
        product_id=names.product(product) if product else None,
        opened_at=row.get("opened_at"),
        closed_at=row.get("closed_at"),
        outcome=row.get("outcome"),
        reason=row.get("reason"),
        amount=row.get("amount"),
        currency=row.get("currency"),
        owner=names.person(owner, "owner") if owner else None,
        owners={
            each["since"]: names.person(each["person"], "owners") for each in row.get("owners", ())
        },
        stages={stage: at for stage, at in row.get("stages", {}).items() if at is not None},
    )
