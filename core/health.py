"""Whether everything that Tomoni needs is there, told truthfully: `/readyz` shows it."""

import datetime as dt
import functools
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

from core import redisclient
from core.models import Canary

log = structlog.get_logger(__name__)

CANARY_LIVES = dt.timedelta(seconds=45)
"""How long after its last song a queue's workers count as alive."""

ROOM = 600 * 1024 * 1024
"""Free bytes that storage needs: a video of the largest size, and some."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str = ""


def sing(queue: str) -> None:
    """Write the sign of life of this queue's workers, by the database's clock: servers' clocks differ."""
    Canary.objects.update_or_create(queue=queue, defaults={"sung_at": Now()})


def checks() -> list[Check]:
    """Look at database, migrations, Redis, broker, the workers of every queue, and storage."""
    found = [_tried("database", _database)]
    if found[0].ok:
        found.append(_tried("migrations", _migrations))
    found += [_tried("redis", _redis), _tried("broker", _broker)]
    if found[0].ok:
        found += workers()
    found.append(_tried("storage", _storage))
    return found


def workers() -> list[Check]:
    """Say for each queue whether a worker has sung lately. One query."""
    age = ExpressionWrapper(Now() - F("sung_at"), DurationField())
    ages = dict(Canary.objects.values_list("queue", age))
    return [_worker(queue, ages.get(queue)) for queue in queues()]


def singing() -> dict[str, bool]:
    """Say for each queue whether its workers are alive. One query."""
    return {check.name.removeprefix("worker_"): check.ok for check in workers()}


def queues() -> list[str]:
    """Return the queues that must have workers: those for which the clock rings a canary."""
    entries = current_app.conf.beat_schedule.values()
    return sorted(entry["args"][0] for entry in entries if entry["task"] == "core.sing")


def _worker(queue: str, age: dt.timedelta | None) -> Check:
    name = f"worker_{queue}"
    if age is None:
        return Check(name, ok=False, detail="has never answered")
    return Check(name, age <= CANARY_LIVES, f"answered {age.total_seconds():.0f} s ago")


def _tried(name: str, look: Callable[[], str]) -> Check:
    """Run one look; what it raises is its finding. An empty string from it means all is well."""
    try:
        problem = look()
    except (DatabaseError, InterfaceError, OSError, RuntimeError, ValueError) as error:
        problem = f"{type(error).__name__}: {error}"
    except Exception as error:
        log.exception("health_check_broken", check=name)
        problem = f"{type(error).__name__}: {error}"
    return Check(name, ok=not problem, detail=problem[:300])


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


@functools.cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def _migrations() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    missing = sorted(_known_migrations() - applied)
    return "not applied: " + ", ".join(".".join(each) for each in missing) if missing else ""


def _redis() -> str:
    redisclient.client().ping()
    return ""


def _broker() -> str:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
        broker.default_channel.client.ping()  # type: ignore[attr-defined] # kombu over Redis
    return ""


def _storage() -> str:
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=root, prefix=".health-")
    try:
        os.write(handle, b"ok")
    finally:
        os.close(handle)
        Path(name).unlink()
    free = shutil.disk_usage(root).free
    return "" if free >= ROOM else f"only {free // 2**20} MiB free"
