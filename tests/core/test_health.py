"""`/healthz` lives as long as the process; `/readyz` tells the truth."""

import datetime as dt
from typing import Any

import pytest
import redis
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from core import health, redisclient
from core.models import Canary
from tests.partners.factories import make_client, make_partner, make_person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_sang() -> None:
    """Forget what a worker of an earlier test sang after it."""
    Canary.objects.all().delete()


@pytest.fixture
def everybody_sings() -> None:
    """Have every queue's workers alive."""
    for queue in health.queues():
        health.sing(queue)


def test_healthz_answers_without_a_question(client: Client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_is_200_when_all_is_there(client: Client, everybody_sings):
    response = client.get("/readyz")
    assert response.status_code == 200, response.json()
    assert response.json()["ready"] is True
    assert set(response.json()["checks"]) == {
        "database",
        "migrations",
        "redis",
        "broker",
        "worker_score",
        "worker_media",
        "worker_bulk",
        "worker_stats",
        "storage",
    }


def test_a_queue_that_has_been_silent_for_45_seconds_is_not_ready(client: Client, everybody_sings):
    Canary.objects.filter(queue="media").update(sung_at=timezone.now() - dt.timedelta(seconds=46))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert [name for name, ok in response.json()["checks"].items() if not ok] == ["worker_media"]


def test_a_queue_that_never_sang_is_not_ready(client: Client):
    assert client.get("/readyz").json()["checks"]["worker_score"] is False


def test_a_missing_redis_is_told(client: Client, everybody_sings, monkeypatch):
    nowhere = redis.Redis.from_url("unix:///nowhere/redis.sock")
    monkeypatch.setattr(redisclient, "client", lambda: nowhere)
    assert client.get("/readyz").json()["checks"]["redis"] is False


def test_a_storage_that_can_not_be_written_is_told(client: Client, everybody_sings, settings: Any):
    settings.MEDIA_ROOT = "/proc/nowhere"
    assert client.get("/readyz").json()["checks"]["storage"] is False


def test_a_migration_that_is_missing_is_told(client: Client, everybody_sings, monkeypatch):
    known = health._known_migrations() | {("core", "9999_tomorrow")}
    monkeypatch.setattr(health, "_known_migrations", lambda: known)
    body = client.get("/readyz").json()
    assert body["checks"]["migrations"] is False
    assert body["details"]["migrations"] == "not applied: core.9999_tomorrow"


def test_what_migrations_are_known_is_what_is_applied():
    assert health._migrations() == ""


@pytest.fixture
def production(settings: Any) -> None:
    """Be a production as far as pages can tell."""
    settings.TESTING = False
    settings.EMBEDDED = False


def test_strangers_get_no_details(client: Client, production):
    assert "details" not in client.get("/readyz", REMOTE_ADDR="203.0.113.9").json()
    through_proxy = client.get(
        "/readyz", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "203.0.113.9"}
    )
    assert "details" not in through_proxy.json()


def test_the_machine_itself_gets_details(client: Client, production):
    assert "details" in client.get("/readyz", REMOTE_ADDR="127.0.0.1").json()


@pytest.mark.parametrize(
    ("of_client", "roles", "told"),
    [(True, ["admin"], True), (True, ["rep"], False), (False, ["admin"], False)],
)
def test_of_people_only_the_client_s_admins_get_details(
    client: Client, production, of_client: bool, roles: list[str], told: bool
):
    organisation = make_client() if of_client else make_partner()
    sign_in(client, make_person(organisation, roles=roles))
    assert ("details" in client.get("/readyz", REMOTE_ADDR="127.0.0.1").json()) is told


def test_the_queues_are_those_for_which_the_clock_rings():
    assert health.queues() == ["bulk", "media", "score", "stats"]


def test_models_and_migrations_agree():
    call_command("makemigrations", "core", check=True, dry_run=True, verbosity=0)
