"""Celery: workers by queue, and the clock. A worker reaches the database as the role `worker`."""

import gc
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import task_prerun, worker_before_create_process, worker_ready
from django.conf import settings
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
if "celery" in Path(sys.argv[0]).parts[-2:]:  # `celery -A lms …` or `python -m celery -A lms …`
    os.environ.setdefault("TOMONI_ROLE", "worker")

_STATISTICS = ("stats",) if find_spec("scipy") else ()
"""Where its libraries are not installed (yet), nobody serves the queue, and nobody misses it."""

QUEUES = ("score", "media", "bulk", "stats")
LONGEST_TASK = 300

app = Celery("tomoni")
app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        # The message is only a bell, yet one that is lost costs the sweep's delay.
        "visibility_timeout": 3 * LONGEST_TASK,
        "socket_timeout": 5,
        "socket_connect_timeout": 1,
        # A learner must not wait for a broker that is away: kombu alone would try for 6 seconds.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
        "connect_retries_timeout": 1,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
    },
    task_default_queue="bulk",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=LONGEST_TASK,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_soft_shutdown_timeout=20.0,
    # Celery closes the database's connection twice a task, and with it goes all that was planned on it.
    CELERY_DB_REUSE_MAX=10_000,
    task_serializer="json",
    accept_content=["json"],
    timezone="UTC",
    beat_schedule={
        "sweep": {
            "task": "core.sweep",
            "schedule": 5.0,
            "options": {"queue": "score", "expires": 5},
        },
        "sweep-from-bulk": {
            "task": "core.sweep",
            "schedule": 15.0,
            "options": {"queue": "bulk", "expires": 15},
        },
        "mail": {"task": "core.send_mail", "schedule": 20.0, "options": {"expires": 20}},
        "media": {
            "task": "core.process_media",
            "schedule": 30.0,
            "options": {"queue": "media", "expires": 30},
        },
        "standings": {
            "task": "gamification.mend_standings",
            "schedule": 15.0,
            "options": {"queue": "score", "expires": 15},
        },
        "imports": {"task": "imports.work", "schedule": 10.0, "options": {"expires": 10}},
        "imports-tidy": {
            "task": "imports.tidy",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "publish": {
            "task": "authoring.publish_due",
            "schedule": 20.0,
            "options": {"expires": 20},
        },
        "scenario-runs": {
            "task": "scenarios.settle_runs",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "posts": {
            "task": "posts.settle_videos",
            "schedule": 10.0,
            "options": {"expires": 10},
        },
        "summaries": {
            "task": "analytics.mend_summaries",
            "schedule": 10.0,
            "options": {"queue": "bulk", "expires": 10},
        },
        "scenario-figures": {
            "task": "scenario_figures.mend",
            "schedule": 30.0,
            "options": {"queue": "bulk", "expires": 30},
        },
        "associations": {
            "task": "associations.compute",
            "schedule": 15.0,
            "options": {"queue": "stats", "expires": 15},
        },
        "months": {
            "task": "associations.night",
            "schedule": 60.0,
            "options": {"queue": "stats", "expires": 60},
        },
        "reminders": {"task": "assignments.remind", "schedule": 300.0, "options": {"expires": 300}},
        "shelf": {
            "task": "assignments.follow_shelf",
            "schedule": 1800.0,
            "options": {"expires": 1800},
        },
        "webhooks": {"task": "webhooks.send", "schedule": 10.0, "options": {"expires": 10}},
        "webhooks-tidy": {
            "task": "webhooks.forget",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        "tidy": {"task": "core.tidy", "schedule": 3600.0, "options": {"expires": 3600}},
        **{
            f"canary-{queue}": {
                "task": "core.sing",
                "args": [queue],
                "schedule": 10.0,
                "options": {
                    "queue": queue,
                    "expires": 30,
                },  # a machine that is at its limit takes its time
            }
            for queue in ("score", "media", "bulk", *_STATISTICS)
        },
    },
)
app.autodiscover_tasks()


@task_prerun.connect
def _look_at_connections(sender: Any, **_: Any) -> None:
    """Keep a connection from task to task as a web server does, while somebody answers and it isn't too old."""
    if not sender.request.is_eager:
        close_old_connections()


@worker_ready.connect
def _sing_at_once(sender: Any, **_: Any) -> None:
    """Let a new worker show by its first task that it takes tasks, not only at the clock's ring."""
    for queue in sender.app.amqp.queues.consume_from:
        app.send_task("core.sing", args=[queue], queue=queue, expires=60)


@worker_before_create_process.connect
def _share_memory(**_kwargs: Any) -> None:
    """Put what is loaded aside from collecting: a worker's processes go on sharing it, half of their memory."""
    gc.collect()
    gc.freeze()
