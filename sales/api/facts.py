"""Sales facts, for programs: what was sold, of what, and who tells it."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from rest_framework.request import Request

from core.access import allow
from core.api.doors import Door
from core.api.schema import example, operation, paged
from partners.reporting import OFFICE
from sales.api.shapes import (
    ActivitiesQuery,
    ActivityShape,
    OpportunitiesQuery,
    OpportunityShape,
    ProductShape,
    ProductsQuery,
    SourceShape,
    SourcesQuery,
)
from sales.models import Activity, Opportunity, Product, Source, StageEntry
from sales.queries import changes

READ = "sales:read"

PERSON, COMPANY = "019a9c4e-7d0a-7c55-9d2b-5f0f6f1f2a10", "019a9c4e-6a11-7d21-8c3c-0b9a5f3b7e01"
PRODUCT, SOURCE = "019a9c4e-c001-7a00-9b00-1c2d3e4f5a01", "019a9c4e-c002-7a00-9b00-1c2d3e4f5a02"
_PRODUCT = {"id": PRODUCT, "code": "CHECK", "name": "ホナミ点検", "is_archived": False}
_SOURCE = {"id": SOURCE, "kind": "crm", "name": "Salesforce"}
_ACTIVITY = {
    "person": PERSON,
    "organisation": COMPANY,
    "team": None,
    "source": SOURCE,
    "product": PRODUCT,
    "day": "2026-11-20",
    "measure": "calls",
    "count": 32,
}
_OPPORTUNITY = {
    "id": "019a9c4e-d000-7b00-8d00-2c3d4e5f6a01",
    "source": SOURCE,
    "external_id": "D-1042",
    "product": PRODUCT,
    "person": PERSON,
    "organisation": COMPANY,
    "team": None,
    "opened_at": "2026-11-02T01:00:00Z",
    "closed_at": "2026-11-20T05:30:00Z",
    "outcome": "won",
    "reason": "",
    "amount": 480000,
    "currency": "JPY",
    "stages": {"appointment": "2026-11-04T01:00:00Z", "qualified": None, "proposal": None},
    "updated_at": "2026-11-20T06:00:00Z",
}


def _as_product(row: Product) -> dict[str, Any]:
    return {"id": row.pk, "code": row.code, "name": row.name, "is_archived": row.is_archived}


@allow(*OFFICE)
class Products(Door):
    """Products."""

    scope = READ
    query = ProductsQuery

    @operation("listProducts", tag="Sales", answer=paged(ProductShape), examples=[
        example("A page of one", {"items": [_PRODUCT], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List products."""
        rows = self.narrowed(Product.objects.all(), "is_archived", code="code__iexact")
        return self.page(rows, _as_product)


@allow("admin", "sales_manager")
class Sources(Door):
    """Sources."""

    scope = READ
    query = SourcesQuery

    @operation("listSources", tag="Sales", answer=paged(SourceShape), examples=[
        example("A page of one", {"items": [_SOURCE], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List sources of figures: other systems, and what people enter by hand."""
        if not self.person.of_client:
            raise Http404
        return self.page(self.narrowed(Source.objects.all(), "kind"), _as_source)


def _as_source(row: Source) -> dict[str, Any]:
    return {"id": row.pk, "kind": row.kind, "name": row.label}


def _as_activity(row: Activity) -> dict[str, Any]:
    return {
        "person": row.person_id,
        "organisation": row.organisation_id,
        "team": row.team_id,
        "source": row.source_id,
        "product": row.product_id,
        "day": row.day,
        "measure": row.measure,
        "count": row.count,
    }


@allow(*OFFICE)
class Activities(Door):
    """Activities."""

    scope = READ
    query = ActivitiesQuery

    @operation("listActivities", tag="Sales", answer=paged(ActivityShape), examples=[
        example("A page of one", {"items": [_ACTIVITY], "next": None}),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List counts of days, of all sources.

        The client's office sees all, a partner's managers what was done for their own company. What counts in
        figures is told by one source for each measure: see `getFunnel`.
        """
        rows = self.narrowed(
            Activity.objects.visible_to(self.person),
            "person", "organisation", "product", "source", "measure",
            since="day__gte", until="day__lt",
        )  # fmt: skip
        return self.page(rows, _as_activity)


_DEALS = paged(OpportunityShape, followed_by="updated_since")


def _as_opportunity(row: Opportunity) -> dict[str, Any]:
    at = {entry.stage: entry.at for entry in row.entries.all()}
    return {
        "id": row.pk,
        "source": row.source_id,
        "external_id": row.external_id,
        "product": row.product_id,
        "person": row.person_id,
        "organisation": row.organisation_id,
        "team": row.team_id,
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
        "outcome": row.outcome,
        "reason": row.reason,
        "amount": row.amount,
        "currency": row.currency,
        "stages": {stage: at.get(stage) for stage in StageEntry.Stage.values},
        "updated_at": row.updated_at,
    }


@allow(*OFFICE)
class Opportunities(Door):
    """Opportunities."""

    scope = READ
    query = OpportunitiesQuery

    @operation("listOpportunities", tag="Sales", answer=_DEALS, examples=[
        example(
            "A page of one",
            {"items": [_OPPORTUNITY], "next": None, "next_since": "2026-11-20T06:05:00Z"},
        ),
    ])  # fmt: skip
    def get(self, _request: Request) -> HttpResponse:
        """List deals, of all sources.

        The client's office sees all, a partner's managers those that are their company's. To follow changes, ask
        again with `next_since` as `updated_since`: a deal may come twice, none is left out.
        """
        seen = StageEntry.objects.visible_to(self.person)
        rows = self.narrowed(
            Opportunity.objects.visible_to(self.person),
            "person", "organisation", "product", "source", "external_id", "outcome",
            updated_since="updated_at__gte",
        )  # fmt: skip
        rows = rows.prefetch_related(Prefetch("entries", seen))
        return self.page(rows, _as_opportunity, changes.horizon)
