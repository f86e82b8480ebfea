"""The outbox's waiting deliveries, for tests that are the worker themselves."""

from collections.abc import Iterator

import pytest

from core.models import Delivery


def rounds() -> Iterator[list[Delivery]]:
    """Yield what waits, the oldest first, and again what waits then, until nothing does.

    Fails with what is in the way when a whole round got nothing done.
    """
    before: list[int] = []
    while waiting := list(Delivery.objects.filter(state="pending").order_by("pk")):
        now = [each.pk for each in waiting]
        if now == before:
            told = [f"{each.handler}: {each.error or 'not due yet'}" for each in waiting]
            pytest.fail("The outbox doesn't get empty:\n" + "\n".join(told))
        before = now
        yield waiting
