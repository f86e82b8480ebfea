"""How far people are with modules, for programs."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from core.access import allow
from core.api.doors import Door
from core.api.paging import Paged
from core.api.schema import example, operation, paged
from core.api.shapes import Flag, Id, Moment, Shape
from courses.progress.models import ModuleProgress
from partners.models import Membership, Person
from partners.queries.client import here
from partners.reporting import OFFICE, reported


class ProgressShape(Shape):
    """One person's way through one module."""

    person = serializers.UUIDField(help_text="Who.")
    organisation = serializers.UUIDField(help_text="The company they belonged to when they began.")
    module = serializers.UUIDField(help_text="Which module.")
    started_at = serializers.DateTimeField(help_text="When they first opened it.")
    last_at = serializers.DateTimeField(help_text="When they were last at it.")
    finished_at = serializers.DateTimeField(
        allow_null=True, help_text="When the first attempt at its quiz was handed in."
    )
    understood_at = serializers.DateTimeField(
        allow_null=True, help_text="When every question had been answered rightly once."
    )
    first_score = serializers.FloatField(
        allow_null=True, help_text="Score of the first attempt, 0 to 1."
    )
    active_seconds = serializers.IntegerField(help_text="How long they were really at it.")
    watched_seconds = serializers.IntegerField(help_text="How much of its videos they watched.")


class ProgressQuery(Paged):
    """Whose way through which modules."""

    person = Id(required=False, help_text="Of this person.")
    organisation = Id(required=False, help_text="Of people of this company, as of when they began.")
    module = Id(required=False, help_text="Through this module.")
    is_finished = Flag(required=False, help_text="Whether it is finished.")
    changed_since = Moment(
        required=False,
        help_text="Only where something changed at or after this moment, be it a score that came later.",
    )


_PROGRESS = {
    "person": "019a9c4e-7d0a-7c55-9d2b-5f0f6f1f2a10",
    "organisation": "019a9c4e-6a11-7d21-8c3c-0b9a5f3b7e01",
    "module": "019a9c4e-9111-7c02-8a57-3b1f0c5de101",
    "started_at": "2026-11-02T00:10:00Z",
    "last_at": "2026-11-02T00:16:30Z",
    "finished_at": "2026-11-02T00:16:30Z",
    "understood_at": None,
    "first_score": 0.8,
    "active_seconds": 390,
    "watched_seconds": 120,
}
_COLUMNS = (
    *("pk", "person_id", "organisation_id", "module_id", "started_at", "last_at"),
    *("finished_at", "understood_at", "first_score", "active_seconds", "watched_ms"),
)


def _as_progress(row: dict[str, Any]) -> dict[str, Any]:
    score = row["first_score"]
    return {
        "person": row["person_id"],
        "organisation": row["organisation_id"],
        "module": row["module_id"],
        "started_at": row["started_at"],
        "last_at": row["last_at"],
        "finished_at": row["finished_at"],
        "understood_at": row["understood_at"],
        "first_score": None if score is None else float(score),
        "active_seconds": row["active_seconds"],
        "watched_seconds": row["watched_ms"] // 1000,
    }


def _as_left(rows: "QuerySet[Any, Any]", viewer: Person) -> "QuerySet[Any, Any]":
    """Leave out what people who went elsewhere have gone on with there, for somebody of a company they left.

    A way is one row wherever its person goes on with it, and names the company where they began.
    """
    # No join: who belongs elsewhere is hidden, and all of their rows would go with them.
    is_here = Person.objects.filter(pk=OuterRef("person"), organisation=viewer.organisation_id)
    was_here = Membership.objects.filter(
        person=OuterRef("person"),
        organisation=viewer.organisation_id,
        days__contains=OuterRef("changed_on"),
    )
    dated: QuerySet[Any, Any] = rows.alias(changed_on=TruncDate("changed_at", tzinfo=here()))
    return dated.filter(Q(Exists(is_here)) | Q(Exists(was_here)))


@allow("person")
class Progress(Door):
    """Progress."""

    scope = "learning:read"
    query = ProgressQuery

    @operation("listProgress", tag="Learning", answer=paged(ProgressShape), examples=[
        example("A page of one", {"items": [_PROGRESS], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List how far people are with modules.

        The client's office sees everybody, a partner's managers what was learnt at their company and not gone on
        with elsewhere, all others themselves. To follow changes, ask again with `changed_since`, a minute before you
        asked last: what was being written then comes now.
        """
        rows = reported(ModuleProgress.objects.values(*_COLUMNS), self.person)
        if self.person.has_role(*OFFICE) and not self.person.of_client:
            rows = _as_left(rows, self.person)
        rows = self.narrowed(
            rows, "person", "organisation", "module", changed_since="changed_at__gte"
        )
        if "is_finished" in self.asked:
            rows = rows.filter(finished_at__isnull=not self.asked["is_finished"])
        return self.page(rows, _as_progress)
