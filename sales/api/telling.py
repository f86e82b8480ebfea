"""Where programs tell sales facts: the same again changes nothing."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from core.access import allow
from core.api.doors import Door
from core.api.refusals import Refusal
from core.api.schema import example, operation
from sales.actions import Count, Outcome, record_activities, upsert_opportunities
from sales.api import rows as reading
from sales.api.facts import SOURCE
from sales.api.rows import Fault, Left, Names
from sales.api.shapes import OutcomeShape, ToldActivities, ToldOpportunities
from sales.deals import Told
from sales.models import Source

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
        self, rows: list[dict[str, Any]], read: Callable[[dict[str, Any], list[Fault]], Any]
    ) -> tuple[list[Any], dict[int, Left]]:
        """Return what could be read of these rows, and which are left out."""
        found, left = [], {}
        for index, row in enumerate(rows):
            faults: list[Fault] = []
            told = read(row, faults)
            if faults:
                left[index] = Left(told, faults)
            else:
                found.append(told)
        return found, left

    def _done(
        self, outcome: Outcome, rows: list[dict[str, Any]], left: Mapping[int, Left]
    ) -> HttpResponse:
        refused: dict[int, Sequence[Fault]] = {index: each.faults for index, each in left.items()}
        for index, row in enumerate(rows):
            key = row.get("external_id", "")
            if index not in refused and key in outcome.refused:
                refused[index] = [Fault(field, "contradiction") for field in outcome.refused[key]]
        return self.answer(
            {
                "new": outcome.new,
                "changed": outcome.changed,
                "unchanged": outcome.unchanged,
                "refused": [
                    {
                        "row": index,
                        "external_id": rows[index].get("external_id"),
                        **_shown(faults[0]),
                        "errors": [_shown(each) for each in faults],
                    }
                    for index, faults in sorted(refused.items())
                ],
            }
        )


def _shown(fault: Fault) -> dict[str, str]:
    return {"field": fault.field, "code": fault.code, "message": _words(fault.code, fault.field)}


def _words(code: str, field: str) -> str:
    if code == "unknown" and field == "product":
        return _("We know no product by that name.")
    if code == "unknown":
        return _("We know nobody by that name.")
    if code == "future":
        return _("This day has not come yet.")
    if code == "twice" and field == "count":
        return _("A row before has another count for the same person, product and day.")
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
        changes nothing, so a request whose answer was lost can be sent again. Two different counts of the same are not
        added up: the second one is left out. Rows that name somebody or something unknown are left out and named; all
        others are written together, or none of them.
        """
        said = self.told(ToldActivities)
        source, rows = self._source(said["source"]), said["rows"]
        names = Names(self.person, {r["person"] for r in rows}, {r["product"] for r in rows})
        seen: dict[tuple[Any, ...], int | None] = {}

        def read(row: dict[str, Any], faults: list[Fault]) -> Count | None:
            person = names.person(row["person"], "person", faults)
            product = names.product(row["product"], faults)
            reading.note_to_come(row, ["day"], faults)
            if person is None or product is None:
                return None
            key = (person, product, row["day"], row["measure"])
            if seen.setdefault(key, row["count"]) != row["count"]:
                faults.append(Fault("count", "twice"))
            return Count(
                person_id=person,
                product_id=product,
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
        A deal that can't be as told is left as it was and named with all that is to be mended; all others are written
        together, or none of them.
        """
        said = self.told(ToldOpportunities)
        source, rows = self._source(said["source"]), said["rows"]
        names = Names(
            self.person,
            {name for row in rows for name in reading.people(row)},
            {row["product"] for row in rows if row.get("product")},
        )
        seen: set[str] = set()

        def read(row: dict[str, Any], faults: list[Fault]) -> Told:
            if row["external_id"] in seen:
                faults.append(Fault("external_id", "twice"))
            told = reading.deal(row, names, faults)
            if not faults:
                seen.add(row["external_id"])
            return told

        told, left = self._read(rows, read)
        reading.look_on(source.pk, left.values(), {each.external_id for each in told})
        outcome = upsert_opportunities(source_id=source.pk, told=told)
        return self._done(outcome, rows, left)
