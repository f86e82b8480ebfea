"""The funnel, for programs: the figures of its page, with what is held back there held back here."""

import dataclasses
import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from core.access import allow
from core.api.doors import Door
from core.api.refusals import Refusal
from core.api.schema import example, operation
from core.api.shapes import Choice, Id, Month, Shape
from core.months import before
from partners.models import Organisation, Team
from partners.reporting import OFFICE
from sales import measures
from sales.funnel import Cell, Rate
from sales.queries import funnel as funnels
from sales.queries.facts import Part

_COUNTS = [name for name in measures.ALL if name != measures.AMOUNT]


class RateShape(Shape):
    """So many of so many, with the 95 % interval (Wilson)."""

    part = serializers.IntegerField(help_text="So many.")
    whole = serializers.IntegerField(help_text="Of so many.")
    percent = serializers.FloatField(help_text="The share in percent.")
    low = serializers.FloatField(help_text="The interval's lower end.")
    high = serializers.FloatField(help_text="The interval's upper end.")


class PhaseShape(Shape):
    """One phase: how many, and how many of those of the phase before."""

    measure = serializers.ChoiceField(choices=_COUNTS, help_text="What is counted.")
    count = serializers.IntegerField(help_text="How many.")
    is_told = serializers.BooleanField(
        help_text="Whether anything was told of it in these months: else 0 says nothing."
    )
    of = serializers.CharField(help_text="Of which measure it is a share; empty for the first.")
    rate = RateShape(
        allow_null=True, help_text="Null where there is none, or it stands on too few."
    )


class AmountShape(Shape):
    """What was won in one currency."""

    currency = serializers.CharField(help_text="ISO 4217.")
    amount = serializers.IntegerField(
        allow_null=True, help_text="In its smallest unit; null where one person made most of it."
    )


class FiguresShape(Shape):
    """The figures of a group."""

    people = serializers.IntegerField(help_text="How many people they are of.")
    phases = PhaseShape(many=True, help_text="From calls to wins.")
    lost = serializers.IntegerField(help_text="How many deals were lost.")
    win_rate = RateShape(allow_null=True, help_text="Won of all that was decided in these months.")
    cohort_win_rate = RateShape(
        allow_null=True, help_text="Won of what was opened in them; null while most is open."
    )
    amounts = AmountShape(many=True, help_text="What was won, by currency; never added up.")


class GroupShape(Shape):
    """A line of the comparison."""

    label = serializers.CharField(help_text="What it is called.")  # type: ignore[assignment]
    organisation = serializers.UUIDField(allow_null=True, help_text="Which company, if one.")
    team = serializers.CharField(
        allow_null=True, help_text="Which team, if one; `none`: people without a team."
    )
    product = serializers.UUIDField(allow_null=True, help_text="Which product, if one.")
    month = serializers.CharField(allow_null=True, help_text="Which month, if one.")
    figures = FiguresShape(allow_null=True, help_text="Null: held back, as about too few people.")


class FunnelShape(Shape):
    """From the first call to the win."""

    since = serializers.CharField(help_text="The first month.")
    until = serializers.CharField(help_text="The last month.")
    by = serializers.ChoiceField(choices=funnels.WAYS, help_text="What the groups are.")
    total = FiguresShape(allow_null=True, help_text="All; null: held back, or nothing there.")
    groups = GroupShape(many=True, help_text="The groups.")


class FunnelQuery(Shape):
    """Whose figures, of which months."""

    since = Month(required=False, help_text="The first month; without it, two before the running.")
    until = Month(required=False, help_text="The last month; without it, the running one.")
    by = Choice(
        required=False, default=funnels.MONTH, choices=funnels.WAYS, help_text="What to compare."
    )
    organisation = Id(required=False, help_text="Of this company.")
    team = Id(required=False, help_text="Of this team.")
    product = Id(required=False, help_text="Of this product.")


_RATE = {"part": 21, "whole": 60, "percent": 35.0, "low": 24.2, "high": 47.6}
_FIGURES = {
    "people": 12,
    "phases": [{"measure": "calls", "count": 960, "is_told": True, "of": "", "rate": None}],
    "lost": 39,
    "win_rate": _RATE,
    "cohort_win_rate": None,
    "amounts": [{"currency": "JPY", "amount": 10080000}],
}
_FUNNEL = {
    "since": "2026-09",
    "until": "2026-11",
    "by": "month",
    "total": _FIGURES,
    "groups": [
        {
            "label": "2026-11",
            "organisation": None,
            "team": None,
            "product": None,
            "month": "2026-11",
            "figures": None,
        }
    ],
}


@allow(*OFFICE)
class Funnel(Door):
    """The funnel."""

    scope = "sales:read"
    query = FunnelQuery

    @operation("getFunnel", tag="Sales", answer=FunnelShape, examples=[
        example("Three months", _FUNNEL),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """Read the funnel: from calls to wins.

        The client's office sees all companies, a partner's managers their own. Figures about others that stand on too
        few people or cases are held back, as on the page. Months are whole ones where the client is.
        """
        part = self._part()
        found = funnels.figures(self.person, part, self.asked["by"])
        since, until = part.since, part.until
        assert since is not None and until is not None  # noqa: S101, PT018 - set above
        is_there = bool(found.total.people or found.total.opened)
        total = found.total if is_there and not found.total.too_few else None
        return self.answer(
            {
                "since": f"{since:%Y-%m}",
                "until": f"{before(until):%Y-%m}",
                "by": self.asked["by"],
                "total": _figures(total) if total else None,
                "groups": [_group(each) for each in found.groups],
            }
        )

    def _part(self) -> Part:
        """Return what is asked for. What somebody may not see is as if it were not there."""
        part, asked = Part(), self.asked
        running = timezone.now().astimezone(part.zone).date().replace(day=1)
        last = _month(asked["until"]) if "until" in asked else running
        first = _month(asked["since"]) if "since" in asked else before(last, 2)
        if first > last:
            raise Refusal(400, "invalid", _("The first month is after the last."), "since")
        if "organisation" in asked and not _seen(Organisation, self.person, asked["organisation"]):
            raise Http404
        if "team" in asked and not _seen(Team, self.person, asked["team"]):
            raise Http404
        return dataclasses.replace(
            part,
            since=first,
            until=before(last, -1),
            organisation_id=asked.get("organisation"),
            team_id=asked.get("team"),
            product_id=asked.get("product"),
        )


def _month(text: str) -> dt.date:
    return dt.date.fromisoformat(f"{text}-01")


def _seen(model: Any, viewer: Any, pk: Any) -> bool:
    return bool(model.objects.visible_to(viewer).filter(pk=pk).exists())


def _rate(rate: Rate) -> dict[str, Any] | None:
    if not rate.enough:
        return None
    return {
        "part": rate.part,
        "whole": rate.whole,
        "percent": rate.percent,
        "low": rate.low,
        "high": rate.high,
    }


def _figures(cell: Cell) -> dict[str, Any]:
    return {
        "people": cell.people,
        "phases": [
            {
                "measure": each.measure,
                "count": each.count,
                "is_told": each.is_told,
                "of": each.of,
                "rate": _rate(each.rate) if each.of else None,
            }
            for each in cell.phases
        ],
        "lost": cell.counts.get(measures.LOST, 0),
        "win_rate": _rate(cell.closed),
        "cohort_win_rate": _rate(cell.cohort) if cell.cohort_is_ripe else None,
        "amounts": [
            {"currency": each.currency, "amount": None if each.hidden else each.units}
            for each in cell.won_amounts
        ],
    }


def _group(group: funnels.Group) -> dict[str, Any]:
    filters = group.filters
    return {
        "label": group.label,
        "organisation": filters.get("organisation"),
        "team": filters.get("team"),
        "product": filters.get("product"),
        "month": filters.get("period"),
        "figures": _figures(group.cell) if group.is_shown else None,
    }
