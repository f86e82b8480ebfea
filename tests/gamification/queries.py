"""Counting a page's queries, without those that only move row security's scope."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(visit: Callable[[], Any]) -> int:
    """Return how many statements a visit costs that read or write rows."""
    with CaptureQueriesContext(connection) as captured:
        visit()
    return sum("app.scope" not in each["sql"] for each in captured.captured_queries)
