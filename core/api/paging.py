"""Pages that stay put: each begins after the last row of the one before, whatever was added or changed meanwhile."""

import base64
import binascii
import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.api.refusals import Refusal
from core.api.shapes import Shape, Text, Whole

USUAL, MOST = 50, 200

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TICK = dt.timedelta(microseconds=1)


class Paged(Shape):
    """Parameters of every list."""

    cursor = Text(
        required=False,
        max_length=80,
        help_text="Where the page begins: `next` of the page before. Without it, the first page.",
    )
    limit = Whole(
        required=False,
        default=USUAL,
        min_value=1,
        max_value=MOST,
        help_text="How many items a page holds at most.",
    )


@dataclasses.dataclass(frozen=True)
class Page:
    """The rows of one page, where the next one begins, and from when on changes are asked for after the walk."""

    rows: list[Any]
    following: str | None
    since: dt.datetime | None


def cut(
    rows: "QuerySet[Any]",
    asked: dict[str, Any],
    horizon: Callable[[], dt.datetime] | None = None,
) -> Page:
    """Return a page of rows in the order in which they were made. One query.

    `horizon` is asked before the first page is read; the cursor carries what it said through the whole walk.
    """
    limit, since = asked["limit"], None
    if "cursor" in asked:
        after, since = _read(asked["cursor"], rows.model._meta.pk, carries=horizon is not None)
        rows = rows.filter(pk__gt=after)
    elif horizon is not None:
        since = horizon()
    found = list(rows.order_by("pk")[: limit + 1])
    kept = found[:limit]
    if len(found) <= limit:
        return Page(kept, None, since)
    last = kept[-1]
    return Page(kept, _write(last["pk"] if isinstance(last, dict) else last.pk, since), since)


def _write(pk: Any, since: dt.datetime | None) -> str:
    raw = pk.bytes if isinstance(pk, uuid.UUID) else pk.to_bytes(8)
    if since is not None:
        raw += ((since - _EPOCH) // _TICK).to_bytes(8)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read(cursor: str, key: Any, *, carries: bool) -> tuple[Any, dt.datetime | None]:
    """Return the key that a cursor names, and the moment that it carries. Raises Refusal for what is none of ours."""
    is_uuid = isinstance(key, models.UUIDField)
    length = 16 if is_uuid else 8
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        if len(raw) != length + (8 if carries else 0):
            raise ValueError
        since = _EPOCH + int.from_bytes(raw[length:]) * _TICK if carries else None
    except (ValueError, OverflowError, binascii.Error):
        raise Refusal(400, "bad_cursor", _("This is not the `next` of a page."), "cursor") from None
    pk = raw[:length]
    return uuid.UUID(bytes=pk) if is_uuid else min(int.from_bytes(pk), 2**63 - 1), since
