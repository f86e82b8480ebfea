"""What all other tests stand on: the roles, the emptying, the worker, the site, the browser."""

import os
import signal

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection
from playwright.sync_api import Page

from core.models import Canary
from tests.plugin.patience import wait_until
from tests.plugin.processes import Site, Worker
from tools.launch.pytest_services import bed
from tools.launch.testbed import version_of


def _one(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_test_is_bound_by_row_security_like_the_web_server() -> None:
    assert _one("SELECT current_user") == "tomoni_app"
    assert _one("SELECT current_setting('app.scope')") == "client"
    assert not _one("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_turn", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(_turn: int) -> None:
    assert not Canary.objects.exists()
    assert cache.get("left") is None
    assert _one("SELECT count(*) > 10 FROM django_content_type")
    Canary.objects.create(queue="score", sung_at="2026-01-01T00:00Z")
    cache.set("left", "over")


def test_the_tests_redis_is_the_real_one() -> None:
    assert version_of(bed.redis)[0].isdigit()


def test_test_processes_share_neither_database_nor_queue() -> None:
    first, second = bed.environment("gw0"), bed.environment("gw1")
    for name in ("DATABASE_URL", "REDIS_URL", "BROKER_URL", "MEDIA_ROOT"):
        assert first[name] != second[name]
    assert first["BROKER_URL"].rpartition("=")[2] != first["REDIS_URL"].rpartition("=")[2]


@pytest.mark.parametrize("queue", ["score", "media", "bulk"])
def test_a_real_worker_runs_tasks_on_the_test_database(worker: Worker, queue: str) -> None:
    _sing(queue)
    wait_until(lambda: Canary.objects.filter(queue=queue).exists(), "the worker sang")


def test_a_worker_is_idle_only_when_all_its_tasks_are_done(worker: Worker) -> None:
    names = {f"voice {number}" for number in range(20)}
    for name in names:
        current_app.send_task("core.sing", args=[name], queue="bulk")
    worker.wait_until_idle()
    assert names <= set(Canary.objects.values_list("queue", flat=True))


def test_a_killed_worker_is_there_again_for_the_next_test(worker: Worker) -> None:
    before = worker.pid
    os.kill(before, signal.SIGKILL)

    def came_back() -> bool:
        worker.processes.supervisor.tend()
        return worker.pid != before

    wait_until(came_back, "the worker came back")
    _sing("score")
    wait_until(lambda: Canary.objects.filter(queue="score").exists(), "the worker sang")


@pytest.mark.browser
@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_chromium_opens_the_real_site(page: Page, site: Site) -> None:
    answer = page.goto("/healthz")
    assert answer
    assert answer.status == 200
    assert page.url == f"{site.url}/healthz"


def _sing(queue: str) -> None:
    current_app.send_task("core.sing", args=[queue], queue=queue)
