"""Problem details (RFC 9457): how every answer for scripts says what is in the way, in the reader's language."""

import dataclasses
from collections.abc import Iterable

import structlog
from django.http import HttpRequest, JsonResponse

CONTENT_TYPE = "application/problem+json"


@dataclasses.dataclass(frozen=True)
class Trouble:
    """One thing to be mended: where it stands (`rows.3.day`), a code for programs, words for people."""

    field: str
    code: str
    message: str


def answer(
    request: HttpRequest,
    status: int,
    code: str,
    message: str,
    *,
    field: str = "",
    troubles: Iterable[Trouble] = (),
) -> JsonResponse:
    """Return the answer. `code` and `field` are for programs; `title`, `detail` and `message` say the same words."""
    body = {
        "type": f"urn:tomoni:problem:{code}",
        "title": message,
        "status": status,
        "detail": message,
        "code": code,
        "message": message,
        "field": field,
        "errors": [dataclasses.asdict(each) for each in troubles],
        "request_id": _request_id(request),
    }
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def _request_id(request: HttpRequest) -> str:
    found = structlog.contextvars.get_contextvars().get("request_id", "")
    return str(found or request.headers.get("X-Request-ID", "")[:64])
