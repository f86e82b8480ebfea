"""One line a request. Most of all lines are about requests that went well: these are put together with little ado."""

import json
import logging
import uuid
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

_log = logging.getLogger("django_structlog.middlewares.request")
_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode

Processor = Callable[[Any, str, MutableMapping[str, Any]], MutableMapping[str, Any]]


class RequestLogMiddleware(RequestMiddleware):
    """django-structlog's own, which tells as ever of what went wrong; of what begins nothing is told."""

    def prepare(self, request: HttpRequest) -> None:
        """Give the request its id, for all lines about it."""
        structlog.contextvars.bind_contextvars(request_id=str(uuid.uuid4()))

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        """Tell how it ended."""
        odd = response.status_code >= 400 or response.streaming
        if odd or hasattr(request, "_raised_exception"):
            super().handle_response(request, response)
            return
        if _log.isEnabledFor(logging.INFO):
            _log.handle(_record(self.format_request(request), response.status_code))
        structlog.contextvars.clear_contextvars()


def _record(request: str, code: int) -> logging.LogRecord:
    event: MutableMapping[str, Any] = {
        "event": "request_finished",
        "request": request,
        "code": code,
    }
    processors: Sequence[Processor] = settings.LOG_PROCESSORS
    for process in processors:
        event = process(_log, "info", event)
    record = logging.LogRecord(_log.name, logging.INFO, "", 0, "request_finished", (), None)
    record.ready = _encode(event)
    return record
