"""Reads of endpoints, of what was sent to them, and of how they are."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.core.paginator import Page, Paginator
from django.db.models import Aggregate, Count, FloatField, Q, QuerySet
from django.utils import timezone

from partners.models import Person
from partners.webhooks import kinds
from partners.webhooks.models import Endpoint, Sending, Try

PAGE_SIZE = 30
HEALTH_DAYS = 7
_S = Sending.State


class Median(Aggregate):
    """The middle of a column's values; None without any."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclasses.dataclass(frozen=True)
class Health:
    """How an endpoint was in the last days: messages taken and failed, and the median time of those taken."""

    delivered: int = 0
    failed: int = 0
    waiting: int = 0
    median_ms: int | None = None

    @property
    def settled(self) -> int:
        """How many messages came to an end."""
        return self.delivered + self.failed


@dataclasses.dataclass(frozen=True)
class Line:
    """An endpoint with its health."""

    endpoint: Endpoint
    health: Health


@dataclasses.dataclass(frozen=True)
class Wanted:
    """Which of an endpoint's messages are listed."""

    state: str = ""
    kind: str = ""


@dataclasses.dataclass(frozen=True)
class Tested:
    """A test of an endpoint with its last try, None before the first."""

    sending: Sending
    last: Try | None


def endpoints_page(viewer: Person, number: str | None, *, archived: bool = False) -> "Page[Line]":
    """Return one page of endpoints with their health, the archived ones or the others. Three queries."""
    rows = Endpoint.objects.visible_to(viewer)
    is_archived = Q(state=Endpoint.State.ARCHIVED)
    rows = rows.filter(is_archived if archived else ~is_archived).order_by("name", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    found = health([each.pk for each in page.object_list])
    lines = [Line(each, found.get(each.pk, Health())) for each in page.object_list]
    page.object_list = lines  # type: ignore[assignment]
    return page  # type: ignore[return-value]


def has_archived(viewer: Person) -> bool:
    """Say whether any endpoint was archived. One query."""
    return Endpoint.objects.visible_to(viewer).filter(state=Endpoint.State.ARCHIVED).exists()


def endpoint(viewer: Person, endpoint_id: uuid.UUID) -> Endpoint:
    """Return one endpoint. Raises Endpoint.DoesNotExist. One query."""
    return Endpoint.objects.visible_to(viewer).get(pk=endpoint_id)


def health(endpoint_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Health]:
    """Return how these endpoints were in the last days, and what waits for them now, tests left out. One query."""
    since = timezone.now() - dt.timedelta(days=HEALTH_DAYS)
    recent = Q(state=_S.WAITING) | Q(settled_at__gte=since)
    found = (
        Sending.objects.filter(recent, endpoint__in=endpoint_ids)
        .exclude(message__kind=kinds.TEST)
        .values("endpoint")
        .annotate(
            delivered=Count("pk", filter=Q(state=_S.DELIVERED)),
            failed=Count("pk", filter=Q(state=_S.FAILED)),
            waiting=Count("pk", filter=Q(state=_S.WAITING)),
            median=Median("took_ms", filter=Q(state=_S.DELIVERED)),
        )
    )
    return {
        row["endpoint"]: Health(
            row["delivered"],
            row["failed"],
            row["waiting"],
            None if row["median"] is None else round(row["median"]),
        )
        for row in found
    }


def log_page(of: Endpoint, wanted: Wanted, number: str | None) -> "Page[Sending]":
    """Return one page of what was sent to an endpoint, the newest first. Two queries."""
    rows: QuerySet[Sending] = Sending.objects.filter(endpoint=of).select_related("message")
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.kind:
        rows = rows.filter(message__kind=wanted.kind)
    return Paginator(rows.order_by("-id"), PAGE_SIZE).get_page(number)


def has_failed(of: Endpoint) -> bool:
    """Say whether any news in an endpoint's log has failed. One query."""
    failed = Sending.objects.filter(endpoint=of, state=_S.FAILED)
    return failed.exclude(message__kind=kinds.TEST).exists()


def tests_of(endpoint: Endpoint) -> "QuerySet[Sending]":
    """Return the tests of an endpoint, the newest first. Lazy.

    In the order of their messages: an index holds the tests among these, and no other news is walked through.
    """
    rows: QuerySet[Sending] = Sending.objects.filter(endpoint=endpoint, message__kind=kinds.TEST)
    return rows.order_by("-message_id")


def last_test(of: Endpoint) -> Tested | None:
    """Return the newest test of an endpoint; None where none was sent, or none is kept any more. Two queries."""
    found = tests_of(of).first()
    return Tested(found, next(iter(tries(found)), None)) if found else None


def sending(viewer: Person, sending_id: uuid.UUID) -> Sending:
    """Return one message's way to one endpoint, with both. Raises Sending.DoesNotExist. One query."""
    rows = Sending.objects.visible_to(viewer).select_related("message", "endpoint")
    return rows.get(pk=sending_id)


def tries(of: Sending) -> Sequence[Try]:
    """Return the newest tries of a message, the last first. One query."""
    return list(Try.objects.filter(sending=of).order_by("-id")[:PAGE_SIZE])
