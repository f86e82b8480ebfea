"""Attempts and their results, for programs."""

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from core.access import allow
from core.api.doors import Door
from core.api.paging import Paged
from core.api.schema import example, operation, paged
from core.api.shapes import Choice, Flag, Id, Moment, Shape
from courses.quizzes.models import Attempt
from partners.reporting import reported


class ResultShape(Shape):
    """One go at a quiz."""

    id = serializers.UUIDField(help_text="Stays the same for good.")
    person = serializers.UUIDField(help_text="Whose.")
    organisation = serializers.UUIDField(help_text="The company they belonged to then.")
    team = serializers.UUIDField(allow_null=True, help_text="Their team then.")
    module = serializers.UUIDField(help_text="The module of the quiz.")
    state = serializers.ChoiceField(
        choices=Attempt.State.values,
        help_text="`superseded`: begun on a second phone, counted with the first one's.",
    )
    is_first = serializers.BooleanField(
        help_text="The first that was handed in: it alone earns points and feeds reports."
    )
    started_at = serializers.DateTimeField(help_text="When it began.")
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="When it was handed in.")
    scored_at = serializers.DateTimeField(allow_null=True, help_text="When it was scored.")
    questions = serializers.IntegerField(help_text="How many questions it has.")
    correct = serializers.IntegerField(
        allow_null=True, help_text="How many were answered rightly; null before it is scored."
    )
    score = serializers.FloatField(allow_null=True, help_text="What it reached.")
    max_score = serializers.FloatField(allow_null=True, help_text="What could be reached.")


class ResultsQuery(Paged):
    """Whose attempts at which quizzes."""

    person = Id(required=False, help_text="Of this person.")
    organisation = Id(required=False, help_text="Of people of this company, as of then.")
    module = Id(required=False, help_text="At the quiz of this module.")
    state = Choice(required=False, choices=Attempt.State.values, help_text="In this state.")
    is_first = Flag(required=False, help_text="Whether it is the first that was handed in.")
    submitted_since = Moment(required=False, help_text="Handed in at or after this moment.")


_RESULT = {
    "id": "019a9c4e-a000-7f00-9e11-7d2a4b5c6d01",
    "person": "019a9c4e-7d0a-7c55-9d2b-5f0f6f1f2a10",
    "organisation": "019a9c4e-6a11-7d21-8c3c-0b9a5f3b7e01",
    "team": "019a9c4e-6b02-7a90-b1d4-2f5c1f9e4402",
    "module": "019a9c4e-9111-7c02-8a57-3b1f0c5de101",
    "state": "scored",
    "is_first": True,
    "started_at": "2026-11-02T00:12:00Z",
    "submitted_at": "2026-11-02T00:16:30Z",
    "scored_at": "2026-11-02T00:16:31Z",
    "questions": 5,
    "correct": 4,
    "score": 4.0,
    "max_score": 5.0,
}
_COLUMNS = (
    *("pk", "person_id", "organisation_id", "team_id", "quiz__module_id", "state", "is_first"),
    *("started_at", "submitted_at", "scored_at", "item_keys", "correct_count", "score"),
    "max_score",
)


def _as_result(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["pk"],
        "person": row["person_id"],
        "organisation": row["organisation_id"],
        "team": row["team_id"],
        "module": row["quiz__module_id"],
        "state": row["state"],
        "is_first": row["is_first"],
        "started_at": row["started_at"],
        "submitted_at": row["submitted_at"],
        "scored_at": row["scored_at"],
        "questions": len(row["item_keys"]),
        "correct": row["correct_count"],
        "score": None if row["score"] is None else float(row["score"]),
        "max_score": None if row["max_score"] is None else float(row["max_score"]),
    }


@allow("person")
class Results(Door):
    """Results."""

    scope = "learning:read"
    query = ResultsQuery

    @operation("listResults", tag="Learning", answer=paged(ResultShape), examples=[
        example("A page of one", {"items": [_RESULT], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List attempts at quizzes with their results.

        The client's office sees everybody's, a partner's managers those made at their company, all others their
        own. Answers to single questions are not told.
        """
        rows = reported(Attempt.objects.values(*_COLUMNS), self.person)
        rows = self.narrowed(
            rows, "person", "organisation", "state", "is_first",
            module="quiz__module", submitted_since="submitted_at__gte",
        )  # fmt: skip
        return self.page(rows, _as_result)
