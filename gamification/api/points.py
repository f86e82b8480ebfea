"""Points and rankings, for programs."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from core.access import allow
from core.api.doors import Door
from core.api.paging import Paged
from core.api.refusals import Refusal
from core.api.schema import example, operation, paged
from core.api.shapes import Choice, Id, Month, Shape
from gamification import months
from gamification.models import LedgerEntry
from gamification.queries import page as ranking
from gamification.ranking import Unit
from partners.reporting import reported

SCOPE = "points:read"


class PointsShape(Shape):
    """One line of the ledger, which is only ever added to: what earned how much, or what was taken back."""

    id = serializers.IntegerField(help_text="Grows with each line.")
    person = serializers.UUIDField(help_text="Who.")
    organisation = serializers.UUIDField(help_text="The company they belonged to then.")
    team = serializers.UUIDField(allow_null=True, help_text="Their team then.")
    rule = serializers.CharField(help_text="The key of the rule by which it was earned.")
    points = serializers.IntegerField(help_text="How many; less than 0 where it was taken back.")
    month = serializers.CharField(help_text="The month in which it counts: 2026-11.")
    caused_at = serializers.DateTimeField(help_text="When it was earned.")
    booked_at = serializers.DateTimeField(help_text="When it was booked.")
    module = serializers.UUIDField(allow_null=True, help_text="By which module, if by one.")
    attempt = serializers.UUIDField(allow_null=True, help_text="By which attempt, if by one.")


class PointsQuery(Paged):
    """Whose points."""

    person = Id(required=False, help_text="Of this person.")
    organisation = Id(required=False, help_text="Of people of this company, as of then.")
    month = Month(required=False, help_text="That count in this month: 2026-11.")


class RankingLineShape(Shape):
    """A line of the ranking; others' names stand there only for whoever may know them."""

    place = serializers.IntegerField(help_text="1 plus how many are above; equal ones share it.")
    score = serializers.FloatField(
        help_text="Points of a person; of a team or company the mean of its active reps."
    )
    id = serializers.UUIDField(allow_null=True, help_text="Whom it is about; null if hidden.")
    name = serializers.CharField(allow_null=True, help_text="Their name; null if hidden.")
    is_own = serializers.BooleanField(help_text="Whether it is one's own line.")
    skipped = serializers.IntegerField(help_text="How many are left out above this line.")


class RankingShape(Shape):
    """A month's ranking as one person sees it: the top, and what is around themselves."""

    unit = serializers.ChoiceField(
        choices=[each.value for each in Unit], help_text="Who is ranked."
    )
    month = serializers.CharField(help_text="Which month.")
    is_closed = serializers.BooleanField(help_text="Whether nothing changes any more.")
    closes_at = serializers.DateTimeField(help_text="When it closes.")
    total = serializers.IntegerField(help_text="How many are ranked.")
    lines = RankingLineShape(many=True, help_text="From top to bottom.")


class RankingQuery(Shape):
    """Which ranking."""

    unit = Choice(
        required=False, default=Unit.REP.value, choices=[each.value for each in Unit],
        help_text="People, teams, or companies.",
    )  # fmt: skip
    month = Month(required=False, help_text="Which month: 2026-11. Without it, the running one.")


_PERSON = "019a9c4e-7d0a-7c55-9d2b-5f0f6f1f2a10"
_POINTS = {
    "id": 40123,
    "person": _PERSON,
    "organisation": "019a9c4e-6a11-7d21-8c3c-0b9a5f3b7e01",
    "team": "019a9c4e-6b02-7a90-b1d4-2f5c1f9e4402",
    "rule": "first_correct",
    "points": 40,
    "month": "2026-11",
    "caused_at": "2026-11-02T00:16:30Z",
    "booked_at": "2026-11-02T00:16:31Z",
    "module": "019a9c4e-9111-7c02-8a57-3b1f0c5de101",
    "attempt": "019a9c4e-a000-7f00-9e11-7d2a4b5c6d01",
}
_LINE = {
    "place": 1,
    "score": 320.0,
    "id": _PERSON,
    "name": "高橋 美咲",
    "is_own": False,
    "skipped": 0,
}
_RANKING = {
    "unit": "rep",
    "month": "2026-11",
    "is_closed": False,
    "closes_at": "2026-12-03T15:00:00Z",
    "total": 84,
    "lines": [_LINE],
}
_COLUMNS = (
    *("pk", "person_id", "organisation_id", "team_id", "rule", "points", "month"),
    *("caused_at", "booked_at", "module_id", "attempt_id"),
)


def _as_points(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["pk"],
        "person": row["person_id"],
        "organisation": row["organisation_id"],
        "team": row["team_id"],
        "rule": row["rule"],
        "points": row["points"],
        "month": months.name(row["month"]),
        "caused_at": row["caused_at"],
        "booked_at": row["booked_at"],
        "module": row["module_id"],
        "attempt": row["attempt_id"],
    }


@allow("person")
class Points(Door):
    """Points."""

    scope = SCOPE
    query = PointsQuery

    @operation("listPoints", tag="Points", answer=paged(PointsShape), examples=[
        example("A page of one", {"items": [_POINTS], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List lines of the points ledger.

        A person's points are the sum of their lines and of nothing else. The client's office sees everybody's, a
        partner's managers those earned at their company, all others their own.
        """
        rows = reported(LedgerEntry.objects.values(*_COLUMNS), self.person)
        rows = self.narrowed(rows, "person", "organisation")
        if "month" in self.asked:
            rows = rows.filter(month=months.parse(self.asked["month"]))
        return self.page(rows, _as_points)


@allow("person", shared=("place", "points"))
class Ranking(Door):
    """The ranking."""

    scope = SCOPE
    query = RankingQuery

    @operation("getRanking", tag="Points", answer=RankingShape, examples=[
        example("People of a month", _RANKING),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """Read a month's ranking as whoever asks sees it.

        Everybody sees every place that is shown with its score; names of others as on the page of the ranking.
        """
        unit = Unit(self.asked["unit"])
        wanted = months.parse(self.asked["month"]) if "month" in self.asked else None
        found = ranking.ranking_page(self.person, unit, wanted)
        if wanted not in {None, found.month}:
            raise Refusal(404, "not_found", _("There is no ranking of this month."), "month")
        return self.answer(_as_ranking(found))


def _as_ranking(found: ranking.RankingPage) -> dict[str, Any]:
    lines, skipped = [], 0
    for line in found.lines:
        if line.spot is None:
            skipped = line.gap
            continue
        lines.append(_as_line(line, found.unit, skipped))
        skipped = 0
    closes_at: dt.datetime = found.closes_at
    return {
        "unit": found.unit.value,
        "month": months.name(found.month),
        "is_closed": found.is_closed,
        "closes_at": closes_at.astimezone(dt.UTC),
        "total": found.view.total,
        "lines": lines,
    }


def _as_line(line: ranking.Line, unit: Unit, skipped: int) -> dict[str, Any]:
    spot = line.spot
    assert spot is not None  # noqa: S101 - gaps are left out before
    return {
        "place": spot.place,
        "score": float(spot.score) if unit is Unit.REP else spot.score / 10,
        "id": spot.member if line.known else None,
        "name": line.known.name if line.known else None,
        "is_own": line.me,
        "skipped": skipped,
    }
