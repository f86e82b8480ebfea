"""Counting what was learnt, by several at once."""

import threading

import pytest
from django.db import connection, transaction

from analytics import actions
from tests.concurrency.racing import race
from tests.core.broker import quiet_broker
from tests.partners.factories import make_client
from tests.plugin.patience import PATIENCE, wait_until

__all__ = ["quiet_broker"]  # a fixture: no worker takes part

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quiet_broker")]

_EVERYBODY = 0x746F6D36
_WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def _ask(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def test_a_rebuild_waits_longer_than_a_page_would() -> None:
    make_client()
    counts = threading.Event()

    def count() -> None:
        with transaction.atomic():
            _ask(f"SELECT 1 FROM pg_advisory_xact_lock_shared({_EVERYBODY})")
            counts.set()
            wait_until(lambda: _ask(_WAITS), "somebody waits")
            for _ in range(50):  # whoever gives up after a millisecond has done so by now
                _ask("SELECT 1 FROM pg_sleep(0.002)")
            assert _ask(_WAITS) == 1

    def rebuild() -> None:
        assert counts.wait(PATIENCE)
        _ask("SELECT length(set_config('lock_timeout', '1ms', false))")
        actions.rebuild()

    counted, rebuilt = race([count, rebuild])
    assert counted is None
    assert rebuilt is None
