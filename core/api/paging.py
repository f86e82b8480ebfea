"""Pages that stay put: each begins after the last row of the one before, whatever was added or changed meanwhile."""

import base64
import binascii
import uuid
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.api.refusals import Refusal
from core.api.shapes import Shape, Text, Whole

USUAL, MOST = 50, 200


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


def cut(rows: "QuerySet[Any]", asked: dict[str, Any]) -> tuple[list[Any], str | None]:
    """Return the rows of one page in the order in which they were made, and where the next one begins. One query."""
    limit = asked["limit"]
    if "cursor" in asked:
        rows = rows.filter(pk__gt=_read(asked["cursor"], rows.model._meta.pk))
    found = list(rows.order_by("pk")[: limit + 1])
    kept = found[:limit]
    if len(found) <= limit:
        return kept, None
    last = kept[-1]
    return kept, _write(last["pk"] if isinstance(last, dict) else last.pk)


def _write(pk: Any) -> str:
    raw = pk.bytes if isinstance(pk, uuid.UUID) else pk.to_bytes(8)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read(cursor: str, key: Any) -> Any:
    """Return the key that a cursor names. Raises Refusal for what is none of ours."""
    is_uuid = isinstance(key, models.UUIDField)
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        if len(raw) != (16 if is_uuid else 8):
            raise ValueError
    except (ValueError, binascii.Error):
        raise Refusal(400, "bad_cursor", _("This is not the `next` of a page."), "cursor") from None
    return uuid.UUID(bytes=raw) if is_uuid else min(int.from_bytes(raw), 2**63 - 1)
